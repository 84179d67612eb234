// FjordLink (ds-kiel/FjordLink): a router's modem and interface once a second, as CSV with the
// columns t_s, class, rssi, rsrp, rsrq10, sinr, nr_*, rx_bps, tx_bps.
#include "sim/traces/import_rows.hpp"

namespace wanwise::sim {
namespace {

/// "B3@20Mhz" is 3, "n78@…" is 78.
std::optional<std::int32_t> band_of(std::string_view text) {
  const auto from = text.find_first_of("0123456789");
  if (from == std::string_view::npos) return std::nullopt;
  const auto to = std::min(text.find_first_not_of("0123456789", from), text.size());
  const auto band = to_integer(text.substr(from, to - from));
  if (!band || *band > 100'000) return std::nullopt;
  return static_cast<std::int32_t>(*band);
}

class FjordLink {
 public:
  FjordLink(const HeaderColumns& columns, ImportReport& report, bool mend)
      : m_columns(columns), m_report(report), m_mend(mend) {}

  /// What is wrong with the row; empty when it is good.
  std::string read(const Fields& fields, ImportRow& row) {
    RadioReading reading;
    const auto access = to_access(m_columns.cell(fields, "class"));
    if (!access)
      return "class " + quoted(m_columns.cell(fields, "class")) +
             " is unknown (allowed: nothing, GSM, 3G, UMTS, LTE, 5G NSA, 5G SA)";
    reading.access = *access;
    reading.in_service = *access != core::RadioAccess::none;
    reading.band = band_of(m_columns.cell(fields, "band"));
    const auto cell = m_columns.cell(fields, "cell");
    reading.cell = to_integer(cell);
    if (!cell.empty() && (!reading.cell || *reading.cell < 0))
      return "cell " + quoted(cell) + " is not a number";
    if (auto bad = radio(fields, row.line, reading); !bad.empty()) return bad;
    row.radio = reading;
    if (auto bad = rate(fields, "tx_bps", row, row.uplink); !bad.empty()) return bad;
    return rate(fields, "rx_bps", row, row.downlink);
  }

 private:
  std::string radio(const Fields& fields, std::int64_t line, RadioReading& reading) {
    RadioCells cells(m_report, line, m_mend);
    const auto of = [&](const char* name) { return m_columns.cell(fields, name); };
    const auto rssi = cells.read(of("rssi"), kRssiRange, false);
    auto rsrp = cells.read(of("rsrp"), kRsrpRange, true);
    auto rsrq = cells.read(of("rsrq10"), kRsrqRange, false, 10);
    auto sinr = cells.read(of("sinr"), kSinrRange, false);
    // On NSA these columns are the LTE anchor's; the NR carrier has its own.
    if (const auto nr = cells.read(of("nr_rsrp"), kRsrpRange, false)) {
      rsrp = nr;
      rsrq = cells.read(of("nr_rsrq10"), kRsrqRange, false, 10);
      sinr = cells.read(of("nr_sinr"), kSinrRange, false);
    }
    if (cells.no_signal() && !rsrp) reading.in_service = false;
    reading.rssi_dbm = whole(rssi);
    reading.rsrp_dbm = whole(rsrp);
    reading.rsrq_db = whole(rsrq);
    reading.sinr = milli_db(sinr);
    return cells.bad();
  }

  std::string rate(const Fields& fields, const char* name, const ImportRow& row,
                   std::optional<double>& bps) {
    const auto token = m_columns.cell(fields, name);
    if (token.empty()) {
      if (m_columns.at(name)) m_report.add(DefectKind::missing, name, row.line, token);
      return {};
    }
    const auto value = to_number(token);
    if (!value) return std::string(name) + " " + quoted(token) + " is not a number";
    bps = checked_rate(*value, name, token, row.line, m_report);
    return {};
  }

  const HeaderColumns& m_columns;
  ImportReport& m_report;
  bool m_mend;
};

}  // namespace

core::Expected<ImportedTrace> import_fjordlink(std::string_view text, const std::string& name,
                                               const ImportOptions& options) {
  ImportReport report;
  RowWalk walk(text, report);
  std::string_view line;
  if (!walk.next(line)) return core::fail("trace-invalid", name + ": is empty");
  walk.was_header();
  const HeaderColumns columns(line, ',');
  if (const auto lacking = columns.lacking({"t_s", "class", "rsrp", "rsrq10", "sinr"});
      !lacking.empty())
    return trace_invalid(name, walk.number(), "column " + quoted(lacking) + " is missing");
  RowClock clock(report);
  FjordLink reader(columns, report, options.mend_signs);
  std::vector<ImportRow> rows;
  while (walk.next(line)) {
    const Fields fields = split_fields(line, ',');
    const auto stamp = columns.cell(fields, "t_s");
    const auto time = to_number(stamp);
    if (!time)
      return trace_invalid(name, walk.number(), "t_s " + quoted(stamp) + " is not a number");
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
  report.remarks.push_back("rates are the interface's counters: what was carried, no capacity");
  report.remarks.push_back("on 5G the radio values are the NR carrier's where it has any");
  auto result = assemble(rows, core::Micros{}, std::move(report), name);
  if (result) result->file.meaning = RateMeaning::carried;
  return result;
}

}  // namespace wanwise::sim
