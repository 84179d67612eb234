// UCC 5G (uccmisl/5Gdataset): a phone's downloads, about a row a second; every 14 s a ping test
// stalls the transfer for some seconds.
#include <algorithm>

#include "sim/traces/import_rows.hpp"

namespace wanwise::sim {
namespace {

// Rates within so much of a ping row are the test's doing, not the link's.
constexpr core::Micros kPingShadow = core::seconds(3);
// Its stamps are whole seconds, and rows are not exactly a second apart.
constexpr core::Micros kResolution = core::seconds(1);

class Ucc {
 public:
  Ucc(const HeaderColumns& columns, ImportReport& report, bool mend)
      : m_columns(columns), m_report(report), m_mend(mend) {}

  std::string read(const Fields& fields, ImportRow& row) {
    const auto mode = m_columns.cell(fields, "NetworkMode");
    const auto access = to_access(mode);
    if (!access) return "NetworkMode " + quoted(mode) + " is unknown";
    RadioReading reading;
    reading.access = *access;
    RadioCells cells(m_report, row.line, m_mend);
    const auto of = [&](const char* name) { return m_columns.cell(fields, name); };
    reading.rsrp_dbm = whole(cells.read(of("RSRP"), kRsrpRange, true));
    reading.rsrq_db = whole(cells.read(of("RSRQ"), kRsrqRange, false));
    reading.sinr = milli_db(cells.read(of("SNR"), kSinrRange, false));
    reading.rssi_dbm = whole(cells.read(of("RSSI"), kRssiRange, false));
    reading.in_service = *access != core::RadioAccess::none && !cells.no_signal();
    if (!cells.bad().empty()) return cells.bad();
    if (const auto cell = to_integer(of("RAWCELLID")); cell && *cell >= 0) reading.cell = cell;
    row.radio = reading;
    return rate(fields, row);
  }

  /// A ping row's round trip; false when the row has none.
  bool ping(const Fields& fields, ImportRow& row, std::string& bad) const {
    const auto average = m_columns.cell(fields, "PINGAVG");
    const auto loss = m_columns.cell(fields, "PINGLOSS");
    const bool silent = average.empty() || average == "-";
    if (silent && (loss.empty() || loss == "-")) return false;
    row.probed = true;
    if (silent) return true;  // all were lost
    const auto ms = to_number(average);
    if (!ms || *ms < 0 || *ms > 3'600'000) {
      bad = "PINGAVG " + quoted(average) + " is not a time in ms";
    } else {
      row.rtt = core::Micros{static_cast<std::int64_t>(*ms * 1000)};
    }
    return true;
  }

 private:
  std::string rate(const Fields& fields, ImportRow& row) {
    const auto token = m_columns.cell(fields, "DL_bitrate");
    if (token.empty() || token == "-") {
      m_report.add(DefectKind::missing, "DL_bitrate", row.line, token);
      return {};
    }
    const auto kbps = to_number(token);
    if (!kbps) return "DL_bitrate " + quoted(token) + " is not a number";
    if (m_columns.cell(fields, "State") == "I") {
      m_report.add(DefectKind::idle, "DL_bitrate", row.line, token);
      return {};
    }
    row.downlink = checked_rate(*kbps * 1000, "DL_bitrate", token, row.line, m_report);
    return {};
  }

  const HeaderColumns& m_columns;
  ImportReport& m_report;
  bool m_mend;
};

/// Takes the rate from rows in the shadow of a ping. Both lists ascend.
void leave_out_shadows(std::vector<ImportRow>& rows, ImportReport& report) {
  std::vector<core::Micros> pings;
  for (const ImportRow& row : rows)
    if (row.probed) pings.push_back(row.offset);
  for (ImportRow& row : rows) {
    const auto next = std::lower_bound(pings.begin(), pings.end(), row.offset - kPingShadow);
    if (next == pings.end() || *next > row.offset + kPingShadow || !row.downlink) continue;
    report.add(DefectKind::ping_shadow, "DL_bitrate", row.line,
               std::to_string(static_cast<std::int64_t>(*row.downlink / 1000)));
    row.downlink.reset();
  }
}

}  // namespace

core::Expected<ImportedTrace> import_ucc5g(std::string_view text, const std::string& name,
                                           const ImportOptions& options) {
  if (options.direction == Direction::uplink)
    return core::fail(
        "trace-direction",
        name + ": its uplink column counts acknowledgements only (allowed: downlink)");
  ImportReport report;
  RowWalk walk(text, report);
  std::string_view line;
  if (!walk.next(line)) return core::fail("trace-invalid", name + ": is empty");
  walk.was_header();
  const HeaderColumns columns(line, ',');
  if (const auto lacking = columns.lacking({"Timestamp", "NetworkMode", "RSRP", "SNR", "DL_bitrate",
                                            "State", "PINGAVG", "PINGLOSS"});
      !lacking.empty())
    return trace_invalid(name, walk.number(), "column " + quoted(lacking) + " is missing");
  RowClock clock(report);
  Ucc reader(columns, report, options.mend_signs);
  std::vector<ImportRow> rows;
  while (walk.next(line)) {
    const Fields fields = split_fields(line, ',');
    const auto stamp = columns.cell(fields, "Timestamp");
    const auto time = ucc_seconds(stamp);
    if (!time)
      return trace_invalid(name, walk.number(),
                           "Timestamp " + quoted(stamp) + " (allowed: YYYY.MM.DD_HH.MM.SS)");
    const auto verdict = clock.take(*time, line, walk.number());
    if (verdict == RowClock::Verdict::jump)
      return trace_invalid(name, walk.number(), "the clock jumps to " + std::string(stamp));
    ImportRow row{walk.number(), clock.offset(), {}, {}, {}, false, {}};
    std::string bad;
    const bool pinged = reader.ping(fields, row, bad);
    if (verdict == RowClock::Verdict::left_out) {
      // A ping row repeats the second of the row before it; its round trip still counts.
      if (pinged && clock.same_instant() && !rows.empty() && !rows.back().probed) {
        rows.back().probed = true;
        rows.back().rtt = row.rtt;
      }
      continue;
    }
    if (bad.empty()) bad = reader.read(fields, row);
    if (!bad.empty()) return trace_invalid(name, walk.number(), bad);
    rows.push_back(row);
  }
  if (!walk.problem().empty()) return trace_invalid(name, walk.number(), walk.problem());
  leave_out_shadows(rows, report);
  report.remarks.push_back("downlink only: UL_bitrate counts acknowledgements");
  report.remarks.push_back("on 5G rows (NSA) the radio values are the LTE anchor's");
  auto result = assemble(rows, kResolution, std::move(report), name);
  if (result) result->file.meaning = RateMeaning::throughput;
  return result;
}

}  // namespace wanwise::sim
