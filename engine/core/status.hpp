// What the engine believes now, for `wanwise status` and the northbound API. A snapshot; nothing in
// it feeds back.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/event.hpp"
#include "engine/core/forecast.hpp"
#include "engine/core/model.hpp"

namespace wanwise::core {

/// A named lack that wanwise works around: "link-blind lte", "no-metrics tx2", "router-disconnected
/// ir1101" …
struct Degradation {
  std::string code;
  std::string subject;
  std::string detail;
  bool operator==(const Degradation&) const = default;
};

struct RouterStatus {
  RouterName name;
  bool connected = false;
  bool qos_in_place = false;
  bool change_in_flight = false;
  std::optional<RouterHealth> health{};  ///< as last told; absent: never
};

/// How much of a link's data plan is used, and how fast it may be.
struct DataPlanStatus {
  Bytes cap;
  Bytes used;         ///< in the period under way
  Micros left;        ///< of the period
  Bps pace;           ///< that the plan allows from now on, both directions together
  bool told = false;  ///< usage was reported; else the period began with the first event
  bool operator==(const DataPlanStatus&) const = default;
};

/// What a class' own probe on a link last measured, in that class' queue.
struct ClassPathStatus {
  ClassName service_class;
  std::optional<Micros> rtt;  ///< absent: it was lost
  std::optional<Micros> jitter;
  std::optional<Ppm> loss;
  bool operator==(const ClassPathStatus&) const = default;
};

struct LinkStatus {
  LinkName name;
  bool known = false;  ///< its samples are fresh
  bool up = false;
  Bps uplink_low;  ///< estimate of what the uplink carries
  Bps uplink_high;
  std::optional<Micros> uplink_age;  ///< since it was last measured; nothing: the site's word
  Bps shaper;                        ///< wanted on the router
  Bps tx_rate;                       ///< measured over the last two samples
  std::optional<Micros> rtt;
  std::optional<Micros> rtt_base;
  RadioAccess access = RadioAccess::none;
  std::optional<MilliDb> rsrp;
  std::optional<MilliDb> sinr;
  std::optional<DataPlanStatus> data_plan{};  ///< absent: no cap
  std::vector<ClassPathStatus> classes{};     ///< by name; those that were ever measured
};

struct TargetStatus {
  TargetName name;
  bool known = false;
  bool alive = false;
  bool draining = false;
  std::optional<Ppm> load;
  Ppm slowdown = kWhole;                  ///< power mode and heat together
  std::optional<bool> port_up{};          ///< by the router; absent: its port is not known
  std::optional<bool> node_ready{};       ///< by the cluster; absent: it says nothing of nodes
  std::optional<Micros> heartbeat_age{};  ///< to the cluster; absent: not followed
};

struct WorkloadStatus {
  WorkloadName name;
  std::optional<TargetName> target;
  std::int32_t rung = 0;
  bool moving = false;
  bool met = false;                 ///< the prediction holds the objective on the full demand
  MilliHz demand;                   ///< as decided on: measured where fresh, else declared
  std::optional<Micros> predicted;  ///< at the objective's quantile
  std::optional<Micros> observed;   ///< of the last sample, at the objective's quantile
  std::optional<Forecast> forecast{};
  std::optional<Ppm> prediction_ratio{};  ///< observed, of the predicted; absent: too few requests
  std::optional<Split> split{};           ///< absent: `target` serves all
};

/// How good the joint choice in force is. Not proved: `gap` says by how much it can miss the
/// optimum in the first goal where that is open, in parts of what it costs there; see core::gap().
struct DecisionStatus {
  Instant at;
  bool proved = false;
  Ppm gap;
};

struct Status {
  Instant at;
  bool started = false;  ///< every source has reported, or the start deadline has passed
  std::optional<DecisionStatus> decision;  ///< absent: none was taken yet
  std::vector<RouterStatus> routers;
  std::vector<LinkStatus> links;
  std::vector<TargetStatus> targets;
  std::vector<WorkloadStatus> workloads;
  std::vector<Degradation> degradations;
};

}  // namespace wanwise::core
