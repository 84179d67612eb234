// Samples of a workload as a whole. A split workload is told of by two samples, one for each of its
// targets: this puts them together, so that demand and kept objective are the workload's and not a
// part's. One owner.
#pragma once

#include <memory>
#include <optional>

#include "engine/core/event.hpp"
#include "engine/core/place.hpp"

namespace wanwise::core {

class PartSamples {
 public:
  /// What became known of the workload at `place`, if anything: the sample itself where one target
  /// serves all; else the two parts' together, once both have told. A part that tells twice before
  /// the other does stands for both: it is taken to have had its share of the requests.
  [[nodiscard]] std::optional<WorkloadSample> take(const WorkloadSample& sample,
                                                   const Place& place);
  /// It runs elsewhere now.
  void reset() { m_waiting.reset(); }

 private:
  /// Of one part, for the other's. On the heap: few workloads of a fleet are split.
  std::unique_ptr<WorkloadSample> m_waiting;
};

}  // namespace wanwise::core
