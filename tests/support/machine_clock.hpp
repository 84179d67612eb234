// The machine's steady clock as a port, for tests whose peer is another process. Any thread.
#pragma once

#include <chrono>

#include "engine/ports/clock.hpp"

namespace wanwise::test {

class MachineClock final : public ports::Clock {
 public:
  [[nodiscard]] core::Instant now() const override {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
  }
};

}  // namespace wanwise::test
