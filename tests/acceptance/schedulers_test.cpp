// Weighted schedulers, policers and shapers: exact long-run shares, and bounds that must never be
// exceeded, on many random inputs.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/world/kernel/token_bucket.hpp"
#include "tests/acceptance/ledger.hpp"
#include "tests/acceptance/port_run.hpp"
#include "tests/acceptance/wfq.hpp"

namespace wanwise::acceptance {
namespace {

using sim::kNanosPerSecond;
using sim::Nanos;
using sim::Packet;

constexpr core::Bps kTenMbps{10'000'000};
constexpr std::array<std::uint8_t, 3> kDscps{kEf, kAf41, kBestEffort};

Packet packet(std::uint16_t flow, std::uint32_t bytes) {
  Packet p;
  p.flow = flow;
  p.bytes = bytes;
  p.dscp = core::Dscp{kDscps[flow]};
  return p;
}

/// Greatest b - r t over all windows of what passes: what a token bucket of rate r must hold.
class Envelope {
 public:
  explicit Envelope(double bits_per_second) : m_per_ns(bits_per_second / 8e9) {}
  void pass(double start, double bytes) {
    m_lowest = std::min(m_lowest, m_sent - m_per_ns * start);
    m_sent += bytes;
    m_depth = std::max(m_depth, m_sent - m_per_ns * start - m_lowest);
  }
  [[nodiscard]] double depth() const { return m_depth; }
  [[nodiscard]] double sent() const { return m_sent; }

