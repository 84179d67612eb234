#include "engine/policy/reason/best_site.hpp"

#include <algorithm>

#include "engine/core/model_index.hpp"
#include "engine/policy/reason/subject.hpp"

namespace wanwise::policy {
namespace {

using core::at;
using core::count;
using core::Index;

constexpr std::int64_t kPercent = 100;
constexpr core::Ppm kP99{990'000};

/// Of a device in its fastest power mode.
core::Ppm least_slowdown(const core::DeviceProfile& profile) {
  const auto fastest =
      std::min_element(profile.power_modes.begin(), profile.power_modes.end(),
                       [](const auto& a, const auto& b) { return a.slowdown < b.slowdown; });
  return fastest->slowdown;
}

core::Micros scaled(core::Micros time, core::Ppm factor) {
  return core::Micros{(time.count * factor.count + core::kWhole.count - 1) / core::kWhole.count};
}

core::Situation best_situation(const core::Model& model) {
  core::Situation situation;
  for (const core::Workload& w : model.policy.workloads) {
    core::WorkloadInput input;
    input.service_class = core::index_of(model.policy.classes, w.service_class);
    input.priority = w.priority;
    input.quantile = w.objective.quantile;
    input.objective = w.objective.latency;
    input.request = w.request;
    input.response = w.response;
    input.memory = w.memory;
    situation.workloads.push_back(std::move(input));
  }
  for (Index t = 0; t < core::target_count(model); ++t) {
    core::TargetInput target;
    target.servers = core::target_profile(model, t).servers;
    if (core::is_cloud(model, t)) {
      target.servers *= at(model.site.clouds, t - count(model.site.nodes)).servers;
    }
    situation.targets.push_back(target);
  }
  for (const core::Link& link : model.site.links) {
    core::LinkInput input;
    input.uplink = input.shaper = link.uplink_ceiling;
    input.downlink = link.downlink;
    situation.links.push_back(input);
  }
  for (const core::ServiceClass& c : model.policy.classes) {
    situation.classes.push_back({c.queue, c.percent});
  }
  return situation;
}

}  // namespace

core::Bps wire_rate(core::MilliHz rate, core::Bytes message) {
  return core::Bps{rate.count * core::wire_bytes(message) * 8 / 1'000};
}

BestSite::BestSite(const core::Model& model)
    : m_model(model),
      m_situation(best_situation(model)),
      m_idle(m_situation),
      m_declared(model),
      m_bare(model) {
  for (Index l = 0; l < count(model.site.links); ++l) m_bare.set_link_rtt(l, core::Micros{});
}

bool BestSite::reachable(Index workload, Index target) {
  return !m_declared.paths(workload, target, core::LinkChoice::all).empty();
}

core::Ppm BestSite::busy(Index workload, Index target, Index rung) const {
  const core::Rung& step = at(at(m_model.policy.workloads, workload).ladder, rung);
  const core::DeviceProfile& profile = core::target_profile(m_model, target);
  const core::Micros mean = scaled(profile.models.at(step.model).mean, least_slowdown(profile));
  // mHz times µs is 1e-9 of one server.
  return core::Ppm{step.rate.count * mean.count / 1'000 / at(m_situation.targets, target).servers};
}

core::Option BestSite::make_option(Index workload, Index rank, Index rung,
                                   const core::Path& path) const {
  const core::Workload& w = at(m_model.policy.workloads, workload);
  const core::Rung& step = at(w.ladder, rung);
  core::Option option;
  option.target = core::target_index(m_model, at(w.targets, rank));
  option.link = path.link;
  option.rung = rung;
  option.rank = rank;
  option.rate = step.rate;
  const core::DeviceProfile& profile = core::target_profile(m_model, option.target);
  const core::ServiceTime& time = profile.models.at(step.model);
  option.service_mean = scaled(time.mean, least_slowdown(profile));
  option.service_p99 = scaled(time.p99, least_slowdown(profile));
  option.fixed = path.fixed;
  return option;
}

Obstacle BestSite::overload(Index workload, const Prospect& prospect) const {
  const core::Workload& w = at(m_model.policy.workloads, workload);
  // A share of a split workload may run elsewhere, so that no one target need bear it all.
  if (w.may_split) return Obstacle::none;
  if (prospect.busy > core::kWhole) return Obstacle::accelerator;
  if (prospect.link == core::kNone) return Obstacle::none;
  const core::LinkInput& link = at(m_situation.links, prospect.link);
  if (prospect.down > link.downlink) return Obstacle::downlink;
  if (prospect.up > link.uplink) return Obstacle::uplink;
  const Index own = at(m_situation.workloads, workload).service_class;
  const core::ClassInput& service_class = at(m_situation.classes, own);
  const bool capped = service_class.queue == core::QueueKind::priority &&
                      prospect.up.count > link.shaper.count * service_class.percent / kPercent;
  return capped ? Obstacle::priority_cap : Obstacle::none;
}

Prospect BestSite::measure(Index workload, const core::Option& option,
                           const core::Path& bare) const {
  const core::Workload& w = at(m_model.policy.workloads, workload);
  const core::WorkloadInput& input = at(m_situation.workloads, workload);
  Prospect prospect;
  prospect.target = option.target;
  prospect.link = option.link;
  prospect.fixed = option.fixed;
  prospect.least = m_idle.latency(input, option);
  core::Option part = option;
  part.fixed = bare.fixed;
  if (input.quantile != kP99) part.service_mean = part.service_p99 = {};
  prospect.bare = m_idle.latency(input, part);
  part = option;
  part.fixed = {};
  part.link = core::kNone;
  prospect.service = m_idle.latency(input, part);
  prospect.transmission = prospect.least - prospect.fixed - prospect.service;
  prospect.busy = busy(workload, option.target, option.rung);
  if (option.link != core::kNone) {
    prospect.up = wire_rate(option.rate, w.request);
    prospect.down = wire_rate(option.rate, w.response);
  }
  prospect.obstacle = overload(workload, prospect);
  if (prospect.obstacle != Obstacle::none) return prospect;
  if (prospect.bare > w.objective.latency) {
    prospect.obstacle = Obstacle::latency;
  } else if (prospect.least > w.objective.latency) {
    prospect.obstacle = Obstacle::declared;
  }
  return prospect;
}

Prospect BestSite::prospect(Index workload, Index rank, Index rung) {
  const core::Workload& w = at(m_model.policy.workloads, workload);
  const Index target = core::target_index(m_model, at(w.targets, rank));
  const auto declared = m_declared.paths(workload, target, core::LinkChoice::all);
  const auto bare = m_bare.paths(workload, target, core::LinkChoice::all);
  Prospect best;
  best.target = target;
  for (const core::Path& path : declared) {
    const auto same = std::find_if(
        bare.begin(), bare.end(), [&](const core::Path& other) { return other.link == path.link; });
    if (same == bare.end()) continue;
    const Prospect found = measure(workload, make_option(workload, rank, rung, path), *same);
    const bool first = best.obstacle == Obstacle::unreachable;
    if (first || found.obstacle < best.obstacle ||
        (found.obstacle == best.obstacle && found.least < best.least)) {
      best = found;
    }
  }
  return best;
}

core::Bps cap_of(const core::Model& model, Index workload, const core::Link& link) {
  const core::ClassName& name = at(model.policy.workloads, workload).service_class;
  const auto& classes = model.policy.classes;
  const std::int64_t percent = at(classes, core::index_of(classes, name)).percent;
  return core::Bps{link.uplink_ceiling.count * percent / kPercent};
}

core::MilliHz most_rate(const core::Model& model, Index workload, const Prospect& prospect,
                        core::MilliHz rate) {
  // Below 1e8 mHz times 1e10 bps.
  const auto scaled_rate = [&](std::int64_t has, std::int64_t wants) {
    return core::MilliHz{rate.count * has / std::max<std::int64_t>(wants, 1)};
  };
  switch (prospect.obstacle) {
    case Obstacle::none:
    case Obstacle::declared:
    case Obstacle::latency:
    case Obstacle::unreachable:
      break;
    case Obstacle::accelerator:
      return scaled_rate(core::kWhole.count, prospect.busy.count);
    case Obstacle::uplink:
      return scaled_rate(at(model.site.links, prospect.link).uplink_ceiling.count,
                         prospect.up.count);
    case Obstacle::downlink:
      return scaled_rate(at(model.site.links, prospect.link).downlink.count, prospect.down.count);
    case Obstacle::priority_cap:
      return scaled_rate(cap_of(model, workload, at(model.site.links, prospect.link)).count,
                         prospect.up.count);
  }
  return {};
}

std::string explain(const core::Model& model, Index workload, const Prospect& prospect) {
  const core::Workload& w = at(model.policy.workloads, workload);
  const std::string& target = core::target_name(model, prospect.target).text;
  const auto link = [&]() -> const core::Link& { return at(model.site.links, prospect.link); };
  switch (prospect.obstacle) {
    case Obstacle::none:
    case Obstacle::declared:
    case Obstacle::latency:
      break;
    case Obstacle::unreachable:
      return target + ": no way leads there from all its sources";
    case Obstacle::accelerator:
      return target + ": it asks for " + text_of(prospect.busy) + " of the accelerators";
    case Obstacle::uplink:
      return target + ": it sends " + text_of(prospect.up) + ", the ceiling of " +
             link().name.text + " is " + text_of(link().uplink_ceiling);
    case Obstacle::downlink:
      return target + ": it receives " + text_of(prospect.down) + ", the downlink of " +
             link().name.text + " is " + text_of(link().downlink);
    case Obstacle::priority_cap: {
      const Index own = core::index_of(model.policy.classes, w.service_class);
      const core::ServiceClass& c = at(model.policy.classes, own);
      return target + ": it sends " + text_of(prospect.up) + ", class " + c.name.text +
             " may at most " + std::to_string(c.percent) + "% of the ceiling of " +
             link().name.text + ", " + text_of(cap_of(model, workload, link()));
    }
  }
  std::string text = target + ": at least " + text_of(prospect.least) + " (";
  if (prospect.link == core::kNone) {
    return text + "LAN " + text_of(prospect.fixed) + ", service " + text_of(prospect.service) + ')';
  }
  text += "round trip " + text_of(prospect.fixed) + ", service " + text_of(prospect.service) +
          ", transmission " + text_of(prospect.transmission);
  if (prospect.obstacle == Obstacle::latency) {
    text += "; still " + text_of(prospect.bare) + " at the very least";
  }
  return text + ')';
}

}  // namespace wanwise::policy
