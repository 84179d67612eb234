// A busy site for benchmarks and fleet tests: 20 workloads, two edge nodes and two clouds, two WAN
// links; and the events that make an engine of it settle.
#pragma once

#include <functional>
#include <string>

#include "engine/core/engine.hpp"

namespace wanwise::test {

struct BusySite {
  std::string name = "harbour";
  int workloads = 20;
  std::int64_t rate_per_s = 1;  ///< of every third; the others ask two and three times as much
};

[[nodiscard]] core::Model busy_site(const BusySite& spec = {});

/// Tells an engine all that it waits for before its first decision, through `apply`, and answers
/// every action with done.
void settle(const core::Model& model, core::Instant now,
            const std::function<core::Step(core::EventBody)>& apply);

}  // namespace wanwise::test
