// Workloads that must share one capacity, and who is too much for it. Values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/model.hpp"
#include "engine/core/model_index.hpp"

namespace wanwise::policy {

/// What one workload asks for, on its lightest rung and in full.
struct Asked {
  core::Index workload = core::kNone;
  std::int64_t least = 0;
  std::int64_t full = 0;
};

struct Excess {
  bool certain = false;                ///< even the least is too much
  core::Index workload = core::kNone;  ///< the one, in the order given, that makes it too much
  bool degraded = false;               ///< the sum is that of steps below the full demand
  std::int64_t sum = 0;
  std::vector<Asked> who;  ///< who asks for anything
};

/// Too little for the least, else for the full demand of all; nothing when it is enough.
[[nodiscard]] std::optional<Excess> excess_of(const std::vector<Asked>& asked,
                                              std::int64_t capacity);

/// Which demand the sum is of: ", on its lightest steps,", ", in full," or nothing to say.
[[nodiscard]] std::string manner_of(const Excess& excess);

/// "a 80%, b 60%, 2 more"
template <class Text>
std::string parts_of(const core::Model& model, const Excess& excess, Text text) {
  constexpr std::size_t kMostNamed = 6;
  std::string parts;
  for (std::size_t i = 0; i < excess.who.size(); ++i) {
    if (i > 0) parts += ", ";
    if (i == kMostNamed) return parts + std::to_string(excess.who.size() - i) + " more";
    const Asked& one = excess.who[i];
    parts += core::at(model.policy.workloads, one.workload).name.text + ' ' +
             text(excess.certain ? one.least : one.full);
  }
  return parts;
}

/// A set of targets, ascending.
using TargetSet = std::vector<core::Index>;

/// The sets that single workloads are confined to, and the set of all targets that any may use:
/// small ones first.
[[nodiscard]] std::vector<TargetSet> target_sets(const core::Model& model);
/// All targets of the workload are in the set.
[[nodiscard]] bool confined(const core::Model& model, const core::Workload& workload,
                            const TargetSet& set);
[[nodiscard]] bool contains(const TargetSet& outer, const TargetSet& inner);
/// "tx2", "tx2 and cloud", "a, b and 3 more"
[[nodiscard]] std::string names_of(const core::Model& model, const TargetSet& set);

}  // namespace wanwise::policy
