#include "sim/world/air/generate.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/core/check.hpp"
#include "sim/world/kernel/random.hpp"
#include "sim/world/network/packet.hpp"

namespace wanwise::sim {
namespace {

// Grid of the rate: 20 ms, the shortest in which fading at road speed (coherence time about 10 ms
// at 50 km/h and 2 GHz) averages out.
constexpr core::Micros kStep = core::milliseconds(20);
constexpr double kStepSeconds = 0.02;
constexpr core::Micros kRadioPeriod = core::seconds(1);
constexpr double kBitsPerOpportunity = kMtu * 8.0;
// A modem that hears nothing gives up its registration after T310 (3GPP TS 36.331: 1 s by default).
constexpr core::Micros kServiceLostAfter = core::seconds(1);

/// Ornstein-Uhlenbeck process of unit variance on a fixed grid.
class Wander {
 public:
  Wander(std::uint64_t seed, const std::string& name, double seconds, double step)
      : m_stream(seed, name), m_keep(portable_exp(-step / seconds)), m_value(m_stream.normal()) {
    m_add = std::sqrt(1 - m_keep * m_keep);
  }
  double next() {
    const double value = m_value;
    m_value = m_keep * m_value + m_add * m_stream.normal();
    return value;
  }

 private:
  Stream m_stream;
  double m_keep;
  double m_add = 0;
  double m_value;
};

struct Pause {
  core::Micros from, to;
  bool new_cell = false;
  bool hole = false;
};

double power(double base, double exponent) {
  return portable_exp(exponent * portable_log(base));
}

/// By inversion, u in (0, 1).
core::Micros pause_length(const PauseLaw& law, double u) {
  const auto spread = static_cast<double>((law.longest - law.shortest).count);
  if (law.tail <= 0) return law.shortest + core::Micros{static_cast<std::int64_t>(u * spread)};
  const auto low = static_cast<double>(law.shortest.count);
  const double cut = power(low / static_cast<double>(law.longest.count), law.tail);
  return core::Micros{static_cast<std::int64_t>(low * power(1 - u * (1 - cut), -1 / law.tail))};
}

void add_pauses(std::vector<Pause>& pauses, const PauseLaw& law, core::Micros length,
                std::uint64_t seed, const std::string& name, bool new_cell, bool hole) {
  if (law.per_minute <= 0) return;
  Stream stream(seed, "pause/" + name);
  double at = 0;
  for (;;) {
    at += stream.exponential(60e6 / law.per_minute);
    const core::Micros duration = pause_length(law, stream.uniform());
    const core::Micros from{static_cast<std::int64_t>(at)};
    if (from + duration >= length) return;
    pauses.push_back({from, from + duration, new_cell, hole});
    at += static_cast<double>(duration.count);
  }
}

std::vector<Pause> all_pauses(const LinkLaw& law, core::Micros length, std::uint64_t seed) {
  std::vector<Pause> pauses;
  add_pauses(pauses, law.handover, length, seed, "handover", true, false);
  add_pauses(pauses, law.failure, length, seed, "failure", false, false);
  add_pauses(pauses, law.hole, length, seed, "hole", true, true);
  std::sort(pauses.begin(), pauses.end(),
            [](const Pause& a, const Pause& b) { return a.from < b.from; });
  return pauses;
}

/// Expected share of the time that is no pause, so that the mean includes them.
double open_share(const LinkLaw& law) {
  double closed = 0;
  for (const PauseLaw* pause : {&law.handover, &law.failure, &law.hole})
    closed += pause->per_minute / 60e6 * mean_pause_micros(*pause);
  return 1 / (1 + closed);
}

/// The logarithm's deviation with its lower half stretched.
double faded(double deviation, double fade) {
  return deviation < 0 ? deviation * (1 + fade) : deviation;
}

/// Location of the logarithm so that the capped rate has the law's mean: the cap cuts the upper
/// tail off. Fixed point over the distribution's midpoints; ten rounds leave less than 1e-4. Deep
/// fades under a low cap go there slowly and get more.
double location(double mean, double sd, double cap, double fade) {
  constexpr int kPoints = 1000;
  const int rounds = fade == 0 ? 10 : 200;
  std::array<double, kPoints> deviations{};
  for (int i = 0; i < kPoints; ++i)
    deviations[static_cast<std::size_t>(i)] =
        faded(sd * normal_quantile((i + 0.5) / kPoints), fade);
  double mu = portable_log(mean) - sd * sd / 2;
  double correction = 1;
  for (int round = 0; round < rounds && (fade == 0 || std::abs(correction) > 1e-5); ++round) {
    double sum = 0;
    for (const double deviation : deviations) sum += std::min(cap, portable_exp(mu + deviation));
    correction = portable_log(mean * kPoints / sum);
    mu += correction;
  }
  return mu;
}

/// Collects bits and lets an opportunity go for each 1500 bytes.
class Opportunities {
 public:
  explicit Opportunities(core::Micros length) { m_trace.period = length; }

