// Reads a journal record by record. A last record that was cut short (the process was killed, the
// disk was full) ends the journal and is reported; anything else that is wrong is an error with the
// record's number. Keeps one record in memory; any one thread.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "engine/core/expected.hpp"
#include "engine/runtime/journal_record.hpp"

namespace wanwise::runtime {

class JournalReader {
 public:
  [[nodiscard]] static core::Expected<JournalReader> open(const std::string& path);

  [[nodiscard]] const JournalHeader& header() const { return m_header; }

  /// The next record; nothing at the end.
  [[nodiscard]] core::Expected<std::optional<JournalRecord>> next();

  /// Number of the record that next() gave last; the header is 1.
  [[nodiscard]] std::uint64_t record() const { return m_record; }
  /// The journal ended inside a record.
  [[nodiscard]] bool truncated() const { return m_truncated; }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  explicit JournalReader(std::FILE* file) : m_file(file) {}
  bool read_more();
  [[nodiscard]] core::Error at_record(core::Error error) const;

  std::unique_ptr<std::FILE, Close> m_file;
  std::string m_bytes;         ///< read, not yet given
  std::size_t m_position = 0;  ///< in m_bytes
  JournalHeader m_header;
  std::uint64_t m_record = 0;
  bool m_truncated = false;
};

}  // namespace wanwise::runtime
