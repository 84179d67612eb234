// The record of what happened: every event before the engine sees it, every step after. Enough to
// replay. Called from the runtime's thread only.
#pragma once

#include "engine/core/engine.hpp"
#include "engine/core/event.hpp"

namespace wanwise::ports {

class Journal {
 public:
  virtual ~Journal() = default;
  virtual void record(const core::Event& event) = 0;
  virtual void record(const core::Step& step, std::uint64_t digest) = 0;
};

}  // namespace wanwise::ports
