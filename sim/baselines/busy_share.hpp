// How much of a target one workload keeps busy: its measured rate, declared where none was
// measured, times the profile's mean service time. Pure; any thread.
#pragma once

#include "engine/core/model.hpp"
#include "engine/core/model_index.hpp"
#include "sim/baselines/site_view.hpp"

namespace wanwise::sim {

[[nodiscard]] core::Ppm busy_share(const core::Model& model, const SiteView& view,
                                   core::Index workload, core::Index target);

}  // namespace wanwise::sim
