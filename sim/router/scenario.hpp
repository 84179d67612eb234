// What happens to a site while it is watched: one line a step, `TIME WHAT NAME VALUE`, `#` begins a
// comment. Parsing is pure; play() changes the world it is given.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "engine/core/expected.hpp"
#include "engine/core/model.hpp"
#include "sim/world/world.hpp"

namespace wanwise::router {

struct DemandStep {
  core::WorkloadName workload;
  core::Ppm of_declared;
};
struct UplinkStep {
  core::LinkName link;
  core::Ppm of_trace;
};
struct PowerStep {
  core::TargetName target;
  core::PowerModeName mode;
};
struct ThrottleStep {
  core::TargetName target;
  core::Ppm slowdown;
};
struct AliveStep {
  core::TargetName target;
  bool alive = true;
};

struct ScenarioStep {
  core::Instant at;  ///< since the start of the world
  std::variant<DemandStep, UplinkStep, PowerStep, ThrottleStep, AliveStep> what;
};

inline constexpr std::size_t kMaxScenarioSteps = 10'000;

/// Steps in order of time. Every name must be one of the model's. The error names all bad lines.
[[nodiscard]] core::Expected<std::vector<ScenarioStep>> parse_scenario(const std::string& file,
                                                                       const std::string& text,
                                                                       const core::Model& model);

void play(sim::World& world, const ScenarioStep& step);

}  // namespace wanwise::router
