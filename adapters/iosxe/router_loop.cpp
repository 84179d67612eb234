#include "adapters/iosxe/router_loop.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/session/ask.hpp"

namespace wanwise::iosxe {
namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;
namespace {

/// Changes made beside wanwise are found this often. One get-config of the policies a minute costs
/// a router nothing; a write reads first anyway.
constexpr std::chrono::seconds kReconcilePeriod{60};
/// While a write is at work the reading waits, and looks so often whether it is over.
constexpr std::chrono::seconds kBusyPause{1};
/// A subscription that misses this many periods is helped out by polling until it speaks again.
constexpr int kSilentPeriods = 3;

std::chrono::microseconds to_chrono(core::Micros duration) {
  return std::chrono::microseconds{duration.count};
}

}  // namespace

// ---- the sink

void SinkGate::open(ports::EventSink& sink) {
  const std::scoped_lock lock{m_mutex};
  m_sink = &sink;
}

void SinkGate::shut() {
  const std::scoped_lock lock{m_mutex};
  m_sink = nullptr;
}

void SinkGate::post(core::EventBody body) {
  const std::scoped_lock lock{m_mutex};
  if (m_sink != nullptr) m_sink->post(std::move(body));
}

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
      m_reader(m_config, m_names, m_degradations),
      m_writes(executor, *this, m_config, m_names, m_schema.get()),
      m_next_backoff(m_config.limits.first_backoff),
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
    self->m_woken = true;
    self->m_wake.cancel();
  });
}

Degradations RouterPort::Loop::degradations() const {
  const std::scoped_lock lock{m_degradations_mutex};
  return m_degradations;
}

void RouterPort::Loop::degrade(const char* name, std::string detail) {
  const std::scoped_lock lock{m_degradations_mutex};
  note(m_degradations, name, std::move(detail));
}

// ---- events

void RouterPort::Loop::post_all(std::vector<core::EventBody> events) {
  for (core::EventBody& event : events) m_gate.post(std::move(event));
}

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
  return iosxe::preview(*m_read, desired, m_config);
}

void RouterPort::Loop::post_observed(const ObservedConfig& observed, bool always) {
  {
    const std::scoped_lock lock{m_read_mutex};
    m_read = observed.own;
  }
  core::RouterQosObserved event{m_config.router, m_clock.now(), observed.qos, observed.foreign,
                                m_writes.altered(observed)};
  const bool same = m_posted && m_posted->qos == event.qos && m_posted->foreign == event.foreign &&
                    m_posted->altered == event.altered;
  m_posted = event;
  if (always || !same) m_gate.post(std::move(event));
}

void RouterPort::Loop::on_notification(const std::string& xml) {
  const auto update = parse_notification(xml);
  if (!update) {
    degrade(degraded::kBadNotification, update.error().message);
    return;
  }
  if (!*update) return;
  const auto feed = std::find_if(m_feeds.begin(), m_feeds.end(), [&](const auto& entry) {
    return entry.second.subscription == (*update)->subscription;
  });
  if (feed == m_feeds.end()) return;  // of an earlier subscription, or older than its own answer
  feed->second.last = Steady::now();
  std::vector<core::EventBody> events;
  {
    const std::scoped_lock lock{m_degradations_mutex};
    events = m_reader.read((*update)->data(), m_clock.now());
  }
  post_all(std::move(events));
}

// ---- the session's life

std::shared_ptr<Session> RouterPort::Loop::open_session() {
  m_lost.reset();
  const std::weak_ptr<Loop> weak = weak_from_this();
  Session::Handlers handlers;
  handlers.on_notification = [weak](const std::string& xml) {
    if (const auto self = weak.lock(); self && !self->m_stopped) self->on_notification(xml);
  };
  handlers.on_closed = [weak](const core::Error& why) {
    if (const auto self = weak.lock()) {
      self->m_lost = why;
      self->m_woken = true;
      self->m_wake.cancel();
    }
  };
  return m_factory(m_executor, m_config.access, std::move(handlers));
}

core::Micros RouterPort::Loop::backoff(const std::string& reason) {
  if (reason == errors::kLoginRefused || reason == errors::kUnknownHostKey)
    return m_config.limits.refused_backoff;
  const core::Micros wait = m_next_backoff;
  m_next_backoff = std::min(m_next_backoff * 2, m_config.limits.max_backoff);
  return wait;
}

asio::awaitable<void> RouterPort::Loop::sleep_until(Deadline deadline) {
  if (!m_woken) {
    m_wake.expires_at(deadline);
    boost::system::error_code ignored;
    co_await m_wake.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  m_woken = false;
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
      m_next_backoff = m_config.limits.first_backoff;
      post_session(core::SessionState::connected, {});
      const Status served = co_await serve();
      why = served ? core::Error{errors::kClosed, "stopped"} : served.error();
    } else {
      why = hello.error();
    }
    session->close();
    m_session.reset();
    m_writes.shut();
    if (m_stopped) break;
    post_session(core::SessionState::disconnected, why);
    const Deadline again = Steady::now() + to_chrono(backoff(why.code));
    while (!m_stopped && Steady::now() < again) co_await sleep_until(again);
  }
}

