#include "adapters/iosxe/read/values.hpp"

#include <algorithm>
#include <string>

namespace wanwise::iosxe {

std::optional<std::int64_t> parse_thousandths(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t dot = std::min(text.find('.'), text.size());
  const auto whole = parse_integer<std::uint32_t>(text.substr(0, dot));
  std::string fraction{dot < text.size() ? text.substr(dot + 1) : "0"};
  // More digits than three are not written by fraction-digits 2.
  if (!whole || *whole > 1'000'000 || fraction.empty() || fraction.size() > 3) return std::nullopt;
  fraction.resize(3, '0');
  const auto part = parse_integer<std::uint32_t>(fraction);
  if (!part) return std::nullopt;
  const std::int64_t value = std::int64_t{*whole} * 1000 + *part;
  return negative ? -value : value;
}

void Values::complain(const char* name, const XmlNode& parent, std::string_view leaf) {
  constexpr std::size_t kMaxShown = 64;  // a router's text goes onto screens
  const std::string_view text = parent.child(leaf).text();
  note(*m_degradations, name,
       std::string{parent.name()} + "/" + std::string{leaf} + " = '" +
           std::string{text.substr(0, kMaxShown)} + "'");
}

std::optional<std::uint64_t> Values::counter(const XmlNode& parent, std::string_view leaf) {
  const XmlNode node = parent.child(leaf);
  if (!node) return std::nullopt;
  const auto value = parse_integer<std::uint64_t>(node.text());
  if (!value) complain(degraded::kInvalidValue, parent, leaf);
  return value;
}

std::optional<std::int64_t> Values::integer(const XmlNode& parent, std::string_view leaf,
                                            std::int64_t low, std::int64_t high) {
  const XmlNode node = parent.child(leaf);
  if (!node) return std::nullopt;
  const auto value = parse_integer<std::int64_t>(node.text());
  if (!value) complain(degraded::kInvalidValue, parent, leaf);
  if (!value || (*value >= low && *value <= high)) return value;
  complain(degraded::kOutOfRange, parent, leaf);
  return std::nullopt;
}

std::optional<core::MilliDb> Values::decibel(const XmlNode& parent, std::string_view leaf,
                                             std::int64_t low, std::int64_t high) {
  const XmlNode node = parent.child(leaf);
  if (!node) return std::nullopt;
  const auto value = parse_thousandths(node.text());
  if (value && *value >= low * 1000 && *value <= high * 1000) return core::MilliDb{*value};
  complain(value ? degraded::kOutOfRange : degraded::kInvalidValue, parent, leaf);
  return std::nullopt;
}

}  // namespace wanwise::iosxe
