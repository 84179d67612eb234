#include "sim/baselines/path_loop.hpp"

#include <algorithm>
#include <utility>

namespace wanwise::sim {

std::vector<ParameterRule> with_path(std::vector<ParameterRule> own) {
  own.push_back({"home",
                 "cloud",
                 "where a workload runs while the path is good; preference: as it declares",
                 ParameterKind::word,
                 "",
                 "",
                 {"cloud", "preference"}});
  return with_common(std::move(own));
}

PathLoop::PathLoop(const core::Model& believed, const Parameters& parameters)
    : Baseline(believed, parameters),
      m_cloud_is_home(parameters.is("home", "cloud")),
      m_by_priority(by_priority(model())) {}

std::vector<core::Index> PathLoop::order(core::Index workload, bool is_good) const {
  std::vector<core::Index> order = admissible_targets(model(), workload);
  if (is_good && !m_cloud_is_home) return order;
  std::stable_partition(order.begin(), order.end(), [&](core::Index target) {
    return core::is_cloud(model(), target) == is_good;
  });
  return order;
}

void PathLoop::decide() {
  judge();
  for (const core::Index w : m_by_priority) {
    const bool is_good = good(w);
    const core::Index target = first_fit(w, order(w, is_good));
    if (target != core::kNone && target != place_of(w)) place(w, target, reason(is_good));
    if (target != core::kNone && !wish(w)) place(w, target, "as configured");
  }
}

}  // namespace wanwise::sim
