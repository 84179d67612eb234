// Writes JSON: numbers short and independent of the locale, keys in the order given. Boost.JSON
// writes 0.5 as 5E-1, which people read these files do not expect. One owner; not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wanwise::sim {

class JsonOut {
 public:
  /// digits: significant digits of doubles; lines: each member of the two outer levels on its own.
  explicit JsonOut(int digits, bool lines = false) : m_digits(digits), m_lines(lines) {}

  JsonOut& begin_object() { return open('{'); }
  JsonOut& end_object() { return close('}'); }
  JsonOut& begin_array() { return open('['); }
  JsonOut& end_array() { return close(']'); }
  JsonOut& key(std::string_view name);

  JsonOut& text(std::string_view value);
  JsonOut& number(double value);  ///< not finite: null
  JsonOut& number(std::optional<double> value);
  JsonOut& integer(std::int64_t value);
  JsonOut& natural(std::uint64_t value);
  JsonOut& boolean(bool value);
  JsonOut& null();

  [[nodiscard]] std::string take() { return std::move(m_out); }

 private:
  JsonOut& open(char bracket);
  JsonOut& close(char bracket);
  void separate();

  std::string m_out;
  int m_digits;
  bool m_lines;
  int m_depth = 0;
  bool m_first = true, m_after_key = false;
};

}  // namespace wanwise::sim
