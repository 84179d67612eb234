// Values in the XML of a configuration: numbers, addresses, and whether an element holds anything
// beside what is known. Pure; any thread.
#pragma once

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/iosxe/xml/xml.hpp"
#include "engine/core/qos.hpp"

namespace wanwise::iosxe {

template <class Int>
[[nodiscard]] std::optional<Int> number(std::string_view text) {
  Int value = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || wrong != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Whether the node has no children but these: anything more is not ours.
[[nodiscard]] inline bool has_only(const XmlNode& node,
                                   std::initializer_list<std::string_view> names) {
  const auto children = node.children();
  return std::all_of(children.begin(), children.end(), [&](const XmlNode& child) {
    return std::find(names.begin(), names.end(), child.name()) != names.end();
  });
}

/// One IPv4 host, host byte order.
[[nodiscard]] inline std::optional<std::uint32_t> read_address(std::string_view text) {
  const auto prefix = core::parse_ipv4_prefix(std::string{text});
  if (!prefix || prefix->length != 32) return std::nullopt;
  return prefix->address;
}

[[nodiscard]] inline std::string address_text(std::uint32_t address) {
  return core::to_string(core::Ipv4Prefix{address, 32});
}

}  // namespace wanwise::iosxe
