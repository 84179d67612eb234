// Priorities at a port: Cobham without a transmit ring, the reference that ns-3 confirmed with one,
// preemptive resume, finite buffers, and the conservation law.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/acceptance/formulas.hpp"
#include "tests/acceptance/ledger.hpp"
#include "tests/acceptance/port_run.hpp"
#include "tests/acceptance/preemptive.hpp"

namespace wanwise::acceptance {
namespace {

using sim::Nanos;
using sim::Packet;

constexpr const char* kNames[] = {"EF", "AF41", "BE"};

/// Time for as many packets at this load, 1 ms each.
Nanos time_for(std::uint64_t packets, double rho) {
  return static_cast<Nanos>(static_cast<double>(packets) * 1e6 / rho);
}

std::string named(const char* what, Sizes sizes, double rho, std::size_t flow) {
  char text[80];
  std::snprintf(text, sizeof text, "%s, %s sizes, rho %g, %s", what,
                sizes == Sizes::constant ? "D" : "M", rho, kNames[flow]);
  return text;
}

/// The classes of the reference load, in ms.
std::vector<PriorityClass> classes(double rho, Sizes sizes) {
  std::vector<PriorityClass> all;
  for (const double part : {.2, .3, .5})
    all.push_back({rho * part, 1, sizes == Sizes::constant ? 1.0 : 2.0});
  return all;
}

struct Load {
  Sizes sizes;
  double rho;
  double nonpreemptive[3];  ///< waits, ms
  double preemptive[3];     ///< sojourns, ms
  double fifo;              ///< wait, ms
};
const Load kLoads[] = {
    {Sizes::constant, .5, {.27778, .37037, .66667}, {1.05556, 1.29630, 2.0}, .5},
    {Sizes::constant, .8, {.47619, .79365, 3.33333}, {1.09524, 1.58730, 5.0}, 2.0},
    {Sizes::constant, .9, {.54878, .99778, 8.18182}, {1.10976, 1.71840, 10.0}, 4.5},
    {Sizes::exponential, .5, {.55556, .74074, 1.33333}, {1.11111, 1.48148, 2.66667}, 1.0},
    {Sizes::exponential, .8, {.95238, 1.58730, 6.66667}, {1.19048, 1.98413, 8.33333}, 4.0},
    {Sizes::exponential, .9, {1.09756, 1.99557, 16.36364}, {1.21951, 2.21729, 18.18182}, 9.0}};

TEST(Priorities, WithoutPreemptionAreCobhams) {
  for (const Load& load : kLoads) {
    const Reference reference = reference_load(load.rho, load.sizes);
    const Nanos stop = time_for(customers(load.rho, 2), load.rho);
    Bottleneck b(reference.rate, 0, 10'000'000, reference.flows, strict_priorities(), stop);
    b.drain();
    EXPECT_EQ(b.port.counters().drops, 0u);
    const auto formula = cobham_waits(classes(load.rho, load.sizes));
    for (std::size_t i = 0; i < 3; ++i) {
      const std::string name = named("NP wait ms", load.sizes, load.rho, i);
      formula_gives(name, load.nonpreemptive[i], formula[i], 2e-5);
      compare(name, load.nonpreemptive[i], b.seen.flow(i).wait_ms());
    }
  }
}

TEST(Priorities, FifoIsTheSameForAllClasses) {
  for (const Load& load : kLoads) {
    const Reference reference = reference_load(load.rho, load.sizes);
    const Nanos stop = time_for(customers(load.rho), load.rho);
    Bottleneck b(reference.rate, 1, 10'000'000, reference.flows, std::nullopt, stop);
    b.drain();
    formula_gives(named("FIFO wait ms", load.sizes, load.rho, 0), load.fifo,
                  pollaczek_wait(load.rho, load.sizes == Sizes::constant ? 0 : 1));
    for (std::size_t i = 0; i < 3; ++i)
      compare(named("FIFO wait ms", load.sizes, load.rho, i), load.fifo, b.seen.flow(i).wait_ms());
  }
}

TEST(Priorities, WithPreemptiveResumeAreTheClosedForm) {
  for (const Load& load : kLoads) {
    const auto formula = preemptive_sojourns(classes(load.rho, load.sizes));
    const auto seen = preemptive_resume(load.rho, {.2, .3, .5}, load.sizes == Sizes::exponential,
                                        customers(load.rho, 2));
    for (std::size_t i = 0; i < 3; ++i) {
      const std::string name = named("PR sojourn ms", load.sizes, load.rho, i);
      formula_gives(name, load.preemptive[i], formula[i], 2e-5);
      compare(name, load.preemptive[i], seen[i]);
    }
  }
}

TEST(Priorities, OfUnequalPacketSizes) {
  const core::Bps rate{5'000'000};
  const std::vector<Flow> flows{{kEf, 200, 1e9 / 312.5, Sizes::constant, Times::poisson},
                                {kAf41, 800, 1e9 / 234.375, Sizes::constant, Times::poisson},
                                {kBestEffort, 1500, 6e6, Sizes::constant, Times::poisson}};
  const double waits[] = {.76444, 1.27407, 5.73333};
  const auto formula =
      cobham_waits({{.3125, .32, .1024}, {.234375, 1.28, 1.6384}, {1 / 6.0, 2.4, 5.76}});
  const Nanos stop = time_for(customers(.8, 2), .8) * 7 / 5;  // 713 packets a second
  Bottleneck b(rate, 0, 10'000'000, flows, strict_priorities(), stop);
  b.drain();
  Bottleneck fifo(rate, 1, 10'000'000, flows, std::nullopt, stop);
  fifo.drain();
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string name = std::string("unequal sizes, NP wait ms, ") + kNames[i];
    formula_gives(name, waits[i], formula[i], 2e-5);
    compare(name, waits[i], b.seen.flow(i).wait_ms());
    compare(std::string("unequal sizes, FIFO wait ms, ") + kNames[i], 3.44,
            fifo.seen.flow(i).wait_ms());
  }
}

// Reference simulation of 5 million packets, confirmed by ns-3.37 (PrioQueueDisc over a device
// queue); without a ring: Cobham.
TEST(TransmitRing, OfZeroOneTwoAndFourPacketsMeetsTheReference) {
  struct Case {
    Sizes sizes;
    std::uint32_t ring;
    double sojourn[3];
  };
  for (const Case& c : {Case{Sizes::constant, 0, {1.4762, 1.7937, 4.3333}},
                        Case{Sizes::constant, 1, {2.0047, 2.2129, 3.8751}},
                        Case{Sizes::constant, 2, {2.353, 2.488, 3.570}},
                        Case{Sizes::constant, 4, {2.727, 2.784, 3.243}},
                        Case{Sizes::exponential, 0, {1.9524, 2.5873, 7.6667}},
                        Case{Sizes::exponential, 1, {2.559, 3.066, 7.099}}}) {
    const Reference reference = reference_load(.8, c.sizes);
    const Nanos stop = time_for(by_effort<std::uint64_t>(600'000, 20'000'000), .8);
    Bottleneck b(reference.rate, c.ring, 10'000'000, reference.flows, strict_priorities(), stop);
    b.drain();
    EXPECT_EQ(b.port.counters().drops, 0u);
    for (std::size_t i = 0; i < 3; ++i)
      compare(named(("ring " + std::to_string(c.ring) + ", sojourn ms").c_str(), c.sizes, .8, i),
              c.sojourn[i], b.seen.flow(i).sojourn_ms(), by_effort(.05, .01));
  }
}

TEST(FiniteBuffer, MM1KLosesAndDelays) {
  struct Case {
    double rho;
    std::int32_t room;
    double loss, sojourn;
  };
  for (const Case& c : {Case{.8, 5, .088819, 2.56307}, Case{.8, 10, .023493, 3.79710},
                        Case{.8, 20, .002327, 4.76673}, Case{1.2, 10, .192586, 6.92614}}) {
    char text[60];
    std::snprintf(text, sizeof text, "M/M/1/%d, rho %g", c.room, c.rho);
    const std::string name = text;
    formula_gives(name + " loss", c.loss, mm1k(c.rho, c.room).loss, 2e-4);
    formula_gives(name + " T", c.sojourn, mm1k(c.rho, c.room).sojourn, 1e-5);
    // K counts the one in service: the queue's limit is one less.
    const std::vector<Flow> flows{
        {kBestEffort, 125'000, 1e6 / c.rho, Sizes::exponential, Times::poisson}};
    // Losses at K = 20 are rare: one in 430.
    const auto n = by_effort<std::uint64_t>(2'000'000, 20'000'000);
    Bottleneck b(core::Bps{1'000'000'000}, 0, static_cast<std::size_t>(c.room - 1), flows,
                 std::nullopt, time_for(n, c.rho));
    b.drain();
    compare(name + " loss", c.loss,
            static_cast<double>(b.dropped.flow(0).packets) / static_cast<double>(b.offered()));
    compare(name + " T", c.sojourn, b.seen.flow(0).sojourn_ms());
  }
}

/// Earliest deadline first: a feed of the test's own, because the router has no such queue.
class DeadlineFeed final : public sim::Feed {
 public:
  explicit DeadlineFeed(std::vector<Nanos> allowance) : m_allowance(std::move(allowance)) {}
  void attach(sim::Drain& line) { m_line = &line; }
  void enqueue(Nanos now, const Packet& packet) {
    m_waiting.emplace(now + m_allowance[packet.flow], packet);
    m_line->wake(now);
  }
  [[nodiscard]] bool has_packet() const override { return !m_waiting.empty(); }
  bool pull(Nanos, Packet& packet) override {
    if (m_waiting.empty()) return false;
    packet = m_waiting.begin()->second;
    m_waiting.erase(m_waiting.begin());
    return true;
  }

 private:
  std::vector<Nanos> m_allowance;
  sim::Drain* m_line = nullptr;
  std::multimap<Nanos, Packet> m_waiting;
};

double weighted_wait(const FlowSink& seen) {
  return .2 * seen.flow(0).wait_ms() + .3 * seen.flow(1).wait_ms() + .5 * seen.flow(2).wait_ms();
}

TEST(ConservationLaw, HoldsForEveryOrderOnTheSameArrivals) {
  const Reference reference = reference_load(.8, Sizes::constant);
  const Nanos stop = time_for(by_effort<std::uint64_t>(400'000, 8'000'000), .8);
  const auto port = [&](std::uint32_t ring, std::optional<sim::OutputPolicy> policy) {
    Bottleneck b(reference.rate, ring, 10'000'000, reference.flows, std::move(policy), stop);
    b.drain();
    return weighted_wait(b.seen);
  };
  const double fifo = port(0, std::nullopt);
  compare("sum rho_k W_k / rho, FIFO, ms", pollaczek_wait(.8, 0), fifo, by_effort(.05, .01));
  // The classes' shares of the packets that came are the declared ones up to the sample's noise.
  constexpr double kEdge = .001;
  compare("strict priority / FIFO", fifo, port(0, strict_priorities()), kEdge);
  compare("DRR 5:3:2 / FIFO", fifo, port(0, shares(50, 30, 20)), kEdge);
  compare("strict priority with ring 4 / FIFO", fifo, port(4, strict_priorities()), kEdge);

  sim::EventQueue events;
  FlowSink seen(reference.rate, 3);
  DeadlineFeed feed({2'000'000, 5'000'000, 20'000'000});
  sim::SerialLine line(events, reference.rate, feed, seen);
  feed.attach(line);
  std::vector<std::unique_ptr<FlowSource>> sources;
  const auto enter = [&](Nanos now, const Packet& packet) { feed.enqueue(now, packet); };
  for (std::uint16_t i = 0; i < 3; ++i)
    sources.push_back(std::make_unique<FlowSource>(events, enter, reference.flows[i], i, 3, stop));
  while (events.pending() > 0) events.run_until(events.now() + sim::kNanosPerSecond);
  compare("EDF / FIFO", fifo, weighted_wait(seen), kEdge);
  EXPECT_LT(seen.flow(0).wait_ms(), seen.flow(2).wait_ms() / 2);
}

}  // namespace
}  // namespace wanwise::acceptance
