#include "sim/baselines/autorate_rule.hpp"

#include <algorithm>
#include <numeric>

namespace wanwise::sim {
namespace {

/// The script adds the time of a full packet at the present rate to its thresholds.
constexpr double kPacketBits = 1'500 * 8;

double micros(core::Micros time) {
  return static_cast<double>(time.count);
}

/// 0 to 1; a span that is turned round counts as passed.
double share(double part, double span) {
  return span <= 0 ? 1.0 : std::clamp(part / span, 0.0, 1.0);
}

bool passed(const std::optional<core::Instant>& since, core::Micros wait, core::Instant now) {
  return !since || now - *since > wait;
}

}  // namespace

AutorateRule::AutorateRule(AutorateSettings settings)
    : m_settings(settings), m_rate(settings.base), m_deltas(settings.window, 0.0) {}

void AutorateRule::sent(double rate) {
  m_sent = rate;
  m_sent_is_new = true;
}

void AutorateRule::answered(core::Micros rtt, core::Instant now) {
  const double owd = micros(rtt) / 2;
  if (!m_baseline_us) m_baseline_us = owd;
  const double alpha = owd >= *m_baseline_us ? m_settings.baseline_rise : m_settings.baseline_fall;
  m_baseline_us = alpha * owd + (1 - alpha) * *m_baseline_us;
  delay(owd - *m_baseline_us, now);
}

void AutorateRule::overdue(core::Micros at_least, core::Instant now) {
  delay(micros(at_least) / 2 - m_baseline_us.value_or(0), now);
}

double AutorateRule::threshold_us() const {
  return micros(m_settings.delay_threshold) + kPacketBits * 1e6 / m_rate;
}

void AutorateRule::delay(double owd_delta_us, core::Instant now) {
  m_deltas.push_back(owd_delta_us);
  m_deltas.pop_front();
  adjust(now);
  m_rate = std::clamp(m_rate, m_settings.least, m_settings.most);
}

void AutorateRule::adjust(core::Instant now) {
  const double threshold = threshold_us();
  const auto delayed = static_cast<std::size_t>(std::count_if(
      m_deltas.begin(), m_deltas.end(), [&](double delta) { return delta > threshold; }));
  const double average =
      std::accumulate(m_deltas.begin(), m_deltas.end(), 0.0) / static_cast<double>(m_deltas.size());
  const bool calm = passed(m_last_cut, m_settings.bloat_refractory, now);
  if (delayed >= m_settings.delayed) {
    if (calm) cut(average, threshold, now);
  } else if (m_sent > m_settings.high_load * m_rate) {
    if (calm && m_sent_is_new) raise(average, threshold, now);
  } else if (passed(m_last_change, m_settings.decay_refractory, now)) {
    decay(now);
  }
}

void AutorateRule::cut(double average, double threshold, core::Instant now) {
  const double most_above = micros(m_settings.most_down_above) + kPacketBits * 1e6 / m_rate;
  const double factor = share(average - threshold, most_above - threshold);
  m_rate *= m_settings.least_down - factor * (m_settings.least_down - m_settings.most_down);
  m_last_cut = m_last_change = now;
}

void AutorateRule::raise(double average, double threshold, core::Instant now) {
  const double most_below = micros(m_settings.most_up_below) + kPacketBits * 1e6 / m_rate;
  const double factor = share(threshold - average, threshold - most_below);
  m_rate *= m_settings.least_up + factor * (m_settings.most_up - m_settings.least_up);
  m_sent_is_new = false;
  m_last_change = now;
}

void AutorateRule::decay(core::Instant now) {
  if (m_rate > m_settings.base) {
    m_rate = std::max(m_settings.base, m_rate * m_settings.idle_down);
  } else if (m_rate < m_settings.base) {
    m_rate = std::min(m_settings.base, m_rate * m_settings.idle_up);
  }
  m_last_change = now;
}

}  // namespace wanwise::sim
