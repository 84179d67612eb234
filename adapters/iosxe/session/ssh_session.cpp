#include "adapters/iosxe/session/ssh_session.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <utility>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/session/credentials.hpp"
#include "adapters/iosxe/session/envelope.hpp"
#include "adapters/iosxe/session/libssh.hpp"
#include "adapters/iosxe/xml/namespaces.hpp"

namespace wanwise::iosxe {

namespace asio = boost::asio;
using boost::system::error_code;
using Tcp = asio::ip::tcp;

namespace {

/// drive()'s result when the deadline came first; libssh's own results are small.
constexpr int kTimedOut = -1000;
/// A flood of data from one router must not keep the thread from the others.
constexpr int kReadsPerRound = 32;

/// libssh writes with send() without MSG_NOSIGNAL; a router that resets the connection would end
/// the process.
void ignore_sigpipe() {
  static const auto previous = std::signal(SIGPIPE, SIG_IGN);
  (void)previous;
}

std::string without_padding(std::string fingerprint) {
  while (fingerprint.ends_with('=')) fingerprint.pop_back();
  return fingerprint;
}

core::Unexpected<core::Error> timed_out(const char* step) {
  return core::fail(errors::kConnectTimeout, std::string{"deadline passed during "} + step);
}

}  // namespace

struct SshSession::Transport {
  SshPtr ssh;  // declared first: channels go before their session
  ChannelPtr channel;
};

struct SshSession::Pending {
  explicit Pending(const asio::any_io_executor& executor) : wake(executor) {}
  asio::steady_timer wake;
  std::optional<core::Expected<std::string>> result;
};

SshSession::SshSession(asio::any_io_executor executor, SshAccess access, Handlers handlers)
    : m_access(std::move(access)),
      m_handlers(std::move(handlers)),
      m_socket(executor),
      m_wake(executor),
      m_transport(std::make_unique<Transport>()) {
  ignore_sigpipe();
}

SshSession::~SshSession() = default;

std::shared_ptr<Session> make_ssh_session(asio::any_io_executor executor, const SshAccess& access,
                                          Session::Handlers handlers) {
  return std::make_shared<SshSession>(std::move(executor), access, std::move(handlers));
}

// ---- waiting

void SshSession::poke() {
  m_poked = true;
  m_wake.cancel();
}

/// Keeps a watch on the socket until it says something; libssh says whether it wants to write.
void SshSession::watch_socket() {
  if (!m_socket.is_open()) return;
  const auto self = shared_from_this();
  if (!m_read_watched) {
    m_read_watched = true;
    m_socket.async_wait(Tcp::socket::wait_read, [self](const error_code&) {
      self->m_read_watched = false;
      self->poke();
    });
  }
  const bool writes = m_transport->ssh != nullptr &&
                      (ssh_get_poll_flags(m_transport->ssh.get()) & SSH_WRITE_PENDING) != 0;
  if (writes && !m_write_watched) {
    m_write_watched = true;
    m_socket.async_wait(Tcp::socket::wait_write, [self](const error_code&) {
      self->m_write_watched = false;
      self->poke();
    });
  }
}

/// Until something happens (true) or the deadline passes (false).
asio::awaitable<bool> SshSession::wait(Deadline deadline) {
  watch_socket();
  if (!m_poked) {
    m_wake.expires_at(deadline);
    error_code ignored;
    co_await m_wake.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  m_poked = false;
  co_return std::chrono::steady_clock::now() < deadline;
}

template <class Step>
asio::awaitable<int> SshSession::drive(Step step, int again, Deadline deadline) {
  for (;;) {
    if (m_connection == Connection::closed) co_return kTimedOut;
    const int result = step();
    if (result != again) co_return result;
    const bool in_time = co_await wait(deadline);
    if (!in_time) co_return kTimedOut;
  }
}

// ---- connecting

asio::awaitable<core::Expected<Hello>> SshSession::connect(Deadline deadline) {
  const auto self = shared_from_this();
  m_connection = Connection::connecting;
  auto hello = co_await connect_steps(deadline);
  if (m_connection == Connection::closed)
    co_return core::fail(errors::kClosed, "closed while connecting");
  if (!hello) {
    end(hello.error(), false);
    co_return hello;
  }
  m_connection = Connection::ready;
  asio::co_spawn(
      m_socket.get_executor(), [self] { return self->pump(); },
      [self](const std::exception_ptr& thrown) {
        if (thrown) self->end({errors::kProtocolError, "an exception in the session"}, true);
      });
  co_return hello;
}

asio::awaitable<core::Expected<Hello>> SshSession::connect_steps(Deadline deadline) {
  auto done = co_await resolve(deadline);
  if (done) done = co_await open_tcp(deadline);
  if (done) done = prepare_ssh();
  if (done) done = co_await handshake(deadline);
  if (done) done = check_host_key();
  if (done) done = co_await login(deadline);
  if (done) done = co_await open_channel(deadline);
  if (!done) co_return core::Unexpected{done.error()};
  co_return co_await exchange_hello(deadline);
}

/// getaddrinfo cannot be called off: when the deadline passes, its answer is simply not waited for.
asio::awaitable<core::Expected<void>> SshSession::resolve(Deadline deadline) {
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
    if (!in_time || m_connection == Connection::closed) co_return timed_out("the name look-up");
  }
  if (answer->error)
    co_return core::fail(errors::kResolveFailed, m_access.host + ": " + answer->error.message());
  co_return Status{};
}

asio::awaitable<core::Expected<void>> SshSession::open_tcp(Deadline deadline) {
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
    if (!m_poked) {
      m_wake.expires_at(deadline);
      error_code ignored;
      co_await m_wake.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    m_poked = false;
    if (std::chrono::steady_clock::now() >= deadline || m_connection == Connection::closed)
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

core::Unexpected<core::Error> SshSession::ssh_failure(const char* code, const std::string& what) {
  const char* words = m_transport->ssh != nullptr ? ssh_get_error(m_transport->ssh.get()) : "";
  return core::fail(code, what + ": " + words);
}

core::Expected<void> SshSession::prepare_ssh() {
  const ssh_session ssh = ssh_new();
  if (ssh == nullptr) return core::fail(errors::kSshFailed, "libssh has no memory");
  m_transport->ssh.reset(ssh);
  int descriptor = ::fcntl(m_socket.native_handle(), F_DUPFD_CLOEXEC, 0);
  const unsigned int port = m_access.port;
  const int no = 0;
  // Without these libssh would read ~/.ssh/config and let known_hosts choose the key's type.
  ssh_options_set(ssh, SSH_OPTIONS_PROCESS_CONFIG, &no);
  ssh_options_set(ssh, SSH_OPTIONS_KNOWNHOSTS, "/dev/null");
  ssh_options_set(ssh, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");
  const bool set = ssh_options_set(ssh, SSH_OPTIONS_HOST, m_access.host.c_str()) == SSH_OK &&
                   ssh_options_set(ssh, SSH_OPTIONS_PORT, &port) == SSH_OK &&
                   ssh_options_set(ssh, SSH_OPTIONS_USER, m_access.user.c_str()) == SSH_OK;
  if (!set || descriptor < 0 || ssh_options_set(ssh, SSH_OPTIONS_FD, &descriptor) != SSH_OK) {
    if (descriptor >= 0) ::close(descriptor);
    return ssh_failure(errors::kSshFailed, "SSH options");
  }
  ssh_set_blocking(ssh, 0);
  return {};
}

asio::awaitable<core::Expected<void>> SshSession::handshake(Deadline deadline) {
  const ssh_session ssh = m_transport->ssh.get();
  const auto step = [ssh] { return ssh_connect(ssh); };
  const int result = co_await drive(step, SSH_AGAIN, deadline);
  if (result == kTimedOut) co_return timed_out("the SSH handshake");
  if (result != SSH_OK) co_return ssh_failure(errors::kSshFailed, "SSH handshake");
  co_return Status{};
}

core::Expected<void> SshSession::check_host_key() {
  const std::string offered = server_fingerprint(m_transport->ssh.get());
  if (!offered.empty() && without_padding(offered) == without_padding(m_access.host_key)) return {};
  return core::fail(errors::kUnknownHostKey,
                    "the router showed " + offered + ", pinned is " +
                        (m_access.host_key.empty() ? std::string{"none"} : m_access.host_key));
}

asio::awaitable<core::Expected<void>> SshSession::login(Deadline deadline) {
  std::string password;
  if (m_access.password) {
    auto secret = read_secret(*m_access.password);
    if (!secret) co_return core::Unexpected{secret.error()};
    password = std::move(*secret);
  }
  if (!m_access.password && !m_access.private_key_file)
    co_return core::fail(errors::kCredentialMissing, "neither key nor password is configured");
  const ssh_session ssh = m_transport->ssh.get();
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

asio::awaitable<int> SshSession::login_with_key(const std::string& file, Deadline deadline,
                                                std::string& error) {
  ssh_key raw = nullptr;
  const int read = ssh_pki_import_privkey_file(file.c_str(), nullptr, nullptr, nullptr, &raw);
  const KeyPtr key{raw};
  if (read != SSH_OK) {
    error = "no usable private key (without passphrase) in " + file;
    co_return SSH_AUTH_DENIED;
  }
  const ssh_session ssh = m_transport->ssh.get();
  const auto step = [ssh, raw] { return ssh_userauth_publickey(ssh, nullptr, raw); };
  const int result = co_await drive(step, SSH_AUTH_AGAIN, deadline);
  co_return result;
}

asio::awaitable<int> SshSession::login_with_password(const std::string& password,
                                                     Deadline deadline) {
  const ssh_session ssh = m_transport->ssh.get();
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

asio::awaitable<core::Expected<void>> SshSession::open_channel(Deadline deadline) {
  const ssh_channel channel = ssh_channel_new(m_transport->ssh.get());
  if (channel == nullptr) co_return ssh_failure(errors::kSshFailed, "SSH channel");
  m_transport->channel.reset(channel);
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

asio::awaitable<core::Expected<Hello>> SshSession::exchange_hello(Deadline deadline) {
  m_unsent = frame(client_hello(), Framing::end_of_message);
  for (;;) {
    auto sent = send_some();
    if (!sent) co_return core::Unexpected{sent.error()};
    auto any = receive_some();
    if (!any) co_return core::Unexpected{any.error()};
    auto message = m_framer.next();
    if (!message) co_return core::Unexpected{message.error()};
    if (*message) {
      auto hello = parse_hello(**message);
      if (hello && hello->base_1_1) m_framer.use(Framing::chunked);
      co_return hello;
    }
    if (*any) continue;
    const bool in_time = co_await wait(deadline);
    if (!in_time || m_connection == Connection::closed) co_return timed_out("the hello");
  }
}

// ---- talking

asio::awaitable<core::Expected<std::string>> SshSession::rpc(std::string operation,
                                                             Deadline deadline) {
  const auto self = shared_from_this();
  if (m_connection != Connection::ready)
    co_return core::fail(errors::kNotConnected, "the session is not open");
  const std::uint64_t id = ++m_last_id;
  std::string message = std::string{"<rpc xmlns=\""} + ns::kNetconf + "\" message-id=\"" +
                        std::to_string(id) + "\">" + operation + "</rpc>";
  if (m_unsent.size() + message.size() > kMaxUnsentBytes)
    co_return core::fail(errors::kMessageTooBig, "too much is waiting to be sent");
  m_unsent += frame(message, m_framer.framing());
  const auto pending = std::make_shared<Pending>(m_socket.get_executor());
  m_pending.emplace(id, pending);
  poke();
  pending->wake.expires_at(deadline);
  error_code ignored;
  co_await pending->wake.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  m_pending.erase(id);
  if (pending->result) co_return std::move(*pending->result);
  const core::Error late{errors::kReplyTimeout, "no complete reply by the deadline"};
  end(late, true);
  co_return core::Unexpected{late};
}

/// Runs while the session is ready: moves bytes both ways, sleeps on the socket in between.
asio::awaitable<void> SshSession::pump() {
  const auto self = shared_from_this();
  while (m_connection == Connection::ready) {
    const auto moved = exchange();
    if (!moved) end(moved.error(), true);
    if (m_connection != Connection::ready) break;
    if (m_poked) {
      // More is waiting already: let the other sessions of the thread have their turn first.
      m_poked = false;
      co_await asio::post(m_socket.get_executor(), asio::use_awaitable);
      continue;
    }
    (void)co_await wait(Deadline::max());
  }
}

core::Expected<void> SshSession::exchange() {
  for (int round = 0; round < kReadsPerRound; ++round) {
    if (auto sent = send_some(); !sent) return sent;
    const auto any = receive_some();
    if (!any) return core::Unexpected{any.error()};
    if (auto done = dispatch_messages(); !done) return done;
    if (m_connection != Connection::ready || !*any) return {};
  }
  m_poked = true;
  return {};
}

core::Expected<void> SshSession::send_some() {
  const ssh_channel channel = m_transport->channel.get();
  while (!m_unsent.empty()) {
    const std::uint32_t window = ssh_channel_window_size(channel);
    const auto size = static_cast<std::uint32_t>(std::min<std::size_t>(m_unsent.size(), window));
    const int written = size > 0 ? ssh_channel_write(channel, m_unsent.data(), size) : 0;
    if (written < 0 && written != SSH_AGAIN) return ssh_failure(errors::kConnectionLost, "sending");
    if (written <= 0) break;
    m_unsent.erase(0, static_cast<std::size_t>(written));
  }
  ssh_blocking_flush(m_transport->ssh.get(), 0);
  return {};
}

/// True when there were bytes. Must run dry before the socket is watched: libssh buffers.
core::Expected<bool> SshSession::receive_some() {
  const ssh_channel channel = m_transport->channel.get();
  std::array<char, 32768> bytes;  // as much as one SSH packet carries (RFC 4253 6.1)
  const int size = ssh_channel_read_nonblocking(channel, bytes.data(), bytes.size(), 0);
  if (size > 0) {
    m_framer.feed({bytes.data(), static_cast<std::size_t>(size)});
    return true;
  }
  if (size == 0 && ssh_channel_is_eof(channel) == 0 && ssh_channel_is_open(channel) != 0)
    return false;
  if (size == SSH_AGAIN) return false;
  return ssh_failure(errors::kConnectionLost, "the router ended the session");
}

core::Expected<void> SshSession::dispatch_messages() {
  while (m_connection == Connection::ready) {
    auto message = m_framer.next();
    if (!message) return core::Unexpected{message.error()};
    if (!*message) break;
    if (auto done = dispatch(std::move(**message)); !done) return done;
  }
  return {};
}

core::Expected<void> SshSession::dispatch(std::string message) {
  const Envelope envelope = look_at(message);
  switch (envelope.kind) {
    case Envelope::Kind::notification:
      if (m_handlers.on_notification) m_handlers.on_notification(std::move(message));
      return {};
    case Envelope::Kind::reply: {
      // RFC 6241 4.3: a reply to an <rpc> the router could not read carries no message-id; requests
      // are answered in order, so it is the oldest one's.
      const auto at =
          envelope.message_id ? m_pending.find(*envelope.message_id) : m_pending.begin();
      if (at == m_pending.end())
        return core::fail(errors::kProtocolError, "a reply to nothing that was asked");
      at->second->result.emplace(std::move(message));
      at->second->wake.cancel();
      return {};
    }
    case Envelope::Kind::other:
      break;
  }
  return core::fail(errors::kProtocolError, "a message that is neither reply nor notification");
}

// ---- ending

void SshSession::close() {
  m_silent = true;
  end(core::Error{errors::kClosed, "closed by wanwise"}, false);
}

void SshSession::end(const core::Error& error, bool tell) {
  if (m_connection == Connection::closed) return;
  m_connection = Connection::closed;
  const auto self = shared_from_this();
  for (auto& [id, pending] : m_pending) {
    if (!pending->result) pending->result.emplace(core::Unexpected{error});
    pending->wake.cancel();
  }
  m_transport->channel.reset();
  m_transport->ssh.reset();
  error_code ignored;
  // libssh leaves a descriptor that it was given open, and the router would keep our locks.
  m_socket.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  m_socket.close(ignored);
  poke();
  if (tell && m_handlers.on_closed) {
    asio::post(m_socket.get_executor(), [self, error] {
      if (!self->m_silent) self->m_handlers.on_closed(error);
    });
  }
}

}  // namespace wanwise::iosxe
