// Both halves of the state with fixed thresholds: what an operator scripts in a day. A busy or
// silent node gives up its least important workload while the cloud is near; it comes home when the
// node has room, or when the path gets long.
#include <algorithm>
#include <utility>

#include "engine/core/observe/freshness.hpp"
#include "sim/baselines/baseline.hpp"
#include "sim/baselines/busy_share.hpp"
#include "sim/baselines/debounce.hpp"
#include "sim/baselines/definition.hpp"

namespace wanwise::sim {
namespace {

class Hybrid final : public Baseline {
 public:
  Hybrid(const core::Model& believed, const Parameters& parameters)
      : Baseline(believed, parameters),
        m_busy_above(parameters.share("busy-above")),
        m_idle_below(parameters.share("idle-below")),
        m_rtt_below(parameters.duration("rtt-below")),
        m_busy(static_cast<std::size_t>(targets()),
               Debounce{parameters.duration("out-after"), parameters.duration("back-after")}),
        m_near(model().site.links.size(),
               Debounce{parameters.duration("out-after"), parameters.duration("back-after")}) {
    for (const core::Index w : by_priority(model())) {
      place_where_it_fits(w, admissible_targets(model(), w), "as it declares");
    }
  }

 protected:
  void observe(const core::EventBody& body) override {
    if (const auto* sample = std::get_if<core::TargetSample>(&body)) {
      const core::Index t = core::target_index(model(), sample->target);
      if (t != core::kNone) target_told(t);
    } else if (const auto* probe = std::get_if<core::ProbeSample>(&body)) {
      const core::Index l = core::index_of(model().site.links, probe->link);
      if (l == core::kNone) return;
      const bool near = probe->rtt && believable(*probe->rtt) < m_rtt_below;
      core::at(m_near, l).observe(near, now());
    }
  }
  void decide() override {
    for (const core::Index w : by_priority(model())) {
      const core::Index here = place_of(w);
      if (here != core::kNone && core::is_cloud(model(), here) && !near(w)) go_home(w, "far");
    }
  }

 private:
  [[nodiscard]] bool near(core::Index workload) const {
    const core::Index link = view().route(workload);
    return link != core::kNone && core::at(m_near, link).good();
  }

  void target_told(core::Index target) {
    if (core::is_cloud(model(), target)) return;
    const auto& news = view().target(target);
    Debounce& calm = core::at(m_busy, target);
    const core::Ppm load = news.load.value_or(core::Ppm{0});
    const bool was_calm = calm.good();
    const bool is_calm = news.reachable && load <= (was_calm ? m_busy_above : m_idle_below);
    calm.observe(is_calm, now());
    if (!calm.good()) {
      send_away(target, !news.reachable);
    } else if (load <= m_idle_below && news.reachable && !any_moving()) {
      bring_back(target, load);
    }
  }

  [[nodiscard]] bool any_moving() const {
    for (core::Index w = 0; w < workloads(); ++w) {
      if (moving(w)) return true;
    }
    return false;
  }

  /// One at a time, the least important first; all of them when the node is silent.
  void send_away(core::Index node, bool all) {
    if (!all && (any_moving() || now() < m_wait_until)) return;
    auto order = by_priority(model());
    std::reverse(order.begin(), order.end());
    for (const core::Index w : order) {
      if (place_of(w) != node || !near(w)) continue;
      const core::Index cloud = first_cloud(w);
      if (cloud == core::kNone) continue;
      place(w, cloud, all ? "its node is silent" : "its node is busy");
      m_wait_until = now() + kSettle;
      if (!all) return;
    }
  }

  /// The most important of those that would rather be here, where there is room for its load.
  void bring_back(core::Index node, core::Ppm load) {
    if (now() < m_wait_until) return;
    for (const core::Index w : by_priority(model())) {
      const core::Index here = place_of(w);
      const auto allowed = admissible_targets(model(), w);
      if (here == core::kNone || !core::is_cloud(model(), here) || allowed.front() != node ||
          !fits(w, node) || load + busy_share(model(), view(), w, node) > m_busy_above) {
        continue;
      }
      place(w, node, "its node has room");
      m_wait_until = now() + kSettle;
      return;
    }
  }

  void go_home(core::Index workload, const char* why) {
    for (const core::Index target : admissible_targets(model(), workload)) {
      if (core::is_cloud(model(), target) || !view().target(target).reachable) continue;
      if (!fits(workload, target)) continue;
      place(workload, target, why);
      m_wait_until = now() + kSettle;
      return;
    }
  }

  [[nodiscard]] core::Index first_cloud(core::Index workload) const {
    for (const core::Index target : admissible_targets(model(), workload)) {
      if (core::is_cloud(model(), target) && view().target(target).reachable) return target;
    }
    return core::kNone;
  }

  /// A move shows in the busy share only after a start and some samples.
  static constexpr core::Micros kSettle = core::seconds(10);

  core::Ppm m_busy_above;
  core::Ppm m_idle_below;
  core::Micros m_rtt_below;
  std::vector<Debounce> m_busy;  ///< by target; good: calm
  std::vector<Debounce> m_near;  ///< by link; good: its probe is quick
  core::Instant m_wait_until;
};

}  // namespace

Definition hybrid_policy() {
  const auto time = [](const char* name, const char* standard, const char* meaning,
                       const char* least) {
    return ParameterRule{name, standard, meaning, ParameterKind::duration, least, "1h", {}};
  };
  return {
      "hybrid",
      PolicyKind::both,
      "fixed thresholds on how busy the node and how near the cloud is",
      "none: the plainest rule that sees both halves; all thresholds are assumptions",
      with_common(
          {{"busy-above", "85%", "the node gives up work", ParameterKind::share, "1%", "100%", {}},
           {"idle-below",
            "60%",
            "the node takes work back",
            ParameterKind::share,
            "0%",
            "100%",
            {}},
           time("rtt-below", "150ms", "the cloud counts as near", "1ms"),
           time("out-after", "5s", "how long it must be busy, or far", "0s"),
           time("back-after", "30s", "how long it must be calm, or near", "0s")}),
      [](const core::Model& model, const Parameters& parameters, const Foresight&) {
        return std::make_unique<Hybrid>(model, parameters);
      }};
}

}  // namespace wanwise::sim
