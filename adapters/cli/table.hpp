// Text for a terminal: columns that line up, colour where it is wanted, and nothing in it that a
// terminal would obey. Pure; safe from any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wanwise::cli {

/// Whether to colour: only for a terminal, and only when the caller says so.
struct Style {
  bool colour = false;
};

enum class Tone { plain, good, bad, doubtful, heading };

struct Cell {
  Cell(std::string t, Tone n = Tone::plain) : text(std::move(t)), tone(n) {}
  Cell(const char* t) : text(t) {}
  std::string text;
  Tone tone = Tone::plain;
};

using Row = std::vector<Cell>;

/// `text` with control characters and broken UTF-8 taken out. Names and messages come from routers
/// and files; an escape sequence in one must not reach the terminal.
[[nodiscard]] std::string plain(std::string_view text);

/// Columns a terminal gives `text`: its code points (no name here is in a double-width script).
[[nodiscard]] std::size_t width(std::string_view text);

[[nodiscard]] std::string padded(std::string_view text, std::size_t columns);

[[nodiscard]] std::string painted(std::string_view text, Tone tone, Style style);

/// One line a row, cells made plain and lined up two spaces apart, each line behind `indent`
/// spaces, none with spaces at its end.
[[nodiscard]] std::string table(const std::vector<Row>& rows, std::size_t indent, Style style);

}  // namespace wanwise::cli
