// Everything the engine can be told. An event carries `at`, the moment it reached wanwise; a sample
// inside it carries `observed_at`, the moment its data were true. The event table with who posts
// and who reads what stands in engine/ARCHITECTURE.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/core/model.hpp"
#include "engine/core/names.hpp"
#include "engine/core/place.hpp"
#include "engine/core/qos.hpp"
#include "engine/core/toll.hpp"
#include "engine/core/units.hpp"

namespace wanwise::core {

/// Counters of one WAN interface. 64-bit and cumulative; a value below the last one is a reset,
/// never a rate. YANG: Cisco-IOS-XE-interfaces-oper:interfaces/interface/{oper-status, statistics}.
struct LinkCounters {
  LinkName link;
  Instant observed_at;
  bool up = false;
  std::uint64_t tx_bytes = 0;
  std::uint64_t rx_bytes = 0;
  std::uint64_t tx_drops = 0;  ///< packets
  bool operator==(const LinkCounters&) const = default;
};

/// Queue of one class on one WAN link. YANG:
/// .../diffserv-info/diffserv-target-classifier-stats/queuing-stats.
struct ClassCounters {
  LinkName link;
  ClassName service_class;
  Instant observed_at;
  std::uint64_t tx_bytes = 0;
  std::uint64_t drop_bytes = 0;
  std::uint64_t queue_bytes = 0;  ///< standing now, not cumulative
  bool operator==(const ClassCounters&) const = default;
};

enum class RadioAccess : std::uint8_t { none, gsm, umts, lte, nr_nsa, nr_sa };

/// The modem's view of the air. An absent value was absent, or outside its range, in the data.
/// YANG: Cisco-IOS-XE-cellwan-oper:cellwan-oper-data/{cellwan-radio, cellwan-network,
/// cellwan-connection}.
struct RadioSample {
  LinkName link;
  Instant observed_at;
  RadioAccess access = RadioAccess::none;
  bool in_service = false;      ///< registered, normal service, packet session active
  std::optional<MilliDb> rsrp;  ///< dBm; of the NR carrier where there is one
  std::optional<MilliDb> rsrq;  ///< dB
  std::optional<MilliDb> sinr;  ///< dB
  std::optional<std::int32_t> band;
  bool operator==(const RadioSample&) const = default;
};

/// One finished probe of a link. YANG: Cisco-IOS-XE-ip-sla-oper:ip-sla-stats/sla-oper-entry.
struct ProbeSample {
  LinkName link;
  Instant observed_at;
  std::optional<Micros> rtt;  ///< absent: the probe was lost or refused
  /// Whose marking the probe carried; absent: the link's own probe, which the estimate follows.
  std::optional<ClassName> service_class{};
  std::optional<Micros> jitter{};  ///< mean of both directions, of a udp-jitter operation
  std::optional<Ppm> loss{};       ///< of its packets, both directions together
  bool operator==(const ProbeSample&) const = default;
};

/// A device's own watch over a link's path said that it broke, or that it is back: faster than
/// waiting for the next probe. YANG: Cisco-IOS-XE-bfd-oper:bfd-state/sessions,
/// Cisco-IOS-XE-ip-sla-events:ipsla-reaction-update.
struct PathAlarm {
  enum class Source : std::uint8_t { bfd, probe_reaction };
  LinkName link;
  Instant observed_at;
  Source source = Source::bfd;
  bool raised = false;
  std::string detail;  ///< for people
  bool operator==(const PathAlarm&) const = default;
};

/// How busy a router itself is, and what its application hosting has left. YANG:
/// Cisco-IOS-XE-process-cpu-oper:cpu-usage, Cisco-IOS-XE-platform-software-oper:
/// cisco-platform-software/control-processes, Cisco-IOS-XE-app-hosting-oper:app-hosting-oper-data.
struct RouterHealth {
  RouterName router;
  Instant observed_at;
  std::optional<Ppm> cpu;  ///< busy, last five seconds
  std::optional<Bytes> memory_free;
  std::optional<Ppm> app_cpu_free;  ///< of the quota for hosted applications
  std::optional<Bytes> app_memory_free;
  bool operator==(const RouterHealth&) const = default;
};

enum class SessionState : std::uint8_t { connected, disconnected };

/// The management session with a router came up or ended.
struct RouterSession {
  RouterName router;
  SessionState state = SessionState::disconnected;
  std::string reason;  ///< kebab-case code when disconnected: "unknown-host-key", "login-refused",
                       ///< "connection-lost" …
  std::string detail;  ///< for people
  bool operator==(const RouterSession&) const = default;
};

/// What wanwise's own configuration on a router is now, and who else's policy stands in its way.
struct RouterQosObserved {
  RouterName router;
  Instant observed_at;
  std::optional<RouterQos> qos;  ///< absent: nothing of ours is on the router
  std::vector<std::string>
      foreign;  ///< "Cellular0/1/0 output OPERATOR-POLICY": attached by somebody else
  /// What somebody changed by hand of what is ours, in words: "policy-map WANWISE-PM-LTE: shape
  /// average 8000000, not 9500000".
  std::vector<std::string> altered{};
  bool operator==(const RouterQosObserved&) const = default;
};

/// What a link's data plan has used in the billing period under way, by the carrier's word or by
/// counters kept across restarts.
struct LinkUsage {
  LinkName link;
  Instant observed_at;
  Bytes used;   ///< since the period began
  Micros left;  ///< until it ends
  bool operator==(const LinkUsage&) const = default;
};

/// What a scrape of an edge node or a cloud said. `reachable == false` is a failed scrape.
struct TargetSample {
  TargetName target;
  Instant observed_at;
  bool reachable = false;
  std::optional<PowerModeName> power_mode;
  std::optional<Ppm> throttle;  ///< service times times this because of heat; 1'000'000 is none
  std::optional<Ppm> load;      ///< accelerator busy share
  std::optional<std::int32_t> temperature_c;
  std::optional<Bytes> memory_free;
  bool operator==(const TargetSample&) const = default;
};

/// The state of the router's port that a node hangs on: a node that loses its link is gone for
/// every source, whatever runs on it. YANG:
/// Cisco-IOS-XE-interfaces-oper:interfaces/interface/oper-status.
struct NodePort {
  TargetName target;
  Instant observed_at;
  bool up = false;
  bool operator==(const NodePort&) const = default;
};

/// What the cluster says about the node, or the nodes, of a target. Kubernetes: Node
/// status.conditions Ready; coordination.k8s.io Lease in kube-node-lease.
struct NodeObserved {
  TargetName target;
  Instant observed_at;
  bool ready = false;  ///< one of its nodes, at least
  /// Since the youngest heartbeat of its nodes was seen; absent: heartbeats are not followed.
  std::optional<Micros> heartbeat_age;
  bool operator==(const NodeObserved&) const = default;
};

/// A place that a hard constraint of the cluster closes to a workload.
struct ClosedPlace {
  std::optional<TargetName> target;  ///< absent: it may not be suspended
  std::string code;    ///< kebab-case: "pinned", "does-not-fit", "disruption-budget" …
  std::string detail;  ///< for people
  bool operator==(const ClosedPlace&) const = default;
};

/// All that the cluster closes to a workload at this moment, whatever a decision would gain. Other
/// workloads that wanwise places do not count: they can be moved away.
struct PlacementLimits {
  WorkloadName workload;
  Instant observed_at;
  std::vector<ClosedPlace> closed;
  bool may_split = true;  ///< its replicas can stand on two targets with a share each
  bool operator==(const PlacementLimits&) const = default;
};

/// What a workload lived through since the last sample, where it ran then.
struct WorkloadSample {
  WorkloadName workload;
  Instant observed_at;
  TargetName target;
  Micros window;  ///< length of the period the sample covers
  std::int64_t arrived = 0;
  std::int64_t completed = 0;
  std::int64_t missed = 0;        ///< completed after the objective's latency, or lost
  std::optional<Micros> latency;  ///< at the objective's quantile; absent when nothing completed
  std::optional<Micros> mean_latency;  ///< of the completed; absent when not measured
  bool operator==(const WorkloadSample&) const = default;
};

/// Where a workload runs, as the cluster says.
struct PlacementObserved {
  WorkloadName workload;
  Instant observed_at;
  std::optional<TargetName> target;  ///< absent: runs nowhere
  std::int32_t rung = 0;             ///< of Workload::ladder
  bool ready = false;
  std::optional<Split> split{};  ///< absent: one target serves all
  bool operator==(const PlacementObserved&) const = default;
};

using ActionId = std::uint64_t;

enum class Outcome : std::uint8_t {
  done,
  refused,  ///< the world said no; nothing changed
  failed,   ///< it broke and was undone; nothing changed
  unknown,  ///< lost in the middle: the next observation tells
};

struct ActionDone {
  ActionId id = 0;
  Outcome outcome = Outcome::unknown;
  std::string reason;  ///< kebab-case code unless done
  std::string detail;  ///< for people
  bool operator==(const ActionDone&) const = default;
};

/// An operator takes a target out of use, or gives it back.
struct DrainRequested {
  TargetName target;
  bool drain = true;
  bool operator==(const DrainRequested&) const = default;
};

/// What sharing with other sites costs from now on (engine/core/fleet).
struct TollsSet {
  SiteTolls tolls;
  bool operator==(const TollsSet&) const = default;
};

/// Time passed: the engine's own wake-up came.
struct Tick {
  bool operator==(const Tick&) const = default;
};

using EventBody = std::variant<LinkCounters, ClassCounters, RadioSample, ProbeSample, RouterSession,
                               RouterQosObserved, TargetSample, WorkloadSample, PlacementObserved,
                               ActionDone, DrainRequested, Tick, LinkUsage, TollsSet, PathAlarm,
                               RouterHealth, NodePort, NodeObserved, PlacementLimits>;

struct Event {
  Instant at;
  EventBody body;
  bool operator==(const Event&) const = default;
};

}  // namespace wanwise::core
