// The text of a trace file: a first line with the version, `key: value` lines, then sections
// `[name] columns`, each row the columns' values between commas.
#include <array>
#include <charconv>

#include "sim/world/air/trace_file.hpp"
#include "sim/world/kernel/text_file.hpp"

namespace wanwise::sim {
namespace {

using core::RadioAccess;

constexpr std::string_view kMagic = "wanwise trace/";
constexpr std::string_view kFirstLine = "wanwise trace/1";
constexpr std::size_t kMaxColumns = 9;
constexpr std::string_view kRadioColumns =
    "time-us,access,in-service,rssi-dbm,rsrp-dbm,rsrq-db,sinr-mdb,band,cell";

using Row = std::array<std::string_view, kMaxColumns>;

constexpr std::array<std::pair<std::string_view, RadioAccess>, 6> kAccessNames{{
    {"none", RadioAccess::none},
    {"gsm", RadioAccess::gsm},
    {"umts", RadioAccess::umts},
    {"lte", RadioAccess::lte},
    {"nr-nsa", RadioAccess::nr_nsa},
    {"nr-sa", RadioAccess::nr_sa},
}};

class Parser {
 public:
  Parser(std::string_view text, const std::string& path) : m_lines(text), m_path(path) {}

  core::Expected<TraceFile> parse() {
    std::string_view line;
    m_lines.next(line);
    if (line != kFirstLine)
      return trace_invalid(m_path, 1, quoted(line) + " (allowed: " + std::string(kFirstLine) + ")");
    while (m_problem.empty() && m_lines.next(line)) {
      if (line.empty()) continue;
      if (line.front() == '[') {
        begin_section(line);
      } else if (m_read_row == nullptr) {
        header(line);
      } else {
        row(line);
      }
    }
    if (!m_problem.empty()) return trace_invalid(m_path, m_lines.number(), m_problem);
    if (const auto whole = whole_file(); !whole.empty())
      return core::fail("trace-invalid", m_path + ": " + whole);
    return std::move(m_file);
  }

 private:
  using ReadRow = void (Parser::*)(const Row&, core::Micros);

  void refuse(std::string why) {
    if (m_problem.empty()) m_problem = std::move(why);
  }

  std::optional<std::int64_t> number(std::string_view token, const char* name, std::int64_t low,
                                     std::int64_t high) {
    if (token.empty()) return std::nullopt;
    std::int64_t value = 0;
    const auto [end, problem] = std::from_chars(token.data(), token.data() + token.size(), value);
    if (problem == std::errc{} && end == token.data() + token.size() && value >= low &&
        value <= high)
      return value;
    refuse(std::string(name) + " " + quoted(token) + " (allowed: " + std::to_string(low) + " to " +
           std::to_string(high) + ")");
    return std::nullopt;
  }
  std::optional<std::int32_t> small(std::string_view token, const char* name, std::int32_t low,
                                    std::int32_t high) {
    const auto value = number(token, name, low, high);
    if (!value) return std::nullopt;
    return static_cast<std::int32_t>(*value);
  }

  void header(std::string_view line) {
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos) return refuse(quoted(line) + " is no 'key: value'");
    const std::string_view key = line.substr(0, colon);
    const std::string_view value = line.substr(colon + 2);
    if (key == "source") {
      m_file.source = value;
    } else if (key == "licence") {
      m_file.licence = value;
    } else if (key == "origin") {
      m_file.origin = value;
    } else if (key == "rates") {
      read_meaning(value);
    } else if (key == "period-us") {
      m_file.period =
          core::Micros{number(value, "period-us", 1, kMaxTracePeriod.count).value_or(0)};
    } else {
      refuse("key " + quoted(key) +
             " is unknown (allowed: source, licence, origin, rates, period-us)");
    }
  }

  void read_meaning(std::string_view value) {
    for (const auto meaning :
         {RateMeaning::capacity, RateMeaning::throughput, RateMeaning::carried})
      if (value == name_of(meaning)) {
        m_file.meaning = meaning;
        return;
      }
    refuse("rates " + quoted(value) + " (allowed: capacity, throughput, carried)");
  }

