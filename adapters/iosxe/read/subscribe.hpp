// The requests of the reading half beside <get>: subscriptions of the 2016 yang-push draft that
// IOS XE has, of its native notifications, and of RFC 5277; and what the router says about them.
// Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/iosxe/read/feeds.hpp"
#include "adapters/iosxe/xml/xml.hpp"
#include "engine/core/units.hpp"

namespace wanwise::iosxe {

/// establish-subscription of one feed; the period goes out in hundredths of a second. Without a
/// period: on change (dampening 0, the only one IOS XE takes).
[[nodiscard]] std::string establish_subscription(const Feed& feed,
                                                 std::optional<core::Micros> period);
/// There is no modify on IOS XE: delete, then establish.
[[nodiscard]] std::string delete_subscription(std::uint32_t id);
/// The native stream, for Cisco-IOS-XE-ip-sla-events:ipsla-reaction-update.
[[nodiscard]] std::string establish_reactions();
/// create-subscription (RFC 5277 2.1.1) on the stream NETCONF, for netconf-config-change (RFC
/// 6470).
[[nodiscard]] std::string subscribe_config_changes();

/// <get> of what may be subscribed on change, and of the publisher's limits.
[[nodiscard]] std::string get_on_change();
[[nodiscard]] std::string get_limits();

/// mdt-capabilities-oper: which paths the publisher can push on change.
class OnChangePaths {
 public:
  OnChangePaths() = default;
  explicit OnChangePaths(const XmlNode& data);
  /// By the entry of the lowest index that covers the path.
  [[nodiscard]] bool covers(const Feed& feed) const;

 private:
  /// Entries beyond these are not looked at: a C9300 has some 300.
  static constexpr std::size_t kMaxEntries = 4096;
  struct Entry {
    std::uint32_t index = 0;
    std::string path;  ///< plain names: "/interfaces/interface"
    bool supported = false;
  };
  std::vector<Entry> m_entries;  ///< by index
};

/// Feeds that tell of events rather than of measurements: worth a push on change.
[[nodiscard]] bool may_push_on_change(FeedKind kind);
/// What is subscribed: all that moves at the period, and the state of each interface where the
/// router tells of its change.
[[nodiscard]] std::vector<Feed> feeds_to_push(const RouterConfig& config,
                                              const FeatureSet& features,
                                              const OnChangePaths& on_change);

struct SubscriptionLimits {
  std::optional<std::uint32_t> max, used;
};
[[nodiscard]] SubscriptionLimits read_limits(const XmlNode& data);

}  // namespace wanwise::iosxe
