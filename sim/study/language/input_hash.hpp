// One number for everything a study was made from. FNV-1a, 64 bits: it tells a changed input from
// an unchanged one, it defends against nobody. Value type; not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wanwise::sim {

class InputHash {
 public:
  /// Texts are told apart from their joined form by their lengths.
  void add(std::string_view text) {
    std::uint64_t length = text.size();
    for (int i = 0; i < 8; ++i, length >>= 8) byte(static_cast<unsigned char>(length & 0xff));
    for (const char c : text) byte(static_cast<unsigned char>(c));
  }
  /// 16 hex digits.
  [[nodiscard]] std::string text() const {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string result;
    for (int shift = 60; shift >= 0; shift -= 4) result += kDigits[(m_value >> shift) & 0xf];
    return result;
  }

 private:
  void byte(unsigned char value) { m_value = (m_value ^ value) * 1099511628211ULL; }

  std::uint64_t m_value = 14695981039346656037ULL;
};

}  // namespace wanwise::sim
