// IP SLA operations that were configured: their packets go through the queues of their class.
#include <gtest/gtest.h>

#include "sim/world/air/generate.hpp"
#include "tests/unit/world/site.hpp"

namespace wanwise::sim {
namespace {

constexpr const char* kLte = "Cellular0/1/0";

WorldConfig quiet() {
  WorldConfig out;
  out.model.site = testing::site();
  for (const auto& [name, profile] :
       {std::pair{"jetson-tx2", testing::device("jetson-tx2", 15'000, 18'000)},
        std::pair{"cloud-t4", testing::device("cloud-t4", 3'000, 4'000)}})
    out.model.profiles[core::DeviceName{name}] = profile;
  for (const core::Link& link : out.model.site.links) {
    out.links.push_back({.link = link.name,
                         .uplink = constant_rate(link.uplink),
                         .downlink = constant_rate(link.downlink),
                         .radio = std::nullopt});
  }
  return out;
}

OperationConfig jitter(std::uint32_t entry) {
  return {.entry = entry,
          .interface = kLte,
          .dscp = core::Dscp{46},
          .packets = 10,
          .interval = core::milliseconds(20),
          .period = core::seconds(1),
          .timeout = core::milliseconds(500)};
}

QosConfig with(std::vector<OperationConfig> operations) {
  QosConfig out;
  out.operations = std::move(operations);
  return out;
}

void run_to(World& world, std::int64_t seconds) {
  world.advance_to(core::Instant{seconds * 1'000'000});
}

TEST(Operation, MeasuresWithAllItsPackets) {
  World world(quiet());
  world.configure(with({jitter(9102)}));
  run_to(world, 10);
  const auto readings = world.operations();
  ASSERT_EQ(readings.size(), 1U);
  const OperationReading& reading = readings.front();
  EXPECT_EQ(reading.entry, 9102U);
  EXPECT_EQ(reading.successes, 10U);
  EXPECT_EQ(reading.failures, 0U);
  EXPECT_EQ(reading.packets, 10U);
  EXPECT_EQ(reading.lost, 0U);
  ASSERT_TRUE(reading.avg.has_value());
  EXPECT_GE(*reading.avg, core::milliseconds(40)) << "the link's round trip";
  EXPECT_LE(*reading.avg, core::milliseconds(45));
  EXPECT_TRUE(reading.jitter.has_value());
}

TEST(Operation, GoesOnWhenSomethingElseIsConfigured) {
  World world(quiet());
  world.configure(with({jitter(9102)}));
  run_to(world, 5);
  world.configure(with({jitter(9101), jitter(9102)}));
  run_to(world, 10);
  std::uint64_t runs = 0;
  for (const OperationReading& reading : world.operations())
    if (reading.entry == 9102) runs = reading.successes;
  EXPECT_EQ(runs, 10U) << "not begun anew";
  world.configure({});
  run_to(world, 12);
  EXPECT_TRUE(world.operations().empty());
  world.configure(with({jitter(9102)}));
  run_to(world, 14);
  EXPECT_EQ(world.operations().front().successes, 2U) << "begun anew";
}

TEST(Operation, FailsWhileTheLinkIsDownAndComesBack) {
  World world(quiet());
  OperationConfig echo = jitter(9101);
  echo.packets = 1;
  world.configure(with({echo}));
  run_to(world, 3);
  world.set_link(core::LinkName{"lte"}, false);
  run_to(world, 8);
  const OperationReading down = world.operations().front();
  EXPECT_GE(down.failures, 4U);
  EXPECT_FALSE(down.avg.has_value());
  EXPECT_EQ(down.lost, 1U);
  world.set_link(core::LinkName{"lte"}, true);
  run_to(world, 12);
  EXPECT_TRUE(world.operations().front().avg.has_value());
}

TEST(Operation, LeavesTheSitesOwnProbeAlone) {
  World with_operation(quiet());
  with_operation.configure(with({jitter(9102)}));
  run_to(with_operation, 10);
  World without(quiet());
  run_to(without, 10);
  ASSERT_TRUE(without.probe(10).has_value());
  EXPECT_EQ(with_operation.probe(10)->successes, without.probe(10)->successes);
  EXPECT_EQ(with_operation.probe(11)->rtt, without.probe(11)->rtt);
}

// The class of its code point: behind a full best-effort queue EF waits for the packets before the
// shaper alone, class-default for the whole queue.
TEST(Operation, WaitsInTheQueueOfItsClass) {
  WorldConfig config = quiet();
  config.model.policy.workloads = {testing::workload("cameras", 60, 8443)};  // 21.6 Mb/s
  World world(config);
  OperationConfig best_effort = jitter(9103);
  best_effort.dscp = core::Dscp{0};
  best_effort.timeout = core::milliseconds(800);
  QosConfig qos = with({jitter(9102), best_effort});
  OutputPolicy policy;
  policy.parent = "P";
  policy.child = "C";
  policy.shaper = core::Bps{10'000'000};
  policy.queues = {
      {.name = "rt", .dscps = {core::Dscp{46}}, .kind = core::QueueKind::priority, .percent = 30}};
  qos.interfaces = {{kLte, policy}};
  world.configure(qos);
  world.place(core::WorkloadName{"cameras"}, core::TargetName{"cloud"}, 0);
  run_to(world, 20);
  std::optional<core::Micros> ef, rest;
  for (const OperationReading& reading : world.operations())
    (reading.entry == 9102 ? ef : rest) = reading.avg;
  ASSERT_TRUE(ef.has_value());
  EXPECT_LT(*ef, core::milliseconds(50));
  EXPECT_TRUE(!rest || *rest > *ef + core::milliseconds(5)) << "later, or all of it lost";
}

}  // namespace
}  // namespace wanwise::sim
