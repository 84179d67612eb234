// One run of one policy on one site in virtual time: the world, the ports over it with the
// telemetry's period and delay, the controller between them, and what came of it. A pure function
// of its arguments, bit for bit, on any machine; any thread, several at once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/model.hpp"
#include "sim/baselines/catalogue.hpp"
#include "sim/trial/latency_histogram.hpp"
#include "sim/world/scenario.hpp"
#include "sim/world/world.hpp"

namespace wanwise::sim {

/// How the controller learns of the site and acts on it, as real devices let it.
struct Telemetry {
  core::Micros period = core::seconds(1);          ///< of router counters, radio and probe
  core::Micros delay = core::milliseconds(200);    ///< read on the device until it is an event
  core::Micros cluster_period = core::seconds(1);  ///< of workload and target samples
  core::Micros write = core::milliseconds(300);    ///< a change of the router's QoS, to its answer
};

struct TrialConfig {
  WorldConfig world;
  core::Model believed;  ///< what the controller is given; usually world.model
  std::vector<TimedDisturbance> story;
  PolicySpec policy;
  Telemetry telemetry;
  core::Micros horizon;  ///< of the whole run, > warm_up
  core::Micros warm_up;  ///< requests created before are not counted
  bool timeline = false;
};

struct WorkloadResult {
  core::WorkloadName workload;
  core::ClassName service_class;
  // Of the requests created after the warm-up; generated = skipped + completed + lost + open.
  std::int64_t generated = 0, skipped = 0, completed = 0, lost = 0, open = 0;
  std::int64_t late = 0;                   ///< of the completed: after the objective's latency
  std::int64_t on_site = 0, in_cloud = 0;  ///< of the completed
  LatencyHistogram latency;                ///< of the completed
  bool operator==(const WorkloadResult&) const = default;
};

/// One second of a run.
struct TimelinePoint {
  core::Micros at;        ///< its end, since the beginning
  core::Bps uplink_rate;  ///< what the air offered, all links
  core::Bps uplink_used;
  core::Bps shaper;                    ///< 0: none
  std::int64_t ended = 0, missed = 0;  ///< requests; missed: late, lost or skipped
  core::Micros worst;                  ///< latency of the slowest that completed
  std::int32_t in_cloud = 0;           ///< workloads placed there
  std::vector<std::string> events;     ///< "radio collapses", "video -> cloud"
};

struct TrialResult {
  std::uint64_t arrival_hash = 0;  ///< equal for all policies of a cell and seed
  std::uint64_t checksum = 0;      ///< of everything that happened to the requests
  std::uint64_t world_events = 0, controller_events = 0;
  core::Micros measured;  ///< horizon less warm-up
  std::vector<WorkloadResult> workloads;

  core::Bytes uplink, downlink;  ///< over the WAN
  core::NanoUsd link_cost;       ///< by the links' price_per_gb, both directions
  core::NanoUsd cloud_cost;      ///< price_per_hour while at least one workload runs there
  std::int64_t energy_mj = 0;    ///< millijoules, of the targets with a Power

  std::int64_t moves = 0;  ///< placements that became ready, between targets
  std::int64_t failed_moves = 0;
  std::int64_t router_writes = 0;
  std::int64_t stale_moves = 0;  ///< decided on link telemetry older than max(3 periods, 5 s)
  /// From the first missed request of a workload's bad spell until it is ready elsewhere; and from
  /// the end of the cause's spell until it is back where it prefers to be. See sim/trial/README.md.
  std::vector<core::Micros> fall_backs, returns;

  core::Micros mser5;      ///< truncation that MSER-5 proposes for the mean latency of this run
  bool conserved = false;  ///< generated = skipped + completed + lost + in flight
  core::Ppm little_error;  ///< |L - lambda T| / L over all requests of the run
  std::vector<TimelinePoint> timeline;  ///< empty unless asked for
};

/// The world is the run's own, for a controller that may see the truth.
using ControllerMaker = std::function<std::unique_ptr<Controller>(const World& world)>;

[[nodiscard]] TrialResult run_trial(const TrialConfig& config);
/// With a controller that is not in the catalogue; `config.policy` is not looked at.
[[nodiscard]] TrialResult run_trial(const TrialConfig& config, const ControllerMaker& make);

}  // namespace wanwise::sim
