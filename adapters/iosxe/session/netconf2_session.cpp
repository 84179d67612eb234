#include "adapters/iosxe/session/netconf2_session.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <utility>

#include "adapters/iosxe/errors.hpp"

namespace wanwise::iosxe {

namespace asio = boost::asio;
using boost::system::error_code;
using Local = asio::local::stream_protocol;

namespace {

/// A flood of data from one router must not keep the thread from the others.
constexpr int kReadsPerRound = 32;

}  // namespace

Netconf2Session::Netconf2Session(asio::any_io_executor executor, SshAccess access,
                                 std::string yang_dir, Handlers handlers)
    : m_handlers(std::move(handlers)),
      m_yang_dir(std::move(yang_dir)),
      m_transport(std::make_shared<SshTransport>(executor, std::move(access))),
      m_pair(executor),
      m_connected(executor),
      m_pending(std::move(executor)) {}

Netconf2Session::~Netconf2Session() {
  m_transport->close();
}

SessionFactory netconf2_sessions(std::string yang_dir) {
  return [yang_dir = std::move(yang_dir)](asio::any_io_executor executor, const SshAccess& access,
                                          Session::Handlers handlers) {
    return std::make_shared<Netconf2Session>(std::move(executor), access, yang_dir,
                                             std::move(handlers));
  };
}

// ---- connecting

asio::awaitable<core::Expected<Hello>> Netconf2Session::connect(Deadline deadline) {
  const auto self = shared_from_this();
  if (m_connection != Connection::fresh)
    co_return core::fail(errors::kClosed, "a session connects once");
  m_connection = Connection::connecting;
  Status done = co_await m_transport->open(deadline);
  if (done && m_connection == Connection::connecting) done = start_worker();
  if (!done && m_connection == Connection::connecting) end(done.error(), false);
  if (m_connection == Connection::connecting) {
    asio::co_spawn(
        m_transport->executor(), [self] { return self->pump(); },
        [self](const std::exception_ptr& thrown) {
          if (thrown) self->end({errors::kProtocolError, "an exception in the session"}, true);
        });
    m_connected.expires_at(deadline);
    error_code ignored;
    co_await m_connected.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  if (m_connection == Connection::ready) co_return *m_hello;
  end({errors::kConnectTimeout, "deadline passed during the hello"}, false);
  co_return core::Unexpected{*m_ended};
}

core::Expected<void> Netconf2Session::start_worker() {
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return core::fail(errors::kSshFailed, "no socket pair: " + std::string{std::strerror(errno)});
  error_code failed;
  m_pair.assign(Local{}, ends[0], failed);
  if (!failed) m_pair.non_blocking(true, failed);
  if (failed) {
    ::close(ends[1]);
    return core::fail(errors::kSshFailed, "socket pair: " + failed.message());
  }
  m_worker = std::make_unique<Netconf2Worker>(ends[1], m_yang_dir, callbacks());
  return {};
}

/// They run on the worker's thread, which must never own the session: the session is looked up on
/// its own thread.
Netconf2Worker::Callbacks Netconf2Session::callbacks() {
  const auto on_own_thread = [weak = weak_from_this(),
                              executor = m_transport->executor()](auto&& what) {
    asio::post(executor, [weak, what = std::forward<decltype(what)>(what)]() mutable {
      const auto self = weak.lock();
      if (self && self->m_connection != Connection::closed) what(*self);
    });
  };
  Netconf2Worker::Callbacks made;
  made.on_connected = [on_own_thread] {
    on_own_thread([](Netconf2Session& self) {
      self.m_connection = Connection::ready;
      self.m_connected.cancel();
    });
  };
  made.on_reply = [on_own_thread](std::uint64_t ticket, core::Expected<std::string> reply) {
    on_own_thread([ticket, reply = std::move(reply)](Netconf2Session& self) mutable {
      (void)self.m_pending.answer(ticket, std::move(reply));
    });
  };
  made.on_notification = [on_own_thread](std::string text) {
    on_own_thread([text = std::move(text)](Netconf2Session& self) mutable {
      if (self.m_handlers.on_notification) self.m_handlers.on_notification(std::move(text));
    });
  };
  made.on_failed = [on_own_thread](core::Error why) {
    on_own_thread([why = std::move(why)](Netconf2Session& self) { self.end(why, true); });
  };
  return made;
}

// ---- moving bytes

asio::awaitable<void> Netconf2Session::pump() {
  const auto self = shared_from_this();
  while (m_connection != Connection::closed) {
    const auto moved = exchange();
    if (!moved) end(moved.error(), true);
    if (m_connection == Connection::closed) break;
    if (m_more) {
      // Let the other sessions of the thread have their turn first.
      co_await asio::post(m_transport->executor(), asio::use_awaitable);
      continue;
    }
    watch_pair();
    (void)co_await m_transport->wait(Deadline::max());
  }
}

core::Expected<void> Netconf2Session::exchange() {
  m_more = false;
  for (int round = 0; round < kReadsPerRound; ++round) {
    if (auto taken = take_outward(); !taken) return taken;
    if (auto sent = m_transport->flush(); !sent) return sent;
    const auto any = take_inward();
    if (!any) return core::Unexpected{any.error()};
    give_inward();
    if (m_connection == Connection::closed || !*any) return {};
  }
  m_more = true;
  return {};
}

/// What libnetconf2 wrote goes to the router as it is; its requests are bounded before they get
/// there (Netconf2Worker::request).
core::Expected<void> Netconf2Session::take_outward() {
  std::array<char, kSshReadBytes> bytes;
  while (m_transport->unsent() < kMaxUnsentBytes / 2) {
    error_code failed;
    const std::size_t size = m_pair.read_some(asio::buffer(bytes), failed);
    if (failed == asio::error::would_block) return {};
    if (failed) return {};  // the worker's end is shut: it says why by itself
    if (auto queued = m_transport->send({bytes.data(), size}); !queued) return queued;
  }
  return {};
}

/// True when there were bytes.
core::Expected<bool> Netconf2Session::take_inward() {
  std::array<char, kSshReadBytes> bytes;
  const auto size = m_transport->receive(bytes);
  if (!size) return core::Unexpected{size.error()};
  m_framer.feed({bytes.data(), *size});
  for (;;) {
    auto message = m_framer.next();
    if (!message) return core::Unexpected{message.error()};
    if (!*message) return *size > 0;
    if (auto done = on_message(std::move(**message)); !done) return core::Unexpected{done.error()};
  }
}

core::Expected<void> Netconf2Session::on_message(std::string message) {
  if (!m_hello) return on_hello(message);
  const Envelope envelope = look_at(message);
  if (envelope.kind == Envelope::Kind::other)
    return core::fail(errors::kProtocolError, "a message that is neither reply nor notification");
  if (m_inward.size() - m_given + message.size() > kMaxInwardBytes)
    return core::fail(errors::kMessageTooBig, "the router is faster than libnetconf2");
  m_inward += frame(message, m_framer.framing());
  m_worker->arrived(envelope, std::move(message));
  return {};
}

core::Expected<void> Netconf2Session::on_hello(const std::string& message) {
  const auto hello = parse_hello(message);
  if (!hello) return core::Unexpected{hello.error()};
  const auto reduced = reduced_hello(message);
  if (!reduced) return core::Unexpected{reduced.error()};
  m_inward += frame(*reduced, Framing::end_of_message);
  if (hello->base_1_1) m_framer.use(Framing::chunked);
  m_hello = *hello;
  return {};
}

void Netconf2Session::give_inward() {
  while (m_given < m_inward.size()) {
    error_code failed;
    const std::size_t size = m_pair.write_some(
        asio::buffer(m_inward.data() + m_given, m_inward.size() - m_given), failed);
    if (failed) break;
    m_given += size;
  }
  if (m_given == m_inward.size()) {
    m_inward = {};  // a message of megabytes must not stay in memory until the next one
    m_given = 0;
  } else if (m_given > m_inward.size() / 2) {
    m_inward.erase(0, std::exchange(m_given, 0));
  }
}

void Netconf2Session::watch_pair() {
  const auto self = shared_from_this();
  if (!m_pair_read_watched && m_transport->unsent() < kMaxUnsentBytes / 2) {
    m_pair_read_watched = true;
    m_pair.async_wait(Local::socket::wait_read, [self](const error_code& failed) {
      self->m_pair_read_watched = failed.failed();  // an end that is shut is not watched again
      self->m_transport->poke();
    });
  }
  if (!m_pair_write_watched && m_given < m_inward.size()) {
    m_pair_write_watched = true;
    m_pair.async_wait(Local::socket::wait_write, [self](const error_code&) {
      self->m_pair_write_watched = false;
      self->m_transport->poke();
    });
  }
}

// ---- talking, ending

asio::awaitable<core::Expected<std::string>> Netconf2Session::rpc(std::string operation,
                                                                  Deadline deadline) {
  const auto self = shared_from_this();
  if (m_connection != Connection::ready)
    co_return core::fail(errors::kNotConnected, "the session is not open");
  const std::uint64_t ticket = ++m_last_ticket;
  if (!m_worker->request(ticket, std::move(operation)))
    co_return core::fail(errors::kMessageTooBig, "too much is waiting to be sent");
  m_pending.add(ticket);  // its answer comes over this thread, so not before
  auto result = co_await m_pending.wait(ticket, deadline);
  if (result) co_return std::move(*result);
  const core::Error late{errors::kReplyTimeout, "no complete reply by the deadline"};
  end(late, true);
  co_return core::Unexpected{late};
}

void Netconf2Session::close() {
  m_silent = true;
  end(core::Error{errors::kClosed, "closed by wanwise"}, false);
}

void Netconf2Session::end(const core::Error& error, bool tell) {
  if (m_connection == Connection::closed) return;
  const bool was_ready = m_connection == Connection::ready;
  m_connection = Connection::closed;
  m_ended = error;
  const auto self = shared_from_this();
  m_pending.end_all(error);
  m_connected.cancel();
  m_transport->close();
  m_worker.reset();
  error_code ignored;
  m_pair.close(ignored);
  if (tell && was_ready && m_handlers.on_closed) {
    asio::post(m_transport->executor(), [self, error] {
      if (!self->m_silent) self->m_handlers.on_closed(error);
    });
  }
}

}  // namespace wanwise::iosxe
