// Any table, by a map of its columns.
#include <cmath>

#include "sim/traces/import_rows.hpp"

namespace wanwise::sim {
namespace {

// A rate this many times both of its neighbours was written in another unit (the next one is 1000).
constexpr double kUnitStep = 500;
constexpr double kMaxRttSeconds = 3600;

/// A counter of bytes as a rate.
struct Counter {
  std::optional<double> bytes;
  core::Micros at;
};

class CsvReader {
 public:
  CsvReader(const ColumnMap& map, ImportReport& report, bool mend)
      : m_map(map), m_report(report), m_mend(mend) {}

  /// Finds the named columns; what is missing, or empty.
  std::string resolve(const HeaderColumns& header) {
    for (const auto& [field, choice] : m_map.columns) {
      if (choice.name.empty()) {
        m_at[field] = choice.number;
        continue;
      }
      const auto at = header.at(choice.name);
      if (!at) return "column " + quoted(choice.name) + " is missing";
      m_at[field] = *at;
    }
    return {};
  }

  [[nodiscard]] std::optional<std::string_view> cell(const Fields& fields,
                                                     ColumnField field) const {
    const auto at = m_at.find(field);
    if (at == m_at.end()) return std::nullopt;
    return at->second < fields.size() ? fields[at->second] : std::string_view{};
  }

  [[nodiscard]] std::optional<double> time(std::string_view token) const {
    const ColumnChoice& choice = m_map.columns.at(ColumnField::time);
    if (choice.unit == "iso") return iso_seconds(token);
    const auto value = to_number(token);
    if (!value) return std::nullopt;
    return *value * choice.scale;
  }

  std::string read(const Fields& fields, ImportRow& row) {
    rate(fields, ColumnField::uplink, m_up, row, row.uplink);
    rate(fields, ColumnField::downlink, m_down, row, row.downlink);
    round_trip(fields, row);
    radio(fields, row);
    return std::exchange(m_bad, {});
  }

 private:
  std::optional<double> value(const Fields& fields, ColumnField field, std::int64_t line) {
    const auto token = cell(fields, field);
    if (!token) return std::nullopt;
    if (token->empty() || *token == "-") {
      m_report.add(DefectKind::missing, name_of(field), line, *token);
      return std::nullopt;
    }
    const auto number = to_number(*token);
    if (!number) m_bad = std::string(name_of(field)) + " " + quoted(*token) + " is not a number";
    return number;
  }

  void rate(const Fields& fields, ColumnField field, Counter& counter, const ImportRow& row,
            std::optional<double>& bps) {
    const auto number = value(fields, field, row.line);
    if (!number) return;
    const ColumnChoice& choice = m_map.columns.at(field);
    const auto token = *cell(fields, field);
    double result = *number * choice.scale;
    if (choice.unit == "bytes-total") {
      const Counter before = std::exchange(counter, {*number, row.offset});
      if (!before.bytes) return;
      if (*number < *before.bytes) {
        m_report.add(DefectKind::counter_reset, name_of(field), row.line, token);
        return;
      }
      const double seconds = static_cast<double>((row.offset - before.at).count) / 1e6;
      result = (*number - *before.bytes) * choice.scale / seconds;
    }
    bps = checked_rate(result, name_of(field), token, row.line, m_report);
  }

  void round_trip(const Fields& fields, ImportRow& row) {
    const auto token = cell(fields, ColumnField::rtt);
    if (!token) return;
    row.probed = true;
    if (token->empty() || *token == "-") return;  // lost
    const auto number = to_number(*token);
    if (!number) {
      m_bad = "rtt " + quoted(*token) + " is not a number";
      return;
    }
    const double seconds = *number * m_map.columns.at(ColumnField::rtt).scale;
    if (seconds < 0 || seconds > kMaxRttSeconds) {
      row.probed = false;
      m_report.add(DefectKind::out_of_range, "rtt", row.line, *token);
      return;
    }
    row.rtt = core::Micros{std::llround(seconds * 1e6)};
  }

  std::optional<double> radio_value(RadioCells& cells, const Fields& fields, ColumnField field,
                                    const RadioRange& range) {
    const auto token = cell(fields, field);
    if (!token) return std::nullopt;
    m_has_radio = true;
    return cells.read(*token, range, true, m_map.columns.at(field).unit.ends_with("*10") ? 10 : 1);
  }

  void radio(const Fields& fields, ImportRow& row) {
    m_has_radio = false;
    RadioReading reading;
    RadioCells cells(m_report, row.line, m_mend);
    reading.rsrp_dbm = whole(radio_value(cells, fields, ColumnField::rsrp, kRsrpRange));
    reading.rsrq_db = whole(radio_value(cells, fields, ColumnField::rsrq, kRsrqRange));
    reading.sinr = milli_db(radio_value(cells, fields, ColumnField::sinr, kSinrRange));
    reading.rssi_dbm = whole(radio_value(cells, fields, ColumnField::rssi, kRssiRange));
    if (!cells.bad().empty()) m_bad = cells.bad();
    reading.access = core::RadioAccess::lte;
    if (const auto word = cell(fields, ColumnField::access)) {
      m_has_radio = true;
      const auto access = to_access(*word);
      if (!access) m_bad = "access " + quoted(*word) + " is unknown";
      reading.access = access.value_or(core::RadioAccess::none);
    }
    identity(fields, row.line, reading);
    reading.in_service = reading.access != core::RadioAccess::none && !cells.no_signal();
    if (m_has_radio) row.radio = reading;
  }

