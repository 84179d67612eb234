#include "sim/baselines/site_view.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <variant>

namespace wanwise::sim {
namespace {

constexpr core::Micros kHour = core::seconds(3'600);
/// Ten times busy: more is a broken meter.
constexpr core::Ppm kMostLoad{10'000'000};
/// A million requests a second.
constexpr std::int64_t kMostArrivals = 1'000'000'000;
/// RSRP is reported between -156 and -31 dBm (3GPP TS 38.133).
constexpr core::MilliDb kLeastLevel{-200'000};

}  // namespace

core::Instant believable(core::Instant observed_at, core::Instant now) {
  return std::clamp(observed_at, now - kHour, now);
}

core::Micros believable(core::Micros rtt) {
  return std::clamp(rtt, core::Micros{0}, kHour);
}

bool admissible(const core::Model& model, core::Index workload, core::Index target,
                std::int32_t rung) {
  const core::Workload& w = core::at(model.policy.workloads, workload);
  if (rung < 0 || rung >= core::count(w.ladder)) return false;
  const core::TargetName& name = core::target_name(model, target);
  if (std::find(w.targets.begin(), w.targets.end(), name) == w.targets.end()) return false;
  if (w.residency == core::Residency::site && core::is_cloud(model, target)) return false;
  return core::target_profile(model, target).models.count(core::at(w.ladder, rung).model) > 0;
}

std::vector<core::Index> admissible_targets(const core::Model& model, core::Index workload) {
  std::vector<core::Index> found;
  for (const core::TargetName& name : core::at(model.policy.workloads, workload).targets) {
    const core::Index target = core::target_index(model, name);
    if (target != core::kNone && admissible(model, workload, target)) found.push_back(target);
  }
  return found;
}

std::vector<core::Index> by_priority(const core::Model& model) {
  std::vector<core::Index> order(model.policy.workloads.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](core::Index a, core::Index b) {
    return core::at(model.policy.workloads, a).priority <
           core::at(model.policy.workloads, b).priority;
  });
  return order;
}

SiteView::SiteView(const core::Model& model)
    : m_model(model),
      m_links(model.site.links.size()),
      m_targets(static_cast<std::size_t>(core::target_count(model))),
      m_workloads(model.policy.workloads.size()) {}

void SiteView::observe(const core::EventBody& body, core::Instant now) {
  std::visit([&](const auto& news) { on(news, now); }, body);
}

void SiteView::placed(core::Index workload, core::Index target, std::int32_t rung) {
  WorkloadNews& news = core::at(m_workloads, workload);
  news.known = true;
  news.target = target;
  news.rung = rung;
}

void SiteView::on(const core::LinkCounters& sample, core::Instant now) {
  const core::Index index = core::index_of(m_model.site.links, sample.link);
  if (index == core::kNone) return;
  LinkNews& link = core::at(m_links, index);
  link.up = sample.up;
  link.counters_before = std::move(link.counters);
  link.counters = sample;
  link.counters->observed_at = believable(sample.observed_at, now);
}

void SiteView::on(const core::RadioSample& sample, core::Instant) {
  const core::Index index = core::index_of(m_model.site.links, sample.link);
  if (index == core::kNone) return;
  LinkNews& link = core::at(m_links, index);
  link.radio = sample;
  if (sample.rsrp) link.radio->rsrp = std::clamp(*sample.rsrp, kLeastLevel, core::MilliDb{0});
}

void SiteView::on(const core::TargetSample& sample, core::Instant) {
  const core::Index index = core::target_index(m_model, sample.target);
  if (index == core::kNone) return;
  TargetNews& target = core::at(m_targets, index);
  target.reachable = sample.reachable;
  target.load.reset();
  if (sample.reachable && sample.load) {
    target.load = std::clamp(*sample.load, core::Ppm{0}, kMostLoad);
  }
}

void SiteView::on(const core::WorkloadSample& sample, core::Instant) {
  const core::Index index = core::index_of(m_model.policy.workloads, sample.workload);
  if (index == core::kNone || sample.window.count <= 0 || sample.arrived < 0) return;
  const double rate =
      static_cast<double>(sample.arrived) * 1e9 / static_cast<double>(sample.window.count);
  core::at(m_workloads, index).arrivals =
      core::MilliHz{static_cast<std::int64_t>(std::min(rate, static_cast<double>(kMostArrivals)))};
}

void SiteView::on(const core::PlacementObserved& seen, core::Instant) {
  const core::Index index = core::index_of(m_model.policy.workloads, seen.workload);
  if (index == core::kNone) return;
  const core::Index target = seen.target ? core::target_index(m_model, *seen.target) : core::kNone;
  placed(index, target, seen.rung);
}

void SiteView::on(const core::DrainRequested& request, core::Instant) {
  const core::Index index = core::target_index(m_model, request.target);
  if (index != core::kNone) core::at(m_targets, index).draining = request.drain;
}

core::Index SiteView::route(const core::RouterName& router) const {
  core::Index best = core::kNone;
  for (core::Index l = 0; l < core::count(m_links); ++l) {
    const core::Link& link = core::at(m_model.site.links, l);
    if (link.router != router || !core::at(m_links, l).up) continue;
    if (best == core::kNone || link.metric < core::at(m_model.site.links, best).metric) best = l;
  }
  return best;
}

core::Index SiteView::route(core::Index workload) const {
  const core::SourceName& name = core::at(m_model.policy.workloads, workload).sources.front();
  const core::Index source = core::index_of(m_model.site.sources, name);
  return route(core::at(m_model.site.sources, source).router);
}

bool SiteView::any_link_up() const {
  return std::any_of(m_links.begin(), m_links.end(), [](const LinkNews& l) { return l.up; });
}

}  // namespace wanwise::sim
