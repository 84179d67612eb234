#include "sim/router/plant/world_plant.hpp"

#include <gtest/gtest.h>

#include "sim/router/config/qos_extract.hpp"
#include "sim/router/plant/heartbeat.hpp"
#include "tests/support/router_trees.hpp"
#include "tests/unit/world/site.hpp"

namespace wanwise::router {
namespace {

sim::WorldConfig small_world() {
  sim::WorldConfig out;
  out.model.site = sim::testing::site();
  out.model.policy.workloads = {sim::testing::workload("cameras", 10, 8443)};
  for (const auto& [name, profile] :
       {std::pair{"jetson-tx2", sim::testing::device("jetson-tx2", 15'000, 18'000)},
        std::pair{"cloud-t4", sim::testing::device("cloud-t4", 3'000, 4'000)}}) {
    out.model.profiles[core::DeviceName{name}] = profile;
  }
  for (const core::Link& link : out.model.site.links) {
    out.links.push_back({.link = link.name,
                         .uplink = sim::constant_rate(link.uplink),
                         .downlink = sim::constant_rate(link.downlink),
                         .radio = std::nullopt});
  }
  return out;
}

TEST(WorldPlant, ShowsTheLinksAndTheLanOfItsRouter) {
  const sim::WorldConfig config = small_world();
  SharedWorld world(config);
  WorldPlant plant(world, config.model, core::RouterName{"edge"});
  const PlantReading reading = plant.read();
  ASSERT_EQ(reading.interfaces.size(), 3U);
  EXPECT_EQ(reading.interfaces[0].counters.interface, "Cellular0/1/0");
  EXPECT_TRUE(reading.interfaces[0].cellular);
  EXPECT_EQ(reading.interfaces[1].counters.interface, "GigabitEthernet0/0/0");
  EXPECT_FALSE(reading.interfaces[1].cellular);
  EXPECT_EQ(reading.interfaces[2].counters.interface, "Vlan1");
  EXPECT_EQ(reading.probes.size(), 2U);
}

TEST(WorldPlant, QueuesAsConfigured) {
  const sim::WorldConfig config = small_world();
  SharedWorld world(config);
  WorldPlant plant(world, config.model, core::RouterName{"edge"});
  EXPECT_TRUE(plant.read().interfaces[0].queues.empty());
  plant.configure({.qos = extract_qos(test::parse_config(test::whole_qos())), .routes = {}});
  const auto queues = plant.read().interfaces[0].queues;
  ASSERT_EQ(queues.size(), 3U);
  EXPECT_EQ(queues[0].name, "WANWISE-CM-RT");
  EXPECT_EQ(queues[2].name, "class-default");
  plant.configure({});
  EXPECT_TRUE(plant.read().interfaces[0].queues.empty());
}

// What IOS accepts and wanwise never writes must not stop the data plane either.
TEST(WorldPlant, CarriesTrafficUnderOddPolicies) {
  sim::World world(small_world());
  sim::OutputPolicy odd;
  odd.parent = "P";
  odd.shaper = core::Bps{8'000};
  odd.queues = {{.name = "A", .dscps = {}, .kind = core::QueueKind::priority, .percent = 0},
                {.name = "B", .dscps = {core::Dscp{0}}, .kind = {}, .percent = 0},
                {.name = "C", .dscps = {core::Dscp{0}}, .kind = {}, .percent = 100}};
  odd.queues[1].kind = core::QueueKind::remaining;
  odd.queues[2].kind = core::QueueKind::remaining;
  world.configure({.marks = {}, .interfaces = {{"Cellular0/1/0", odd}, {"Nowhere0/0", odd}}});
  world.place(core::WorkloadName{"cameras"}, core::TargetName{"cloud"}, 0);
  world.advance_to(core::Instant{30'000'000});
  EXPECT_GT(world.interface("Cellular0/1/0").tx_bytes, 0U);
}

TEST(Heartbeat, PlaysTheScenario) {
  const sim::WorldConfig config = small_world();
  SharedWorld world(config);
  const std::vector<sim::TimedDisturbance> steps = {
      {.at = core::Micros{0},
       .what = sim::AliveChange{core::TargetName{"tx2"}, false},
       .say = "the TX2 dies"}};
  const Heartbeat heartbeat(world, steps);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  const auto alive = [&] {
    return world.enter(
        [](const sim::World& w) { return w.target(core::TargetName{"tx2"}).reachable; });
  };
  while (alive() && std::chrono::steady_clock::now() < until) {
    std::this_thread::yield();
  }
  EXPECT_FALSE(alive());
}

}  // namespace
}  // namespace wanwise::router
