// Keeps every event that a port posts, and waits for one with a deadline. Any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <vector>

#include "engine/core/event.hpp"
#include "engine/ports/clock.hpp"
#include "engine/ports/event_sink.hpp"

namespace wanwise::test {

class SteadyClock final : public ports::Clock {
 public:
  core::Instant now() const override {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
  }
};

class EventRecorder final : public ports::EventSink {
 public:
  static constexpr std::chrono::seconds kPatience{20};

  void post(core::EventBody body) override {
    const std::scoped_lock lock{m_mutex};
    m_events.push_back(std::move(body));
    m_changed.notify_all();
  }

  /// The first event of the type, not taken before, that fits; nothing when none comes in time.
  template <class Event, class Fits>
  std::optional<Event> take(Fits fits) {
    std::unique_lock lock{m_mutex};
    std::optional<Event> found;
    m_changed.wait_for(lock, kPatience, [&] {
      for (auto at = m_events.begin(); at != m_events.end(); ++at) {
        const auto* event = std::get_if<Event>(&*at);
        if (event == nullptr || !fits(*event)) continue;
        found = *event;
        m_events.erase(at);
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

 private:
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::vector<core::EventBody> m_events;
};

}  // namespace wanwise::test
