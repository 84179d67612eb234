// Tandems, traces, and links whose rate changes.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "sim/world/compute/station.hpp"
#include "sim/world/network/line.hpp"
#include "tests/acceptance/ledger.hpp"
#include "tests/acceptance/port_run.hpp"

namespace wanwise::acceptance {
namespace {

using sim::kNanosPerSecond;
using sim::Nanos;
using sim::Packet;

/// Exponential FIFO stations one after the other, Poisson arrivals.
class Tandem final : public sim::StationOwner, public sim::EventHandler {
 public:
  Tandem(double per_ms, std::vector<double> services_ms, std::uint64_t customers)
      : m_interval(1e6 / per_ms), m_left(customers) {
    for (std::size_t i = 0; i < services_ms.size(); ++i)
      m_stages.push_back({sim::Station(m_events, *this, i, 1), services_ms[i] * 1e6,
                          sim::Stream(13, "service/" + std::to_string(i)), 0, 0});
    m_entered.resize(kSlots);
    m_here.resize(kSlots);
    m_events.schedule(0, *this);
    while (m_events.pending() > 0) m_events.run_until(m_events.now() + kNanosPerSecond);
  }
  Nanos service_time(Nanos, std::size_t station, sim::JobId) override {
    return std::llround(m_stages[station].services.exponential(m_stages[station].mean));
  }
  void served(Nanos now, std::size_t station, sim::JobId job) override {
    Stage& stage = m_stages[station];
    const auto here = static_cast<double>(now - m_here[job % kSlots]);
    stage.sum += here;
    stage.squares += here * here;
    if (station + 1 < m_stages.size()) {
      m_here[job % kSlots] = now;
      m_stages[station + 1].station.submit(now, job);
      return;
    }
    ++m_finished;
    const auto all = static_cast<double>(now - m_entered[job % kSlots]);
    m_sum += all;
    m_squares += all * all;
  }
  void lost(Nanos, std::size_t, sim::JobId) override { FAIL() << "a tandem loses nobody"; }
  void on_event(Nanos now, std::uint64_t) override {
    m_entered[m_arrived % kSlots] = m_here[m_arrived % kSlots] = now;
    m_stages[0].station.submit(now, m_arrived++);
    if (m_arrived < m_left)
      m_events.schedule(now + std::llround(m_arrivals.exponential(m_interval)), *this);
  }

  [[nodiscard]] double mean_ms() const { return m_sum / static_cast<double>(m_finished) * 1e-6; }
  [[nodiscard]] double mean_ms(std::size_t station) const {
    return m_stages[station].sum / static_cast<double>(m_finished) * 1e-6;
  }
  [[nodiscard]] double variance() const { return variance_of(m_sum, m_squares); }
  [[nodiscard]] double variance(std::size_t station) const {
    return variance_of(m_stages[station].sum, m_stages[station].squares);
  }
  [[nodiscard]] bool all_finished() const { return m_finished == m_arrived; }

 private:
  struct Stage {
    sim::Station station;
    double mean;
    sim::Stream services;
    double sum, squares;
  };
  /// More than can be inside: three queues of Station::kMaxWaiting.
  static constexpr std::size_t kSlots = 1 << 14;
  [[nodiscard]] double variance_of(double sum, double squares) const {
    const auto n = static_cast<double>(m_finished);
    return squares / n - sum / n * (sum / n);
  }