 private:
  double m_per_ns;
  double m_sent = 0, m_lowest = 1e18, m_depth = 0;
};

// The kernel's HTB with quanta 5:3:2 gave 5.00, 3.00 and 2.00 Mb/s (tests/interop/htb).
TEST(Schedulers, BackloggedClassesShareTenMegabitsFiveToThreeToTwo) {
  for (const auto& sizes : {std::array{1250., 1250., 1250.}, std::array{200., 800., 1500.}}) {
    std::vector<Flow> flows;
    for (std::size_t i = 0; i < 3; ++i)
      flows.push_back({kDscps[i], sizes[i], sizes[i] * 8e3 / 7, Sizes::constant, Times::periodic});
    Bottleneck b(kTenMbps, 1, 64, flows, shares(50, 30, 20), 28 * kNanosPerSecond);
    b.run_until(kNanosPerSecond);
    const auto before = b.seen.flows();
    b.run_until(28 * kNanosPerSecond);
    const double wanted[] = {5, 3, 2};
    for (std::size_t i = 0; i < 3; ++i) {
      const auto bytes = static_cast<double>(b.seen.flow(i).bytes - before[i].bytes);
      compare(std::string(sizes[0] < 1000 ? "200/800/1500 B" : "1250 B") + ", Mb/s of " +
                  std::to_string(static_cast<int>(wanted[i])),
              wanted[i], bytes * 8 / 27 * 1e-6, .001);
    }
    b.drain();
  }
}

TEST(Schedulers, AnIdleClassLeavesItsShareInProportion) {
  const std::vector<Flow> flows{{kEf, 1250, 1250 * 8e3 / 7, Sizes::constant, Times::periodic},
                                {kAf41, 1250, 1250 * 8e3 / 7, Sizes::constant, Times::periodic}};
  Bottleneck b(kTenMbps, 1, 64, flows, shares(50, 30, 20), 28 * kNanosPerSecond);
  b.run_until(kNanosPerSecond);
  const auto before = b.seen.flows();
  b.run_until(28 * kNanosPerSecond);
  const double wanted[] = {6.25, 3.75};
  for (std::size_t i = 0; i < 2; ++i)
    compare("5:3 with the third idle, Mb/s", wanted[i],
            static_cast<double>(b.seen.flow(i).bytes - before[i].bytes) * 8 / 27 * 1e-6, .001);
}

// Shreedhar and Varghese (1995): a class is served within a packet of its quanta in any number of
// rounds, so the services of two backlogged classes, each in its own quanta, never drift apart by
// more than one round and a packet of either.
TEST(Schedulers, DeficitRoundRobinStaysWithinAQuantumAndAPacket) {
  double worst = 0, worst_bound = 1;
  for (std::uint64_t seed = 1; seed <= by_effort<std::uint64_t>(20, 400); ++seed) {
    sim::Stream random(seed, "drr");
    std::array<std::uint32_t, 3> percents{};
    for (auto& p : percents) p = 1 + static_cast<std::uint32_t>(random.next() % 60);
    Bottleneck b(kTenMbps, 1, 100'000, std::vector<Flow>(3),
                 shares(percents[0], percents[1], percents[2]), 0);
    const double largest = *std::max_element(percents.begin(), percents.end());
    std::array<double, 3> quantum{}, served{};
    for (std::size_t i = 0; i < 3; ++i) quantum[i] = sim::kMtu * percents[i] / largest;
    std::array<std::array<double, 2>, 3> range{};  // of the pairs' drift: lowest, highest
    b.seen.watch([&](Nanos, const Packet& p) {
      served[p.flow] += p.bytes / quantum[p.flow];
      for (std::size_t pair = 0; pair < 3; ++pair) {
        const double drift = served[pair] - served[(pair + 1) % 3];
        range[pair][0] = std::min(range[pair][0], drift);
        range[pair][1] = std::max(range[pair][1], drift);
      }
    });
    for (int i = 0; i < 3000; ++i)
      for (std::uint16_t flow = 0; flow < 3; ++flow)
        b.port.enqueue(0, packet(flow, 64 + static_cast<std::uint32_t>(random.next() % 1437)));
    // 3000 packets of 782 bytes on average: while even a class with all of the rate has some left.
    b.run_until(kNanosPerSecond);
    for (std::size_t pair = 0; pair < 3; ++pair) {
      const double bound = 1 + sim::kMtu / quantum[pair] + sim::kMtu / quantum[(pair + 1) % 3];
      const double drift = range[pair][1] - range[pair][0];
      EXPECT_LE(drift, bound) << "seed " << seed;
      if (drift / bound > worst / worst_bound) {
        worst = drift;
        worst_bound = bound;
      }
    }
  }
  never_above("DRR: drift of two classes, in quanta", worst_bound, worst);
}

constexpr double kLongestNs = sim::kMtu * 8 * 100.0;  // of a packet at 10 Mb/s

TEST(Schedulers, WfqFinishesNoPacketLaterThanGpsByMoreThanOnePacket) {
  double worst = 0;
  for (std::uint64_t seed = 1; seed <= by_effort<std::uint64_t>(20, 400); ++seed) {
    sim::Stream random(seed, "wfq");
    std::vector<double> weights(4);
    double sum = 0;
    for (double& w : weights) sum += w = .05 + random.uniform();
    for (double& w : weights) w /= sum;
    sim::EventQueue events;
    WfqFeed feed(weights, kTenMbps);
    std::vector<std::pair<std::uint64_t, Nanos>> finished;
    FlowSink sink(kTenMbps, 4);
    sim::SerialLine line(events, kTenMbps, feed, sink);
    feed.attach(line);
    // The line asks for the next packet before it hands over the one that is sent.
    std::uint64_t current = 0;
    sink.watch([&](Nanos now, const Packet& p) { finished.emplace_back(p.since, now); });
    std::vector<std::unique_ptr<FlowSource>> sources;
    const auto enter = [&](Nanos now, const Packet& p) {
      Packet numbered = p;
      numbered.since = static_cast<Nanos>(current++);
      feed.enqueue(now, numbered);
    };
    for (std::uint16_t i = 0; i < 4; ++i)
      sources.push_back(std::make_unique<FlowSource>(
          events, enter,
          Flow{kBestEffort, 782, 782 * 8e2 * 4 / (.7 + .8 * random.uniform()), Sizes::uniform,
               Times::poisson},
          i, seed, kNanosPerSecond));
    while (events.pending() > 0) events.run_until(events.now() + kNanosPerSecond);
    feed.settle();
    for (const auto& [number, at] : finished)
      worst = std::max(worst, static_cast<double>(at) - feed.gps_finish()[number]);
    EXPECT_EQ(finished.size(), feed.gps_finish().size());
  }
  never_above("finish(WFQ) - finish(GPS), us; Lmax / C", kLongestNs * 1e-3, worst * 1e-3);
  EXPECT_GT(worst, kLongestNs / 3);  // the case is not idle
}

/// A chain of WFQ nodes; flow 0 goes through all of them, at each two fresh flows flood the rest.
class WfqChain {
 public:
  WfqChain(std::size_t nodes, double share, double burst, std::uint64_t seed)
      : m_bucket(core::Bps{static_cast<std::int64_t>(share * 1e7)},
                 static_cast<std::int64_t>(burst)),
        m_random(seed, "burst") {
    for (std::size_t i = 0; i < nodes; ++i)
      m_nodes.push_back(std::make_unique<Node>(m_events, share, seed * 10 + i));
    for (std::size_t i = 0; i < nodes; ++i)
      m_nodes[i]->sink.watch([this, i](Nanos now, const Packet& p) {
        if (p.flow != 0) return;
        if (i + 1 < m_nodes.size()) {
          m_nodes[i + 1]->feed.enqueue(now, p);
        } else {
          m_longest = std::max(m_longest, now - static_cast<Nanos>(p.id));
        }
      });
    // Bursts as large as the bucket lets through, at random moments.
    for (Nanos at = 0; at < 3 * kNanosPerSecond;
         at += static_cast<Nanos>(m_random.exponential(20e6))) {
      m_events.run_until(at);
      for (;;) {
        const auto bytes = 64 + static_cast<std::uint32_t>(m_random.next() % 1437);
        if (!m_bucket.take(at, bytes)) break;
        Packet p = packet(0, bytes);
        p.id = static_cast<std::uint64_t>(at);
        m_nodes[0]->feed.enqueue(at, p);
      }
    }
    while (m_events.pending() > 0) m_events.run_until(m_events.now() + kNanosPerSecond);
  }
  [[nodiscard]] double longest() const { return static_cast<double>(m_longest); }

