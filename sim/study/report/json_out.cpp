#include "sim/study/report/json_out.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace wanwise::sim {
namespace {

// Deeper levels stay on one line: a diff of two files then shows whole entries.
constexpr int kDepthWithLines = 3;

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace

void JsonOut::separate() {
  if (std::exchange(m_after_key, false)) return;
  if (!std::exchange(m_first, false)) m_out += ',';
  if (m_lines && m_depth > 0 && m_depth <= kDepthWithLines) {
    m_out += '\n';
    m_out.append(static_cast<std::size_t>(m_depth) * 2, ' ');
  }
}

JsonOut& JsonOut::open(char bracket) {
  separate();
  m_out += bracket;
  ++m_depth;
  m_first = true;
  return *this;
}

JsonOut& JsonOut::close(char bracket) {
  --m_depth;
  if (m_lines && m_depth < kDepthWithLines && !m_first) {
    m_out += '\n';
    m_out.append(static_cast<std::size_t>(m_depth) * 2, ' ');
  }
  m_out += bracket;
  m_first = false;
  if (m_lines && m_depth == 0) m_out += '\n';
  return *this;
}

JsonOut& JsonOut::key(std::string_view name) {
  separate();
  append_quoted(m_out, name);
  m_out += ':';
  m_after_key = true;
  return *this;
}

JsonOut& JsonOut::text(std::string_view value) {
  separate();
  append_quoted(m_out, value);
  return *this;
}

JsonOut& JsonOut::number(double value) {
  if (!std::isfinite(value)) return null();
  separate();
  m_out += fmt::format("{:.{}g}", value == 0 ? 0.0 : value, m_digits);
  return *this;
}

JsonOut& JsonOut::number(std::optional<double> value) {
  return value ? number(*value) : null();
}

JsonOut& JsonOut::integer(std::int64_t value) {
  separate();
  m_out += fmt::format("{}", value);
  return *this;
}

JsonOut& JsonOut::natural(std::uint64_t value) {
  separate();
  m_out += fmt::format("{}", value);
  return *this;
}

JsonOut& JsonOut::boolean(bool value) {
  separate();
  m_out += value ? "true" : "false";
  return *this;
}

JsonOut& JsonOut::null() {
  separate();
  m_out += "null";
  return *this;
}

}  // namespace wanwise::sim
