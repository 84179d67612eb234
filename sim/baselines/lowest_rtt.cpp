// Network-based placement in its plainest form: where the round trip is shortest, looked at in
// periods, with a hysteresis. It knows nothing of load, health or service times.
#include <algorithm>
#include <deque>
#include <numeric>

#include "sim/baselines/baseline.hpp"
#include "sim/baselines/beat.hpp"
#include "sim/baselines/definition.hpp"

namespace wanwise::sim {
namespace {

/// A probe that did not come back counts this much: IP SLA's default timeout.
constexpr core::Micros kLost = core::seconds(5);

class LowestRtt final : public Baseline {
 public:
  LowestRtt(const core::Model& believed, const Parameters& parameters)
      : Baseline(believed, parameters),
        m_beat(parameters.duration("interval")),
        m_samples(static_cast<std::size_t>(parameters.count("samples"))),
        m_hysteresis(parameters.share("hysteresis")),
        m_offload_below(parameters.duration("offload-below")),
        m_links(model().site.links.size()) {
    for (const core::Index w : by_priority(model())) {
      place_where_it_fits(w, admissible_targets(model(), w), "as it declares");
    }
  }

 protected:
  void observe(const core::EventBody& body) override {
    const auto* sample = std::get_if<core::ProbeSample>(&body);
    if (sample == nullptr) return;
    const core::Index link = core::index_of(model().site.links, sample->link);
    if (link == core::kNone) return;
    auto& window = core::at(m_links, link);
    window.push_back(sample->rtt ? believable(*sample->rtt) : kLost);
    if (window.size() > m_samples) window.pop_front();
  }
  void decide() override {
    if (!m_beat.due(now())) return;
    for (const core::Index w : by_priority(model())) choose(w);
  }
  [[nodiscard]] std::optional<core::Instant> wakeup() const override { return m_beat.next(); }

 private:
  void choose(core::Index workload) {
    const core::Index here = place_of(workload);
    core::Index best = core::kNone;
    for (const core::Index target : admissible_targets(model(), workload)) {
      if (!fits(workload, target)) continue;
      if (best == core::kNone || rtt(workload, target) < rtt(workload, best)) best = target;
    }
    if (best == core::kNone || best == here) return;
    if (here != core::kNone) {
      const core::Micros now_there = rtt(workload, here);
      const core::Micros gain = now_there - rtt(workload, best);
      if (gain.count * core::kWhole.count < now_there.count * m_hysteresis.count) return;
    }
    place(workload, best, "the shorter round trip");
  }

  /// 0 for a cloud that is near enough to be preferred.
  [[nodiscard]] core::Micros rtt(core::Index workload, core::Index target) const {
    if (!core::is_cloud(model(), target)) {
      return core::at(model().site.nodes, target).lan_delay * 2;
    }
    const core::Index link = view().route(workload);
    if (link == core::kNone) return kLost;
    const auto& window = core::at(m_links, link);
    const core::Micros probed =
        window.empty() ? core::at(model().site.links, link).rtt
                       : std::accumulate(window.begin(), window.end(), core::Micros{0}) /
                             static_cast<std::int64_t>(window.size());
    const auto cloud = static_cast<std::size_t>(target - core::count(model().site.nodes));
    const core::Micros whole = probed + model().site.clouds[cloud].beyond_probe;
    return whole < m_offload_below ? core::Micros{0} : whole;
  }

  Beat m_beat;
  std::size_t m_samples;
  core::Ppm m_hysteresis;
  core::Micros m_offload_below;
  std::vector<std::deque<core::Micros>> m_links;  ///< by link, the latest `samples` round trips
};

}  // namespace

Definition lowest_rtt_policy() {
  return {"lowest-rtt",
          PolicyKind::network,
          "the target with the shortest round trip, or the cloud while that is near enough",
          "latency-based routing as of DNS and CDN services; network-only as in SC'21",
          with_common(
              {{"interval", "10s", "between decisions", ParameterKind::duration, "1s", "1h", {}},
               {"samples", "10", "probes that are averaged", ParameterKind::count, "1", "1000", {}},
               {"hysteresis",
                "10%",
                "shorter by this before it moves",
                ParameterKind::share,
                "0%",
                "100%",
                {}},
               {"offload-below",
                "0ms",
                "a cloud whose round trip is below counts as nearest; 0ms: none does",
                ParameterKind::duration,
                "0ms",
                "10s",
                {}}}),
          [](const core::Model& model, const Parameters& parameters, const Foresight&) {
            return std::make_unique<LowestRtt>(model, parameters);
          }};
}

}  // namespace wanwise::sim
