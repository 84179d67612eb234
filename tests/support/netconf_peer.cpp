#include "tests/support/netconf_peer.hpp"

#include <libssh/libssh.h>
#include <sys/socket.h>

#include <algorithm>
#include <string_view>

namespace wanwise::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::string_view kEnd = "]]>]]>";
constexpr const char* kBase = "urn:ietf:params:xml:ns:netconf:base:1.0";

std::string client_hello(bool chunked) {
  std::string out = "<hello xmlns=\"" + std::string(kBase) +
                    "\"><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability>";
  if (chunked) {
    out += "<capability>urn:ietf:params:netconf:base:1.1</capability>";
  }
  return out + "</capabilities></hello>";
}

std::string fingerprint(ssh_session session) {
  ssh_key key = nullptr;
  unsigned char* hash = nullptr;
  std::size_t length = 0;
  if (ssh_get_server_publickey(session, &key) != SSH_OK) {
    return "";
  }
  ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &length);
  char* text = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, length);
  std::string out = text;
  ssh_string_free_char(text);
  ssh_clean_pubkey_hash(&hash);
  ssh_key_free(key);
  return out;
}

int authenticate(ssh_session session, const Login& login) {
  if (!login.password.empty()) {
    return ssh_userauth_password(session, nullptr, login.password.c_str());
  }
  ssh_key key = nullptr;
  if (ssh_pki_import_privkey_file(login.private_key.c_str(), nullptr, nullptr, nullptr, &key) !=
      SSH_OK) {
    return SSH_AUTH_ERROR;
  }
  // libssh knows which signatures the server takes (RFC 8308) only once it has read beyond the key
  // exchange; asking for "none" first makes it. Else it falls back to SHA-1, and refuses that.
  ssh_userauth_none(session, nullptr);
  const int done = ssh_userauth_publickey(session, nullptr, key);
  ssh_key_free(key);
  return done;
}

}  // namespace

struct NetconfPeer::Ssh {
  ssh_session session = ssh_new();
  ssh_channel channel = nullptr;
  ~Ssh() {
    if (channel != nullptr) {
      ssh_channel_free(channel);
    }
    ssh_disconnect(session);
    ssh_free(session);
  }
  void write(const std::string& text) const {
    ssh_channel_write(channel, text.data(), static_cast<std::uint32_t>(text.size()));
  }
};

NetconfPeer::NetconfPeer() : m_ssh(std::make_unique<Ssh>()) {}
NetconfPeer::~NetconfPeer() = default;

std::variant<std::unique_ptr<NetconfPeer>, std::string> NetconfPeer::connect(const Login& login) {
  std::unique_ptr<NetconfPeer> peer(new NetconfPeer());
  if (std::string wrong = peer->open(login); !wrong.empty()) {
    return wrong;
  }
  return peer;
}

std::string NetconfPeer::open(const Login& login) {
  ssh_session session = m_ssh->session;
  const long seconds = 20;
  const unsigned port = login.port;
  const int no = 0;
  ssh_options_set(session, SSH_OPTIONS_HOST, "127.0.0.1");
  ssh_options_set(session, SSH_OPTIONS_PORT, &port);
  ssh_options_set(session, SSH_OPTIONS_USER, login.user.c_str());
  ssh_options_set(session, SSH_OPTIONS_TIMEOUT, &seconds);
  ssh_options_set(session, SSH_OPTIONS_PROCESS_CONFIG, &no);
  if (ssh_connect(session) != SSH_OK) {
    return std::string("no connection: ") + ssh_get_error(session);
  }
  m_host_key = fingerprint(session);
  if (const int done = authenticate(session, login); done != SSH_AUTH_SUCCESS) {
    return done == SSH_AUTH_DENIED ? "login refused"
                                   : std::string("login broke: ") + ssh_get_error(session);
  }
  m_ssh->channel = ssh_channel_new(session);
  if (ssh_channel_open_session(m_ssh->channel) != SSH_OK ||
      ssh_channel_request_subsystem(m_ssh->channel, "netconf") != SSH_OK) {
    return "no netconf subsystem";
  }
  m_ssh->write(client_hello(login.chunked) + std::string(kEnd));
  const auto hello = next(steady_clock::now() + kPatience);
  if (!hello) {
    return "no hello";
  }
  m_hello = *hello;
  m_chunked = login.chunked && m_hello.find("netconf:base:1.1") != std::string::npos;
  return "";
}

