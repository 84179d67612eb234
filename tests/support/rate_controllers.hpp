// The rate controllers that are compared on the uplink harness: ours, none, a fixed shaper, and
// the additive-increase rule that home routers run (sqm-autorate).
#pragma once

#include <algorithm>
#include <optional>

#include "engine/core/uplink/uplink_estimate.hpp"
#include "tests/support/uplink_harness.hpp"

namespace wanwise::test {

class NoShaper : public RateController {
 public:
  void observe(const Telemetry&) override {}
  [[nodiscard]] std::optional<core::Bps> wanted() const override { return std::nullopt; }
};

class FixedShaper : public RateController {
 public:
  explicit FixedShaper(core::Bps rate) : m_rate(rate) {}
  void observe(const Telemetry&) override {}
  [[nodiscard]] std::optional<core::Bps> wanted() const override { return m_rate; }

 private:
  core::Bps m_rate;
};

class TrackingShaper : public RateController {
 public:
  explicit TrackingShaper(const core::Link& link) : m_estimator(link) {}

  void observe(const Telemetry& telemetry) override {
    if (telemetry.radio) m_estimator.observe(*telemetry.radio);
    if (telemetry.probe) m_estimator.observe(*telemetry.probe);
    for (const core::ClassCounters& sample : telemetry.classes) m_estimator.observe(sample);
    m_estimator.observe(telemetry.link);
  }
  [[nodiscard]] std::optional<core::Bps> wanted() const override { return m_estimator.shaper(); }
  void in_force(core::Bps rate) override { m_estimator.shaper_in_force(rate); }
  [[nodiscard]] const core::UplinkEstimator& estimator() const { return m_estimator; }

 private:
  core::UplinkEstimator m_estimator;
};

/// Delay above the smallest by more than 30 ms, or a lost probe: a tenth less; above 3/4 of load:
/// four percent more (sqm-autorate's defaults: high load 0.8, increase on load, decrease on delay).
class AimdShaper : public RateController {
 public:
  explicit AimdShaper(const core::Link& link)
      : m_link(link), m_rate(static_cast<double>(link.uplink.count)) {}

  void observe(const Telemetry& telemetry) override {
    const double load = load_of(telemetry.link);
    if (!telemetry.probe || telemetry.probe->observed_at == m_probe_at) return;
    m_probe_at = telemetry.probe->observed_at;
    const auto rtt = telemetry.probe->rtt;
    if (rtt && (!m_base || *rtt < *m_base)) m_base = rtt;
    if (!rtt || *rtt - *m_base > core::milliseconds(30)) {
      m_rate *= 0.9;
    } else if (load > 0.75 * m_rate) {
      m_rate *= 1.04;
    }
    m_rate = std::clamp(m_rate, static_cast<double>(m_link.uplink_floor.count),
                        static_cast<double>(m_link.uplink_ceiling.count));
  }
  [[nodiscard]] std::optional<core::Bps> wanted() const override {
    return core::Bps{static_cast<std::int64_t>(m_rate)};
  }

 private:
  double load_of(const core::LinkCounters& link) {
    const double bits = static_cast<double>(link.tx_bytes - m_bytes) * 8;
    const double period = static_cast<double>((link.observed_at - m_at).count) / 1e6;
    m_bytes = link.tx_bytes;
    m_at = link.observed_at;
    return period > 0 ? bits / period : 0;
  }

  core::Link m_link;
  double m_rate;
  std::uint64_t m_bytes = 0;
  core::Instant m_at;
  core::Instant m_probe_at{-1};
  std::optional<core::Micros> m_base;
};

}  // namespace wanwise::test
