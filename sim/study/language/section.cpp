#include "sim/study/language/section.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace wanwise::sim {
namespace {

using policy::YamlNode;

// Beyond it a double no longer holds every integer in parts per million.
constexpr double kMaxNumber = 9e9;

bool is_scalar(const Place& place, std::string_view wanted) {
  if (place.node.kind == YamlNode::Kind::scalar) return true;
  if (place.node.kind != YamlNode::Kind::refused)
    place.refuse("wants " + std::string{wanted} + ", got " +
                 std::string{policy::kind_name(place.node)});
  return false;
}

std::string range_text(policy::Unit unit, Range range) {
  const std::string least = policy::format_quantity(unit, range.least);
  if (range.most == std::numeric_limits<std::int64_t>::max()) return least + " or more";
  return least + " to " + policy::format_quantity(unit, range.most);
}

std::string factor_text(std::int64_t ppm) {
  std::string text = policy::format_quantity(policy::Unit::factor, ppm);
  if (text.ends_with('x')) text.pop_back();
  return text;
}

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.empty() || digits.front() < '0' || digits.front() > '9') return std::nullopt;
  if (digits.size() > 1 && digits[0] == '0' && digits[1] != '.') return std::nullopt;
  if (digits.back() == '.') return std::nullopt;
  double value = 0;
  const auto [end, problem] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(value) || std::abs(value) > kMaxNumber) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_factor(std::string_view text) {
  double scale = 1e6;
  if (text.ends_with('%')) scale = 1e4;
  if (text.ends_with('%') || text.ends_with('x')) text.remove_suffix(1);
  const auto number = parse_number(text);
  if (!number || *number < 0) return std::nullopt;
  return std::llround(*number * scale);
}

std::optional<std::string> text_of(const Place& place) {
  if (!is_scalar(place, "a text")) return std::nullopt;
  const std::string& text = place.node.text;
  const auto type = place.node.plain ? policy::implicit_type(text) : std::string_view{};
  if (type.empty() && !text.empty()) return text;
  if (text.empty()) return place.refuse("the text is empty"), std::nullopt;
  place.refuse(policy::in_quotes(text) + " without quotes is " + std::string{type} +
                   " to YAML, a text is wanted",
               '"' + text + '"');
  return std::nullopt;
}

std::optional<std::string> word_of(const Place& place, const std::vector<std::string>& words) {
  if (!is_scalar(place, "a word")) return std::nullopt;
  const std::string& text = place.node.text;
  if (std::find(words.begin(), words.end(), text) != words.end()) return text;
  place.refuse("unknown word " + policy::in_quotes(text) + policy::did_you_mean(text, words),
               policy::listed(words));
  return std::nullopt;
}

std::optional<std::int64_t> quantity_of(const Place& place, policy::Unit unit, Range range) {
  if (!is_scalar(place, policy::describe(unit))) return std::nullopt;
  const std::string quoted = policy::in_quotes(place.node.text);
  const auto count = policy::parse_quantity(unit, place.node.text);
  if (!count) {
    place.refuse(quoted + ' ' + count.error().message, count.error().allowed);
    return std::nullopt;
  }
  if (*count >= range.least && *count <= range.most) return *count;
  place.refuse(quoted + " is out of range", range_text(unit, range));
  return std::nullopt;
}

std::optional<std::int64_t> factor_of(const Place& place, Range range) {
  if (!is_scalar(place, "a factor")) return std::nullopt;
  const auto ppm = parse_factor(place.node.text);
  if (ppm && *ppm >= range.least && *ppm <= range.most) return ppm;
  place.refuse(
      policy::in_quotes(place.node.text) + (ppm ? " is out of range" : " is no factor"),
      factor_text(range.least) + " to " + factor_text(range.most) + ", such as 0.5, 50% or 2");
  return std::nullopt;
}

std::optional<std::int64_t> integer_of(const Place& place, Range range) {
  if (!is_scalar(place, "a whole number")) return std::nullopt;
  const std::string& text = place.node.text;
  const auto value = place.node.plain ? parse_number(text) : std::nullopt;
  const bool whole = value && text.find('.') == std::string::npos;
  if (whole && *value >= static_cast<double>(range.least) &&
      *value <= static_cast<double>(range.most))
    return static_cast<std::int64_t>(*value);
  place.refuse(policy::in_quotes(text) + (whole ? " is out of range" : " is not a whole number"),
               std::to_string(range.least) + " to " + std::to_string(range.most));
  return std::nullopt;
}

std::optional<double> number_of(const Place& place) {
  if (!is_scalar(place, "a number")) return std::nullopt;
  const auto value = place.node.plain ? parse_number(place.node.text) : std::nullopt;
  if (!value)
    place.refuse(policy::in_quotes(place.node.text) + " is not a number", "such as 0.5 or -2");
  return value;
}

