#include "engine/runtime/event_queue.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace wanwise::runtime {
namespace {

/// How one kind of event behaves in the queue: its key, or none; and whether it is a happening.
struct Traits {
  std::string key;
  bool happening = false;
};

std::string make_key(char kind, const std::string& name, const std::string& part = {}) {
  // A name may hold any byte, so its length stands before it: no two pairs share a key.
  return kind + std::to_string(name.size()) + ':' + name + part;
}

Traits traits(const core::LinkCounters& e) {
  return {make_key('l', e.link.text), false};
}
Traits traits(const core::ClassCounters& e) {
  return {make_key('c', e.link.text, e.service_class.text), false};
}
Traits traits(const core::RadioSample& e) {
  return {make_key('r', e.link.text), false};
}
Traits traits(const core::ProbeSample& e) {
  return {make_key('p', e.link.text, e.service_class ? e.service_class->text : std::string{}),
          false};
}
Traits traits(const core::RouterHealth& e) {
  return {make_key('h', e.router.text), false};
}
Traits traits(const core::PathAlarm&) {
  return {{}, true};
}
Traits traits(const core::LinkUsage& e) {
  return {make_key('u', e.link.text), false};
}
Traits traits(const core::TollsSet&) {
  return {make_key('f', {}), false};
}
Traits traits(const core::RouterQosObserved& e) {
  return {make_key('q', e.router.text), false};
}
Traits traits(const core::TargetSample& e) {
  return {make_key('t', e.target.text), false};
}
Traits traits(const core::NodePort& e) {
  return {make_key('n', e.target.text), false};
}
Traits traits(const core::NodeObserved& e) {
  return {make_key('o', e.target.text), false};
}
Traits traits(const core::PlacementLimits& e) {
  return {make_key('b', e.workload.text), false};
}
Traits traits(const core::PlacementObserved& e) {
  return {make_key('w', e.workload.text), false};
}
Traits traits(const core::Tick&) {
  return {make_key('k', {}), false};
}
Traits traits(const core::WorkloadSample&) {
  return {{}, false};
}
Traits traits(const core::RouterSession&) {
  return {{}, true};
}
Traits traits(const core::ActionDone&) {
  return {{}, true};
}
Traits traits(const core::DrainRequested&) {
  return {{}, true};
}

}  // namespace

EventQueue::EventQueue(const ports::Clock& clock, std::function<void()> wake, QueueLimits limits)
    : m_clock(clock), m_wake(std::move(wake)), m_limits(limits) {}

void EventQueue::post(core::EventBody body) {
  if (insert(std::move(body))) m_wake();
}

bool EventQueue::insert(core::EventBody body) {
  Traits kind = std::visit([](const auto& e) { return traits(e); }, body);
  const std::lock_guard lock(m_mutex);
  const bool was_empty = m_telemetry.empty() && m_happenings.empty();
  // Stamped under the lock, so that stamps run in the order of the queue.
  core::Event event{m_clock.now(), std::move(body)};
  ++m_counters.posted;
  if (kind.happening) {
    add_happening(std::move(event));
  } else if (kind.key.empty() || !coalesce(kind.key, event)) {
    add_telemetry(std::move(kind.key), std::move(event));
  }
  m_counters.deepest = std::max(m_counters.deepest, m_telemetry.size() + m_happenings.size());
  return was_empty && !(m_telemetry.empty() && m_happenings.empty());
}

bool EventQueue::coalesce(const std::string& key, core::Event& event) {
  const auto found = m_newest.find(key);
  if (found == m_newest.end() || found->second->order < m_last_happening) return false;
  found->second->event = std::move(event);
  ++m_counters.coalesced;
  return true;
}

void EventQueue::add_telemetry(std::string key, core::Event event) {
  if (m_limits.telemetry == 0) {
    ++m_counters.telemetry_dropped;
    return;
  }
  if (m_telemetry.size() == m_limits.telemetry) {
    const auto oldest = m_telemetry.begin();
    const auto found = m_newest.find(oldest->key);
    if (found != m_newest.end() && found->second == oldest) m_newest.erase(found);
    m_telemetry.pop_front();
    ++m_counters.telemetry_dropped;
  }
  m_telemetry.push_back({++m_order, std::move(event), key});
  if (!key.empty()) m_newest[std::move(key)] = std::prev(m_telemetry.end());
}

void EventQueue::add_happening(core::Event event) {
  if (m_happenings.size() == m_limits.happenings) {
    ++m_counters.happenings_dropped;
    return;
  }
  m_happenings.push_back({++m_order, std::move(event), {}});
  m_last_happening = m_order;
}

std::optional<core::Event> EventQueue::pop() {
  const std::lock_guard lock(m_mutex);
  if (m_telemetry.empty() && m_happenings.empty()) return std::nullopt;
  const bool happening =
      m_telemetry.empty() ||
      (!m_happenings.empty() && m_happenings.front().order < m_telemetry.front().order);
  Entries& from = happening ? m_happenings : m_telemetry;
  Entry& entry = from.front();
  if (!entry.key.empty()) {
    const auto found = m_newest.find(entry.key);
    if (found != m_newest.end() && found->second == from.begin()) m_newest.erase(found);
  }
  core::Event event = std::move(entry.event);
  from.pop_front();
  return event;
}

bool EventQueue::empty() const {
  const std::lock_guard lock(m_mutex);
  return m_telemetry.empty() && m_happenings.empty();
}

QueueCounters EventQueue::counters() const {
  const std::lock_guard lock(m_mutex);
  return m_counters;
}

}  // namespace wanwise::runtime
