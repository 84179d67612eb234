#include "adapters/http/utf8.hpp"

#include <algorithm>
#include <array>

namespace wanwise::http {
namespace {

/// RFC 3629 section 4: length and the range of the second byte, by lead byte. The ranges exclude
/// overlong forms, surrogates and everything above U+10FFFF.
struct Lead {
  unsigned char first, last;
  std::size_t length;
  unsigned char second_first, second_last;
};
constexpr std::array<Lead, 9> kLeads{{{0x00, 0x7f, 1, 0, 0},
                                      {0xc2, 0xdf, 2, 0x80, 0xbf},
                                      {0xe0, 0xe0, 3, 0xa0, 0xbf},
                                      {0xe1, 0xec, 3, 0x80, 0xbf},
                                      {0xed, 0xed, 3, 0x80, 0x9f},
                                      {0xee, 0xef, 3, 0x80, 0xbf},
                                      {0xf0, 0xf0, 4, 0x90, 0xbf},
                                      {0xf1, 0xf3, 4, 0x80, 0xbf},
                                      {0xf4, 0xf4, 4, 0x80, 0x8f}}};

bool within(unsigned char byte, unsigned char first, unsigned char last) {
  return byte >= first && byte <= last;
}

}  // namespace

std::size_t utf8_sequence(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto lead = std::find_if(kLeads.begin(), kLeads.end(), [&](const Lead& entry) {
    return within(byte(0), entry.first, entry.last);
  });
  if (lead == kLeads.end() || text.size() < lead->length) return 0;
  if (lead->length > 1 && !within(byte(1), lead->second_first, lead->second_last)) return 0;
  for (std::size_t i = 2; i < lead->length; ++i) {
    if (!within(byte(i), 0x80, 0xbf)) return 0;
  }
  return lead->length;
}

std::string valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_sequence(text);
    if (length == 0) {
      out += "\xef\xbf\xbd";
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

}  // namespace wanwise::http
