#include "engine/core/decide/reconcile.hpp"

#include <utility>

#include "engine/core/decide/latency/latency.hpp"
#include "engine/core/decide/qos_plan.hpp"
#include "engine/core/model_index.hpp"
#include "engine/core/text.hpp"

namespace wanwise::core {
namespace {

/// IOS XE takes a commit in well under a second; a lock held by its sync daemon may cost some more.
/// Longer than 20 s, and the uplink that the change was for is history.
constexpr Micros kWriteDeadline = seconds(20);

/// What the change is about, for people: the shaper where it moves, else the queues.
std::string reason_of(const RouterQos* before, const RouterQos& after) {
  if (before == nullptr) return "nothing of wanwise is on the router yet";
  std::string reason;
  for (const WanQos& wan : after.wans) {
    for (const WanQos& old : before->wans) {
      if (old.link != wan.link || old.shaper == wan.shaper) continue;
      if (!reason.empty()) reason += ", ";
      reason += "shaper of " + wan.link.text + " " + text(old.shaper) + " -> " + text(wan.shaper);
    }
  }
  if (before->steering != after.steering) {
    reason += std::string(reason.empty() ? "" : ", ") + "paths of flows";
  }
  return reason.empty() ? "queue shares follow the placement" : reason;
}

}  // namespace

void Reconciler::plan_routers(SiteState& site, const Situation& situation, const Decision& decision,
                              const SteeringPlan& steering) {
  const Load load = load_of(situation, decision.chosen);
  std::vector<LinkDemand> links;
  for (Index l = 0; l < count(m_model.site.links); ++l) {
    LinkDemand demand;
    demand.shaper = at(site.views().links, l).shaper;
    for (Index c = 0; c < count(m_model.policy.classes); ++c) {
      demand.load.push_back(load.uplink_load(l, c));
    }
    links.push_back(std::move(demand));
  }
  for (Index r = 0; r < count(site.routers()); ++r) {
    RouterState& router = at(site.routers(), r);
    RouterQos wanted = plan_qos(m_model, r, links, router.in_force());
    wanted.steering = steering.rules(r);
    router.want(std::move(wanted));
  }
}

void Reconciler::act(SiteState& site, const Situation& situation, const Decision& decision,
                     std::vector<MoveGate>& gates, Instant now,
                     const std::function<std::string(Index)>& why, std::vector<Action>& out) {
  for (Index w = 0; w < count(m_model.policy.workloads); ++w) {
    if (at(decision.chosen, w) == kNone || !site.may_move(w, now)) continue;
    const Option& option = at(at(situation.workloads, w).options, at(decision.chosen, w));
    const Spot to = spot_of(option);
    if (at(site.views().workloads, w).place == to) continue;
    move(site, w, to, now, why(w), out);
    at(gates, w).moved(now);
  }
  for (RouterState& router : site.routers()) {
    if (router.should_write(now)) write(router, now, out);
  }
}

void Reconciler::move(SiteState& site, Index workload, const Spot& to, Instant now, std::string why,
                      std::vector<Action>& out) {
  PlaceWorkload body;
  body.workload = at(m_model.policy.workloads, workload).name;
  if (const auto from = site.place(workload)) body.from = from->target;
  Place place = place_of(m_model, to);
  body.to = std::move(place.target);
  body.rung = place.rung;
  body.split = std::move(place.split);
  const ActionId id = m_next_id++;
  site.move_submitted(workload, id, to);
  out.push_back({id, now + m_model.policy.stability.move_within, std::move(why), std::move(body)});
}

void Reconciler::write(RouterState& router, Instant now, std::vector<Action>& out) {
  const ActionId id = m_next_id++;
  out.push_back({id, now + kWriteDeadline, reason_of(router.in_force(), router.wanted()),
                 ApplyQos{router.wanted()}});
  router.submitted(id);
}

}  // namespace wanwise::core