asio::awaitable<core::Expected<void>> RouterPort::Loop::serve() {
  m_reader.reset();
  m_feeds.clear();
  const std::vector<Feed> feeds = feeds_of(m_config);
  for (const Feed& feed : feeds) m_feeds[feed];
  m_posted.reset();
  Status done = co_await m_writes.recover();
  if (done) done = co_await read_config();
  if (done) m_writes.open();
  if (done) done = co_await read_feeds(feeds, true);
  if (done && m_config.push) done = co_await subscribe_all();
  if (done) done = co_await watch();
  co_return done;
}

asio::awaitable<core::Expected<void>> RouterPort::Loop::read_config() {
  const std::shared_ptr<Session> session = m_session;
  const Deadline deadline = Steady::now() + to_chrono(m_config.limits.reply);
  const std::string request = get_config("running");
  const auto reply = co_await ask(*session, request, deadline);
  if (!reply) co_return core::Unexpected{reply.error()};
  if (reply->failed()) {
    degrade(degraded::kReadFailed, "get-config: " + to_string(reply->errors().front()));
    co_return Status{};
  }
  post_observed(observe(reply->data(), m_config, m_names), false);
  co_return Status{};
}

asio::awaitable<core::Expected<void>> RouterPort::Loop::read_feeds(std::vector<Feed> feeds,
                                                                   bool all) {
  if (feeds.empty()) co_return Status{};
  const std::shared_ptr<Session> session = m_session;
  const Deadline deadline = Steady::now() + to_chrono(m_config.limits.reply);
  const std::string request = get_feeds(feeds);
  const auto reply = co_await ask(*session, request, deadline);
  if (!reply) co_return core::Unexpected{reply.error()};
  if (reply->failed()) {
    degrade(degraded::kReadFailed, "get: " + to_string(reply->errors().front()));
    co_return Status{};
  }
  std::vector<core::EventBody> events;
  {
    const std::scoped_lock lock{m_degradations_mutex};
    events = m_reader.read(reply->data(), m_clock.now());
    if (all) m_reader.note_missing(reply->data());
  }
  post_all(std::move(events));
  co_return Status{};
}

/// Each path on its own: routers take some and refuse others, and what is refused is polled.
asio::awaitable<core::Expected<void>> RouterPort::Loop::subscribe_all() {
  const std::shared_ptr<Session> session = m_session;
  std::vector<Feed> feeds;
  for (const auto& [feed, state] : m_feeds) feeds.push_back(feed);
  for (const Feed& feed : feeds) {
    const Deadline deadline = Steady::now() + to_chrono(m_config.limits.reply);
    const std::string request = establish_subscription(feed, m_config.period);
    const auto reply = co_await ask(*session, request, deadline);
    if (!reply) co_return core::Unexpected{reply.error()};
    const SubscriptionAnswer given = subscription_answer(*reply);
    m_feeds[feed].subscription = given.id;
    m_feeds[feed].last = Steady::now();
    if (!given.id) degrade(degraded::kPushRefused, feed.key + ": " + given.result);
  }
  co_return Status{};
}

std::vector<Feed> RouterPort::Loop::feeds_to_poll(Deadline now) const {
  const auto silence = to_chrono(m_config.period) * kSilentPeriods;
  std::vector<Feed> feeds;
  for (const auto& [feed, state] : m_feeds) {
    if (!state.subscription || now - state.last > silence) feeds.push_back(feed);
  }
  return feeds;
}

/// Polls at the period and reconciles now and then, until the session is lost or stop() came.
asio::awaitable<core::Expected<void>> RouterPort::Loop::watch() {
  const auto period = to_chrono(m_config.period);
  Deadline next_poll = Steady::now() + period;
  m_next_reconcile = Steady::now() + kReconcilePeriod;
  while (!m_stopped && !m_lost) {
    co_await sleep_until(std::min(next_poll, m_next_reconcile));
    if (m_stopped || m_lost) break;
    const Deadline now = Steady::now();
    Status done;
    if (now >= next_poll) {
      // A round that took longer than the period is not made up for.
      next_poll = std::max(next_poll + period, now);
      done = co_await read_feeds(feeds_to_poll(now), false);
    }
    if (done && now >= m_next_reconcile) {
      // What is read inside a write may not stay; the write reads by itself.
      const bool busy = m_writes.busy();
      m_next_reconcile = now + (busy ? kBusyPause : kReconcilePeriod);
      if (!busy) done = co_await read_config();
    }
    if (!done) co_return done;
  }
  if (m_lost) co_return core::Unexpected{*m_lost};
  co_return Status{};
}

// ---- writes

void RouterPort::Loop::reconcile_now() {
  m_next_reconcile = Steady::now();
  m_woken = true;
  m_wake.cancel();
}

std::shared_ptr<Session> RouterPort::Loop::write_session() const {
  const bool connected =
      m_posted_session && m_posted_session->state == core::SessionState::connected;
  return connected && !m_lost ? m_session : nullptr;
}

}  // namespace wanwise::iosxe
