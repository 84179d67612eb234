// The network half of wanwise alone: marks, queues by the load that crosses the link, and the
// core's shaper that tracks the uplink. Workloads stay where they declare to be.
#include <utility>

#include "engine/core/decide/latency/demand.hpp"
#include "engine/core/decide/qos_plan.hpp"
#include "engine/core/uplink/uplink_estimate.hpp"
#include "sim/baselines/baseline.hpp"
#include "sim/baselines/definition.hpp"

namespace wanwise::sim {
namespace {

class QosOnly final : public Baseline {
 public:
  QosOnly(const core::Model& believed, const Parameters& parameters)
      : Baseline(believed), m_tracks(parameters.is("shaper", "tracking")) {
    for (const core::Link& link : model().site.links) m_uplinks.emplace_back(link);
    for (const core::Index w : by_priority(model())) {
      place_where_it_fits(w, admissible_targets(model(), w), "as it declares");
    }
  }

 protected:
  void observe(const core::EventBody& body) override {
    std::visit([this](const auto& news) { on(news); }, body);
  }
  void decide() override {
    const std::vector<core::LinkDemand> links = demands();
    for (core::Index r = 0; r < routers().routers(); ++r) {
      routers().want(r, core::plan_qos(model(), r, links, routers().in_force(r)));
    }
  }

 private:
  template <class Sample>
  void measured(Sample sample) {
    const core::Index link = core::index_of(model().site.links, sample.link);
    if (link == core::kNone) return;
    sample.observed_at = believable(sample.observed_at, now());
    core::at(m_uplinks, link).observe(sample);
  }
  void on(const core::LinkCounters& sample) { measured(sample); }
  void on(const core::ClassCounters& sample) { measured(sample); }
  void on(const core::RadioSample& sample) { measured(sample); }
  void on(core::ProbeSample sample) {
    if (sample.rtt) sample.rtt = believable(*sample.rtt);
    measured(sample);
  }
  void on(const core::RouterQosObserved& found) {
    if (found.qos) in_force(*found.qos);
  }
  void on(const core::ActionDone& done) {
    if (done.outcome != core::Outcome::done) return;
    for (core::Index r = 0; r < routers().routers(); ++r) {
      if (const core::RouterQos* qos = routers().in_force(r)) in_force(*qos);
    }
  }
  template <class Other>
  void on(const Other&) {}

  void in_force(const core::RouterQos& qos) {
    for (const core::WanQos& wan : qos.wans) {
      const core::Index link = core::index_of(model().site.links, wan.link);
      if (link == core::kNone || wan.shaper.count <= 0) continue;
      core::at(m_uplinks, link).shaper_in_force(wan.shaper);
    }
  }

  [[nodiscard]] std::vector<core::LinkDemand> demands() const {
    std::vector<core::LinkDemand> links;
    for (core::Index l = 0; l < core::count(model().site.links); ++l) {
      const core::Bps shaper =
          m_tracks ? core::at(m_uplinks, l).shaper() : core::at(model().site.links, l).uplink;
      links.push_back({shaper, std::vector<core::Bps>(model().policy.classes.size())});
    }
    for (core::Index w = 0; w < workloads(); ++w) {
      const core::Index here = view().workload(w).target;
      const core::Index link = view().route(w);
      if (here == core::kNone || link == core::kNone || !core::is_cloud(model(), here)) continue;
      const core::Workload& it = core::at(model().policy.workloads, w);
      const core::Index c = core::index_of(model().policy.classes, it.service_class);
      core::at(core::at(links, link).load, c) +=
          core::Bps{core::wire_bytes(it.request) * 8 * it.rate.count / 1'000};
    }
    return links;
  }

  bool m_tracks;
  std::vector<core::UplinkEstimator> m_uplinks;  ///< by link
};

}  // namespace

Definition qos_only_policy() {
  return {"qos-only",
          PolicyKind::network,
          "marks, queues and a shaper that tracks the uplink; nothing moves",
          "wanwise's own QoS plan and uplink estimate (engine/core/decide, engine/core/uplink)",
          {{"shaper",
            "tracking",
            "declared: the uplink the operator was promised",
            ParameterKind::word,
            "",
            "",
            {"tracking", "declared"}}},
          [](const core::Model& model, const Parameters& parameters, const Foresight&) {
            return std::make_unique<QosOnly>(model, parameters);
          }};
}

}  // namespace wanwise::sim
