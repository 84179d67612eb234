// What wanwise sets up on a router beside its queues, as plain values: the operations that measure
// its links (IP SLA), and how flows are sent over the link that was chosen for them (tracked
// objects, a route map, its place on the LAN interface). Parts of Mqc. None of this has a name on
// IOS, so what is wanwise's is told by number and tag: an operation is ours when its number is in
// the reserved ranges of engine/core/decide/probe_plan.hpp and its tag begins with "wanwise-"; a
// tracked object when its number is in the range and it follows an operation of ours or one that
// the site names for a link. Value types; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/names.hpp"

namespace wanwise::iosxe {

inline constexpr std::string_view kTagPrefix = "wanwise-";
inline constexpr std::string_view kRouteMap = "WANWISE-RM";
/// Access lists of the route map. Not under "WANWISE-ACL-", where a class may have any name.
inline constexpr std::string_view kPathAclPrefix = "WANWISE-PBR-";

enum class SlaKind : std::uint8_t { icmp_echo, udp_jitter, other };

/// An IP SLA operation with its schedule and its reaction. The defaults are IOS XE's, which it does
/// not show: Cisco-IOS-XE-sla, frequency, timeout, threshold.
struct SlaEntry {
  SlaKind kind = SlaKind::icmp_echo;
  std::string tag;
  std::uint32_t target = 0;      ///< IPv4, host byte order
  std::uint16_t port = 0;        ///< udp_jitter
  std::string source_interface;  ///< icmp_echo; the model has none for udp-jitter
  std::uint32_t frequency = 60;  ///< seconds
  std::uint32_t timeout = 5000;  ///< milliseconds
  std::uint32_t threshold = 5000;
  std::uint32_t tos = 0;       ///< the whole byte
  bool runs = false;           ///< scheduled: at once, for ever
  std::uint32_t reaction = 0;  ///< timeouts in a row that are told; 0: none
  /// It, its schedule or its reaction also holds what wanwise does not write.
  bool other = false;
  bool operator==(const SlaEntry&) const = default;
};

struct Probes {
  std::map<std::uint32_t, SlaEntry> entries;  ///< by number
  /// `ip sla enable reaction-alerts`, as far as an operation of ours needs it. One switch for all
  /// operations of the router: it goes with the last reaction, without which it does nothing.
  bool alerts = false;
  bool others_react = false;  ///< an operation of others has a reaction
};
/// What is ours is the same.
[[nodiscard]] bool operator==(const Probes& a, const Probes& b);

/// In which of two places of one meaning (release/dialect.hpp) the router shows something; in both
/// where its models make both of one command, in none where it was not read there. What stands is
/// changed where it stands, and only what is new goes where the release wants it: taking it out of
/// one place while putting it into the other is one command and its negation in one edit.
struct Places {
  bool older = false;
  bool newer = false;
  [[nodiscard]] static Places one(bool newer) { return {!newer, newer}; }
  [[nodiscard]] Places or_else(Places other) const { return older || newer ? *this : other; }
};

/// A tracked object: up while the operation is answered.
struct Track {
  std::uint32_t operation = 0;
  std::uint32_t down = 0;  ///< seconds that a change must last
  std::uint32_t up = 0;
  bool other = false;
  Places places{};
};
/// The same object, wherever the router shows it.
[[nodiscard]] bool operator==(const Track& a, const Track& b);

struct NextHop {
  std::uint16_t order = 0;  ///< the lowest that is up is taken
  std::uint32_t address = 0;
  std::uint32_t track = 0;
  auto operator<=>(const NextHop&) const = default;
};

/// One entry of the route map: the flows of one access list take these next hops.
struct RouteEntry {
  std::string acl;
  std::vector<NextHop> next_hops;  ///< by order
  bool other = false;
  Places places{};  ///< of the access list
};
[[nodiscard]] bool operator==(const RouteEntry& a, const RouteEntry& b);

struct Steering {
  std::map<std::uint32_t, Track> tracks;
  std::map<std::uint32_t, RouteEntry> route_map;  ///< of WANWISE-RM, by sequence
  std::set<std::string> interfaces;               ///< that route by it
  bool operator==(const Steering&) const = default;
};

/// "wanwise-lte", of a class "wanwise-lte:realtime". A token never holds a colon.
[[nodiscard]] std::string probe_tag(const core::LinkName& link,
                                    const std::optional<core::ClassName>& service_class);

struct TagTokens {
  std::string link;
  std::string service_class;  ///< empty: the link's own
};
/// The tokens (names.hpp) in a tag of ours; nothing for any other.
[[nodiscard]] std::optional<TagTokens> tokens_of_tag(std::string_view tag);

}  // namespace wanwise::iosxe
