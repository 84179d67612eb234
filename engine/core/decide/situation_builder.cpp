#include "engine/core/decide/situation_builder.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "engine/core/decide/decide.hpp"
#include "engine/core/decide/path/steering.hpp"
#include "engine/core/model_index.hpp"
#include "engine/core/text.hpp"

namespace wanwise::core {
namespace {

Micros scaled(Micros time, Ppm factor) {
  return Micros{(time.count * factor.count + kWhole.count - 1) / kWhole.count};
}

bool runs_there(const WorkloadView& view, const Option& option) {
  return view.place && *view.place == spot_of(option);
}

bool runs_whole_at(const WorkloadView& view, Index target) {
  return view.place && !view.place->splits() && view.place->target == target;
}

bool runs_partly_at(const WorkloadView& view, Index target) {
  return view.place && view.place->splits() && view.place->uses(target);
}

bool may_split(const Workload& workload, const WorkloadView& view) {
  return workload.may_split && workload.replicas > 1 &&
         (view.closures == nullptr || view.closures->may_split);
}

const Closures::Place* closed(const WorkloadView& view, Index target) {
  return view.closures == nullptr ? nullptr : view.closures->find(target);
}

bool runs_at(const WorkloadView& view, Index target) {
  return view.place && view.place->uses(target);
}

/// The shares of the second of two targets that are considered, ascending; at most kSharesPerPair.
std::vector<Ppm> shares_of(std::int32_t replicas, std::optional<Ppm> in_force) {
  std::vector<Ppm> shares;
  constexpr std::int64_t kQuarters = 4;
  for (std::int64_t quarter = 1; quarter < kQuarters; ++quarter) {
    const std::int64_t count = (replicas * quarter + kQuarters / 2) / kQuarters;
    if (count < 1 || count >= replicas) continue;
    shares.emplace_back(count * kWhole.count / replicas);
  }
  if (in_force) shares.push_back(*in_force);
  std::sort(shares.begin(), shares.end());
  shares.erase(std::unique(shares.begin(), shares.end()), shares.end());
  return shares;
}

Leg leg_of(const Option& option, Ppm share) {
  return {option.target, option.link, share, option.service_mean, option.service_p99, option.fixed};
}

std::int32_t rank_between(std::int32_t first, std::int32_t second, Ppm share) {
  return first + static_cast<std::int32_t>((second - first) * share.count / kWhole.count);
}

/// Measured to break its objective over a link, and there is no other place or way for it. What
/// breaks it may be the link, and less of the demand over the same link is no cure for that: it
/// gives up for sure what is missed now and then. If the link carries too little, its estimate says
/// so, and then the prediction does.
bool knows_no_other_way(const WorkloadInput& input) {
  const Option& here = at(input.options, input.current);
  return here.link != kNone &&
         std::all_of(input.options.begin(), input.options.end(), [&](const Option& other) {
           const bool same = other.target == here.target && other.link == here.link;
           return other.target == kNone || (same && !other.splits());
         });
}

Bytes largest_request(const Policy& policy, const ClassName& name) {
  Bytes largest;
  for (const Workload& workload : policy.workloads)
    if (workload.service_class == name) largest = std::max(largest, workload.request);
  return largest;
}

}  // namespace

SituationBuilder::SituationBuilder(const Model& model, Topology& topology, LinkChoice choice)
    : m_model(model), m_topology(topology), m_choice(choice) {}

const ServiceTime* SituationBuilder::service_time(Index target, const ModelName& model) const {
  const auto& models = target_profile(m_model, target).models;
  const auto found = models.find(model);
  return found != models.end() ? &found->second : nullptr;
}

MilliHz SituationBuilder::rate_on(const Views& views, Index workload, std::int32_t rung) const {
  const MilliHz demand = at(views.workloads, workload).demand;
  if (rung == 0) return demand;
  return std::min(demand, at(at(m_model.policy.workloads, workload).ladder, rung).rate);
}

bool SituationBuilder::steered(Index workload) const {
  const auto& from = m_topology.source_routers(workload);
  return m_choice == LinkChoice::steered && !from.empty() &&
         m_model.site.routers[from.front()].steers;
}

Index SituationBuilder::in_force(const Views& views, Index workload, Index target) const {
  if (!is_cloud(m_model, target)) return kNone;
  const auto router = static_cast<Index>(m_topology.source_routers(workload).front());
  if (router >= count(views.steering)) return m_topology.preferred_link(router);
  return link_in_force(m_model, m_topology, router, at(views.steering, router), workload,
                       target - count(m_model.site.nodes));
}

/// The workload runs at the option's target, and its requests get there by the option's link.
bool SituationBuilder::runs_by(const Views& views, Index workload, const Option& option) const {
  if (!runs_at(at(views.workloads, workload), option.target)) return false;
  return !steered(workload) || option.link == in_force(views, workload, option.target);
}

template <class Visit>
void SituationBuilder::for_each_path(const Views& views, Index workload, Index target, MilliHz rate,
                                     Visit visit) {
  PathDemand demand;
  if (steered(workload) || !m_model.site.trunks.empty()) {
    demand = path_demand(at(m_model.policy.workloads, workload), rate);
    if (runs_at(at(views.workloads, workload), target)) {
      demand.in_force = in_force(views, workload, target);
    }
  }
  for (const Path& path : m_topology.paths(workload, target, m_choice, demand)) visit(path);
}

Option SituationBuilder::make_option(const Views& views, Index workload, Index target,
                                     const Path& path, std::int32_t rung) const {
  const Workload& w = at(m_model.policy.workloads, workload);
  const Rung& step = at(w.ladder, rung);
  Option option;
  option.target = target;
  option.link = path.link;
  option.rung = rung;
  option.rate = rate_on(views, workload, rung);
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
    m_topology.set_link_rate(l, at(views.links, l).uplink);
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
      visit(suspended, false);
      continue;
    }
    for (Index rank = 0; rank < count(w.targets); ++rank) {
      const Index target = target_index(m_model, at(w.targets, rank));
      const auto visit_path = [&](const Path& path) {
        Option option = make_option(views, workload, target, path, rung);
        option.rank = rank * kRankStep;
        visit(option, path.thin);
      };
      for_each_path(views, workload, target, rate_on(views, workload, rung), visit_path);
    }
    if (may_split(w, at(views.workloads, workload))) for_each_split(views, workload, rung, visit);
  }
}

