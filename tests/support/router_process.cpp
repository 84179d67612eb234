#include "tests/support/router_process.hpp"

#include <fcntl.h>
#include <libssh/libssh.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "engine/core/check.hpp"

namespace wanwise::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// A start takes well under a second; with twenty builds beside it on two cores it took over thirty.
constexpr milliseconds kReadyPatience{60'000};
constexpr milliseconds kEndPatience{20'000};

void make_key_pair(const std::string& file) {
  ssh_key key = nullptr;
  WANWISE_CHECK(ssh_pki_generate(SSH_KEYTYPE_RSA, 2048, &key) == SSH_OK);
  WANWISE_CHECK(ssh_pki_export_privkey_file(key, nullptr, nullptr, nullptr, file.c_str()) ==
                SSH_OK);
  WANWISE_CHECK(ssh_pki_export_pubkey_file(key, (file + ".pub").c_str()) == SSH_OK);
  ssh_key_free(key);
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
}

const TemporaryFolder& keys() {
  static const TemporaryFolder folder;
  static const bool made =
      (make_key_pair(folder.file("user")), make_key_pair(folder.file("foreign")), true);
  WANWISE_CHECK(made);
  return folder;
}

std::string read_file(const std::string& file) {
  std::ostringstream out;
  out << std::ifstream(file).rdbuf();
  return out.str();
}

int code_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

RouterProcess::RouterProcess() {
  (void)m_folder.write("password", std::string(kPassword) + "\n");
}

std::string RouterProcess::private_key() {
  return keys().file("user");
}

std::string RouterProcess::foreign_key() {
  return keys().file("foreign");
}

RouterProcess::~RouterProcess() {
  kill();
}

std::optional<int> RouterProcess::start(const std::vector<std::string>& options) {
  std::vector<std::string> words = {WANWISE_ROUTER,
                                    "--host-key",
                                    keys().file("host"),
                                    "--user",
                                    kUser,
                                    "--password-file",
                                    m_folder.file("password"),
                                    "--authorized-key",
                                    keys().file("user.pub"),
                                    "--ready-file",
                                    m_folder.file("ready")};
  words.insert(words.end(), options.begin(), options.end());
  if (std::find(options.begin(), options.end(), "--seconds") == options.end()) {
    // Should the test program die, its router does not stay for long.
    words.insert(words.end(), {"--seconds", "300"});
  }
  std::filesystem::remove(m_folder.file("ready"));
  spawn(words);
  if (wait_ready()) {
    read_ready_file();
    return std::nullopt;
  }
  const auto code = wait_end(kEndPatience);
  return code ? *code : stop(SIGKILL);
}

void RouterProcess::spawn(const std::vector<std::string>& words) {
  int pipe_ends[2];
  WANWISE_CHECK(::pipe2(pipe_ends, O_CLOEXEC) == 0);
  std::vector<char*> arguments;
  for (const std::string& word : words) {
    arguments.push_back(const_cast<char*>(word.c_str()));
  }
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, pipe_ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, m_folder.file("stderr").c_str(),
                                   O_CREAT | O_WRONLY | O_APPEND, 0600);
  WANWISE_CHECK(::posix_spawn(&m_pid, arguments[0], &files, nullptr, arguments.data(), environ) ==
                0);
  posix_spawn_file_actions_destroy(&files);
  ::close(pipe_ends[1]);
  if (m_out >= 0) {
    ::close(m_out);
  }
  m_out = pipe_ends[0];
}

// It prints a line when it serves; the end of its output means that it never will. A fault that
// fires at once may be told before.
bool RouterProcess::wait_ready() {
  m_said.clear();
  const auto until = steady_clock::now() + kReadyPatience;
  std::string earlier;
  while (const auto line = next_line(until)) {
    if (line->starts_with("wanwise-router ready")) {
      m_said.insert(0, earlier);
      return true;
    }
    earlier += *line + "\n";
  }
  return false;
}

std::optional<std::string> RouterProcess::next_line(steady_clock::time_point until) {
  while (m_said.find('\n') == std::string::npos) {
    const auto left = std::chrono::duration_cast<milliseconds>(until - steady_clock::now()).count();
    pollfd ready{.fd = m_out, .events = POLLIN, .revents = 0};
    char buffer[256];
    if (left <= 0 || ::poll(&ready, 1, static_cast<int>(left)) <= 0) {
      return std::nullopt;
    }
    const ssize_t got = ::read(m_out, buffer, sizeof buffer);
    if (got <= 0) {
      return std::nullopt;
    }
    m_said.append(buffer, static_cast<std::size_t>(got));
  }
  const std::size_t end = m_said.find('\n');
  std::string line = m_said.substr(0, end);
  m_said.erase(0, end + 1);
  return line;
}

bool RouterProcess::says(const std::string& line, milliseconds patience) {
  const auto until = steady_clock::now() + patience;
  while (const auto next = next_line(until)) {
    if (*next == line) {
      return true;
    }
  }
  return false;
}

void RouterProcess::signal(int number) const {
  ::kill(m_pid, number);
}

std::optional<int> RouterProcess::ends(milliseconds patience) {
  return wait_end(patience);
}

void RouterProcess::read_ready_file() {
  const auto ready = boost::json::parse(read_file(m_folder.file("ready"))).as_object();
  m_port = static_cast<std::uint16_t>(ready.at("netconf_port").as_int64());
  m_host_key = ready.at("host_key").as_string().c_str();
  const boost::json::value& door = ready.at("door_port");
  m_door_port = door.is_null() ? std::uint16_t{0} : static_cast<std::uint16_t>(door.as_int64());
}

std::optional<int> RouterProcess::wait_end(milliseconds patience) {
  const int handle = static_cast<int>(::syscall(SYS_pidfd_open, m_pid, 0));
  pollfd ended{.fd = handle, .events = POLLIN, .revents = 0};
  const int got = ::poll(&ended, 1, static_cast<int>(patience.count()));
  ::close(handle);
  if (got <= 0) {
    return std::nullopt;
  }
  int status = 0;
  ::waitpid(m_pid, &status, 0);
  m_pid = -1;
  return code_of(status);
}

int RouterProcess::stop(int signal) {
  ::kill(m_pid, signal);
  if (const auto code = wait_end(kEndPatience)) {
    return *code;
  }
  ::kill(m_pid, SIGKILL);
  return wait_end(kEndPatience).value_or(-1);
}

void RouterProcess::kill() {
  if (m_pid > 0) {
    (void)stop(SIGKILL);
  }
  if (m_out >= 0) {
    ::close(m_out);
    m_out = -1;
  }
}

std::string RouterProcess::output() const {
  return read_file(m_folder.file("stderr"));
}

}  // namespace wanwise::test
