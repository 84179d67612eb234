// What is known of one router as the place that holds our QoS: session, configuration found, change
// under way. One owner.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/action.hpp"
#include "engine/core/backoff.hpp"
#include "engine/core/event.hpp"
#include "engine/core/status.hpp"

namespace wanwise::core {

class RouterState {
 public:
  explicit RouterState(RouterName name) : m_name(std::move(name)) {}

  void observe(const RouterSession& session);
  void observe(const RouterQosObserved& found);

  /// Nothing is known until the session has ended in failure or the configuration has been read.
  [[nodiscard]] bool reported() const;
  /// `desired` differs from what is there, and nothing forbids writing it now.
  [[nodiscard]] bool should_write(const RouterQos& desired, Instant now) const;

  void submitted(ActionId id, RouterQos desired);
  /// True when the action was this router's.
  bool finished(const ActionDone& done, Instant now);
  /// What stands on the router now, as far as known.
  [[nodiscard]] const RouterQos* in_force() const;

  [[nodiscard]] std::optional<Instant> next_retry(Instant now) const;
  [[nodiscard]] RouterStatus status(const std::optional<RouterQos>& desired) const;
  void append_degradations(std::vector<Degradation>& out) const;

 private:
  struct Write {
    ActionId id = 0;
    RouterQos desired;
  };

  RouterName m_name;
  std::optional<RouterSession> m_session;
  std::optional<RouterQosObserved> m_found;
  std::optional<Write> m_in_flight;
  std::optional<ActionDone> m_last_failure;
  Backoff m_backoff;
};

}  // namespace wanwise::core
