// Which kind of NETCONF message a text is, by its root tag alone: the session needs no more to hand
// it on, and whoever gets it parses it once. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace wanwise::iosxe {

struct Envelope {
  enum class Kind : std::uint8_t { reply, notification, other };
  Kind kind = Kind::other;
  std::optional<std::uint64_t> message_id;  ///< of a reply that has one
};

[[nodiscard]] Envelope look_at(std::string_view message);

}  // namespace wanwise::iosxe
