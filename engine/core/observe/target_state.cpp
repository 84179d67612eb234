#include "engine/core/observe/target_state.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/observe/quantise.hpp"

namespace wanwise::core {
namespace {

/// Heat may slow an accelerator at most this much before the number is taken for a broken sensor.
constexpr Ppm kMostThrottle{20'000'000};

}  // namespace

TargetState::TargetState(TargetName name, const DeviceProfile& profile, PowerModeName assumed,
                         bool reports, Micros stale_after)
    : m_name(std::move(name)),
      m_profile(&profile),
      m_mode(std::move(assumed)),
      m_reports(reports),
      m_liveness(stale_after) {
  m_view.slowdown = slowdown();
}

void TargetState::observe(const TargetSample& sample) {
  if (m_seen_at && sample.observed_at < *m_seen_at) return;
  m_seen_at = sample.observed_at;
  m_liveness.observe(sample);
  if (!sample.reachable) return;
  m_last_good = sample;
  if (!sample.power_mode) return;
  const auto& modes = m_profile->power_modes;
  m_unknown_mode = std::none_of(modes.begin(), modes.end(), [&](const PowerMode& mode) {
    return mode.name == *sample.power_mode;
  });
  if (!m_unknown_mode) m_mode = *sample.power_mode;
}

Ppm TargetState::slowdown() const {
  const auto& modes = m_profile->power_modes;
  const auto mode = std::find_if(modes.begin(), modes.end(),
                                 [&](const PowerMode& m) { return m.name == m_mode; });
  const Ppm by_mode = mode != modes.end() ? mode->slowdown : kWhole;
  const Ppm by_heat = m_last_good ? m_last_good->throttle.value_or(kWhole) : kWhole;
  const std::int64_t heat = std::clamp(by_heat.count, kWhole.count, kMostThrottle.count);
  return Ppm{by_mode.count * heat / kWhole.count};
}

bool TargetState::refresh(Instant now) {
  TargetView fresh;
  m_looked_at = now;
  fresh.health = m_liveness.health(now);
  fresh.draining = m_draining;
  fresh.slowdown = Ppm{sticky_up(m_view.slowdown.count, slowdown().count)};
  const bool changed = fresh != m_view;
  m_view = fresh;
  return changed;
}

TargetStatus TargetState::status() const {
  TargetStatus status;
  status.name = m_name;
  status.known = m_view.health != Health::unknown && reported();
  status.alive = m_view.health == Health::alive;
  status.draining = m_view.draining;
  status.slowdown = m_view.slowdown;
  if (m_last_good) status.load = m_last_good->load;
  if (const auto& port = m_liveness.port()) status.port_up = port->up;
  if (const auto& node = m_liveness.node()) {
    status.node_ready = node->ready;
    status.heartbeat_age = node->heartbeat_age;
  }
  return status;
}

void TargetState::append_degradations(std::vector<Degradation>& out) const {
  const std::string& name = m_name.text;
  switch (m_view.health) {
    case Health::alive:
      break;
    case Health::dead:
      out.push_back({"target-dead", name, m_liveness.reason(m_looked_at)});
      break;
    case Health::unknown:
      out.push_back({"target-blind", name, m_liveness.reason(m_looked_at)});
      break;
  }
  if (m_liveness.exporter_dead(m_looked_at)) {
    out.push_back({"exporter-dead", name, "scrapes fail, but the node's heartbeats go on"});
  }
  if (m_reports && !m_last_good) {
    out.push_back({"no-metrics", name, "never scraped; power mode " + m_mode.text + " is assumed"});
  }
  if (m_unknown_mode) {
    out.push_back({"unknown-power-mode", name,
                   m_last_good->power_mode->text + " is not in profile " + m_profile->name.text +
                       "; " + m_mode.text + " is assumed"});
  }
}

}  // namespace wanwise::core
