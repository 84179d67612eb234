#include "tests/support/json_line.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <cmath>

namespace wanwise::testing {

namespace json = boost::json;

JsonLine::JsonLine(std::string_view text) {
  boost::system::error_code error;
  const json::value value = json::parse({text.data(), text.size()}, error);
  if (error) {
    fail("not JSON: " + error.message());
  } else if (!value.is_object()) {
    fail("not an object");
  } else {
    m_object = value.as_object();
  }
}

void JsonLine::fail(const std::string& what) {
  if (m_error.empty()) m_error = what;
}

std::string JsonLine::done() {
  if (!m_object.empty()) fail("unknown member \"" + std::string(m_object.begin()->key()) + "\"");
  return m_error;
}

std::optional<json::value> JsonLine::take(const char* name) {
  const auto found = m_object.find(name);
  if (found == m_object.end()) return std::nullopt;
  json::value value = found->value();
  m_object.erase(found);
  if (value.is_null()) return std::nullopt;
  return value;
}

std::string JsonLine::text(const char* name) {
  if (!has(name)) fail(std::string("no member \"") + name + "\"");
  return maybe_text(name).value_or("");
}

std::optional<std::string> JsonLine::maybe_text(const char* name) {
  const auto value = take(name);
  if (!value) return std::nullopt;
  if (value->is_string()) return std::string(value->get_string());
  fail(std::string("\"") + name + "\" is not a string");
  return std::nullopt;
}

bool JsonLine::flag(const char* name, bool otherwise) {
  const auto value = take(name);
  if (!value) return otherwise;
  if (value->is_bool()) return value->get_bool();
  fail(std::string("\"") + name + "\" is not true or false");
  return otherwise;
}

std::optional<std::int64_t> JsonLine::maybe_integer(const char* name) {
  const auto value = take(name);
  if (!value) return std::nullopt;
  if (value->is_int64()) return value->get_int64();
  fail(std::string("\"") + name + "\" is not an integer");
  return std::nullopt;
}

std::int64_t JsonLine::integer(const char* name, std::int64_t otherwise) {
  return maybe_integer(name).value_or(otherwise);
}

std::uint64_t JsonLine::counter(const char* name) {
  const auto value = take(name);
  if (!value) return 0;
  if (value->is_uint64()) return value->get_uint64();
  if (value->is_int64() && value->get_int64() >= 0) {
    return static_cast<std::uint64_t>(value->get_int64());
  }
  fail(std::string("\"") + name + "\" is not a counter");
  return 0;
}

std::optional<std::int64_t> JsonLine::maybe_thousandths(const char* name) {
  const auto value = take(name);
  if (!value) return std::nullopt;
  if (value->is_int64()) return value->get_int64() * 1'000;
  if (value->is_double()) return std::llround(value->get_double() * 1e3);
  fail(std::string("\"") + name + "\" is not a number");
  return std::nullopt;
}

std::int64_t JsonLine::thousandths(const char* name, std::int64_t otherwise) {
  return maybe_thousandths(name).value_or(otherwise);
}

json::array JsonLine::list(const char* name) {
  const auto value = take(name);
  if (!value) return {};
  if (value->is_array()) return value->get_array();
  fail(std::string("\"") + name + "\" is not a list");
  return {};
}

std::optional<json::object> JsonLine::maybe_object(const char* name) {
  const auto value = take(name);
  if (!value) return std::nullopt;
  if (value->is_object()) return value->get_object();
  fail(std::string("\"") + name + "\" is not an object");
  return std::nullopt;
}

}  // namespace wanwise::testing
