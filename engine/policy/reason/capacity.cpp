// Memory and accelerators: what all workloads together ask of the places they are confined to.
//
// Several targets are weighted: whatever weights y >= 0, no placement, split or not, fits when
//   sum over workloads of min over targets of y * busy   >   sum over targets of y,
// for then some target is more than wholly busy. Equal weights prove little where one device is
// much faster, so the first workloads' own ratios are tried too.
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

/// Of one workload at one target: what it keeps busy on its lightest step and in full.
struct Burden {
  Index target = core::kNone;
  std::int64_t least = 0;
  std::int64_t full = 0;
};
using Burdens = std::vector<Burden>;  ///< at the targets it can reach

/// 1000 times a device: more is no heavier, so that weighted sums stay below 2^63.
constexpr std::int64_t kMostBusy = 1'000'000'000;

Burdens burdens_of(Case& c, Index workload) {
  const core::Model& model = c.subject.model;
  const core::Workload& w = at(model.policy.workloads, workload);
  Burdens burdens;
  for (const core::TargetName& name : w.targets) {
    const Index target = core::target_index(model, name);
    if (!c.best.reachable(workload, target)) continue;
    Burden burden{target, kMostBusy, 0};
    for (Index rung = 0; rung < count(w.ladder); ++rung) {
      const bool serves = !suspends(at(w.ladder, rung));
      const std::int64_t busy = serves ? c.best.busy(workload, target, rung).count : 0;
      burden.least = std::min(burden.least, busy);
      if (rung == 0) burden.full = std::min(busy, kMostBusy);
    }
    burdens.push_back(burden);
  }
  return burdens;
}

/// By target; 1'000'000 is one device.
using Weights = std::vector<std::int64_t>;

/// Those in which the workload is as heavy at each of its targets.
Weights weights_of(const core::Model& model, const Burdens& burdens) {
  Weights weights(static_cast<std::size_t>(core::target_count(model)), core::kWhole.count);
  std::int64_t lightest = kMostBusy;
  for (const Burden& burden : burdens) lightest = std::min(lightest, burden.full);
  for (const Burden& burden : burdens) {
    const std::int64_t weight =
        core::kWhole.count * lightest / std::max<std::int64_t>(1, burden.full);
    at(weights, burden.target) = std::max<std::int64_t>(1, weight);
  }
  return weights;
}

/// Shares of what the set can do at all, in ppm.
Asked weigh(Index workload, const Burdens& burdens, const Weights& weights, std::int64_t whole) {
  if (burdens.empty()) return {workload, 0, 0};
  Asked asked{workload, INT64_MAX, INT64_MAX};
  for (const Burden& burden : burdens) {
    const std::int64_t weight = at(weights, burden.target);
    asked.least = std::min(asked.least, weight * burden.least / whole);
    asked.full = std::min(asked.full, weight * burden.full / whole);
  }
  return asked;
}

/// The weights that show most of what is too much.
std::optional<Excess> worst_excess(const core::Model& model, const TargetSet& set,
                                   const std::vector<Index>& members,
                                   const std::vector<Burdens>& burdens) {
  constexpr std::size_t kMostTried = 8;
  std::vector<Weights> tried{weights_of(model, {})};
  for (std::size_t i = 0; set.size() > 1 && i < std::min(members.size(), kMostTried); ++i) {
    tried.push_back(weights_of(model, at(burdens, members[i])));
  }
  std::optional<Excess> worst;
  for (const Weights& weights : tried) {
    std::int64_t whole = 0;
    for (const Index target : set) whole += at(weights, target);
    std::vector<Asked> asked;
    for (const Index w : members) asked.push_back(weigh(w, at(burdens, w), weights, whole));
    const auto excess = excess_of(asked, core::kWhole.count);
    if (!excess) continue;
    const bool worse =
        !worst || std::pair{excess->certain, excess->sum} > std::pair{worst->certain, worst->sum};
    if (worse) worst = excess;
  }
  return worst;
}

std::vector<Index> members_of(const Case& c, const TargetSet& set) {
  std::vector<Index> members;
  for (const Index w : c.subject.in_order) {
    const core::Workload& workload = at(c.subject.model.policy.workloads, w);
    if (at(c.hopeless, w) == 0 && confined(c.subject.model, workload, set)) members.push_back(w);
  }
  return members;
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

void tell_accelerators(Case& c, const TargetSet& set, const Excess& excess) {
  const core::Model& model = c.subject.model;
  const auto text = [](std::int64_t ppm) { return text_of(core::Ppm{ppm}); };
  const Value& place = deepest(*at(c.subject.workloads, excess.workload), "demand", "rate");
  const std::string message = "what can only run on " + names_of(model, set) + " asks" +
                              manner_of(excess) + " for " + text(excess.sum) +
                              " of the accelerators there: " + parts_of(model, excess, text);
  const std::string allowed = "at most 100% together";
  if (excess.certain) {
    c.notes.error(c.subject.policy, place, message, allowed);
  } else {
    c.notes.warn(c.subject.policy, place, message, allowed);
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
    for (const Index w : members_of(c, set)) {
      const core::Workload& workload = at(model.policy.workloads, w);
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
  std::vector<Burdens> burdens;
  for (Index w = 0; w < count(model.policy.workloads); ++w) burdens.push_back(burdens_of(c, w));
  Told told;
  for (const TargetSet& set : target_sets(model)) {
    if (told.covers(set)) continue;
    const auto excess = worst_excess(model, set, members_of(c, set), burdens);
    if (!excess) continue;
    told.add(set);
    tell_accelerators(c, set, *excess);
  }
}

}  // namespace wanwise::policy
