// One router: telemetry out, QoS in. Contract (tests/contract/router): after start() it posts
// RouterSession on each change, RouterQosObserved after each connect and after each write, and
// telemetry at its period; LinkUsage where it knows what a data plan has used. submit() returns at
// once; exactly one ActionDone{id} follows, at the latest at the deadline. A refused or failed
// write leaves the router as it was. After stop() nothing is posted any more. Methods are called
// from the runtime's thread only.
#pragma once

#include "engine/core/action.hpp"
#include "engine/ports/event_sink.hpp"

namespace wanwise::ports {

class Router {
 public:
  virtual ~Router() = default;
  virtual void start(EventSink& sink) = 0;
  virtual void submit(core::ActionId id, const core::ApplyQos& action, core::Instant deadline) = 0;
  virtual void stop() = 0;
};

}  // namespace wanwise::ports
