// What a document may hold, as data: each key with the kind of its value. read_shape() walks a YAML
// tree along it, reports unknown and missing keys, wrong types, units and words, and gives the
// values back in core units. What it found wrong is left out of the result, so that later checks do
// not stumble over it again. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/policy/report.hpp"
#include "engine/policy/units.hpp"
#include "engine/policy/yaml_reader.hpp"

namespace wanwise::policy {

enum class ValueKind : std::uint8_t {
  text,      ///< a scalar; its pattern is the YANG module's
  word,      ///< one of `words`
  boolean,   ///< true or false
  integer,   ///< decimal digits; its range is the YANG module's
  quantity,  ///< number with unit
  texts,     ///< list of texts
  group,     ///< mapping of a shape
  groups,    ///< list of mappings of a shape, known by their `name`
  steps,     ///< list of mappings of a shape or of one of `words`, known by their place
  labels,    ///< mapping of free names to texts
};

struct Shape;

struct Field {
  std::string_view key;
  ValueKind kind = ValueKind::text;
  bool required = false;
  Unit unit = Unit::duration;           ///< of a quantity
  std::vector<std::string> words = {};  ///< of a word, or what a step may be instead
  const Shape* shape = nullptr;         ///< of a group, groups or steps
};

/// Exactly one of the keys, or at most one.
struct OneOf {
  std::vector<std::string> keys;
  bool required = true;
};

struct Shape {
  std::string_view what;  ///< "a workload"
  std::vector<Field> fields;
  std::vector<OneOf> one_of = {};
};

/// A checked value and its place.
struct Value {
  std::string key = {};
  const Field* field = nullptr;
  std::string path = {};
  Mark mark = {};
  std::string text = {};          ///< text, word
  std::int64_t number = 0;        ///< boolean, integer, quantity
  std::vector<Value> items = {};  ///< members of a group, or items of a list
  bool partial = false;           ///< a member or an item was left out, or a key is misspelt
  bool refused = false;           ///< a check found it wrong; it counts as absent from then on

  [[nodiscard]] const Value* get(std::string_view member) const;
  [[nodiscard]] Value* get(std::string_view member);
  /// The member even when a check has refused it: what it says is known, though wrong.
  [[nodiscard]] const Value* get_any(std::string_view member) const;
  /// Text of a member, or the default when it is absent.
  [[nodiscard]] std::string text_of(std::string_view member, std::string_view absent = {}) const;
  [[nodiscard]] std::int64_t number_of(std::string_view member, std::int64_t absent = 0) const;
  /// Items of a member that is a list; empty when it is absent.
  [[nodiscard]] const std::vector<Value>& items_of(std::string_view member) const;
  [[nodiscard]] std::vector<Value>& items_of(std::string_view member);
};

/// `node` must be a mapping.
[[nodiscard]] Value read_shape(const std::string& file, const YamlNode& node, const Shape& shape,
                               Report& report);

}  // namespace wanwise::policy
