// Polaris Scheduler's NetworkQoS plugin: paths that do not have the bandwidth or are too slow are
// filtered, the rest scored by how steady they are.
#include <algorithm>

#include "sim/baselines/schedulers.hpp"

namespace wanwise::sim {
namespace {

/// What a NetworkLink object would say. Nobody writes them: these are declared values.
struct PathQos {
  double bandwidth = 0;  ///< bits per second
  double bandwidth_deviation = 0;
  double delay = 0;  ///< milliseconds
  double delay_deviation = 0;
};

/// Both sides of the site's LAN: 100 Mb/s, as the IR1101's Fast Ethernet ports.
constexpr double kLanRate = 100e6;

class Polaris final : public Scorer {
 public:
  Polaris(double bandwidth_deviation, double delay_deviation)
      : m_bandwidth_deviation(bandwidth_deviation), m_delay_deviation(delay_deviation) {}

  [[nodiscard]] core::Index choose(const core::Model& model, core::Index workload,
                                   const std::vector<core::Index>& feasible,
                                   const std::vector<core::Index>&) const override {
    const core::Workload& w = core::at(model.policy.workloads, workload);
    const double wanted =
        static_cast<double>(w.rate.count) / 1e3 * static_cast<double>(w.request.count) * 8;
    const double slowest = static_cast<double>(w.objective.latency.count) / 1e3;
    core::Index best = core::kNone;
    double best_score = -1;
    for (const core::Index target : feasible) {
      const PathQos path = path_to(model, workload, target);
      // Compared, never deducted: two workloads that fill the link both pass.
      if (path.bandwidth < wanted || path.delay > slowest) continue;
      const double points = score(path);
      if (points > best_score) best = target, best_score = points;
    }
    return best;
  }

 private:
  [[nodiscard]] PathQos path_to(const core::Model& model, core::Index workload,
                                core::Index target) const {
    if (!core::is_cloud(model, target)) {
      const core::Node& node = core::at(model.site.nodes, target);
      return {kLanRate, 0, static_cast<double>(node.lan_delay.count) / 1e3, 0};
    }
    const core::Link* link = declared_route(model, workload);
    if (link == nullptr) return {};
    const auto cloud = static_cast<std::size_t>(target - core::count(model.site.nodes));
    const core::Micros round = link->rtt + model.site.clouds[cloud].beyond_probe;
    PathQos path{static_cast<double>(link->uplink.count), 0, static_cast<double>(round.count) / 2e3,
                 0};
    path.bandwidth_deviation = path.bandwidth * m_bandwidth_deviation;
    path.delay_deviation = path.delay * m_delay_deviation;
    return path;
  }

  /// Steadiness alone: 100 - 1000 sd/bandwidth and 100 - 100 sd/delay, each not below 0.
  static double score(const PathQos& path) {
    const double by_bandwidth =
        std::max(0.0, 100 - 1000 * path.bandwidth_deviation / path.bandwidth);
    const double by_delay =
        path.delay > 0 ? std::max(0.0, 100 - 100 * path.delay_deviation / path.delay) : 0;
    return (by_bandwidth + by_delay) / 2;
  }

  double m_bandwidth_deviation;
  double m_delay_deviation;
};

}  // namespace

std::vector<ParameterRule> polaris_rules() {
  return {{"bandwidth-deviation",
           "60%",
           "standard deviation of an uplink, of its rate",
           ParameterKind::share,
           "0%",
           "200%",
           {}},
          {"delay-deviation",
           "30%",
           "standard deviation of a link's delay, of its mean",
           ParameterKind::share,
           "0%",
           "200%",
           {}}};
}

std::unique_ptr<Scorer> make_polaris(const Parameters& parameters) {
  const auto deviation = [&](const char* name) {
    return static_cast<double>(parameters.share(name).count) / 1e6;
  };
  return std::make_unique<Polaris>(deviation("bandwidth-deviation"), deviation("delay-deviation"));
}

}  // namespace wanwise::sim
