// Is a target there: the router's port, the scrapes of its exporters and the cluster's word weighed
// together, so that a dead node is known within 3 s and not after Kubernetes' 40 s, and a dead
// exporter alone does not pass for a dead node. One owner.
//
//   dead     its port is down, and a scrape failed since or a second has passed;
//            two scrapes in a row failed, and no heartbeat came since the first of them;
//            the cluster says that it is not ready;
//            two heartbeats are missing and nothing of it is scraped.
//   unknown  it used to report and went silent.
// Each word counts while it is fresh: a router or cluster that is out of reach says nothing.
#pragma once

#include <optional>
#include <string>

#include "engine/core/event.hpp"

namespace wanwise::core {

enum class Health : std::uint8_t {
  alive,
  dead,
  unknown,  ///< it used to report and went silent
};

class NodeLiveness {
 public:
  explicit NodeLiveness(Micros stale_after) : m_stale_after(stale_after) {}

  void observe(const TargetSample& scrape);
  void observe(const NodePort& port);
  void observe(const NodeObserved& node);

  /// Somebody who looks at the target itself has told of it.
  [[nodiscard]] bool reported() const { return m_heard_at.has_value(); }
  [[nodiscard]] Health health(Instant now) const;
  /// Why it is not alive, for people; empty while it is.
  [[nodiscard]] std::string reason(Instant now) const;
  /// It is alive although its scrapes fail: the exporter is dead.
  [[nodiscard]] bool exporter_dead(Instant now) const;
  /// When health() may change by time alone.
  [[nodiscard]] std::optional<Instant> next_expiry(Instant now) const;

  [[nodiscard]] const std::optional<NodePort>& port() const { return m_port; }
  [[nodiscard]] const std::optional<NodeObserved>& node() const { return m_node; }

 private:
  enum class Finding : std::uint8_t {
    alive,
    port_down,
    scrapes_failed,
    not_ready,
    heartbeats_missing,
    silent,
  };

  [[nodiscard]] Finding finding(Instant now) const;
  [[nodiscard]] bool fresh(std::optional<Instant> at, Instant now) const;
  [[nodiscard]] bool port_is_down(Instant now) const;
  [[nodiscard]] std::optional<Instant> beat_at() const;
  /// A heartbeat came after scrapes had begun to fail.
  [[nodiscard]] bool vouched_for(Instant now) const;

  Micros m_stale_after;
  std::optional<Instant> m_heard_at;       ///< last scrape, good or failed, or word of the cluster
  std::optional<Instant> m_scraped_at;     ///< last scrape, good or failed
  std::optional<Instant> m_failing_since;  ///< first of the failed scrapes in a row
  int m_failed = 0;                        ///< in a row; at most as many as matter
  std::optional<NodePort> m_port;
  Instant m_port_down_since;
  std::optional<NodeObserved> m_node;
};

}  // namespace wanwise::core
