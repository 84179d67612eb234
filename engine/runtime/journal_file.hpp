// ports::Journal into a file. Buffered; what is buffered reaches the kernel before a step's actions
// are carried out, so whatever the world saw of wanwise is in the journal even when the process is
// killed (not when the machine loses power: no fsync in the path of a decision). Never throws and
// never stops the loop: where the file can not grow, recording ends, is counted and named. The
// loop's thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "engine/core/expected.hpp"
#include "engine/ports/journal.hpp"
#include "engine/runtime/journal_record.hpp"

namespace wanwise::runtime {

struct JournalOptions {
  /// Recording ends here. A site writes some 20 events of 60 bytes in a second with their steps:
  /// about 200 MB a day. An IR1101's IOx storage holds 1 GB and more.
  std::size_t max_bytes = std::size_t{512} << 20;
  /// Written once this much waits: one large write instead of hundreds of small ones.
  std::size_t flush_bytes = std::size_t{64} << 10;
  /// Written at the latest this long after the last write, in the events' own time.
  core::Micros flush_interval = core::seconds(1);
  /// A note of the memory in use stands this often.
  core::Micros note_interval = core::seconds(10);
  /// KiB of this process's resident memory; empty: no notes.
  std::function<std::uint64_t()> resident_kib = {};
};

struct JournalCounters {
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;    ///< handed to the kernel
  std::uint64_t writes = 0;   ///< system calls
  std::uint64_t dropped = 0;  ///< records that did not fit, and all after recording ended
};

class JournalFile final : public ports::Journal {
 public:
  /// A file that stands at `path` becomes `path`.1, replacing an older one of that name.
  [[nodiscard]] static core::Expected<std::unique_ptr<JournalFile>> create(
      const std::string& path, const JournalHeader& header, JournalOptions options = {});
  ~JournalFile() override;

  void record(const core::Event& event) override;
  void record(const core::Step& step, std::uint64_t digest) override;
  void note(const JournalNote& note);
  /// Writes the trailer and ends recording.
  void close();

  /// Empty while recording; else why it ended: "closed", "journal-full",
  /// "record-too-long", "write-failed: …".
  [[nodiscard]] const std::string& ended() const { return m_ended; }
  [[nodiscard]] const JournalCounters& counters() const { return m_counters; }

 private:
  JournalFile(int file, JournalOptions options);

  bool append(std::string_view record);
  void flush();
  void end(std::string why);
  void note_memory();

  int m_file;
  const JournalOptions m_options;
  std::string m_buffer;
  std::string m_ended;
  JournalCounters m_counters;
  JournalTrailer m_trailer;
  core::Instant m_now;
  core::Instant m_flushed_at;
  core::Instant m_noted_at;
};

/// Resident memory of this process (VmRSS of /proc/self/status); 0 where the system does not tell.
[[nodiscard]] std::uint64_t resident_kib();

}  // namespace wanwise::runtime