  void begin_section(std::string_view line) {
    if (m_file.period.count == 0) return refuse("period-us must stand before the first section");
    struct Section {
      std::string_view line;
      ReadRow read;
      TraceRates* rates;
      std::size_t columns;
    };
    static const std::string radio = "[radio] " + std::string(kRadioColumns);
    const std::array<Section, 6> sections{{
        {"[uplink-opportunities] time-us,count", &Parser::opportunity, &m_file.uplink, 2},
        {"[downlink-opportunities] time-us,count", &Parser::opportunity, &m_file.downlink, 2},
        {"[uplink-rate] time-us,bps", &Parser::rate, &m_file.uplink, 2},
        {"[downlink-rate] time-us,bps", &Parser::rate, &m_file.downlink, 2},
        {radio, &Parser::radio, nullptr, kMaxColumns},
        {"[rtt] time-us,rtt-us", &Parser::rtt, nullptr, 2},
    }};
    for (std::size_t i = 0; i < sections.size(); ++i) {
      if (sections[i].line != line) continue;
      if ((m_seen & (1U << i)) != 0) return refuse(quoted(line) + " stands twice");
      m_seen |= 1U << i;
      m_read_row = sections[i].read;
      m_rates = sections[i].rates;
      m_columns = sections[i].columns;
      m_last.reset();
      return;
    }
    refuse("section " + quoted(line) +
           " is unknown (allowed: [uplink-opportunities] and [downlink-opportunities] "
           "time-us,count; [uplink-rate] and [downlink-rate] time-us,bps; [radio] …; [rtt] "
           "time-us,rtt-us)");
  }

  void row(std::string_view line) {
    if (++m_rows > kMaxTraceRows)
      return refuse("more than " + std::to_string(kMaxTraceRows) + " rows");
    Row cells;
    std::size_t count = 0;
    for (std::size_t at = 0; at <= line.size(); ++count) {
      const std::size_t end = std::min(line.find(',', at), line.size());
      if (count < kMaxColumns) cells[count] = line.substr(at, end - at);
      at = end + 1;
    }
    if (count != m_columns)
      return refuse(std::to_string(count) + " values (allowed: " + std::to_string(m_columns) + ")");
    const auto time = number(cells[0], "time-us", 0, m_file.period.count);
    if (!time) return refuse("time-us is missing");
    const bool may_repeat = m_read_row == &Parser::rtt;
    if (m_last && (*time < *m_last || (*time == *m_last && !may_repeat)))
      return refuse("time-us " + std::to_string(*time) + " comes after " + std::to_string(*m_last));
    m_last = time;
    (this->*m_read_row)(cells, core::Micros{*time});
  }

