#include "engine/core/observe/router_state.hpp"

#include <utility>

namespace wanwise::core {

void RouterState::observe(const RouterSession& session) {
  m_session = session;
  // What stood on the router before the session ended may have changed: it is read again on
  // connect.
  if (session.state == SessionState::disconnected) m_found.reset();
  ++m_revision;
  compare();
}

void RouterState::observe(const RouterQosObserved& found) {
  m_found = found;
  m_steering = found.qos ? found.qos->steering : std::vector<SteeringRule>{};
  ++m_revision;
  compare();
  // However it came there: a write of ours whose answer was lost, say.
  if (m_wanted && found.qos == m_wanted && found.altered.empty()) m_written = m_wanted;
}

void RouterState::want(RouterQos desired) {
  if (m_wanted == desired) return;
  m_wanted = std::move(desired);
  compare();
}

void RouterState::compare() {
  m_differs = m_wanted && m_found && m_found->foreign.empty() &&
              (m_found->qos != *m_wanted || !m_found->altered.empty());
}

/// Somebody changed what we wrote. After a start of our own only what the adapter could not take
/// for ours at all shows it. A router with nothing of ours has lost it to a reload.
bool RouterState::drifted() const {
  if (!m_found || m_in_flight) return false;
  if (!m_found->altered.empty()) return true;
  return m_written && m_found->qos && *m_found->qos != *m_written;
}

bool RouterState::reported() const {
  if (!m_session) return false;
  return m_session->state == SessionState::disconnected || m_found.has_value();
}

bool RouterState::should_write(Instant now) const {
  const bool leave = m_on_drift == OnDrift::report && drifted();
  return m_differs && !leave && !m_in_flight && !m_backoff.waiting(now);
}

void RouterState::submitted(ActionId id) {
  m_in_flight = Write{id, *m_wanted};
  ++m_revision;
}

const RouterQos* RouterState::in_force() const {
  return m_found && m_found->qos ? &*m_found->qos : nullptr;
}

bool RouterState::finished(const ActionDone& done, Instant now) {
  if (!m_in_flight || m_in_flight->id != done.id) return false;
  Write write = std::move(*m_in_flight);
  m_in_flight.reset();
  ++m_revision;
  switch (done.outcome) {
    case Outcome::done:
      m_steering = write.desired.steering;
      if (m_found) {
        m_found->qos = write.desired;
        m_found->altered.clear();
      }
      m_written = std::move(write.desired);
      compare();
      m_last_failure.reset();
      m_backoff.succeeded();
      break;
    case Outcome::refused:
    case Outcome::failed:
    case Outcome::unknown:
      m_last_failure = done;
      if (done.outcome == Outcome::unknown) m_written.reset();
      m_backoff.failed(now);
      break;
  }
  return true;
}

std::vector<SteeringRule> RouterState::steering() const {
  if (m_in_flight) return m_in_flight->desired.steering;
  return m_steering;
}

std::optional<Instant> RouterState::next_retry(Instant now) const {
  return m_backoff.next_change(now);
}

RouterStatus RouterState::status() const {
  RouterStatus status;
  status.name = m_name;
  status.connected = m_session && m_session->state == SessionState::connected;
  status.qos_in_place = m_wanted && m_found && m_found->qos == *m_wanted;
  status.change_in_flight = m_in_flight.has_value();
  status.health = m_health;
  return status;
}

void RouterState::append_degradations(std::vector<Degradation>& out) const {
  const std::string& name = m_name.text;
  if (m_session && m_session->state == SessionState::disconnected) {
    out.push_back({"router-disconnected", name, m_session->reason + ": " + m_session->detail});
  }
  if (m_found) {
    for (const std::string& attached : m_found->foreign) {
      out.push_back({"foreign-policy", name, attached + "; wanwise leaves it and sets no QoS"});
    }
  }
  if (drifted()) {
    const std::string what =
        m_found->altered.empty() ? "it is not what wanwise wrote" : m_found->altered.front();
    out.push_back({"changed-by-hand", name,
                   what + (m_on_drift == OnDrift::report ? "; wanwise leaves it (on-drift: report)"
                                                         : "; wanwise writes it again")});
  }
  if (m_last_failure) {
    out.push_back(
        {"qos-not-written", name, m_last_failure->reason + ": " + m_last_failure->detail});
  }
}

}  // namespace wanwise::core
