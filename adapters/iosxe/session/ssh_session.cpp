#include "adapters/iosxe/session/ssh_session.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/session/envelope.hpp"
#include "adapters/iosxe/xml/namespaces.hpp"

namespace wanwise::iosxe {

namespace asio = boost::asio;

namespace {

/// A flood of data from one router must not keep the thread from the others.
constexpr int kReadsPerRound = 32;

}  // namespace

SshSession::SshSession(asio::any_io_executor executor, SshAccess access, Handlers handlers)
    : m_handlers(std::move(handlers)),
      m_transport(std::make_shared<SshTransport>(executor, std::move(access))),
      m_pending(std::move(executor)) {}

SshSession::~SshSession() {
  m_transport->close();
}

std::shared_ptr<Session> make_ssh_session(asio::any_io_executor executor, const SshAccess& access,
                                          Session::Handlers handlers) {
  return std::make_shared<SshSession>(std::move(executor), access, std::move(handlers));
}

// ---- connecting

asio::awaitable<core::Expected<Hello>> SshSession::connect(Deadline deadline) {
  const auto self = shared_from_this();
  if (m_connection != Connection::fresh)
    co_return core::fail(errors::kClosed, "a session connects once");
  m_connection = Connection::connecting;
  const Status open = co_await m_transport->open(deadline);
  core::Expected<Hello> hello = core::Unexpected{open ? core::Error{} : open.error()};
  if (open && m_connection != Connection::closed) hello = co_await exchange_hello(deadline);
  if (m_connection == Connection::closed)
    co_return core::fail(errors::kClosed, "closed while connecting");
  if (!hello) {
    end(hello.error(), false);
    co_return hello;
  }
  m_connection = Connection::ready;
  asio::co_spawn(
      m_transport->executor(), [self] { return self->pump(); },
      [self](const std::exception_ptr& thrown) {
        if (thrown) self->end({errors::kProtocolError, "an exception in the session"}, true);
      });
  co_return hello;
}

asio::awaitable<core::Expected<Hello>> SshSession::exchange_hello(Deadline deadline) {
  if (auto queued = m_transport->send(frame(client_hello(), Framing::end_of_message)); !queued)
    co_return core::Unexpected{queued.error()};
  for (;;) {
    if (auto sent = m_transport->flush(); !sent) co_return core::Unexpected{sent.error()};
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
    const bool in_time = co_await m_transport->wait(deadline);
    if (!in_time || m_connection == Connection::closed)
      co_return core::fail(errors::kConnectTimeout, "deadline passed during the hello");
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
  if (auto queued = m_transport->send(frame(message, m_framer.framing())); !queued)
    co_return core::Unexpected{queued.error()};
  m_pending.add(id);
  m_transport->poke();
  auto result = co_await m_pending.wait(id, deadline);
  if (result) co_return std::move(*result);
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
    if (m_more) {
      // Let the other sessions of the thread have their turn first.
      co_await asio::post(m_transport->executor(), asio::use_awaitable);
      continue;
    }
    (void)co_await m_transport->wait(Deadline::max());
  }
}

core::Expected<void> SshSession::exchange() {
  m_more = false;
  for (int round = 0; round < kReadsPerRound; ++round) {
    if (auto sent = m_transport->flush(); !sent) return sent;
    const auto any = receive_some();
    if (!any) return core::Unexpected{any.error()};
    if (auto done = dispatch_messages(); !done) return done;
    if (m_connection != Connection::ready || !*any) return {};
  }
  m_more = true;
  return {};
}

/// True when there were bytes.
core::Expected<bool> SshSession::receive_some() {
  std::array<char, kSshReadBytes> bytes;
  const auto size = m_transport->receive(bytes);
  if (!size) return core::Unexpected{size.error()};
  m_framer.feed({bytes.data(), *size});
  return *size > 0;
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
      if (!m_pending.answer(envelope.message_id, std::move(message)))
        return core::fail(errors::kProtocolError, "a reply to nothing that was asked");
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
  m_pending.end_all(error);
  m_transport->close();
  if (tell && m_handlers.on_closed) {
    asio::post(m_transport->executor(), [self, error] {
      if (!self->m_silent) self->m_handlers.on_closed(error);
    });
  }
}

}  // namespace wanwise::iosxe
