// wanwise-router as a process of its own, for integration tests: a folder of its own with keys and
// a password, started on a free port, ready when start() returns, ended with the object.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.hpp"

namespace wanwise::test {

class RouterProcess {
 public:
  static constexpr const char* kUser = "wanwise";
  static constexpr const char* kPassword = "s3cret pass";

  /// The keys are made once a test program. start() may be called again, also after stop().
  RouterProcess();
  ~RouterProcess();
  RouterProcess(const RouterProcess&) = delete;
  RouterProcess& operator=(const RouterProcess&) = delete;

  /// The exit code when it ended instead of getting ready.
  std::optional<int> start(const std::vector<std::string>& options = {});
  /// Asks it to end and waits; its exit code, 128 + signal when it had to be killed.
  int stop(int signal);
  void kill();

  [[nodiscard]] std::uint16_t port() const { return m_port; }
  [[nodiscard]] std::uint16_t door_port() const { return m_door_port; }
  [[nodiscard]] const std::string& host_key() const { return m_host_key; }
  [[nodiscard]] pid_t pid() const { return m_pid; }
  [[nodiscard]] static std::string private_key();
  /// A key that the router does not know.
  [[nodiscard]] static std::string foreign_key();
  [[nodiscard]] const TemporaryFolder& folder() const { return m_folder; }
  /// Waits until a whole line of its stdout, after those found before, is `line`.
  [[nodiscard]] bool says(const std::string& line,
                          std::chrono::milliseconds patience = std::chrono::milliseconds(20'000));
  void signal(int number) const;
  /// Waits for it to end by itself: its exit code.
  [[nodiscard]] std::optional<int> ends(
      std::chrono::milliseconds patience = std::chrono::milliseconds(20'000));
  /// What it wrote to stderr so far.
  [[nodiscard]] std::string output() const;

 private:
  void spawn(const std::vector<std::string>& words);
  [[nodiscard]] bool wait_ready();
  /// The next line of its stdout; nothing when there is none in time.
  [[nodiscard]] std::optional<std::string> next_line(std::chrono::steady_clock::time_point until);
  void read_ready_file();
  [[nodiscard]] std::optional<int> wait_end(std::chrono::milliseconds patience);

  TemporaryFolder m_folder;
  pid_t m_pid = -1;
  int m_out = -1;
  std::string m_said;  ///< of its stdout, not yet taken as lines
  std::uint16_t m_port = 0;
  std::uint16_t m_door_port = 0;
  std::string m_host_key;
};

}  // namespace wanwise::test
