// NYU-METS: a row a second, without times. Either "value,unit" (the unit may change from row to
// row), or eight columns: throughput in Mb/s, neighbour cells, base station changed, RSRP, RSRQ,
// timing advance, speed, band in MHz. Some of its files lack the minus signs of RSRP and RSRQ.
#include "sim/traces/import_rows.hpp"

namespace wanwise::sim {
namespace {

constexpr std::size_t kColumns = 8;

std::optional<double> bits_of(std::string_view unit) {
  if (unit == "bits/sec") return 1;
  if (unit == "Kbits/sec") return 1e3;
  if (unit == "Mbits/sec") return 1e6;
  if (unit == "Gbits/sec") return 1e9;
  return std::nullopt;
}

class NyuMets {
 public:
  NyuMets(ImportReport& report, bool mend) : m_report(report), m_mend(mend) {}

  std::string read(const Fields& fields, ImportRow& row) {
    if (fields.size() == 2) return plain(fields, row);
    if (fields.size() == kColumns) return multivariate(fields, row);
    return std::to_string(fields.size()) + " columns (allowed: 2, 8)";
  }
  [[nodiscard]] std::int64_t other_units() const { return m_other_units; }
  [[nodiscard]] bool counted_cells() const { return m_cell > 0; }

 private:
  std::string plain(const Fields& fields, ImportRow& row) {
    const auto value = to_number(fields[0]);
    const auto unit = bits_of(fields[1]);
    if (!value) return "rate " + quoted(fields[0]) + " is not a number";
    if (!unit)
      return "unit " + quoted(fields[1]) +
             " is unknown (allowed: bits/sec, Kbits/sec, Mbits/sec, Gbits/sec)";
    if (fields[1] != "Mbits/sec" && *value > 0) ++m_other_units;
    row.downlink = checked_rate(*value * *unit, "downlink", fields[0], row.line, m_report);
    return {};
  }

  std::string multivariate(const Fields& fields, ImportRow& row) {
    const auto rate = to_number(fields[0]);
    if (!rate) return "rate " + quoted(fields[0]) + " is not a number";
    row.downlink = checked_rate(*rate * 1e6, "downlink", fields[0], row.line, m_report);
    const auto changed = to_number(fields[2]);
    if (!changed || (*changed != 0 && *changed != 1))
      return "base station changed " + quoted(fields[2]) + " (allowed: 0, 1)";
    if (*changed == 1 || m_cell == 0) ++m_cell;
    RadioReading reading;
    reading.access = core::RadioAccess::lte;
    reading.cell = m_cell;
    RadioCells cells(m_report, row.line, m_mend);
    reading.rsrp_dbm = whole(cells.read(fields[3], kRsrpRange, true));
    reading.rsrq_db = rsrq(cells, fields[4], row.line);
    reading.in_service = !cells.no_signal();
    row.radio = reading;
    return cells.bad();
  }

  /// RSRQ of LTE is -19.5 to -3 dB (36.133 9.1.7), so 13 lacks its sign, though NR reports up
  /// to 20.
  std::optional<std::int32_t> rsrq(RadioCells& cells, std::string_view token, std::int64_t line) {
    const auto value = to_number(token);
    if (!value || *value < 3) return whole(cells.read(token, kRsrqRange, true));
    m_report.add(m_mend ? DefectKind::mended_sign : DefectKind::minus_sign, "rsrq", line, token);
    if (!m_mend || *value > -kRsrqRange.low) return std::nullopt;
    return whole(-*value);
  }

  ImportReport& m_report;
  bool m_mend;
  std::int64_t m_other_units = 0;
  std::int64_t m_cell = 0;
};

}  // namespace

core::Expected<ImportedTrace> import_nyu_mets(std::string_view text, const std::string& name,
                                              const ImportOptions& options) {
  if (options.direction == Direction::uplink)
    return core::fail("trace-direction", name + ": it is a download (allowed: downlink)");
  ImportReport report;
  RowWalk walk(text, report);
  NyuMets reader(report, options.mend_signs);
  std::vector<ImportRow> rows;
  std::string_view line;
  while (walk.next(line)) {
    ImportRow row{walk.number(),
                  core::seconds(static_cast<std::int64_t>(rows.size())),
                  {},
                  {},
                  {},
                  false,
                  {}};
    if (const auto bad = reader.read(split_fields(line, ','), row); !bad.empty())
      return trace_invalid(name, walk.number(), bad);
    rows.push_back(row);
  }
  if (!walk.problem().empty()) return trace_invalid(name, walk.number(), walk.problem());
  report.remarks.push_back("rows have no time: taken as one second each");
  if (reader.other_units() > 0)
    report.remarks.push_back(std::to_string(reader.other_units()) +
                             " rows are in a unit other than Mbits/sec; each by its own");
  if (reader.counted_cells())
    report.remarks.push_back("cells are numbered by the changes that are told, not by identity");
  auto result = assemble(rows, core::Micros{}, std::move(report), name);
  if (result) result->file.meaning = RateMeaning::throughput;
  return result;
}

}  // namespace wanwise::sim
