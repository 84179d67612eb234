// Predicted latency of an option at a quantile, from load: accelerators as M/G/1 stations
// (Pollaczek-Khinchine mean, exponential tail), WAN uplinks as class queues behind a shaper.
// Monotone: more load elsewhere never lowers a latency; the solver's bounds rest on that. Pure
// functions; any thread.
#pragma once

#include <vector>

#include "engine/core/situation.hpp"

namespace wanwise::core {

/// A latency that cannot be reached: the station or the link is overloaded.
inline constexpr Micros kNever{INT64_MAX / 4};

/// Load that a set of options puts on the shared resources. Add and remove keep it exact
/// (integers), so the order of additions does not matter.
class Load {
 public:
  explicit Load(const Situation& situation);

  void add(const WorkloadInput& workload, const Option& option);
  void remove(const WorkloadInput& workload, const Option& option);

  /// Sum of memory placed on the target fits it.
  [[nodiscard]] bool memory_fits(Index target) const;
  /// End-to-end latency of `option` at the workload's quantile, its own load being part of this
  /// Load.
  [[nodiscard]] Micros latency(const WorkloadInput& workload, const Option& option) const;
  /// Bits per second that cross the link upwards, of one class or of all.
  [[nodiscard]] Bps uplink_load(Index link, Index service_class) const;
  [[nodiscard]] Bps uplink_load(Index link) const;
  [[nodiscard]] Ppm target_utilisation(Index target) const;

 private:
  struct Station {
    std::int64_t busy_ppm = 0;       ///< sum of rate * mean service, ppm of one server
    std::int64_t second_moment = 0;  ///< sum of rate * E[S^2], in (µs)^2 per second
    std::int64_t memory = 0;
    std::int32_t workloads = 0;
  };
  struct LinkLoad {
    std::vector<std::int64_t> class_bps;            ///< by class
    std::vector<std::int64_t> class_second_moment;  ///< by class: sum of rate * bits^2, scaled
    std::int64_t down_bps = 0;
  };

  const Situation& m_situation;
  std::vector<Station> m_stations;
  std::vector<LinkLoad> m_links;
};

}  // namespace wanwise::core
