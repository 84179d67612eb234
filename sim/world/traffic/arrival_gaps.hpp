// The gaps between a source's requests in its own time: the nanoseconds that pass for it at the
// declared rate. How fast own time passes (demand, day, state) is LawSource's. Owns its random
// stream. One owner; not thread-safe.
#pragma once

#include <cstddef>
#include <optional>

#include "sim/world/kernel/random.hpp"
#include "sim/world/kernel/time.hpp"
#include "sim/world/traffic/arrival_law.hpp"

namespace wanwise::sim {

class ArrivalGaps {
 public:
  /// The rate is > 0; the process is one that check_compute() accepts.
  ArrivalGaps(ArrivalProcess process, core::MilliHz rate, Stream stream);

  /// From the beginning to the first request: the process is in its stationary state there (a
  /// recording begins at its beginning).
  [[nodiscard]] double first();
  [[nodiscard]] double next();

 private:
  [[nodiscard]] double jitter(const PeriodicArrivals& law);
  [[nodiscard]] double gamma_first(const GammaArrivals& law);
  [[nodiscard]] double gamma_next(const GammaArrivals& law);
  [[nodiscard]] double replayed(const ReplayedArrivals& law);

  ArrivalProcess m_process;
  Stream m_stream;
  double m_interval;     ///< mean, ns
  double m_ahead = 0;    ///< periodic: of the last request, after its grid point
  double m_scale = 1;    ///< replay: own nanoseconds a recorded one
  std::size_t m_at = 0;  ///< replay: the next offset
  core::Micros m_last;   ///< replay: the last offset, seen from the next one's round
};

/// Two states by turns, each for an exponential time: motion and stillness, calm and burst.
class Spells {
 public:
  /// Begins in one of them by their shares of time.
  Spells(Stream stream, core::Micros mean_first, core::Micros mean_second);

  [[nodiscard]] bool second() const { return m_second; }
  [[nodiscard]] Nanos until() const { return m_until; }
  /// To the state after the current one's end.
  void advance();

 private:
  [[nodiscard]] Nanos draw();

  Stream m_stream;
  Nanos m_mean[2];
  bool m_second = false;
  Nanos m_until = 0;
};

/// The high state's rate, of the mean, and the low state's share of time.
struct Mmpp2Shape {
  double high = 1;
  double low_share = 0;
};
[[nodiscard]] Mmpp2Shape shape_of(const Mmpp2Arrivals& law);

}  // namespace wanwise::sim
