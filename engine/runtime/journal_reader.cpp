#include "engine/runtime/journal_reader.hpp"

#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>
#include <variant>

#include "engine/runtime/journal_codec.hpp"

namespace wanwise::runtime {
namespace {

constexpr std::size_t kReadBytes = std::size_t{64} << 10;

}  // namespace

core::Expected<JournalReader> JournalReader::open(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rbe");
  if (file == nullptr) {
    return core::fail("journal-not-readable", path + ": " + std::strerror(errno));
  }
  JournalReader reader(file);
  auto first = reader.next();
  if (!first) return core::fail(first.error().code, path + ": " + first.error().message);
  if (!*first || !std::holds_alternative<JournalHeader>(**first)) {
    return core::fail("journal-without-header", path + ": does not begin with a journal header");
  }
  reader.m_header = std::get<JournalHeader>(std::move(**first));
  return reader;
}

core::Expected<std::optional<JournalRecord>> JournalReader::next() {
  for (;;) {
    const std::string_view rest = std::string_view(m_bytes).substr(m_position);
    const Frame frame = next_frame(rest);
    if (frame.state == Frame::State::bad) {
      return core::Unexpected<core::Error>{
          at_record({"record-malformed", "not a record's length (allowed: up to " +
                                             std::to_string(kMaxRecordBytes) + " bytes)"})};
    }
    if (frame.state == Frame::State::whole) {
      auto record = decode_record(rest.substr(frame.header_bytes, frame.payload_bytes));
      if (!record) return core::Unexpected<core::Error>{at_record(record.error())};
      m_position += frame.header_bytes + frame.payload_bytes;
      ++m_record;
      return std::optional<JournalRecord>(std::move(*record));
    }
    if (!read_more()) {
      m_truncated = !rest.empty();
      return std::optional<JournalRecord>();
    }
  }
}

bool JournalReader::read_more() {
  m_bytes.erase(0, m_position);
  m_position = 0;
  const std::size_t had = m_bytes.size();
  m_bytes.resize(had + kReadBytes);
  const std::size_t got = std::fread(m_bytes.data() + had, 1, kReadBytes, m_file.get());
  m_bytes.resize(had + got);
  return got > 0;
}

core::Error JournalReader::at_record(core::Error error) const {
  error.message = "record " + std::to_string(m_record + 1) + ": " + error.message;
  return error;
}

}  // namespace wanwise::runtime
