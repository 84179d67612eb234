// What steers a site in a study: wanwise's engine or the loop of somebody else. Each sees the same
// events at the same moments, and what it wants is carried out by the same ports. No clock, no
// threads, no randomness: equal events, equal actions. One owner; not thread-safe.
#pragma once

#include <optional>
#include <vector>

#include "engine/core/action.hpp"
#include "engine/core/event.hpp"

namespace wanwise::sim {

class Controller {
 public:
  virtual ~Controller() = default;

  /// Events come in the order of `at`. Every action gets exactly one ActionDone event with its id.
  [[nodiscard]] virtual std::vector<core::Action> on_event(const core::Event& event) = 0;

  /// When a Tick is wanted at the latest; nothing when only news can change its mind.
  [[nodiscard]] virtual std::optional<core::Instant> next_wakeup() const = 0;
};

}  // namespace wanwise::sim