  void step(core::Micros from, double bps) {
    m_bits += bps * kStepSeconds;
    const auto count = static_cast<std::int64_t>(m_bits / kBitsPerOpportunity);
    m_bits -= static_cast<double>(count) * kBitsPerOpportunity;
    for (std::int64_t i = 1; i <= count; ++i)
      m_trace.opportunities.push_back(from + kStep * i / count);
  }
  RateTrace take() { return std::move(m_trace); }

 private:
  RateTrace m_trace;
  double m_bits = 0;
};

/// Bits in each whole second.
class Seconds {
 public:
  explicit Seconds(core::Micros length)
      : m_bins(static_cast<std::size_t>(length.count / 1'000'000)) {}
  void step(core::Micros from, double bps) {
    const auto bin = static_cast<std::size_t>(from.count / 1'000'000);
    if (bin < m_bins.size()) m_bins[bin] += bps * kStepSeconds;
  }
  std::vector<double> take() { return std::move(m_bins); }

 private:
  std::vector<double> m_bins;
};

/// One direction's rate.
template <class Out>
class Course {
 public:
  Course(const RateLaw& law, double open, core::Micros length, std::uint64_t seed,
         const std::string& name)
      : m_law(law),
        m_own(seed, "rate/" + name + "/slow", law.slow_seconds, kStepSeconds),
        m_fast(seed, "rate/" + name + "/fast", law.fast_seconds, kStepSeconds),
        m_out(length) {
    const auto mean = static_cast<double>(law.mean.count) / open;
    m_cap = mean * law.cap;
    const double variance = law.slow_sd * law.slow_sd + law.fast_sd * law.fast_sd;
    m_mu = location(mean, std::sqrt(variance), m_cap, law.fade);
  }

  /// `shared`: the slow part both directions have in common, unit variance.
  void step(core::Micros from, double shared, double weight, bool paused) {
    const double slow = weight * shared + std::sqrt(1 - weight * weight) * m_own.next();
    const double deviation = m_law.slow_sd * slow + m_law.fast_sd * m_fast.next();
    if (!paused)
      m_out.step(from, std::min(m_cap, portable_exp(m_mu + faded(deviation, m_law.fade))));
  }
  auto take() { return m_out.take(); }

 private:
  RateLaw m_law;
  Wander m_own, m_fast;
  Out m_out;
  double m_mu = 0;
  double m_cap = 0;
};

class RadioValue {
 public:
  RadioValue(const RadioLaw& law, std::uint64_t seed, const std::string& name)
      : m_law(law), m_own(seed, "radio/" + name, law.seconds, 1.0) {}
  double next(double shared) {
    const double w = m_law.with_rate;
    return m_law.mean + m_law.sd * (w * shared + std::sqrt(1 - w * w) * m_own.next());
  }

