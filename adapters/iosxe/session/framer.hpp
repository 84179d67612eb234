// RFC 6242 framing, both ways: bytes of a NETCONF channel <-> messages. Pure and incremental: bytes
// may arrive in pieces of any size. Every limit is named, and what breaks one ends the framer:
// after an error nothing more comes out. One framer belongs to one session; not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/expected.hpp"

namespace wanwise::iosxe {

/// A get-config of the policies of a large router is below 1 MiB, and interfaces-oper of 40
/// interfaces with queues was measured at 1.3 MB; 16 MiB leaves room and still bounds memory.
inline constexpr std::size_t kMaxMessageBytes = std::size_t{16} << 20;

/// RFC 6242 4.2: chunk-size is 1..4294967295, so at most ten digits.
inline constexpr std::size_t kMaxChunkDigits = 10;

enum class Framing : std::uint8_t {
  end_of_message,  ///< base:1.0, "]]>]]>" (RFC 6242 4.3); every session starts so
  chunked,         ///< base:1.1, "\n#size\n" (RFC 6242 4.2)
};

class Framer {
 public:
  explicit Framer(std::size_t max_message = kMaxMessageBytes) : m_max_message(max_message) {}

  /// Takes bytes as they come from the channel.
  void feed(std::string_view bytes);
  /// The next complete message, nothing when more bytes are needed, or the error that ended the
  /// framer (protocol-error, message-too-big).
  [[nodiscard]] core::Expected<std::optional<std::string>> next();
  /// Both peers changed to another framing after the hello. Bytes not yet read count as new
  /// framing.
  void use(Framing framing) { m_framing = framing; }
  [[nodiscard]] Framing framing() const { return m_framing; }
  /// Bytes held: fed and not yet given out.
  [[nodiscard]] std::size_t held() const { return m_buffer.size() - m_begin + m_message.size(); }

 private:
  using Result = core::Expected<std::optional<std::string>>;

  Result next_end_of_message();
  Result next_chunked();
  Result refuse(const char* code, std::string message);
  core::Expected<bool> read_header();
  void take_chunk_bytes();
  void compact();

  std::size_t m_max_message;
  Framing m_framing = Framing::end_of_message;
  std::string m_buffer;
  std::size_t m_begin = 0;    ///< first byte of m_buffer not yet used
  std::size_t m_scanned = 0;  ///< bytes after m_begin known to hold no end-of-message mark
  std::string m_message;      ///< chunks of the message under way
  std::size_t m_chunk_left = 0;
  bool m_message_ended = false;
  bool m_any_chunk = false;
  std::optional<core::Error> m_error;
};

/// The message as it goes on the wire.
[[nodiscard]] std::string frame(std::string_view message, Framing framing);

}  // namespace wanwise::iosxe
