#include "sim/baselines/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/core/check.hpp"
#include "engine/policy/units.hpp"

namespace wanwise::sim {
namespace {

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// "-110dBm" and "2dB", in whole decibels as modems report them.
std::optional<std::int64_t> decibels(std::string_view text) {
  for (const std::string_view unit : {"dBm", "dB"}) {
    if (!text.ends_with(unit)) continue;
    const auto number = whole_number(text.substr(0, text.size() - unit.size()));
    constexpr std::int64_t kMost = 1'000;
    if (!number || *number < -kMost || *number > kMost) return std::nullopt;
    return *number * 1'000;
  }
  return std::nullopt;
}

std::optional<std::int64_t> quantity(policy::Unit unit, const std::string& text) {
  const auto parsed = policy::parse_quantity(unit, text);
  if (!parsed) return std::nullopt;
  return *parsed;
}

std::optional<std::int64_t> parse(const ParameterRule& rule, const std::string& text) {
  switch (rule.kind) {
    case ParameterKind::duration:
      return quantity(policy::Unit::duration, text);
    case ParameterKind::share:
      return quantity(policy::Unit::share, text);
    case ParameterKind::factor:
      return quantity(policy::Unit::factor, text);
    case ParameterKind::count:
      return whole_number(text);
    case ParameterKind::decibel:
      return decibels(text);
    case ParameterKind::word: {
      const auto found = std::find(rule.words.begin(), rule.words.end(), text);
      if (found == rule.words.end()) return std::nullopt;
      return found - rule.words.begin();
    }
  }
  return std::nullopt;
}

/// The value, where it is one that the rule allows.
std::optional<std::int64_t> allowed(const ParameterRule& rule, const std::string& text) {
  const auto number = parse(rule, text);
  if (!number || rule.kind == ParameterKind::word) return number;
  const auto least = parse(rule, rule.least);
  const auto most = parse(rule, rule.most);
  WANWISE_CHECK(least && most);
  if (*number < *least || *number > *most) return std::nullopt;
  return number;
}

}  // namespace

const Parameters::Value& Parameters::value(const std::string& name, ParameterKind kind) const {
  const auto found = m_values.find(name);
  WANWISE_CHECK(found != m_values.end() && found->second.kind == kind);
  return found->second;
}

core::Micros Parameters::duration(const std::string& name) const {
  return core::Micros{value(name, ParameterKind::duration).number};
}

core::Ppm Parameters::share(const std::string& name) const {
  return core::Ppm{value(name, ParameterKind::share).number};
}

double Parameters::factor(const std::string& name) const {
  return static_cast<double>(value(name, ParameterKind::factor).number) / 1e6;
}

std::int64_t Parameters::count(const std::string& name) const {
  return value(name, ParameterKind::count).number;
}

core::MilliDb Parameters::decibel(const std::string& name) const {
  return core::MilliDb{value(name, ParameterKind::decibel).number};
}

bool Parameters::is(const std::string& name, const std::string& word) const {
  return value(name, ParameterKind::word).text == word;
}

void Parameters::set(const ParameterRule& rule, const std::string& text, std::int64_t number) {
  m_values[rule.name] = {rule.kind, text, number};
}

std::string allowed_values(const ParameterRule& rule) {
  if (rule.kind == ParameterKind::word) return fmt::format("{}", fmt::join(rule.words, ", "));
  return rule.least + " to " + rule.most;
}

core::Expected<Parameters, std::vector<std::string>> read_parameters(
    const std::string& policy, const std::vector<ParameterRule>& rules,
    const std::map<std::string, std::string>& given) {
  Parameters parameters;
  std::vector<std::string> mistakes;
  std::vector<std::string> names;
  for (const ParameterRule& rule : rules) {
    names.push_back(rule.name);
    const auto found = given.find(rule.name);
    const std::string& text = found != given.end() ? found->second : rule.standard;
    if (const auto number = allowed(rule, text)) {
      parameters.set(rule, text, *number);
    } else {
      mistakes.push_back(fmt::format("{}: {}: {} is not allowed (allowed: {})", policy, rule.name,
                                     text, allowed_values(rule)));
    }
  }
  for (const auto& [name, text] : given) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    mistakes.push_back(
        fmt::format("{}: unknown parameter {} (allowed: {})", policy, name,
                    names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))));
  }
  if (!mistakes.empty()) return core::Unexpected{std::move(mistakes)};
  return parameters;
}

}  // namespace wanwise::sim
