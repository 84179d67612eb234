#include "adapters/iosxe/router_loop.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "adapters/iosxe/errors.hpp"

namespace wanwise::iosxe {
namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;
namespace {

std::chrono::microseconds to_chrono(core::Micros duration) {
  return std::chrono::microseconds{duration.count};
}

}  // namespace

// ---- from outside

RouterPort::Loop::Loop(asio::any_io_executor executor, const ports::Clock& clock,
                       RouterConfig config, NameTable names, std::shared_ptr<const Schema> schema,
                       SessionFactory factory)
    : m_executor(executor),
      m_clock(clock),
      m_config(std::move(config)),
      m_names(std::move(names)),
      m_schema(std::move(schema)),
      m_factory(std::move(factory)),
      m_writes(executor, *this, m_config, m_names, m_schema.get()),
      m_watch(executor, *this, clock, m_config, m_names),
      m_backoff(m_config.limits),
      m_wake(executor) {
  if (m_schema == nullptr)
    degrade(degraded::kSchemaMissing, "edits are not checked before sending");
}

void RouterPort::Loop::start(ports::EventSink& sink) {
  m_gate.open(sink);
  const auto self = shared_from_this();
  asio::co_spawn(
      m_executor, [self] { return self->run(); }, asio::detached);
}

void RouterPort::Loop::submit(core::ActionId id, core::ApplyQos action, core::Instant deadline) {
  const Deadline until = Steady::now() + to_chrono(deadline - m_clock.now());
  asio::post(m_executor, [self = shared_from_this(), id, action = std::move(action), until] {
    self->m_writes.accept(self, id, action, until);
  });
}

void RouterPort::Loop::stop() {
  m_gate.shut();
  asio::post(m_executor, [self = shared_from_this()] {
    self->m_stopped = true;
    if (self->m_session) self->m_session->close();
    self->m_writes.stop();
    self->m_lost = core::Error{errors::kClosed, "stopped"};
    self->m_watch.wake();
    self->m_wake.notify();
  });
}

Degradations RouterPort::Loop::degradations() const {
  const std::scoped_lock lock{m_seen_mutex};
  return m_degradations;
}

void RouterPort::Loop::degrade(const char* name, std::string detail) {
  const std::scoped_lock lock{m_seen_mutex};
  note(m_degradations, name, std::move(detail));
}

// ---- events

/// On each change only: a router that stays away is told once, not at every try.
void RouterPort::Loop::post_session(core::SessionState state, const core::Error& why) {
  core::RouterSession session{m_config.router, state, why.code, why.message};
  const bool same = m_posted_session && m_posted_session->state == state &&
                    m_posted_session->reason == session.reason;
  m_posted_session = session;
  if (!same) m_gate.post(std::move(session));
}

core::Expected<Preview> RouterPort::Loop::preview(const core::RouterQos& desired) const {
  const std::scoped_lock lock{m_read_mutex};
  if (!m_read) return core::fail(errors::kNotConnected, "the configuration was not read yet");
  return iosxe::preview(*m_read, desired, m_config, dialect());
}

void RouterPort::Loop::post_observed(const ObservedConfig& observed, bool always) {
  {
    const std::scoped_lock lock{m_read_mutex};
    m_read = observed;
  }
  core::RouterQosObserved event{m_config.router, m_clock.now(), observed.qos, observed.foreign,
                                m_writes.altered(observed)};
  const bool same = m_posted && m_posted->qos == event.qos && m_posted->foreign == event.foreign &&
                    m_posted->altered == event.altered;
  m_posted = event;
  if (always || !same) m_gate.post(std::move(event));
}

// ---- the session's life

std::shared_ptr<Session> RouterPort::Loop::open_session() {
  m_lost.reset();
  const std::weak_ptr<Loop> weak = weak_from_this();
  Session::Handlers handlers;
  handlers.on_notification = [weak](const std::string& xml) {
    if (const auto self = weak.lock(); self && !self->m_stopped) self->m_watch.on_notification(xml);
  };
  handlers.on_closed = [weak](const core::Error& why) {
    if (const auto self = weak.lock()) {
      self->m_lost = why;
      self->m_watch.wake();
    }
  };
  return m_factory(m_executor, m_config.access, std::move(handlers));
}

asio::awaitable<void> RouterPort::Loop::run() {
  const auto self = shared_from_this();
  while (!m_stopped) {
    m_session = open_session();
    const std::shared_ptr<Session> session = m_session;
    const auto hello =
        co_await session->connect(Steady::now() + to_chrono(m_config.limits.connect));
    core::Error why;
    if (hello) {
      m_hello = *hello;
      m_backoff.succeeded();
      m_posted.reset();
      post_session(core::SessionState::connected, {});
      const Status served = co_await m_watch.serve();
      why = served ? core::Error{errors::kClosed, "stopped"} : served.error();
      // A request made just behind the session's end met no session. What ended it was posted
      // before that request, so it has been heard one turn later.
      if (!served) co_await asio::post(m_executor, asio::use_awaitable);
      if (!served && m_lost) why = *m_lost;
    } else {
      why = hello.error();
    }
    session->close();
    m_session.reset();
    m_writes.shut();
    if (m_stopped) break;
    post_session(core::SessionState::disconnected, why);
    // Accounts get locked, and a wrong key does not mend itself soon.
    const bool refused = why.code == errors::kLoginRefused || why.code == errors::kUnknownHostKey;
    const Deadline again = Steady::now() + to_chrono(m_backoff.failed(refused));
    while (!m_stopped && Steady::now() < again) co_await m_wake.sleep_until(again);
  }
}

// ---- what the halves tell

void RouterPort::Loop::add(const Degradations& found) {
  const std::scoped_lock lock{m_seen_mutex};
  for (const auto& [name, degradation] : found) {
    Degradation& sum = m_degradations[name];
    sum.count += degradation.count;
    sum.detail = degradation.detail;
  }
}

void RouterPort::Loop::learned(const RouterCapabilities& capabilities) {
  const std::scoped_lock lock{m_seen_mutex};
  m_capabilities = capabilities;
}

RouterCapabilities RouterPort::Loop::capabilities() const {
  const std::scoped_lock lock{m_seen_mutex};
  return m_capabilities;
}

// ---- writes

Dialect RouterPort::Loop::dialect() const {
  const std::scoped_lock lock{m_seen_mutex};
  return dialect_of(m_capabilities.features);
}

void RouterPort::Loop::reconcile_now() {
  m_watch.reconcile_now();
}

std::shared_ptr<Session> RouterPort::Loop::write_session() const {
  const bool connected =
      m_posted_session && m_posted_session->state == core::SessionState::connected;
  return connected && !m_lost ? m_session : nullptr;
}

}  // namespace wanwise::iosxe
