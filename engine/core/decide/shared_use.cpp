#include "engine/core/decide/shared_use.hpp"

#include "engine/core/decide/latency/latency.hpp"

namespace wanwise::core {

namespace {

bool tolled(const Situation& situation, Index target, Index link) {
  if (target == kNone) return false;
  const bool there = at(situation.targets, target).toll.level != TollLevel::none;
  return there || (link != kNone && at(situation.links, link).toll.level != TollLevel::none);
}

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
  const bool spills = option.splits() && tolled(situation, option.spill.target, option.spill.link);
  if (!spills && !tolled(situation, option.target, option.link)) return cost;
  const Demand demand = demand_of(situation, workload, option);
  if (!demand.serves) return cost;
  add_tolls(cost, situation, demand);
  if (const auto spill = spill_of(situation, workload, option, tail_of(workload.quantile))) {
    add_tolls(cost, situation, *spill);
  }
  return cost;
}

SiteUse use_of(const Situation& situation, const Assignment& assignment) {
  const Load load = load_of(situation, assignment);
  SiteUse use;
  for (Index t = 0; t < count(situation.targets); ++t) {
    use.targets.push_back(load.busy_servers(t).count);
  }
  for (Index l = 0; l < count(situation.links); ++l) {
    use.links.push_back(load.link_load(l).count);
  }
  return use;
}

void charge_tolls(Situation& situation, const Model& model, const SiteTolls& tolls) {
  for (TargetInput& target : situation.targets) target.toll = {};
  for (LinkInput& link : situation.links) link.toll = {};
  for (const auto& [name, toll] : tolls.targets) {
    const Index target = target_index(model, name);
    if (target != kNone) at(situation.targets, target).toll = toll;
  }
  for (const auto& [name, toll] : tolls.links) {
    const Index link = index_of(model.site.links, name);
    if (link != kNone) at(situation.links, link).toll = toll;
  }
}

}  // namespace wanwise::core
