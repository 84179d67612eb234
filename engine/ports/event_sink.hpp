// Where adapters post what they learn. The one cross-thread call of wanwise: post() may be called
// from any thread and never blocks; the runtime stamps Event::at, coalesces per key and bounds the
// queue.
#pragma once

#include "engine/core/event.hpp"

namespace wanwise::ports {

class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void post(core::EventBody body) = 0;
};

}  // namespace wanwise::ports
