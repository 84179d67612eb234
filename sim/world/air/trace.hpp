// Rates and radio values over time, recorded or generated, and the readers of recordings. A trace
// that ends starts again. Readers report what is wrong with a file (line and value); they never
// mend it silently.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/event.hpp"
#include "engine/core/expected.hpp"
#include "engine/core/units.hpp"
#include "sim/world/traffic/arrival_law.hpp"

namespace wanwise::sim {

/// Delivery opportunities with mm-link's semantics: each moves at most 1500 bytes, several packets
/// may share one, an unused one is lost, the file wraps at its end.
struct RateTrace {
  std::vector<core::Micros>
      opportunities;    ///< ascending offsets from the start, each one 1500 bytes
  core::Micros period;  ///< length of the trace, > 0
};

/// Values as an IR1101 reports them.
struct RadioReading {
  core::RadioAccess access = core::RadioAccess::none;
  bool in_service = false;
  std::optional<std::int32_t> rssi_dbm, rsrp_dbm, rsrq_db, band;
  std::optional<core::MilliDb> sinr;
  std::optional<std::int64_t> cell;
};

struct RadioPoint {
  core::Micros offset;
  RadioReading reading;
};

struct RadioTrace {
  std::vector<RadioPoint> points;  ///< ascending; a value holds until the next
  core::Micros period;
};

/// What a reader noticed in a recording without refusing it: gaps, sentinels (-140, -200), sign
/// slips.
struct TraceNotes {
  std::vector<std::string> lines;
};

struct LoadedRate {
  RateTrace trace;
  TraceNotes notes;
};
struct LoadedRadio {
  RadioTrace trace;
  TraceNotes notes;
};

struct LoadedArrivals {
  ReplayedArrivals trace;  ///< from its first request on; ends one mean interval after the last
  TraceNotes notes;
};

/// A link of constant rate, > 0: opportunities as evenly as microseconds allow.
[[nodiscard]] RateTrace constant_rate(core::Bps rate);

/// A mahimahi delivery-opportunity file (one integer a line: ms), or a trace file of our own
/// (trace_file.hpp); where that has both directions, PATH#uplink or PATH#downlink. Plain or gzip.
[[nodiscard]] core::Expected<LoadedRate> read_rate_trace(const std::string& path);
/// Recorded requests: Azure's LLM inference traces (CSV; the first column is TIMESTAMP, with date
/// and up to seven decimals), or one offset in seconds a line, with up to nine decimals. Told apart
/// by the header line. Two requests at least. Plain or gzip.
[[nodiscard]] core::Expected<LoadedArrivals> read_arrivals(const std::string& path);
/// FjordLink CSV, CICV5G text or a trace file of our own, told apart by the header line. Plain or
/// gzip.
[[nodiscard]] core::Expected<LoadedRadio> read_radio_trace(const std::string& path);

}  // namespace wanwise::sim
