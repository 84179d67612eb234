#include "sim/study/runs/run_log.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "sim/study/runs/study_codec.hpp"

namespace wanwise::sim {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kChunk = std::size_t{1} << 20;

core::Unexpected<core::Error> system_error(const std::string& path, int problem) {
  return core::fail("study-io", path + ": " + std::strerror(problem));
}

core::Unexpected<core::Error> other_study(const std::string& where, const std::string& theirs,
                                          const std::string& ours) {
  return core::fail("other-study", where + " holds results of study " + theirs + ", this one is " +
                                       ours +
                                       ": an input differs; use another folder or remove it");
}

/// Cuts a file into lines, none longer than a record may be.
class LineReader {
 public:
  explicit LineReader(const std::string& path) : m_stream(path, std::ios::binary) {}

  enum class Next { line, end, torn, too_long };
  Next next(std::string& line) {
    line.clear();
    for (;;) {
      const auto end = std::find(m_buffer.begin() + m_at, m_buffer.end(), '\n');
      line.append(m_buffer.begin() + m_at, end);
      if (line.size() > kMaxRecordBytes) return Next::too_long;
      if (end != m_buffer.end()) {
        m_at = end - m_buffer.begin() + 1;
        return Next::line;
      }
      m_buffer.resize(kChunk);
      m_stream.read(m_buffer.data(), kChunk);
      m_buffer.resize(static_cast<std::size_t>(m_stream.gcount()));
      m_at = 0;
      if (m_buffer.empty()) return line.empty() ? Next::end : Next::torn;
    }
  }
  [[nodiscard]] bool good() const { return m_stream.is_open() && !m_stream.bad(); }

 private:
  std::ifstream m_stream;
  std::string m_buffer;
  std::ptrdiff_t m_at = 0;
};

std::vector<std::string> log_files(const std::string& dir) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator it(fs::path{dir} / "runs", error), end; !error && it != end;
       it.increment(error))
    if (it->path().extension() == ".jsonl") files.push_back(it->path().string());
  std::sort(files.begin(), files.end());
  return files;
}

/// Why the study has no such run; empty: it has.
std::string stranger(const Study& study, std::size_t cells, const RecordLine& line) {
  const auto* run = std::get_if<RunRecord>(&line.body);
  const auto* pilot = std::get_if<PilotRecord>(&line.body);
  const std::size_t cell = run != nullptr ? run->cell : pilot->cell;
  const std::size_t policy = run != nullptr ? run->policy : pilot->policy;
  if (cell >= cells) return "there is no cell " + std::to_string(cell);
  if (policy >= study.policies.size()) return "there is no policy " + std::to_string(policy);
  if (run != nullptr &&
      std::find(study.seeds.begin(), study.seeds.end(), run->seed) == study.seeds.end())
    return "there is no seed " + std::to_string(run->seed);
  return {};
}

}  // namespace

std::string log_path(const std::string& dir, Shard shard) {
  const std::string name =
      "shard-" + std::to_string(shard.index) + "-of-" + std::to_string(shard.of) + ".jsonl";
  return (fs::path{dir} / "runs" / name).string();
}

core::Expected<LogContents> read_log(const std::string& path) {
  LineReader reader(path);
  LogContents contents;
  std::string text;
  for (std::size_t number = 1;; ++number) {
    const LineReader::Next next = reader.next(text);
    const std::string where = path + ":" + std::to_string(number) + ": ";
    if (!reader.good()) return core::fail("study-io", path + ": cannot be read");
    if (next == LineReader::Next::end) return contents;
    if (next == LineReader::Next::too_long)
      return core::fail("record-invalid", where + "the line is too long");
    if (next == LineReader::Next::torn) {
      contents.torn = true;
      return contents;
    }
    auto line = decode_record(text);
    if (!line) return core::fail(line.error().code, where + line.error().message);
    contents.lines.push_back(std::move(*line));
    contents.whole_bytes += text.size() + 1;
  }
}

core::Expected<Collected> collect(const std::string& dir, const Study& study) {
  Collected all;
  const std::size_t cells = study.cells().size();
  for (const std::string& file : log_files(dir)) {
    auto log = read_log(file);
    if (!log) return core::Unexpected{log.error()};
    if (log->torn) all.notes.push_back(file + ": the last line is cut off; its run is done again");
    for (std::size_t i = 0; i < log->lines.size(); ++i) {
      RecordLine& line = log->lines[i];
      const std::string where = file + ":" + std::to_string(i + 1);
      if (line.study != study.hash) return other_study(where, line.study, study.hash);
      if (const std::string why = stranger(study, cells, line); !why.empty())
        return core::fail("record-invalid", where + ": " + why);
      if (auto* run = std::get_if<RunRecord>(&line.body)) {
        all.runs.push_back(std::move(*run));
      } else {
        all.pilots.push_back(std::get<PilotRecord>(line.body));
      }
    }
  }
  return all;
}

core::Expected<Study> read_study_json(const std::string& dir) {
  const std::string path = (fs::path{dir} / "study.json").string();
  std::ifstream stream(path, std::ios::binary);
  if (!stream.is_open())
    return core::fail("no-study", path + ": cannot be read; is " + dir + " a study's folder?");
  std::string text(kMaxStudyBytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  auto study = decode_study(text);
  if (!study) return core::fail(study.error().code, path + ": " + study.error().message);
  return study;
}

core::Expected<void> write_file(const std::string& path, const std::string& text) {
  const std::string draft = path + ".new";
  {
    std::ofstream stream(draft, std::ios::binary | std::ios::trunc);
    errno = 0;
    stream << text;
    if (!stream.flush()) return system_error(draft, errno != 0 ? errno : EIO);
  }
  std::error_code error;
  fs::rename(draft, path, error);
  if (error) return system_error(path, error.value());
  return {};
}

core::Expected<void> prepare_folder(const std::string& dir, const Study& study) {
  std::error_code error;
  fs::create_directories(fs::path{dir} / "runs", error);
  if (error) return system_error(dir, error.value());
  const std::string path = (fs::path{dir} / "study.json").string();
  if (fs::exists(path)) {
    const auto there = read_study_json(dir);
    if (!there) return core::Unexpected{there.error()};
    if (there->hash != study.hash) return other_study(dir, there->hash, study.hash);
  }
  return write_file(path, encode_study(study) + '\n');
}

core::Expected<RunLog> RunLog::open(const std::string& dir, Shard shard) {
  const std::string path = log_path(dir, shard);
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0) return system_error(path, errno);
  RunLog log(file, path);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK)
      return core::fail("study-busy", path + " is being written by another process");
    return system_error(path, errno);
  }
  const auto contents = read_log(path);
  if (!contents) return core::Unexpected{contents.error()};
  if (contents->torn && ::ftruncate(file, static_cast<off_t>(contents->whole_bytes)) != 0)
    return system_error(path, errno);
  return log;
}

RunLog::RunLog(RunLog&& other) noexcept : m_file(other.m_file), m_path(std::move(other.m_path)) {
  other.m_file = -1;
}

RunLog::~RunLog() {
  if (m_file >= 0) ::close(m_file);
}

core::Expected<void> RunLog::append(const RecordLine& line) {
  const std::string text = encode(line) + '\n';
  for (std::size_t written = 0; written < text.size();) {
    const ::ssize_t n = ::write(m_file, text.data() + written, text.size() - written);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error(m_path, errno);
    written += static_cast<std::size_t>(n);
  }
  return {};
}

}  // namespace wanwise::sim