std::uint32_t NetconfPeer::session_id() const {
  const std::string tag = "<session-id>";
  const std::size_t at = m_hello.find(tag);
  return at == std::string::npos
             ? 0
             : static_cast<std::uint32_t>(std::stoul(m_hello.substr(at + tag.size())));
}

void NetconfPeer::send(const std::string& operation) {
  const std::string message = "<rpc xmlns=\"" + std::string(kBase) + "\" message-id=\"" +
                              std::to_string(++m_last_id) + "\">" + operation + "</rpc>";
  m_ssh->write(m_chunked ? "\n#" + std::to_string(message.size()) + "\n" + message + "\n##\n"
                         : message + std::string(kEnd));
}

std::string NetconfPeer::rpc(const std::string& operation, milliseconds patience) {
  send(operation);
  return reply(patience);
}

std::string NetconfPeer::reply(milliseconds patience) {
  const auto until = steady_clock::now() + patience;
  while (m_replies.empty()) {
    auto message = next(until);
    if (!message) {
      return "";
    }
    const bool notification = message->find("<notification") < 10;
    (notification ? m_notifications : m_replies).push_back(std::move(*message));
  }
  std::string out = std::move(m_replies.front());
  m_replies.pop_front();
  return out;
}

std::optional<std::string> NetconfPeer::notification(milliseconds patience) {
  const auto until = steady_clock::now() + patience;
  while (m_notifications.empty()) {
    auto message = next(until);
    if (!message) {
      return std::nullopt;
    }
    const bool notification = message->find("<notification") < 10;
    (notification ? m_notifications : m_replies).push_back(std::move(*message));
  }
  std::string out = std::move(m_notifications.front());
  m_notifications.pop_front();
  return out;
}

std::optional<std::string> NetconfPeer::next(steady_clock::time_point until) {
  for (;;) {
    if (auto message = take_message()) {
      return message;
    }
    const auto left = std::chrono::duration_cast<milliseconds>(until - steady_clock::now()).count();
    if (left <= 0) {
      return std::nullopt;
    }
    char buffer[16384];
    const int got = ssh_channel_read_timeout(m_ssh->channel, buffer, sizeof buffer, 0,
                                             static_cast<int>(std::min<long>(left, 1000)));
    if (got > 0) {
      m_buffer.append(buffer, static_cast<std::size_t>(got));
    } else if (got < 0 || ssh_channel_is_eof(m_ssh->channel) != 0) {
      return std::nullopt;
    }
  }
}

std::optional<std::string> NetconfPeer::take_message() {
  if (!m_chunked) {
    const std::size_t end = m_buffer.find(kEnd);
    if (end == std::string::npos) {
      return std::nullopt;
    }
    std::string out = m_buffer.substr(0, end);
    m_buffer.erase(0, end + kEnd.size());
    return out;
  }
  std::string out;
  std::size_t at = 0;
  for (;;) {
    const std::size_t line = m_buffer.find('\n', at + 1);
    if (at + 1 >= m_buffer.size() || line == std::string::npos) {
      return std::nullopt;
    }
    if (m_buffer.compare(at, 4, "\n##\n") == 0) {
      m_buffer.erase(0, at + 4);
      return out;
    }
    const std::size_t length = std::stoul(m_buffer.substr(at + 2, line - at - 2));
    if (m_buffer.size() < line + 1 + length) {
      return std::nullopt;
    }
    out += m_buffer.substr(line + 1, length);
    at = line + 1 + length;
  }
}

void NetconfPeer::drop() {
  ::shutdown(ssh_get_fd(m_ssh->session), SHUT_RDWR);
}

}  // namespace wanwise::test
