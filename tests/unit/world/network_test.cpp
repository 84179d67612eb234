// The network beyond one bottleneck: hops behind a WAN link, losses by common random numbers, links
// that are shut, several links by metric.
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "tests/unit/world/site.hpp"

namespace wanwise::sim::testing {
namespace {

using core::milliseconds;

const std::string kWired = "GigabitEthernet0/0/0";

/// One workload of one packet each way, fixed service times.
WorldConfig small_requests() {
  WorldConfig c = config();
  c.tuning.size_spread = core::Ppm{0};
  c.model.policy.workloads.resize(1);
  auto& w = c.model.policy.workloads[0];
  w.request = core::Bytes{1'000};
  w.response = core::Bytes{1'000};
  w.objective.quantile = core::Ppm{500'000};
  c.model.profiles[core::DeviceName{"cloud-t4"}] = device("cloud-t4", 3'000, 3'000);
  return c;
}

std::int64_t median(WorldConfig c) {
  World world(std::move(c));
  world.place(kA, kCloud, 0);
  world.advance_to(at_ms(3'000));  // past the cold first request
  (void)world.take_sample(kA);
  world.advance_to(at_ms(60'000));
  return world.take_sample(kA).latency->count;
}

TEST(Network, HopsAddTransmissionAndPropagationInBothDirections) {
  const auto plain = median(small_requests());
  WorldConfig c = small_requests();
  c.tuning.link_tunings = {
      {kLte,
       {{core::Bps{10'000'000}, milliseconds(5)}, {core::Bps{100'000'000}, milliseconds(7)}},
       core::Ppm{0},
       {}}};
  const auto with_hops = median(std::move(c));
  const std::int64_t transmissions = 1'052 * 8 / 10 + 1'052 * 8 / 100;
  // Trace lines send whole slots of 0.6 ms up and 0.2 ms down: either may gain or lose one.
  EXPECT_NEAR(static_cast<double>(with_hops - plain),
              static_cast<double>(2 * (12'000 + transmissions)), 600 + 200);
}

TEST(Network, ProbesEndBeforeTheHops) {
  WorldConfig c = small_requests();
  c.tuning.link_tunings = {{kLte, {{core::Bps{10'000'000}, milliseconds(50)}}, core::Ppm{0}, {}}};
  World world(std::move(c));
  world.advance_to(at_ms(5'000));
  EXPECT_LT(*world.probe(10)->rtt, milliseconds(42));
}

TEST(Network, AHopsBufferDropsAtItsTail) {
  const auto lost = [](std::int64_t buffer) {
    WorldConfig c = small_requests();
    auto& w = c.model.policy.workloads[0];
    w.request = core::Bytes{45'000};
    w.transport = core::Transport::udp;
    // Slower than the link before it: 45 KB need about 30 KB of room there.
    c.tuning.link_tunings = {
        {kLte, {{core::Bps{5'000'000}, milliseconds(1), core::Bytes{buffer}}}, core::Ppm{0}, {}}};
    World world(std::move(c));
    world.place(kA, kCloud, 0);
    world.advance_to(at_ms(20'000));
    return world.totals(kA).lost;
  };
  EXPECT_LT(lost(60'000), 10);  // before it was ready
  EXPECT_GT(lost(20'000), 180);
}

/// When the requests of workload a that were lost, and those that completed, were created.
class Fates final : public RequestObserver {
 public:
  void on_end(const RequestEnd& request) override {
    if (request.workload != 0) return;
    if (request.fate == RequestFate::lost) lost.insert(request.created);
    if (request.fate == RequestFate::completed) completed.insert(request.created);
  }
  std::set<Nanos> lost, completed;
};

Fates fates(Detail detail, const std::function<void(World&)>& decide) {
  WorldConfig c = config();
  c.tuning.packet_loss = core::Ppm{500'000};
  c.tuning.link_tunings = {{kLte, {}, core::Ppm{5'000}, {}}};
  c.tuning.detail = detail;
  for (auto& w : c.model.policy.workloads) w.transport = core::Transport::udp;
  World world(std::move(c));
  Fates seen;
  world.observe(&seen);
  world.place(kA, kCloud, 0);
  decide(world);
  world.advance_to(at_ms(1'000));
  seen = {};
  world.advance_to(at_ms(60'000));
  world.observe(nullptr);
  return seen;
}

TEST(Network, ARequestLosesTheSamePacketsWhateverElseIsDecided) {
  const Fates alone = fates(Detail::packets, [](World&) {});
  // 32 packets up and 2 down at 0.5 %: 16 % of about 590 requests.
  EXPECT_NEAR(static_cast<double>(alone.lost.size()), 590 * .157, 36);
  EXPECT_GT(alone.completed.size(), 400u);
  const Fates crowded = fates(Detail::packets, [](World& w) {
    w.configure(qos(core::Bps{16'000'000}));
    w.place(kB, kCloud, 1);
    w.set_throttle(kCloud, core::Ppm{2'000'000});
  });
  EXPECT_EQ(alone.lost, crowded.lost);
  // Nor does it matter how finely the world is played.
  EXPECT_EQ(alone.lost, fates(Detail::requests, [](World&) {}).lost);
}

TEST(Network, RetransmissionsAreDrawnAnew) {
  WorldConfig c = config();
  c.tuning.packet_loss = core::Ppm{10'000};
  World world(std::move(c));
  world.place(kA, kCloud, 0);
  world.advance_to(at_ms(60'000));
  EXPECT_LT(world.totals(kA).lost, 10);  // before it was ready
  EXPECT_GT(world.totals(kA).late, 100);
}

TEST(Network, AShutLinkLosesWhatIsInsideAndTrafficTakesTheNextByMetric) {
  for (const Detail detail : {Detail::packets, Detail::requests}) {
    WorldConfig c = config();
    c.tuning.detail = detail;
    for (auto& w : c.model.policy.workloads) w.transport = core::Transport::udp;
    World world(std::move(c));
    world.configure(qos(core::Bps{4'000'000}));  // 3.7 Mb/s: mostly a request stands there
    world.place(kB, kCloud, 0);
    world.advance_to(at_ms(3'000));
    EXPECT_TRUE(world.interface(kCellular).up);
    while (world.queues(kCellular)[2].queue_packets < 10)
      world.advance_to(world.now() + milliseconds(1));
    const std::int64_t start = world.now().micros / 1000;
    ASSERT_LT(start, 3'200);
    const auto before = world.totals(kB);
    const auto sent = world.interface(kCellular).tx_bytes;
    const auto probes = world.probe(10)->failures;
    world.set_link(kLte, false);
    EXPECT_FALSE(world.interface(kCellular).up);
    EXPECT_EQ(world.queues(kCellular)[2].queue_packets, 0u);
    world.advance_to(at_ms(start + 1));
    EXPECT_GT(world.totals(kB).lost, before.lost);
    world.advance_to(at_ms(9'000));
    EXPECT_LE(world.interface(kCellular).tx_bytes, sent + 1'500);
    EXPECT_GT(world.interface(kWired).tx_bytes, 45'000u * 55);
    EXPECT_GE(world.probe(10)->failures, probes + 5);
    EXPECT_GT(world.probe(11)->successes, 8u);
    const auto wired = world.interface(kWired).tx_bytes;
    world.set_link(kLte, true);
    EXPECT_TRUE(world.interface(kCellular).up);
    world.advance_to(at_ms(12'000));
    EXPECT_LT(world.interface(kWired).tx_bytes, wired + 100'000);
    EXPECT_TRUE(world.probe(10)->rtt.has_value());
    for (const auto& name : {kA, kB}) {
      const auto t = world.totals(name);
      EXPECT_EQ(t.generated, t.skipped + t.completed + t.lost + t.in_flight);
    }
  }
}

TEST(Network, ARequestStaysOnTheLinkThatItStartedOn) {
  WorldConfig c = config();
  World world(std::move(c));
  world.configure(qos(core::Bps{4'000'000}));
  world.place(kB, kCloud, 0);
  world.advance_to(at_ms(3'000));
  while (world.queues(kCellular)[1].queue_packets < 10)
    world.advance_to(world.now() + milliseconds(1));
  // TCP sends the lost packets again for seconds, yet never over the other link.
  world.set_link(kLte, false);
  const auto inside = world.totals(kB).in_flight;
  EXPECT_GT(inside, 0);
  world.place(kB, std::nullopt, 0);
  const auto lost = world.totals(kB).lost;
  world.advance_to(at_ms(8'000));
  EXPECT_LT(world.interface(kWired).tx_bytes, 2'000u);  // probes
  EXPECT_EQ(world.totals(kB).in_flight, 0);
  EXPECT_GT(world.totals(kB).lost, lost);
}

TEST(Network, WithoutAnyLinkRequestsToTheCloudAreLostAtOnce) {
  World world(config());
  world.place(kA, kCloud, 0);
  world.advance_to(at_ms(3'000));
  world.set_link(kLte, false);
  world.set_link(core::LinkName{"wired"}, false);
  (void)world.take_sample(kA);
  world.advance_to(at_ms(6'000));
  const auto sample = world.take_sample(kA);
  EXPECT_EQ(sample.completed, 0);
  EXPECT_GE(sample.missed, 29);
}

}  // namespace
}  // namespace wanwise::sim::testing
