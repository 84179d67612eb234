// The truth about a simulated site over the next moments, in the form the core decides on: what the
// air will carry, who will be alive, what will be asked. Only a clairvoyant may look. Borrows
// everything; one owner.
#pragma once

#include <vector>

#include "engine/core/model_index.hpp"
#include "engine/core/observe/views.hpp"
#include "sim/baselines/catalogue.hpp"

namespace wanwise::sim {

class OracleView {
 public:
  explicit OracleView(const Foresight& foresight);

  /// The worst of every quantity from now until `ahead` from now; of rates the mean.
  [[nodiscard]] core::Views look(core::Micros ahead) const;
  /// What the uplink carries in that time, as a rate.
  [[nodiscard]] core::Bps uplink(core::Index link, core::Micros ahead) const;
  /// The world's own model: not what the controller believes.
  [[nodiscard]] const core::Model& model() const { return m_foresight.config->model; }

 private:
  [[nodiscard]] core::Micros now() const { return m_foresight.world->now() - core::Instant{}; }
  [[nodiscard]] core::LinkView link_view(core::Index link, core::Micros ahead) const;
  [[nodiscard]] core::TargetView target_view(core::Index target, core::Micros ahead) const;
  [[nodiscard]] core::WorkloadView workload_view(core::Index workload, core::Micros ahead) const;
  [[nodiscard]] bool in_service(core::Index link, core::Micros at) const;
  [[nodiscard]] core::Ppm slowdown(core::Index target, const core::PowerModeName& mode) const;
  /// Of all factors of the story that hold in [from, to): the least, or the largest.
  template <class Change, class Named>
  [[nodiscard]] core::Ppm factor(const Named& named, core::Micros from, core::Micros to,
                                 bool largest) const;

  Foresight m_foresight;
};

}  // namespace wanwise::sim