  void identity(const Fields& fields, std::int64_t line, RadioReading& reading) {
    if (const auto word = cell(fields, ColumnField::cell)) {
      m_has_radio = true;
      reading.cell = to_integer(*word);
      if (!reading.cell && !word->empty()) reading.cell = to_integer(*word, 16);
      if (reading.cell && *reading.cell < 0) reading.cell.reset();
      if (!reading.cell) m_report.add(DefectKind::missing, "cell", line, *word);
    }
    if (const auto word = cell(fields, ColumnField::band)) {
      m_has_radio = true;
      const auto band = to_integer(*word);
      if (band && *band >= 0 && *band <= 100'000)
        reading.band = static_cast<std::int32_t>(*band);
      else
        m_report.add(DefectKind::missing, "band", line, *word);
    }
  }

  const ColumnMap& m_map;
  ImportReport& m_report;
  bool m_mend;
  bool m_has_radio = false;
  std::map<ColumnField, std::size_t> m_at;
  Counter m_up, m_down;
  std::string m_bad;
};

/// Takes rates out that stand alone a thousandfold above both neighbours.
void leave_out_spikes(std::vector<ImportRow>& rows, std::optional<double> ImportRow::*rate,
                      const char* field, ImportReport& report) {
  std::optional<double> before;
  for (std::size_t i = 1; i + 1 < rows.size(); ++i) {
    before = rows[i - 1].*rate ? rows[i - 1].*rate : before;
    const auto here = rows[i].*rate;
    const auto after = rows[i + 1].*rate;
    if (!here || !before || !after || *before <= 0 || *after <= 0) continue;
    if (*here < kUnitStep * std::max(*before, *after)) continue;
    report.add(DefectKind::unit_mix, field, rows[i].line, std::to_string(std::llround(*here)));
    (rows[i].*rate).reset();
  }
}

RateMeaning usual_meaning(const ColumnMap& map) {
  for (const auto& [field, choice] : map.columns)
    if (choice.unit == "bytes-total") return RateMeaning::carried;
  return RateMeaning::throughput;
}

bool needs_header(const ColumnMap& map) {
  for (const auto& [field, choice] : map.columns)
    if (!choice.name.empty()) return true;
  return false;
}

}  // namespace

core::Expected<ImportedTrace> import_csv(std::string_view text, const std::string& name,
                                         const ImportOptions& options) {
  if (options.columns.empty())
    return core::fail("trace-map", name + ": csv needs a map of its columns (--map)");
  ImportReport report;
  RowWalk walk(text, report);
  CsvReader reader(options.columns, report, options.mend_signs);
  std::string_view line;
  if (!walk.next(line)) return core::fail("trace-invalid", name + ": is empty");
  const char separator = guess_separator(line);
  if (const auto lacking = reader.resolve(HeaderColumns(line, separator)); !lacking.empty())
    return trace_invalid(name, walk.number(), lacking);
  const bool by_row = options.columns.time_is_row;
  bool more = true;
  const auto first = reader.cell(split_fields(line, separator), ColumnField::time);
  if (needs_header(options.columns) || (first && !reader.time(*first))) {
    walk.was_header();
    more = walk.next(line);
  }
  RowClock clock(report);
  std::vector<ImportRow> rows;
  for (; more; more = walk.next(line)) {
    const Fields fields = split_fields(line, separator);
    const auto stamp = reader.cell(fields, ColumnField::time).value_or(std::string_view{});
    const auto time = by_row ? std::optional(static_cast<double>(rows.size())) : reader.time(stamp);
    if (!time)
      return trace_invalid(name, walk.number(), "time " + quoted(stamp) + " is not a time");
    const auto verdict = clock.take(*time, line, walk.number());
    if (verdict == RowClock::Verdict::jump)
      return trace_invalid(name, walk.number(), "the clock jumps to " + std::string(stamp));
    if (verdict == RowClock::Verdict::left_out) continue;
    ImportRow row{walk.number(), clock.offset(), {}, {}, {}, false, {}};
    if (const auto bad = reader.read(fields, row); !bad.empty())
      return trace_invalid(name, walk.number(), bad);
    rows.push_back(row);
  }
  if (!walk.problem().empty()) return trace_invalid(name, walk.number(), walk.problem());
  leave_out_spikes(rows, &ImportRow::uplink, "uplink", report);
  leave_out_spikes(rows, &ImportRow::downlink, "downlink", report);
  auto result = assemble(rows, core::Micros{}, std::move(report), name);
  if (result) result->file.meaning = options.meaning.value_or(usual_meaning(options.columns));
  return result;
}

}  // namespace wanwise::sim
