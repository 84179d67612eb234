// What a policy was told last about links, targets, workloads and placements, by position in the
// model's vectors (targets: nodes first, then clouds). It judges nothing; impossible numbers are
// cut to the possible, names the model lacks are dropped. One owner; the model must outlive it.
#pragma once

#include <optional>
#include <vector>

#include "engine/core/event.hpp"
#include "engine/core/model.hpp"
#include "engine/core/model_index.hpp"

namespace wanwise::sim {

class SiteView {
 public:
  struct LinkNews {
    bool up = true;  ///< as the router's last counters say; up until the first
    std::optional<core::LinkCounters> counters;
    std::optional<core::LinkCounters> counters_before;
    std::optional<core::RadioSample> radio;
  };
  struct TargetNews {
    bool reachable = true;  ///< until a scrape fails
    bool draining = false;
    std::optional<core::Ppm> load;
  };
  struct WorkloadNews {
    bool known = false;                ///< its placement has been told
    core::Index target = core::kNone;  ///< kNone: nowhere
    std::int32_t rung = 0;
    std::optional<core::MilliHz> arrivals;  ///< over the last sample
  };

  explicit SiteView(const core::Model& model);

  void observe(const core::EventBody& body, core::Instant now);
  /// A placement that was answered with "done".
  void placed(core::Index workload, core::Index target, std::int32_t rung);

  [[nodiscard]] const LinkNews& link(core::Index link) const { return core::at(m_links, link); }
  [[nodiscard]] const TargetNews& target(core::Index t) const { return core::at(m_targets, t); }
  [[nodiscard]] const WorkloadNews& workload(core::Index w) const {
    return core::at(m_workloads, w);
  }

  /// What the routing of this router takes: the lowest metric that is up; kNone: none is.
  [[nodiscard]] core::Index route(const core::RouterName& router) const;
  /// The route of the workload's sources (of the first, where they stand on several routers).
  [[nodiscard]] core::Index route(core::Index workload) const;
  /// Any link of the site is up.
  [[nodiscard]] bool any_link_up() const;

 private:
  void on(const core::LinkCounters& sample, core::Instant now);
  void on(const core::RadioSample& sample, core::Instant now);
  void on(const core::TargetSample& sample, core::Instant now);
  void on(const core::WorkloadSample& sample, core::Instant now);
  void on(const core::PlacementObserved& seen, core::Instant now);
  void on(const core::DrainRequested& request, core::Instant now);
  template <class Other>
  void on(const Other&, core::Instant) {}

  const core::Model& m_model;
  std::vector<LinkNews> m_links;
  std::vector<TargetNews> m_targets;
  std::vector<WorkloadNews> m_workloads;
};

/// Hard rules that no policy breaks: the target is one of the workload's, residency holds, and the
/// target's profile knows the model of this rung.
[[nodiscard]] bool admissible(const core::Model& model, core::Index workload, core::Index target,
                              std::int32_t rung = 0);

/// The admissible targets on the full demand, in the workload's order of preference.
[[nodiscard]] std::vector<core::Index> admissible_targets(const core::Model& model,
                                                          core::Index workload);

/// Positions of the workloads, the most important first, then as in the model.
[[nodiscard]] std::vector<core::Index> by_priority(const core::Model& model);

/// An instant a sample speaks of, cut to the hour before it arrived: sources' clocks may be broken.
[[nodiscard]] core::Instant believable(core::Instant observed_at, core::Instant now);
/// A round trip between nothing and an hour.
[[nodiscard]] core::Micros believable(core::Micros rtt);

}  // namespace wanwise::sim
