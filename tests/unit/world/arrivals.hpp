// Arrivals of one source by themselves, for tests of arrival laws.
#pragma once

#include <cmath>
#include <vector>

#include "sim/world/traffic/law_source.hpp"

namespace wanwise::sim::testing {

class Arrivals final : public ArrivalSink {
 public:
  void arrival(Nanos now, std::size_t, const Arrival& a) override {
    times.push_back(now);
    bytes.push_back(a.bytes);
  }
  /// Arrivals from `begin` on and before `end`.
  [[nodiscard]] double between(Nanos begin, Nanos end) const {
    double count = 0;
    for (const Nanos t : times) count += t >= begin && t < end ? 1 : 0;
    return count;
  }
  std::vector<Nanos> times;
  std::vector<std::int64_t> bytes;
};

/// A source by a law, alone on its event queue.
struct Alone {
  Alone(ArrivalLaw law, std::int64_t milli_hz, std::uint64_t seed = 9)
      : source(events, seen, 0, seed,
               {"test", core::MilliHz{milli_hz}, 10'000, core::Ppm{100'000}, ArrivalKind::periodic},
               law) {}
  void run(std::int64_t seconds) { events.run_until(events.now() + seconds * kNanosPerSecond); }
  void demand(std::int64_t ppm) { source.set_demand(events.now(), core::Ppm{ppm}); }

  EventQueue events;
  Arrivals seen;
  LawSource source;
};

/// Mean and coefficient of variation of the gaps.
struct GapMoments {
  double mean = 0;
  double cv = 0;
};
inline GapMoments gap_moments(const std::vector<Nanos>& times) {
  const auto n = static_cast<double>(times.size() - 1);
  double sum = 0, squares = 0;
  for (std::size_t i = 1; i < times.size(); ++i) {
    const auto gap = static_cast<double>(times[i] - times[i - 1]);
    sum += gap;
    squares += gap * gap;
  }
  const double mean = sum / n;
  return {mean, std::sqrt(squares / n - mean * mean) / mean};
}

}  // namespace wanwise::sim::testing
