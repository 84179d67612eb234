#include "tests/support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "engine/core/check.hpp"

namespace wanwise::test {
namespace {

// A sanitizer build on a loaded machine ends in seconds, not in minutes.
constexpr std::chrono::milliseconds kEndPatience{30'000};

void redirect(posix_spawn_file_actions_t& files, int descriptor, const std::string& file) {
  posix_spawn_file_actions_addopen(&files, descriptor, file.c_str(), O_CREAT | O_WRONLY | O_TRUNC,
                                   0600);
}

}  // namespace

std::string text_of(const std::string& file) {
  std::ostringstream out;
  out << std::ifstream(file).rdbuf();
  return out.str();
}

Process::~Process() {
  kill();
}

void Process::start(const std::vector<std::string>& words) {
  kill();
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  redirect(files, STDOUT_FILENO, m_folder.file("out"));
  redirect(files, STDERR_FILENO, m_folder.file("err"));
  WANWISE_CHECK(::posix_spawn(&m_pid, arguments[0], &files, nullptr, arguments.data(), environ) ==
                0);
  posix_spawn_file_actions_destroy(&files);
}

bool Process::outlives(std::chrono::milliseconds pause) {
  if (m_pid < 0) return false;
  const int handle = static_cast<int>(::syscall(SYS_pidfd_open, m_pid, 0));
  WANWISE_CHECK(handle >= 0);
  pollfd ended{.fd = handle, .events = POLLIN, .revents = 0};
  const int got = ::poll(&ended, 1, static_cast<int>(pause.count()));
  ::close(handle);
  return got <= 0;
}

std::optional<int> Process::wait_end(std::chrono::milliseconds patience) {
  if (m_pid < 0 || outlives(patience)) return std::nullopt;
  int status = 0;
  WANWISE_CHECK(::waitpid(m_pid, &status, 0) == m_pid);
  m_pid = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int Process::stop(int signal) {
  if (m_pid < 0) return -1;
  ::kill(m_pid, signal);
  if (const auto code = wait_end(kEndPatience)) return *code;
  ::kill(m_pid, SIGKILL);
  return wait_end(kEndPatience).value_or(-1);
}

void Process::kill() {
  if (m_pid > 0) (void)stop(SIGKILL);
}

std::string Process::out() const {
  return text_of(m_folder.file("out"));
}

std::string Process::err() const {
  return text_of(m_folder.file("err"));
}

long Process::resident_kib() const {
  std::ifstream status("/proc/" + std::to_string(m_pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stol(line.substr(6));
  }
  return 0;
}

Ended run_to_end(const std::vector<std::string>& words, std::chrono::milliseconds patience) {
  Process process;
  process.start(words);
  const auto code = process.wait_end(patience);
  return {code ? *code : process.stop(SIGKILL), process.out(), process.err()};
}

}  // namespace wanwise::test
