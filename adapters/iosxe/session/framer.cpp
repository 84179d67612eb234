#include "adapters/iosxe/session/framer.hpp"

#include <algorithm>
#include <utility>

#include "adapters/iosxe/errors.hpp"

namespace wanwise::iosxe {
namespace {

constexpr std::string_view kEndOfMessage = "]]>]]>";
constexpr std::string_view kEndOfChunks = "\n##\n";
/// "\n#" + digits + "\n": a header that is longer than this is none.
constexpr std::size_t kMaxHeaderBytes = 2 + kMaxChunkDigits + 1;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// RFC 6242 4.2: the size has no leading zero and is not zero. `digits` holds at most
/// kMaxChunkDigits.
std::optional<std::uint64_t> chunk_size(std::string_view digits) {
  constexpr std::uint64_t kMaxChunkSize = 4294967295;
  if (digits.empty() || digits.front() == '0') return std::nullopt;
  std::uint64_t size = 0;
  for (const char c : digits) {
    if (!is_digit(c)) return std::nullopt;
    size = size * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (size > kMaxChunkSize) return std::nullopt;
  return size;
}

}  // namespace

void Framer::feed(std::string_view bytes) {
  if (!m_error) m_buffer.append(bytes);
}

Framer::Result Framer::next() {
  if (m_error) return core::Unexpected{*m_error};
  return m_framing == Framing::end_of_message ? next_end_of_message() : next_chunked();
}

Framer::Result Framer::next_end_of_message() {
  const std::size_t end = m_buffer.find(kEndOfMessage, m_begin + m_scanned);
  if (end != std::string::npos && end - m_begin <= m_max_message) {
    std::string message = m_buffer.substr(m_begin, end - m_begin);
    m_begin = end + kEndOfMessage.size();
    m_scanned = 0;
    compact();
    return std::optional{std::move(message)};
  }
  const std::size_t held = m_buffer.size() - m_begin;
  if (end != std::string::npos || held > m_max_message + kEndOfMessage.size()) {
    return refuse(errors::kMessageTooBig, "message longer than the limit");
  }
  // The mark may be split: its first five bytes can already stand at the end.
  m_scanned = held - std::min(held, kEndOfMessage.size() - 1);
  return std::optional<std::string>{};
}

Framer::Result Framer::next_chunked() {
  for (;;) {
    take_chunk_bytes();
    if (m_chunk_left > 0) break;
    const auto header = read_header();
    if (!header) return core::Unexpected{header.error()};
    if (!*header) break;
    if (std::exchange(m_message_ended, false)) {
      m_any_chunk = false;
      compact();
      return std::optional{std::exchange(m_message, {})};
    }
  }
  compact();
  return std::optional<std::string>{};
}

void Framer::take_chunk_bytes() {
  const std::size_t n = std::min(m_chunk_left, m_buffer.size() - m_begin);
  m_message.append(m_buffer, m_begin, n);
  m_begin += n;
  m_chunk_left -= n;
}

/// Reads one chunk header or the end of chunks. False: more bytes are needed.
core::Expected<bool> Framer::read_header() {
  const std::string_view rest = std::string_view{m_buffer}.substr(m_begin);
  const auto bad = [this](std::string what) -> core::Expected<bool> {
    return core::Unexpected{refuse(errors::kProtocolError, std::move(what)).error()};
  };
  if (rest.substr(0, 2) != std::string_view{"\n#"}.substr(0, std::min<std::size_t>(2, rest.size())))
    return bad("bytes where a chunk header must stand");
  if (rest.size() < 3) return false;
  if (rest[2] == '#') {
    if (rest.size() < kEndOfChunks.size()) return false;
    if (!rest.starts_with(kEndOfChunks)) return bad("bad end of chunks");
    if (!m_any_chunk) return bad("a message without a chunk");
    m_begin += kEndOfChunks.size();
    return m_message_ended = true;
  }
  const std::size_t newline = rest.substr(0, kMaxHeaderBytes).find('\n', 2);
  if (newline == std::string_view::npos) {
    const std::string_view digits = rest.substr(2, kMaxChunkDigits + 1);
    if (digits.size() > kMaxChunkDigits || !std::all_of(digits.begin(), digits.end(), is_digit))
      return bad("bad chunk size");
    return false;
  }
  const auto size = chunk_size(rest.substr(2, newline - 2));
  if (!size) return bad("bad chunk size");
  if (*size > m_max_message - m_message.size()) {
    return core::Unexpected{
        refuse(errors::kMessageTooBig, "message longer than the limit").error()};
  }
  m_chunk_left = static_cast<std::size_t>(*size);
  m_begin += newline + 1;
  return m_any_chunk = true;
}

Framer::Result Framer::refuse(const char* code, std::string message) {
  m_error = core::Error{code, "RFC 6242 framing: " + std::move(message)};
  m_buffer.clear();
  m_buffer.shrink_to_fit();
  m_message.clear();
  m_message.shrink_to_fit();
  m_begin = 0;
  return core::Unexpected{*m_error};
}

/// Erasing at each message would move the rest of the buffer each time; half a buffer of waste is
/// the price of linear work.
void Framer::compact() {
  if (m_begin == m_buffer.size()) {
    m_buffer.clear();
    m_begin = 0;
  } else if (m_begin > m_buffer.size() / 2) {
    m_buffer.erase(0, m_begin);
    m_begin = 0;
  }
}

std::string frame(std::string_view message, Framing framing) {
  std::string out;
  out.reserve(message.size() + 24);
  if (framing == Framing::chunked) {
    out += "\n#";
    out += std::to_string(message.size());
    out += '\n';
    out += message;
    out += kEndOfChunks;
  } else {
    out += message;
    out += kEndOfMessage;
  }
  return out;
}

}  // namespace wanwise::iosxe
