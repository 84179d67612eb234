#include "sim/traces/import_rows.hpp"

#include <algorithm>
#include <cmath>

namespace wanwise::sim {
namespace {

// Longest recording; a step beyond it is another unit or a broken clock.
constexpr double kMaxSeconds = static_cast<double>(kMaxTracePeriod.count) / 1e6;

core::Micros usual_step(const std::vector<ImportRow>& rows) {
  std::vector<core::Micros> steps;
  for (std::size_t i = 1; i < rows.size(); ++i)
    steps.push_back(rows[i].offset - rows[i - 1].offset);
  if (steps.empty()) return core::seconds(1);
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return *middle;
}

/// Polls wander by some per cent; one that is missing doubles the step. A gap below a second is not
/// felt.
bool is_gap(core::Micros step, core::Micros usual, core::Micros resolution) {
  return step * 10 > usual * 18 && step >= core::seconds(1) && step > usual + resolution;
}

void add_step(std::vector<RatePoint>& steps, core::Micros at, std::optional<double> bps) {
  RatePoint point{at, std::nullopt};
  if (bps) point.rate = core::Bps{std::llround(*bps)};
  if (!point.rate && !steps.empty() && !steps.back().rate) return;
  steps.push_back(point);
}

std::string tenths(core::Micros t) {
  return std::to_string(t.count / 1'000'000) + "." + std::to_string(t.count / 100'000 % 10) + " s";
}

void add_row(TraceFile& file, const ImportRow& row, bool up, bool down) {
  if (up) add_step(file.uplink.steps, row.offset, row.uplink);
  if (down) add_step(file.downlink.steps, row.offset, row.downlink);
  if (row.radio) file.radio.push_back({row.offset, *row.radio});
  if (row.probed) file.rtt.push_back({row.offset, row.rtt});
}

}  // namespace

bool RowWalk::next(std::string_view& line) {
  while (m_problem.empty() && m_lines.next(line)) {
    if (line.size() > kMaxLineBytes) {
      m_problem = "the line is longer than " + std::to_string(kMaxLineBytes) + " bytes";
      return false;
    }
    if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
    if (static_cast<std::size_t>(++m_report.rows) > kMaxImportRows) {
      m_problem = "more than " + std::to_string(kMaxImportRows) + " rows";
      return false;
    }
    return true;
  }
  return false;
}

RowClock::Verdict RowClock::take(double seconds, std::string_view line, std::int64_t number) {
  if (!m_start) m_start = seconds;
  const double since = seconds - *m_start;
  if (since > kMaxSeconds) return Verdict::jump;
  // Far back is as far as before the start: only the order counts.
  const core::Micros offset{std::llround(std::max(since, -1.0) * 1e6)};
  if (offset > m_offset) {
    m_offset = offset;
    m_last_line = line;
    return Verdict::ok;
  }
  m_same = offset == m_offset;
  const DefectKind kind = !m_same               ? DefectKind::time_back
                          : line == m_last_line ? DefectKind::repeated_row
                                                : DefectKind::repeated_time;
  m_report.add(kind, "time", number, line);
  return Verdict::left_out;
}

std::optional<double> RadioCells::read(std::string_view token, const RadioRange& range,
                                       bool expected, double unit) {
  if (token.empty() || token == "-") {
    if (expected) m_report.add(DefectKind::missing, range.name, m_line, token);
    return std::nullopt;
  }
  const auto raw = to_number(token);
  if (!raw) {
    m_bad = std::string(range.name) + " " + quoted(token) + " is not a number";
    return std::nullopt;
  }
  JudgedValue judged = judge_radio(*raw, range, unit);
  switch (judged.doubt) {
    case RadioDoubt::none:
      break;
    case RadioDoubt::no_signal:
      m_no_signal = true;
      m_report.add(DefectKind::no_signal, range.name, m_line, token);
      break;
    case RadioDoubt::tenths:
      m_report.add(DefectKind::unit_mix, range.name, m_line, token);
      break;
    case RadioDoubt::minus_sign:
      if (m_mend) judged.value = -*raw / unit;
      m_report.add(m_mend ? DefectKind::mended_sign : DefectKind::minus_sign, range.name, m_line,
                   token);
      break;
    case RadioDoubt::range:
      m_report.add(DefectKind::out_of_range, range.name, m_line, token);
      break;
  }
  return judged.value;
}

std::optional<std::int32_t> whole(std::optional<double> value) {
  if (!value) return std::nullopt;
  return static_cast<std::int32_t>(std::lround(*value));
}

std::optional<core::MilliDb> milli_db(std::optional<double> value) {
  if (!value) return std::nullopt;
  return core::MilliDb{std::llround(*value * 1000)};
}

std::optional<double> checked_rate(double bps, const char* field, std::string_view token,
                                   std::int64_t line, ImportReport& report) {
  if (bps >= 0 && bps <= static_cast<double>(kMaxBps)) return bps;
  report.add(DefectKind::out_of_range, field, line, token);
  return std::nullopt;
}

HeaderColumns::HeaderColumns(std::string_view header, char separator)
    : m_names(split_fields(header, separator)) {}

std::optional<std::size_t> HeaderColumns::at(std::string_view name) const {
  const auto found = std::find(m_names.begin(), m_names.end(), name);
  if (found == m_names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - m_names.begin());
}

std::string HeaderColumns::lacking(std::initializer_list<std::string_view> names) const {
  for (const std::string_view name : names)
    if (!at(name)) return std::string(name);
  return {};
}

std::string_view HeaderColumns::cell(const Fields& row, std::string_view name) const {
  const auto column = at(name);
  return column && *column < row.size() ? row[*column] : std::string_view{};
}

core::Expected<ImportedTrace> assemble(const std::vector<ImportRow>& rows, core::Micros resolution,
                                       ImportReport report, const std::string& name) {
  if (rows.empty()) return core::fail("trace-invalid", name + ": holds no row");
  const auto any = [&](auto has) { return std::any_of(rows.begin(), rows.end(), has); };
  const bool up = any([](const ImportRow& r) { return r.uplink.has_value(); });
  const bool down = any([](const ImportRow& r) { return r.downlink.has_value(); });
  const core::Micros usual = usual_step(rows);
  ImportedTrace result;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const core::Micros step = i == 0 ? core::Micros{} : rows[i].offset - rows[i - 1].offset;
    if (is_gap(step, usual, resolution)) {
      report.add(DefectKind::gap, "time", rows[i].line, tenths(step));
      const core::Micros from = rows[i - 1].offset + usual;
      if (up) add_step(result.file.uplink.steps, from, std::nullopt);
      if (down) add_step(result.file.downlink.steps, from, std::nullopt);
    }
    add_row(result.file, rows[i], up, down);
  }
  result.file.period = rows.back().offset + usual;
  if (!up && !down && result.file.radio.empty() && result.file.rtt.empty())
    return core::fail("trace-invalid", name + ": holds no value that can be used");
  result.report = std::move(report);
  return result;
}

}  // namespace wanwise::sim
