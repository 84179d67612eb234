#include "adapters/iosxe/read/subscriptions.hpp"

#include <algorithm>

namespace wanwise::iosxe {

void Subscriptions::begin(const std::vector<Feed>& feeds, core::Instant now) {
  m_states.clear();
  for (const Feed& feed : feeds) m_states[feed] = {{}, false, false, m_period, now};
}

Subscriptions::Next Subscriptions::answered(const Feed& feed, Trigger trigger,
                                            const SubscriptionAnswer& answer) {
  State& state = m_states[feed];
  state.id = answer.id;
  state.on_change = answer.id && !trigger;
  state.may_renew = false;
  state.period = trigger.value_or(m_period);
  // `last` stays: until the first push has come the feed is as old as its last read.
  if (answer.id) return {};
  if (!trigger)  // periodically, then
    return {feed.kind != FeedKind::interface_state, m_period};
  if (answer.result != "error-insufficient-resources") return {};
  const core::Micros longer = *trigger * 2;
  state.may_renew = longer > m_period * kLongestPeriod;
  return {!state.may_renew, longer};
}

Subscriptions::Heard Subscriptions::heard(std::uint32_t id, core::Instant observed) {
  for (auto& [feed, state] : m_states) {
    if (state.id != id) continue;
    const bool newest = observed >= state.last;
    state.last = std::max(state.last, observed);
    return {&feed, newest};
  }
  return {};
}

void Subscriptions::polled(const Feed& feed, core::Instant asked) {
  const auto found = m_states.find(feed);
  if (found != m_states.end()) found->second.last = std::max(found->second.last, asked);
}

std::optional<std::uint32_t> Subscriptions::exchange(const Feed& gone, const Feed& come) {
  const auto at = m_states.find(gone);
  if (at == m_states.end()) return std::nullopt;
  const State old = at->second;
  m_states.erase(at);
  m_states[come] = {{}, false, old.id.has_value() || old.may_renew, m_period, old.last};
  return old.id;
}

void Subscriptions::ended(std::uint32_t id) {
  for (auto& [feed, state] : m_states) {
    if (state.id != id) continue;
    state.id.reset();
    state.on_change = false;
    state.may_renew = true;
  }
}

bool Subscriptions::on_change(const Feed& feed) const {
  const auto found = m_states.find(feed);
  return found != m_states.end() && found->second.on_change;
}

std::size_t Subscriptions::pushed() const {
  return static_cast<std::size_t>(std::count_if(m_states.begin(), m_states.end(),
                                                [](const auto& entry) { return entry.second.id; }));
}

std::vector<Feed> Subscriptions::to_poll(core::Instant now, bool slow) const {
  std::vector<Feed> feeds;
  for (const auto& [feed, state] : m_states) {
    if (feed.kind == FeedKind::interface_state) continue;
    const bool slow_one = is_slow(feed.kind) || state.on_change;
    const bool silent = now - state.last > state.period * kSilentPeriods;
    if (slow_one ? slow : !state.id || silent) feeds.push_back(feed);
  }
  return feeds;
}

std::vector<Subscriptions::Stale> Subscriptions::to_renew(core::Instant now) const {
  std::vector<Stale> stale;
  for (const auto& [feed, state] : m_states) {
    const bool dead =
        state.id && !state.on_change && now - state.last > state.period * kDeadPeriods;
    if (dead || state.may_renew) stale.push_back({feed, state.id});
  }
  return stale;
}

}  // namespace wanwise::iosxe
