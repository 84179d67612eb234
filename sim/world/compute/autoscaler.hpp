// How many servers a cloud has: the rule of Kubernetes' HorizontalPodAutoscaler (autoscaling/v2,
// its defaults) on the busy share. At every sync it wants ceil(ready * load / target); more at
// once, but at most twice as many or four more; fewer only as many as every sync of the
// stabilisation window found too many. New servers are ready after a start-up time. One owner; not
// thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <utility>

#include "sim/world/compute/target_tuning.hpp"
#include "sim/world/kernel/time.hpp"

namespace wanwise::sim {

class Autoscaler {
 public:
  /// Begins with `servers`, all ready, within the rule's bounds.
  Autoscaler(const Autoscale& rule, std::int32_t servers);

  [[nodiscard]] std::int32_t ready() const { return m_ready; }
  [[nodiscard]] std::int32_t starting() const {
    return static_cast<std::int32_t>(m_starting.size());
  }

  /// Servers to start now: each to be announced to started() with its number, counted on from
  /// `first`. Those that are not needed any more are gone when this returns, starting ones first.
  struct Starts {
    std::uint64_t first = 0;
    std::int32_t count = 0;
  };
  Starts sync(Nanos now, core::Ppm load);
  /// False: that server was taken back before.
  bool started(std::uint64_t number);

 private:
  [[nodiscard]] std::int32_t wanted(core::Ppm load) const;
  [[nodiscard]] std::int32_t stabilised(Nanos now, std::int32_t wanted);

  Autoscale m_rule;
  std::int32_t m_ready;
  std::int32_t m_measured;               ///< ready since the last sync: the load is theirs
  std::deque<std::uint64_t> m_starting;  ///< at most `most`
  std::uint64_t m_next_number = 0;
  std::deque<std::pair<Nanos, std::int32_t>> m_wishes;  ///< of the window, falling: its maxima
};

}  // namespace wanwise::sim
