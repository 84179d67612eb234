// What is known of one router as the place that holds our QoS: session, configuration found, change
// under way. One owner.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/action.hpp"
#include "engine/core/event.hpp"
#include "engine/core/observe/backoff.hpp"
#include "engine/core/status.hpp"

namespace wanwise::core {

class RouterState {
 public:
  explicit RouterState(RouterName name, OnDrift on_drift = OnDrift::repair)
      : m_name(std::move(name)), m_on_drift(on_drift) {}

  void observe(const RouterSession& session);
  void observe(const RouterQosObserved& found);
  void observe(const RouterHealth& health) { m_health = health; }

  /// Nothing is known until the session has ended in failure or the configuration has been read.
  [[nodiscard]] bool reported() const;
  /// What shall stand on the router from now on.
  void want(RouterQos desired);
  /// What is there differs from what is wanted, and nothing forbids writing it now.
  [[nodiscard]] bool should_write(Instant now) const;
  [[nodiscard]] const RouterQos& wanted() const { return *m_wanted; }

  /// The wanted configuration is on its way to the router.
  void submitted(ActionId id);
  /// True when the action was this router's.
  bool finished(const ActionDone& done, Instant now);
  /// What stands on the router now, as far as known.
  [[nodiscard]] const RouterQos* in_force() const;

  /// The steering that stands there or is on its way; counts up whenever it may have changed.
  [[nodiscard]] std::vector<SteeringRule> steering() const;
  [[nodiscard]] std::uint64_t revision() const { return m_revision; }

  [[nodiscard]] std::optional<Instant> next_retry(Instant now) const;
  [[nodiscard]] RouterStatus status() const;
  void append_degradations(std::vector<Degradation>& out) const;

 private:
  void compare();
  [[nodiscard]] bool drifted() const;

  struct Write {
    ActionId id = 0;
    RouterQos desired;
  };

  RouterName m_name;
  OnDrift m_on_drift;
  std::optional<RouterSession> m_session;
  std::optional<RouterQosObserved> m_found;
  std::optional<RouterHealth> m_health;
  std::optional<RouterQos> m_wanted;
  std::optional<RouterQos> m_written;  ///< the last that the router confirmed to us
  bool m_differs = false;              ///< wanted and found; kept, for the comparison is deep
  std::optional<Write> m_in_flight;
  std::optional<ActionDone> m_last_failure;
  Backoff m_backoff;
  /// As last known: a router keeps its rules while nobody talks to it.
  std::vector<SteeringRule> m_steering;
  std::uint64_t m_revision = 0;
};

}  // namespace wanwise::core
