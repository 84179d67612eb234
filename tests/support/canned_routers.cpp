#include "tests/support/canned_routers.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wold-style-cast"
#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <libssh/server.h>
#pragma GCC diagnostic pop

namespace wanwise::test {
namespace {

constexpr std::string_view kEnd = "]]>]]>";
constexpr std::size_t kWriteBytes = 32768;

void expect(bool good, const char* what) {
  if (!good) throw std::runtime_error(std::string{"canned routers: "} + what);
}

/// The message at the front of `buffer`, taken out of it; false: not complete yet.
bool take_chunked(std::string& buffer, std::string& out) {
  std::size_t at = 0;
  out.clear();
  for (;;) {
    if (std::string_view{buffer}.substr(at).starts_with("\n##\n")) {
      buffer.erase(0, at + 4);
      return true;
    }
    const std::size_t line = buffer.find('\n', at + 1);
    if (line == std::string::npos || line < at + 3) return false;
    const std::size_t length = std::stoul(buffer.substr(at + 2, line - at - 2));
    if (buffer.size() < line + 1 + length) return false;
    out += buffer.substr(line + 1, length);
    at = line + 1 + length;
  }
}

class Peer final : public CannedPeer {
 public:
  Peer(ssh_session session, const CannedScript& script) : m_session(session), m_script(&script) {
    m_server = {};
    m_server.userdata = this;
    m_server.auth_none_function = [](ssh_session, const char*, void*) -> int {
      return SSH_AUTH_DENIED;
    };
    m_server.auth_password_function = [](ssh_session, const char* user, const char* password,
                                         void* me) -> int {
      return static_cast<Peer*>(me)->login(user, password);
    };
    m_server.channel_open_request_session_function = [](ssh_session, void* me) -> ssh_channel {
      return static_cast<Peer*>(me)->open();
    };
    ssh_callbacks_init(&m_server);
    ssh_set_server_callbacks(m_session, &m_server);
    ssh_set_auth_methods(m_session, SSH_AUTH_METHOD_PASSWORD);
  }
  ~Peer() override {
    if (m_channel != nullptr) ssh_remove_channel_callbacks(m_channel, &m_channel_callbacks);
    ssh_silent_disconnect(m_session);
    ssh_free(m_session);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  const std::string& user() const override { return m_user; }
  void raw(std::string_view bytes) override { m_out += bytes; }
  void message(std::string_view xml) override {
    m_out += m_chunked ? "\n#" + std::to_string(xml.size()) + "\n" + std::string{xml} + "\n##\n"
                       : std::string{xml} + std::string{kEnd};
  }
  void reply(const std::string& request, std::string_view content) override {
    const std::size_t at = request.find("message-id=\"");
    const std::string id =
        at == std::string::npos ? "" : request.substr(at, request.find('"', at + 12) + 1 - at);
    message("<rpc-reply xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\" " + id + ">" +
            std::string{content} + "</rpc-reply>");
  }
  void throttle(std::size_t bytes) override { m_throttle = bytes; }
  void every(std::chrono::milliseconds period, std::function<void()> what) override {
    m_timers.push_back({Clock::now() + period, period, std::move(what)});
  }
  std::size_t unsent() const override { return m_out.size(); }
  void hang_up() override { m_dead = true; }

  /// The key exchange goes on; true when it is done.
  bool shake_hands() {
    const int result = ssh_handle_key_exchange(m_session);
    if (result == SSH_ERROR) m_dead = true;
    return result == SSH_OK;
  }
  [[nodiscard]] ssh_session session() const { return m_session; }
  [[nodiscard]] bool dead() const { return m_dead; }

  void turn(Clock::time_point now) {
    if (ssh_is_connected(m_session) == 0) m_dead = true;
    if (m_channel == nullptr || m_dead) return;
    for (std::size_t i = 0; i < m_timers.size(); ++i) {
      if (now < m_timers[i].due) continue;
      m_timers[i].due += m_timers[i].period;
      m_timers[i].what();
    }
    flush();
  }

 private:
  struct Timer {
    Clock::time_point due;
    std::chrono::milliseconds period;
    std::function<void()> what;
  };

  int login(const char* user, const char* password) {
    m_user = user;
    const bool good =
        !m_script->refuse_login && std::string_view{password} == CannedRouters::kPassword;
    return good ? SSH_AUTH_SUCCESS : SSH_AUTH_DENIED;
  }

  ssh_channel open() {
    m_channel = ssh_channel_new(m_session);
    m_channel_callbacks = {};
    m_channel_callbacks.userdata = this;
    m_channel_callbacks.channel_data_function = [](ssh_session, ssh_channel, void* data,
                                                   std::uint32_t size, int, void* me) -> int {
      static_cast<Peer*>(me)->on_data({static_cast<const char*>(data), size});
      return static_cast<int>(size);
    };
    m_channel_callbacks.channel_subsystem_request_function = [](ssh_session, ssh_channel,
                                                                const char* name, void* me) -> int {
      if (std::string_view{name} != "netconf") return 1;
      static_cast<Peer*>(me)->m_asked = true;
      return 0;
    };
    const auto ended = [](ssh_session, ssh_channel, void* me) {
      static_cast<Peer*>(me)->m_dead = true;
    };
    m_channel_callbacks.channel_eof_function = ended;
    m_channel_callbacks.channel_close_function = ended;
    ssh_callbacks_init(&m_channel_callbacks);
    ssh_set_channel_callbacks(m_channel, &m_channel_callbacks);
    return m_channel;
  }

  void on_data(std::string_view bytes) {
    m_in += bytes;
    for (std::string text; take(text);) {
      if (!m_greeted) {
        m_greeted = true;
        m_chunked = text.find("netconf:base:1.1") != std::string::npos;
      } else if (m_script->on_message) {
        m_script->on_message(*this, text);
      } else {
        canned_answer(*this, text);
      }
    }
  }

  bool take(std::string& out) {
    if (m_chunked) return take_chunked(m_in, out);
    const std::size_t end = m_in.find(kEnd);
    if (end == std::string::npos) return false;
    out = m_in.substr(0, end);
    m_in.erase(0, end + kEnd.size());
    return true;
  }

  void greet() {
    if (m_script->on_open) return m_script->on_open(*this);
    raw(canned_hello() + std::string{kEnd});
  }

  void flush() {
    if (std::exchange(m_asked, false)) greet();
    const auto now = Clock::now();
    if (m_throttle > 0 && now < m_not_before) return;
    m_not_before = now + std::chrono::milliseconds{1};
    std::size_t budget = m_throttle > 0 ? m_throttle : std::string::npos;
    std::size_t sent = 0;
    while (sent < m_out.size() && budget > 0) {
      const std::size_t want =
          std::min({m_out.size() - sent, kWriteBytes, budget,
                    static_cast<std::size_t>(ssh_channel_window_size(m_channel))});
      if (want == 0) break;
      const int written =
          ssh_channel_write(m_channel, m_out.data() + sent, static_cast<std::uint32_t>(want));
      if (written == SSH_ERROR) m_dead = true;
      if (written <= 0) break;
      sent += static_cast<std::size_t>(written);
      budget -= static_cast<std::size_t>(written);
    }
    m_out.erase(0, sent);
  }

  ssh_session m_session;
  const CannedScript* m_script;
  ssh_server_callbacks_struct m_server;
  ssh_channel_callbacks_struct m_channel_callbacks;
  ssh_channel m_channel = nullptr;
  std::string m_user;
  std::string m_in;
  std::string m_out;
  std::vector<Timer> m_timers;
  std::size_t m_throttle = 0;
  Clock::time_point m_not_before;  ///< when throttled
  bool m_asked = false;
  bool m_greeted = false;
  bool m_chunked = false;
  bool m_dead = false;
};

}  // namespace

class CannedRouters::Impl {
 public:
  explicit Impl(CannedScript script) : m_script(std::move(script)) {
    std::signal(SIGPIPE, SIG_IGN);  // libssh writes without MSG_NOSIGNAL
    make_key();
    listen_on_loopback();
    m_thread = std::thread{[this] { loop(); }};
  }
  ~Impl() {
    m_stop = true;
    m_thread.join();
    m_waiting.clear();
    for (const auto& peer : m_peers) ssh_event_remove_session(m_event, peer->session());
    m_peers.clear();
    ssh_event_free(m_event);
    for (const int fd : m_mute) ::close(fd);
    ::close(m_listener);
    ssh_bind_free(m_bind);
  }

