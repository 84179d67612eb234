#include "sim/baselines/oracle_view.hpp"

#include <algorithm>

#include "engine/core/check.hpp"

namespace wanwise::sim {
namespace {

/// How finely the story's factors and the radio's service are looked at.
constexpr core::Micros kStep = core::milliseconds(500);
/// What an opportunity of a trace moves.
constexpr std::int64_t kOpportunityBits = 1'500 * 8;

const core::LinkName& named_by(const UplinkChange& change) {
  return change.link;
}
const core::WorkloadName& named_by(const DemandChange& change) {
  return change.workload;
}
const core::TargetName& named_by(const ThrottleChange& change) {
  return change.target;
}

/// Opportunities in [0, until) of a trace that repeats.
std::int64_t opportunities(const RateTrace& trace, core::Micros until) {
  const std::int64_t rounds = until.count / trace.period.count;
  const core::Micros rest{until.count % trace.period.count};
  const auto end = std::lower_bound(trace.opportunities.begin(), trace.opportunities.end(), rest);
  return rounds * static_cast<std::int64_t>(trace.opportunities.size()) +
         (end - trace.opportunities.begin());
}

/// Down to four significant bits: what differs by less than 1/8 is the same situation.
core::Bps coarse(core::Bps rate) {
  std::int64_t unit = 1;
  while (rate.count / unit >= 16) unit *= 2;
  return core::Bps{rate.count / unit * unit};
}

const LinkTraces& traces_of(const WorldConfig& config, const core::LinkName& link) {
  const auto found = std::find_if(config.links.begin(), config.links.end(),
                                  [&](const LinkTraces& traces) { return traces.link == link; });
  WANWISE_CHECK(found != config.links.end());
  return *found;
}

}  // namespace

OracleView::OracleView(const Foresight& foresight) : m_foresight(foresight) {
  WANWISE_CHECK(foresight.world != nullptr && foresight.config != nullptr &&
                foresight.story != nullptr);
}

template <class Change, class Named>
core::Ppm OracleView::factor(const Named& named, core::Micros from, core::Micros to,
                             bool largest) const {
  core::Ppm at_first = core::kWhole;
  std::vector<core::Ppm> later;
  for (const TimedDisturbance& step : *m_foresight.story) {
    const auto* change = std::get_if<Change>(&step.what);
    if (change == nullptr || named_by(*change) != named || step.at >= to) continue;
    if (step.at <= from) {
      at_first = change->factor;
      later.clear();
    } else {
      later.push_back(change->factor);
    }
  }
  for (const core::Ppm other : later) {
    at_first = largest ? std::max(at_first, other) : std::min(at_first, other);
  }
  return at_first;
}

core::Bps OracleView::uplink(core::Index link, core::Micros ahead) const {
  const core::LinkName& name = core::at(model().site.links, link).name;
  const RateTrace& trace = traces_of(*m_foresight.config, name).uplink;
  const core::Micros end = now() + ahead;
  double bits = 0;
  for (core::Micros from = now(); from < end; from += kStep) {
    const core::Micros to = std::min(end, from + kStep);
    const std::int64_t moved = opportunities(trace, to) - opportunities(trace, from);
    const core::Ppm of_trace = factor<UplinkChange>(name, from, to, false);
    bits +=
        static_cast<double>(moved * kOpportunityBits) * static_cast<double>(of_trace.count) / 1e6;
  }
  return core::Bps{static_cast<std::int64_t>(bits * 1e6 / static_cast<double>(ahead.count))};
}

bool OracleView::in_service(core::Index link, core::Micros at) const {
  const auto& radio = traces_of(*m_foresight.config, core::at(model().site.links, link).name).radio;
  if (!radio || radio->points.empty()) return true;
  const core::Micros offset{at.count % radio->period.count};
  const auto after = std::upper_bound(
      radio->points.begin(), radio->points.end(), offset,
      [](core::Micros time, const RadioPoint& point) { return time < point.offset; });
  return after == radio->points.begin() || (after - 1)->reading.in_service;
}

bool OracleView::shut(core::Index link, core::Micros ahead) const {
  const core::Link& it = core::at(model().site.links, link);
  bool down = !m_foresight.world->interface(it.interface).up;
  for (const TimedDisturbance& step : *m_foresight.story) {
    const auto* change = std::get_if<LinkChange>(&step.what);
    if (change == nullptr || change->link != it.name) continue;
    if (step.at >= now() && step.at < now() + ahead) down = down || !change->up;
  }
  return down;
}

core::LinkView OracleView::link_view(core::Index link, core::Micros ahead) const {
  core::LinkView view;
  view.availability = core::Availability::up;
  for (core::Micros at = now(); at < now() + ahead; at += kStep) {
    if (!in_service(link, at)) view.availability = core::Availability::down;
  }
  if (shut(link, ahead)) view.availability = core::Availability::down;
  view.uplink = std::max(core::Bps{1}, coarse(uplink(link, ahead)));
  view.shaper = view.planned = view.uplink;
  view.rtt = core::at(model().site.links, link).rtt;
  return view;
}

core::Ppm OracleView::slowdown(core::Index target, const core::PowerModeName& mode) const {
  for (const core::PowerMode& known : core::target_profile(model(), target).power_modes) {
    if (known.name == mode) return known.slowdown;
  }
  return core::kWhole;
}

core::TargetView OracleView::target_view(core::Index target, core::Micros ahead) const {
  const core::TargetName& name = core::target_name(model(), target);
  const core::TargetSample sample = m_foresight.world->target(name);
  core::TargetView view;
  if (!sample.reachable) view.health = core::Health::dead;
  core::Ppm by_mode = sample.power_mode ? slowdown(target, *sample.power_mode) : core::kWhole;
  core::Ppm by_heat = sample.throttle.value_or(core::kWhole);
  for (const TimedDisturbance& step : *m_foresight.story) {
    // What is due at this very moment has not happened to the world yet.
    if (step.at < now() || step.at >= now() + ahead) continue;
    if (const auto* alive = std::get_if<AliveChange>(&step.what)) {
      if (alive->target == name && !alive->alive) view.health = core::Health::dead;
    } else if (const auto* mode = std::get_if<PowerModeChange>(&step.what)) {
      if (mode->target == name) by_mode = std::max(by_mode, slowdown(target, mode->mode));
    }
  }
  by_heat = std::max(by_heat, factor<ThrottleChange>(name, now(), now() + ahead, true));
  view.slowdown = core::Ppm{by_mode.count * by_heat.count / core::kWhole.count};
  return view;
}

core::WorkloadView OracleView::workload_view(core::Index workload, core::Micros ahead) const {
  const core::Workload& it = core::at(model().policy.workloads, workload);
  const core::PlacementObserved seen = m_foresight.world->placement(it.name);
  core::WorkloadView view;
  if (seen.target) view.place = core::spot_of(model(), {seen.target, seen.rung});
  const core::Ppm demand = factor<DemandChange>(it.name, now(), now() + ahead, true);
  const double rate = static_cast<double>(it.rate.count) * static_cast<double>(demand.count) / 1e6;
  view.demand = core::MilliHz{static_cast<std::int64_t>(rate)};
  return view;
}

core::Views OracleView::look(core::Micros ahead) const {
  core::Views views;
  for (core::Index l = 0; l < core::count(model().site.links); ++l) {
    views.links.push_back(link_view(l, ahead));
  }
  for (core::Index t = 0; t < core::target_count(model()); ++t) {
    views.targets.push_back(target_view(t, ahead));
  }
  for (core::Index w = 0; w < core::count(model().policy.workloads); ++w) {
    views.workloads.push_back(workload_view(w, ahead));
  }
  return views;
}

}  // namespace wanwise::sim
