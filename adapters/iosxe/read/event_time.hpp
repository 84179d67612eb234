// When data were true, on the engine's time line. A notification carries the router's wall clock
// (RFC 5277 eventTime), which may be wrong by any amount, and it may have been held up on its way.
// The clock's offset is estimated from the notifications that were held up least: the smallest
// (received - eventTime) of late. Then a late notification looks as old as it is, and a router
// whose clock is wrong looks like any other. Pure: no clock of its own; one estimator belongs to
// one session.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>

#include "engine/core/units.hpp"

namespace wanwise::iosxe {

/// yang:date-and-time (RFC 6991) in microseconds since 1970, and how finely it was written.
struct RouterTime {
  std::int64_t micros = 0;
  core::Micros resolution;  ///< one second where the text has no fraction
  bool operator==(const RouterTime&) const = default;
};
/// Nothing when the text is no date-and-time.
[[nodiscard]] std::optional<RouterTime> parse_router_time(std::string_view text);

class ClockOffset {
 public:
  /// How far back the smallest difference is looked for. Held-up notifications look old for so
  /// long before a lasting delay is taken for the offset; a clock that was set back makes data look
  /// old for so long. Between: queues of an uplink empty within seconds, clocks are set hardly
  /// ever.
  static constexpr core::Micros kWindow = core::seconds(120);
  /// Differences are kept as the smallest of each such slice of the window.
  static constexpr core::Micros kSlice = core::seconds(5);

  /// The engine's instant at which `event` was; never after `received`.
  [[nodiscard]] core::Instant observe(const RouterTime& event, core::Instant received);

  /// Engine's time of the router's 1970; absent before the first notification.
  [[nodiscard]] std::optional<std::int64_t> offset() const;

 private:
  struct Slice {
    std::int64_t start = 0;     ///< engine's time
    std::int64_t smallest = 0;  ///< received - event
  };
  std::deque<Slice> m_slices;  ///< at most kWindow / kSlice + 1
};

}  // namespace wanwise::iosxe
