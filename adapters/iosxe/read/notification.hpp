// <notification> (RFC 5277 4): which kind, when, about which subscription. Pure; a notification
// owns its document; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/iosxe/read/event_time.hpp"
#include "adapters/iosxe/xml/xml.hpp"
#include "engine/core/expected.hpp"

namespace wanwise::iosxe {

struct Notification {
  enum class Kind : std::uint8_t {
    push_update,    ///< the contents of a path (draft yang-push)
    push_change,    ///< what changed of a path
    ended,          ///< the router ended or suspended a subscription
    reaction,       ///< ipsla-reaction-update
    config_change,  ///< somebody changed the configuration (RFC 6470)
    other
  };
  XmlDocument document;
  Kind kind = Kind::other;
  std::optional<RouterTime> time;             ///< eventTime, where it is one
  std::optional<std::uint32_t> subscription;  ///< of push_update, push_change and ended

  /// The parent of the models' roots: of a push_update.
  [[nodiscard]] XmlNode data() const;
  /// The reaction itself, wherever the stream wrapped it.
  [[nodiscard]] XmlNode reaction() const;
  /// The NETCONF session that changed the configuration; absent: the server itself, as after a
  /// command at the CLI.
  [[nodiscard]] std::optional<std::uint32_t> changed_by() const;
};

/// protocol-error when it is no notification, or a push without its subscription-id.
[[nodiscard]] core::Expected<Notification> parse_notification(std::string_view xml);

}  // namespace wanwise::iosxe
