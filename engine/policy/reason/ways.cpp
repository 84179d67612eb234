#include "engine/policy/reason/ways.hpp"

#include <algorithm>
#include <utility>

#include "engine/policy/reason/best_site.hpp"

namespace wanwise::policy {

using core::at;
using core::Index;

bool only_beyond_wan(const core::Model& model, const core::Workload& workload) {
  return std::all_of(workload.targets.begin(), workload.targets.end(), [&](const auto& name) {
    return core::is_cloud(model, core::target_index(model, name));
  });
}

std::set<core::RouterName> routers_of(const core::Model& model, const core::Workload& workload) {
  std::set<core::RouterName> routers;
  for (const core::SourceName& name : workload.sources) {
    routers.insert(at(model.site.sources, core::index_of(model.site.sources, name)).router);
  }
  return routers;
}

namespace {

void widen(Way& way, const Way& by) {
  way.name += (way.name.empty() || by.name.empty() ? "" : ", ") + by.name;
  way.links.insert(way.links.end(), by.links.begin(), by.links.end());
  way.ceiling += by.ceiling;
  way.expected += by.expected;
  way.downlink += by.downlink;
}

}  // namespace

Way way_of(const core::Model& model, const core::Router& router, bool all) {
  Way way;
  for (Index l = 0; l < core::count(model.site.links); ++l) {
    const core::Link& link = at(model.site.links, l);
    if (link.router != router.name) continue;
    const auto take = [&](core::Bps& sum, core::Bps rate) {
      sum = all ? sum + rate : std::max(sum, rate);
    };
    take(way.ceiling, link.uplink_ceiling);
    take(way.expected, link.uplink);
    take(way.downlink, link.downlink);
    way.name += (way.name.empty() ? "" : ", ") + link.name.text;
    way.links.push_back(l);
  }
  return way;
}

std::vector<Way> ways(const Case& c) {
  const core::Model& model = c.subject.model;
  std::vector<Way> all;
  Way whole;
  const bool trunks = !model.site.trunks.empty();
  for (const core::Router& router : model.site.routers) {
    Way way = way_of(model, router, router.steers || trunks);
    widen(whole, way);
    for (const Index w : c.subject.in_order) {
      const core::Workload& workload = at(model.policy.workloads, w);
      if (at(c.hopeless, w) == 0 && only_beyond_wan(model, workload) &&
          routers_of(model, workload) == std::set{router.name}) {
        way.workloads.push_back(w);
      }
    }
    if (!trunks && !way.name.empty()) all.push_back(std::move(way));
  }
  if (!trunks && model.site.routers.size() == 1) return all;
  for (const Index w : c.subject.in_order) {
    if (at(c.hopeless, w) == 0 && only_beyond_wan(model, at(model.policy.workloads, w))) {
      whole.workloads.push_back(w);
    }
  }
  all.push_back(std::move(whole));
  return all;
}

std::vector<Asked> asked_of(const core::Model& model, const std::vector<Index>& workloads,
                            core::Bytes core::Workload::*message) {
  std::vector<Asked> asked;
  for (const Index w : workloads) {
    const core::Workload& workload = at(model.policy.workloads, w);
    const auto least =
        std::min_element(workload.ladder.begin(), workload.ladder.end(),
                         [](const core::Rung& a, const core::Rung& b) { return a.rate < b.rate; });
    asked.push_back({w, wire_rate(least->rate, workload.*message).count,
                     wire_rate(workload.rate, workload.*message).count});
  }
  return asked;
}

}  // namespace wanwise::policy
