// What all policies that are not wanwise share: the last news of the site, wishes that are made
// true, QoS configured once, and the rules none may break (residency, memory, a target's models).
// A policy says where each workload shall be; everything else is here. One owner; not thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/baselines/controller.hpp"
#include "sim/baselines/parameters.hpp"
#include "sim/baselines/placement_actuator.hpp"
#include "sim/baselines/router_writer.hpp"
#include "sim/baselines/site_view.hpp"

namespace wanwise::sim {

class Baseline : public Controller {
 public:
  [[nodiscard]] std::vector<core::Action> on_event(const core::Event& event) final;
  [[nodiscard]] std::optional<core::Instant> next_wakeup() const final;

 protected:
  /// With the parameters of common_parameters(): `qos` and `shaper`.
  Baseline(const core::Model& model, const Parameters& parameters);
  /// The policy wants routers itself, or never.
  explicit Baseline(const core::Model& model);

  // What a policy is.
  /// After the common view has been brought up to date.
  virtual void observe(const core::EventBody&) {}
  /// After each event: state wishes. Called with placements and targets as last told.
  virtual void decide() = 0;
  /// When decide() has something to do though nothing happens; later than now().
  [[nodiscard]] virtual std::optional<core::Instant> wakeup() const { return std::nullopt; }

  // What it can say and ask.
  void place(core::Index workload, core::Index target, std::string why, std::int32_t rung = 0);
  /// The first target with room, kNone where none has it or none is given.
  [[nodiscard]] core::Index first_fit(core::Index workload,
                                      const std::vector<core::Index>& order) const;
  /// The workloads wished (else seen) there leave room for this one. Clouds always have room.
  [[nodiscard]] bool fits(core::Index workload, core::Index target) const;
  /// Wished, else seen; kNone: nowhere yet.
  [[nodiscard]] core::Index place_of(core::Index workload) const;
  /// Places what has no place yet: the first of `order` that has room, else none.
  void place_where_it_fits(core::Index workload, const std::vector<core::Index>& order,
                           const std::string& why);

  [[nodiscard]] const core::Model& model() const { return m_model; }
  [[nodiscard]] const SiteView& view() const { return m_view; }
  [[nodiscard]] core::Instant now() const { return m_now; }
  [[nodiscard]] core::Index workloads() const { return core::count(m_wishes); }
  [[nodiscard]] core::Index targets() const { return core::target_count(m_model); }
  [[nodiscard]] const std::optional<Wish>& wish(core::Index w) const {
    return core::at(m_wishes, w);
  }
  [[nodiscard]] bool moving(core::Index workload) const { return m_actuator.moving(workload); }
  [[nodiscard]] RouterWriter& routers() { return m_routers; }
  [[nodiscard]] const RouterWriter& routers() const { return m_routers; }

 private:
  const core::Model m_model;  ///< first: the others refer to it
  SiteView m_view;
  PlacementActuator m_actuator;
  RouterWriter m_routers;
  std::vector<std::optional<Wish>> m_wishes;  ///< by workload
  core::ActionId m_next_id = 1;
  core::Instant m_now;
  bool m_begun = false;
};

/// `qos` and `shaper`, followed by the policy's own.
[[nodiscard]] std::vector<ParameterRule> with_common(std::vector<ParameterRule> own);

}  // namespace wanwise::sim
