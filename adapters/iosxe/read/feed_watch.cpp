#include "adapters/iosxe/read/feed_watch.hpp"

#include <algorithm>
#include <utility>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/release/yang_library.hpp"
#include "adapters/iosxe/session/ask.hpp"
#include "adapters/iosxe/xml/namespaces.hpp"
#include "adapters/iosxe/xml/xml.hpp"

namespace wanwise::iosxe {
namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;
namespace {

/// Running is read no oftener than this where notifications tell of its changes: somebody's script
/// makes many of them at once.
constexpr std::chrono::seconds kConfigGap{1};
/// Reads that notifications ask for are put together for so long; a burst is one read.
constexpr std::chrono::milliseconds kSoonGap{100};

std::chrono::microseconds to_chrono(core::Micros duration) {
  return std::chrono::microseconds{duration.count};
}

/// The <rpc-error> of somebody who does not know the operation (RFC 6241 appendix A).
core::Expected<Reply> refusal(const std::string& why) {
  XmlWriter out;
  out.open("rpc-reply", ns::kNetconf).open("rpc-error");
  out.leaf("error-type", "protocol").leaf("error-tag", "operation-not-supported");
  out.leaf("error-severity", "error").leaf("error-message", why);
  return Reply::parse(out.close().close().take());
}

}  // namespace

FeedWatch::FeedWatch(const asio::any_io_executor& executor, ReadHost& host,
                     const ports::Clock& clock, const RouterConfig& config, const NameTable& names)
    : m_host(host),
      m_clock(clock),
      m_site(config),
      m_config(config),
      m_names(names),
      m_reader(m_config, names, m_found),
      m_wake(executor),
      m_subscriptions(config.period) {}

asio::awaitable<core::Expected<Reply>> FeedWatch::request(std::string operation) {
  const std::shared_ptr<Session> session = m_host.read_session();
  if (session == nullptr) co_return core::fail(errors::kNotConnected, "no session");
  const Deadline deadline = Steady::now() + to_chrono(m_config.limits.reply);
  auto reply = co_await ask(*session, std::move(operation), deadline);
  // Not sent, and the session lives: as if the router had refused it.
  if (!reply && reply.error().code == errors::kOperationUnknown)
    co_return refusal(reply.error().message);
  co_return reply;
}

asio::awaitable<core::Expected<void>> FeedWatch::serve() {
  m_reader.reset();
  m_known = {};
  m_known.connected_once = true;
  m_known.hello = m_host.hello();
  m_offset = {};
  m_on_change_paths = {};
  m_failing.clear();
  m_soon.clear();
  m_outlived.clear();
  m_last_soon = {};
  Status done = co_await m_host.recover();
  if (done) done = co_await find_out();  // before anything is written: in which words
  if (done) done = co_await read_config();
  if (done) m_host.open_writes();
  if (!done) co_return done;
  const std::vector<Feed> feeds = feeds_of(m_config, m_known.features);
  m_subscriptions.begin(feeds, m_clock.now());
  done = co_await read_feeds(feeds, Extent::whole);
  if (m_config.push && !has(Feature::yang_push))
    m_host.degrade(degraded::kPushRefused, m_known.features.state(Feature::yang_push).reason);
  if (done && m_config.push && has(Feature::yang_push)) done = co_await subscribe_all();
  if (done) done = co_await subscribe_events();
  publish();
  if (done) done = co_await watch();
  co_return done;
}

asio::awaitable<core::Expected<void>> FeedWatch::read_config() {
  m_config_changed = false;
  m_last_config = Steady::now();
  std::string operation = get_config("running");
  const auto reply = co_await request(std::move(operation));
  if (!reply) co_return core::Unexpected{reply.error()};
  if (reply->failed()) {
    m_host.degrade(degraded::kReadFailed, "get-config: " + to_string(reply->errors().front()));
    co_return Status{};
  }
  const ObservedConfig observed = observe(reply->data(), m_site, m_names);
  found(observed);
  m_host.observed(observed);
  co_return Status{};
}

/// Which modules, and so which features. A router that tells nothing is taken for the oldest that
/// wanwise supports.
asio::awaitable<core::Expected<void>> FeedWatch::find_out() {
  for (const LibraryTree tree : {LibraryTree::modules_state, LibraryTree::yang_library}) {
    std::string operation = get_library(tree);
    const auto reply = co_await request(std::move(operation));
    if (!reply) co_return core::Unexpected{reply.error()};
    if (!reply->failed()) m_known.modules = read_library(reply->data());
    if (m_known.modules.empty()) continue;
    m_known.modules_from = tree == LibraryTree::modules_state ? "modules-state" : "yang-library";
    m_known.features = FeatureSet{m_known.modules};
    m_known.release = release_hint(m_known.modules);
    break;
  }
  if (m_known.modules_from.empty())
    m_host.degrade(degraded::kLibraryUnreadable, "taken for IOS XE 17.6.1");
  for (const Feature feature : missing_features(m_config, m_known.features)) {
    m_host.degrade(degraded::kFeatureMissing,
                   std::string{to_string(feature)} + ": " + m_known.features.state(feature).reason);
  }
  publish();
  co_return Status{};
}

void FeedWatch::publish() {
  m_known.feeds = static_cast<std::uint32_t>(m_subscriptions.size());
  m_known.feeds_pushed = static_cast<std::uint32_t>(m_subscriptions.pushed());
  m_host.learned(m_known);
}

void FeedWatch::take(const XmlNode& data, core::Instant observed, Extent extent) {
  for (core::EventBody& event : m_reader.read(data, observed, extent))
    m_host.post(std::move(event));
  m_host.add(std::exchange(m_found, {}));
}

asio::awaitable<core::Expected<void>> FeedWatch::read_feeds(std::vector<Feed> feeds,
                                                            Extent extent) {
  std::erase_if(feeds, [&](const Feed& feed) { return m_failing.contains(feed); });
  if (feeds.empty()) co_return Status{};
  std::string operation = get_feeds(feeds, m_known.features);
  // What the reply says was true when the router made it, which is not before it was asked.
  const core::Instant asked = m_clock.now();
  const auto reply = co_await request(std::move(operation));
  if (!reply) co_return core::Unexpected{reply.error()};
  if (reply->failed()) {
    m_host.degrade(degraded::kReadFailed, "get: " + to_string(reply->errors().front()));
    co_return co_await read_apart(feeds);
  }
  for (const Feed& feed : feeds) m_subscriptions.polled(feed, asked);
  // An interface without a BFD session says so only where all were asked for.
  const bool all = std::all_of(m_config.links.begin(), m_config.links.end(), [&](const auto& link) {
    return std::find(feeds.begin(), feeds.end(), Feed{FeedKind::bfd, link.interface}) !=
           feeds.end();
  });
  take(reply->data(), asked, all ? Extent::whole : Extent::part);
  if (extent == Extent::whole) {
    m_reader.note_missing(reply->data(), m_known.features);
    m_host.add(std::exchange(m_found, {}));
  }
  co_return Status{};
}

/// One bad path must not take the others with it: each on its own, and those that fail are left
/// alone until the next turn of reconciling.
asio::awaitable<core::Expected<void>> FeedWatch::read_apart(const std::vector<Feed>& feeds) {
  for (const Feed& feed : feeds) {
    const std::vector<Feed> one{feed};
    std::string operation = get_feeds(one, m_known.features);
    const core::Instant asked = m_clock.now();
    const auto reply = co_await request(std::move(operation));
    if (!reply) co_return core::Unexpected{reply.error()};
    if (reply->failed()) {
      m_failing.insert(feed);
      m_host.degrade(degraded::kReadFailed,
                     to_string(feed) + ": " + to_string(reply->errors().front()));
      continue;
    }
    m_subscriptions.polled(feed, asked);
    take(reply->data(), asked, Extent::part);
  }
  co_return Status{};
}

// ---- subscriptions

/// Each path on its own: routers take some and refuse others, and what is refused is polled.
asio::awaitable<core::Expected<void>> FeedWatch::subscribe_all() {
  if (has(Feature::on_change_capabilities)) {
    std::string operation = get_on_change();
    const auto reply = co_await request(std::move(operation));
    if (!reply) co_return core::Unexpected{reply.error()};
    if (!reply->failed()) m_on_change_paths = OnChangePaths{reply->data()};
  }
  for (const Feed& feed : feeds_to_push(m_config, m_known.features, m_on_change_paths)) {
    const bool on_change = may_push_on_change(feed.kind) && m_on_change_paths.covers(feed);
    const auto trigger = on_change ? Subscriptions::Trigger{} : m_config.period;
    if (const Status done = co_await subscribe(feed, trigger); !done) co_return done;
  }
  if (!has(Feature::subscription_limits)) co_return Status{};
  std::string operation = get_limits();
  const auto reply = co_await request(std::move(operation));
  if (!reply) co_return core::Unexpected{reply.error()};
  const SubscriptionLimits limits =
      reply->failed() ? SubscriptionLimits{} : read_limits(reply->data());
  m_known.subscriptions_max = limits.max;
  m_known.subscriptions_used = limits.used;
  co_return Status{};
}

asio::awaitable<core::Expected<void>> FeedWatch::subscribe(Feed feed,
                                                           Subscriptions::Trigger trigger) {
  for (;;) {
    std::string operation = establish_subscription(feed, trigger);
    const auto reply = co_await request(std::move(operation));
    if (!reply) co_return core::Unexpected{reply.error()};
    const SubscriptionAnswer given = subscription_answer(*reply);
    const Subscriptions::Next next = m_subscriptions.answered(feed, trigger, given);
    if (given.id) co_return Status{};
    if (!next.again) {
      m_host.degrade(degraded::kPushRefused, to_string(feed) + ": " + given.result);
      co_return Status{};
    }
    if (trigger) m_host.degrade(degraded::kPushSlowed, to_string(feed) + ": " + given.result);
    trigger = next.trigger;
  }
}

/// Being told at once of changed configurations and of broken paths; without it, both are found by
/// reading.
asio::awaitable<core::Expected<void>> FeedWatch::subscribe_events() {
  // RFC 5277 6: after create-subscription a session takes no other request unless it has
  // :interleave.
  if (m_known.hello.notification && m_known.hello.interleave) {
    std::string operation = subscribe_config_changes();
    const auto reply = co_await request(std::move(operation));
    if (!reply) co_return core::Unexpected{reply.error()};
    m_known.config_events = !reply->failed();
    if (reply->failed())
      m_host.degrade(degraded::kNoConfigEvents, to_string(reply->errors().front()));
  } else {
    m_host.degrade(degraded::kNoConfigEvents, "the router does not offer :interleave");
  }
  const bool probes = std::any_of(m_config.links.begin(), m_config.links.end(),
                                  [](const LinkConfig& link) { return !probes_of(link).empty(); });
  if (!probes || !m_config.push) co_return Status{};
  if (!has(Feature::ip_sla_reactions) || !has(Feature::native_notifications)) {
    const Feature lacking =
        has(Feature::ip_sla_reactions) ? Feature::native_notifications : Feature::ip_sla_reactions;
    m_host.degrade(degraded::kNoReactionEvents, m_known.features.state(lacking).reason);
    co_return Status{};
  }
  std::string operation = establish_reactions();
  const auto reply = co_await request(std::move(operation));
  if (!reply) co_return core::Unexpected{reply.error()};
  const SubscriptionAnswer given = subscription_answer(*reply);
  m_known.reaction_events = given.id.has_value();
  if (!given.id) m_host.degrade(degraded::kNoReactionEvents, given.result);
  co_return Status{};
}

/// The order of probes_of() does not depend on the numbers.
void FeedWatch::found(const ObservedConfig& observed) {
  const RouterConfig before = std::exchange(m_config, as_the_router_numbers(m_site, observed.own));
  for (std::size_t i = 0; i < m_config.links.size(); ++i) {
    const auto was = probes_of(before.links[i]);
    const auto is = probes_of(m_config.links[i]);
    for (std::size_t j = 0; j < is.size(); ++j) {
      if (was[j].entry == is[j].entry) continue;
      const Feed gone{FeedKind::probe, std::to_string(was[j].entry)};
      const Feed come{FeedKind::probe, std::to_string(is[j].entry)};
      if (const auto id = m_subscriptions.exchange(gone, come)) m_outlived.push_back(*id);
    }
  }
}

/// No modify on IOS XE: what has died is deleted and asked for anew.
asio::awaitable<core::Expected<void>> FeedWatch::renew() {
  for (const std::uint32_t id : std::exchange(m_outlived, std::vector<std::uint32_t>{})) {
    std::string operation = delete_subscription(id);
    const auto reply = co_await request(std::move(operation));
    if (!reply) co_return core::Unexpected{reply.error()};
  }
  for (const Subscriptions::Stale& stale : m_subscriptions.to_renew(m_clock.now())) {
    if (stale.id) {
      m_host.degrade(degraded::kPushSilent, to_string(stale.feed));
      std::string operation = delete_subscription(*stale.id);
      const auto reply = co_await request(std::move(operation));
      if (!reply) co_return core::Unexpected{reply.error()};
      m_subscriptions.ended(*stale.id);  // also when the router says that it knows of none
    }
    if (const Status done = co_await subscribe(stale.feed, m_config.period); !done) co_return done;
  }
  publish();
  co_return Status{};
}

// ---- the watch

Deadline FeedWatch::next_due() const {
  Deadline due = std::min(m_next_poll, m_next_slow);
  if (!m_soon.empty()) due = std::min(due, m_last_soon + kSoonGap);
  // While a write is under way its own read-back tells more; the next poll looks again.
  if (m_host.writing()) return due;
  const Deadline told = m_config_changed ? m_last_config + kConfigGap : Deadline::max();
  return std::min({due, m_last_config + to_chrono(m_config.limits.reconcile), told});
}

/// Polls at the period and reconciles now and then, until the session is lost or stop() came.
asio::awaitable<core::Expected<void>> FeedWatch::watch() {
  const Deadline begin = Steady::now();
  m_next_poll = begin + to_chrono(m_config.period);
  m_next_slow = begin + to_chrono(m_config.period) * Subscriptions::kSlowPeriods;
  while (!m_host.ended()) {
    co_await m_wake.sleep_until(next_due());
    if (m_host.ended()) break;
    if (const Status done = co_await turn(Steady::now()); !done) co_return done;
  }
  if (m_host.ended()->code == errors::kClosed) co_return Status{};
  co_return core::Unexpected{*m_host.ended()};
}

/// Whatever is due at `now`.
asio::awaitable<core::Expected<void>> FeedWatch::turn(Deadline now) {
  if (!m_soon.empty() && now >= m_last_soon + kSoonGap) {
    m_last_soon = now;
    const std::set<Feed> soon = std::exchange(m_soon, {});
    const Status done = co_await read_feeds({soon.begin(), soon.end()}, Extent::part);
    if (!done) co_return done;
  }
  if (now >= m_next_poll) {
    const auto period = to_chrono(m_config.period);
    const bool slow = now >= m_next_slow;
    // A round that took longer than the period is not made up for.
    m_next_poll = std::max(m_next_poll + period, now);
    if (slow) m_next_slow = std::max(m_next_slow + period * Subscriptions::kSlowPeriods, now);
    const Status done =
        co_await read_feeds(m_subscriptions.to_poll(m_clock.now(), slow), Extent::part);
    if (!done) co_return done;
  }
  if (m_host.writing()) co_return Status{};
  const bool told = m_config_changed && now >= m_last_config + kConfigGap;
  const bool due = now >= m_last_config + to_chrono(m_config.limits.reconcile);
  if (told || due) {
    if (const Status done = co_await read_config(); !done) co_return done;
  }
  if (due) {
    m_failing.clear();
    co_return co_await renew();
  }
  co_return Status{};
}

// ---- notifications

void FeedWatch::on_notification(const std::string& xml) {
  const auto notification = parse_notification(xml);
  if (!notification) {
    m_host.degrade(degraded::kBadNotification, notification.error().message);
    return;
  }
  const core::Instant received = m_clock.now();
  const core::Instant observed =
      notification->time ? m_offset.observe(*notification->time, received) : received;
  switch (notification->kind) {
    case Notification::Kind::push_update:
    case Notification::Kind::push_change:
      return on_push(*notification, observed, received);
    case Notification::Kind::reaction:
      return on_reaction(*notification, observed);
    case Notification::Kind::ended:
      if (notification->subscription) m_subscriptions.ended(*notification->subscription);
      return;
    case Notification::Kind::config_change:
      if (notification->changed_by() == m_host.hello().session_id) return;
      m_config_changed = true;
      m_wake.notify();
      return;
    case Notification::Kind::other:
      return;
  }
}

void FeedWatch::on_push(const Notification& notification, core::Instant observed,
                        core::Instant received) {
  if (notification.data().child("ipsla-reaction-update"))
    return on_reaction(notification, observed);
  const Subscriptions::Heard heard = m_subscriptions.heard(*notification.subscription, observed);
  if (heard.feed == nullptr) return;  // of an earlier subscription, or older than its own answer
  if (received - observed > m_config.period * Subscriptions::kSilentPeriods)
    m_host.degrade(degraded::kPushLate, to_string(*heard.feed));
  // What was read meanwhile is newer than what was held up on its way.
  if (!heard.newest) return;
  // A change holds a leaf or two of many; what it is part of is read as a whole.
  if (notification.kind == Notification::Kind::push_change) return read_soon(*heard.feed);
  if (heard.feed->kind == FeedKind::interface_state) return read_soon(*heard.feed);
  take(notification.data(), observed, Extent::part);
}

void FeedWatch::on_reaction(const Notification& notification, core::Instant observed) {
  TelemetryReader::Reaction reaction = m_reader.read_reaction(notification.reaction(), observed);
  for (core::EventBody& event : reaction.events) m_host.post(std::move(event));
  m_host.add(std::exchange(m_found, {}));
  if (reaction.read_again) read_soon({FeedKind::probe, std::to_string(*reaction.read_again)});
}

void FeedWatch::reconcile_now() {
  m_config_changed = true;
  m_last_config = Steady::now() - kConfigGap;
  m_wake.notify();
}

void FeedWatch::read_soon(const Feed& feed) {
  const bool state = feed.kind == FeedKind::interface_state;
  m_soon.insert(state ? Feed{FeedKind::interface, feed.key} : feed);
  m_wake.notify();
}

}  // namespace wanwise::iosxe
