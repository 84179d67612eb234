// Makes the routers' QoS what a policy wants: one change at a time for each router, none before its
// configuration has been read, none where a foreign policy stands, failures retried with the core's
// back-off. One owner; the model must outlive it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/action.hpp"
#include "engine/core/model.hpp"
#include "engine/core/model_index.hpp"
#include "engine/core/observe/router_state.hpp"

namespace wanwise::sim {

class RouterWriter {
 public:
  explicit RouterWriter(const core::Model& model);

  void observe(const core::EventBody& body, core::Instant now);
  void want(core::Index router, core::RouterQos qos);
  void act(core::Instant now, core::ActionId& next_id, std::vector<core::Action>& out);

  /// What stands on the router as far as known; null: nothing, or unknown.
  [[nodiscard]] const core::RouterQos* in_force(core::Index router) const;
  [[nodiscard]] core::Index routers() const { return core::count(m_routers); }
  [[nodiscard]] std::optional<core::Instant> next_retry(core::Instant now) const;

 private:
  const core::Model& m_model;
  std::vector<core::RouterState> m_routers;
};

}  // namespace wanwise::sim
