// A program as a process of its own, for end-to-end tests: what it wrote is kept in files of its
// folder, every wait has a deadline, and it ends with the object. One thread.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.hpp"

namespace wanwise::test {

class Process {
 public:
  Process() = default;
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// `words[0]` is the program's path. A process that still runs is killed first.
  void start(const std::vector<std::string>& words);
  /// Sends the signal and waits for the end: the exit code, 128 + signal when it was killed.
  int stop(int signal);
  /// Its exit code; nothing when it still runs after `patience`.
  std::optional<int> wait_end(std::chrono::milliseconds patience);
  /// Waits at most `pause`, less when the process ends meanwhile: false then.
  bool outlives(std::chrono::milliseconds pause);
  void kill();

  [[nodiscard]] pid_t pid() const { return m_pid; }
  [[nodiscard]] std::string out() const;
  [[nodiscard]] std::string err() const;
  /// Resident memory now; 0 when it cannot be read.
  [[nodiscard]] long resident_kib() const;

 private:
  TemporaryFolder m_folder;
  pid_t m_pid = -1;  ///< -1: none, or its end was collected
};

struct Ended {
  int code = -1;
  std::string out;
  std::string err;
};

/// Runs a program to its end; one that does not end within the patience is killed (code 137).
Ended run_to_end(const std::vector<std::string>& words,
                 std::chrono::milliseconds patience = std::chrono::seconds(60));

/// The whole file; empty when there is none.
std::string text_of(const std::string& file);

}  // namespace wanwise::test