std::optional<SituationBuilder::Part> SituationBuilder::part(const Views& views, Index workload,
                                                             Index rank, std::int32_t rung) {
  const Index target =
      target_index(m_model, at(at(m_model.policy.workloads, workload).targets, rank));
  const bool there = runs_partly_at(at(views.workloads, workload), target);
  std::optional<Part> admitted;
  std::optional<Part> kept;
  // A leg carries a part of the demand: a way is too thin when it is so for the smallest.
  const MilliHz least = rate_on(views, workload, rung) / std::int64_t{kSharesPerPair};
  for_each_path(views, workload, target, least, [&](const Path& path) {
    const Option option = make_option(views, workload, target, path, rung);
    const Part here{option, rank * kRankStep, false};
    // A part stays on the link that its requests take while that will do: no split is steered anew
    // for a shorter way alone.
    const bool better =
        !admitted || (there && steered(workload) && runs_by(views, workload, option));
    if (better && bar(views, workload, option, {.thin = path.thin}) == Bar::none) {
      admitted = here;
    }
    const Doubt doubt{.stays = true, .thin = path.thin};
    if (there && !kept && bar(views, workload, option, doubt) == Bar::none) {
      kept = Part{option, here.rank, true};
    }
  });
  if (admitted) return admitted;
  return kept;
}

template <class Visit>
void SituationBuilder::for_each_split(const Views& views, Index workload, std::int32_t rung,
                                      Visit visit) {
  const Workload& w = at(m_model.policy.workloads, workload);
  const auto& place = at(views.workloads, workload).place;
  std::vector<Part> parts;
  for (Index rank = 0; rank < std::min(count(w.targets), kSplitTargets); ++rank) {
    if (auto one = part(views, workload, rank, rung)) parts.push_back(*one);
  }
  for (std::size_t first = 0; first < parts.size(); ++first) {
    for (std::size_t second = first + 1; second < parts.size(); ++second) {
      const Part& here = parts[first];
      const Part& there = parts[second];
      const bool in_force = place && place->target == here.option.target &&
                            place->split_target == there.option.target;
      const auto share_now = in_force ? std::optional{Ppm{place->split_share}} : std::nullopt;
      for (const Ppm share : shares_of(w.replicas, share_now)) {
        if ((here.only_kept || there.only_kept) && share != share_now) continue;
        Option split = here.option;
        split.spill = leg_of(there.option, share);
        split.rank = rank_between(here.rank, there.rank, share);
        visit(split, false);
      }
    }
  }
}

SituationBuilder::Bar SituationBuilder::bar(const Views& views, Index workload,
                                            const Option& option, bool thin) const {
  if (option.splits()) return Bar::none;  // looked at before
  if (option.target == kNone) {
    return closed(at(views.workloads, workload), kNone) != nullptr ? Bar::closed : Bar::none;
  }
  const bool stays = runs_whole_at(at(views.workloads, workload), option.target);
  return bar(views, workload, option, {.stays = stays, .thin = thin});
}

