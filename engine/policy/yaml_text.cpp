#include "engine/policy/yaml_text.hpp"

#include <cstdint>
#include <cstdio>

#include "engine/policy/limits.hpp"

namespace wanwise::policy {
namespace {

/// Length of the well-formed UTF-8 sequence (RFC 3629) that starts here; 0 when there is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return 0;
  }
  // Overlong forms, surrogates and what lies above U+10FFFF.
  const std::uint8_t second = byte(1);
  if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f)) return 0;
  if ((first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f)) return 0;
  return length;
}

/// Why the character must not stand here; empty when it may.
std::string refused(std::string_view rest, bool in_indentation) {
  const auto byte = static_cast<std::uint8_t>(rest[0]);
  if (byte == '\t' && in_indentation) return "a tab in the indentation; use spaces";
  if (byte == '\r' && !rest.starts_with("\r\n")) return "a carriage return without a line feed";
  const bool white = byte == '\t' || byte == '\n' || byte == '\r';
  if ((byte < 0x20 && !white) || byte == 0x7f) {
    char text[40];
    std::snprintf(text, sizeof text, "a control character, 0x%02x", static_cast<unsigned>(byte));
    return text;
  }
  return sequence_length(rest) == 0 ? "a byte that is no UTF-8" : "";
}

}  // namespace

std::string_view without_bom(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  return text;
}

bool check_text(const std::string& file, std::string_view text, Report& report) {
  if (text.size() > kMaxFileBytes) {
    report.add(file, {}, "", "the file has " + std::to_string(text.size()) + " bytes",
               "at most " + std::to_string(kMaxFileBytes));
    return false;
  }
  const std::size_t before = report.size();
  Mark mark{1, 1};
  bool in_indentation = true;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    if (const std::string why = refused(rest, in_indentation); !why.empty()) {
      report.add(file, mark, "", why);
      // The rest of the line most likely holds the same slip again.
      const auto line_end = text.find('\n', at);
      if (line_end == std::string_view::npos) break;
      at = line_end;
      continue;
    }
    if (mark.column == 1 && rest[0] == '%') {
      report.add(file, mark, "", "YAML directives are not allowed");
    }
    if (rest[0] == '\n') {
      mark = {mark.line + 1, 1};
      in_indentation = true;
      ++at;
      continue;
    }
    in_indentation = in_indentation && rest[0] == ' ';
    const std::size_t length = sequence_length(rest);
    mark.column += static_cast<int>(length);
    at += length;
  }
  return report.size() == before;
}

}  // namespace wanwise::policy
