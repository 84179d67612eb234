#include "sim/study/runs/json_reader.hpp"

#include <cmath>

namespace wanwise::sim {

namespace json = boost::json;

bool to_integer(const json::value& value, std::int64_t& into) {
  if (value.is_int64()) return into = value.get_int64(), true;
  // The parser gives what does not fit an int64 as uint64.
  if (!value.is_uint64() ||
      value.get_uint64() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return false;
  return into = static_cast<std::int64_t>(value.get_uint64()), true;
}

JsonReader::JsonReader(const json::value& value, std::string where, std::string& problem)
    : m_object(value.if_object()), m_where(std::move(where)), m_problem(problem) {
  if (m_object == nullptr) refuse("", "is no object");
}

void JsonReader::refuse(std::string_view key, std::string_view why) {
  if (!m_problem.empty()) return;
  m_problem = m_where;
  if (!key.empty()) m_problem.append(m_where.empty() ? "" : "/").append(key);
  m_problem.append(m_problem.empty() ? "" : " ").append(why);
}

const json::value* JsonReader::find(std::string_view key) {
  const json::value* found = m_object == nullptr ? nullptr : m_object->if_contains(key);
  if (found == nullptr) {
    refuse(key, "is missing");
  } else {
    ++m_asked;
  }
  return found;
}

bool JsonReader::has(std::string_view key) const {
  return m_object != nullptr && m_object->if_contains(key) != nullptr;
}

std::int64_t JsonReader::integer(std::string_view key, std::int64_t least, std::int64_t most) {
  const json::value* value = find(key);
  if (value == nullptr) return {};
  std::int64_t number = 0;
  if (!to_integer(*value, number)) return refuse(key, "is no integer"), 0;
  if (number < least || number > most) return refuse(key, "is out of range"), 0;
  return number;
}

std::uint64_t JsonReader::unsigned_integer(std::string_view key) {
  const json::value* value = find(key);
  if (value == nullptr) return 0;
  if (value->is_uint64()) return value->get_uint64();
  if (value->is_int64() && value->get_int64() >= 0)
    return static_cast<std::uint64_t>(value->get_int64());
  return refuse(key, "is no unsigned integer"), 0;
}

double JsonReader::number(std::string_view key) {
  const json::value* value = find(key);
  if (value == nullptr) return 0;
  if (value->is_number()) {
    const double number = value->to_number<double>();
    if (std::isfinite(number)) return number;
  }
  return refuse(key, "is no number"), 0;
}

bool JsonReader::boolean(std::string_view key) {
  const json::value* value = find(key);
  if (value == nullptr) return false;
  if (value->is_bool()) return value->get_bool();
  return refuse(key, "is no boolean"), false;
}

std::string JsonReader::text(std::string_view key) {
  const json::value* value = find(key);
  if (value == nullptr) return {};
  if (value->is_string()) return std::string{value->get_string()};
  return refuse(key, "is no text"), std::string{};
}

const json::array& JsonReader::array(std::string_view key) {
  static const json::array none;
  const json::value* value = find(key);
  if (value == nullptr) return none;
  if (value->is_array()) return value->get_array();
  return refuse(key, "is no list"), none;
}

JsonReader JsonReader::object(std::string_view key) {
  static const json::value none;
  const json::value* value = find(key);
  std::string where = m_where + (m_where.empty() ? "" : "/") + std::string{key};
  return {value == nullptr ? none : *value, std::move(where), m_problem};
}

JsonReader JsonReader::item(const json::value& value, std::string_view list, std::size_t index) {
  std::string where = m_where + (m_where.empty() ? "" : "/") + std::string{list} + '[' +
                      std::to_string(index) + ']';
  return {value, std::move(where), m_problem};
}

void JsonReader::end() {
  if (m_object != nullptr && m_asked != m_object->size()) refuse("", "has keys nobody knows");
}

}  // namespace wanwise::sim