  sim::EventQueue m_events;
  std::vector<Stage> m_stages;
  sim::Stream m_arrivals{13, "arrivals"};
  double m_interval;
  std::uint64_t m_left, m_arrived = 0, m_finished = 0;
  std::vector<Nanos> m_entered, m_here;
  double m_sum = 0, m_squares = 0;
};

TEST(Networks, TandemOfExponentialStationsIsJacksons) {
  // lambda 0.5 per ms; services 1.6, 1.0 and 1.2 ms: rho .8, .5, .6.
  const std::array services{1.6, 1.0, 1.2};
  const Tandem tandem(.5, {services.begin(), services.end()}, customers(.8, 2));
  EXPECT_TRUE(tandem.all_finished());
  double sum = 0, independent = 0;
  for (std::size_t i = 0; i < services.size(); ++i) {
    const double formula = 1 / (1 / services[i] - .5);
    sum += formula;
    independent += tandem.variance(i);
    compare("Jackson tandem, station " + std::to_string(i + 1) + ", T ms", formula,
            tandem.mean_ms(i));
  }
  compare("Jackson tandem, T ms", sum, tandem.mean_ms());
  // Sojourns at the stations of a FIFO tandem are independent (Reich 1963): variances add up.
  compare("Jackson tandem, variance of T / sum of variances", 1, tandem.variance() / independent,
          by_effort(.05, .022));
}

struct Backlogged {
  explicit Backlogged(sim::RateTrace trace)
      : dropped(core::Bps{1}, 1),
        seen(core::Bps{1}, 1),
        buffer({std::int64_t{1} << 40, std::nullopt}, dropped),
        line(events, std::move(trace), buffer, seen) {
    buffer.attach(line);
  }
  void fill(std::size_t packets, std::uint32_t bytes) {
    Packet p;
    p.bytes = bytes;
    for (std::size_t i = 0; i < packets; ++i) buffer.accept(0, p);
  }
  sim::EventQueue events;
  FlowSink dropped, seen;
  sim::Buffer buffer;
  sim::TraceLine line;
};

TEST(Networks, MahimahiFileOfOneOpportunityAMillisecondIsTwelveMegabits) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "acceptance-one.trace";
  std::ofstream(path) << "1\n";
  const auto loaded = sim::read_rate_trace(path.string());
  std::filesystem::remove(path);
  ASSERT_TRUE(loaded.has_value());
  Backlogged b(loaded->trace);
  b.fill(20'000, 1500);
  b.events.run_until(10 * kNanosPerSecond);
  compare("mm-link file of one opportunity a millisecond, Mb/s", 12,
          static_cast<double>(b.seen.flow(0).bytes) * 8 / 10e6, 0);
}

TEST(Networks, ConstantTraceIsAFixedRateLine) {
  for (const std::int64_t mbps : {1, 8, 20}) {
    const core::Bps rate{mbps * 1'000'000};
    const double slot = static_cast<double>(sim::transmission(1500, rate));
    sim::EventQueue events;
    FlowSink none(rate, 1), by_trace(rate, 1), by_rate(rate, 1);
    sim::Buffer first({1 << 30, std::nullopt}, none), second({1 << 30, std::nullopt}, none);
    sim::TraceLine trace(events, sim::constant_rate(rate), first, by_trace);
    sim::SerialLine serial(events, rate, second, by_rate);
    first.attach(trace);
    second.attach(serial);
    std::vector<Nanos> ends[2];
    by_trace.watch([&](Nanos now, const Packet&) { ends[0].push_back(now); });
    by_rate.watch([&](Nanos now, const Packet&) { ends[1].push_back(now); });
    const auto both = [&](Nanos now, const Packet& p) {
      first.accept(now, p);
      second.accept(now, p);
    };
    FlowSource source(events, both, {kBestEffort, 1500, slot / .9, Sizes::constant, Times::poisson},
                      0, 17, static_cast<Nanos>(slot * by_effort(20e3, 500e3)));
    while (events.pending() > 0) events.run_until(events.now() + kNanosPerSecond);
    ASSERT_EQ(ends[0].size(), source.sent());
    ASSERT_EQ(ends[1].size(), source.sent());
    double apart = 0;
    for (std::size_t i = 0; i < ends[0].size(); ++i)
      apart = std::max(apart, std::fabs(static_cast<double>(ends[0][i] - ends[1][i])));
    // Opportunities stand on a grid of slots in microseconds, packets come between them.
    never_above("constant trace against " + std::to_string(mbps) + " Mb/s line, slots apart",
                1 + 1000 / slot, apart / slot);
  }
}

TEST(Networks, BackloggedWindowServesTheIntegralOfTheTrace) {
  sim::Stream random(19, "trace");
  sim::RateTrace trace;
  trace.period = core::seconds(30);
  double at = 0;
  std::vector<Nanos> opportunities;
  while ((at += random.exponential(3'000)) < 30e6) {  // microseconds
    trace.opportunities.push_back(core::Micros{static_cast<std::int64_t>(at)});
    opportunities.push_back(static_cast<std::int64_t>(at) * 1000);
  }
  Backlogged b(trace);
  b.fill(100'000, 700);
  double worst = 0;
  std::uint64_t before = 0;
  Nanos from = 0;
  for (int window = 0; window < 40; ++window) {  // into the trace's second repetition
    const Nanos until = from + static_cast<Nanos>(1 + random.next() % kNanosPerSecond);
    b.events.run_until(until);
    std::uint64_t integral = 0;
    for (std::int64_t turn = 0; turn < 3; ++turn)
      for (const Nanos o : opportunities) {
        const Nanos moment = o + turn * 30 * kNanosPerSecond;
        if (moment > from && moment <= until) integral += 1500;
      }
    const std::uint64_t served = b.line.sent_bytes() - before;
    worst = std::max(worst, std::fabs(static_cast<double>(served) - static_cast<double>(integral)));
    before = b.line.sent_bytes();
    from = until;
  }
  compare_within("bytes served in a backlogged window less the trace's integral", 0, worst, 0);
  EXPECT_GT(before, 1'000'000u);
}

}  // namespace
}  // namespace wanwise::acceptance
