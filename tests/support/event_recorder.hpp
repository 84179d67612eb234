// An EventSink for tests of ports with threads of their own: keeps every event that is posted and
// waits for more, with a deadline. Any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <variant>
#include <vector>

#include "engine/ports/event_sink.hpp"

namespace wanwise::test {

/// The last event of the type.
template <class Event>
std::optional<Event> last_of(const std::vector<core::EventBody>& events) {
  std::optional<Event> last;
  for (const core::EventBody& body : events) {
    if (const auto* event = std::get_if<Event>(&body)) last = *event;
  }
  return last;
}

class EventRecorder final : public ports::EventSink {
 public:
  static constexpr std::chrono::seconds kPatience{20};

  void post(core::EventBody body) override {
    const std::scoped_lock lock{m_mutex};
    m_events.push_back(std::move(body));
    m_changed.notify_all();
  }

  /// Waits until `fits` says yes of all events so far; it is asked again at each new one.
  template <class Fits>
  bool wait(Fits fits, std::chrono::milliseconds patience = kPatience) {
    std::unique_lock lock{m_mutex};
    return m_changed.wait_for(lock, patience, [&] { return fits(m_events); });
  }
  /// The first event of the type, not taken before, that fits; nothing when none comes in time.
  template <class Event, class Fits>
  std::optional<Event> take(Fits fits) {
    std::optional<Event> found;
    wait([&](std::vector<core::EventBody>& events) {
      for (auto at = events.begin(); at != events.end(); ++at) {
        const auto* event = std::get_if<Event>(&*at);
        if (event == nullptr || !fits(*event)) continue;
        found = *event;
        events.erase(at);
        return true;
      }
      return false;
    });
    return found;
  }
  template <class Event>
  std::optional<Event> take() {
    return take<Event>([](const Event&) { return true; });
  }
  void clear() {
    const std::scoped_lock lock{m_mutex};
    m_events.clear();
  }
  /// Forgets all but what is still true: the last session and the last configuration.
  void clear_but_state() {
    const std::scoped_lock lock{m_mutex};
    std::vector<core::EventBody> kept;
    if (const auto session = last_of<core::RouterSession>(m_events)) kept.emplace_back(*session);
    if (const auto seen = last_of<core::RouterQosObserved>(m_events)) kept.emplace_back(*seen);
    m_events = std::move(kept);
  }
  [[nodiscard]] std::vector<core::EventBody> events() {
    const std::scoped_lock lock{m_mutex};
    return m_events;
  }

 private:
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::vector<core::EventBody> m_events;
};

}  // namespace wanwise::test
