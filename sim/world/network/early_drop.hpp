// Random early detection of one queue (Floyd, Jacobson, "Random Early Detection gateways for
// congestion avoidance", 1993) with IOS's parameters: the averaged length of the queue decides on a
// packet before it enters. Drops are geometric (the paper's method 1): at the maximum threshold
// exactly one in `mark_denominator`, as IOS documents it. One owner; not thread-safe.
#pragma once

#include <cstddef>

#include "sim/world/kernel/time.hpp"
#include "sim/world/network/link_tuning.hpp"

namespace wanwise::sim {

class EarlyDrop {
 public:
  /// `slot`: the time a typical packet takes, by which the average of an empty queue decays.
  EarlyDrop(Wred settings, Nanos slot);

  /// A packet meets `waiting` packets: the average moves. Returns the chance of its drop, 0 to 1.
  double meet(Nanos now, std::size_t waiting);
  /// The queue has fallen empty.
  void emptied(Nanos now) { m_idle_since = now; }
  /// Goes on from another's average.
  void inherit(const EarlyDrop& before) {
    m_average = before.m_average;
    m_idle_since = before.m_idle_since;
  }
  [[nodiscard]] double average() const { return m_average; }
  /// The drop curve by itself.
  [[nodiscard]] double chance_at(double average) const;

 private:
  Wred m_settings;
  Nanos m_slot;
  double m_weight;
  double m_average = 0;
  Nanos m_idle_since = 0;
};

}  // namespace wanwise::sim
