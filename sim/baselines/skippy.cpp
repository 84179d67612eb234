// Skippy's priorities, each 0 to 10 with weight 1: balanced resources, image locality, locality
// type, data locality, capability.
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "sim/baselines/schedulers.hpp"

namespace wanwise::sim {
namespace {

constexpr double kMost = 10;

class Skippy final : public Scorer {
 public:
  explicit Skippy(std::int64_t image_bytes) : m_image(static_cast<double>(image_bytes)) {}

  [[nodiscard]] core::Index choose(const core::Model& model, core::Index workload,
                                   const std::vector<core::Index>& feasible,
                                   const std::vector<core::Index>& placed) const override {
    std::vector<std::int64_t> image, data;
    for (const core::Index target : feasible) {
      image.push_back(image_seconds(model, workload, target));
      data.push_back(data_seconds(model, workload, target));
    }
    core::Index best = core::kNone;
    std::int64_t best_score = -1;
    for (std::size_t i = 0; i < feasible.size(); ++i) {
      // Capability counts labels that pod and node share: a GPU, which every target here has.
      const std::int64_t score = balanced(model, workload, feasible[i], placed) +
                                 (core::is_cloud(model, feasible[i]) ? 0 : 10) + nearest(image, i) +
                                 scaled_down(data, i);
      if (score > best_score) best = feasible[i], best_score = score;
    }
    return best;
  }

 private:
  /// 10 where busy share and memory share are alike, 0 where one of them is full.
  static std::int64_t balanced(const core::Model& model, core::Index workload, core::Index target,
                               const std::vector<core::Index>& placed) {
    double busy = 0, memory = 0;
    const core::DeviceProfile& profile = core::target_profile(model, target);
    for (core::Index w = 0; w < core::count(placed); ++w) {
      if (w != workload && core::at(placed, w) != target) continue;
      const core::Workload& it = core::at(model.policy.workloads, w);
      const auto time = profile.models.find(it.ladder.front().model);
      if (time == profile.models.end()) continue;
      busy += static_cast<double>(it.rate.count) * static_cast<double>(time->second.mean.count) /
              (1e9 * profile.servers);
      memory += static_cast<double>(it.memory.count);
    }
    if (core::is_cloud(model, target)) return static_cast<std::int64_t>(kMost);
    memory /= static_cast<double>(core::at(model.site.nodes, target).memory.count);
    if (busy >= 1 || memory >= 1) return 0;
    return static_cast<std::int64_t>((1 - std::abs(busy - memory)) * kMost);
  }

  /// Whole seconds to fetch the image from a registry in the cloud.
  [[nodiscard]] std::int64_t image_seconds(const core::Model& model, core::Index workload,
                                           core::Index target) const {
    const core::Link* link = declared_route(model, workload);
    if (core::is_cloud(model, target) || link == nullptr) return 0;
    return static_cast<std::int64_t>(m_image * 8 / static_cast<double>(link->downlink.count));
  }

  /// Whole seconds to bring one request from the site.
  static std::int64_t data_seconds(const core::Model& model, core::Index workload,
                                   core::Index target) {
    const core::Link* link = declared_route(model, workload);
    if (!core::is_cloud(model, target) || link == nullptr) return 0;
    const core::Workload& w = core::at(model.policy.workloads, workload);
    return w.request.count * 8 / std::max<std::int64_t>(1, link->uplink.count);
  }

  /// The slowest keeps what the fastest needs.
  static std::int64_t nearest(const std::vector<std::int64_t>& times, std::size_t i) {
    const auto [least, most] = std::minmax_element(times.begin(), times.end());
    if (*most == 0) return 0;
    return static_cast<std::int64_t>(kMost * static_cast<double>(*most - times[i] + *least) /
                                     static_cast<double>(*most));
  }

  /// The fastest has 10, the slowest 0.
  static std::int64_t scaled_down(const std::vector<std::int64_t>& times, std::size_t i) {
    const auto [least, most] = std::minmax_element(times.begin(), times.end());
    if (*most == *least) return 0;
    return static_cast<std::int64_t>(kMost * static_cast<double>(*most - times[i]) /
                                     static_cast<double>(*most - *least));
  }

  double m_image;
};

}  // namespace

std::vector<ParameterRule> skippy_rules() {
  return {{"image",
           "0",
           "megabytes that a node has to fetch; 0: the image is there",
           ParameterKind::count,
           "0",
           "100000",
           {}}};
}

std::unique_ptr<Scorer> make_skippy(const Parameters& parameters) {
  return std::make_unique<Skippy>(parameters.count("image") * 1'000'000);
}

}  // namespace wanwise::sim
