// The QoS an operator configures once: marks for everything that may leave the site, the policy's
// classes as LLQ and CBWFQ with the shares they were given, and a shaper at a share of the uplink
// that the operator was promised. Pure functions; any thread.
#pragma once

#include <vector>

#include "engine/core/model.hpp"
#include "engine/core/model_index.hpp"
#include "engine/core/qos.hpp"

namespace wanwise::sim {

[[nodiscard]] core::RouterQos static_qos(const core::Model& model, core::Index router,
                                         core::Ppm of_declared);

/// The same queues behind other shapers, by position in Site::links.
[[nodiscard]] core::RouterQos static_qos(const core::Model& model, core::Index router,
                                         const std::vector<core::Bps>& shapers);

}  // namespace wanwise::sim
