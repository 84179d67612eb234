// What the importers share: walking over rows within limits, the clock of a recording, radio
// values, and the trace file that the rows make. Internal to sim/traces; one import, one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/traces/fields.hpp"
#include "sim/traces/import.hpp"
#include "sim/world/air/radio_value.hpp"
#include "sim/world/kernel/text_file.hpp"

namespace wanwise::sim {

/// One row of a recording, whatever it had.
struct ImportRow {
  std::int64_t line = 0;
  core::Micros offset;
  std::optional<double> uplink, downlink;  ///< bit/s
  std::optional<RadioReading> radio;
  bool probed = false;              ///< a round trip was tried
  std::optional<core::Micros> rtt;  ///< of a probe that came back
};

/// Lines that are not blank, within the limits of import.hpp; afterwards `problem` says whether it
/// ended early.
class RowWalk {
 public:
  RowWalk(std::string_view text, ImportReport& report) : m_lines(text), m_report(report) {}
  bool next(std::string_view& line);
  [[nodiscard]] std::int64_t number() const { return m_lines.number(); }
  [[nodiscard]] const std::string& problem() const { return m_problem; }
  /// The last line was a header, no row.
  void was_header() { --m_report.rows; }

 private:
  Lines m_lines;
  ImportReport& m_report;
  std::string m_problem;
};

/// Times since the first row, strictly ascending; what does not ascend is reported.
class RowClock {
 public:
  enum class Verdict { ok, left_out, jump };

  explicit RowClock(ImportReport& report) : m_report(report) {}
  Verdict take(double seconds, std::string_view line, std::int64_t number);
  [[nodiscard]] core::Micros offset() const { return m_offset; }
  [[nodiscard]] bool same_instant() const { return m_same; }  ///< of the row left out last

 private:
  ImportReport& m_report;
  std::optional<double> m_start;
  core::Micros m_offset{-1};
  std::string m_last_line;
  bool m_same = false;
};

/// Reads radio values of one row; doubts go to the report.
class RadioCells {
 public:
  RadioCells(ImportReport& report, std::int64_t line, bool mend_signs)
      : m_report(report), m_line(line), m_mend(mend_signs) {}

  /// `expected`: an empty value is reported.
  std::optional<double> read(std::string_view token, const RadioRange& range, bool expected,
                             double unit = 1);
  [[nodiscard]] bool no_signal() const { return m_no_signal; }
  [[nodiscard]] const std::string& bad() const { return m_bad; }  ///< a word that is no number

 private:
  ImportReport& m_report;
  std::int64_t m_line;
  bool m_mend;
  bool m_no_signal = false;
  std::string m_bad;
};

[[nodiscard]] std::optional<std::int32_t> whole(std::optional<double> value);
[[nodiscard]] std::optional<core::MilliDb> milli_db(std::optional<double> value);

/// A rate within its range, else reported and none.
[[nodiscard]] std::optional<double> checked_rate(double bps, const char* field,
                                                 std::string_view token, std::int64_t line,
                                                 ImportReport& report);

/// Where the header's columns stand.
class HeaderColumns {
 public:
  HeaderColumns(std::string_view header, char separator);
  [[nodiscard]] std::optional<std::size_t> at(std::string_view name) const;
  /// The first of these names that the header lacks; empty when it has all.
  [[nodiscard]] std::string lacking(std::initializer_list<std::string_view> names) const;
  /// Empty when the row ends before it or the header lacks it.
  [[nodiscard]] std::string_view cell(const Fields& row, std::string_view name) const;
  [[nodiscard]] const Fields& names() const { return m_names; }

 private:
  Fields m_names;
};

/// `resolution`: of the time stamps; a gap must be felt beyond it.
[[nodiscard]] core::Expected<ImportedTrace> assemble(const std::vector<ImportRow>& rows,
                                                     core::Micros resolution, ImportReport report,
                                                     const std::string& name);

// One importer each.
using Import = core::Expected<ImportedTrace>(std::string_view, const std::string&,
                                             const ImportOptions&);
Import import_mahimahi, import_fjordlink, import_cicv5g, import_ucc5g, import_nyu_mets, import_csv;

}  // namespace wanwise::sim
