#include "sim/router/netconf/publisher.hpp"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <utility>
#include <vector>

#include "sim/router/netconf/yang_patch.hpp"
#include "sim/router/oper/oper_data.hpp"

namespace wanwise::router {
namespace {

constexpr const char* kNoSuchOption = "ietf-event-notifications:error-no-such-option";
constexpr const char* kNoSuchSubscription = "ietf-event-notifications:error-no-such-subscription";
constexpr int kSendTimeoutMs = 1000;               // for a lock that nobody else holds
constexpr std::chrono::milliseconds kWireStep{1};  // a turn of the session takes a tenth of it
constexpr std::chrono::milliseconds kOnChangeStep{100};  // how late a change is told at most
constexpr const char* kInsufficient = "ietf-event-notifications:error-insufficient-resources";

bool is_on_change_path(const std::string& path) {
  const Roots roots = Roots::of_xpath(path);
  return roots.has("interfaces") && !roots.has("ip-sla-stats");
}

}  // namespace

Publisher::~Publisher() {
  std::map<std::uint32_t, std::unique_ptr<Subscription>> all;
  {
    const std::lock_guard lock(m_mutex);
    all.swap(m_subscriptions);
  }
  for (auto& [id, subscription] : all) {
    finish(std::move(subscription));
  }
}

bool Publisher::is_known_path(const std::string& path) const {
  ly_set* found = nullptr;
  if (lys_find_xpath(m_ctx, nullptr, path.c_str(), 0, &found) == LY_SUCCESS) {
    bool state = false;  // configuration is not pushed, as on a device without on-change
    for (std::uint32_t i = 0; i < found->count; ++i) {
      state = state || (found->snodes[i]->flags & LYS_CONFIG_R) != 0;
    }
    ly_set_free(found, nullptr);
    return state;
  }
  // Names without prefixes resolve only against data.
  const auto selected = m_source(path);
  return selected && selected->get() != nullptr;
}

Publisher::Answer Publisher::establish(Session& session, const std::string& path,
                                       std::optional<std::uint32_t> period) {
  const bool supported = period || is_on_change_path(path);
  if (!supported || path.empty() || !is_known_path(path)) {
    return {.result = kNoSuchOption};
  }
  const std::lock_guard lock(m_mutex);
  if (period.value_or(kMinPeriodCentiseconds) < kMinPeriodCentiseconds ||
      m_subscriptions.size() >= m_limit) {
    return {.result = kInsufficient};
  }
  auto subscription = std::make_unique<Subscription>();
  subscription->id = ++m_last_id;
  subscription->session = &session;
  subscription->path = path;
  subscription->period = period ? std::chrono::milliseconds(10) * *period : kOnChangeStep;
  subscription->on_change = !period;
  nc_session_inc_notif_status(session.raw);  // libnetconf2 sends no notification without it
  const std::uint32_t id = subscription->id;
  m_subscriptions.emplace(id, std::move(subscription));
  return {.id = id};
}

std::optional<std::uint32_t> Publisher::period_of(const Subscription& own) {
  if (own.on_change || !own.thread_needed) {
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(own.period.count() / 10);
}

TelemetryState Publisher::state() {
  const std::lock_guard lock(m_mutex);
  TelemetryState out{.limit = m_limit, .subscriptions = {}};
  for (const auto& [id, own] : m_subscriptions) {
    out.subscriptions.push_back(
        {.id = id,
         .stream = "yang-push",
         .path = own->path,
         .period_centiseconds = static_cast<std::uint32_t>(own->period.count() / 10)});
  }
  return out;
}

void Publisher::limit(std::size_t subscriptions) {
  const std::lock_guard lock(m_mutex);
  m_limit = std::min(subscriptions, kMaxSubscriptions);
}

Publisher::Answer Publisher::establish_native(Session& session, const std::string& path) {
  const lysc_node* known = path.empty() ? nullptr : lys_find_path(m_ctx, nullptr, path.c_str(), 0);
  if (known == nullptr || known->nodetype != LYS_NOTIF) {
    return {.result = kNoSuchOption};
  }
  const std::lock_guard lock(m_mutex);
  if (m_subscriptions.size() >= m_limit) {
    return {.result = kInsufficient};
  }
  auto subscription = std::make_unique<Subscription>();
  subscription->id = ++m_last_id;
  subscription->session = &session;
  subscription->path = path;
  subscription->thread_needed = false;
  nc_session_inc_notif_status(session.raw);
  (void)m_events.listen(session, EventStream::native, Roots::of_xpath(path));
  const std::uint32_t id = subscription->id;
  m_subscriptions.emplace(id, std::move(subscription));
  return {.id = id};
}

Publisher::Answer Publisher::erase(Session& session, std::uint32_t id) {
  std::unique_ptr<Subscription> found;
  {
    const std::lock_guard lock(m_mutex);
    const auto it = m_subscriptions.find(id);
    if (it == m_subscriptions.end() || it->second->session != &session) {
      return {.result = kNoSuchSubscription};
    }
    found = std::move(it->second);
    m_subscriptions.erase(it);
  }
  finish(std::move(found));
  return {};
}

void Publisher::finish(std::unique_ptr<Subscription> subscription) {
  subscription->thread = {};  // asks to stop and joins
  nc_session_dec_notif_status(subscription->session->raw);
}

void Publisher::start_pending(Session& session) {
  const std::lock_guard lock(m_mutex);
  for (auto& [id, subscription] : m_subscriptions) {
    if (subscription->session == &session && subscription->thread_needed &&
        !subscription->thread.joinable()) {
      const Subscription* borrowed = subscription.get();
      subscription->thread =
          std::jthread([this, borrowed](const std::stop_token& stop) { run(stop, *borrowed); });
    }
  }
}

void Publisher::drop(Session& session) {
  std::vector<std::unique_ptr<Subscription>> mine;
  {
    const std::lock_guard lock(m_mutex);
    for (auto it = m_subscriptions.begin(); it != m_subscriptions.end();) {
      if (it->second->session == &session) {
        mine.push_back(std::move(it->second));
        it = m_subscriptions.erase(it);
      } else {
        ++it;
      }
    }
  }
  for (auto& subscription : mine) {
    finish(std::move(subscription));
  }
}

void Publisher::run(const std::stop_token& stop, const Subscription& subscription) {
  std::mutex mutex;
  std::condition_variable_any wake;
  Tree before;
  bool first = true;
  auto next = std::chrono::steady_clock::now();
  while (!stop.stop_requested()) {
    auto data = m_source(subscription.path);
    if (!data) {
      return;
    }
    const bool whole = first || !subscription.on_change;
    Tree now = subscription.on_change ? data->copy() : Tree();
    if (whole ? !send_update(stop, subscription, std::move(*data))
              : !send_changes(stop, subscription, before, *data)) {
      return;
    }
    before = std::move(now);
    first = false;
    next += subscription.period;
    std::unique_lock lock(mutex);
    wake.wait_until(lock, stop, next, [] { return false; });
  }
}

bool Publisher::send_update(const std::stop_token& stop, const Subscription& subscription,
                            Tree data) {
  lyd_node* update = nullptr;
  lyd_new_inner(nullptr, ly_ctx_get_module_implemented(m_ctx, "ietf-yang-push"), "push-update", 0,
                &update);
  return send(stop, subscription, update, "datastore-contents-xml", data.release());
}

bool Publisher::send_changes(const std::stop_token& stop, const Subscription& subscription,
                             const Tree& before, const Tree& after) {
  Tree patch = yang_patch(m_ctx, before, after);
  if (!patch) {
    return true;
  }
  lyd_node* update = nullptr;
  lyd_new_inner(nullptr, ly_ctx_get_module_implemented(m_ctx, "ietf-yang-push"),
                "push-change-update", 0, &update);
  return send(stop, subscription, update, "datastore-changes-xml", patch.release());
}

bool Publisher::send(const std::stop_token& stop, const Subscription& subscription,
                     lyd_node* update, const char* content, lyd_node* data) {
  std::timespec now{};
  std::timespec_get(&now, TIME_UTC);
  const std::string time = date_and_time(now);
  lyd_new_term(update, nullptr, "subscription-id", std::to_string(subscription.id).c_str(), 0,
               nullptr);
  lyd_new_term(update, nullptr, "time-of-update", time.c_str(), 0, nullptr);
  lyd_new_any(update, nullptr, content, data, 1, LYD_ANYDATA_DATATREE, 0, nullptr);
  nc_server_notif* message = nc_server_notif_new(update, ::strdup(time.c_str()), NC_PARAMTYPE_FREE);
  const bool sent = send_when_free(stop, *subscription.session, message);
  nc_server_notif_free(message);
  return sent;
}

// Not while a request of the session is served: deleting the subscription waits for this thread.
bool Publisher::send_when_free(const std::stop_token& stop, Session& session,
                               nc_server_notif* message) {
  std::unique_lock wire(*session.wire, std::defer_lock);
  while (!wire.try_lock()) {
    if (stop.stop_requested()) {
      return false;
    }
    std::this_thread::sleep_for(kWireStep);
  }
  return nc_server_notif_send(session.raw, message, kSendTimeoutMs) == NC_MSG_NOTIF;
}

}  // namespace wanwise::router