 private:
  struct Node {
    Node(sim::EventQueue& events, double share, std::uint64_t seed)
        : feed({share, (1 - share) / 3, (1 - share) * 2 / 3}, kTenMbps),
          sink(kTenMbps, 3),
          line(events, kTenMbps, feed, sink) {
      feed.attach(line);
      const auto enter = [this](Nanos now, const Packet& p) { feed.enqueue(now, p); };
      for (std::uint16_t i = 1; i < 3; ++i)
        sources.push_back(std::make_unique<FlowSource>(
            events, enter, Flow{kDscps[i], 782, 782 * 8e2 / .7, Sizes::uniform, Times::poisson}, i,
            seed, 3 * kNanosPerSecond));
    }
    WfqFeed feed;
    FlowSink sink;
    sim::SerialLine line;
    std::vector<std::unique_ptr<FlowSource>> sources;
  };
  sim::EventQueue m_events;
  sim::TokenBucket m_bucket;
  sim::Stream m_random;
  std::vector<std::unique_ptr<Node>> m_nodes;
  Nanos m_longest = 0;
};

TEST(Schedulers, ParekhGallagerDelayBoundIsNeverExceeded) {
  for (const std::size_t nodes : {1u, 3u}) {
    double worst = 0, bound_there = 1;
    for (std::uint64_t seed = 1; seed <= by_effort<std::uint64_t>(8, 100); ++seed) {
      const double share = .1 + .05 * static_cast<double>(seed % 10);
      const double burst = 3000.0 * static_cast<double>(1 + seed % 5);
      const double per_byte = 8 * 1e9 / (share * 1e7);  // ns a byte at the guaranteed rate
      const double k = static_cast<double>(nodes);
      const double bound = (burst + (k - 1) * sim::kMtu) * per_byte + k * kLongestNs;
      const double longest = WfqChain(nodes, share, burst, seed).longest();
      EXPECT_LE(longest, bound) << "seed " << seed;
      if (longest / bound > worst / bound_there) {
        worst = longest;
        bound_there = bound;
      }
    }
    never_above("token-bucket flow through " + std::to_string(nodes) + " WFQ node(s), delay ms",
                bound_there * 1e-6, worst * 1e-6);
    EXPECT_GT(worst, bound_there / 4);
  }
}

// Deficit round robin is a latency-rate server too (Lenzini, Mingozzi, Stea, IEEE/ACM ToN 2004):
// D <= sigma / g + ((F - phi)(1 + L / phi) + sum of the longest packets) / C; the ring adds one.
TEST(Schedulers, DeficitRoundRobinHasADelayBoundOfItsOwn) {
  double worst = 0, bound_there = 1;
  for (std::uint64_t seed = 1; seed <= by_effort<std::uint64_t>(12, 200); ++seed) {
    sim::Stream random(seed, "burst");
    const auto percent = static_cast<std::uint32_t>(5 + random.next() % 60);
    const std::uint32_t other = (100 - percent) / 3;
    const std::uint32_t rest = 100 - percent - other;
    const double largest = std::max({percent, other, rest});
    const double phi = sim::kMtu * percent / largest;
    const double frame = sim::kMtu * 100 / largest;
    const double burst = 3000.0 * static_cast<double>(1 + seed % 5);
    const double ns_per_byte = 800;  // 10 Mb/s
    const double bound = (burst * 100 / percent + (frame - phi) * (1 + sim::kMtu / phi) +
                          3 * sim::kMtu + sim::kMtu) *
                         ns_per_byte;
    const std::vector<Flow> flows{
        {kEf, 782, 1e18, Sizes::uniform, Times::periodic},
        {kAf41, 782, 782 * 8e2 / .7, Sizes::uniform, Times::poisson},
        {kBestEffort, 782, 782 * 8e2 / .7, Sizes::uniform, Times::poisson}};
    Bottleneck b(kTenMbps, 1, 100'000, flows, shares(percent, other, rest), 3 * kNanosPerSecond,
                 seed);
    sim::TokenBucket bucket(core::Bps{static_cast<std::int64_t>(percent) * 100'000},
                            static_cast<std::int64_t>(burst));
    for (Nanos at = 0; at < 3 * kNanosPerSecond;
         at += static_cast<Nanos>(random.exponential(20e6))) {
      b.run_until(at);
      for (;;) {
        const auto bytes = 64 + static_cast<std::uint32_t>(random.next() % 1437);
        if (!bucket.take(at, bytes)) break;
        Packet p = packet(0, bytes);
        p.id = static_cast<std::uint64_t>(at);
        b.port.enqueue(at, p);
      }
    }
    b.run_until(60 * kNanosPerSecond);
    const auto longest = static_cast<double>(b.seen.flow(0).longest);
    EXPECT_LE(longest, bound) << "seed " << seed << ", " << percent << " %";
    if (longest / bound > worst / bound_there) {
      worst = longest;
      bound_there = bound;
    }
  }
  never_above("token-bucket flow through our DRR port, delay ms", bound_there * 1e-6, worst * 1e-6);
  EXPECT_GT(worst, bound_there / 4);
}

TEST(Schedulers, TokenBucketPassesAtMostItsDepthAndRateInAnyWindow) {
  double worst = 0;
  for (std::uint64_t seed = 1; seed <= by_effort<std::uint64_t>(50, 1000); ++seed) {
    sim::Stream random(seed, "bucket");
    const auto rate = static_cast<std::int64_t>(100'000 + random.next() % 20'000'000);
    const auto depth = static_cast<std::int64_t>(1500 + random.next() % 50'000);
    sim::TokenBucket bucket(core::Bps{rate}, depth);
    Envelope envelope(static_cast<double>(rate));
    Nanos now = 0;
    for (int i = 0; i < 2000; ++i) {
      now += static_cast<Nanos>(random.exponential(782 * 8e9 / static_cast<double>(rate) / 1.5));
      const auto bytes = static_cast<std::int64_t>(64 + random.next() % 1437);
      if (bucket.take(now, bytes))
        envelope.pass(static_cast<double>(now), static_cast<double>(bytes));
    }
    worst = std::max(worst, envelope.depth() / static_cast<double>(depth));
  }
  never_above("token bucket: max over windows of (bytes - r t) / b", 1 + 1e-9, worst);
  EXPECT_GT(worst, .99);
}

TEST(Schedulers, ShaperKeepsItsTokenBucketAndReachesItsRate) {
  const core::Bps rate{3'210'000}, line{100'000'000};
  const std::vector<Flow> flows{{kBestEffort, 1500, 2e6, Sizes::constant, Times::poisson},
                                {kBestEffort, 100, 1e6, Sizes::constant, Times::poisson}};
  sim::OutputPolicy policy;
  policy.shaper = rate;
  Bottleneck b(line, 1, 64, flows, policy, 60 * kNanosPerSecond);
  Envelope envelope(static_cast<double>(rate.count));
  b.seen.watch([&](Nanos now, const Packet& p) {
    // A departure is the end of a transmission: its start is what the bucket let go.
    envelope.pass(static_cast<double>(now - sim::transmission(p.bytes, line)), p.bytes);
  });
  b.run_until(60 * kNanosPerSecond);
  // Bc is 10 ms of the rate; the ring holds one packet that the bucket has let go already.
  never_above("shaper: bytes above its rate in any window", 3'210'000 / 8 * .01 + sim::kMtu,
              envelope.depth());
  compare("shaper: Mb/s under overload", 3.21, envelope.sent() * 8 / 60e6, .002);
}

TEST(Schedulers, LowLatencyQueueGetsAtMostItsPoliceRateWhileOthersWait) {
  const std::vector<Flow> flows{
      {kEf, 1250, 1250 * 8e3 / 8, Sizes::constant, Times::periodic},
      {kBestEffort, 1250, 1250 * 8e3 / 8, Sizes::constant, Times::periodic}};
  sim::OutputPolicy policy;
  policy.shaper = kTenMbps;
  policy.queues = {{"EF", {core::Dscp{kEf}}, core::QueueKind::priority, 30}};
  Bottleneck b(core::Bps{100'000'000}, 1, std::nullopt, flows, policy, 60 * kNanosPerSecond);
  Envelope ef(3e6);
  b.seen.watch([&](Nanos now, const Packet& p) {
    if (p.flow == 0) ef.pass(static_cast<double>(now), p.bytes);
  });
  b.run_until(kNanosPerSecond);
  const double before = ef.sent();
  b.run_until(60 * kNanosPerSecond);
  // Burst: 200 ms of the policed rate; a packet may be under way at either end of a window.
  never_above("LLQ: bytes above its police rate in any window", .2 * 3e6 / 8 + 2 * 1250,
              ef.depth());
  compare("LLQ: Mb/s of a class policed to 3 of 10", 3, (ef.sent() - before) * 8 / 59e6, .01);
  EXPECT_GT(b.port.counters().drops, 10'000u);
}

}  // namespace
}  // namespace wanwise::acceptance
