// Journal records <-> bytes (engine/proto/journal.proto), exactly. decode_record() is total and
// bounded: any bytes give a record or an Error that says what was wrong. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/core/expected.hpp"
#include "engine/runtime/journal_record.hpp"

namespace wanwise::runtime {

inline constexpr std::uint32_t kJournalFormat = 1;

/// The largest record. A step that explains 20 workloads with 8 options of 8 findings of 60 bytes
/// is 80 KB; a header with fifty policies of 40 KB is 2 MB. Twice that.
inline constexpr std::size_t kMaxRecordBytes = std::size_t{4} << 20;

[[nodiscard]] std::string encode_record(const JournalHeader& header);
[[nodiscard]] std::string encode_record(const core::Event& event);
[[nodiscard]] std::string encode_record(const core::Step& step, std::uint64_t digest);
[[nodiscard]] std::string encode_record(const JournalNote& note);
[[nodiscard]] std::string encode_record(const JournalTrailer& trailer);

[[nodiscard]] core::Expected<JournalRecord> decode_record(std::string_view bytes);

/// Length prefix of the delimited stream: a base-128 varint, least significant group first.
void append_length(std::size_t length, std::string& out);

struct Frame {
  enum class State { whole, more, bad };
  State state = State::more;      ///< more: the bytes end inside the record
  std::size_t header_bytes = 0;   ///< of the length prefix
  std::size_t payload_bytes = 0;  ///< of the record after it
};

/// What stands at the beginning of `bytes`. Bad: a prefix that no writer of ours makes, or a record
/// over kMaxRecordBytes.
[[nodiscard]] Frame next_frame(std::string_view bytes);

}  // namespace wanwise::runtime
