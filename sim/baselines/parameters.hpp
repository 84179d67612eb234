// A policy's parameters: how they may be written, their published values, and the checked values a
// controller is made with. Value types, pure functions; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/core/units.hpp"
#include "sim/baselines/catalogue.hpp"

namespace wanwise::sim {

enum class ParameterKind : std::uint8_t {
  duration,  ///< "10min"; microseconds
  share,     ///< "30%"; parts per million
  factor,    ///< "0.75x"; parts per million
  count,     ///< "6"
  decibel,   ///< "-110dBm", "2dB"; thousandths
  word,      ///< one of a list; its position
};

/// One parameter: what it is called, its published value, and what is allowed.
struct ParameterRule {
  std::string name;
  std::string standard;
  std::string meaning;
  ParameterKind kind = ParameterKind::count;
  std::string least, most;         ///< written like values; unused for words
  std::vector<std::string> words;  ///< of kind word
};

/// Checked values by name: every rule of a policy has one.
class Parameters {
 public:
  [[nodiscard]] core::Micros duration(const std::string& name) const;
  [[nodiscard]] core::Ppm share(const std::string& name) const;
  [[nodiscard]] double factor(const std::string& name) const;
  [[nodiscard]] std::int64_t count(const std::string& name) const;
  [[nodiscard]] core::MilliDb decibel(const std::string& name) const;
  [[nodiscard]] bool is(const std::string& name, const std::string& word) const;

  void set(const ParameterRule& rule, const std::string& text, std::int64_t value);

 private:
  struct Value {
    ParameterKind kind;
    std::string text;
    std::int64_t number;
  };
  [[nodiscard]] const Value& value(const std::string& name, ParameterKind kind) const;

  std::map<std::string, Value> m_values;
};

/// "1s to 24h", "none, static".
[[nodiscard]] std::string allowed_values(const ParameterRule& rule);

/// The published values with `given` in their place, or what is wrong, one a line, each line
/// beginning with `policy`.
[[nodiscard]] core::Expected<Parameters, std::vector<std::string>> read_parameters(
    const std::string& policy, const std::vector<ParameterRule>& rules,
    const std::map<std::string, std::string>& given);

}  // namespace wanwise::sim