Section::Section(Reading& reading, const YamlNode& node, std::string path, std::string what,
                 std::vector<std::string> keys)
    : m_reading(reading),
      m_node(node),
      m_path(std::move(path)),
      m_what(std::move(what)),
      m_keys(std::move(keys)) {
  if (node.kind == YamlNode::Kind::refused) return;
  if (node.kind != YamlNode::Kind::mapping) {
    refuse_all("wants a mapping, got " + std::string{policy::kind_name(node)});
    return;
  }
  for (const YamlNode& entry : node.items) {
    if (std::find(m_keys.begin(), m_keys.end(), entry.key) != m_keys.end()) continue;
    std::vector<std::string> unused;
    for (const std::string& key : m_keys)
      if (node.find(key) == nullptr) unused.push_back(key);
    m_meant.push_back(policy::nearest(entry.key, unused));
    reading.report.add(reading.file, entry.key_mark, path_of(entry.key),
                       "unknown key " + policy::in_quotes(entry.key) + " in " + m_what +
                           policy::did_you_mean(entry.key, unused),
                       policy::listed(m_keys));
  }
}

std::string Section::path_of(std::string_view key) const {
  return m_path.empty() ? std::string{key} : m_path + '/' + std::string{key};
}

void Section::refuse(std::string_view key, std::string message, std::string allowed) {
  const YamlNode* at = m_node.find(key);
  m_reading.refuse(at != nullptr ? *at : m_node, path_of(key), std::move(message),
                   std::move(allowed));
}

void Section::refuse_all(std::string message, std::string allowed) {
  m_reading.refuse(m_node, m_path, std::move(message), std::move(allowed));
}

void Section::need(const std::vector<std::string>& keys) {
  if (m_node.kind != YamlNode::Kind::mapping) return;
  for (const std::string& key : keys) {
    if (m_node.find(key) != nullptr) continue;
    if (std::find(m_meant.begin(), m_meant.end(), key) != m_meant.end()) continue;
    refuse(key, m_what + " needs the key '" + key + "'");
  }
}

const YamlNode* Section::node(std::string_view key) const {
  const YamlNode* found = m_node.find(key);
  return found == nullptr || found->kind == YamlNode::Kind::refused ? nullptr : found;
}

std::optional<Place> Section::at(std::string_view key) const {
  const YamlNode* found = node(key);
  if (found == nullptr) return std::nullopt;
  return Place{m_reading, *found, path_of(key)};
}

std::optional<std::string> Section::text(std::string_view key) {
  const auto place = at(key);
  return place ? text_of(*place) : std::nullopt;
}

std::optional<std::string> Section::word(std::string_view key,
                                         const std::vector<std::string>& words) {
  const auto place = at(key);
  return place ? word_of(*place, words) : std::nullopt;
}

std::optional<std::int64_t> Section::quantity(std::string_view key, policy::Unit unit,
                                              Range range) {
  const auto place = at(key);
  return place ? quantity_of(*place, unit, range) : std::nullopt;
}

std::optional<std::int64_t> Section::factor(std::string_view key, Range range) {
  const auto place = at(key);
  return place ? factor_of(*place, range) : std::nullopt;
}

std::optional<std::int64_t> Section::integer(std::string_view key, Range range) {
  const auto place = at(key);
  return place ? integer_of(*place, range) : std::nullopt;
}

std::optional<double> Section::number(std::string_view key) {
  const auto place = at(key);
  return place ? number_of(*place) : std::nullopt;
}

const std::vector<YamlNode>& Section::list(std::string_view key) {
  static const std::vector<YamlNode> none;
  const YamlNode* found = node(key);
  if (found == nullptr) return none;
  if (found->kind == YamlNode::Kind::list && !found->items.empty()) return found->items;
  if (found->kind == YamlNode::Kind::list) {
    refuse(key, "the list is empty", "one or more");
  } else {
    refuse(key, "wants a list, got " + std::string{policy::kind_name(*found)});
  }
  return none;
}

std::vector<std::string> Section::texts(std::string_view key) {
  std::vector<std::string> result;
  const std::vector<YamlNode>& items = list(key);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const YamlNode& item = items[i];
    const std::string path = item_path(path_of(key), item, i);
    if (item.kind != YamlNode::Kind::scalar) {
      if (item.kind != YamlNode::Kind::refused)
        m_reading.refuse(item, path, "wants a text, got " + std::string{policy::kind_name(item)});
    } else if (std::find(result.begin(), result.end(), item.text) != result.end()) {
      m_reading.refuse(item, path, policy::in_quotes(item.text) + " is in the list twice");
    } else {
      result.push_back(item.text);
    }
  }
  return result;
}

std::string item_path(const std::string& list, const YamlNode& item, std::size_t index,
                      std::string_view key) {
  const YamlNode* name = key.empty() ? nullptr : item.find(key);
  const bool readable = name != nullptr && name->kind == YamlNode::Kind::scalar &&
                        !name->text.empty() && name->text.size() <= 63;
  if (!readable) return list + '[' + std::to_string(index + 1) + ']';
  const std::string shown = policy::in_quotes(name->text);
  return list + '[' + shown.substr(1, shown.size() - 2) + ']';
}

}  // namespace wanwise::sim
