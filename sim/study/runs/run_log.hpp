// The records of a study's runs in a folder, as they come: DIR/study.json tells what is studied,
// DIR/runs/shard-I-of-N.jsonl has a line for each run that is done. A log belongs to one process at
// a time (a lock on the file tells). One owner; append() from any thread, one at a time.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/core/expected.hpp"
#include "sim/study/runs/plan.hpp"
#include "sim/study/runs/record_codec.hpp"

namespace wanwise::sim {

struct LogContents {
  std::vector<RecordLine> lines;
  std::size_t whole_bytes = 0;  ///< up to the end of the last line that is complete
  bool torn = false;            ///< something stands behind it: a run was cut off while written
};

[[nodiscard]] std::string log_path(const std::string& dir, Shard shard);
/// Errors name file and line.
[[nodiscard]] core::Expected<LogContents> read_log(const std::string& path);

/// The records of all logs in DIR/runs. Those of another study than `study`, or of runs it does not
/// have, are errors.
struct Collected {
  std::vector<RunRecord> runs;      ///< in the order of files and lines; may repeat
  std::vector<PilotRecord> pilots;  ///< the same
  std::vector<std::string> notes;   ///< torn lines
};
[[nodiscard]] core::Expected<Collected> collect(const std::string& dir, const Study& study);

[[nodiscard]] core::Expected<Study> read_study_json(const std::string& dir);
/// Creates the folders. A study.json of another study is refused, with both hashes named.
[[nodiscard]] core::Expected<void> prepare_folder(const std::string& dir, const Study& study);
/// As a whole or not at all.
[[nodiscard]] core::Expected<void> write_file(const std::string& path, const std::string& text);

class RunLog {
 public:
  /// Opens it for appending behind its last complete line; creates it.
  static core::Expected<RunLog> open(const std::string& dir, Shard shard);

  RunLog(RunLog&& other) noexcept;
  RunLog& operator=(RunLog&&) = delete;
  ~RunLog();

  /// The line is in the file, whole, when this returns.
  [[nodiscard]] core::Expected<void> append(const RecordLine& line);

 private:
  RunLog(int file, std::string path) : m_file(file), m_path(std::move(path)) {}

  int m_file;
  std::string m_path;
};

}  // namespace wanwise::sim
