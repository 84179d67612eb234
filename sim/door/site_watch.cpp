#include "sim/door/site_watch.hpp"

#include <algorithm>
#include <utility>

namespace wanwise::sim {
namespace {

core::ActionDone refuse(core::ActionId id, std::string reason, std::string detail) {
  return {id, core::Outcome::refused, std::move(reason), std::move(detail)};
}

bool is_at(const core::PlacementObserved& seen, const core::PlaceWorkload& wanted) {
  if (!wanted.to) return !seen.target;
  return seen.target == wanted.to && seen.rung == wanted.rung && seen.split == wanted.split &&
         seen.ready;
}

bool same_place(const core::PlacementObserved& a, const core::PlacementObserved& b) {
  return a.target == b.target && a.rung == b.rung && a.split == b.split && a.ready == b.ready;
}

/// A Deployment has whole replicas: a share is k of them, rounded down to ppm as core has it.
bool may_split(const core::Workload& workload, const core::PlaceWorkload& wanted) {
  const core::Split& split = *wanted.split;
  if (!workload.may_split || !wanted.to || *wanted.to == split.target) return false;
  for (std::int64_t k = 1; k < workload.replicas; ++k) {
    const core::Ppm share{k * core::kWhole.count / workload.replicas};
    if (split.share == share || core::kWhole - split.share == share) return true;
  }
  return false;
}

/// The target without which the placement cannot come true, if one is lost.
std::optional<core::TargetName> lost_target(const World& world, const core::PlaceWorkload& wanted) {
  if (!world.target(*wanted.to).reachable) return wanted.to;
  if (wanted.split && !world.target(wanted.split->target).reachable) return wanted.split->target;
  return std::nullopt;
}

template <class Named, class Name>
const Named* find_named(const std::vector<Named>& all, const Name& name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

SiteWatch::SiteWatch(const core::Model& model, core::Micros period)
    : m_model(model), m_period(std::max(period, kWatchStep)) {}

const core::DeviceProfile* SiteWatch::profile_of(const core::TargetName& target) const {
  const core::DeviceName* device = nullptr;
  if (const auto* node = find_named(m_model.site.nodes, target)) device = &node->device;
  if (const auto* cloud = find_named(m_model.site.clouds, target)) device = &cloud->device;
  if (device == nullptr) return nullptr;
  const auto profile = m_model.profiles.find(*device);
  return profile == m_model.profiles.end() ? nullptr : &profile->second;
}

std::optional<core::ActionDone> SiteWatch::objection(const World& world, core::ActionId id,
                                                     const core::PlaceWorkload& action) const {
  const auto* workload = find_named(m_model.policy.workloads.items(), action.workload);
  if (workload == nullptr) return refuse(id, "unknown-workload", action.workload.text);
  if (m_moves.size() >= kMaxPlacements) return refuse(id, "too-many-placements", {});
  if (action.split && !may_split(*workload, action)) {
    return refuse(id, "split-not-possible",
                  "a split is between two targets, by whole replicas of a workload that may split");
  }
  if (!action.to) return std::nullopt;
  if (profile_of(*action.to) == nullptr) return refuse(id, "unknown-target", action.to->text);
  const auto rungs = static_cast<std::int32_t>(workload->ladder.size());
  if (action.rung < 0 || action.rung >= rungs) {
    return refuse(id, "unknown-rung",
                  std::to_string(action.rung) + " (allowed: 0.." + std::to_string(rungs - 1) + ")");
  }
  const core::ModelName& model = workload->ladder[static_cast<std::size_t>(action.rung)].model;
  auto no = objection(world, id, *action.to, model);
  if (!no && action.split) no = objection(world, id, action.split->target, model);
  return no;
}

std::optional<core::ActionDone> SiteWatch::objection(const World& world, core::ActionId id,
                                                     const core::TargetName& target,
                                                     const core::ModelName& model) const {
  const core::DeviceProfile* profile = profile_of(target);
  if (profile == nullptr) return refuse(id, "unknown-target", target.text);
  if (profile->models.count(model) == 0) {
    return refuse(id, "model-not-on-target", model.text + " on " + profile->name.text);
  }
  if (!world.target(target).reachable) {
    return refuse(id, "target-not-ready", target.text + " is not reachable");
  }
  return std::nullopt;
}

void SiteWatch::submit(World& world, core::ActionId id, const core::PlaceWorkload& action,
                       core::Instant deadline) {
  if (auto no = objection(world, id, action)) {
    m_answers.emplace_back(std::move(*no));
    return;
  }
  UnderWay move{id, action, deadline, world.placement(action.workload)};
  const auto former = std::find_if(m_moves.begin(), m_moves.end(), [&](const UnderWay& one) {
    return one.wanted.workload == action.workload;
  });
  if (former != m_moves.end()) {
    m_answers.emplace_back(core::ActionDone{former->id, core::Outcome::failed, "superseded",
                                            "a later placement took its place"});
    move.before = former->before;
    m_moves.erase(former);
  }
  world.place(action.workload, action.to, action.rung, action.split);
  m_moves.push_back(std::move(move));
}

std::optional<core::ActionDone> SiteWatch::judge(World& world, const UnderWay& move) const {
  if (is_at(world.placement(move.wanted.workload), move.wanted)) {
    return core::ActionDone{move.id, core::Outcome::done, {}, {}};
  }
  core::ActionDone failed{move.id, core::Outcome::failed, {}, {}};
  if (const auto lost = lost_target(world, move.wanted)) {
    failed.reason = "target-lost";
    failed.detail = lost->text + " went away before the workload was ready";
  } else if (world.now() >= move.deadline) {
    failed.reason = "not-ready-in-time";
    failed.detail = move.wanted.workload.text + " was not ready on " + move.wanted.to->text;
  } else {
    return std::nullopt;
  }
  world.place(move.wanted.workload, move.before.target, move.before.rung, move.before.split);
  return failed;
}

void SiteWatch::answer_moves(World& world, std::vector<core::EventBody>& out) {
  for (core::EventBody& answer : std::exchange(m_answers, {})) out.push_back(std::move(answer));
  for (auto move = m_moves.begin(); move != m_moves.end();) {
    if (auto answer = judge(world, *move)) {
      out.emplace_back(std::move(*answer));
      move = m_moves.erase(move);
    } else {
      ++move;
    }
  }
}

void SiteWatch::note_changes(const World& world, std::vector<core::EventBody>& out) {
  const auto& workloads = m_model.policy.workloads;
  const bool first = m_known.empty();
  m_known.resize(workloads.size());
  for (std::size_t i = 0; i < workloads.size(); ++i) {
    core::PlacementObserved seen = world.placement(workloads[i].name);
    if (first || !same_place(seen, m_known[i])) out.emplace_back(seen);
    m_known[i] = std::move(seen);
  }
}

void SiteWatch::take_samples(World& world, std::vector<core::EventBody>& out) {
  const core::Instant now = world.now();
  if (!m_next_sample) m_next_sample = now;
  if (now < *m_next_sample) return;
  // Late by more than a period: one sample covers it all, none is made up.
  while (*m_next_sample <= now) m_next_sample = *m_next_sample + m_period;
  for (const core::Workload& workload : m_model.policy.workloads) {
    for (core::WorkloadSample& sample : world.take_samples(workload.name)) {
      if (sample.window.count > 0) out.emplace_back(std::move(sample));
    }
  }
  for (core::EventBody& target : targets(world)) out.push_back(std::move(target));
}

std::vector<core::EventBody> SiteWatch::poll(World& world) {
  std::vector<core::EventBody> out;
  // Where it runs is told before that the move is done: what the answer claims is then known.
  std::vector<core::EventBody> answers;
  answer_moves(world, answers);
  note_changes(world, out);
  std::move(answers.begin(), answers.end(), std::back_inserter(out));
  take_samples(world, out);
  return out;
}

std::vector<core::EventBody> SiteWatch::placements(const World& world) const {
  std::vector<core::EventBody> out;
  for (const core::Workload& workload : m_model.policy.workloads) {
    out.emplace_back(world.placement(workload.name));
  }
  return out;
}

std::vector<core::EventBody> SiteWatch::targets(const World& world) const {
  std::vector<core::EventBody> out;
  for (const core::Node& node : m_model.site.nodes) out.emplace_back(world.target(node.name));
  for (const core::Cloud& cloud : m_model.site.clouds) out.emplace_back(world.target(cloud.name));
  return out;
}

core::Instant SiteWatch::next_due(const World& world) const {
  if (!m_next_sample || !m_answers.empty()) return world.now();
  core::Instant due = *m_next_sample;
  if (!m_moves.empty()) due = std::min(due, world.now() + kWatchStep);
  for (const UnderWay& move : m_moves) due = std::min(due, move.deadline);
  return due;
}

}  // namespace wanwise::sim
