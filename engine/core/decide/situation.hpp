// The joint decision's input and output as plain numbers: what solver.hpp and latency.hpp work on.
// Indices are positions in the Model's vectors (targets: nodes first, then clouds). Built anew for
// each decision by situation_builder; no names, no strings, no allocation inside the search.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/core/cost.hpp"
#include "engine/core/model.hpp"
#include "engine/core/model_index.hpp"
#include "engine/core/toll.hpp"
#include "engine/core/units.hpp"

namespace wanwise::core {

/// Option::rank of one position: fine enough to order the shares of a split between two of them.
inline constexpr std::int32_t kRankStep = 1'000;

/// The second target of a split workload, and how it is reached.
struct Leg {
  Index target = kNone;
  Index link = kNone;  ///< kNone: the path stays on the LAN
  Ppm share;           ///< of the option's rate; 0: no such leg
  Micros service_mean;
  Micros service_p99;
  Micros fixed;
  bool operator==(const Leg&) const = default;
};

/// One way to run one workload.
struct Option {
  Index target = kNone;   ///< kNone: suspended
  Index link = kNone;     ///< kNone: the path stays on the LAN
  std::int32_t rung = 0;  ///< of the ladder
  /// Position of the target in the workload's order of preference, in kRankStep; of a split: that
  /// of its targets, weighted with their shares.
  std::int32_t rank = 0;
  MilliHz rate;         ///< offered on this rung
  Micros service_mean;  ///< on this target, in its present power mode and heat
  Micros service_p99;
  Micros fixed;              ///< LAN and propagation, both directions
  bool discredited = false;  ///< measured to break the objective here, whatever is predicted
  Leg spill{};               ///< takes its share of the rate away from `target`

  [[nodiscard]] bool splits() const { return spill.target != kNone && spill.share.count > 0; }
  bool operator==(const Option&) const = default;
};

struct WorkloadInput {
  Index service_class = kNone;
  Priority priority = Priority::normal;
  Ppm quantile;
  Micros objective;
  Bytes request;
  Bytes response;
  Bytes memory;
  std::vector<Option> options;  ///< the allowed ones; empty: it runs nowhere
  Index current = kNone;        ///< option in force now; kNone: none
  bool suffers = false;         ///< measured to break its objective where it is
  bool stranded = false;        ///< it runs where no option is left: dead, drained, unreachable
};

struct TargetInput {
  std::int32_t servers = 1;
  Bytes memory;  ///< INT64_MAX: not limited
  NanoUsd price_per_hour;
  Ppm wait_factor = kWhole;  ///< waits there, of those that Poisson arrivals would have
  Ppm cold_start = kWhole;   ///< first inference after a start: service time times this
  Toll toll{};
};

/// One WAN link as the QoS plan would have it.
struct LinkInput {
  Bps uplink;  ///< what the link surely carries (lower end of the estimate)
  Bps shaper;  ///< rate the parent shaper would have
  Bps downlink;
  Micros jitter;  ///< radio delay variation to add at the objective's quantile
  NanoUsd price_per_gb;
  Bps quota{INT64_MAX};  ///< both directions together, so that the data plan lasts; max: no cap
  Toll toll{};
};

struct ClassInput {
  QueueKind queue = QueueKind::remaining;
  std::uint32_t percent = 0;  ///< cap of a priority class; guarantee of another
  Bytes largest{INT64_MAX};   ///< request of its workloads; max: not known
};

struct Situation {
  std::vector<WorkloadInput> workloads;
  std::vector<TargetInput> targets;
  std::vector<LinkInput> links;
  std::vector<ClassInput> classes;
};

/// One option per workload, by position; kNone: not run.
using Assignment = std::vector<Index>;

struct Solution {
  Assignment chosen;
  Cost cost;
  bool proved = false;  ///< no assignment is better; else `bound` is the best that was not excluded
  Cost bound;
};

}  // namespace wanwise::core
