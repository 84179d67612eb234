// A story for a simulated site: disturbances at moments of a run, read from a small YAML file.
//
//   scenario: demo
//   steps:
//     - {at: 20%, say: "TX2 saturates", demand: {workload: video, factor: 1.8}}
//     - {at: 18s, uplink: {link: lte, factor: 8%}}
//     - {at: 30s, power-mode: {target: tx2, mode: MAX-Q}}
//     - {at: 31s, throttle: {target: tx2, factor: 1.4}}
//     - {at: 84%, target: {name: tx2, alive: false}}
//     - {at: 85%, link: {name: lte, up: false}}                     # administratively
//     - {at: 86%, router-api: {router: ir1101, reachable: false}}   # NETCONF
//     - {at: 87%, cluster-api: {reachable: false}}                  # Kubernetes
//     - {at: 88%, telemetry: {router: ir1101, delay: 30s}}          # samples arrive that late
//
// The last three concern the ports and not the site itself: apply() leaves them to whoever owns the
// ports, and who can not play them must refuse them (concerns_ports).
//
// Unknown and repeated keys, and names that the site does not have, are errors, all told at once as
// file:line:col. Pure but for read_scenario(); any thread.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/core/expected.hpp"
#include "engine/core/model.hpp"
#include "sim/world/world.hpp"

namespace wanwise::sim {

struct DemandChange {
  core::WorkloadName workload;
  core::Ppm factor;
};
struct UplinkChange {
  core::LinkName link;
  core::Ppm factor;
};
struct PowerModeChange {
  core::TargetName target;
  core::PowerModeName mode;
};
struct ThrottleChange {
  core::TargetName target;
  core::Ppm factor;
};
struct AliveChange {
  core::TargetName target;
  bool alive = true;
};
struct LinkChange {
  core::LinkName link;
  bool up = true;
};
struct RouterApiChange {
  core::RouterName router;
  bool reachable = true;
};
struct ClusterApiChange {
  bool reachable = true;
};
struct TelemetryChange {
  core::RouterName router;
  core::Micros delay;  ///< of what is read from it, until the next such change
};
using Disturbance =
    std::variant<DemandChange, UplinkChange, PowerModeChange, ThrottleChange, AliveChange,
                 LinkChange, RouterApiChange, ClusterApiChange, TelemetryChange>;

/// A step as written: either a time or a share of the run.
struct ScenarioStep {
  std::optional<core::Micros> time;
  core::Ppm share;  ///< of the run's length, where no time is given
  Disturbance what;
  std::string say;    ///< for people; empty: describe() tells it
  std::string place;  ///< "FILE:LINE:COL", for diagnostics
};

struct Scenario {
  std::string name;
  std::vector<ScenarioStep> steps;
};

struct TimedDisturbance {
  core::Micros at;  ///< since the start of the run
  Disturbance what;
  std::string say;
};

/// `file` is for diagnostics only. On failure the message holds one diagnostic a line.
[[nodiscard]] core::Expected<Scenario> parse_scenario(const std::string& text,
                                                      const std::string& file);
[[nodiscard]] core::Expected<Scenario> read_scenario(const std::string& path);

/// The story on a run of this length and on this site, in order of time; steps beyond its end and
/// names the model does not have are errors.
[[nodiscard]] core::Expected<std::vector<TimedDisturbance>> schedule(const Scenario& scenario,
                                                                     core::Micros length,
                                                                     const core::Model& model);

/// Of the management interfaces and not of the site: nothing in the world changes.
[[nodiscard]] bool concerns_ports(const Disturbance& what);
/// Does nothing where concerns_ports().
void apply(World& world, const Disturbance& what);
/// "demand of video x 1.8"
[[nodiscard]] std::string describe(const Disturbance& what);

}  // namespace wanwise::sim
