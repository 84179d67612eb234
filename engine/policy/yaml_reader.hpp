// Strict YAML: texts to trees that keep their places. Refuses what makes YAML dangerous (anchors,
// aliases, merge keys, tags, duplicate and non-scalar keys, directives, tabs, bytes that are no
// UTF-8) and never guesses types: scalars stay text and remember whether they were quoted.
// yaml-cpp's types do not leave yaml_reader.cpp. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/policy/report.hpp"

namespace wanwise::policy {

struct YamlNode {
  enum class Kind : std::uint8_t {
    null,
    scalar,
    list,
    mapping,
    refused,  ///< already reported; says nothing, and nothing more is said about it
  };

  Kind kind = Kind::null;
  Mark mark = {};
  std::string text = {};  ///< of a scalar
  bool plain = false;     ///< scalar without quotes: YAML readers disagree about its type
  /// Of a list, or of a mapping: these have keys, unique, in the order written.
  std::vector<YamlNode> items = {};
  std::string key = {};
  Mark key_mark = {};

  /// The value under the key of a mapping.
  [[nodiscard]] const YamlNode* find(std::string_view wanted) const;
};

struct YamlFile {
  std::vector<YamlNode> documents;
  bool complete = false;  ///< false: refused, `documents` is empty
};

/// Every finding goes to the report. A text with a wrong syntax ends at its first error; what the
/// strict rules refuse is reported for the whole text.
[[nodiscard]] YamlFile read_yaml(const SourceText& source, Report& report);

/// What a YAML 1.1 reader would take the plain scalar for ("a boolean", "a number", "a date");
/// empty when it is plainly a text.
std::string_view implicit_type(std::string_view plain);

/// What a node is, for people: "a list".
[[nodiscard]] std::string_view kind_name(const YamlNode& node);

}  // namespace wanwise::policy
