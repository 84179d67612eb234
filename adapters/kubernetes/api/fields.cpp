#include "adapters/kubernetes/api/fields.hpp"

#include <charconv>
#include <string_view>
#include <utility>

namespace wanwise::kubernetes {

namespace json = boost::json;

std::string text_at(const json::value& from, JsonPath path) {
  return std::string{string_at(from, path)};
}

Labels labels_at(const json::value& from, JsonPath path) {
  Labels labels;
  for (const auto& [key, value] : object_at(from, path)) {
    if (const json::string* text = value.if_string()) labels.emplace(key, std::string(*text));
  }
  return labels;
}

std::vector<Requirement> requirements_at(const json::value& from, JsonPath path) {
  std::vector<Requirement> all;
  for (const json::value& one : array_at(from, path)) {
    Requirement requirement{text_at(one, {"key"}), text_at(one, {"operator"}), {}};
    for (const json::value& value : array_at(one, {"values"})) {
      if (value.is_string()) requirement.values.emplace_back(value.get_string());
    }
    all.push_back(std::move(requirement));
  }
  return all;
}

std::int32_t int_or_percent(const json::value* value, std::int32_t replicas, bool round_up,
                            std::int32_t otherwise) {
  if (value == nullptr) return otherwise;
  if (value->is_int64()) return static_cast<std::int32_t>(value->get_int64());
  if (!value->is_string()) return otherwise;
  const std::string_view text = value->get_string();
  std::int64_t percent = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), percent).ec != std::errc{}) {
    return otherwise;
  }
  const std::int64_t parts = percent * replicas;
  return static_cast<std::int32_t>(round_up ? (parts + 99) / 100 : parts / 100);
}

}  // namespace wanwise::kubernetes
