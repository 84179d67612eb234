// Leaves of state data as numbers, trusting nothing: what is missing is absent, what is outside its
// YANG type or outside what physics allows is absent and counted under a name. Pure but for the
// counting; belongs to one router's reader.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

#include "adapters/iosxe/degradations.hpp"
#include "adapters/iosxe/xml/xml.hpp"
#include "engine/core/units.hpp"

namespace wanwise::iosxe {

/// The whole text as an integer, or nothing.
template <class Int>
std::optional<Int> parse_integer(std::string_view text) {
  Int value = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || wrong != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// decimal64 or integer in thousandths: "-7.25" -> -7250.
[[nodiscard]] std::optional<std::int64_t> parse_thousandths(std::string_view text);

class Values {
 public:
  explicit Values(Degradations& degradations) : m_degradations(&degradations) {}

  std::optional<std::uint64_t> counter(const XmlNode& parent, std::string_view leaf);
  std::optional<std::int64_t> integer(const XmlNode& parent, std::string_view leaf,
                                      std::int64_t low, std::int64_t high);
  /// Bounds in whole dB or dBm.
  std::optional<core::MilliDb> decibel(const XmlNode& parent, std::string_view leaf,
                                       std::int64_t low, std::int64_t high);
  void complain(const char* name, const XmlNode& parent, std::string_view leaf);
  void complain(const char* name, std::string detail) {
    note(*m_degradations, name, std::move(detail));
  }

 private:
  Degradations* m_degradations;
};

}  // namespace wanwise::iosxe
