#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <utility>

#include "sim/world/air/radio_value.hpp"
#include "sim/world/air/trace.hpp"
#include "sim/world/air/trace_file.hpp"
#include "sim/world/kernel/text_file.hpp"

namespace wanwise::sim {
namespace {

using Fields = std::vector<std::string_view>;

// Longest jump of the clock that still is one recording.
constexpr double kMaxSeconds = 30.0 * 24 * 3600;

Fields split(std::string_view line, bool commas) {
  Fields fields;
  std::size_t at = 0;
  while (at <= line.size()) {
    if (!commas) at = std::min(line.find_first_not_of(" \t", at), line.size());
    if (!commas && at == line.size()) break;
    const std::size_t end =
        std::min(commas ? line.find(',', at) : line.find_first_of(" \t", at), line.size());
    fields.push_back(line.substr(at, end - at));
    at = end + 1;
  }
  return fields;
}

std::optional<double> number(std::string_view token) {
  double value = 0;
  const auto [end, problem] = std::from_chars(token.data(), token.data() + token.size(), value);
  if (problem != std::errc{} || end != token.data() + token.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

/// One radio value: absent, noted and absent, or good. A word that is no number is an error.
class ValueReader {
 public:
  ValueReader(NoteBook& notes, std::int64_t line) : m_notes(notes), m_line(line) {}

  std::optional<double> read(std::string_view token, const RadioRange& range, double unit = 1) {
    if (token.empty() || token == "-") return std::nullopt;
    const auto raw = number(token);
    if (!raw) {
      m_bad = std::string(range.name) + " " + quoted(token) + " is not a number";
      return std::nullopt;
    }
    const JudgedValue judged = judge_radio(*raw, range, unit);
    if (judged.doubt == RadioDoubt::none) return judged.value;
    m_no_signal = m_no_signal || judged.doubt == RadioDoubt::no_signal;
    m_notes.add(m_line, std::string(range.name) + " " + std::string(token) + reason(judged.doubt));
    return std::nullopt;
  }

  [[nodiscard]] const std::string& bad() const { return m_bad; }
  [[nodiscard]] bool no_signal() const { return m_no_signal; }

 private:
  static std::string reason(RadioDoubt doubt) {
    switch (doubt) {
      case RadioDoubt::none:
        break;
      case RadioDoubt::no_signal:
        return " stands for no signal; no value";
      case RadioDoubt::tenths:
        return " is in dB where the column has tenths of a dB; no value";
      case RadioDoubt::minus_sign:
        return " lacks its minus sign; no value";
      case RadioDoubt::range:
        return " is outside its range; no value";
    }
    return {};
  }

  NoteBook& m_notes;
  std::int64_t m_line;
  std::string m_bad;
  bool m_no_signal = false;
};

std::optional<std::int32_t> whole(std::optional<double> value) {
  if (!value) return std::nullopt;
  return static_cast<std::int32_t>(std::lround(*value));
}

std::optional<core::MilliDb> milli_db(std::optional<double> value) {
  if (!value) return std::nullopt;
  return core::MilliDb{std::llround(*value * 1000)};
}

using Columns = std::map<std::string, std::size_t>;

/// Where the columns are and how a row becomes a reading: one for each format.
struct Format {
  bool commas = false;
  const char* time = "";
  double time_unit = 1;  ///< seconds
  std::vector<const char*> needed;
  std::optional<std::string> (*read)(const Columns& columns, const Fields& row, NoteBook& notes,
                                     std::int64_t line, RadioReading& reading) = nullptr;
};

std::string_view cell(const Columns& columns, const Fields& row, const char* name) {
  const auto at = columns.find(name);
  return at == columns.end() || at->second >= row.size() ? std::string_view{} : row[at->second];
}

std::optional<core::RadioAccess> access_of(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, core::RadioAccess>, 7> kNames{{
      {"", core::RadioAccess::none},
      {"GSM", core::RadioAccess::gsm},
      {"3G", core::RadioAccess::umts},
      {"UMTS", core::RadioAccess::umts},
      {"LTE", core::RadioAccess::lte},
      {"5G NSA", core::RadioAccess::nr_nsa},
      {"5G SA", core::RadioAccess::nr_sa},
  }};
  for (const auto& [text, access] : kNames)
    if (text == name) return access;
  return std::nullopt;
}

/// "B3@20Mhz" is 3, "n78@…" is 78.
std::optional<std::int32_t> band_of(std::string_view text) {
  const auto digits = text.find_first_of("0123456789");
  if (digits == std::string_view::npos) return std::nullopt;
  std::int32_t band = 0;
  const auto [end, problem] =
      std::from_chars(text.data() + digits, text.data() + text.size(), band);
  if (problem != std::errc{} || end == text.data()) return std::nullopt;
  return band;
}

std::optional<std::string> read_fjordlink(const Columns& columns, const Fields& row,
                                          NoteBook& notes, std::int64_t line,
                                          RadioReading& reading) {
  const auto access = access_of(cell(columns, row, "class"));
  if (!access)
    return "class " + quoted(cell(columns, row, "class")) +
           " is unknown (allowed: nothing, GSM, 3G, UMTS, LTE, 5G NSA, 5G SA)";
  reading.access = *access;
  reading.in_service = *access != core::RadioAccess::none;
  reading.band = band_of(cell(columns, row, "band"));
  const auto id = cell(columns, row, "cell");
  std::int64_t number_of_cell = 0;
  if (!id.empty()) {
    const auto [end, problem] = std::from_chars(id.data(), id.data() + id.size(), number_of_cell);
    if (problem != std::errc{} || end != id.data() + id.size())
      return "cell " + quoted(id) + " is not a number";
    reading.cell = number_of_cell;
  }
  ValueReader values(notes, line);
  const auto rssi = values.read(cell(columns, row, "rssi"), kRssiRange);
  auto rsrp = values.read(cell(columns, row, "rsrp"), kRsrpRange);
  auto rsrq = values.read(cell(columns, row, "rsrq10"), kRsrqRange, 10);
  auto sinr = values.read(cell(columns, row, "sinr"), kSinrRange);
  // On NSA these columns are the LTE anchor's; the NR carrier has its own.
  if (const auto nr = values.read(cell(columns, row, "nr_rsrp"), kRsrpRange)) {
    rsrp = nr;
    rsrq = values.read(cell(columns, row, "nr_rsrq10"), kRsrqRange, 10);
    sinr = values.read(cell(columns, row, "nr_sinr"), kSinrRange);
  }
  if (!values.bad().empty()) return values.bad();
  if (values.no_signal() && !rsrp) reading.in_service = false;
  reading.rssi_dbm = whole(rssi);
  reading.rsrp_dbm = whole(rsrp);
  reading.rsrq_db = whole(rsrq);
  reading.sinr = milli_db(sinr);
  return std::nullopt;
}

std::optional<std::string> read_cicv5g(const Columns& columns, const Fields& row, NoteBook& notes,
                                       std::int64_t line, RadioReading& reading) {
  // Both of its networks are 5G carriers of their own (README of the data set).
  reading.access = core::RadioAccess::nr_sa;
  reading.in_service = true;
  ValueReader values(notes, line);
  const auto rsrp = values.read(cell(columns, row, "rsrp(db)"), kRsrpRange);
  const auto sinr = values.read(cell(columns, row, "sinr(db)"), kSinrRange);
  if (!values.bad().empty()) return values.bad();
  if (values.no_signal()) reading.in_service = false;
  reading.rsrp_dbm = whole(rsrp);
  reading.sinr = milli_db(sinr);
  const auto id = cell(columns, row, "cellid(db)");  // an identity in hex; the header's unit slips
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(id.data(), id.data() + id.size(), value, 16);
  if (problem != std::errc{} || end != id.data() + id.size())
    return "cellid " + quoted(id) + " is not a hexadecimal number";
  reading.cell = value;
  return std::nullopt;
}

std::optional<Format> recognise(std::string_view header) {
  if (header.rfind("t_s,", 0) == 0)
    return Format{true, "t_s", 1, {"t_s", "class", "rsrp", "rsrq10", "sinr"}, read_fjordlink};
  if (header.rfind("pub_time(ms)", 0) == 0)
    return Format{false,
                  "pub_time(ms)",
                  1e-3,
                  {"pub_time(ms)", "cellid(db)", "sinr(db)", "rsrp(db)"},
                  read_cicv5g};
  return std::nullopt;
}

core::Micros usual_spacing(const std::vector<RadioPoint>& points) {
  std::vector<core::Micros> steps;
  for (std::size_t i = 1; i < points.size(); ++i)
    steps.push_back(points[i].offset - points[i - 1].offset);
  if (steps.empty()) return core::seconds(1);
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return std::max(*middle, core::Micros{1});
}

void note_gaps(const std::vector<RadioPoint>& points, core::Micros usual, NoteBook& notes) {
  for (std::size_t i = 1; i < points.size(); ++i) {
    const core::Micros step = points[i].offset - points[i - 1].offset;
    // Polls wander by some per cent; one that is missing doubles the step. Nobody reads a modem
    // more often than once a second, so a shorter gap is not felt.
    if (step * 10 > usual * 18 && step >= core::seconds(1))
      notes.add("gap of " + std::to_string(step.count / 1000) +
                " ms (usual: " + std::to_string(usual.count / 1000) + " ms) at " +
                std::to_string(points[i - 1].offset.count / 1000) + " ms; the last values hold");
  }
}

}  // namespace

core::Expected<LoadedRadio> read_radio_trace(const std::string& path) {
  const auto text = read_text(path);
  if (!text) return core::Unexpected<core::Error>{text.error()};
  if (is_trace_file(*text)) {
    const auto file = parse_trace(*text, path);
    if (!file) return core::Unexpected<core::Error>{file.error()};
    return radio_of(*file, path);
  }
  Lines lines(*text);
  std::string_view line;
  if (!lines.next(line)) return core::fail("trace-invalid", path + ": is empty");
  const auto format = recognise(line);
  if (!format)
    return trace_invalid(path, 1,
                         "header " + quoted(line) +
                             " is unknown (allowed: FjordLink 't_s,', CICV5G 'pub_time(ms) ')");
  Columns columns;
  for (const auto name : split(line, format->commas)) columns.emplace(name, columns.size());
  for (const char* name : format->needed)
    if (columns.count(name) == 0)
      return trace_invalid(path, 1, "column " + quoted(name) + " is missing");

  LoadedRadio loaded;
  NoteBook notes;
  std::optional<double> start;
  while (lines.next(line)) {
    if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
    const Fields row = split(line, format->commas);
    const auto stamp = cell(columns, row, format->time);
    const auto time = number(stamp);
    if (!time)
      return trace_invalid(path, lines.number(),
                           std::string(format->time) + " " + quoted(stamp) + " is not a number");
    if (!start) start = time;
    const double since = (*time - *start) * format->time_unit;
    if (since > kMaxSeconds)
      return trace_invalid(path, lines.number(), "the clock jumps to " + std::string(stamp));
    RadioPoint point;
    point.offset = core::Micros{std::llround(since * 1e6)};
    if (const auto bad = format->read(columns, row, notes, lines.number(), point.reading))
      return trace_invalid(path, lines.number(), *bad);
    auto& points = loaded.trace.points;
    if (!points.empty() && point.offset <= points.back().offset) {
      notes.add(lines.number(), "time " + std::string(stamp) +
                                    " is not after the line before; the line is left out");
      continue;
    }
    points.push_back(std::move(point));
  }
  if (loaded.trace.points.empty()) return core::fail("trace-invalid", path + ": holds no reading");
  const core::Micros usual = usual_spacing(loaded.trace.points);
  note_gaps(loaded.trace.points, usual, notes);
  loaded.trace.period = loaded.trace.points.back().offset + usual;
  loaded.notes = notes.take();
  return loaded;
}

}  // namespace wanwise::sim
