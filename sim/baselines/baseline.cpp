#include "sim/baselines/baseline.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/observe/freshness.hpp"
#include "sim/baselines/static_qos.hpp"

namespace wanwise::sim {

std::vector<ParameterRule> with_common(std::vector<ParameterRule> own) {
  own.push_back({"qos",
                 "static",
                 "static: marks, queues and a shaper, configured once; none: the router as found",
                 ParameterKind::word,
                 "",
                 "",
                 {"none", "static"}});
  own.push_back({"shaper",
                 "100%",
                 "of the declared uplink, for qos static",
                 ParameterKind::share,
                 "1%",
                 "100%",
                 {}});
  return own;
}

Baseline::Baseline(const core::Model& model)
    : m_model(model),
      m_view(m_model),
      m_actuator(m_model),
      m_routers(m_model),
      m_wishes(model.policy.workloads.size()) {}

Baseline::Baseline(const core::Model& model, const Parameters& parameters) : Baseline(model) {
  if (parameters.is("qos", "none")) return;
  for (core::Index r = 0; r < m_routers.routers(); ++r) {
    m_routers.want(r, static_qos(m_model, r, parameters.share("shaper")));
  }
}

std::vector<core::Action> Baseline::on_event(const core::Event& event) {
  m_now = m_begun ? std::max(m_now, event.at) : event.at;
  m_begun = true;
  m_view.observe(event.body, m_now);
  if (const auto* done = std::get_if<core::ActionDone>(&event.body)) {
    m_actuator.observe(*done, m_view, m_now);
  }
  m_routers.observe(event.body, m_now);
  observe(event.body);
  decide();
  std::vector<core::Action> actions;
  m_actuator.act(m_view, m_wishes, m_now, m_next_id, actions);
  m_routers.act(m_now, m_next_id, actions);
  return actions;
}

std::optional<core::Instant> Baseline::next_wakeup() const {
  if (!m_begun) return std::nullopt;
  return core::earlier(wakeup(),
                       core::earlier(m_actuator.next_retry(m_now), m_routers.next_retry(m_now)));
}

void Baseline::place(core::Index workload, core::Index target, std::string why, std::int32_t rung) {
  auto& wish = core::at(m_wishes, workload);
  if (wish && wish->target == target && wish->rung == rung) return;
  wish = Wish{target, rung, std::move(why)};
}

core::Index Baseline::place_of(core::Index workload) const {
  const auto& wish = core::at(m_wishes, workload);
  return wish ? wish->target : m_view.workload(workload).target;
}

bool Baseline::fits(core::Index workload, core::Index target) const {
  if (core::is_cloud(m_model, target)) return true;
  core::Bytes needed = core::at(m_model.policy.workloads, workload).memory;
  for (core::Index other = 0; other < workloads(); ++other) {
    if (other == workload || place_of(other) != target) continue;
    needed += core::at(m_model.policy.workloads, other).memory;
  }
  return needed <= core::at(m_model.site.nodes, target).memory;
}

core::Index Baseline::first_fit(core::Index workload, const std::vector<core::Index>& order) const {
  const auto found = std::find_if(order.begin(), order.end(),
                                  [&](core::Index target) { return fits(workload, target); });
  return found == order.end() ? core::kNone : *found;
}

void Baseline::place_where_it_fits(core::Index workload, const std::vector<core::Index>& order,
                                   const std::string& why) {
  if (wish(workload)) return;
  const core::Index target = first_fit(workload, order);
  if (target != core::kNone) place(workload, target, why);
}

}  // namespace wanwise::sim
