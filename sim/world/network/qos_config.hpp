// Queueing and marking that a simulated router applies to packets: what an emulated router's
// configuration comes down to. Independent of who configured it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/qos.hpp"

namespace wanwise::sim {

/// Packets that match get this code point; first match wins; others keep theirs (default, 0).
struct MarkRule {
  core::FlowMatch flow;
  core::Dscp dscp;
};

struct QueueConfig {
  std::string name;               ///< class-map name, echoed in the counters
  std::vector<core::Dscp> dscps;  ///< packets with one of these enter this queue
  core::QueueKind kind = core::QueueKind::remaining;
  std::uint32_t percent = 0;
  std::uint32_t queue_limit = 0;  ///< packets; 0: the router's default
  std::int64_t burst = 0;         ///< bytes, of a priority's policer; 0: the router's default
};

/// Output policy of one interface: parent shaper, child queues, class-default with the rest.
struct OutputPolicy {
  std::string parent;  ///< policy-map names, echoed in the counters
  std::string child;
  std::optional<core::Bps> shaper;
  std::vector<QueueConfig> queues;
  std::uint32_t default_percent = 0;  ///< 0: no explicit share
};

struct InterfaceQos {
  std::string interface;
  std::optional<OutputPolicy> output;
};

/// Policy-based routing of one flow on one router: core::SteeringRule.
struct SteerRule {
  core::RouterName router;
  core::FlowMatch flow;
  core::LinkName via;
  std::optional<core::TrunkName> trunk;
  std::optional<core::LinkName> backup;
  std::optional<core::TrunkName> backup_trunk;
};

/// More packets in one operation than anybody needs; IOS allows 60000.
inline constexpr std::uint32_t kMaxOperationPackets = 1'000;

/// An IP SLA operation that was configured and scheduled.
struct OperationConfig {
  std::uint32_t entry = 0;
  std::string interface;  ///< of the link it measures
  core::Dscp dscp{};
  std::uint32_t packets = 1;  ///< icmp-echo: one
  core::Micros interval{};    ///< between packets
  core::Micros period = core::seconds(60);
  core::Micros timeout = core::seconds(5);  ///< of each packet
  bool operator==(const OperationConfig&) const = default;
};

struct QosConfig {
  std::vector<MarkRule> marks;  ///< at the LAN side
  std::vector<InterfaceQos> interfaces;
  std::vector<SteerRule> steering{};          ///< first match of a router wins
  std::vector<OperationConfig> operations{};  ///< those that stay as they are go on undisturbed
};

}  // namespace wanwise::sim
