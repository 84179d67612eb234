// Recordings of others brought to our trace file: mahimahi, FjordLink, CICV5G, UCC 5G, NYU-METS and
// any table with a map of its columns. What is wrong with a recording stands in the report; a word
// that is no number is an error with file and line. import_text is pure; import_file reads the
// file, plain or gzip. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/expected.hpp"
#include "sim/traces/column_map.hpp"
#include "sim/traces/import_report.hpp"
#include "sim/world/air/trace_file.hpp"

namespace wanwise::sim {

enum class TraceFormat { automatic, wanwise, mahimahi, fjordlink, cicv5g, ucc5g, nyu_mets, csv };

[[nodiscard]] const char* name_of(TraceFormat format);
/// The name as `name_of` gives it; nothing for an unknown one.
[[nodiscard]] std::optional<TraceFormat> to_format(std::string_view name);
/// By its first lines; `automatic` when nothing known begins so.
[[nodiscard]] TraceFormat recognise_format(std::string_view text);
/// Who recorded files of this layout, and under which licence; empty where that is unknown.
[[nodiscard]] std::string licence_of(TraceFormat format);

struct ImportOptions {
  TraceFormat format = TraceFormat::automatic;
  std::optional<Direction> direction;  ///< mahimahi: needed unless the name ends in .up or .down
  ColumnMap columns;                   ///< csv only
  /// What a table's rates are: else a counter's are what was carried, others one throughput.
  std::optional<RateMeaning> meaning;
  bool mend_signs = false;  ///< take "102" for "-102" instead of no value
};

struct ImportedTrace {
  TraceFile file;
  ImportReport report;
};

/// A week at one row a second is 604 800; CICV5G's twenty a second are 28 hours.
inline constexpr std::size_t kMaxImportRows = 2'000'000;
inline constexpr std::size_t kMaxLineBytes = 8192;

/// `name`: of the file, for messages and for what its ending tells.
[[nodiscard]] core::Expected<ImportedTrace> import_text(std::string_view text,
                                                        const std::string& name,
                                                        const ImportOptions& options);
[[nodiscard]] core::Expected<ImportedTrace> import_file(const std::string& path,
                                                        const ImportOptions& options);

}  // namespace wanwise::sim
