// A mapping of a study's YAML, read strictly: its keys are known beforehand, every value is asked
// for with its unit and range, and whatever is wrong goes to the report with its place. Built on
// engine/policy's reader, which refuses what makes YAML dangerous and never guesses types. One
// owner; not thread-safe.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/policy/report.hpp"
#include "engine/policy/units.hpp"
#include "engine/policy/yaml_reader.hpp"

namespace wanwise::sim {

/// Both ends are allowed.
struct Range {
  std::int64_t least = 0;
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

/// The file that is read and what was wrong with it so far.
struct Reading {
  std::string file;
  policy::Report report;

  void refuse(const policy::YamlNode& node, const std::string& path, std::string message,
              std::string allowed = {}) {
    report.add(file, node.mark, path, std::move(message), std::move(allowed));
  }
};

/// A value and where it stands.
struct Place {
  Reading& reading;
  const policy::YamlNode& node;
  std::string path;

  void refuse(std::string message, std::string allowed = {}) const {
    reading.refuse(node, path, std::move(message), std::move(allowed));
  }
};

// One value each; nothing when it was refused.
[[nodiscard]] std::optional<std::string> text_of(const Place& place);
[[nodiscard]] std::optional<std::string> word_of(const Place& place,
                                                 const std::vector<std::string>& words);
[[nodiscard]] std::optional<std::int64_t> quantity_of(const Place& place, policy::Unit unit,
                                                      Range range = {});
[[nodiscard]] std::optional<std::int64_t> factor_of(const Place& place, Range range);
[[nodiscard]] std::optional<std::int64_t> integer_of(const Place& place, Range range);
[[nodiscard]] std::optional<double> number_of(const Place& place);

/// Decimal digits with an optional sign and fraction; no exponent, no leading zeros.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);
/// 0.5, 50% or 0.5x, as parts per million.
[[nodiscard]] std::optional<std::int64_t> parse_factor(std::string_view text);

class Section {
 public:
  /// Reports when `node` is no mapping, and every key that is not of `keys`.
  Section(Reading& reading, const policy::YamlNode& node, std::string path, std::string what,
          std::vector<std::string> keys);

  /// Nothing, here and below, when the key is absent or its value was refused.
  [[nodiscard]] const policy::YamlNode* node(std::string_view key) const;
  [[nodiscard]] std::optional<Place> at(std::string_view key) const;
  [[nodiscard]] std::optional<std::string> text(std::string_view key);
  [[nodiscard]] std::optional<std::string> word(std::string_view key,
                                                const std::vector<std::string>& words);
  [[nodiscard]] std::optional<std::int64_t> quantity(std::string_view key, policy::Unit unit,
                                                     Range range = {});
  [[nodiscard]] std::optional<std::int64_t> factor(std::string_view key, Range range);
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key, Range range);
  [[nodiscard]] std::optional<double> number(std::string_view key);
  /// The items of a list; one that is no list is refused.
  [[nodiscard]] const std::vector<policy::YamlNode>& list(std::string_view key);
  /// The same, each a text that no other item repeats.
  [[nodiscard]] std::vector<std::string> texts(std::string_view key);

  /// Reads into a unit type where the key is there.
  template <class Unit>
  void read(std::string_view key, policy::Unit unit, Range range, Unit& into) {
    if (const auto count = quantity(key, unit, range)) into = Unit{*count};
  }

  /// Reports the keys that are absent.
  void need(const std::vector<std::string>& keys);
  void refuse(std::string_view key, std::string message, std::string allowed = {});
  void refuse_all(std::string message, std::string allowed = {});

  [[nodiscard]] std::string path_of(std::string_view key) const;
  [[nodiscard]] const std::string& path() const { return m_path; }
  [[nodiscard]] Reading& reading() const { return m_reading; }
  [[nodiscard]] const policy::YamlNode& self() const { return m_node; }

 private:
  Reading& m_reading;
  const policy::YamlNode& m_node;
  std::string m_path;
  std::string m_what;
  std::vector<std::string> m_keys;
  std::vector<std::string> m_meant;  ///< keys that a misspelt one stands for
};

/// "links[2]", or "links[lte]" when the item has that text under `key`.
[[nodiscard]] std::string item_path(const std::string& list, const policy::YamlNode& item,
                                    std::size_t index, std::string_view key = {});

}  // namespace wanwise::sim
