// Predicted latency of an option at a quantile, from load: accelerators as M/G/c stations
// (Pollaczek-Khinchine mean, exponential tail), WAN uplinks as class queues behind a shaper, or as
// one FIFO in the modem where the shaper stands above what the uplink surely carries. Monotone:
// more load elsewhere never lowers a latency; the solver's bounds rest on that. Formulas in
// queueing.hpp and queue_view.hpp; results are whole microseconds, rounded up, the same on every
// platform. Pure functions; any thread.
#pragma once

#include <optional>
#include <vector>

#include "engine/core/decide/latency/queue_view.hpp"
#include "engine/core/decide/situation.hpp"
#include "engine/core/forecast.hpp"
#include "engine/core/latency_parts.hpp"

namespace wanwise::core {

/// A latency that cannot be reached: the station or the link is overloaded.
inline constexpr Micros kNever{INT64_MAX / 4};

/// Latency of the first request that `option` serves after a move: it waits for nothing, but the
/// accelerator is cold (allocations, kernels that are loaded on first use). Where the workload runs
/// its model on that target already, nothing is cold. Mean service; 0 for a suspended option.
[[nodiscard]] Micros first_request(const Situation& situation, Index workload, Index option);

/// Load that a set of options puts on the shared resources. Add and remove keep it exact
/// (integers), so the order of additions does not matter.
class Load {
 public:
  /// `situation` must outlive this.
  explicit Load(const Situation& situation);

  void add(const WorkloadInput& workload, const Option& option);
  /// Takes back an earlier add() of the same pair.
  void remove(const WorkloadInput& workload, const Option& option);

  /// Sum of memory placed on the target fits it. A split workload needs all of its memory on both
  /// of its targets: the model stands in each.
  [[nodiscard]] bool memory_fits(Index target) const;
  /// End-to-end latency of `option` at the workload's quantile, its own load being part of this
  /// Load. A suspended option waits for nothing: 0. Of a split one the larger of its legs', which
  /// bounds the quantile of the mixture from above.
  [[nodiscard]] Micros latency(const WorkloadInput& workload, const Option& option) const;
  /// The same at the three quantiles that people read.
  [[nodiscard]] Forecast forecast(const WorkloadInput& workload, const Option& option) const;
  /// Where latency() comes from; of a split option, that of its later leg.
  [[nodiscard]] LatencyParts parts(const WorkloadInput& workload, const Option& option) const;
  /// Mean wait before service there, µs, for Poisson arrivals; nothing when overloaded.
  [[nodiscard]] std::optional<double> poisson_wait(Index target) const;
  /// Bits per second that cross the link upwards, headers included, of one class or of all.
  [[nodiscard]] Bps uplink_load(Index link, Index service_class) const;
  [[nodiscard]] Bps uplink_load(Index link) const;
  /// Both directions of the link together, bits per second.
  [[nodiscard]] Bps link_load(Index link) const;
  /// Servers of the target kept busy, ppm of one.
  [[nodiscard]] Ppm busy_servers(Index target) const;
  /// Bits per second above the links' quotas, summed over the links.
  [[nodiscard]] std::int64_t over_quota() const;
  /// Busy share of all the target's servers; above kWhole when overloaded.
  [[nodiscard]] Ppm target_utilisation(Index target) const;

 private:
  [[nodiscard]] Micros latency_at(Ppm quantile, const WorkloadInput& workload,
                                  const Option& option) const;
  [[nodiscard]] Micros leg_latency(const Tail& tail, const Demand& demand) const;
  [[nodiscard]] LatencyParts leg_parts(const Tail& tail, const Demand& demand,
                                       Micros service) const;
  /// Calls `with(station, up, down, downlink)`, what stands in the way of one leg.
  template <class With>
  [[nodiscard]] auto along(const Demand& demand, With with) const;
  void add_leg(const Demand& demand);
  void remove_leg(const Demand& demand);
  [[nodiscard]] std::size_t slots() const { return m_situation.classes.size() + 1; }

  const Situation& m_situation;
  std::vector<std::int64_t> m_memory;  ///< by target
  std::vector<Flow> m_stations;        ///< by target
  std::vector<Flow> m_up;              ///< by link, then slot
  std::vector<Flow> m_down;            ///< by link
  std::vector<std::int64_t> m_quota;   ///< by link: what counts against its quota
};

/// What a complete assignment puts on them; kNone is not run.
[[nodiscard]] Load load_of(const Situation& situation, const Assignment& assignment);

}  // namespace wanwise::core
