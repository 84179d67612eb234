// What a policy, a site and the device profiles say, checked and resolved: the engine's constant
// input. policy/ builds it from YAML; tests and studies may build it by hand. Vectors are sorted by
// name and names are unique; every reference resolves. Immutable once the engine has it, so safe
// from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/names.hpp"
#include "engine/core/qos.hpp"
#include "engine/core/shared_vector.hpp"
#include "engine/core/units.hpp"

namespace wanwise::core {

// ---- device profiles

/// Service time of one inference, batch 1, in the profile's reference power mode.
struct ServiceTime {
  Micros mean;
  Micros p99;
  bool operator==(const ServiceTime&) const = default;
};

struct PowerMode {
  PowerModeName name;     ///< "MAX-N"
  Ppm slowdown = kWhole;  ///< service time times this; the reference mode has 1'000'000
};

struct DeviceProfile {
  DeviceName name;
  std::vector<PowerMode> power_modes;  ///< not empty; first is the reference mode
  std::map<ModelName, ServiceTime> models;
  Ppm cold_start = kWhole;   ///< first inference after a start: service time times this
  std::int32_t servers = 1;  ///< inferences the accelerator runs side by side
};

// ---- site

/// What a SIM or line may carry in a billing period, both directions together.
struct DataCap {
  Bytes limit;
  Micros period;  ///< a month counts as 30 days
};

/// A router wanwise talks to. Credentials and addresses for it stay with the adapters
/// (policy::RouterAccess).
struct Router {
  RouterName name;
  std::string lan_interface;  ///< where LAN traffic enters and is marked: "Vlan1"
  bool steers = false;        ///< wanwise may choose the WAN link of each workload's flows (PBR)
  std::uint32_t load_interval = 0;  ///< seconds, set on the WAN interfaces; 0: left as it is
};

enum class LinkKind : std::uint8_t { wired, cellular };

/// How wanwise measures a link by operations it sets up on the router.
struct ProbeSetup {
  std::uint32_t target = 0;  ///< IPv4, host byte order
  Micros period;
  Micros timeout;
  std::uint16_t responder_port = 0;  ///< a udp-jitter operation for each class; 0: none
};

/// One WAN link of a router. Rates are what the operator promises; the engine estimates what there
/// is.
struct Link {
  LinkName name;
  RouterName router;
  std::string interface;  ///< "Cellular0/1/0"
  LinkKind kind = LinkKind::cellular;
  std::int32_t metric = 0;  ///< the router's own routing prefers the lowest that is up
  Bps uplink;               ///< expected usable rate towards the cloud
  Bps uplink_floor;         ///< the shaper never goes below it
  Bps uplink_ceiling;       ///< nor above it
  Bps downlink;
  Micros rtt;  ///< expected round trip to the probe's target while idle
  NanoUsd price_per_gb;
  std::optional<std::uint32_t> probe;  ///< IP SLA entry on the router that measures this link
  std::optional<DataCap> data_cap{};
  std::string next_hop{};  ///< IPv4 gateway for steered flows; empty: the interface itself
  std::optional<ProbeSetup> probe_setup{};  ///< wanwise sets its probes up by itself
};

/// A line between two routers of the site, both directions alike.
struct Trunk {
  TrunkName name;
  RouterName a;
  RouterName b;
  Bps rate;
  Micros delay;  ///< one way
};

/// An edge node (k3s node): one accelerator and its memory.
struct Node {
  TargetName name;
  RouterName router;  ///< whose LAN it stands on
  DeviceName device;
  PowerModeName power_mode;  ///< assumed until the node reports its own
  Bytes memory;
  Micros lan_delay;    ///< one way, source to node
  std::string port{};  ///< its router's interface that it hangs on; empty: nobody says
};

/// A cloud region behind the WAN.
struct Cloud {
  TargetName name;
  DeviceName device;
  PowerModeName power_mode;
  std::int32_t servers = 1;  ///< accelerators behind the service
  Ipv4Prefix address;        ///< host that serves the workloads
  Micros beyond_probe;       ///< round trip from the probe's target to the cloud
  NanoUsd price_per_hour;    ///< while at least one workload runs there
};

/// Where requests come from: cameras, PLCs, microphones on a router's LAN.
struct Source {
  SourceName name;
  RouterName router;
  Ipv4Prefix prefix;
};

struct Site {
  SiteName name;
  std::vector<Router> routers;
  std::vector<Link> links;
  std::vector<Node> nodes;
  std::vector<Cloud> clouds;
  std::vector<Source> sources;
  std::vector<Trunk> trunks{};
};

// ---- policy

struct ServiceClass {
  ClassName name;
  Dscp dscp;
  QueueKind queue = QueueKind::remaining;
  std::uint32_t percent = 0;  ///< priority: cap; remaining: guaranteed minimum. 1..95
};

enum class Priority : std::uint8_t { critical, high, normal, low };
inline constexpr std::size_t kPriorities = 4;

enum class Residency : std::uint8_t { any, site };  ///< site: requests never leave the site

/// One rung of the degradation ladder: what the workload does when its full demand fits nowhere.
struct Rung {
  MilliHz rate;     ///< at most this request rate; 0 suspends the workload
  ModelName model;  ///< model served on this rung
  bool operator==(const Rung&) const = default;
};

struct Objective {
  Ppm quantile{990'000};  ///< 500'000, 950'000 or 990'000
  Micros latency;         ///< end to end, request sent to response received
  bool operator==(const Objective&) const = default;
};

struct Workload {
  WorkloadName name;
  std::string deployment;  ///< "namespace/name"
  ClassName service_class;
  Priority priority = Priority::normal;
  std::vector<SourceName> sources;  ///< not empty
  Transport transport = Transport::tcp;
  std::uint16_t port = 0;  ///< service port, the same on every target
  MilliHz rate;            ///< declared demand, all sources together
  Bytes request;
  Bytes response;
  Bytes memory;
  Objective objective;
  std::vector<TargetName> targets;  ///< in order of preference: `prefer`, then `fall-back`
  Residency residency = Residency::any;
  std::vector<Rung> ladder;   ///< [0] is the full demand; the rest in the policy's order
  std::int32_t replicas = 1;  ///< of the Deployment
  bool may_split = false;     ///< replicas may stand on two targets at once, with a share each
  bool operator==(const Workload&) const = default;
};

struct Stability {
  Micros fall_back_after = seconds(2);
  Micros return_after = seconds(60);
  Micros min_dwell = seconds(60);
  Ppm min_gain{100'000};
  std::int32_t max_moves_per_hour = 6;  ///< per workload
  /// What a move may take until the new place is ready. A container image that is on the node
  /// starts in seconds; half a minute later something is wrong with it.
  Micros move_within = seconds(30);
};

enum class BlindAction : std::uint8_t {
  hold,   ///< keep what runs, start no new move over the link
  local,  ///< treat the link as down: what may run on the site comes home
};

struct WhenBlind {
  Micros after = seconds(15);
  BlindAction then = BlindAction::hold;
};

/// What to do when somebody changed by hand what wanwise wrote on a router.
enum class OnDrift : std::uint8_t {
  repair,  ///< write it again
  report,  ///< tell, and leave the router alone until it is as written again
};

struct Policy {
  PolicyName name;
  std::vector<ServiceClass> classes;
  SharedVector<Workload> workloads;  ///< shared by the sites that follow this policy
  Stability stability;
  WhenBlind when_blind;
  OnDrift on_drift = OnDrift::repair;
};

struct Model {
  Site site;
  Policy policy;
  std::map<DeviceName, DeviceProfile> profiles;
};

}  // namespace wanwise::core
