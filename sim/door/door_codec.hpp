// The door's messages <-> JSON lines (sim/door/README.md). Moments cross as ages: the two processes
// have different time lines. Decoding is total and strict: unknown types, missing or ill-typed
// members and names out of range are Errors. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "engine/core/action.hpp"
#include "engine/core/expected.hpp"

namespace wanwise::sim {

inline constexpr int kDoorVersion = 1;

/// The longest line: names of some hundred bytes and numbers; a detail for people is the longest
/// part and fits sixty times.
inline constexpr std::size_t kMaxLine = 16'384;

struct DoorHello {
  std::int64_t version = kDoorVersion;
  core::SiteName site;
  bool operator==(const DoorHello&) const = default;
};

/// A client wants a placement within this time, counted from the line's arrival.
struct DoorPlace {
  core::ActionId id = 0;
  core::PlaceWorkload action;
  core::Micros within;
  bool operator==(const DoorPlace&) const = default;
};

/// What the door says: its name, or an event. Only PlacementObserved, WorkloadSample, TargetSample
/// and ActionDone cross the door.
using DoorMessage = std::variant<DoorHello, core::EventBody>;

[[nodiscard]] std::string encode(const DoorHello& hello);
[[nodiscard]] std::string encode(const DoorPlace& place);
/// `now` is the world's: ages are counted back from it.
[[nodiscard]] std::string encode(const core::EventBody& body, core::Instant now);

/// `now` is the reader's: observed_at is the age before it.
[[nodiscard]] core::Expected<DoorMessage> decode_message(std::string_view line, core::Instant now);
[[nodiscard]] core::Expected<DoorPlace> decode_request(std::string_view line);

}  // namespace wanwise::sim
