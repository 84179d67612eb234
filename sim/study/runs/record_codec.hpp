// One run as one line of JSON, and back, exactly. A line says which schema and which study it
// belongs to. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "engine/core/expected.hpp"
#include "sim/study/study.hpp"

namespace wanwise::sim {

/// Of every line; a change of what lines mean counts it up.
inline constexpr std::int64_t kRecordSchema = 1;
/// A day's time line with a few events a second is 30 MB.
inline constexpr std::size_t kMaxRecordBytes = std::size_t{64} << 20;
/// Lists within a record: seconds of a day's time line are 86,400.
inline constexpr std::size_t kMaxRecordItems = 1'000'000;

/// What MSER-5 proposed for a run of the first seed.
struct PilotRecord {
  std::size_t cell = 0, policy = 0;
  core::Micros mser5;
};

struct RecordLine {
  std::string study;  ///< its hash
  std::variant<RunRecord, PilotRecord> body;
};

/// Without a line end.
[[nodiscard]] std::string encode(const RecordLine& line);
/// Positions are not checked against a study.
[[nodiscard]] core::Expected<RecordLine> decode_record(std::string_view line);

}  // namespace wanwise::sim
