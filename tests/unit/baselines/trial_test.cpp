// Every policy of the catalogue in the real loop: a minute at the harbour, with a uplink that
// collapses and a node that dies.
#include <gtest/gtest.h>

#include <algorithm>

#include "sim/trial/trial.hpp"
#include "tests/unit/baselines/bench.hpp"

namespace wanwise::sim::test {
namespace {

TrialConfig minute(const std::string& policy) {
  TrialConfig config;
  config.believed = demo_site();
  config.world = demo_world(config.believed, 3);
  config.story = {{core::seconds(15), UplinkChange{core::LinkName{"lte"}, core::Ppm{100'000}}, ""},
                  {core::seconds(30), UplinkChange{core::LinkName{"lte"}, core::kWhole}, ""},
                  {core::seconds(35), AliveChange{core::TargetName{"tx2"}, false}, ""},
                  {core::seconds(50), AliveChange{core::TargetName{"tx2"}, true}, ""}};
  config.policy = {policy, policy, {}};
  config.horizon = core::seconds(60);
  config.warm_up = core::seconds(5);
  return config;
}

struct Sums {
  std::int64_t generated = 0, missed = 0;
};

Sums sums(const TrialResult& result) {
  Sums sums;
  for (const WorkloadResult& w : result.workloads) {
    sums.generated += w.generated;
    sums.missed += w.late + w.lost + w.skipped;
  }
  return sums;
}

TEST(EveryPolicyInTheLoop, ServesTheSameRequestsAndLosesNone) {
  std::uint64_t arrivals = 0;
  for (const PolicyEntry& entry : catalogue()) {
    const TrialResult result = run_trial(minute(entry.name));
    const Sums sum = sums(result);
    EXPECT_TRUE(result.conserved) << entry.name;
    if (arrivals == 0) arrivals = result.arrival_hash;
    EXPECT_EQ(result.arrival_hash, arrivals) << entry.name;
    EXPECT_LT(sum.missed, sum.generated) << entry.name;
    std::printf("%-24s missed %5.1f %%, moves %3lld (%lld failed), writes %3lld, events %llu\n",
                entry.name.c_str(),
                100.0 * static_cast<double>(sum.missed) / static_cast<double>(sum.generated),
                static_cast<long long>(result.moves), static_cast<long long>(result.failed_moves),
                static_cast<long long>(result.router_writes),
                static_cast<unsigned long long>(result.controller_events));
  }
}

}  // namespace
}  // namespace wanwise::sim::test
