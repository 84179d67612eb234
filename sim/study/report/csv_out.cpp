#include "sim/study/report/csv_out.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace wanwise::sim {

CsvOut& CsvOut::text(std::string_view value) {
  if (!std::exchange(m_first, false)) m_out += ',';
  if (value.find_first_of(",\"\r\n") == std::string_view::npos) {
    m_out += value;
    return *this;
  }
  m_out += '"';
  for (const char c : value) {
    if (c == '"') m_out += '"';
    m_out += c;
  }
  m_out += '"';
  return *this;
}

CsvOut& CsvOut::number(double value) {
  if (!std::isfinite(value)) return empty();
  return text(fmt::format("{:.10g}", value == 0 ? 0.0 : value));
}

CsvOut& CsvOut::number(std::optional<double> value) {
  return value ? number(*value) : empty();
}

CsvOut& CsvOut::integer(std::int64_t value) {
  return text(fmt::format("{}", value));
}

CsvOut& CsvOut::natural(std::uint64_t value) {
  return text(fmt::format("{}", value));
}

CsvOut& CsvOut::hex(std::uint64_t value) {
  return text(fmt::format("{:016x}", value));
}

void CsvOut::end_row() {
  m_out += "\r\n";
  m_first = true;
}

}  // namespace wanwise::sim
