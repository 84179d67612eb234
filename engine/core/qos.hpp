// What wanwise wants on a router, or found there: marking at the LAN side, a queueing policy and a
// shaper on each WAN interface. Vendor-neutral MQC vocabulary; an adapter renders it (IOS XE:
// adapters/iosxe) and reads it back into the same shape, so that desired and observed compare with
// ==.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/names.hpp"
#include "engine/core/units.hpp"

namespace wanwise::core {

/// DSCP code point, 0..63 (RFC 2474). Its RFC 4594 name is dscp_name().
struct Dscp {
  std::uint8_t value = 0;
  auto operator<=>(const Dscp&) const = default;
};

/// "ef", "af41", "cs1", "default", or the number where RFC 4594 names none.
std::string dscp_name(Dscp dscp);
/// The inverse of dscp_name; also takes 0..63. Nothing when the text is neither.
std::optional<Dscp> parse_dscp(const std::string& text);

/// IPv4 network, host byte order; host bits are zero. A host is /32.
struct Ipv4Prefix {
  std::uint32_t address = 0;
  std::uint8_t length = 32;
  auto operator<=>(const Ipv4Prefix&) const = default;
};

std::string to_string(Ipv4Prefix prefix);  ///< "192.168.50.0/24", hosts without "/32"
std::optional<Ipv4Prefix> parse_ipv4_prefix(const std::string&);  ///< refuses set host bits

enum class Transport : std::uint8_t { tcp, udp };

/// One access-list entry: from the sources to the service's address and port.
struct FlowMatch {
  Transport transport = Transport::tcp;
  Ipv4Prefix source;
  Ipv4Prefix destination;
  std::uint16_t port = 0;  ///< destination port, 1..65535
  auto operator<=>(const FlowMatch&) const = default;
};

/// Traffic that belongs to a class, and the code point it leaves the LAN with. Flows are sorted and
/// unique.
struct MarkingRule {
  ClassName service_class;
  Dscp dscp;
  std::vector<FlowMatch> flows;
  bool operator==(const MarkingRule&) const = default;
};

enum class QueueKind : std::uint8_t {
  priority,   ///< LLQ: served first, policed to `percent` of the shaped rate while there is
              ///< congestion
  remaining,  ///< CBWFQ: `percent` of what the priority class leaves ("bandwidth remaining
              ///< percent")
};

struct QueueShare {
  ClassName service_class;
  Dscp dscp;
  QueueKind kind = QueueKind::remaining;
  std::uint32_t percent = 0;      ///< 1..100
  std::uint32_t queue_limit = 0;  ///< packets that may wait; 0: the router's default (64)
  Bytes burst{};  ///< of a priority class' policer; 0: the router's default (200 ms at its rate)
  bool operator==(const QueueShare&) const = default;
};

/// Output policy of one WAN interface: a parent shaper with the queues as its child. The remaining
/// shares and `default_percent` (class-default) sum to 100.
struct WanQos {
  LinkName link;
  std::string interface;  ///< "Cellular0/1/0"
  Bps shaper;
  std::vector<QueueShare> queues;  ///< priority classes first, then by name
  std::uint32_t default_percent = 100;
  /// Seconds over which the router averages the interface's rates; 0: as it is.
  std::uint32_t load_interval = 0;
  bool operator==(const WanQos&) const = default;
};

/// Flows that leave by one WAN link, whatever the routing table says (policy-based routing with a
/// tracked next hop); when that link is down they take the backup, else the routing table again.
/// Where a link is another router's, the next hop towards it is the neighbour at the trunk's end.
struct SteeringRule {
  LinkName via;
  std::optional<TrunkName> trunk{};  ///< towards `via`; absent: it is this router's own
  std::optional<LinkName> backup;
  std::optional<TrunkName> backup_trunk{};
  std::vector<FlowMatch> flows;  ///< sorted and unique
  bool operator==(const SteeringRule&) const = default;
};

enum class ProbeKind : std::uint8_t {
  icmp_echo,   ///< round trip; any host answers
  udp_jitter,  ///< round trip, jitter and loss in a class' marking; needs a responder
};

/// A measurement that wanwise sets up on the router itself (IOS: an IP SLA operation with its
/// schedule, a reaction to three timeouts in a row and, where flows are steered, a tracked object).
struct ProbeRule {
  LinkName link;
  std::optional<ClassName> service_class;  ///< absent: the link's own probe
  std::uint32_t entry = 0;                 ///< number of the operation, and of its track
  ProbeKind kind = ProbeKind::icmp_echo;
  std::uint32_t target = 0;      ///< IPv4, host byte order
  std::uint16_t port = 0;        ///< of the responder; udp_jitter only
  std::string source_interface;  ///< "Cellular0/1/0"
  Dscp dscp{};
  Micros period;   ///< whole seconds, 1 s … 604800 s
  Micros timeout;  ///< whole milliseconds, below the period
  bool tracked = false;
  bool operator==(const ProbeRule&) const = default;
};

/// Everything wanwise owns on one router.
struct RouterQos {
  RouterName router;
  std::string lan_interface;             ///< "Vlan1"
  std::vector<MarkingRule> marking;      ///< by class name
  std::vector<WanQos> wans;              ///< by link name
  std::vector<SteeringRule> steering{};  ///< by links and trunks; empty: routing decides
  std::vector<ProbeRule> probes{};       ///< by entry; empty: others measure the links
  bool operator==(const RouterQos&) const = default;
};

}  // namespace wanwise::core
