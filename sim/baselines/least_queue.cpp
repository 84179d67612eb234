// Compute-based placement: once in a period the one move that evens out the busy shares of the
// accelerators best. It knows nothing of links: the cloud is as near as the node.
#include <algorithm>
#include <cstdlib>
#include <optional>

#include "sim/baselines/baseline.hpp"
#include "sim/baselines/beat.hpp"
#include "sim/baselines/busy_share.hpp"
#include "sim/baselines/definition.hpp"

namespace wanwise::sim {
namespace {

class LeastQueue final : public Baseline {
 public:
  LeastQueue(const core::Model& believed, const Parameters& parameters)
      : Baseline(believed, parameters),
        m_beat(parameters.duration("interval")),
        m_hysteresis(parameters.share("hysteresis")) {
    for (const core::Index w : by_priority(model())) {
      place_where_it_fits(w, admissible_targets(model(), w), "as it declares");
    }
  }

 protected:
  void decide() override {
    if (!m_beat.due(now())) return;
    leave_unreachable();
    if (const auto move = best_move()) place(move->workload, move->to, "to the shorter queue");
  }
  [[nodiscard]] std::optional<core::Instant> wakeup() const override { return m_beat.next(); }

 private:
  struct Move {
    core::Index workload;
    core::Index to;
    std::int64_t difference;  ///< of the two busy shares afterwards
  };

  void leave_unreachable() {
    for (const core::Index w : by_priority(model())) {
      const core::Index here = place_of(w);
      if (here == core::kNone || view().target(here).reachable) continue;
      std::vector<core::Index> order = admissible_targets(model(), w);
      std::erase_if(order, [&](core::Index t) { return !view().target(t).reachable; });
      std::stable_sort(order.begin(), order.end(),
                       [&](core::Index a, core::Index b) { return load(a) < load(b); });
      const core::Index target = first_fit(w, order);
      if (target != core::kNone) place(w, target, "its target does not answer");
    }
  }

  [[nodiscard]] core::Ppm load(core::Index target) const {
    return view().target(target).load.value_or(core::Ppm{0});
  }

  /// Only between targets that said how busy they are, and while nothing moves there: the samples
  /// do not show yet what a move does.
  [[nodiscard]] std::optional<Move> best_move() const {
    std::optional<Move> best;
    for (core::Index w = 0; w < workloads(); ++w) {
      if (moving(w)) return std::nullopt;
    }
    for (core::Index w = 0; w < workloads(); ++w) {
      const core::Index from = place_of(w);
      if (from == core::kNone || !view().target(from).load) continue;
      for (const core::Index to : admissible_targets(model(), w)) {
        const auto& there = view().target(to);
        if (to == from || !there.reachable || !there.load || !fits(w, to)) continue;
        const auto difference = after(w, from, to);
        if (difference && (!best || *difference < best->difference)) best = {w, to, *difference};
      }
    }
    return best;
  }

  /// How far apart the two are after the move, where it makes the fuller one less full.
  [[nodiscard]] std::optional<std::int64_t> after(core::Index workload, core::Index from,
                                                  core::Index to) const {
    const core::Ppm here = load(from);
    const core::Ppm there = load(to);
    if (here - there <= m_hysteresis) return std::nullopt;
    const core::Ppm left = here - busy_share(model(), view(), workload, from);
    const core::Ppm fuller = there + busy_share(model(), view(), workload, to);
    if (std::max(left, fuller) >= here) return std::nullopt;
    return std::abs((left - fuller).count);
  }

  Beat m_beat;
  core::Ppm m_hysteresis;
};

}  // namespace

Definition least_queue_policy() {
  return {"least-queue",
          PolicyKind::compute,
          "evens out how busy the accelerators are, one workload at a time",
          "least-loaded, as in EdgeCloudSim's edge orchestrators (FMEC'17); period of the "
          "HorizontalPodAutoscaler",
          with_common(
              {{"interval", "15s", "between decisions", ParameterKind::duration, "1s", "1h", {}},
               {"hysteresis",
                "20%",
                "busy shares nearer than this are left alone",
                ParameterKind::share,
                "0%",
                "100%",
                {}}}),
          [](const core::Model& model, const Parameters& parameters, const Foresight&) {
            return std::make_unique<LeastQueue>(model, parameters);
          }};
}

}  // namespace wanwise::sim
