// The daemon's time line: microseconds of the system's steady clock since this object was made.
// Immutable after construction; any thread.
#pragma once

#include <chrono>

#include "engine/ports/clock.hpp"

namespace wanwise::runtime {

class SteadyClock final : public ports::Clock {
 public:
  SteadyClock();

  [[nodiscard]] core::Instant now() const override;
  /// The point of the system's clock that `at` stands for: what a timer waits for.
  [[nodiscard]] std::chrono::steady_clock::time_point time_point(core::Instant at) const;

 private:
  std::chrono::steady_clock::time_point m_origin;
};

}  // namespace wanwise::runtime
