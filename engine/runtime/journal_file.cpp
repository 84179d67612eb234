#include "engine/runtime/journal_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <utility>

#include "engine/runtime/journal_codec.hpp"

namespace wanwise::runtime {
namespace {

/// Kept free below max_bytes, so that the note that says why recording ended still fits.
constexpr std::size_t kLastWords = 256;

std::string system_error() {
  return std::strerror(errno);
}

core::Expected<int> open_new(const std::string& path) {
  struct stat existing {};
  if (::stat(path.c_str(), &existing) == 0 && S_ISREG(existing.st_mode) && existing.st_size > 0) {
    if (std::rename(path.c_str(), (path + ".1").c_str()) != 0) {
      return core::fail("journal-not-writable", path + ": " + system_error());
    }
  }
  // Owner and group: a journal tells the site's topology and its policy.
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  if (file < 0) return core::fail("journal-not-writable", path + ": " + system_error());
  return file;
}

}  // namespace

core::Expected<std::unique_ptr<JournalFile>> JournalFile::create(const std::string& path,
                                                                 const JournalHeader& header,
                                                                 JournalOptions options) {
  core::Expected<int> file = open_new(path);
  if (!file) return core::fail(file.error().code, file.error().message);
  std::unique_ptr<JournalFile> journal(new JournalFile(*file, std::move(options)));
  journal->m_now = journal->m_flushed_at = journal->m_noted_at = header.origin;
  const bool fits = journal->append(encode_record(header));
  journal->flush();
  if (!fits) return core::fail("journal-header-too-long", "the documents do not fit one record");
  if (!journal->ended().empty()) return core::fail("journal-not-writable", journal->ended());
  return journal;
}

JournalFile::JournalFile(int file, JournalOptions options)
    : m_file(file), m_options(std::move(options)) {}

JournalFile::~JournalFile() {
  close();
}

void JournalFile::record(const core::Event& event) {
  m_now = event.at;
  if (append(encode_record(event))) ++m_trailer.events;
}

void JournalFile::record(const core::Step& step, std::uint64_t digest) {
  if (append(encode_record(step, digest))) {
    ++m_trailer.steps;
    m_trailer.digest = digest;
  }
  if (m_options.resident_kib && m_now - m_noted_at >= m_options.note_interval) note_memory();
  if (!step.actions.empty() || m_now - m_flushed_at >= m_options.flush_interval) flush();
}

void JournalFile::note(const JournalNote& note) {
  append(encode_record(note));
}

void JournalFile::note_memory() {
  m_noted_at = m_now;
  note({m_now, m_options.resident_kib(), {}, {}});
}

void JournalFile::close() {
  if (m_file < 0) return;
  if (m_ended.empty()) {
    if (m_options.resident_kib) note_memory();
    append(encode_record(m_trailer));
    end("closed");
  }
  ::close(std::exchange(m_file, -1));
}

bool JournalFile::append(std::string_view record) {
  if (!m_ended.empty()) {
    ++m_counters.dropped;
    return false;
  }
  if (record.size() > kMaxRecordBytes) {  // without it, what follows could not be replayed
    ++m_counters.dropped;
    end("record-too-long");
    return false;
  }
  if (m_counters.bytes + m_buffer.size() + record.size() + kLastWords > m_options.max_bytes) {
    ++m_counters.dropped;
    const std::string last = encode_record(JournalNote{m_now, {}, {}, "journal-full"});
    append_length(last.size(), m_buffer);
    m_buffer += last;
    end("journal-full");
    return false;
  }
  append_length(record.size(), m_buffer);
  m_buffer += record;
  ++m_counters.records;
  if (m_buffer.size() >= m_options.flush_bytes) flush();
  return m_ended.empty();
}

void JournalFile::end(std::string why) {
  flush();
  if (m_ended.empty()) m_ended = std::move(why);
}

void JournalFile::flush() {
  m_flushed_at = m_now;
  std::string_view rest = m_buffer;
  while (!rest.empty()) {
    const ssize_t written = ::write(m_file, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      m_ended = "write-failed: " + system_error();
      break;
    }
    ++m_counters.writes;
    m_counters.bytes += static_cast<std::uint64_t>(written);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  m_buffer.clear();
}

std::uint64_t resident_kib() {
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line)) {
    if (line.rfind("VmRSS:", 0) == 0) return std::strtoull(line.c_str() + 6, nullptr, 10);
  }
  return 0;
}

}  // namespace wanwise::runtime
