#include "engine/core/observe/node_liveness.hpp"

#include <algorithm>

#include "engine/core/observe/freshness.hpp"

namespace wanwise::core {
namespace {

/// One failed scrape may be a lost packet; a second in a row is a dead node. At the default period
/// of half a second a dead TX2 is known within a second.
constexpr int kScrapesToDead = 2;
/// A port that is down for so long is no glitch of its line: a copper link that renegotiates is
/// down for two seconds or more, and its node is out of reach so long.
constexpr Micros kPortConfirmed = seconds(1);
/// A kubelet renews its lease every 10 s (a quarter of nodeLeaseDurationSeconds, 40 s by default):
/// two renewals are missing, with 2 s for the way.
constexpr Micros kHeartbeatsMissing = seconds(22);

}  // namespace

void NodeLiveness::observe(const TargetSample& scrape) {
  if (m_scraped_at && scrape.observed_at < *m_scraped_at) return;
  m_scraped_at = scrape.observed_at;
  m_heard_at = std::max(m_heard_at.value_or(scrape.observed_at), scrape.observed_at);
  if (scrape.reachable) {
    m_failing_since.reset();
    m_failed = 0;
    return;
  }
  if (!m_failing_since) m_failing_since = scrape.observed_at;
  m_failed = std::min(m_failed + 1, kScrapesToDead);
}

void NodeLiveness::observe(const NodePort& port) {
  if (m_port && port.observed_at < m_port->observed_at) return;
  if (!port.up && (!m_port || m_port->up)) m_port_down_since = port.observed_at;
  m_port = port;
}

void NodeLiveness::observe(const NodeObserved& node) {
  if (m_node && node.observed_at < m_node->observed_at) return;
  m_node = node;
  m_heard_at = std::max(m_heard_at.value_or(node.observed_at), node.observed_at);
}

bool NodeLiveness::fresh(std::optional<Instant> at, Instant now) const {
  return freshness(at, now, m_stale_after) == Freshness::fresh;
}

bool NodeLiveness::port_is_down(Instant now) const {
  if (!m_port || m_port->up || !fresh(m_port->observed_at, now)) return false;
  const bool scrape_failed = m_failed > 0 && *m_scraped_at >= m_port_down_since;
  return scrape_failed || now - m_port_down_since >= kPortConfirmed;
}

std::optional<Instant> NodeLiveness::beat_at() const {
  if (!m_node || !m_node->heartbeat_age) return std::nullopt;
  return m_node->observed_at - *m_node->heartbeat_age;
}

bool NodeLiveness::vouched_for(Instant now) const {
  const auto beat = beat_at();
  return beat && m_failing_since && *beat > *m_failing_since && now - *beat < kHeartbeatsMissing;
}

NodeLiveness::Finding NodeLiveness::finding(Instant now) const {
  if (port_is_down(now)) return Finding::port_down;
  const bool scraped = fresh(m_scraped_at, now);
  if (scraped && m_failed >= kScrapesToDead && !vouched_for(now)) return Finding::scrapes_failed;
  if (m_node && fresh(m_node->observed_at, now)) {
    if (!m_node->ready) return Finding::not_ready;
    const auto beat = beat_at();
    const bool late = beat && now - *beat >= kHeartbeatsMissing;
    if (late && !(scraped && m_failed == 0)) return Finding::heartbeats_missing;
  }
  if (m_heard_at && !fresh(m_heard_at, now)) return Finding::silent;
  return Finding::alive;
}

Health NodeLiveness::health(Instant now) const {
  switch (finding(now)) {
    case Finding::alive:
      return Health::alive;
    case Finding::port_down:
    case Finding::scrapes_failed:
    case Finding::not_ready:
    case Finding::heartbeats_missing:
      return Health::dead;
    case Finding::silent:
      return Health::unknown;
  }
  return Health::unknown;
}

std::string NodeLiveness::reason(Instant now) const {
  switch (finding(now)) {
    case Finding::alive:
      return {};
    case Finding::port_down:
      return "the router's port to it is down";
    case Finding::scrapes_failed:
      return "two scrapes in a row failed";
    case Finding::not_ready:
      return "the cluster says that it is not ready";
    case Finding::heartbeats_missing:
      return "two heartbeats to the cluster are missing";
    case Finding::silent:
      return "its metrics stopped";
  }
  return {};
}

bool NodeLiveness::exporter_dead(Instant now) const {
  return finding(now) == Finding::alive && m_failed >= kScrapesToDead && fresh(m_scraped_at, now);
}

std::optional<Instant> NodeLiveness::next_expiry(Instant now) const {
  std::optional<Instant> next = core::next_expiry(m_heard_at, now, m_stale_after);
  const auto consider = [&](std::optional<Instant> at) {
    if (at && *at > now) next = earlier(next, at);
  };
  consider(core::next_expiry(m_scraped_at, now, m_stale_after));
  if (m_port) {
    consider(core::next_expiry(m_port->observed_at, now, m_stale_after));
    if (!m_port->up) consider(m_port_down_since + kPortConfirmed);
  }
  if (m_node) consider(core::next_expiry(m_node->observed_at, now, m_stale_after));
  if (const auto beat = beat_at()) consider(*beat + kHeartbeatsMissing);
  return next;
}

}  // namespace wanwise::core
