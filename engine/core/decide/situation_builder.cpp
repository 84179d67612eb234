#include "engine/core/decide/situation_builder.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "engine/core/model_index.hpp"

namespace wanwise::core {
namespace {

Micros scaled(Micros time, Ppm factor) {
  return Micros{(time.count * factor.count + kWhole.count - 1) / kWhole.count};
}

bool runs_there(const WorkloadView& view, const Model& model, const Option& option) {
  if (!view.place || view.place->rung != option.rung) return false;
  if (option.target == kNone) return !view.place->target;
  return view.place->target == target_name(model, option.target);
}

bool runs_at_target(const WorkloadView& view, const Model& model, Index target) {
  return view.place && view.place->target == target_name(model, target);
}

}  // namespace

SituationBuilder::SituationBuilder(const Model& model, Topology& topology)
    : m_model(model), m_topology(topology) {}

const ServiceTime* SituationBuilder::service_time(Index target, const ModelName& model) const {
  const auto& models = target_profile(m_model, target).models;
  const auto found = models.find(model);
  return found != models.end() ? &found->second : nullptr;
}

Option SituationBuilder::make_option(const Views& views, Index workload, Index target,
                                     const Path& path, std::int32_t rung) const {
  const Workload& w = at(m_model.policy.workloads, workload);
  const Rung& step = at(w.ladder, rung);
  Option option;
  option.target = target;
  option.link = path.link;
  option.rung = rung;
  const MilliHz demand = at(views.workloads, workload).demand;
  option.rate = rung == 0 ? demand : std::min(demand, step.rate);
  if (const ServiceTime* time = service_time(target, step.model)) {
    const Ppm slowdown = at(views.targets, target).slowdown;
    option.service_mean = scaled(time->mean, slowdown);
    option.service_p99 = scaled(time->p99, slowdown);
  }
  option.fixed = path.fixed;
  return option;
}

void SituationBuilder::follow(const Views& views) {
  for (Index l = 0; l < count(views.links); ++l) {
    m_topology.set_link_up(l, at(views.links, l).availability != Availability::down);
    m_topology.set_link_rtt(l, at(views.links, l).rtt);
  }
  for (Index t = 0; t < count(views.targets); ++t) {
    m_topology.set_drained(t, at(views.targets, t).draining);
  }
}

template <class Visit>
void SituationBuilder::for_each_option(const Views& views, Index workload, Visit visit) {
  const Workload& w = at(m_model.policy.workloads, workload);
  for (Index rung = 0; rung < count(w.ladder); ++rung) {
    if (rung > 0 && at(w.ladder, rung).rate.count == 0) {
      Option suspended;
      suspended.rung = rung;
      visit(suspended);
      continue;
    }
    for (Index rank = 0; rank < count(w.targets); ++rank) {
      const Index target = target_index(m_model, at(w.targets, rank));
      for (const Path& path : m_topology.paths(workload, target)) {
        Option option = make_option(views, workload, target, path, rung);
        option.rank = rank;
        visit(option);
      }
    }
  }
}

SituationBuilder::Bar SituationBuilder::bar(const Views& views, Index workload,
                                            const Option& option) const {
  if (option.target == kNone) return Bar::none;
  const Workload& w = at(m_model.policy.workloads, workload);
  const WorkloadView& view = at(views.workloads, workload);
  const TargetView& target = at(views.targets, option.target);
  const bool stays = runs_at_target(view, m_model, option.target);
  if (w.residency == Residency::site && option.link != kNone) return Bar::residency;
  if (service_time(option.target, at(w.ladder, option.rung).model) == nullptr)
    return Bar::no_profile;
  if (target.health == Health::dead) return Bar::target_dead;
  if (target.health == Health::unknown && !stays) return Bar::target_unknown;
  if (view.avoided == target_name(m_model, option.target) && !stays) return Bar::failed_before;
  if (option.link == kNone) return Bar::none;
  const bool blind = at(views.links, option.link).availability == Availability::blind;
  const bool held = stays && m_model.policy.when_blind.then == BlindAction::hold;
  return blind && !held ? Bar::link_blind : Bar::none;
}

WorkloadInput SituationBuilder::make_input(const Views& views, Index workload) {
  const Workload& w = at(m_model.policy.workloads, workload);
  const WorkloadView& view = at(views.workloads, workload);
  WorkloadInput input;
  input.service_class = index_of(m_model.policy.classes, w.service_class);
  input.priority = w.priority;
  input.quantile = w.objective.quantile;
  input.objective = w.objective.latency;
  input.request = w.request;
  input.response = w.response;
  input.memory = w.memory;
  for_each_option(views, workload, [&](Option option) {
    if (bar(views, workload, option) != Bar::none) return;
    if (runs_there(view, m_model, option) && input.current == kNone) {
      input.current = count(input.options);
      // A move does not mend a fade that will be over before it is done.
      const bool fading = option.link != kNone && at(views.links, option.link).fading;
      option.discredited = view.violating && !fading;
    }
    input.options.push_back(option);
  });
  return input;
}

Situation SituationBuilder::build(const Views& views, Counters& counters) {
  follow(views);
  const std::uint64_t paths_before = m_topology.paths_computed();
  Situation situation;
  for (Index w = 0; w < count(m_model.policy.workloads); ++w) {
    situation.workloads.push_back(make_input(views, w));
  }
  for (const Node& node : m_model.site.nodes) {
    situation.targets.push_back({m_model.profiles.at(node.device).servers, node.memory, NanoUsd{}});
  }
  for (const Cloud& cloud : m_model.site.clouds) {
    situation.targets.push_back({cloud.servers * m_model.profiles.at(cloud.device).servers,
                                 Bytes{std::numeric_limits<std::int64_t>::max()},
                                 cloud.price_per_hour});
  }
  for (Index l = 0; l < count(m_model.site.links); ++l) {
    const LinkView& view = at(views.links, l);
    const Link& link = at(m_model.site.links, l);
    situation.links.push_back(
        {view.uplink, view.planned, link.downlink, view.jitter, link.price_per_gb});
  }
  for (const ServiceClass& c : m_model.policy.classes) {
    situation.classes.push_back({c.queue, c.percent});
  }
  counters.paths_computed += m_topology.paths_computed() - paths_before;
  return situation;
}

Finding SituationBuilder::describe(Bar bar, const Option& option) const {
  const auto target = [&] { return target_name(m_model, option.target).text; };
  const auto link = [&] { return at(m_model.site.links, option.link).name.text; };
  switch (bar) {
    case Bar::none:
      break;
    case Bar::residency:
      return {"residency", "stays on the site", target() + " is reached over " + link(), false};
    case Bar::no_profile:
      return {"profile", "a service time on " + target(), "its profile lacks the model", false};
    case Bar::target_dead:
      return {"target alive", "alive", target() + " does not answer", false};
    case Bar::target_unknown:
      return {"target known", "fresh metrics", target() + " went silent", false};
    case Bar::failed_before:
      return {"retry", "no recent failure", "a move to " + target() + " failed a moment ago",
              false};
    case Bar::link_blind:
      return {"link known", "fresh samples", link() + " has none", false};
  }
  return {};
}

std::vector<Rejection> SituationBuilder::rejections(const Views& views, Index workload) {
  std::vector<Rejection> rejected = unreachable(views, workload);
  for_each_option(views, workload, [&](const Option& option) {
    const Bar why = bar(views, workload, option);
    if (why == Bar::none) return;
    const bool unknown = why == Bar::target_unknown || why == Bar::link_blind;
    rejected.push_back(
        {option, unknown ? Verdict::unknown : Verdict::rejected, describe(why, option)});
  });
  return rejected;
}

std::vector<Rejection> SituationBuilder::unreachable(const Views& views, Index workload) {
  const Workload& w = at(m_model.policy.workloads, workload);
  std::vector<Rejection> rejected;
  for (Index rank = 0; rank < count(w.targets); ++rank) {
    Option option;
    option.rank = rank;
    option.target = target_index(m_model, at(w.targets, rank));
    if (!m_topology.paths(workload, option.target).empty()) continue;
    const std::string& name = at(w.targets, rank).text;
    Finding finding{"path", "a WAN link that is up", "none leads to " + name, false};
    if (at(views.targets, option.target).draining) {
      finding = {"drain", "in use", name + " is drained", false};
    }
    rejected.push_back({option, Verdict::rejected, std::move(finding)});
  }
  return rejected;
}

}  // namespace wanwise::core
