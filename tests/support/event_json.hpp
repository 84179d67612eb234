// Events, actions and explanations as people write and read them in golden tests. One event a line:
//   {"at_ms": 1000, "event": "link-counters", "link": "lte", "up": true, "tx_bytes": 1200}
// What is left out has its type's default; `observed_ms` is `at_ms`. tests/golden/README.md lists
// every kind.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/engine.hpp"
#include "engine/core/expected.hpp"

namespace wanwise::testing {

/// How a line refers to what happened before it.
struct EventContext {
  /// "qos ir1101" or "place detector": the last action of that kind and name.
  std::function<std::optional<core::ActionId>(const std::string&)> action_of;
  /// What the last ApplyQos wanted of this router: `"qos": "as-applied"`.
  std::function<std::optional<core::RouterQos>(const core::RouterName&)> applied_qos;
};

[[nodiscard]] core::Expected<core::Event> event_from_json(std::string_view line,
                                                          const EventContext& context);
/// One line without its end. The inverse of event_from_json().
[[nodiscard]] std::string to_json(const core::Event& event);
[[nodiscard]] std::string to_json(const core::Action& action, core::Instant at);
[[nodiscard]] std::string to_json(const core::Counters& counters);
/// Several lines, each ended.
[[nodiscard]] std::string to_text(const core::Explanation& explanation);

}  // namespace wanwise::testing
