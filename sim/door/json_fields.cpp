#include "sim/door/json_fields.hpp"

#include <boost/json/parse.hpp>

namespace wanwise::sim {

namespace json = boost::json;

JsonFields::JsonFields(std::string_view text) {
  json::parse_options options;
  options.max_depth = 4;
  boost::system::error_code error;
  json::value value = json::parse({text.data(), text.size()}, error, {}, options);
  if (error) {
    fail("not JSON: " + error.message());
  } else if (!value.is_object()) {
    fail("not an object");
  } else {
    m_object = std::move(value.as_object());
  }
}

void JsonFields::fail(const std::string& what) {
  if (m_error.empty()) m_error = what;
}

const json::value* JsonFields::member(const char* name) {
  const json::value* found = m_object.if_contains(name);
  if (found == nullptr) fail(std::string("no member \"") + name + "\"");
  return found;
}

const json::value* JsonFields::member_or_null(const char* name) {
  const json::value* found = m_object.if_contains(name);
  return found == nullptr || found->is_null() ? nullptr : found;
}

std::string JsonFields::text(const char* name) {
  const json::value* found = member(name);
  if (found == nullptr) return {};
  if (found->is_string()) return std::string(found->get_string());
  fail(std::string("\"") + name + "\" is not a string");
  return {};
}

std::optional<std::string> JsonFields::text_or_null(const char* name) {
  if (member_or_null(name) == nullptr) return std::nullopt;
  return text(name);
}

bool JsonFields::flag(const char* name) {
  const json::value* found = member(name);
  if (found == nullptr) return false;
  if (found->is_bool()) return found->get_bool();
  fail(std::string("\"") + name + "\" is not true or false");
  return false;
}

std::int64_t JsonFields::number(const char* name) {
  const json::value* found = member(name);
  if (found == nullptr) return 0;
  if (found->is_int64()) return found->get_int64();
  fail(std::string("\"") + name + "\" is not an integer of 64 bits");
  return 0;
}

std::optional<std::int64_t> JsonFields::number_or_null(const char* name) {
  if (member_or_null(name) == nullptr) return std::nullopt;
  return number(name);
}

std::int32_t JsonFields::narrow(const char* name, std::int64_t wide) {
  if (wide >= INT32_MIN && wide <= INT32_MAX) return static_cast<std::int32_t>(wide);
  fail(std::string("\"") + name + "\" is not an integer of 32 bits");
  return 0;
}

std::int32_t JsonFields::small(const char* name) {
  return narrow(name, number(name));
}

std::optional<std::int32_t> JsonFields::small_or_null(const char* name) {
  if (member_or_null(name) == nullptr) return std::nullopt;
  return small(name);
}

std::uint64_t JsonFields::id(const char* name) {
  const json::value* found = m_object.if_contains(name);
  if (found != nullptr && found->is_uint64()) return found->get_uint64();
  const std::int64_t value = number(name);
  if (value < 0) fail(std::string("\"") + name + "\" is negative");
  return static_cast<std::uint64_t>(value);
}

}  // namespace wanwise::sim
