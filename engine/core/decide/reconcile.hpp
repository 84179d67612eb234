// Desired minus observed = actions: what a decision wants, compared with what the site shows, and
// only the difference emitted. At most one action is under way for a workload and for a router. One
// owner.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/core/action.hpp"
#include "engine/core/decide/decide.hpp"
#include "engine/core/decide/path/steering.hpp"
#include "engine/core/model.hpp"
#include "engine/core/observe/site_state.hpp"

namespace wanwise::core {

class Reconciler {
 public:
  /// `model` must outlive this.
  explicit Reconciler(const Model& model) : m_model(model) {}

  /// Tells each router what it shall hold under the decision.
  void plan_routers(SiteState& site, const Situation& situation, const Decision& decision,
                    const SteeringPlan& steering);

  /// Emits moves and router writes that are wanted, possible and not under way. `why(workload)`
  /// gives a move's reason.
  void act(SiteState& site, const Situation& situation, const Decision& decision,
           std::vector<MoveGate>& gates, Instant now, const std::function<std::string(Index)>& why,
           std::vector<Action>& out);

 private:
  void move(SiteState& site, Index workload, const Spot& to, Instant now, std::string why,
            std::vector<Action>& out);
  void write(RouterState& router, Instant now, std::vector<Action>& out);

  const Model& m_model;
  ActionId m_next_id = 1;
};

}  // namespace wanwise::core
