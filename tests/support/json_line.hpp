// One JSON object written by a person, read strictly: each member that is looked at is taken out,
// done() refuses what is left over. Remembers the first thing that was wrong. Durations are written
// in milliseconds and levels in dB, both with fractions where needed.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wanwise::testing {

class JsonLine {
 public:
  explicit JsonLine(std::string_view text);
  explicit JsonLine(const boost::json::object& object) : m_object(object) {}

  [[nodiscard]] bool has(const char* name) const { return m_object.contains(name); }

  std::string text(const char* name);
  std::optional<std::string> maybe_text(const char* name);
  bool flag(const char* name, bool otherwise);
  std::int64_t integer(const char* name, std::int64_t otherwise);
  std::uint64_t counter(const char* name);  ///< 0 where it is missing
  std::optional<std::int64_t> maybe_integer(const char* name);
  /// "1.5" is 1500: milliseconds to microseconds, dB to thousandths.
  std::optional<std::int64_t> maybe_thousandths(const char* name);
  std::int64_t thousandths(const char* name, std::int64_t otherwise);
  boost::json::array list(const char* name);
  std::optional<boost::json::object> maybe_object(const char* name);

  void fail(const std::string& what);
  /// Empty when all was right and nothing is left.
  [[nodiscard]] std::string done();

 private:
  std::optional<boost::json::value> take(const char* name);

  boost::json::object m_object;
  std::string m_error;
};

}  // namespace wanwise::testing
