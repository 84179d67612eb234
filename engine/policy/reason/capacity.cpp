// Memory and accelerators: what all workloads together ask of the places they are confined to. For
// several targets the sum is a lower bound: each workload counts where it costs least, all targets
// count as one.
#include <algorithm>
#include <optional>
#include <string>

#include "engine/policy/reason/checks.hpp"
#include "engine/policy/reason/crowd.hpp"

namespace wanwise::policy {
namespace {

using core::at;
using core::count;
using core::Index;

bool may_be_suspended(const core::Workload& workload) {
  return std::any_of(workload.ladder.begin(), workload.ladder.end(), suspends);
}

/// Sets within which one is too small already: what follows from that is not told again.
class Told {
 public:
  [[nodiscard]] bool covers(const TargetSet& set) const {
    return std::any_of(m_sets.begin(), m_sets.end(),
                       [&](const TargetSet& told) { return contains(set, told); });
  }
  void add(const TargetSet& set) { m_sets.push_back(set); }

 private:
  std::vector<TargetSet> m_sets;
};

/// Memory of all nodes in the set; nothing when a cloud is among them, which has no end.
std::optional<std::int64_t> memory_of(const core::Model& model, const TargetSet& set) {
  std::int64_t sum = 0;
  for (const Index target : set) {
    if (core::is_cloud(model, target)) return std::nullopt;
    sum += at(model.site.nodes, target).memory.count;
  }
  return sum;
}

/// The rung that costs least at the target that suits it best; `full`: the first rung.
std::int64_t least_busy(Case& c, Index workload, bool full) {
  const core::Model& model = c.subject.model;
  const core::Workload& w = at(model.policy.workloads, workload);
  std::optional<std::int64_t> least;
  for (Index rung = 0; rung < (full ? 1 : count(w.ladder)); ++rung) {
    if (suspends(at(w.ladder, rung))) return 0;
    for (const core::TargetName& name : w.targets) {
      const Index target = core::target_index(model, name);
      if (!c.best.reachable(workload, target)) continue;
      const std::int64_t busy = c.best.busy(workload, target, rung).count;
      least = std::min(least.value_or(busy), busy);
    }
  }
  return least.value_or(0);
}

void tell_memory(Case& c, const TargetSet& set, std::int64_t capacity, const Excess& excess) {
  const core::Model& model = c.subject.model;
  const auto text = [](std::int64_t bytes) { return text_of(core::Bytes{bytes}); };
  const std::string where = names_of(model, set);
  const std::string parts = parts_of(model, excess, text);
  const Value& place = deepest(*at(c.subject.workloads, excess.workload), "memory", "");
  const std::string allowed = "at most " + text(capacity) + " together";
  if (excess.certain) {
    c.notes.error(c.subject.policy, place,
                  "what can only stand on " + where + " and is never suspended takes " +
                      text(excess.sum) + ": " + parts,
                  allowed);
  } else {
    c.notes.warn(c.subject.policy, place,
                 "what can only stand on " + where + " takes " + text(excess.sum) +
                     ", so that something is always suspended: " + parts,
                 allowed);
  }
}

void tell_accelerators(Case& c, const TargetSet& set, std::int64_t capacity, const Excess& excess) {
  const core::Model& model = c.subject.model;
  const auto text = [](std::int64_t ppm) { return text_of(core::Ppm{ppm}); };
  const std::string where = names_of(model, set);
  const std::string parts = parts_of(model, excess, text);
  const Value& place = deepest(*at(c.subject.workloads, excess.workload), "demand", "rate");
  const std::string allowed = "at most " + text(capacity) + " together";
  if (excess.certain) {
    c.notes.error(c.subject.policy, place,
                  "what can only run on " + where + " asks, on its lightest steps, for " +
                      text(excess.sum) + " of the accelerators there: " + parts,
                  allowed);
  } else {
    c.notes.warn(c.subject.policy, place,
                 "the full demand of what can only run on " + where + " is " + text(excess.sum) +
                     " of the accelerators there, so that something is always degraded: " + parts,
                 allowed);
  }
}

}  // namespace

void check_memory(Case& c) {
  const core::Model& model = c.subject.model;
  Told told;
  for (const TargetSet& set : target_sets(model)) {
    const auto capacity = memory_of(model, set);
    if (!capacity || told.covers(set)) continue;
    std::vector<Asked> asked;
    for (const Index w : c.subject.in_order) {
      const core::Workload& workload = at(model.policy.workloads, w);
      if (at(c.hopeless, w) != 0 || !confined(model, workload, set)) continue;
      const std::int64_t memory = workload.memory.count;
      asked.push_back({w, may_be_suspended(workload) ? 0 : memory, memory});
    }
    const auto excess = excess_of(asked, *capacity);
    if (!excess) continue;
    told.add(set);
    tell_memory(c, set, *capacity, *excess);
  }
}

void check_accelerators(Case& c) {
  const core::Model& model = c.subject.model;
  Told told;
  for (const TargetSet& set : target_sets(model)) {
    if (told.covers(set)) continue;
    std::vector<Asked> asked;
    for (const Index w : c.subject.in_order) {
      const core::Workload& workload = at(model.policy.workloads, w);
      if (at(c.hopeless, w) != 0 || !confined(model, workload, set)) continue;
      asked.push_back({w, least_busy(c, w, false), least_busy(c, w, true)});
    }
    const std::int64_t capacity = core::kWhole.count * static_cast<std::int64_t>(set.size());
    const auto excess = excess_of(asked, capacity);
    if (!excess) continue;
    told.add(set);
    tell_accelerators(c, set, capacity, *excess);
  }
}

}  // namespace wanwise::policy
