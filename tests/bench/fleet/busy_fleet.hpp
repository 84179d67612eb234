// A fleet of busy sites with a world around it for benchmarks: the same telemetry at the same pace
// for each site whatever the fleet's size, and every action answered. One owner.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "engine/core/fleet/fleet.hpp"

namespace wanwise::test {

inline constexpr int kWorkloads = 20;
/// Of one site: 20 workloads sampled every two seconds, counters of two links and their classes
/// every half second or two, probes every two seconds.
inline constexpr int kEventsPerSecond = 16;

/// Targets are tx2, tx2-b, cloud, cloud-b; links lte and wired, which routing prefers. The sites
/// share the first cloud (pool 0) and the SIMs' data plan (pool 1); both are plenty at first.
inline constexpr core::Index kSharedCloud = 2;
inline constexpr core::Index kSharedLink = 1;
inline constexpr std::size_t kCloudPool = 0;
inline constexpr std::size_t kDataPool = 1;

class BusyFleet {
 public:
  /// `demand`: of a site; at 3 its two TX2 are too small for it.
  explicit BusyFleet(int sites, std::int64_t demand = 1);

  /// So long every site's telemetry comes, sites in random order. What each event took, in µs;
  /// with the fleet's portion of a clearing, without the answers to its actions.
  std::vector<double> pass(core::Micros time);
  /// Every site hears of a target's power mode, so that each has something to decide.
  void change_power_modes();
  /// Makes every workload move that often, by draining its node, with 20 seconds of news each time:
  /// all that is remembered of the past is full then.
  void churn(int times);

  [[nodiscard]] core::Fleet& fleet() { return m_fleet; }
  [[nodiscard]] core::Instant now() const { return m_now; }
  [[nodiscard]] std::uint64_t decisions() const;
  /// Sites that use the pool by what they decided.
  [[nodiscard]] int users(std::size_t pool) const;
  [[nodiscard]] int sites() const { return static_cast<int>(m_places.size()); }
  void answer(const core::SiteStep& step);

 private:
  /// Where each workload runs, as the cluster has it: a target by position, kNone: nowhere.
  using Places = std::vector<core::Index>;

  BusyFleet(const core::FleetModel& model, std::int64_t demand);
  core::Step tell(core::Index site, core::EventBody body);
  core::EventBody news(core::Index site);
  core::EventBody workload_news(core::Index site);
  core::EventBody link_news();
  core::EventBody target_news();
  void take(core::Index site, const core::Action& action);

  std::int64_t m_demand;
  core::Fleet m_fleet;
  std::vector<Places> m_places;  ///< by site
  std::mt19937_64 m_random{1};
  core::Instant m_now{1'000'000};
  std::uint64_t m_moves = 0;  ///< asked for
};

}  // namespace wanwise::test
