// Which WAN link the flows of each workload shall take, as rules for the routers: the ways that
// decisions chose, each with a backup that is in force on the router before wanwise knows of a
// failure. Only what differs from plain routing, as it is while every link is up: so flows stay
// where a failure has put them until a decision takes them back. One owner.
#pragma once

#include <vector>

#include "engine/core/decide/decide.hpp"
#include "engine/core/decide/path/topology.hpp"
#include "engine/core/model.hpp"
#include "engine/core/observe/views.hpp"
#include "engine/core/qos.hpp"

namespace wanwise::core {

/// The link that packets of the workload from a source on `router` take to the cloud now, by the
/// rules that stand there and the links that are up. kNone: none.
[[nodiscard]] Index link_in_force(const Model& model, const Topology& topology, Index router,
                                  const std::vector<SteeringRule>& rules, Index workload,
                                  Index cloud);

/// Bits per second of an option's requests and responses, without headers.
[[nodiscard]] PathDemand path_demand(const Workload& workload, MilliHz rate);

class SteeringPlan {
 public:
  /// Both must outlive this.
  SteeringPlan(const Model& model, Topology& topology);

  /// Some router can be told.
  [[nodiscard]] bool enabled() const { return m_steers; }

  /// Takes over the ways that the decision chose. Ways to clouds that a workload neither runs in
  /// nor moves between are forgotten.
  void follow(const Situation& situation, const Decision& decision, const Views& views,
              const std::vector<bool>& moving);
  /// What the router shall be told; empty where it does not steer.
  [[nodiscard]] std::vector<SteeringRule> rules(Index router) const;

 private:
  struct Way {
    Index link = kNone;  ///< kNone: nothing is wanted
    Index backup = kNone;
    PathDemand demand;
  };
  struct Turn;  ///< what one router shall do with one way

  [[nodiscard]] Way& way(Index workload, Index cloud);
  [[nodiscard]] const Way& way(Index workload, Index cloud) const;
  void choose(Index workload, Index target, Index link, MilliHz rate);
  [[nodiscard]] bool in_use(Index workload, Index target, const Option* chosen,
                            const Views& views) const;
  [[nodiscard]] Turn turn(Index router, Index source_router, const Way& way) const;
  [[nodiscard]] bool plain(Index router, const Turn& turn) const;
  void add_rules(Index router, Index workload, Index cloud, const Way& way,
                 std::vector<SteeringRule>& rules) const;

  const Model& m_model;
  Topology& m_topology;
  bool m_steers = false;
  std::vector<Way> m_ways;  ///< by workload, then cloud; empty where no router steers
};

}  // namespace wanwise::core
