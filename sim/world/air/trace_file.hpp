// Our own trace file: what one recording (or an invented link) holds, brought to one form. Rates as
// delivery opportunities or as steps, radio values, round trips; each section with its own times.
// The text is described in sim/traces/README.md. Value types and pure functions; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/expected.hpp"
#include "sim/world/air/trace.hpp"

namespace wanwise::sim {

/// What the rates of a file are.
enum class RateMeaning {
  capacity,    ///< what the link could have carried: recorded with the queue always full
  throughput,  ///< what one bulk transfer got: a lower bound of the capacity
  carried,     ///< what happened to be sent; says nothing about capacity
};

enum class Direction { uplink, downlink };

/// Holds until the next point. No rate: it was not recorded, or what was recorded is not the
/// link's.
struct RatePoint {
  core::Micros offset;
  std::optional<core::Bps> rate;
  bool operator==(const RatePoint&) const = default;
};

/// No round trip: the probe was lost.
struct RttPoint {
  core::Micros offset;
  std::optional<core::Micros> rtt;
  bool operator==(const RttPoint&) const = default;
};

/// One direction: opportunities or steps, never both.
struct TraceRates {
  std::vector<core::Micros> opportunities;  ///< ascending, each 1500 bytes
  std::vector<RatePoint> steps;             ///< strictly ascending
  [[nodiscard]] bool empty() const { return opportunities.empty() && steps.empty(); }
};

struct TraceFile {
  std::string source;   ///< which kind of recording, as `trace import --format` names it
  std::string licence;  ///< of the recording; empty: unknown
  std::string origin;   ///< the recording's file name
  RateMeaning meaning = RateMeaning::capacity;
  core::Micros period;  ///< > 0; nothing stands after it
  TraceRates uplink, downlink;
  std::vector<RadioPoint> radio;  ///< strictly ascending
  std::vector<RttPoint> rtt;      ///< ascending
};

/// Limits of a file: twenty million 1500-byte opportunities are 240 Gbit, five hours at 13 Mb/s.
inline constexpr std::size_t kMaxTraceRows = 20'000'000;
inline constexpr std::size_t kMaxOpportunities = 20'000'000;
/// Opportunities at one instant: 1.2 Gbit; more is a broken number.
inline constexpr std::int64_t kMaxAtOnce = 100'000;
/// Above any radio link.
inline constexpr std::int64_t kMaxBps = 100'000'000'000;
inline constexpr core::Micros kMaxTracePeriod = core::seconds(std::int64_t{30} * 24 * 3600);

[[nodiscard]] const char* name_of(RateMeaning meaning);
[[nodiscard]] const char* name_of(Direction direction);
[[nodiscard]] const char* name_of(core::RadioAccess access);

/// Whether a text begins as a trace file of ours, of any version.
[[nodiscard]] bool is_trace_file(std::string_view text);
/// Errors say PATH:LINE and what is allowed.
[[nodiscard]] core::Expected<TraceFile> parse_trace(std::string_view text, const std::string& path);
/// What parse_trace reads back unchanged.
[[nodiscard]] std::string format_trace(const TraceFile& file);

/// PATH#uplink and PATH#downlink name one direction of a file.
[[nodiscard]] std::pair<std::string, std::optional<Direction>> split_direction(
    const std::string& name);

/// Steps as opportunities: one whenever another 1500 bytes have added up, so that every stretch
/// carries the integral of its rate. A stretch without a rate holds the last one.
[[nodiscard]] core::Expected<RateTrace> opportunities_of(const std::vector<RatePoint>& steps,
                                                         core::Micros period);

/// One direction as the world replays it. A file whose rates are what was carried is refused.
[[nodiscard]] core::Expected<LoadedRate> rate_of(const TraceFile& file,
                                                 std::optional<Direction> direction,
                                                 const std::string& path);
[[nodiscard]] core::Expected<LoadedRadio> radio_of(const TraceFile& file, const std::string& path);

}  // namespace wanwise::sim
