#include "tests/interop/netconfd/netconfd.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <regex>

#include "engine/core/check.hpp"

namespace wanwise::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

const std::string kModules = WANWISE_SOURCE_DIR "/../shared/yang-xe/17151";
constexpr const char* kNetconfd = "/usr/sbin/netconfd";
constexpr const char* kSubsystem = "/usr/sbin/netconf-subsystem";
constexpr const char* kSshd = "/usr/sbin/sshd";
constexpr const char* kSshKeygen = "/usr/bin/ssh-keygen";
/// sshd refuses to start without it, whatever its configuration says (OpenSSH's PRIVSEP_PATH).
constexpr const char* kPrivilegeFolder = "/run/sshd";
/// It loads in 3 s on an idle machine.
constexpr milliseconds kReadyPatience{60'000};
constexpr milliseconds kLook{50};
/// Between finding a free port and listening on it another program may take it.
constexpr int kPortTries = 5;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

std::uint16_t free_port() {
  const int handle = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  WANWISE_CHECK(::bind(handle, raw, size) == 0 && ::getsockname(handle, raw, &size) == 0);
  ::close(handle);
  return ntohs(address.sin_port);
}

/// netconfd writes below the home of the user database, whatever HOME says.
fs::path yuma_folder() {
  const passwd* user = ::getpwuid(::getuid());
  return fs::path(user != nullptr ? user->pw_dir : "/") / ".yuma";
}

}  // namespace

Netconfd::Netconfd() = default;

Netconfd::~Netconfd() {
  (void)m_netconfd.stop(SIGTERM);
  (void)m_sshd.stop(SIGTERM);
  std::error_code ignored;
  if (m_cleans_home) fs::remove_all(yuma_folder(), ignored);
}

std::optional<std::string> Netconfd::missing() {
  for (const char* program : {kNetconfd, kSubsystem, kSshd, kSshKeygen}) {
    if (!fs::exists(program)) return std::string{program} + " is not installed";
  }
  if (!fs::exists(kModules)) return "the IOS XE modules are not at ../shared/yang-xe/17151";
  // sshd lets in system users only, and only root may start it for another one.
  if (::geteuid() != 0) return "sshd needs root to let its netconf subsystem in";
  return std::nullopt;
}

std::optional<std::string> Netconfd::start(NetconfdTarget target) {
  make_keys();
  patch_modules();
  if (!start_sshd()) return "sshd: " + m_sshd.err();
  m_cleans_home = !fs::exists(yuma_folder());
  const std::string port = std::to_string(m_port);
  std::vector<std::string> words = {
      kNetconfd,
      "--no-startup",
      std::string{"--target="} + (target == NetconfdTarget::candidate ? "candidate" : "running"),
      "--superuser=root",
      "--access-control=off",
      "--port=" + port,
      "--ncxserver-sockname=" + m_folder.file("socket"),
      "--modpath=" + m_folder.file("patched") + ":" + kModules + ":/usr/share/yuma/modules",
      "--log-level=info",
      "--log=" + m_folder.file("log")};
  for (const char* module : {"native", "policy", "acl", "sla", "track", "route-map",
                             "interfaces-oper", "ip-sla-oper", "cellwan-oper"})
    words.push_back(std::string{"--module=Cisco-IOS-XE-"} + module);
  m_netconfd.start(words);
  const auto until = steady_clock::now() + kReadyPatience;
  while (!fs::exists(m_folder.file("socket"))) {
    if (!m_netconfd.outlives(kLook)) return "netconfd ended: " + log();
    if (steady_clock::now() >= until) return "netconfd does not get ready: " + log();
  }
  return std::nullopt;
}

void Netconfd::make_keys() {
  for (const char* name : {"host", "user"}) {
    const Ended made =
        run_to_end({kSshKeygen, "-q", "-t", "rsa", "-N", "", "-f", m_folder.file(name)});
    WANWISE_CHECK(made.code == 0);
  }
  // "2048 SHA256:… comment (RSA)"
  const std::string shown = run_to_end({kSshKeygen, "-l", "-f", m_folder.file("host")}).out;
  const std::size_t at = shown.find("SHA256:");
  m_host_key = shown.substr(at, shown.find(' ', at) - at);
}

/// Yuma123 2.13 has three troubles with the vendor's modules, so it gets its own copies of three:
/// it cannot refine a leaf of a nested `uses` (ip); it takes a leaf of another namespace for a
/// duplicate in a module that only ATM interfaces need (policy); and `. mod 30` is not 0 to it for
/// any load-interval, not even for the default (interfaces).
void Netconfd::patch_modules() {
  fs::create_directory(m_folder.file("patched"));
  std::string ip = text_of(kModules + "/Cisco-IOS-XE-ip.yang");
  ip = std::regex_replace(ip, std::regex{R"(refine "multicast" \{\s*mandatory true;\s*\})"}, "");
  (void)m_folder.write("patched/Cisco-IOS-XE-ip.yang", ip);
  std::string policy = text_of(kModules + "/Cisco-IOS-XE-policy.yang");
  policy = std::regex_replace(policy, std::regex{R"(import Cisco-IOS-XE-atm \{[^}]*\})"}, "");
  policy = std::regex_replace(policy, std::regex{R"(augment "[^"]*ios-atm:pvc" \{[^}]*\})"}, "");
  (void)m_folder.write("patched/Cisco-IOS-XE-policy.yang", policy);
  std::string interfaces = text_of(kModules + "/Cisco-IOS-XE-interfaces.yang");
  interfaces = std::regex_replace(interfaces, std::regex{R"(must '\. mod 30 = 0' \{[^}]*\})"}, "");
  (void)m_folder.write("patched/Cisco-IOS-XE-interfaces.yang", interfaces);
}

bool Netconfd::start_sshd() {
  std::error_code ignored;
  fs::create_directory(kPrivilegeFolder, ignored);
  fs::copy_file(m_folder.file("user.pub"), m_folder.file("authorized_keys"));
  for (int attempt = 0; attempt < kPortTries; ++attempt) {
    m_port = free_port();
    const std::string port = std::to_string(m_port);
    const std::string config = m_folder.write(
        "sshd_config", "Port " + port +
                           "\nListenAddress 127.0.0.1\n"
                           "UsePAM no\nStrictModes no\nPermitRootLogin prohibit-password\n"
                           "PasswordAuthentication no\nKbdInteractiveAuthentication no\n"
                           "PidFile none\nHostKey " +
                           m_folder.file("host") + "\nAuthorizedKeysFile " +
                           m_folder.file("authorized_keys") + "\nSubsystem netconf \"" +
                           kSubsystem + " --ncxserver-sockname=" + port + "@" +
                           m_folder.file("socket") + "\"\n");
    m_sshd.start({kSshd, "-D", "-e", "-f", config});
    const auto until = steady_clock::now() + kReadyPatience;
    while (steady_clock::now() < until && !listens() && m_sshd.outlives(kLook)) {
    }
    if (listens() && m_sshd.outlives(milliseconds{0})) return true;
  }
  return false;
}

bool Netconfd::listens() const {
  const int handle = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(m_port);
  const bool answered =
      ::connect(handle, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(handle);
  return answered;
}

std::string Netconfd::log() const {
  constexpr std::size_t kShown = 2000;
  const std::string text = text_of(m_folder.file("log")) + m_netconfd.err();
  return text.size() > kShown ? text.substr(text.size() - kShown) : text;
}

}  // namespace wanwise::test
