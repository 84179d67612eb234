// Health and load of the targets. After start() it posts TargetSample for each target at its
// period; a failed scrape is a sample with reachable == false. WorkloadSample where an inference
// server of a target counts its requests. After stop() nothing is posted.
// Called from the runtime's thread only.
#pragma once

#include "engine/ports/event_sink.hpp"

namespace wanwise::ports {

class NodeMetrics {
 public:
  virtual ~NodeMetrics() = default;
  virtual void start(EventSink& sink) = 0;
  virtual void stop() = 0;
};

}  // namespace wanwise::ports
