// What must hold of a whole site, whatever its parameters: the limit without load, monotonicity,
// irrelevance, and equal results on any number of threads. Random sites, fixed seeds.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <thread>

#include "sim/world/kernel/random.hpp"
#include "tests/acceptance/ledger.hpp"
#include "tests/unit/world/site.hpp"

namespace wanwise::acceptance {
namespace {

using sim::World;
using sim::WorldConfig;
using sim::testing::kA;
using sim::testing::kB;
using sim::testing::kCloud;
using sim::testing::kLte;
using sim::testing::kTx2;

/// Latencies and fates of one workload's requests.
class Watcher final : public sim::RequestObserver {
 public:
  explicit Watcher(sim::Nanos from) : m_from(from) {}
  void on_end(const sim::RequestEnd& end) override {
    if (end.created < m_from || end.workload != 0) return;
    ++count;
    // A lost request costs its client the patience it had: it ends when that is over.
    sum += static_cast<double>(end.ended - end.created);
    if (end.fate != sim::RequestFate::completed) ++lost;
  }
  [[nodiscard]] double mean_ms() const { return sum / static_cast<double>(count) * 1e-6; }
  std::int64_t count = 0, lost = 0;
  double sum = 0;

 private:
  sim::Nanos m_from;
};

struct Outcome {
  std::uint64_t arrivals = 0, checksum = 0, events = 0;
  std::int64_t completed = 0, lost = 0;
  double mean_ms = 0;
};

/// Workload "a" stays on `target` for `seconds`; the first ten, with start and cold service, are
/// not measured. Every request is accounted for.
Outcome run(WorldConfig config, const core::TargetName& target, std::int64_t seconds,
            const std::function<void(World&)>& before = {}) {
  World world(std::move(config));
  Watcher watcher(10 * sim::kNanosPerSecond);
  world.observe(&watcher);
  if (before) before(world);
  world.place(kA, target, 0);
  world.advance_to(core::Instant{seconds * 1'000'000});
  world.observe(nullptr);
  const sim::WorkloadTotals totals = world.totals(kA);
  EXPECT_EQ(totals.generated, totals.skipped + totals.completed + totals.lost + totals.in_flight);
  return {world.arrival_hash(), world.checksum(), world.events(),
          totals.completed,     totals.lost,      watcher.mean_ms()};
}

std::int64_t pick(sim::Stream& random, std::int64_t least, std::int64_t most) {
  return least +
         static_cast<std::int64_t>(random.next() % static_cast<std::uint64_t>(most - least + 1));
}

void set_link(WorldConfig& c, core::Bps up, core::Bps down, core::Micros rtt) {
  auto& link = c.model.site.links[0];
  link.uplink = up;
  link.downlink = down;
  link.rtt = rtt;
  c.links[0].uplink = sim::constant_rate(up);
  c.links[0].downlink = sim::constant_rate(down);
}

struct RandomSite {
  WorldConfig config;
  std::int64_t up, down, rtt_ms;
};

/// One workload; its load on the uplink is at most 0.8 and on four cloud servers at most 0.8.
RandomSite random_site(std::uint64_t seed) {
  sim::Stream random(seed, "site");
  RandomSite s{sim::testing::config(seed), 0, 0, 0};
  WorldConfig& c = s.config;
  c.model.policy.workloads.resize(1);
  auto& w = c.model.policy.workloads[0];
  const std::int64_t per_second = pick(random, 5, 60);
  w.rate = core::MilliHz{per_second * 1000};
  w.ladder.resize(1);
  w.ladder[0].rate = w.rate;
  w.request = core::Bytes{pick(random, 2'000, 60'000)};
  w.response = core::Bytes{pick(random, 200, 5'000)};
  s.up = w.request.count * 8 * per_second * pick(random, 130, 400) / 100;
  s.down = s.up * pick(random, 1, 4);
  s.rtt_ms = pick(random, 4, 120);
  set_link(c, core::Bps{s.up}, core::Bps{s.down}, core::milliseconds(s.rtt_ms));
  const std::int64_t service = pick(random, 2'000, 3'200'000 / per_second);
  c.model.profiles[core::DeviceName{"cloud-t4"}] =
      sim::testing::device("cloud-t4", service, service * pick(random, 11, 30) / 10);
  c.model.site.clouds[0].beyond_probe = core::milliseconds(pick(random, 0, 20));
  return s;
}

constexpr std::int64_t kRunSeconds = 70;
std::uint64_t sites() {
  return by_effort<std::uint64_t>(12, 150);
}

/// A property over the ladder of one parameter: the mean never rises from one step to the next by
/// more than `slack_ms`. Returns the worst rise.
double worst_rise(const std::vector<WorldConfig>& ladder, std::uint64_t seed) {
  double worst = -1e9, last = 1e18;
  std::uint64_t hash = 0;
  for (const WorldConfig& config : ladder) {
    const Outcome seen = run(config, kCloud, kRunSeconds);
    EXPECT_TRUE(hash == 0 || seen.arrivals == hash) << "site " << seed;  // the same requests
    hash = seen.arrivals;
    worst = std::max(worst, seen.mean_ms - last);
    last = seen.mean_ms;
  }
  return worst;
}

TEST(Properties, MoreBandwidthNeverRaisesTheMean) {
  double worst = -1e9;
  for (std::uint64_t seed = 1; seed <= sites(); ++seed) {
    const RandomSite s = random_site(seed);
    std::vector<WorldConfig> ladder;
    for (const std::int64_t percent : {100, 150, 250, 600}) {
      ladder.push_back(s.config);
      set_link(ladder.back(), core::Bps{s.up * percent / 100}, core::Bps{s.down * percent / 100},
               core::milliseconds(s.rtt_ms));
    }
    worst = std::max(worst, worst_rise(ladder, seed));
  }
  never_above("rise of the mean with more bandwidth, ms", 0, worst);
}

TEST(Properties, ShorterPathNeverRaisesTheMean) {
  double worst = -1e9;
  for (std::uint64_t seed = 1; seed <= sites(); ++seed) {
    const RandomSite s = random_site(seed);
    std::vector<WorldConfig> ladder;
    for (const std::int64_t percent : {200, 100, 50, 0}) {
      ladder.push_back(s.config);
      set_link(ladder.back(), core::Bps{s.up}, core::Bps{s.down},
               core::milliseconds(s.rtt_ms * percent / 100));
    }
    worst = std::max(worst, worst_rise(ladder, seed));
  }
  never_above("rise of the mean with a shorter path, ms", 0, worst);
}

TEST(Properties, MoreServersNeverRaiseTheMean) {
  double worst = -1e9;
  for (std::uint64_t seed = 1; seed <= sites(); ++seed) {
    const RandomSite s = random_site(seed);
    std::vector<WorldConfig> ladder;
    for (const std::int32_t servers : {4, 5, 8, 16}) {
      ladder.push_back(s.config);
      ladder.back().model.site.clouds[0].servers = servers;
    }
    worst = std::max(worst, worst_rise(ladder, seed));
  }
  never_above("rise of the mean with more servers, ms", 0, worst);
}

TEST(Properties, WithoutLoadLatencyIsTransmissionPropagationAndService) {
  double worst = 0;
  for (std::uint64_t seed = 1; seed <= sites(); ++seed) {
    RandomSite s = random_site(seed);
    WorldConfig& c = s.config;
    c.tuning.size_spread = core::Ppm{0};
    auto& w = c.model.policy.workloads[0];
    w.rate = w.ladder[0].rate = core::MilliHz{500};
    sim::Stream random(seed, "service");
    const std::int64_t service = pick(random, 2'000, 50'000);
    for (const char* device : {"cloud-t4", "jetson-tx2"})
      c.model.profiles[core::DeviceName{device}] =
          sim::testing::device(device, service, service);  // constant
    const auto node_ms = 2 * static_cast<double>(c.model.site.nodes[0].lan_delay.count) / 1e3 +
                         static_cast<double>(service) / 1e3;
    EXPECT_NEAR(run(c, kTx2, 130).mean_ms, node_ms, 1e-3) << "site " << seed;

    const auto packets = [](std::int64_t bytes) { return (bytes + 1447) / 1448; };
    const auto wire = [&](core::Bytes b) {
      return static_cast<double>(b.count + packets(b.count) * 52);
    };
    const double up_slot = 12e6 / static_cast<double>(s.up),
                 down_slot = 12e6 / static_cast<double>(s.down);
    const double beyond = static_cast<double>(c.model.site.clouds[0].beyond_probe.count) / 1e3;
    const double sum = wire(w.request) * 8e3 / static_cast<double>(s.up) +
                       wire(w.response) * 8e3 / static_cast<double>(s.down) +
                       static_cast<double>(s.rtt_ms) + beyond + static_cast<double>(service) / 1e3;
    // A trace line sends whole slots, and the first packet crosses the LAN (0.12 ms) before.
    const double slots = up_slot + down_slot + .13;
    const double apart = run(c, kCloud, 130).mean_ms - sum;
    EXPECT_LE(std::fabs(apart), slots) << "site " << seed << ": " << sum << " ms";
    worst = std::max(worst, std::fabs(apart) / slots);
  }
  never_above("latency without load less the sum of its parts, slots of both links", 1, worst);
}

TEST(Properties, WorkThatStaysOnSiteFeelsNothingOfTheNetwork) {
  for (std::uint64_t seed = 1; seed <= sites() / 2; ++seed) {
    const WorldConfig c = random_site(seed).config;
    const Outcome plain = run(c, kTx2, 40);
    const auto same = [&](const char* what, const WorldConfig& other,
                          const std::function<void(World&)>& before = {}) {
      const Outcome seen = run(other, kTx2, 40, before);
      EXPECT_EQ(seen.checksum, plain.checksum) << what << ", site " << seed;
      EXPECT_EQ(seen.mean_ms, plain.mean_ms) << what << ", site " << seed;
      EXPECT_EQ(seen.arrivals, plain.arrivals) << what << ", site " << seed;
    };
    WorldConfig other = c;
    set_link(other, core::Bps{100'000}, core::Bps{200'000}, core::milliseconds(900));
    same("a slow link", other);
    other = c;
    other.tuning.modem_depth = core::milliseconds(10);
    other.tuning.modem_discard = core::milliseconds(20);
    other.tuning.retransmit_after = core::milliseconds(20);
    other.tuning.packet_loss = core::Ppm{200'000};
    other.tuning.tx_ring = 64;
    other.tuning.probe_period = core::milliseconds(100);
    other.tuning.probe_timeout = core::milliseconds(100);
    same("modem, loss, ring and probe", other);
    same("QoS and a collapse", c, [](World& world) {
      world.configure(sim::testing::qos(core::Bps{200'000}));
      world.set_uplink_factor(kLte, core::Ppm{1'000});
    });
    other = c;
    other.model.site.clouds[0].servers = 1;
    other.model.site.clouds[0].beyond_probe = core::milliseconds(400);
    other.model.profiles[core::DeviceName{"cloud-t4"}] =
        sim::testing::device("cloud-t4", 300'000, 900'000);
    same("a slow cloud", other, [](World& world) { world.set_alive(kCloud, false); });
  }
}

TEST(Properties, WorkInTheCloudFeelsNothingOfTheNode) {
  for (std::uint64_t seed = 1; seed <= sites() / 2; ++seed) {
    const WorldConfig c = random_site(seed).config;
    const Outcome plain = run(c, kCloud, 40);
    WorldConfig other = c;
    other.model.profiles[core::DeviceName{"jetson-tx2"}] =
        sim::testing::device("jetson-tx2", 300'000, 900'000);
    other.model.site.nodes[0].lan_delay = core::milliseconds(70);
    const Outcome seen = run(other, kCloud, 40, [](World& world) {
      world.set_power_mode(kTx2, core::PowerModeName{"MAX-Q"});
      world.set_throttle(kTx2, core::Ppm{4'000'000});
      world.set_alive(kTx2, false);
    });
    EXPECT_EQ(seen.checksum, plain.checksum) << "site " << seed;
    EXPECT_EQ(seen.mean_ms, plain.mean_ms) << "site " << seed;
    EXPECT_GT(plain.completed, 100);
  }
}

TEST(Properties, TwoThreadsGiveTheSameBitsAsOne) {
  constexpr std::size_t kRuns = 8;
  std::array<Outcome, kRuns> serial, threaded;
  const auto one = [](std::size_t i) {
    return run(random_site(i + 1).config, i % 2 == 0 ? kCloud : kTx2, 60);
  };
  for (std::size_t i = 0; i < kRuns; ++i) serial[i] = one(i);
  const auto half = [&](std::size_t from) {
    for (std::size_t i = from; i < kRuns; i += 2) threaded[i] = one(i);
  };
  std::thread other(half, 1);
  half(0);
  other.join();
  for (std::size_t i = 0; i < kRuns; ++i) {
    EXPECT_EQ(serial[i].checksum, threaded[i].checksum);
    EXPECT_EQ(serial[i].arrivals, threaded[i].arrivals);
    EXPECT_EQ(serial[i].events, threaded[i].events);
    EXPECT_EQ(serial[i].mean_ms, threaded[i].mean_ms);
  }
}

}  // namespace
}  // namespace wanwise::acceptance
