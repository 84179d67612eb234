#include "engine/core/qos.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

namespace wanwise::core {
namespace {

/// RFC 4594 / RFC 2597 / RFC 2474 names, as IOS spells them.
constexpr std::array<std::pair<std::string_view, std::uint8_t>, 21> kDscpNames{{
    {"default", 0}, {"cs1", 8},   {"af11", 10}, {"af12", 12}, {"af13", 14}, {"cs2", 16},
    {"af21", 18},   {"af22", 20}, {"af23", 22}, {"cs3", 24},  {"af31", 26}, {"af32", 28},
    {"af33", 30},   {"cs4", 32},  {"af41", 34}, {"af42", 36}, {"af43", 38}, {"cs5", 40},
    {"ef", 46},     {"cs6", 48},  {"cs7", 56},
}};

std::optional<std::uint32_t> parse_number(std::string_view text, std::uint32_t max) {
  std::uint32_t value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size() || value > max) return std::nullopt;
  return value;
}

std::uint32_t network_mask(std::uint8_t length) {
  return length == 0 ? 0 : ~std::uint32_t{0} << (32 - length);
}

}  // namespace

std::string dscp_name(Dscp dscp) {
  const auto it = std::find_if(kDscpNames.begin(), kDscpNames.end(),
                               [&](const auto& entry) { return entry.second == dscp.value; });
  return it != kDscpNames.end() ? std::string{it->first} : std::to_string(dscp.value);
}

std::optional<Dscp> parse_dscp(const std::string& text) {
  const auto it = std::find_if(kDscpNames.begin(), kDscpNames.end(),
                               [&](const auto& entry) { return entry.first == text; });
  if (it != kDscpNames.end()) return Dscp{it->second};
  const auto number = parse_number(text, 63);
  if (!number) return std::nullopt;
  return Dscp{static_cast<std::uint8_t>(*number)};
}

std::string to_string(Ipv4Prefix prefix) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) {
    text += std::to_string((prefix.address >> shift) & 0xff);
    if (shift > 0) text += '.';
  }
  if (prefix.length < 32) text += '/' + std::to_string(prefix.length);
  return text;
}

std::optional<Ipv4Prefix> parse_ipv4_prefix(const std::string& text) {
  std::string_view rest = text;
  Ipv4Prefix prefix;
  if (const auto slash = rest.find('/'); slash != std::string_view::npos) {
    const auto length = parse_number(rest.substr(slash + 1), 32);
    if (!length) return std::nullopt;
    prefix.length = static_cast<std::uint8_t>(*length);
    rest = rest.substr(0, slash);
  }
  for (int octets = 4; octets > 0; --octets) {
    const auto dot = octets > 1 ? rest.find('.') : rest.size();
    if (dot == std::string_view::npos) return std::nullopt;
    const auto octet = parse_number(rest.substr(0, dot), 255);
    if (!octet) return std::nullopt;
    prefix.address = prefix.address << 8 | *octet;
    rest = octets > 1 ? rest.substr(dot + 1) : std::string_view{};
  }
  if ((prefix.address & ~network_mask(prefix.length)) != 0) return std::nullopt;
  return prefix;
}

}  // namespace wanwise::core
