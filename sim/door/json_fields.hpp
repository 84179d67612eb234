// Reads the members of one JSON object, strictly, and remembers the first thing that was wrong.
// Owns the parsed object; one thread.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/expected.hpp"

namespace wanwise::sim {

class JsonFields {
 public:
  /// Nested deeper than 4, not one object, or not JSON: error() says so and every member is absent.
  explicit JsonFields(std::string_view text);

  std::string text(const char* name);
  std::optional<std::string> text_or_null(const char* name);
  bool flag(const char* name);
  std::int64_t number(const char* name);
  std::optional<std::int64_t> number_or_null(const char* name);
  std::int32_t small(const char* name);
  std::optional<std::int32_t> small_or_null(const char* name);
  std::uint64_t id(const char* name);
  void fail(const std::string& what);

  [[nodiscard]] bool good() const { return m_error.empty(); }
  [[nodiscard]] core::Error error() const { return {"door-message-invalid", m_error}; }

 private:
  const boost::json::value* member(const char* name);
  const boost::json::value* member_or_null(const char* name);
  std::int32_t narrow(const char* name, std::int64_t wide);

  boost::json::object m_object;
  std::string m_error;
};

}  // namespace wanwise::sim
