#include "sim/world/kernel/text_file.hpp"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace wanwise::sim {
namespace {

struct CloseGzip {
  void operator()(gzFile_s* file) const { gzclose(file); }
};
using GzipFile = std::unique_ptr<gzFile_s, CloseGzip>;

constexpr unsigned kChunk = 1 << 16;

void strip(std::string& text) {
  if (text.rfind("\xef\xbb\xbf", 0) == 0) text.erase(0, 3);
  if (text.find('\r') == std::string::npos) return;
  std::string clean;
  clean.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] != '\r' || i + 1 >= text.size() || text[i + 1] != '\n') clean += text[i];
  text.swap(clean);
}

}  // namespace

core::Expected<std::string> read_text(const std::string& path) {
  errno = 0;
  const GzipFile file{gzopen(path.c_str(), "rb")};  // reads plain files as they are
  if (!file) return core::fail("trace-unreadable", path + ": " + std::strerror(errno));
  std::string text;
  for (;;) {
    const std::size_t before = text.size();
    text.resize(before + kChunk);
    const int got = gzread(file.get(), text.data() + before, kChunk);
    int problem = Z_OK;
    const std::string why = gzerror(file.get(), &problem);
    // A truncated archive reads short and tells so by Z_BUF_ERROR only.
    if (got < 0 || (got == 0 && problem != Z_OK && problem != Z_STREAM_END))
      return core::fail("trace-unreadable",
                        path + ": " + (problem == Z_ERRNO ? std::strerror(errno) : why));
    text.resize(before + static_cast<std::size_t>(got));
    if (got == 0) break;
    if (text.size() > kMaxTextBytes)
      return core::fail("trace-unreadable",
                        path + ": longer than " + std::to_string(kMaxTextBytes >> 20) + " MiB");
  }
  strip(text);
  return text;
}

bool Lines::next(std::string_view& line) {
  if (m_rest.empty()) return false;
  const std::size_t end = std::min(m_rest.find('\n'), m_rest.size());
  line = m_rest.substr(0, end);
  m_rest.remove_prefix(std::min(end + 1, m_rest.size()));
  ++m_number;
  return true;
}

void NoteBook::add(std::int64_t line, const std::string& text) {
  add("line " + std::to_string(line) + ": " + text);
}

void NoteBook::add(const std::string& text) {
  if (m_notes.lines.size() < kMaxNotes) {
    m_notes.lines.push_back(text);
  } else {
    ++m_more;
  }
}

TraceNotes NoteBook::take() {
  if (m_more > 0) m_notes.lines.push_back("and " + std::to_string(m_more) + " more notes");
  m_more = 0;
  return std::move(m_notes);
}

// Built by appending: GCC 12 warns falsely (PR 105651) about "literal" + std::string at -O3.
std::string quoted(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  std::string result(1, '\'');
  result.append(text.substr(0, kLongest));
  result.push_back('\'');
  return result;
}

core::Unexpected<core::Error> trace_invalid(const std::string& path, std::int64_t line,
                                            const std::string& message) {
  return core::fail("trace-invalid", path + ":" + std::to_string(line) + ": " + message);
}

}  // namespace wanwise::sim
