// What policies write on the router.
#include <gtest/gtest.h>

#include "sim/baselines/static_qos.hpp"
#include "tests/support/model_builder.hpp"
#include "tests/unit/baselines/bench.hpp"

namespace wanwise::sim::test {
namespace {

core::Model site() {
  wanwise::test::ModelBuilder builder;
  builder.workload({.name = "a", .service_class = "realtime"});
  builder.workload({.name = "b"});
  return builder.build();
}

TEST(StaticQos, HasTheClassesSharesAndTheDeclaredUplink) {
  const core::RouterQos qos = static_qos(site(), 0, core::kWhole);
  ASSERT_EQ(qos.wans.size(), 1U);
  EXPECT_EQ(qos.wans[0].shaper, core::Bps{12'000'000});
  ASSERT_EQ(qos.wans[0].queues.size(), 2U);
  EXPECT_EQ(qos.wans[0].queues[0].kind, core::QueueKind::priority);
  EXPECT_EQ(qos.wans[0].queues[0].percent, 30U);
  EXPECT_EQ(qos.wans[0].queues[1].percent, 40U);
  EXPECT_EQ(qos.wans[0].default_percent, 60U);
  EXPECT_EQ(qos.marking.size(), 2U);
}

TEST(StaticQos, IsWrittenOnceAndNeverAgain) {
  Bench bench("always-edge", site(), {{"shaper", "80%"}});
  bench.run(60);
  bench.rtt_ms = 2'000;
  bench.run(600);
  EXPECT_EQ(bench.writes(), 1);
  ASSERT_TRUE(bench.on_router().has_value());
  EXPECT_EQ(bench.on_router()->wans[0].shaper, core::Bps{9'600'000});
}

TEST(StaticQos, IsNotWrittenWhereNoneIsWanted) {
  Bench bench("always-edge", site(), {{"qos", "none"}});
  bench.run(60);
  EXPECT_EQ(bench.writes(), 0);
}

TEST(StaticQos, IsNotWrittenBeforeTheRouterWasRead) {
  Bench bench("always-edge", site());
  bench.apply(core::RouterSession{core::RouterName{"r1"}, core::SessionState::connected, "", ""});
  bench.apply(core::Tick{});
  EXPECT_EQ(bench.writes(), 0);
}

TEST(StaticQos, LeavesAForeignPolicyAlone) {
  Bench bench("always-edge", site());
  bench.apply(core::RouterSession{core::RouterName{"r1"}, core::SessionState::connected, "", ""});
  bench.apply(core::RouterQosObserved{
      core::RouterName{"r1"}, bench.now(), std::nullopt, {"Cellular0/1/0 output OPERATOR"}});
  EXPECT_EQ(bench.writes(), 0);
}

TEST(QosOnly, TracksTheUplinkAndMovesNothing) {
  Bench bench("qos-only", site());
  bench.run(30);
  ASSERT_TRUE(bench.on_router().has_value());
  const core::Bps before = bench.on_router()->wans[0].shaper;
  bench.tx_bps = 3'000'000;
  bench.rtt_ms = 900;
  bench.run(5);
  EXPECT_LT(bench.on_router()->wans[0].shaper, before);
  EXPECT_EQ(bench.moves().size(), 2U);  // to where they declare to be
}

TEST(QosOnly, KeepsTheDeclaredRateWhenAskedTo) {
  Bench bench("qos-only", site(), {{"shaper", "declared"}});
  bench.run(30);
  bench.tx_bps = 3'000'000;
  bench.rtt_ms = 900;
  bench.run(60);
  EXPECT_EQ(bench.on_router()->wans[0].shaper, core::Bps{12'000'000});
}

TEST(Autorate, CutsTheShaperWhenProbesAreDelayedAndMovesNothing) {
  Bench bench("autorate-aimd", site());
  bench.run(30);
  EXPECT_EQ(bench.on_router()->wans[0].shaper, core::Bps{12'000'000});
  bench.rtt_ms = 900;
  bench.run(3);
  EXPECT_EQ(bench.on_router()->wans[0].shaper, core::Bps{9'000'000});
  bench.run(60);
  EXPECT_EQ(bench.on_router()->wans[0].shaper, core::Bps{200'000});
  EXPECT_EQ(bench.moves().size(), 2U);
}

TEST(Autorate, DoesNotTakeAnOutageForADelay) {
  Bench bench("autorate-aimd", site());
  bench.run(30);
  bench.in_service = false;
  bench.rtt_ms.reset();
  bench.run(60);
  EXPECT_EQ(bench.on_router()->wans[0].shaper, core::Bps{12'000'000});
}

TEST(Autorate, GrowsUnderLoad) {
  Bench bench("autorate-aimd", site());
  bench.tx_bps = 11'500'000;
  bench.run(20);
  EXPECT_GT(bench.on_router()->wans[0].shaper, core::Bps{14'000'000});
}

}  // namespace
}  // namespace wanwise::sim::test
