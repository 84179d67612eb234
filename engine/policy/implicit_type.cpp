// YAML 1.1 and 1.2 readers disagree about plain scalars; the forms of both are known here
// (yaml.org/type: bool, int, float, timestamp; YAML 1.2 core schema: 0o17).
#include <algorithm>
#include <array>

#include "engine/policy/yaml_reader.hpp"

namespace wanwise::policy {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kNumerals = "0123456789_";

/// Takes characters off the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : m_rest(text) {}

  /// Length of the longest run of `set` that was taken.
  std::size_t run(std::string_view set) {
    const std::size_t length = std::min(m_rest.find_first_not_of(set), m_rest.size());
    m_rest.remove_prefix(length);
    return length;
  }
  bool one_of(std::string_view set) {
    if (m_rest.empty() || set.find(m_rest[0]) == std::string_view::npos) return false;
    m_rest.remove_prefix(1);
    return true;
  }
  bool word(std::string_view text) {
    if (!m_rest.starts_with(text)) return false;
    m_rest.remove_prefix(text.size());
    return true;
  }
  [[nodiscard]] bool at_end() const { return m_rest.empty(); }

 private:
  std::string_view m_rest;
};

std::string lower(std::string_view text) {
  std::string result{text};
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return result;
}

bool is_boolean(const std::string& text) {
  static constexpr std::array<std::string_view, 8> kWords{"y",    "n",     "yes", "no",
                                                          "true", "false", "on",  "off"};
  return std::find(kWords.begin(), kWords.end(), text) != kWords.end();
}

/// 0x1f, 0b101, 0o17.
bool is_based(Scanner scan) {
  if (!scan.word("0")) return false;
  const std::string_view digits = scan.word("x")   ? "0123456789abcdef_"
                                  : scan.word("b") ? "01_"
                                  : scan.word("o") ? "01234567"
                                                   : "";
  return scan.run(digits) > 0 && scan.at_end();
}

/// 12:30, 190:20:30.15: numbers to the base of 60.
bool is_sexagesimal(Scanner scan) {
  if (!scan.one_of(kDigits)) return false;
  scan.run(kNumerals);
  std::size_t parts = 0;
  for (; scan.word(":"); ++parts) {
    const std::size_t digits = scan.run(kDigits);
    if (digits < 1 || digits > 2) return false;
  }
  if (scan.word(".")) scan.run(kNumerals);
  return parts > 0 && scan.at_end();
}

/// 7, 010, 1_000, 1.5, 1., .5, 1e3.
bool is_decimal(Scanner scan) {
  std::size_t numerals = 0;
  if (scan.one_of(kDigits)) numerals = 1 + scan.run(kNumerals);
  if (scan.word(".")) numerals += scan.run(kNumerals);
  if (numerals == 0) return false;
  if (scan.word("e")) {
    scan.one_of("+-");
    if (scan.run(kDigits) == 0) return false;
  }
  return scan.at_end();
}

bool is_number(const std::string& text) {
  Scanner scan(text);
  if (text == ".nan") return true;
  scan.one_of("+-");
  Scanner infinity = scan;
  if (infinity.word(".inf") && infinity.at_end()) return true;
  return is_based(scan) || is_sexagesimal(scan) || is_decimal(scan);
}

/// 2026-11-01, with or without a time behind it.
bool is_date(const std::string& text) {
  Scanner scan(text);
  if (scan.run(kDigits) != 4) return false;
  for (int part = 0; part < 2; ++part) {
    if (!scan.word("-")) return false;
    const std::size_t digits = scan.run(kDigits);
    if (digits < 1 || digits > 2) return false;
  }
  return scan.at_end() || scan.one_of("t ");
}

}  // namespace

std::string_view implicit_type(std::string_view plain) {
  const std::string text = lower(plain);
  if (is_boolean(text)) return "a boolean";
  if (is_number(text)) return "a number";
  if (is_date(text)) return "a date";
  return {};
}

}  // namespace wanwise::policy
