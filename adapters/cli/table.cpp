#include "adapters/cli/table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/http/utf8.hpp"

namespace wanwise::cli {
namespace {

/// ECMA-48 SGR parameters.
std::string_view sgr(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return "";
    case Tone::good:
      return "32";
    case Tone::bad:
      return "31";
    case Tone::doubtful:
      return "33";
    case Tone::heading:
      return "1";
  }
  return "";
}

/// C0, DEL, and C1 (U+0080 to U+009F, which UTF-8 writes as C2 80 to C2 9F).
bool is_control(std::string_view sequence) {
  const auto first = static_cast<unsigned char>(sequence[0]);
  if (first < 0x20 || first == 0x7f) return true;
  return first == 0xc2 && sequence.size() == 2 && static_cast<unsigned char>(sequence[1]) < 0xa0;
}

}  // namespace

std::string plain(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = http::utf8_sequence(text);
    const std::string_view sequence = text.substr(0, std::max<std::size_t>(length, 1));
    if (sequence == "\n" || sequence == "\t" || sequence == "\r") {
      out += ' ';
    } else if (length == 0 || is_control(sequence)) {
      out += '?';
    } else {
      out += sequence;
    }
    text.remove_prefix(sequence.size());
  }
  return out;
}

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;  // not a continuation byte
  }));
}

std::string padded(std::string_view text, std::size_t columns) {
  const std::size_t have = width(text);
  return std::string{text} + std::string(columns > have ? columns - have : 0, ' ');
}

std::string painted(std::string_view text, Tone tone, Style style) {
  const std::string_view code = sgr(tone);
  if (!style.colour || code.empty()) return std::string{text};
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string table(const std::vector<Row>& rows, std::size_t indent, Style style) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], width(plain(row[i].text)));
    }
  }
  std::string out;
  for (const Row& row : rows) {
    std::string line(indent, ' ');
    std::size_t owed = 0;  // spaces that only a next cell makes visible
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string cell = plain(row[i].text);
      if (!cell.empty()) {
        line += std::string(owed, ' ') + painted(cell, row[i].tone, style);
        owed = 0;
      }
      owed += widths[i] - width(cell) + 2;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

}  // namespace wanwise::cli
