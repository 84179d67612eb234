// Detail::requests against Detail::packets on the same arrivals, and what must hold for it alone.
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <vector>

#include "sim/world/air/generate.hpp"
#include "tests/unit/world/site.hpp"

namespace wanwise::sim::testing {
namespace {

/// Latencies by workload.
class Latencies final : public RequestObserver {
 public:
  void on_end(const RequestEnd& request) override {
    if (request.created < kNanosPerSecond * 3) return;
    if (request.fate == RequestFate::lost) ++lost[request.workload];
    if (request.fate != RequestFate::completed) return;
    sum[request.workload] += static_cast<double>(request.ended - request.created) * 1e-6;
    ++count[request.workload];
  }
  [[nodiscard]] double mean_ms(std::uint32_t workload) const {
    return sum[workload] / static_cast<double>(count[workload]);
  }
  std::array<double, 2> sum{};
  std::array<std::int64_t, 2> count{}, lost{};
};

struct Played {
  Latencies seen;
  std::uint64_t arrivals = 0, checksum = 0, events = 0;
  InterfaceReading interface;
  std::vector<QueueReading> queues;
  double probe_ms = 0;  ///< mean
  std::int64_t generated = 0;
};

using Setup = std::function<void(WorldConfig&)>;
using Decide = std::function<void(World&)>;

Played play(Detail detail, const Setup& setup, const Decide& decide,
            const std::string& interface = kCellular, std::uint32_t entry = 10) {
  constexpr int kSeconds = 120;
  WorldConfig c = config();
  c.tuning.detail = detail;
  // Poisson, so that requests meet.
  for (auto& w : c.model.policy.workloads) {
    w.rate = core::MilliHz{40'000};
    w.ladder[0].rate = w.rate;
    w.request = core::Bytes{15'000};
  }
  setup(c);
  World world(std::move(c));
  Played played;
  world.observe(&played.seen);
  world.place(kA, kCloud, 0);
  world.place(kB, kCloud, 0);
  decide(world);
  int answers = 0;
  for (int s = 1; s <= kSeconds; ++s) {
    world.advance_to(at_ms(s * 1000));
    if (const auto probe = world.probe(entry); probe->rtt) {
      played.probe_ms += static_cast<double>(probe->rtt->count) * 1e-3;
      ++answers;
    }
    for (const auto& name : {kA, kB}) {
      const auto t = world.totals(name);
      EXPECT_EQ(t.generated, t.skipped + t.completed + t.lost + t.in_flight);
    }
  }
  world.observe(nullptr);
  played.probe_ms /= std::max(1, answers);
  played.arrivals = world.arrival_hash();
  played.checksum = world.checksum();
  played.events = world.events();
  played.interface = world.interface(interface);
  played.queues = world.queues(interface);
  played.generated = world.totals(kA).generated + world.totals(kB).generated;
  return played;
}

void expect_alike(const Setup& setup, const Decide& decide, double tolerance,
                  const std::string& interface = kCellular, std::uint32_t entry = 10) {
  const Played packets = play(Detail::packets, setup, decide, interface, entry);
  const Played requests = play(Detail::requests, setup, decide, interface, entry);
  EXPECT_EQ(packets.arrivals, requests.arrivals);
  for (const std::uint32_t w : {0u, 1u}) {
    EXPECT_NEAR(requests.seen.mean_ms(w) / packets.seen.mean_ms(w), 1, tolerance)
        << "workload " << w << ": " << requests.seen.mean_ms(w) << " instead of "
        << packets.seen.mean_ms(w) << " ms";
  }
  EXPECT_NEAR(requests.probe_ms / packets.probe_ms, 1, tolerance);
  EXPECT_NEAR(static_cast<double>(requests.interface.tx_bytes) /
                  static_cast<double>(packets.interface.tx_bytes),
              1, 0.01);
  EXPECT_NEAR(static_cast<double>(requests.interface.rx_packets) /
                  static_cast<double>(packets.interface.rx_packets),
              1, 0.02);
  ASSERT_EQ(requests.queues.size(), packets.queues.size());
  for (std::size_t i = 0; i < packets.queues.size(); ++i) {
    EXPECT_EQ(requests.queues[i].name, packets.queues[i].name);
    EXPECT_NEAR(static_cast<double>(requests.queues[i].tx_bytes),
                static_cast<double>(packets.queues[i].tx_bytes),
                0.01 * static_cast<double>(packets.queues[i].tx_bytes) + 50'000);
  }
}

void nothing(WorldConfig&) {}

TEST(RequestMode, MeansAreThoseOfPacketsOnAnUncongestedShapedLink) {
  expect_alike(
      nothing, [](World& w) { w.configure(qos(core::Bps{18'000'000})); }, 0.1);
}

TEST(RequestMode, MeansAreThoseOfPacketsWithoutAnyPolicy) {
  expect_alike(
      nothing, [](World&) {}, 0.1);
}

TEST(RequestMode, MeansAreThoseOfPacketsOnACongestedShapedLink) {
  // 9.9 Mb/s of requests through 11 Mb/s: the video class waits, the priority class does not.
  expect_alike(
      nothing, [](World& w) { w.configure(qos(core::Bps{11'000'000})); }, 0.1);
}

TEST(RequestMode, MeansAreThoseOfPacketsWhereTheModemIsTheBottleneck) {
  expect_alike([](WorldConfig& c) { c.links[0].uplink = constant_rate(core::Bps{11'000'000}); },
               [](World& w) { w.configure(qos(core::Bps{16'000'000})); }, 0.1);
}

TEST(RequestMode, MeansAreThoseOfPacketsOnAWiredLink) {
  expect_alike(
      [](WorldConfig& c) {
        c.tuning.tx_ring = 1;  // fluids have no ring to wait behind
        c.links[1].uplink = constant_rate(core::Bps{11'000'000});
        c.model.site.links[1].uplink = core::Bps{11'000'000};
      },
      [](World& w) {
        w.set_link(kLte, false);
        QosConfig both = qos(core::Bps{100'000'000});
        both.interfaces[0].interface = "GigabitEthernet0/0/0";
        w.configure(both);
      },
      0.1, "GigabitEthernet0/0/0", 11);
}

TEST(RequestMode, MeansAreThoseOfPacketsOnAWireThatFallsBelowItsShaper) {
  expect_alike(
      [](WorldConfig& c) {
        c.tuning.tx_ring = 1;
        c.links[1].uplink = constant_rate(core::Bps{24'000'000});
        c.model.site.links[1].uplink = core::Bps{24'000'000};
      },
      [](World& w) {
        w.set_link(kLte, false);
        QosConfig both = qos(core::Bps{20'000'000});
        both.interfaces[0].interface = "GigabitEthernet0/0/0";
        w.configure(both);
        w.set_uplink_factor(core::LinkName{"wired"}, core::Ppm{500'000});
      },
      0.1, "GigabitEthernet0/0/0", 11);
}

TEST(RequestMode, MeansAreThoseOfPacketsWithLossAndHops) {
  expect_alike(
      [](WorldConfig& c) {
        c.tuning.link_tunings = {{kLte,
                                  {{core::Bps{30'000'000}, core::milliseconds(3)},
                                   {core::Bps{1'000'000'000}, core::milliseconds(4)}},
                                  core::Ppm{3'000},
                                  {}}};
      },
      [](World& w) { w.configure(qos(core::Bps{16'000'000})); }, 0.1);
}

TEST(RequestMode, QueuesStandInAModemThatIsSlowerThanTheShaper) {
  expect_alike([](WorldConfig& c) { c.links[0].uplink = constant_rate(core::Bps{8'000'000}); },
               [](World& w) { w.configure(qos(core::Bps{20'000'000})); }, 0.1);
}

TEST(RequestMode, MeansAreThoseOfPacketsOnADrive) {
  expect_alike(
      [](WorldConfig& c) {
        const auto lte = generate(lte_driving(core::Bps{20'000'000}, core::Bps{30'000'000}),
                                  core::seconds(120), 3);
        c.links[0] = {kLte, lte.uplink, lte.downlink, lte.radio};
      },
      [](World& w) { w.configure(qos(core::Bps{14'000'000})); }, 0.1);
}

const Setup kTwoDrives = [](WorldConfig& c) {
  const auto lte =
      generate(lte_driving(core::Bps{20'000'000}, core::Bps{30'000'000}), core::seconds(60), 5);
  c.links[0] = {kLte, lte.uplink, lte.downlink, lte.radio};
  c.tuning.link_tunings = {{kLte, {}, core::Ppm{1'000}, Wred{}}};
};
const Decide kShaped = [](World& w) { w.configure(qos(core::Bps{14'000'000})); };

TEST(RequestMode, SameSeedSameRunBitByBitWhateverIsRead) {
  const Played first = play(Detail::requests, kTwoDrives, kShaped);
  EXPECT_EQ(first.checksum, play(Detail::requests, kTwoDrives, kShaped).checksum);
  // Readings look, they do not touch.
  WorldConfig c = config();
  c.tuning.detail = Detail::requests;
  std::array<std::uint64_t, 2> checksums{};
  for (const bool read : {false, true}) {
    World world(c);
    world.configure(qos(core::Bps{8'000'000}));
    world.place(kA, kCloud, 0);
    world.place(kB, kCloud, 0);
    for (int ms = 0; ms < 20'000; ms += read ? 7 : 20'000) {
      if (read) world.advance_to(at_ms(ms));
      if (read) (void)world.queues(kCellular);
      if (read) (void)world.interface(kCellular);
    }
    world.advance_to(at_ms(20'000));
    checksums[read ? 1 : 0] = world.checksum();
  }
  EXPECT_EQ(checksums[0], checksums[1]);
}

// Changes whenever the model changes: then look at the difference, and pin the new values.
TEST(RequestMode, RunIsTheSameOnEveryCompilerAndMachine) {
  const Played seen = play(Detail::requests, kTwoDrives, kShaped);
  EXPECT_EQ(seen.arrivals, 16751373685751550012ULL);
  EXPECT_EQ(seen.checksum, 208300594610409651ULL);
  EXPECT_EQ(seen.events, 75650ULL);
}

TEST(RequestMode, AHandfulOfEventsARequest) {
  const Played plain = play(Detail::requests, nothing, [](World&) {});
  const Played shaped = play(Detail::requests, nothing, kShaped);
  const auto per_request = [](const Played& p) {
    return static_cast<double>(p.events) / static_cast<double>(p.generated);
  };
  EXPECT_LT(per_request(plain), 6.3);
  EXPECT_LT(per_request(shaped), 8);
}

TEST(RequestMode, InterfaceCountersNeverGoBack) {
  WorldConfig c = config();
  c.tuning.detail = Detail::requests;
  World world(std::move(c));
  world.place(kA, kCloud, 0);
  world.place(kB, kCloud, 0);
  std::uint64_t last = 0;
  for (int ms = 0; ms < 30'000; ms += 11) {
    world.advance_to(at_ms(ms));
    if (ms % 121 == 0) world.configure(qos(core::Bps{6'000'000 + ms * 100}));
    if (ms % 2'200 == 0) world.set_link(kLte, ms % 4'400 != 0);
    const auto bytes = world.interface(kCellular).tx_bytes;
    ASSERT_GE(bytes, last) << ms;
    last = bytes;
  }
  EXPECT_GT(last, 1'000'000u);
}

}  // namespace
}  // namespace wanwise::sim::testing
