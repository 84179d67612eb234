// A core::Engine whose answers the test writes: linked in place of the real one, so that the loop's
// own behaviour shows. One script in the process.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "engine/core/engine.hpp"

namespace wanwise::testing {

struct EngineScript {
  std::function<core::Step(const core::Event&)> answer;  ///< empty: an empty step
  std::optional<core::Instant> wakeup;
  std::vector<core::Event> seen;
  std::uint64_t salt = 0;  ///< changes every digest
};

EngineScript& script();
/// A fresh script and an engine that follows it.
core::Engine scripted_engine();

}  // namespace wanwise::testing
