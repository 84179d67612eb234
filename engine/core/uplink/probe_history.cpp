#include "engine/core/uplink/probe_history.hpp"

#include <algorithm>

namespace wanwise::core {
namespace {

// A handover may raise the base for good; a minute later the old, smaller base is forgotten. A
// minute is also long against the seconds a standing queue lasts under a working shaper, so the
// queue itself cannot become the base.
constexpr Micros kBaseWindow = seconds(60);
constexpr std::size_t kBaseLimit = 128;  // two probes a second for a minute

// LTE's uplink scheduling request cycle is 5..20 ms (3GPP TS 36.213), a frame of HARQ another 8 ms:
// less than 20 ms is the air at work.
constexpr Micros kLeastQueue = milliseconds(20);
// Quiet variation widens the threshold, yet a collapsed link whose queue looks like variation must
// not hide itself: never by more than this.
constexpr Micros kMostVariation = milliseconds(60);
// Eight full packets in front of the probe are a router at work and not a modem's queue: a frame
// just ahead of it, one of each other class in the scheduler's round, and the one under way. At
// 1 Mbit/s that is 96 ms; at a rate that makes it longer than 250 ms every packet is a queue.
constexpr double kPacketsOfService = 8 * 1500 * 8;
constexpr Micros kMostService = milliseconds(250);

}  // namespace

ProbeHistory::ProbeHistory(Micros expected_rtt)
    : m_base(kBaseWindow, kBaseLimit), m_expected(expected_rtt) {}

bool ProbeHistory::observe(const ProbeSample& sample) {
  if (m_at && sample.observed_at <= *m_at) return false;
  if (m_at) {
    m_paces[m_pace_count++ % kPaces] = sample.observed_at - *m_at;
    const auto filled = static_cast<std::ptrdiff_t>(std::min(m_pace_count, kPaces));
    m_pace = *std::min_element(m_paces.begin(), m_paces.begin() + filled);
  }
  m_at = sample.observed_at;
  if (!sample.rtt || sample.rtt->count < 0) {
    ++m_lost;
    return true;
  }
  m_lost = 0;
  if (!m_last) m_expected_until = sample.observed_at + kBaseWindow;
  m_last = sample.rtt;
  m_recent[m_recent_count++ % kRecent] = *sample.rtt;
  m_base.add(sample.observed_at, *sample.rtt);
  return true;
}

void ProbeHistory::note_quiet(Micros rtt) {
  m_quiet[m_quiet_count++ % kQuiet] = rtt;
}

void ProbeHistory::adopt_recent_base() {
  if (!m_at || m_recent_count < kRecent) return;
  m_expected_until.reset();
  m_base.clear();
  m_base.add(*m_at, *std::min_element(m_recent.begin(), m_recent.end()));
  m_quiet_count = 0;  // measured on the old path
}

Micros ProbeHistory::inflation(Micros rtt) const {
  const auto smallest = base();
  if (!smallest) return Micros{0};
  const bool young = m_expected_until && *m_at < *m_expected_until;
  const Micros floor = young ? std::min(*smallest, m_expected) : *smallest;
  return std::max(rtt - floor, Micros{0});
}

// max(20 ms, half the base): what a scheduler, HARQ and a stray packet add without any queue; a
// path with a long base varies in proportion. Plus service at low rates, plus twice the variation
// seen while quiet.
Micros ProbeHistory::threshold(double rate_bps) const {
  const Micros half_base = base().value_or(m_expected) / 2;
  const Micros variation = std::min(jitter() * 2, kMostVariation);
  const Micros service{rate_bps > 1 ? static_cast<std::int64_t>(kPacketsOfService * 1e6 / rate_bps)
                                    : 0};
  return std::max({kLeastQueue, half_base, variation, std::min(service, kMostService)});
}

Micros ProbeHistory::jitter() const {
  const std::size_t filled = std::min(m_quiet_count, kQuiet);
  if (filled < 2) return Micros{0};
  std::array<Micros, kQuiet> sorted = m_quiet;
  const auto end = sorted.begin() + static_cast<std::ptrdiff_t>(filled);
  // The largest of many is an outlier; of few it is all there is.
  const std::size_t rank = filled >= 16 ? 1 : 0;
  std::sort(sorted.begin(), end, std::greater<>{});
  return sorted[rank] - sorted[filled - 1];
}

Micros ProbeHistory::away(Instant now) const {
  if (!m_at || m_pace.count == 0) return Micros{0};
  const Micros waited = now - *m_at - m_pace;
  return std::max(waited, Micros{0});
}

}  // namespace wanwise::core
