// Trouble behind the router: no cluster, no metrics, a TX2 that dies. Times are the journal's, not
// the wall clock's.
#include <map>
#include <set>

#include "tests/support/site_fixture.hpp"
#include "tests/support/tcp_proxy.hpp"

namespace wanwise::test {
namespace {

using testing::HasSubstr;

class SiteFaults : public SiteTest {
 protected:
  void replays_equal() const {
    const Ended replay = wanwise({"replay", m_folder.file("journal")});
    EXPECT_EQ(replay.code, 0) << replay.out << replay.err;
  }
};

TEST_F(SiteFaults, WithoutClusterAndMetricsItSaysSoAndGoesOnWhenTheyCome) {
  ASSERT_NO_FATAL_FAILURE(start_router());
  TcpProxy door(1);  // nobody listens there
  SiteText text = site_text();
  text.door_port = door.port();
  write_documents(text);
  ASSERT_NO_FATAL_FAILURE(start_daemon());
  const core::Degradation blind = wait_for_degradation("no-metrics");
  EXPECT_EQ(blind.subject, "tx2");
  const core::Status without = wait_for("QoS in place", [](const core::Status& status) {
    return status.started && status.routers[0].qos_in_place;
  });
  for (const core::WorkloadStatus& workload : without.workloads)
    EXPECT_FALSE(workload.target.has_value()) << "nobody said where it runs";
  door.set_target(m_router.door_port());
  (void)wait_until_all_is_well();
  stop_daemon();
  replays_equal();
}

TEST_F(SiteFaults, MetricsThatStopAreNamedAndWhatRunsStays) {
  ASSERT_NO_FATAL_FAILURE(start_router());
  TcpProxy door(m_router.door_port());
  SiteText text = site_text();
  text.door_port = door.port();
  write_documents(text);
  ASSERT_NO_FATAL_FAILURE(start_daemon());
  const core::Status before = wait_until_all_is_well();
  door.freeze_after(0);
  const core::Degradation blind = wait_for_degradation("target-blind");
  EXPECT_EQ(blind.subject, "tx2");
  const auto now = status();
  ASSERT_TRUE(now);
  for (std::size_t i = 0; i < now->workloads.size(); ++i)
    EXPECT_EQ(now->workloads[i].target, before.workloads[i].target) << "blind is not dead";
  door.cut();
  door.thaw();
  (void)wait_until_all_is_well();
  stop_daemon();
  replays_equal();
}

TEST_F(SiteFaults, ADoorThatRestartsIsFoundAgain) {
  ASSERT_NO_FATAL_FAILURE(start_router());
  TcpProxy door(m_router.door_port());
  SiteText text = site_text();
  text.door_port = door.port();
  write_documents(text);
  ASSERT_NO_FATAL_FAILURE(start_daemon());
  (void)wait_until_all_is_well();
  const std::uint16_t there = m_router.door_port();
  door.set_target(1);
  door.cut();
  (void)wait_for_degradation("target-blind");
  door.set_target(there);
  (void)wait_until_all_is_well();
  stop_daemon();
  replays_equal();
}

/// Moments at which each workload was first seen ready in the cloud after `since`.
std::map<std::string, core::Instant> arrivals(const JournalView& journal, core::Instant since) {
  std::map<std::string, core::Instant> arrived;
  for (const auto& [at, placement] : journal.all<core::PlacementObserved>()) {
    const bool there = placement.target && placement.target->text == "cloud" && placement.ready;
    if (there && at >= since) arrived.try_emplace(placement.workload.text, at);
  }
  return arrived;
}

TEST_F(SiteFaults, WhenTheTx2DiesAllThatMayLeaveIsInTheCloudWithinFallBackAfter) {
  const std::string scenario =
      m_folder.write("scenario.yaml",
                     "scenario: death\nsteps:\n"
                     "  - {at: 12s, say: \"the TX2 dies\", target: {name: tx2, alive: false}}\n");
  ASSERT_NO_FATAL_FAILURE(start_router({"--scenario", scenario}));
  write_documents();
  ASSERT_NO_FATAL_FAILURE(start_daemon());
  (void)wait_for_degradation("target-dead");
  const std::set<std::string> may_leave = {"collision-avoidance", "traffic-counting",
                                           "crowd-density"};
  (void)wait_for("all that may leave is in the cloud", [&](const core::Status& status) {
    for (const core::WorkloadStatus& workload : status.workloads) {
      if (may_leave.contains(workload.name.text) &&
          (!workload.target || workload.target->text != "cloud" || workload.moving))
        return false;
    }
    return true;
  });
  EXPECT_THAT(ask({"status"}).out, HasSubstr("target-dead"));
  stop_daemon();

  const JournalView journal = this->journal();
  std::optional<core::Instant> alive;
  std::optional<core::Instant> died;
  for (const auto& [at, sample] : journal.all<core::TargetSample>()) {
    if (sample.target.text != "tx2") continue;
    if (sample.reachable) alive = at;
    if (!sample.reachable && !died) died = at;
  }
  ASSERT_TRUE(alive && died && *alive < *died) << "wanwise saw it alive before";
  constexpr core::Micros kFallBackAfter = core::seconds(2);  // of smart-city
  const auto arrived = arrivals(journal, *died);
  for (const std::string& workload : may_leave) {
    const auto at = arrived.find(workload);
    ASSERT_NE(at, arrived.end()) << workload;
    EXPECT_LE((at->second - *died).count, kFallBackAfter.count) << workload;
  }
  EXPECT_FALSE(arrived.contains("licence-plates")) << "personal data stay on the site";
  replays_equal();
}

}  // namespace
}  // namespace wanwise::test
