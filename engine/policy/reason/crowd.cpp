#include "engine/policy/reason/crowd.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace wanwise::policy {
namespace {

std::int64_t total(const std::vector<Asked>& asked, std::int64_t Asked::*amount) {
  std::int64_t sum = 0;
  for (const Asked& one : asked) sum += one.*amount;
  return sum;
}

}  // namespace

std::optional<Excess> excess_of(const std::vector<Asked>& asked, std::int64_t capacity) {
  const bool certain = total(asked, &Asked::least) > capacity;
  const auto amount = certain ? &Asked::least : &Asked::full;
  Excess excess{certain, core::kNone, false, total(asked, amount), {}};
  excess.degraded = excess.sum < total(asked, &Asked::full);
  if (excess.sum <= capacity) return std::nullopt;
  std::int64_t up_to_here = 0;
  for (const Asked& one : asked) {
    if (one.*amount == 0) continue;
    up_to_here += one.*amount;
    excess.who.push_back(one);
    if (up_to_here > capacity && excess.workload == core::kNone) excess.workload = one.workload;
  }
  return excess;
}

std::string manner_of(const Excess& excess) {
  if (!excess.certain) return ", in full,";
  return excess.degraded ? ", on its lightest steps," : "";
}

std::vector<TargetSet> target_sets(const core::Model& model) {
  std::set<std::pair<std::size_t, TargetSet>> by_size;
  std::set<core::Index> all;
  for (const core::Workload& workload : model.policy.workloads) {
    std::set<core::Index> own;
    for (const core::TargetName& name : workload.targets) {
      own.insert(core::target_index(model, name));
    }
    all.insert(own.begin(), own.end());
    by_size.emplace(own.size(), TargetSet{own.begin(), own.end()});
  }
  by_size.emplace(all.size(), TargetSet{all.begin(), all.end()});
  std::vector<TargetSet> sets;
  for (const auto& [size, set] : by_size) sets.push_back(set);
  return sets;
}

bool confined(const core::Model& model, const core::Workload& workload, const TargetSet& set) {
  return std::all_of(workload.targets.begin(), workload.targets.end(), [&](const auto& name) {
    return std::binary_search(set.begin(), set.end(), core::target_index(model, name));
  });
}

bool contains(const TargetSet& outer, const TargetSet& inner) {
  return std::includes(outer.begin(), outer.end(), inner.begin(), inner.end());
}

std::string names_of(const core::Model& model, const TargetSet& set) {
  constexpr std::size_t kMostNamed = 4;
  std::string text;
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (i == kMostNamed) return text + " and " + std::to_string(set.size() - i) + " more";
    if (i > 0) text += i + 1 == set.size() ? " and " : ", ";
    text += core::target_name(model, set[i]).text;
  }
  return text;
}

}  // namespace wanwise::policy
