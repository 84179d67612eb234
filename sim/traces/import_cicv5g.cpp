// CICV5G (zxr805/CICV5G): a message's round trip vehicle - cloud - vehicle a row, twenty a second,
// with the radio values at that time. Its header calls cell and RSRP "db".
#include "sim/traces/import_rows.hpp"

namespace wanwise::sim {
namespace {

// An answer after an hour is a broken stamp; the recorded worst is half a minute.
constexpr double kMaxDelayMs = 3'600'000;

std::string read_row(const HeaderColumns& columns, const Fields& fields, bool mend,
                     ImportReport& report, ImportRow& row) {
  const auto token = columns.cell(fields, "delay(ms)");
  const auto delay = to_number(token);
  if (!delay) return "delay " + quoted(token) + " is not a number";
  row.probed = *delay >= 0 && *delay <= kMaxDelayMs;
  if (row.probed) {
    row.rtt = core::Micros{static_cast<std::int64_t>(*delay * 1000)};
  } else {
    report.add(DefectKind::out_of_range, "delay", row.line, token);
  }
  RadioReading reading;
  // Both of its networks are 5G carriers of their own (README of the data set).
  reading.access = core::RadioAccess::nr_sa;
  RadioCells cells(report, row.line, mend);
  reading.rsrp_dbm = whole(cells.read(columns.cell(fields, "rsrp(db)"), kRsrpRange, true));
  reading.sinr = milli_db(cells.read(columns.cell(fields, "sinr(db)"), kSinrRange, true));
  reading.in_service = !cells.no_signal();
  if (!cells.bad().empty()) return cells.bad();
  const auto cell = columns.cell(fields, "cellid(db)");
  reading.cell = to_integer(cell, 16);
  if (!reading.cell || *reading.cell < 0)
    return "cellid " + quoted(cell) + " is not a hexadecimal number";
  row.radio = reading;
  return {};
}

}  // namespace

core::Expected<ImportedTrace> import_cicv5g(std::string_view text, const std::string& name,
                                            const ImportOptions& options) {
  ImportReport report;
  RowWalk walk(text, report);
  std::string_view line;
  if (!walk.next(line)) return core::fail("trace-invalid", name + ": is empty");
  walk.was_header();
  const HeaderColumns columns(line, ' ');
  if (const auto lacking =
          columns.lacking({"pub_time(ms)", "delay(ms)", "cellid(db)", "sinr(db)", "rsrp(db)"});
      !lacking.empty())
    return trace_invalid(name, walk.number(), "column " + quoted(lacking) + " is missing");
  RowClock clock(report);
  std::vector<ImportRow> rows;
  while (walk.next(line)) {
    const Fields fields = split_fields(line, ' ');
    const auto stamp = columns.cell(fields, "pub_time(ms)");
    const auto time = to_number(stamp);
    if (!time)
      return trace_invalid(name, walk.number(), "pub_time " + quoted(stamp) + " is not a number");
    const auto verdict = clock.take(*time / 1000, line, walk.number());
    if (verdict == RowClock::Verdict::jump)
      return trace_invalid(name, walk.number(), "the clock jumps to " + std::string(stamp));
    if (verdict == RowClock::Verdict::left_out) continue;
    ImportRow row{walk.number(), clock.offset(), {}, {}, {}, false, {}};
    if (const auto bad = read_row(columns, fields, options.mend_signs, report, row); !bad.empty())
      return trace_invalid(name, walk.number(), bad);
    rows.push_back(row);
  }
  if (!walk.problem().empty()) return trace_invalid(name, walk.number(), walk.problem());
  report.remarks.push_back("the round trip is the application's, by way of its cloud");
  return assemble(rows, core::Micros{}, std::move(report), name);
}

}  // namespace wanwise::sim
