// The way to an adapter's sink, shut by stop(): after shut() has returned nothing is posted. Any
// thread.
#pragma once

#include <mutex>
#include <utility>

#include "engine/ports/event_sink.hpp"

namespace wanwise::ports {

class SinkGate {
 public:
  void open(EventSink& sink) {
    const std::scoped_lock lock{m_mutex};
    m_sink = &sink;
  }
  void shut() {
    const std::scoped_lock lock{m_mutex};
    m_sink = nullptr;
  }
  void post(core::EventBody body) {
    const std::scoped_lock lock{m_mutex};
    if (m_sink != nullptr) m_sink->post(std::move(body));
  }

 private:
  std::mutex m_mutex;
  EventSink* m_sink = nullptr;
};

}  // namespace wanwise::ports
