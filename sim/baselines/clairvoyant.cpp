// An upper reference that no real controller can reach, and no proof of an optimum: ten times a
// second the core's own model is given the truth of the next moments instead of an estimate, and
// what loses the fewest requests is wished at once, without dwell, damping or doubt. Starts still
// take their time. It never splits a workload over two targets: where the policy allows that, it is
// no upper reference.
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>

#include "engine/core/decide/decide.hpp"
#include "engine/core/decide/latency/latency.hpp"
#include "engine/core/decide/latency/wait_calibration.hpp"
#include "engine/core/decide/path/topology.hpp"
#include "engine/core/decide/qos_plan.hpp"
#include "engine/core/decide/search/solver.hpp"
#include "engine/core/decide/situation_builder.hpp"
#include "sim/baselines/baseline.hpp"
#include "sim/baselines/beat.hpp"
#include "sim/baselines/definition.hpp"
#include "sim/baselines/least_misses.hpp"
#include "sim/baselines/oracle_view.hpp"

namespace wanwise::sim {
namespace {

constexpr core::Micros kPeriod = core::milliseconds(100);
/// A write takes some hundred milliseconds: a shaper is right for a second or not worth it.
constexpr core::Micros kShaperAhead = core::seconds(1);
/// Below the true rate, so that what queues does so in the router; rewritten for a tenth.
constexpr core::Ppm kShaperShare{950'000};
constexpr std::int64_t kShaperBand = 10;
/// As the engine: a state of the search costs time in proportion to the workloads.
constexpr std::uint64_t kStatesTimesWorkloads = 8'000;

class Clairvoyant final : public Baseline {
 public:
  Clairvoyant(const core::Model& believed, const Parameters& parameters, const Foresight& foresight)
      : Baseline(believed),
        m_truth(foresight),
        m_window(parameters.duration("window")),
        m_ladder(parameters.is("ladder", "allowed")),
        m_counts_misses(parameters.is("goal", "misses")),
        m_beat(kPeriod),
        m_topology(m_truth.model()),
        m_builder(m_truth.model(), m_topology),
        m_waits(m_truth.model()) {}

 protected:
  /// How long requests really wait, of what is predicted, has to be learnt by everybody.
  void observe(const core::EventBody& body) override {
    const auto* sample = std::get_if<core::WorkloadSample>(&body);
    if (sample == nullptr || m_chosen.empty()) return;
    core::WorkloadSample told = *sample;
    told.observed_at = believable(sample->observed_at, now());
    told.window = believable(sample->window);
    if (sample->mean_latency) told.mean_latency = believable(*sample->mean_latency);
    m_learnt = m_waits.learn(told, m_situation) || m_learnt;
  }
  void decide() override {
    const bool first = m_chosen.empty();
    if (!m_beat.due(now()) && !first) return;
    core::Views views = m_truth.look(m_window);
    follow_drains(views);
    if (first || std::exchange(m_learnt, false) || views.links != m_seen.links ||
        views.targets != m_seen.targets || views.workloads != m_seen.workloads) {
      m_seen = std::move(views);
      choose();
    }
    plan_routers();
  }
  [[nodiscard]] std::optional<core::Instant> wakeup() const override { return m_beat.next(); }

 private:
  void follow_drains(core::Views& views) const {
    for (core::Index t = 0; t < targets(); ++t) {
      core::at(views.targets, t).draining = view().target(t).draining;
    }
  }

  void choose() {
    core::Counters counters;
    m_situation = m_builder.build(m_seen, counters);
    m_waits.apply(m_situation);
    m_waits.expect(m_situation, now());
    for (core::WorkloadInput& workload : m_situation.workloads) keep_possible(workload);
    const auto many = std::max<std::uint64_t>(1, m_situation.workloads.size());
    const std::uint64_t states = std::max(kStatesTimesWorkloads / many, core::SolveLimits{}.nodes);
    m_chosen = core::solve(m_situation, {states}, counters).chosen;
    if (m_counts_misses) {
      m_chosen = least_misses(question(), m_chosen);
    }
    for (core::Index w = 0; w < workloads(); ++w) {
      const core::Index chosen = core::at(m_chosen, w);
      if (chosen == core::kNone) continue;
      const core::Option& option = core::at(core::at(m_situation.workloads, w).options, chosen);
      place(w, option.target, "foreseen", option.rung);
    }
  }

  [[nodiscard]] MissQuestion question() const {
    MissQuestion question{m_situation, {}, {}};
    for (const core::WorkloadView& it : m_seen.workloads) question.demand.push_back(it.demand);
    for (core::Index t = 0; t < targets(); ++t) {
      const core::Ppm cold = core::target_profile(m_truth.model(), t).cold_start;
      question.cold.push_back(static_cast<double>(cold.count) / 1e6);
    }
    return question;
  }

  /// It moves workloads as a whole, as every other baseline does.
  void keep_possible(core::WorkloadInput& workload) const {
    std::vector<core::Option> kept;
    core::Index current = core::kNone;
    for (core::Index o = 0; o < core::count(workload.options); ++o) {
      const core::Option& option = core::at(workload.options, o);
      if (option.splits() || (!m_ladder && option.rung != 0)) continue;
      if (o == workload.current) current = core::count(kept);
      kept.push_back(option);
    }
    workload.options = std::move(kept);
    workload.current = current;
  }

  void plan_routers() {
    core::Load load(m_situation);
    for (core::Index w = 0; w < core::count(m_chosen); ++w) {
      const core::WorkloadInput& input = core::at(m_situation.workloads, w);
      const core::Index chosen = core::at(m_chosen, w);
      if (chosen != core::kNone) load.add(input, core::at(input.options, chosen));
    }
    std::vector<core::LinkDemand> links;
    for (core::Index l = 0; l < core::count(model().site.links); ++l) {
      core::LinkDemand demand{shaper(l), {}};
      for (core::Index c = 0; c < core::count(model().policy.classes); ++c) {
        demand.load.push_back(load.uplink_load(l, c));
      }
      links.push_back(std::move(demand));
    }
    for (core::Index r = 0; r < routers().routers(); ++r) {
      routers().want(r, core::plan_qos(model(), r, links, routers().in_force(r)));
    }
  }

  [[nodiscard]] core::Bps shaper(core::Index link) {
    m_shapers.resize(model().site.links.size());
    const core::Bps floor = core::at(model().site.links, link).uplink_floor;
    const core::Bps rate = m_truth.uplink(link, kShaperAhead);
    const core::Bps wanted = std::max(
        floor, core::Bps{static_cast<std::int64_t>(static_cast<double>(rate.count) *
                                                   static_cast<double>(kShaperShare.count) / 1e6)});
    core::Bps& kept = core::at(m_shapers, link);
    const std::int64_t off = std::abs((wanted - kept).count);
    if (off > kept.count / kShaperBand) kept = wanted;
    return kept;
  }

  OracleView m_truth;
  core::Micros m_window;
  bool m_ladder;
  bool m_counts_misses;
  Beat m_beat;
  core::Topology m_topology;
  core::SituationBuilder m_builder;
  core::WaitLearner m_waits;
  bool m_learnt = false;
  core::Views m_seen;
  core::Situation m_situation;
  core::Assignment m_chosen;
  std::vector<core::Bps> m_shapers;  ///< by link
};

}  // namespace

Definition clairvoyant_policy() {
  return {"clairvoyant",
          PolicyKind::clairvoyant,
          "sees the next seconds of the world's traces and story; an upper reference, no proof",
          "none: model-predictive control with perfect foresight over wanwise's own solver",
          {{"window", "1s", "how far it sees", ParameterKind::duration, "500ms", "60s", {}},
           {"goal",
            "misses",
            "misses: fewest requests that miss; priorities: the engine's own order of goals",
            ParameterKind::word,
            "",
            "",
            {"misses", "priorities"}},
           {"ladder",
            "allowed",
            "full-demand: it may not degrade a workload either",
            ParameterKind::word,
            "",
            "",
            {"allowed", "full-demand"}}},
          [](const core::Model& model, const Parameters& parameters, const Foresight& foresight) {
            return std::make_unique<Clairvoyant>(model, parameters, foresight);
          }};
}

}  // namespace wanwise::sim
