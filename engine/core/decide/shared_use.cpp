#include "engine/core/decide/shared_use.hpp"

#include "engine/core/decide/latency.hpp"

namespace wanwise::core {

namespace {

void add_tolls(Cost& cost, const Situation& situation, const Demand& demand) {
  const Toll& station = at(situation.targets, demand.target).toll;
  if (station.level != TollLevel::none) {
    cost[toll_goal(station.level)] += charge(station, demand.station.work / 1'000);
  }
  if (demand.link == kNone) return;
  const Toll& link = at(situation.links, demand.link).toll;
  if (link.level == TollLevel::none) return;
  cost[toll_goal(link.level)] += charge(link, (demand.up.work + demand.down.work) / 1'000);
}

}  // namespace

Goal toll_goal(TollLevel level) {
  switch (level) {
    case TollLevel::none:
    case TollLevel::money:
      break;
    case TollLevel::low:
      return Goal::unmet_low;
    case TollLevel::normal:
      return Goal::unmet_normal;
    case TollLevel::high:
      return Goal::unmet_high;
    case TollLevel::critical:
      return Goal::unmet_critical;
  }
  return Goal::money;
}

Cost tolls_on(const Situation& situation, const WorkloadInput& workload, const Option& option) {
  Cost cost;
  const Demand demand = demand_of(situation, workload, option);
  if (!demand.serves) return cost;
  add_tolls(cost, situation, demand);
  if (const auto spill = spill_of(situation, workload, option, workload.quantile)) {
    add_tolls(cost, situation, *spill);
  }
  return cost;
}

SiteUse use_of(const Situation& situation, const Assignment& assignment) {
  Load load(situation);
  for (Index w = 0; w < count(assignment); ++w) {
    if (at(assignment, w) == kNone) continue;
    const WorkloadInput& input = at(situation.workloads, w);
    load.add(input, at(input.options, at(assignment, w)));
  }
  SiteUse use;
  for (Index t = 0; t < count(situation.targets); ++t) {
    use.targets.push_back(load.busy_servers(t).count);
  }
  for (Index l = 0; l < count(situation.links); ++l) {
    use.links.push_back(load.link_load(l).count);
  }
  return use;
}

void charge_tolls(Situation& situation, const SiteTolls& tolls) {
  for (Index t = 0; t < count(situation.targets); ++t) {
    at(situation.targets, t).toll = tolls.targets.empty() ? Toll{} : at(tolls.targets, t);
  }
  for (Index l = 0; l < count(situation.links); ++l) {
    at(situation.links, l).toll = tolls.links.empty() ? Toll{} : at(tolls.links, l);
  }
}

}  // namespace wanwise::core
