// YAML 1.1 and 1.2 readers disagree about plain scalars; the forms of both are known here
// (yaml.org/type: bool, null, int, float, timestamp; YAML 1.2 core schema: 0o17).
#include <algorithm>
#include <array>
#include <regex>

#include "engine/policy/yaml_reader.hpp"

namespace wanwise::policy {
namespace {

constexpr std::size_t kLongestTyped = 40;  // longer texts are neither number nor date

bool is_boolean(std::string_view plain) {
  static constexpr std::array<std::string_view, 8> kWords{"y",    "n",     "yes", "no",
                                                          "true", "false", "on",  "off"};
  std::string lower{plain};
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return std::find(kWords.begin(), kWords.end(), lower) != kWords.end();
}

}  // namespace

std::string_view implicit_type(std::string_view plain) {
  static const std::regex number(
      R"([-+]?(0x[0-9a-fA-F_]+|0b[01_]+|0o[0-7]+|[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?)"
      R"(|\.[0-9_]+([eE][-+]?[0-9]+)?|\.(inf|Inf|INF)|[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?))"
      R"(|\.(nan|NaN|NAN))");
  static const std::regex date(R"([0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?)");
  if (plain.size() > kLongestTyped) return {};
  if (is_boolean(plain)) return "a boolean";
  if (std::regex_match(plain.begin(), plain.end(), number)) return "a number";
  if (std::regex_match(plain.begin(), plain.end(), date)) return "a date";
  return {};
}

}  // namespace wanwise::policy
