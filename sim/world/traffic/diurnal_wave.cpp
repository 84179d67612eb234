#include "sim/world/traffic/diurnal_wave.hpp"

#include <algorithm>
#include <cmath>

#include "sim/world/kernel/random.hpp"

namespace wanwise::sim {
namespace {

constexpr double kTwoPi = 6.28318530717958647692;
// Regula falsi would crawl where the rate is almost 0; halving the bracket 64 times ends below a
// nanosecond for any period that fits into Nanos. Newton's steps usually need four.
constexpr int kMaxSteps = 64;

/// From any number of turns to 0 <= x < 1.
double fraction(double turns) {
  const double x = turns - std::floor(turns);
  return x < 1 ? x : 0;
}

}  // namespace

DiurnalWave::DiurnalWave(const Diurnal& law)
    : m_period(to_nanos(law.period)),
      m_peak(to_nanos(law.peak) % to_nanos(law.period)),
      m_amplitude(static_cast<double>(law.amplitude.count) / 1e6),
      m_swing(m_amplitude * static_cast<double>(m_period) / kTwoPi) {}

double DiurnalWave::sine(Nanos begin, double after) const {
  const auto period = static_cast<double>(m_period);
  const auto into = static_cast<double>((begin - m_peak) % m_period);
  return portable_sine(fraction((into + after) / period));
}

double DiurnalWave::passed(Nanos begin, Nanos end) const {
  const auto after = static_cast<double>(end - begin);
  return after + m_swing * (sine(begin, after) - sine(begin, 0));
}

double DiurnalWave::wait(Nanos begin, double own) const {
  const double start = sine(begin, 0);
  double low = std::max(own / (1 + m_amplitude), own - 2 * m_swing);
  double high = own + 2 * m_swing;
  if (m_amplitude < 1) high = std::min(high, own / (1 - m_amplitude));
  const auto period = static_cast<double>(m_period);
  const auto into = static_cast<double>((begin - m_peak) % m_period);
  double x = std::clamp(own, low, high);
  for (int step = 0; step < kMaxSteps && high - low > 0.25; ++step) {
    const double error = x + m_swing * (sine(begin, x) - start) - own;
    (error > 0 ? high : low) = x;
    const double cosine = portable_sine(fraction((into + x) / period + 0.25));
    const double slope = 1 + m_amplitude * cosine;
    const double newton = slope > 0 ? x - error / slope : low;
    if (std::fabs(newton - x) < 0.25 && newton >= low && newton <= high) return newton;
    x = newton > low && newton < high ? newton : low + (high - low) / 2;
  }
  return x;
}

}  // namespace wanwise::sim
