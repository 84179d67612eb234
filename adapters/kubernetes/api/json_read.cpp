#include "adapters/kubernetes/api/json_read.hpp"

namespace wanwise::kubernetes {

namespace json = boost::json;

const json::value* find_at(const json::value& from, JsonPath path) {
  const json::value* at = &from;
  for (const std::string_view step : path) {
    const json::object* object = at->if_object();
    at = object == nullptr ? nullptr : object->if_contains(step);
    if (at == nullptr) return nullptr;
  }
  return at;
}

std::string_view string_at(const json::value& from, JsonPath path) {
  const json::value* found = find_at(from, path);
  if (found == nullptr || !found->is_string()) return {};
  return found->get_string();
}

const json::array& array_at(const json::value& from, JsonPath path) {
  static const json::array none;
  const json::value* found = find_at(from, path);
  return found == nullptr || !found->is_array() ? none : found->get_array();
}

const json::object& object_at(const json::value& from, JsonPath path) {
  static const json::object none;
  const json::value* found = find_at(from, path);
  return found == nullptr || !found->is_object() ? none : found->get_object();
}

std::optional<std::int64_t> integer_at(const json::value& from, JsonPath path) {
  const json::value* found = find_at(from, path);
  if (found == nullptr || !found->is_int64()) return std::nullopt;
  return found->get_int64();
}

bool true_at(const json::value& from, JsonPath path) {
  const json::value* found = find_at(from, path);
  return found != nullptr && found->is_bool() && found->get_bool();
}

}  // namespace wanwise::kubernetes
