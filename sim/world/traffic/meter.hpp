// What one workload lives through: the counts and exact latencies since the last sample, and the
// totals since the beginning. One owner; not thread-safe.
#pragma once

#include <optional>
#include <vector>

#include "engine/core/model.hpp"
#include "sim/world/kernel/time.hpp"
#include "sim/world/world.hpp"

namespace wanwise::sim {

class Meter {
 public:
  /// Latencies kept for a window: 30 requests a second for half an hour. A window with more keeps
  /// the newest, and overflows() counts the others.
  static constexpr std::size_t kMaxValues = 65'536;

  explicit Meter(core::Objective objective) : m_objective(objective) {}

  void generated() { ++m_totals.generated; }
  void skipped() { ++m_totals.skipped; }
  void sent();
  void completed(Nanos latency);
  void lost();

  struct Window {
    std::int64_t arrived = 0, completed = 0, missed = 0;
    std::optional<core::Micros> latency;  ///< at the objective's quantile, by nearest rank
    std::optional<core::Micros> mean;     ///< of the completed
    core::Micros length;
  };
  [[nodiscard]] Window take(Nanos now);
  /// Takes over what the other's window holds.
  void absorb(Meter& other);
  [[nodiscard]] const WorkloadTotals& totals() const { return m_totals; }
  [[nodiscard]] std::uint64_t overflows() const { return m_overflows; }

 private:
  void keep(std::int64_t micros);

  core::Objective m_objective;
  WorkloadTotals m_totals;
  Window m_window;
  Nanos m_since = 0;
  core::Micros m_sum;                  ///< of this window's latencies
  std::vector<std::int64_t> m_values;  ///< microseconds
  std::size_t m_oldest = 0;
  std::uint64_t m_overflows = 0;
};

}  // namespace wanwise::sim