  void opportunity(const Row& cells, core::Micros at) {
    const auto count = number(cells[1], "count", 1, kMaxAtOnce);
    if (!count) return refuse("count is missing");
    auto& list = m_rates->opportunities;
    if (list.size() + static_cast<std::size_t>(*count) > kMaxOpportunities)
      return refuse("more than " + std::to_string(kMaxOpportunities) + " opportunities");
    list.insert(list.end(), static_cast<std::size_t>(*count), at);
  }
  void rate(const Row& cells, core::Micros at) {
    RatePoint point{at, std::nullopt};
    if (const auto bps = number(cells[1], "bps", 0, kMaxBps)) point.rate = core::Bps{*bps};
    m_rates->steps.push_back(point);
  }
  void rtt(const Row& cells, core::Micros at) {
    RttPoint point{at, std::nullopt};
    if (const auto us = number(cells[1], "rtt-us", 0, 3'600'000'000)) point.rtt = core::Micros{*us};
    m_file.rtt.push_back(point);
  }
  void radio(const Row& cells, core::Micros at) {
    RadioPoint point{at, {}};
    RadioReading& r = point.reading;
    bool known = false;
    for (const auto& [name, access] : kAccessNames)
      if (cells[1] == name) {
        r.access = access;
        known = true;
      }
    if (!known)
      return refuse("access " + quoted(cells[1]) +
                    " (allowed: none, gsm, umts, lte, nr-nsa, nr-sa)");
    const auto service = number(cells[2], "in-service", 0, 1);
    if (!service) return refuse("in-service is missing");
    r.in_service = *service == 1;
    r.rssi_dbm = small(cells[3], "rssi-dbm", -125, -25);
    r.rsrp_dbm = small(cells[4], "rsrp-dbm", -156, -31);
    r.rsrq_db = small(cells[5], "rsrq-db", -43, 20);
    if (const auto sinr = number(cells[6], "sinr-mdb", -23'000, 40'000))
      r.sinr = core::MilliDb{*sinr};
    r.band = small(cells[7], "band", 0, 100'000);
    r.cell = number(cells[8], "cell", 0, std::int64_t{1} << 62);
    m_file.radio.push_back(point);
  }

  [[nodiscard]] std::string whole_file() const {
    if (m_file.period.count == 0) return "period-us is missing";
    for (const TraceRates* rates : {&m_file.uplink, &m_file.downlink})
      if (!rates->opportunities.empty() && !rates->steps.empty())
        return "one direction has both a rate and opportunities";
    if (m_file.uplink.empty() && m_file.downlink.empty() && m_file.radio.empty() &&
        m_file.rtt.empty())
      return "holds no row";
    return {};
  }

  Lines m_lines;
  const std::string& m_path;
  TraceFile m_file;
  std::string m_problem;
  ReadRow m_read_row = nullptr;
  TraceRates* m_rates = nullptr;
  std::size_t m_columns = 0;
  std::size_t m_rows = 0;
  unsigned m_seen = 0;
  std::optional<std::int64_t> m_last;
};

template <class T>
void add(std::string& out, const std::optional<T>& value) {
  out += ',';
  if (value) out += std::to_string(*value);
}

void add_rates(std::string& out, const TraceRates& rates, Direction direction) {
  const std::string name = name_of(direction);
  if (!rates.opportunities.empty()) out += "[" + name + "-opportunities] time-us,count\n";
  for (std::size_t i = 0; i < rates.opportunities.size();) {
    std::size_t next = i;
    while (next < rates.opportunities.size() && rates.opportunities[next] == rates.opportunities[i])
      ++next;
    out += std::to_string(rates.opportunities[i].count) + "," + std::to_string(next - i) + "\n";
    i = next;
  }
  if (!rates.steps.empty()) out += "[" + name + "-rate] time-us,bps\n";
  for (const RatePoint& point : rates.steps) {
    out += std::to_string(point.offset.count) + ",";
    if (point.rate) out += std::to_string(point.rate->count);
    out += '\n';
  }
}

void add_radio(std::string& out, const std::vector<RadioPoint>& radio) {
  if (!radio.empty()) out += "[radio] " + std::string(kRadioColumns) + "\n";
  for (const auto& [offset, r] : radio) {
    out += std::to_string(offset.count) + "," + name_of(r.access) + (r.in_service ? ",1" : ",0");
    add(out, r.rssi_dbm);
    add(out, r.rsrp_dbm);
    add(out, r.rsrq_db);
    out += ',';
    if (r.sinr) out += std::to_string(r.sinr->count);
    add(out, r.band);
    add(out, r.cell);
    out += '\n';
  }
}

/// One line of a header: what would end it is left out.
void add_header(std::string& out, const char* key, const std::string& value) {
  if (value.empty()) return;
  out += std::string(key) + ": ";
  for (const char c : value)
    if (static_cast<unsigned char>(c) >= 0x20) out += c;
  out += '\n';
}

}  // namespace

const char* name_of(RateMeaning meaning) {
  switch (meaning) {
    case RateMeaning::capacity:
      return "capacity";
    case RateMeaning::throughput:
      return "throughput";
    case RateMeaning::carried:
      return "carried";
  }
  return "";
}

const char* name_of(Direction direction) {
  return direction == Direction::uplink ? "uplink" : "downlink";
}

const char* name_of(RadioAccess access) {
  for (const auto& [name, value] : kAccessNames)
    if (value == access) return name.data();
  return "none";
}

bool is_trace_file(std::string_view text) {
  return text.starts_with(kMagic);
}

core::Expected<TraceFile> parse_trace(std::string_view text, const std::string& path) {
  return Parser(text, path).parse();
}

std::string format_trace(const TraceFile& file) {
  std::string out = std::string(kFirstLine) + "\n";
  add_header(out, "source", file.source);
  add_header(out, "licence", file.licence);
  add_header(out, "origin", file.origin);
  add_header(out, "rates", name_of(file.meaning));
  add_header(out, "period-us", std::to_string(file.period.count));
  add_rates(out, file.uplink, Direction::uplink);
  add_rates(out, file.downlink, Direction::downlink);
  add_radio(out, file.radio);
  if (!file.rtt.empty()) out += "[rtt] time-us,rtt-us\n";
  for (const RttPoint& point : file.rtt) {
    out += std::to_string(point.offset.count) + ",";
    if (point.rtt) out += std::to_string(point.rtt->count);
    out += '\n';
  }
  return out;
}

}  // namespace wanwise::sim
