#include "tests/support/uplink_harness.hpp"

#include <algorithm>
#include <cmath>

namespace wanwise::test {
namespace {

constexpr double kStepMs = 1;
constexpr std::int64_t kModemRing = 8 * 1500;
constexpr std::int64_t kProbeBytes = 64;
// Quanta of the two remaining lanes: 60 % and 40 %.
constexpr std::array<std::int64_t, kLanes> kQuantum = {0, 1800, 1200};

core::Instant instant(double ms) {
  return core::Instant{std::llround(ms * 1000)};
}

std::size_t index(Lane lane) {
  return static_cast<std::size_t>(lane);
}

}  // namespace

double UplinkResult::delay_ms(double quantile) const {
  const auto all =
      static_cast<double>(priority_delay_ms.size()) + static_cast<double>(priority_lost);
  const auto rank = static_cast<std::size_t>(quantile * all);
  return rank < priority_delay_ms.size() ? priority_delay_ms[rank] : 1e9;
}

double UplinkResult::shaper_at(double second) const {
  const auto at = static_cast<std::size_t>(second * 10);
  return shaper_bps.at(std::min(at, shaper_bps.size() - 1));
}

double UplinkResult::mean_shaper(double from, double to) const {
  double sum = 0;
  int count = 0;
  for (double t = from; t < to; t += 0.1, ++count) sum += shaper_at(t);
  return sum / count;
}

std::size_t UplinkResult::most_writes_a_minute() const {
  std::size_t most = 0;
  for (std::size_t first = 1, last = 1; last < writes.size(); ++last) {
    while (writes[last].at - writes[first].at >= 60) ++first;
    most = std::max(most, last - first + 1);
  }
  return most;
}

std::optional<double> UplinkResult::first_below(double from, double bps) const {
  for (auto i = static_cast<std::size_t>(from * 10); i < shaper_bps.size(); ++i) {
    if (shaper_bps[i] <= bps) return static_cast<double>(i) / 10;
  }
  return std::nullopt;
}

std::optional<double> UplinkResult::first_above(double from, double bps) const {
  for (auto i = static_cast<std::size_t>(from * 10); i < shaper_bps.size(); ++i) {
    if (shaper_bps[i] >= bps) return static_cast<double>(i) / 10;
  }
  return std::nullopt;
}

void UplinkHarness::reset() {
  m_result = {};
  m_lanes = {};
  m_flows.assign(m_config.flows.size(), {});
  m_modem.clear();
  m_modem_bytes = 0;
  m_radio_credit = m_shaper_credit = m_wraps_ms = 0;
  m_opportunity = 0;
  m_tx_bytes = 0;
  m_pending.reset();
  m_probe_sent.reset();
  m_probe_result.reset();
  m_probe_result_at.reset();
  m_random.seed(m_config.seed);
}

UplinkResult UplinkHarness::run(RateController& controller) {
  reset();
  if (const auto start = controller.wanted()) {
    m_shaper = static_cast<double>(start->count);
    controller.in_force(*start);
    m_result.writes.push_back({0, *m_shaper});
  }
  double next_telemetry = m_config.telemetry_phase_ms;
  double next_probe = m_config.probe_phase_ms;
  double next_note = 0;
  for (double now = 0; now < m_config.seconds * 1000; now += kStepMs) {
    // Within the millisecond the probe comes before or after the others, at random:
    // at a full queue it finds the place of the packet that just left four times in five.
    const bool probe_first = m_random() % 5 != 0;
    if (!probe_first) arrive(now);
    if (now >= next_probe) {
      probe(now);
      next_probe += m_config.probe_ms;
    }
    if (probe_first) arrive(now);
    shape(now);
    radiate(now);
    if (m_pending && now >= m_pending_at) commit(now, controller);
    if (now >= next_telemetry) {
      telemeter(now, controller);
      next_telemetry += m_config.telemetry_ms;
    }
    if (now >= next_note) {
      m_result.shaper_bps.push_back(m_shaper.value_or(m_config.interface_bps));
      next_note += 100;
    }
  }
  std::sort(m_result.priority_delay_ms.begin(), m_result.priority_delay_ms.end());
  return m_result;
}

void UplinkHarness::arrive(double now) {
  for (std::size_t i = 0; i < m_flows.size(); ++i) {
    const Flow& flow = m_config.flows[i];
    if (flow.active && !flow.active(now / 1000)) continue;
    double& credit = m_flows[i].credit_bits;
    credit += flow.bps * kStepMs / 1000;
    const auto burst = static_cast<double>(flow.burst * flow.bytes * 8);
    while (credit >= burst) {
      credit -= burst;
      for (std::int64_t n = 0; n < flow.burst; ++n) push({flow.lane, flow.bytes, now, false});
    }
  }
}

void UplinkHarness::push(const Packet& packet) {
  LaneState& lane = m_lanes[index(packet.lane)];
  if (static_cast<std::int64_t>(lane.queue.size()) >= m_config.lane_packets) {
    lane.drop_bytes += static_cast<std::uint64_t>(packet.bytes);
    if (packet.lane == Lane::priority) ++m_result.priority_lost;
    return;
  }
  lane.queue.push_back(packet);
}

UplinkHarness::LaneState* UplinkHarness::next_lane() {
  LaneState& first = m_lanes[index(Lane::priority)];
  if (!first.queue.empty()) return &first;
  if (m_lanes[1].queue.empty() && m_lanes[2].queue.empty()) return nullptr;
  for (;;) {
    LaneState& lane = m_lanes[1 + m_turn];
    if (!lane.queue.empty() && lane.deficit >= lane.queue.front().bytes) return &lane;
    if (lane.queue.empty()) lane.deficit = 0;
    m_turn = 1 - m_turn;
    LaneState& next = m_lanes[1 + m_turn];
    if (!next.queue.empty()) next.deficit += kQuantum[1 + m_turn];
  }
}

void UplinkHarness::shape(double) {
  const double bps = m_shaper.value_or(m_config.interface_bps);
  m_shaper_credit += bps * kStepMs / 1000;
  while (m_shaper_credit > 0) {
    if (m_config.modem_pushes_back && m_modem_bytes >= kModemRing) break;
    LaneState* lane = next_lane();
    if (lane == nullptr) break;
    const Packet packet = lane->queue.front();
    lane->queue.pop_front();
    if (packet.lane != Lane::priority) lane->deficit -= packet.bytes;
    lane->tx_bytes += static_cast<std::uint64_t>(packet.bytes);
    m_shaper_credit -= static_cast<double>(packet.bytes * 8);
    m_tx_bytes += static_cast<std::uint64_t>(packet.bytes);
    if (m_modem_bytes + packet.bytes > m_config.modem_bytes) {
      if (packet.lane == Lane::priority) ++m_result.priority_lost;
      if (packet.probe) m_probe_doomed = true;
      continue;
    }
    m_modem.push_back(packet);
    m_modem_bytes += packet.bytes;
  }
  // IOS XE's Bc is 4 ms of the rate: unused credit beyond it is lost.
  m_shaper_credit = std::min(m_shaper_credit, bps * 0.004);
}

double UplinkHarness::radio_bits(double now) {
  if (m_config.opportunities.empty()) return m_config.bps_at(now / 1000) * kStepMs / 1000;
  double bits = 0;
  const auto& list = m_config.opportunities;
  while (static_cast<double>(list[m_opportunity]) + m_wraps_ms <= now) {
    bits += 1500 * 8;
    if (++m_opportunity == list.size()) {
      m_opportunity = 0;
      m_wraps_ms += static_cast<double>(std::max<std::int64_t>(list.back(), 1));
    }
  }
  return bits;
}

void UplinkHarness::radiate(double now) {
  const double bits = radio_bits(now);
  m_result.possible_bits += bits;
  m_radio_credit += bits;
  while (!m_modem.empty() && m_radio_credit >= static_cast<double>(m_modem.front().bytes * 8)) {
    const Packet packet = m_modem.front();
    m_modem.pop_front();
    m_modem_bytes -= packet.bytes;
    m_radio_credit -= static_cast<double>(packet.bytes * 8);
    depart(packet, now);
  }
  if (m_modem.empty()) m_radio_credit = std::min(m_radio_credit, 0.0);
}

void UplinkHarness::depart(const Packet& packet, double now) {
  m_result.delivered_bits += static_cast<double>(packet.bytes * 8);
  if (packet.lane == Lane::priority) m_result.priority_delay_ms.push_back(now - packet.born);
  if (!packet.probe || !m_probe_sent || packet.born != *m_probe_sent || m_probe_doomed) return;
  const double rtt = now - packet.born + base_rtt(now);
  if (rtt > m_config.probe_timeout_ms) return;
  m_probe_result = core::ProbeSample{core::LinkName{"lte"}, instant(packet.born),
                                     core::Micros{std::llround(rtt * 1000)}};
  m_probe_result_at = packet.born + rtt;
  m_probe_sent.reset();
}

double UplinkHarness::base_rtt(double now) {
  const double base =
      m_config.base_rtt_at ? m_config.base_rtt_at(now / 1000) : m_config.base_rtt_ms;
  const auto part = static_cast<double>(m_random() % 1000) / 1000;
  return base + part * m_config.rtt_noise_ms;
}

void UplinkHarness::probe(double now) {
  if (m_probe_sent) {  // the one before ran into its timeout, which is not above the frequency
    m_probe_result = core::ProbeSample{core::LinkName{"lte"}, instant(*m_probe_sent), std::nullopt};
    m_probe_result_at = *m_probe_sent + m_config.probe_timeout_ms;
  }
  m_probe_sent = now;
  m_probe_doomed = static_cast<double>(m_random() % 1'000'000) < m_config.probe_loss * 1e6;
  const LaneState& lane = m_lanes[index(Lane::other)];
  if (static_cast<std::int64_t>(lane.queue.size()) >= m_config.lane_packets) m_probe_doomed = true;
  push({Lane::other, kProbeBytes, now, true});
}

void UplinkHarness::telemeter(double now, RateController& controller) {
  Telemetry telemetry;
  telemetry.link = {core::LinkName{"lte"}, instant(now), true, m_tx_bytes, 0, 0};
  static constexpr std::array<const char*, kLanes> kNames = {"realtime", "video", "class-default"};
  for (std::size_t i = 0; i < kLanes; ++i) {
    std::uint64_t standing = 0;
    for (const Packet& packet : m_lanes[i].queue) {
      standing += static_cast<std::uint64_t>(packet.bytes);
    }
    telemetry.classes.push_back({core::LinkName{"lte"}, core::ClassName{kNames[i]}, instant(now),
                                 m_lanes[i].tx_bytes, m_lanes[i].drop_bytes, standing});
  }
  if (m_probe_result && m_probe_result_at && *m_probe_result_at <= now) {
    telemetry.probe = m_probe_result;
  }
  if (m_config.radio_at) telemetry.radio = m_config.radio_at(now / 1000);
  controller.observe(telemetry);
  const auto wanted = controller.wanted();
  if (!wanted || m_pending || static_cast<double>(wanted->count) == m_shaper.value_or(-1)) return;
  m_pending = wanted;
  m_pending_at = now + m_config.commit_ms;
}

void UplinkHarness::commit(double now, RateController& controller) {
  m_shaper = static_cast<double>(m_pending->count);
  m_result.writes.push_back({now / 1000, *m_shaper});
  controller.in_force(*m_pending);
  m_pending.reset();
}

}  // namespace wanwise::test
