#include "sim/baselines/busy_share.hpp"

namespace wanwise::sim {

core::Ppm busy_share(const core::Model& model, const SiteView& view, core::Index workload,
                     core::Index target) {
  const core::Workload& w = core::at(model.policy.workloads, workload);
  const core::DeviceProfile& profile = core::target_profile(model, target);
  const auto time = profile.models.find(w.ladder.front().model);
  if (time == profile.models.end()) return core::Ppm{0};
  double servers = profile.servers;
  if (core::is_cloud(model, target)) {
    const auto cloud = static_cast<std::size_t>(target - core::count(model.site.nodes));
    servers *= model.site.clouds[cloud].servers;
  }
  const core::MilliHz rate = view.workload(workload).arrivals.value_or(w.rate);
  // Requests per 1000 s times microseconds: 1e-9 of a busy server.
  const double busy = static_cast<double>(rate.count) * 1e-9 *
                      static_cast<double>(time->second.mean.count) / servers;
  return core::Ppm{static_cast<std::int64_t>(busy * 1e6)};
}

}  // namespace wanwise::sim