  void run(const std::function<void(const std::vector<CannedPeer*>&)>& what) {
    std::promise<void> done;
    {
      const std::scoped_lock lock{m_mutex};
      m_tasks.emplace_back([&] {
        std::vector<CannedPeer*> peers;
        for (const auto& peer : m_peers) peers.push_back(peer.get());
        what(peers);
        done.set_value();
      });
    }
    done.get_future().wait();
  }

  std::uint16_t m_port = 0;
  std::string m_fingerprint;

 private:
  void make_key() {
    ssh_key key = nullptr;
    const bool made = ssh_pki_generate(m_script.legacy ? SSH_KEYTYPE_RSA : SSH_KEYTYPE_ED25519,
                                       m_script.legacy ? 2048 : 0, &key) == SSH_OK;
    expect(made, "no host key");
    unsigned char* hash = nullptr;
    std::size_t length = 0;
    ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &length);
    char* text = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, length);
    m_fingerprint = text;
    ssh_string_free_char(text);
    ssh_clean_pubkey_hash(&hash);
    m_bind = ssh_bind_new();
    const bool no = false;
    ssh_bind_options_set(m_bind, SSH_BIND_OPTIONS_PROCESS_CONFIG, &no);
    expect(ssh_bind_options_set(m_bind, SSH_BIND_OPTIONS_IMPORT_KEY, key) == SSH_OK, "host key");
    if (m_script.legacy) only_legacy();
    m_event = ssh_event_new();
  }

