#include "engine/core/decide/path/steering.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

#include "engine/core/model_index.hpp"

namespace wanwise::core {
namespace {

/// Flows of the workload's sources on the router to the cloud: sorted, unique.
std::vector<FlowMatch> flows_of(const Model& model, Index router, Index workload, Index cloud) {
  const Workload& w = at(model.policy.workloads, workload);
  const Cloud& to = at(model.site.clouds, cloud);
  std::vector<FlowMatch> flows;
  for (const SourceName& name : w.sources) {
    const Source& source = at(model.site.sources, index_of(model.site.sources, name));
    if (source.router != at(model.site.routers, router).name) continue;
    flows.push_back({w.transport, source.prefix, to.address, w.port});
  }
  std::sort(flows.begin(), flows.end());
  flows.erase(std::unique(flows.begin(), flows.end()), flows.end());
  return flows;
}

const SteeringRule* rule_for(const std::vector<SteeringRule>& rules, const FlowMatch& flow) {
  for (const SteeringRule& rule : rules) {
    if (std::binary_search(rule.flows.begin(), rule.flows.end(), flow)) return &rule;
  }
  return nullptr;
}

template <class Things>
auto name_of(const Things& things, Index index) -> std::optional<decltype(things.front().name)> {
  if (index == kNone) return std::nullopt;
  return at(things, index).name;
}

}  // namespace

Index link_in_force(const Model& model, const Topology& topology, Index router,
                    const std::vector<SteeringRule>& rules, Index workload, Index cloud) {
  const std::vector<FlowMatch> flows = flows_of(model, router, workload, cloud);
  const SteeringRule* rule = flows.empty() ? nullptr : rule_for(rules, flows.front());
  if (rule != nullptr) {
    const auto usable = [&](const LinkName& name) {
      const Index link = index_of(model.site.links, name);
      return link != kNone && topology.link_up(link) ? link : kNone;
    };
    if (const Index link = usable(rule->via); link != kNone) return link;
    if (rule->backup) {
      if (const Index link = usable(*rule->backup); link != kNone) return link;
    }
  }
  return topology.preferred_link(router);
}

PathDemand path_demand(const Workload& workload, MilliHz rate) {
  // Of one message and of all, beyond any real one, so that their product stays in range.
  constexpr std::int64_t kMostBytes = 1'000'000'000;
  constexpr std::int64_t kMostRate = 1'000'000'000;
  const auto bits = [&](Bytes size) {
    const std::int64_t bytes = std::clamp<std::int64_t>(size.count, 0, kMostBytes);
    return Bps{bytes * 8 / 1'000 * std::clamp<std::int64_t>(rate.count, 0, kMostRate) +
               bytes * 8 % 1'000 * std::clamp<std::int64_t>(rate.count, 0, kMostRate) / 1'000};
  };
  return {bits(workload.request), bits(workload.response), std::nullopt};
}

/// `link` and `trunk`: where the router sends the way's packets; the backup where it is on its way.
struct SteeringPlan::Turn {
  bool on_way = false;
  Index link = kNone;
  Index trunk = kNone;
  Index backup = kNone;
  Index backup_trunk = kNone;
};

SteeringPlan::SteeringPlan(const Model& model, Topology& topology)
    : m_model(model), m_topology(topology) {
  for (const Router& router : model.site.routers) m_steers = m_steers || router.steers;
  if (m_steers) m_ways.resize(model.policy.workloads.size() * model.site.clouds.size());
}

SteeringPlan::Way& SteeringPlan::way(Index workload, Index cloud) {
  return at(m_ways, workload * count(m_model.site.clouds) + cloud);
}

const SteeringPlan::Way& SteeringPlan::way(Index workload, Index cloud) const {
  return at(m_ways, workload * count(m_model.site.clouds) + cloud);
}

void SteeringPlan::choose(Index workload, Index target, Index link, MilliHz rate) {
  if (target == kNone || link == kNone || !is_cloud(m_model, target)) return;
  Way& kept = way(workload, target - count(m_model.site.nodes));
  kept.demand = path_demand(at(m_model.policy.workloads, workload), rate);
  const bool holds = kept.link == link && kept.backup != kNone && m_topology.link_up(kept.backup);
  if (!holds) {
    kept.backup = m_topology.backup(workload, target, link, LinkChoice::steered, kept.demand);
  }
  kept.link = link;
}

bool SteeringPlan::in_use(Index workload, Index target, const Option* chosen,
                          const Views& views) const {
  if (chosen != nullptr && chosen->target == target) return true;
  if (chosen != nullptr && chosen->spill.share.count > 0 && chosen->spill.target == target) {
    return true;
  }
  const auto& place = at(views.workloads, workload).place;
  return place && place->uses(target);
}

void SteeringPlan::follow(const Situation& situation, const Decision& decision, const Views& views,
                          const std::vector<bool>& moving) {
  if (!m_steers) return;
  for (Index w = 0; w < count(situation.workloads); ++w) {
    const Index index = at(decision.chosen, w);
    const Option* chosen =
        index == kNone ? nullptr : &at(at(situation.workloads, w).options, index);
    if (chosen != nullptr) {
      choose(w, chosen->target, chosen->link, chosen->rate);
      if (chosen->spill.share.count > 0) {
        choose(w, chosen->spill.target, chosen->spill.link, chosen->rate);
      }
    }
    // While it moves, its old place still serves.
    if (moving[static_cast<std::size_t>(w)]) continue;
    for (Index c = 0; c < count(m_model.site.clouds); ++c) {
      if (!in_use(w, count(m_model.site.nodes) + c, chosen, views)) way(w, c) = {};
    }
  }
}

SteeringPlan::Turn SteeringPlan::turn(Index router, Index source_router, const Way& way) const {
  Turn turn;
  const auto find = [&](Index link) -> std::optional<Index> {
    if (link == kNone) return std::nullopt;
    for (const RouterStep& step :
         m_topology.way(source_router, link, LinkChoice::steered, way.demand)) {
      if (step.router == router) return step.trunk;
    }
    return std::nullopt;
  };
  if (const auto trunk = find(way.link)) {
    turn = {true, way.link, *trunk, kNone, kNone};
    if (const auto backup = find(way.backup)) {
      turn.backup = way.backup;
      turn.backup_trunk = *backup;
    }
  }
  return turn;
}

bool SteeringPlan::plain(Index router, const Turn& turn) const {
  const auto routed = [&](Index without, Index link, Index trunk) {
    return m_topology.plain_link(router, without) == link &&
           m_topology.plain_trunk(router, link) == trunk;
  };
  if (!routed(kNone, turn.link, turn.trunk)) return false;
  return turn.backup == kNone || routed(turn.link, turn.backup, turn.backup_trunk);
}

void SteeringPlan::add_rules(Index router, Index workload, Index cloud, const Way& way,
                             std::vector<SteeringRule>& rules) const {
  for (const std::size_t source : m_topology.source_routers(workload)) {
    const auto source_router = static_cast<Index>(source);
    const Turn turn = this->turn(router, source_router, way);
    if (!turn.on_way || plain(router, turn)) continue;
    SteeringRule rule;
    rule.via = at(m_model.site.links, turn.link).name;
    rule.trunk = name_of(m_model.site.trunks, turn.trunk);
    rule.backup = name_of(m_model.site.links, turn.backup);
    rule.backup_trunk = name_of(m_model.site.trunks, turn.backup_trunk);
    rule.flows = flows_of(m_model, source_router, workload, cloud);
    rules.push_back(std::move(rule));
  }
}

std::vector<SteeringRule> SteeringPlan::rules(Index router) const {
  std::vector<SteeringRule> rules;
  if (!m_steers || !at(m_model.site.routers, router).steers) return rules;
  for (Index w = 0; w < count(m_model.policy.workloads); ++w) {
    for (Index c = 0; c < count(m_model.site.clouds); ++c) {
      const Way& wanted = way(w, c);
      if (wanted.link != kNone) add_rules(router, w, c, wanted, rules);
    }
  }
  const auto key = [](const SteeringRule& rule) {
    return std::tie(rule.via, rule.trunk, rule.backup, rule.backup_trunk);
  };
  std::stable_sort(rules.begin(), rules.end(),
                   [&](const SteeringRule& a, const SteeringRule& b) { return key(a) < key(b); });
  std::vector<SteeringRule> merged;
  for (SteeringRule& rule : rules) {
    if (merged.empty() || key(merged.back()) != key(rule)) {
      merged.push_back(std::move(rule));
      continue;
    }
    auto& flows = merged.back().flows;
    flows.insert(flows.end(), rule.flows.begin(), rule.flows.end());
  }
  for (SteeringRule& rule : merged) {
    std::sort(rule.flows.begin(), rule.flows.end());
    rule.flows.erase(std::unique(rule.flows.begin(), rule.flows.end()), rule.flows.end());
  }
  return merged;
}

}  // namespace wanwise::core
