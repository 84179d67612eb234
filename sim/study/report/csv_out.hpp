// Writes CSV as RFC 4180 has it: CRLF, quotes where needed and doubled inside. Numbers have ten
// significant digits and a point in every locale. One owner; not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wanwise::sim {

class CsvOut {
 public:
  CsvOut& text(std::string_view value);
  CsvOut& number(double value);  ///< not finite: empty
  CsvOut& number(std::optional<double> value);
  CsvOut& integer(std::int64_t value);
  CsvOut& natural(std::uint64_t value);
  CsvOut& hex(std::uint64_t value);  ///< 16 digits
  CsvOut& empty() { return text(""); }
  void end_row();

  [[nodiscard]] std::string take() { return std::move(m_out); }

 private:
  std::string m_out;
  bool m_first = true;
};

}  // namespace wanwise::sim
