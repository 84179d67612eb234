#include "adapters/iosxe/session/ssh_transport.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <utility>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/session/credentials.hpp"
#include "adapters/iosxe/session/libssh.hpp"

namespace wanwise::iosxe {

namespace asio = boost::asio;
using boost::system::error_code;
using Tcp = asio::ip::tcp;

namespace {

/// drive()'s result when the deadline came first; libssh's own results are small.
constexpr int kTimedOut = -1000;

/// libssh writes with send() without MSG_NOSIGNAL; a router that resets the connection would end
/// the process.
void ignore_sigpipe() {
  static const auto previous = std::signal(SIGPIPE, SIG_IGN);
  (void)previous;
}

constexpr const char* kCiphers =
    "chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr,"
    "aes192-ctr,aes128-ctr,aes256-cbc,aes192-cbc,aes128-cbc";
constexpr const char* kMacs =
    "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha2-256,hmac-sha2-512,"
    "hmac-sha1";
/// What IOS XE before 17.x, or with an old RSA key, may have instead (RFC 4253: SHA-1, CBC), behind
/// all that is modern: the first of ours that the router has too is taken (RFC 4253 7.1). Without
/// these options libssh 0.10 offers only the modern part.
constexpr std::pair<ssh_options_e, const char*> kLegacyAlgorithms[] = {
    {SSH_OPTIONS_HOSTKEYS,
     "ssh-ed25519,ecdsa-sha2-nistp521,ecdsa-sha2-nistp384,ecdsa-sha2-nistp256,rsa-sha2-512,"
     "rsa-sha2-256,ssh-rsa"},
    {SSH_OPTIONS_PUBLICKEY_ACCEPTED_TYPES,
     "ssh-ed25519,ecdsa-sha2-nistp521,ecdsa-sha2-nistp384,ecdsa-sha2-nistp256,rsa-sha2-512,"
     "rsa-sha2-256,ssh-rsa"},
    {SSH_OPTIONS_KEY_EXCHANGE,
     "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,"
     "ecdh-sha2-nistp521,diffie-hellman-group18-sha512,diffie-hellman-group16-sha512,"
     "diffie-hellman-group-exchange-sha256,diffie-hellman-group14-sha256,"
     "diffie-hellman-group14-sha1"},
    {SSH_OPTIONS_CIPHERS_C_S, kCiphers},
    {SSH_OPTIONS_CIPHERS_S_C, kCiphers},
    {SSH_OPTIONS_HMAC_C_S, kMacs},
    {SSH_OPTIONS_HMAC_S_C, kMacs},
};

bool allow_legacy(ssh_session ssh) {
  return std::all_of(std::begin(kLegacyAlgorithms), std::end(kLegacyAlgorithms),
                     [ssh](const auto& option) {
                       return ssh_options_set(ssh, option.first, option.second) == SSH_OK;
                     });
}

std::string without_padding(std::string fingerprint) {
  while (fingerprint.ends_with('=')) fingerprint.pop_back();
  return fingerprint;
}

core::Unexpected<core::Error> timed_out(const char* step) {
  return core::fail(errors::kConnectTimeout, std::string{"deadline passed during "} + step);
}

}  // namespace

struct SshTransport::Ssh {
  SshPtr session;  // declared first: channels go before their session
  ChannelPtr channel;
};

SshTransport::SshTransport(asio::any_io_executor executor, SshAccess access)
    : m_access(std::move(access)),
      m_socket(executor),
      m_wake(executor),
      m_ssh(std::make_unique<Ssh>()) {
  ignore_sigpipe();
}

SshTransport::~SshTransport() = default;

// ---- waiting

void SshTransport::poke() {
  m_poked = true;
  m_wake.cancel();
}

/// Keeps a watch on the socket until it says something; libssh says whether it wants to write.
void SshTransport::watch_socket() {
  if (!m_socket.is_open()) return;
  const auto self = shared_from_this();
  if (!m_read_watched) {
    m_read_watched = true;
    m_socket.async_wait(Tcp::socket::wait_read, [self](const error_code&) {
      self->m_read_watched = false;
      self->poke();
    });
  }
  const bool writes = m_ssh->session != nullptr &&
                      (ssh_get_poll_flags(m_ssh->session.get()) & SSH_WRITE_PENDING) != 0;
  if (writes && !m_write_watched) {
    m_write_watched = true;
    m_socket.async_wait(Tcp::socket::wait_write, [self](const error_code&) {
      self->m_write_watched = false;
      self->poke();
    });
  }
}

/// Until something happens (true) or the deadline passes (false).
asio::awaitable<bool> SshTransport::wait(Deadline deadline) {
  watch_socket();
  // receive() may have taken in a larger window, which no socket will tell of again.
  const bool window = unsent() > 0 && m_ssh->channel != nullptr &&
                      ssh_channel_window_size(m_ssh->channel.get()) > 0;
  if (window) m_poked = true;
  co_await sleep_until(deadline);
  co_return std::chrono::steady_clock::now() < deadline;
}

asio::awaitable<void> SshTransport::sleep_until(Deadline deadline) {
  if (!m_poked) {
    m_wake.expires_at(deadline);
    error_code ignored;
    co_await m_wake.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  m_poked = false;
}

template <class Step>
asio::awaitable<int> SshTransport::drive(Step step, int again, Deadline deadline) {
  for (;;) {
    if (m_closed) co_return kTimedOut;
    const int result = step();
    if (result != again) co_return result;
    const bool in_time = co_await wait(deadline);
    if (!in_time) co_return kTimedOut;
  }
}

// ---- connecting

asio::awaitable<core::Expected<void>> SshTransport::open(Deadline deadline) {
  const auto self = shared_from_this();
  auto done = co_await resolve(deadline);
  if (done) done = co_await open_tcp(deadline);
  if (done) done = prepare_ssh();
  if (done) done = co_await handshake(deadline);
  if (done) done = check_host_key();
  if (done) done = co_await login(deadline);
  if (done) done = co_await open_channel(deadline);
  co_return done;
}

/// getaddrinfo cannot be called off: when the deadline passes, its answer is simply not waited for.
asio::awaitable<core::Expected<void>> SshTransport::resolve(Deadline deadline) {
  struct Answer {
    error_code error;
    bool arrived = false;
  };
  const auto answer = std::make_shared<Answer>();
  const auto resolver = std::make_shared<Tcp::resolver>(m_socket.get_executor());
  const auto self = shared_from_this();
  resolver->async_resolve(
      m_access.host, std::to_string(m_access.port),
      [self, answer, resolver](const error_code& error, Tcp::resolver::results_type endpoints) {
        answer->error = error;
        answer->arrived = true;
        if (!error) self->m_endpoints = std::move(endpoints);
        self->poke();
      });
  while (!answer->arrived) {
    const bool in_time = co_await wait(deadline);
    if (!in_time || m_closed) co_return timed_out("the name look-up");
  }
  if (answer->error)
    co_return core::fail(errors::kResolveFailed, m_access.host + ": " + answer->error.message());
  co_return Status{};
}

asio::awaitable<core::Expected<void>> SshTransport::open_tcp(Deadline deadline) {
  struct Answer {
    error_code error;
    bool arrived = false;
  };
  const auto answer = std::make_shared<Answer>();
  const auto self = shared_from_this();
  asio::async_connect(m_socket, *m_endpoints,
                      [self, answer](const error_code& error, const Tcp::endpoint&) {
                        answer->error = error;
                        answer->arrived = true;
                        self->poke();
                      });
  while (!answer->arrived) {
    // Not wait(): the socket is not open for watching before it is connected.
    co_await sleep_until(deadline);
    if (std::chrono::steady_clock::now() >= deadline || m_closed)
      co_return timed_out("the TCP connection");
  }
  const std::string where = m_access.host + ":" + std::to_string(m_access.port) + ": ";
  if (answer->error == asio::error::timed_out) co_return timed_out("the TCP connection");
  if (answer->error) co_return core::fail(errors::kConnectRefused, where + answer->error.message());
  error_code ignored;
  m_socket.set_option(Tcp::no_delay(true), ignored);  // small requests, each waited for
  m_socket.native_non_blocking(true, ignored);
  co_return Status{};
}

core::Unexpected<core::Error> SshTransport::ssh_failure(const char* code, const std::string& what) {
  const char* words = m_ssh->session != nullptr ? ssh_get_error(m_ssh->session.get()) : "";
  return core::fail(code, what + ": " + words);
}

core::Expected<void> SshTransport::prepare_ssh() {
  const ssh_session ssh = ssh_new();
  if (ssh == nullptr) return core::fail(errors::kSshFailed, "libssh has no memory");
  m_ssh->session.reset(ssh);
  int descriptor = ::fcntl(m_socket.native_handle(), F_DUPFD_CLOEXEC, 0);
  const unsigned int port = m_access.port;
  const int no = 0;
  // Without these libssh would read ~/.ssh/config and let known_hosts choose the key's type.
  ssh_options_set(ssh, SSH_OPTIONS_PROCESS_CONFIG, &no);
  ssh_options_set(ssh, SSH_OPTIONS_KNOWNHOSTS, "/dev/null");
  ssh_options_set(ssh, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");
  const bool set = (!m_access.legacy_algorithms || allow_legacy(ssh)) &&
                   ssh_options_set(ssh, SSH_OPTIONS_HOST, m_access.host.c_str()) == SSH_OK &&
                   ssh_options_set(ssh, SSH_OPTIONS_PORT, &port) == SSH_OK &&
                   ssh_options_set(ssh, SSH_OPTIONS_USER, m_access.user.c_str()) == SSH_OK;
  if (!set || descriptor < 0 || ssh_options_set(ssh, SSH_OPTIONS_FD, &descriptor) != SSH_OK) {
    if (descriptor >= 0) ::close(descriptor);
    return ssh_failure(errors::kSshFailed, "SSH options");
  }
  ssh_set_blocking(ssh, 0);
  return {};
}

asio::awaitable<core::Expected<void>> SshTransport::handshake(Deadline deadline) {
  const ssh_session ssh = m_ssh->session.get();
  const auto step = [ssh] { return ssh_connect(ssh); };
  const int result = co_await drive(step, SSH_AGAIN, deadline);
  if (result == kTimedOut) co_return timed_out("the SSH handshake");
  if (result == SSH_OK) co_return Status{};
  // A router without a common algorithm just hangs up, so the words alone would not tell.
  co_return ssh_failure(errors::kSshFailed,
                        m_access.legacy_algorithms
                            ? "SSH handshake"
                            : "SSH handshake (an old router may need 'legacy-algorithms: true')");
}

core::Expected<void> SshTransport::check_host_key() {
  const std::string offered = server_fingerprint(m_ssh->session.get());
  if (!offered.empty() && without_padding(offered) == without_padding(m_access.host_key)) return {};
  return core::fail(errors::kUnknownHostKey,
                    "the router showed " + offered + ", pinned is " +
                        (m_access.host_key.empty() ? std::string{"none"} : m_access.host_key));
}

asio::awaitable<core::Expected<void>> SshTransport::login(Deadline deadline) {
  std::string password;
  if (m_access.password) {
    auto secret = read_secret(*m_access.password);
    if (!secret) co_return core::Unexpected{secret.error()};
    password = std::move(*secret);
  }
  if (!m_access.password && !m_access.private_key_file)
    co_return core::fail(errors::kCredentialMissing, "neither key nor password is configured");
  const ssh_session ssh = m_ssh->session.get();
  // "none" asks which methods there are (RFC 4252 5.2); few servers accept it.
  const auto step = [ssh] { return ssh_userauth_none(ssh, nullptr); };
  int result = co_await drive(step, SSH_AUTH_AGAIN, deadline);
  std::string bad_key;
  if (result == SSH_AUTH_DENIED && m_access.private_key_file) {
    result = co_await login_with_key(*m_access.private_key_file, deadline, bad_key);
    if (!bad_key.empty() && !m_access.password)
      co_return core::fail(errors::kCredentialMissing, bad_key);
  }
  if (result == SSH_AUTH_DENIED && m_access.password)
    result = co_await login_with_password(password, deadline);
  if (result == kTimedOut) co_return timed_out("the login");
  if (result == SSH_AUTH_DENIED || result == SSH_AUTH_PARTIAL)
    co_return core::fail(errors::kLoginRefused, "the router refused user '" + m_access.user + "'");
  if (result != SSH_AUTH_SUCCESS) co_return ssh_failure(errors::kSshFailed, "login");
  co_return Status{};
}

asio::awaitable<int> SshTransport::login_with_key(const std::string& file, Deadline deadline,
                                                  std::string& error) {
  ssh_key raw = nullptr;
  const int read = ssh_pki_import_privkey_file(file.c_str(), nullptr, nullptr, nullptr, &raw);
  const KeyPtr key{raw};
  if (read != SSH_OK) {
    error = "no usable private key (without passphrase) in " + file;
    co_return SSH_AUTH_DENIED;
  }
  const ssh_session ssh = m_ssh->session.get();
  const auto step = [ssh, raw] { return ssh_userauth_publickey(ssh, nullptr, raw); };
  const int result = co_await drive(step, SSH_AUTH_AGAIN, deadline);
  co_return result;
}

asio::awaitable<int> SshTransport::login_with_password(const std::string& password,
                                                       Deadline deadline) {
  const ssh_session ssh = m_ssh->session.get();
  const auto methods = static_cast<unsigned>(ssh_userauth_list(ssh, nullptr));
  if ((methods & SSH_AUTH_METHOD_PASSWORD) != 0) {
    const auto step = [ssh, &password] {
      return ssh_userauth_password(ssh, nullptr, password.c_str());
    };
    const int result = co_await drive(step, SSH_AUTH_AGAIN, deadline);
    co_return result;
  }
  if ((methods & SSH_AUTH_METHOD_INTERACTIVE) == 0) co_return SSH_AUTH_DENIED;
  // One question for the password, then perhaps an empty round (RFC 4256 3.4); no more.
  constexpr int kMaxRounds = 4;
  int result = SSH_AUTH_DENIED;
  for (int round = 0; round < kMaxRounds; ++round) {
    const auto step = [ssh] { return ssh_userauth_kbdint(ssh, nullptr, nullptr); };
    result = co_await drive(step, SSH_AUTH_AGAIN, deadline);
    if (result != SSH_AUTH_INFO) co_return result;
    const int prompts = ssh_userauth_kbdint_getnprompts(ssh);
    for (int i = 0; i < prompts; ++i)
      ssh_userauth_kbdint_setanswer(ssh, static_cast<unsigned>(i), password.c_str());
  }
  co_return SSH_AUTH_DENIED;
}

asio::awaitable<core::Expected<void>> SshTransport::open_channel(Deadline deadline) {
  const ssh_channel channel = ssh_channel_new(m_ssh->session.get());
  if (channel == nullptr) co_return ssh_failure(errors::kSshFailed, "SSH channel");
  m_ssh->channel.reset(channel);
  const auto open = [channel] { return ssh_channel_open_session(channel); };
  int result = co_await drive(open, SSH_AGAIN, deadline);
  if (result == SSH_OK) {
    const auto request = [channel] { return ssh_channel_request_subsystem(channel, "netconf"); };
    result = co_await drive(request, SSH_AGAIN, deadline);
  }
  if (result == kTimedOut) co_return timed_out("opening the NETCONF channel");
  if (result != SSH_OK) co_return ssh_failure(errors::kNoNetconf, "the netconf subsystem");
  co_return Status{};
}

// ---- bytes

core::Expected<void> SshTransport::send(std::string_view bytes) {
  if (unsent() + bytes.size() > kMaxUnsentBytes)
    return core::fail(errors::kMessageTooBig, "too much is waiting to be sent");
  if (m_sent > m_unsent.size() / 2) m_unsent.erase(0, std::exchange(m_sent, 0));
  m_unsent += bytes;
  return {};
}

core::Expected<void> SshTransport::flush() {
  const ssh_channel channel = m_ssh->channel.get();
  while (unsent() > 0) {
    const std::uint32_t window = ssh_channel_window_size(channel);
    const auto size = static_cast<std::uint32_t>(std::min<std::size_t>(unsent(), window));
    const int written = size > 0 ? ssh_channel_write(channel, m_unsent.data() + m_sent, size) : 0;
    if (written < 0 && written != SSH_AGAIN) return ssh_failure(errors::kConnectionLost, "sending");
    if (written <= 0) break;
    m_sent += static_cast<std::size_t>(written);
  }
  if (unsent() == 0) {
    m_unsent = {};  // an edit of a megabyte must not stay in memory until the next one
    m_sent = 0;
  }
  ssh_blocking_flush(m_ssh->session.get(), 0);
  return {};
}

core::Expected<std::size_t> SshTransport::receive(std::span<char> into) {
  const ssh_channel channel = m_ssh->channel.get();
  const int size = ssh_channel_read_nonblocking(channel, into.data(),
                                                static_cast<std::uint32_t>(into.size()), 0);
  if (size > 0) return static_cast<std::size_t>(size);
  if (size == 0 && ssh_channel_is_eof(channel) == 0 && ssh_channel_is_open(channel) != 0)
    return std::size_t{0};
  if (size == SSH_AGAIN) return std::size_t{0};
  return ssh_failure(errors::kConnectionLost, "the router ended the session");
}

void SshTransport::close() {
  if (std::exchange(m_closed, true)) return;
  m_ssh->channel.reset();
  m_ssh->session.reset();
  m_unsent = {};
  m_sent = 0;
  error_code ignored;
  // libssh leaves a descriptor that it was given open, and the router would keep our locks.
  m_socket.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  m_socket.close(ignored);
  poke();
}

}  // namespace wanwise::iosxe