SituationBuilder::Bar SituationBuilder::bar(const Views& views, Index workload,
                                            const Option& option, Doubt doubt) const {
  const Workload& w = at(m_model.policy.workloads, workload);
  const WorkloadView& view = at(views.workloads, workload);
  const TargetView& target = at(views.targets, option.target);
  if (w.residency == Residency::site && option.link != kNone) return Bar::residency;
  if (service_time(option.target, at(w.ladder, option.rung).model) == nullptr)
    return Bar::no_profile;
  if (closed(view, option.target) != nullptr) return Bar::closed;
  if (target.health == Health::dead) return Bar::target_dead;
  if (target.health == Health::unknown && !doubt.stays) return Bar::target_unknown;
  if (view.avoided == option.target && !doubt.stays) return Bar::failed_before;
  if (option.link == kNone) return Bar::none;
  const bool blind = at(views.links, option.link).availability == Availability::blind;
  const bool held = m_model.policy.when_blind.then == BlindAction::hold && doubt.stays &&
                    runs_by(views, workload, option);
  if (blind && !held) return Bar::link_blind;
  return doubt.thin ? Bar::link_thin : Bar::none;
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
  input.options.reserve(w.targets.size() * w.ladder.size());
  for_each_option(views, workload, [&](Option option, bool thin) {
    if (bar(views, workload, option, thin) != Bar::none) return;
    const bool here =
        runs_there(view, option) && (option.target == kNone || runs_by(views, workload, option));
    if (here && input.current == kNone) {
      input.current = count(input.options);
      // A move does not mend a fade that will be over before it is done.
      const bool fading = option.link != kNone && at(views.links, option.link).fading;
      option.discredited = view.violating && (view.lasting || !fading);
    }
    input.options.push_back(option);
  });
  if (input.current != kNone) {
    bool& discredited = at(input.options, input.current).discredited;
    input.suffers = discredited;  // so long its gate counts, for another way may come back
    if (!view.stubborn && knows_no_other_way(input)) discredited = false;
  }
  input.stranded = input.current == kNone && view.place && view.place->target != kNone;
  return input;
}

Situation SituationBuilder::build(const Views& views, Counters& counters) {
  follow(views);
  const std::uint64_t paths_before = m_topology.paths_computed();
  Situation situation;
  situation.workloads.reserve(m_model.policy.workloads.size());
  for (Index w = 0; w < count(m_model.policy.workloads); ++w) {
    situation.workloads.push_back(make_input(views, w));
  }
  for (const Node& node : m_model.site.nodes) {
    const DeviceProfile& profile = m_model.profiles.at(node.device);
    situation.targets.push_back(
        {profile.servers, node.memory, NanoUsd{}, kWhole, profile.cold_start});
  }
  for (const Cloud& cloud : m_model.site.clouds) {
    const DeviceProfile& profile = m_model.profiles.at(cloud.device);
    situation.targets.push_back({cloud.servers * profile.servers,
                                 Bytes{std::numeric_limits<std::int64_t>::max()},
                                 cloud.price_per_hour, kWhole, profile.cold_start});
  }
  for (Index l = 0; l < count(m_model.site.links); ++l) {
    const LinkView& view = at(views.links, l);
    const Link& link = at(m_model.site.links, l);
    situation.links.push_back(
        {view.uplink, view.planned, link.downlink, view.jitter, link.price_per_gb, view.quota});
  }
  for (const ServiceClass& c : m_model.policy.classes) {
    situation.classes.push_back({c.queue, c.percent, largest_request(m_model.policy, c.name)});
  }
  counters.paths_computed += m_topology.paths_computed() - paths_before;
  return situation;
}

Finding SituationBuilder::describe(Bar bar, const Views& views, Index workload,
                                   const Option& option) const {
  const auto target = [&] { return target_name(m_model, option.target).text; };
  const auto link = [&] { return at(m_model.site.links, option.link).name.text; };
  switch (bar) {
    case Bar::none:
      break;
    case Bar::residency:
      return {"residency", "stays on the site", target() + " is reached over " + link(), false};
    case Bar::no_profile:
      return {"profile", "a service time on " + target(), "its profile lacks the model", false};
    case Bar::closed: {
      const auto* place = closed(at(views.workloads, workload), option.target);
      return {"placement", "open to it", place->code + ": " + place->detail, false};
    }
    case Bar::target_dead:
      return {"target alive", "alive", target() + " does not answer", false};
    case Bar::target_unknown:
      return {"target known", "fresh metrics", target() + " went silent", false};
    case Bar::failed_before:
      return {"retry", "no recent failure", "a move to " + target() + " failed a moment ago",
              false};
    case Bar::link_blind:
      return {"link known", "fresh samples", link() + " has none", false};
    case Bar::link_thin: {
      const Workload& w = at(m_model.policy.workloads, workload);
      return {"bandwidth", "a way that carries " + text(path_demand(w, option.rate).up),
              "the one over " + link() + " does not", false};
    }
  }
  return {};
}

std::vector<Rejection> SituationBuilder::rejections(const Views& views, Index workload) {
  std::vector<Rejection> rejected = unreachable(views, workload);
  for_each_option(views, workload, [&](const Option& option, bool thin) {
    const Bar why = bar(views, workload, option, thin);
    if (why == Bar::none) return;
    const bool unknown = why == Bar::target_unknown || why == Bar::link_blind;
    rejected.push_back({option, unknown ? Verdict::unknown : Verdict::rejected,
                        describe(why, views, workload, option)});
  });
  return rejected;
}

std::vector<Rejection> SituationBuilder::unreachable(const Views& views, Index workload) {
  const Workload& w = at(m_model.policy.workloads, workload);
  std::vector<Rejection> rejected;
  for (Index rank = 0; rank < count(w.targets); ++rank) {
    Option option;
    option.rank = rank * kRankStep;
    option.target = target_index(m_model, at(w.targets, rank));
    if (!m_topology.paths(workload, option.target, m_choice).empty()) continue;
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