 private:
  RadioLaw m_law;
  Wander m_own;
};

std::int32_t rounded(double value, std::int32_t low, std::int32_t high) {
  return std::clamp(static_cast<std::int32_t>(std::floor(value + 0.5)), low, high);
}

RadioTrace radio_trace(const LinkLaw& law, const std::vector<double>& shared,
                       const std::vector<Pause>& pauses, core::Micros length, std::uint64_t seed) {
  RadioValue rsrp(law.rsrp, seed, "rsrp");
  RadioValue sinr(law.sinr, seed, "sinr");
  RadioValue rsrq(law.rsrq, seed, "rsrq");
  Stream cells(seed, "radio/cells");
  const auto new_cell = [&] { return static_cast<std::int64_t>(cells.next() >> 40); };
  std::int64_t cell = new_cell();
  RadioTrace trace;
  trace.period = length;
  auto pause = pauses.begin();
  for (core::Micros t; t < length; t += kRadioPeriod) {
    bool out = false;
    for (; pause != pauses.end() && pause->from <= t; ++pause) {
      if (pause->to > t) {
        out = pause->hole && t - pause->from >= kServiceLostAfter;
        break;
      }
      if (pause->new_cell) cell = new_cell();
    }
    const double common = shared[static_cast<std::size_t>(t.count / kStep.count)];
    RadioPoint point{t, {}};
    const double power = rsrp.next(common);
    const double ratio = sinr.next(common);
    const double quality = rsrq.next(common);
    if (!out) {
      point.reading.access = law.access;
      point.reading.in_service = true;
      point.reading.rsrp_dbm = rounded(power, -140, -44);
      // Wide-band power: RSRP of 1200 subcarriers at 20 MHz, half of them loaded, is 28 dB more.
      point.reading.rssi_dbm = std::max(-113, rounded(power, -140, -44) + 28);
      point.reading.rsrq_db = rounded(quality, -20, -3);
      point.reading.sinr = core::MilliDb{rounded(ratio, -20, 30) * std::int64_t{1000}};
      point.reading.band = law.band;
      point.reading.cell = cell;
    }
    trace.points.push_back(point);
  }
  return trace;
}

}  // namespace

LinkLaw lte_driving(core::Bps mean_uplink, core::Bps mean_downlink) {
  LinkLaw law;
  law.uplink.mean = mean_uplink;
  law.downlink.mean = mean_downlink;
  law.handover = {2.0, core::milliseconds(40), core::milliseconds(120)};
  law.failure = {0.6, core::milliseconds(500), core::milliseconds(1500)};
  law.hole = {0.1, core::milliseconds(2000), core::milliseconds(8000)};
  law.rsrp = {-95, 6, 60, 0.3};
  law.sinr = {6, 5, 30, 0.4};
  law.rsrq = {-12.5, 2.7, 25, 0.3};
  return law;
}

LinkLaw nr_static(core::Bps mean_uplink, core::Bps mean_downlink) {
  LinkLaw law;
  law.access = core::RadioAccess::nr_nsa;
  law.uplink = {mean_uplink, 0.2, 40, 0.2, 0.5, 1.8};
  law.downlink = {mean_downlink, 0.25, 40, 0.25, 0.5, 1.8};
  law.handover = {0.05, core::milliseconds(40), core::milliseconds(120)};
  law.failure = {0.02, core::milliseconds(500), core::milliseconds(1000)};
  law.rsrp = {-83, 2, 60, 0.2};
  law.sinr = {14, 3, 30, 0.3};
  law.rsrq = {-11, 1, 25, 0.2};
  law.band = 78;
  return law;
}

namespace {

/// Whether the time is within a pause; times ascend.
class PauseClock {
 public:
  explicit PauseClock(const std::vector<Pause>& pauses)
      : m_at(pauses.begin()), m_end(pauses.end()) {}
  bool paused(core::Micros t) {
    while (m_at != m_end && m_at->to <= t) ++m_at;
    return m_at != m_end && m_at->from <= t;
  }

 private:
  std::vector<Pause>::const_iterator m_at, m_end;
};

void check_length(core::Micros length) {
  WANWISE_CHECK(length >= core::seconds(10) && length <= core::seconds(86'400));
}

}  // namespace

double mean_pause_micros(const PauseLaw& law) {
  const auto low = static_cast<double>(law.shortest.count);
  const auto high = static_cast<double>(law.longest.count);
  if (law.tail <= 0) return (low + high) / 2;
  const double share = 1 - power(low / high, law.tail);
  // The exponent 1 is a removable singularity of the mean.
  const double a = std::abs(law.tail - 1) < 1e-6 ? 1 + 1e-6 : law.tail;
  return a * low / (a - 1) * (1 - power(low / high, a - 1)) / share;
}

GeneratedLink generate(const LinkLaw& law, core::Micros length, std::uint64_t seed) {
  check_length(length);
  const auto pauses = all_pauses(law, length, seed);
  const double open = open_share(law);
  Wander common(seed, "rate/shared", law.uplink.slow_seconds, kStepSeconds);
  Course<Opportunities> up(law.uplink, open, length, seed, "up");
  Course<Opportunities> down(law.downlink, open, length, seed, "down");
  const double weight = std::sqrt(law.shared);
  std::vector<double> shared;
  PauseClock clock(pauses);
  for (core::Micros t; t + kStep <= length; t += kStep) {
    const bool paused = clock.paused(t);
    shared.push_back(common.next());
    up.step(t, shared.back(), weight, paused);
    down.step(t, shared.back(), weight, paused);
  }
  shared.push_back(common.next());
  return {up.take(), down.take(), radio_trace(law, shared, pauses, length, seed)};
}

std::vector<double> generate_uplink_seconds(const LinkLaw& law, core::Micros length,
                                            std::uint64_t seed) {
  check_length(length);
  const auto pauses = all_pauses(law, length, seed);
  Wander common(seed, "rate/shared", law.uplink.slow_seconds, kStepSeconds);
  Course<Seconds> up(law.uplink, open_share(law), length, seed, "up");
  const double weight = std::sqrt(law.shared);
  PauseClock clock(pauses);
  for (core::Micros t; t + kStep <= length; t += kStep)
    up.step(t, common.next(), weight, clock.paused(t));
  return up.take();
}

}  // namespace wanwise::sim
