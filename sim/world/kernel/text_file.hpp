// A text file as lines, plain or gzip, with limits; and the notes a reader takes about it. Any
// thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/expected.hpp"
#include "sim/world/air/trace.hpp"

namespace wanwise::sim {

/// Longest text that is read, unpacked: a week of delivery opportunities at 30 Mb/s is 17 MB.
inline constexpr std::size_t kMaxTextBytes = std::size_t{256} << 20;

/// The whole text; CR LF and a byte order mark are gone. Errors name the path.
[[nodiscard]] core::Expected<std::string> read_text(const std::string& path);

/// Walks over a text line by line; the views point into the text.
class Lines {
 public:
  explicit Lines(std::string_view text) : m_rest(text) {}
  /// False at the end. A last line without its newline counts.
  bool next(std::string_view& line);
  [[nodiscard]] std::int64_t number() const { return m_number; }  ///< of the last line, from 1

 private:
  std::string_view m_rest;
  std::int64_t m_number = 0;
};

/// Notes, bounded: after the first ones only their number is kept.
class NoteBook {
 public:
  static constexpr std::size_t kMaxNotes = 40;

  void add(std::int64_t line, const std::string& text);
  void add(const std::string& text);
  [[nodiscard]] TraceNotes take();

 private:
  TraceNotes m_notes;
  std::int64_t m_more = 0;
};

/// The beginning of a text from a file, between quotes, for a message.
[[nodiscard]] std::string quoted(std::string_view text);

/// "PATH:LINE: message", as an Error of code trace-invalid.
[[nodiscard]] core::Unexpected<core::Error> trace_invalid(const std::string& path,
                                                          std::int64_t line,
                                                          const std::string& message);

}  // namespace wanwise::sim