  void only_legacy() {
    for (const auto& [option, value] :
         std::initializer_list<std::pair<ssh_bind_options_e, const char*>>{
             {SSH_BIND_OPTIONS_HOSTKEY_ALGORITHMS, "ssh-rsa"},
             {SSH_BIND_OPTIONS_KEY_EXCHANGE, "diffie-hellman-group14-sha1"},
             {SSH_BIND_OPTIONS_CIPHERS_C_S, "aes128-cbc"},
             {SSH_BIND_OPTIONS_CIPHERS_S_C, "aes128-cbc"},
             {SSH_BIND_OPTIONS_HMAC_C_S, "hmac-sha1"},
             {SSH_BIND_OPTIONS_HMAC_S_C, "hmac-sha1"}})
      expect(ssh_bind_options_set(m_bind, option, value) == SSH_OK, value);
  }

  void listen_on_loopback() {
    m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    expect(::bind(m_listener, generic, size) == 0, "bind");
    expect(::listen(m_listener, 1024) == 0, "listen");
    ::getsockname(m_listener, generic, &size);
    m_port = ntohs(address.sin_port);
  }

  void loop() {
    while (!m_stop) {
      wait();
      accept_all();
      shake_hands();
      run_tasks();
      const auto now = CannedPeer::Clock::now();
      for (const auto& peer : m_peers) peer->turn(now);
      bury();
    }
  }

  void wait() {
    constexpr int kTurn = 1;
    if (m_peers.empty()) {
      pollfd listener{m_listener, POLLIN, 0};
      ::poll(&listener, 1, kTurn);
    } else {
      ssh_event_dopoll(m_event, kTurn);
    }
  }

  void accept_all() {
    for (;;) {
      const int fd = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
      if (fd < 0) return;
      const int one = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      if (m_script.mute) {
        m_mute.push_back(fd);
        continue;
      }
      ssh_session session = ssh_new();
      if (ssh_bind_accept_fd(m_bind, session, fd) != SSH_OK) {
        ssh_free(session);
        ::close(fd);
        continue;
      }
      ssh_set_blocking(session, 0);
      m_waiting.push_back(std::make_unique<Peer>(session, m_script));
    }
  }

  void shake_hands() {
    for (auto& peer : m_waiting) {
      if (!peer->shake_hands()) continue;
      ssh_event_add_session(m_event, peer->session());
      m_peers.push_back(std::move(peer));
    }
    std::erase_if(m_waiting, [](const auto& peer) { return peer == nullptr || peer->dead(); });
  }

  void run_tasks() {
    std::vector<std::function<void()>> tasks;
    {
      const std::scoped_lock lock{m_mutex};
      tasks.swap(m_tasks);
    }
    for (const auto& task : tasks) task();
  }

  void bury() {
    for (auto& peer : m_peers) {
      if (!peer->dead()) continue;
      ssh_event_remove_session(m_event, peer->session());
      peer.reset();
    }
    std::erase(m_peers, nullptr);
  }

  CannedScript m_script;
  ssh_bind m_bind = nullptr;
  ssh_event m_event = nullptr;
  int m_listener = -1;
  std::vector<int> m_mute;
  std::vector<std::unique_ptr<Peer>> m_waiting;  ///< in the key exchange
  std::vector<std::unique_ptr<Peer>> m_peers;
  std::mutex m_mutex;
  std::vector<std::function<void()>> m_tasks;
  std::atomic<bool> m_stop{false};
  std::thread m_thread;
};

CannedRouters::CannedRouters(CannedScript script)
    : m_impl(std::make_unique<Impl>(std::move(script))) {}
CannedRouters::~CannedRouters() = default;
std::uint16_t CannedRouters::port() const {
  return m_impl->m_port;
}
const std::string& CannedRouters::host_key() const {
  return m_impl->m_fingerprint;
}
void CannedRouters::run(const std::function<void(const std::vector<CannedPeer*>&)>& what) {
  m_impl->run(what);
}

}  // namespace wanwise::test
