// What is wrong with the laws of sources and targets, before a world is built of them. Pure; any
// thread.
#pragma once

#include "engine/core/expected.hpp"
#include "engine/core/model.hpp"
#include "sim/world/world.hpp"

namespace wanwise::sim {

/// Names the model does not have, things said twice, values outside their limits, disciplines that
/// exclude each other: every mistake at once, one a line. World asks for a tuning that passes.
[[nodiscard]] core::Expected<void> check_compute(const core::Model& model,
                                                 const WorldTuning& tuning);

}  // namespace wanwise::sim
