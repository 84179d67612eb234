// Does a workload live up to its objective where it runs? Counts misses over a short trailing
// window and tells a real violation from the odd late request. One owner.
#pragma once

#include <deque>
#include <optional>

#include "engine/core/event.hpp"
#include "engine/core/model.hpp"

namespace wanwise::core {

class ObjectiveWatch {
 public:
  ObjectiveWatch(Objective objective, Micros window);

  void observe(const WorkloadSample& sample);
  /// The workload runs somewhere else now: the past says nothing about it.
  void reset();

  /// More misses in the window than the quantile allows, beyond chance.
  [[nodiscard]] bool violated() const;
  [[nodiscard]] std::optional<Micros> latency() const { return m_latency; }

 private:
  struct Counted {
    Instant until;
    std::int64_t finished;
    std::int64_t missed;
  };

  Objective m_objective;
  Micros m_window;
  std::deque<Counted> m_counted;  ///< bounded by kMostSamples
  std::int64_t m_finished = 0;
  std::int64_t m_missed = 0;
  std::optional<Micros> m_latency;
};

}  // namespace wanwise::core
