// Speed of the simulator: the event queue alone, the DiffServ bottleneck by packet events, and a
// whole site on an LTE drive.
#include <benchmark/benchmark.h>

#include <functional>

#include "sim/world/air/generate.hpp"
#include "sim/world/network/line.hpp"
#include "sim/world/network/output_port.hpp"
#include "tests/unit/world/site.hpp"
#include "tests/unit/world/traffic.hpp"

namespace wanwise::sim::testing {
namespace {

double real(std::uint64_t n) {
  return static_cast<double>(n);
}

/// Each event schedules the next one of its kind: the classic "hold" model.
class Hold final : public EventHandler {
 public:
  explicit Hold(EventQueue& events) : m_events(events) {}
  void on_event(Nanos now, std::uint64_t argument) override {
    m_events.schedule(now + 1 + static_cast<Nanos>(m_stream.next() % 1000), *this, argument);
  }

 private:
  EventQueue& m_events;
  Stream m_stream{1, "hold"};
};

void event_queue(benchmark::State& state) {
  EventQueue events;
  Hold hold(events);
  for (std::int64_t i = 0; i < state.range(0); ++i)
    events.schedule(i, hold, static_cast<std::uint64_t>(i));
  for (auto _ : state) events.run_until(events.now() + 1000);
  state.counters["events/s"] =
      benchmark::Counter(real(events.processed()), benchmark::Counter::kIsRate);
}
BENCHMARK(event_queue)->Arg(16)->Arg(1024);

/// 10 Mb/s, EF/AF41/best effort at load 0.8 with a transmit ring of one: the case of the tests.
void diffserv_bottleneck(benchmark::State& state) {
  using Enqueue = std::function<void(Nanos, const Packet&)>;
  EventQueue events;
  Observer seen, dropped;
  const core::Bps rate{10'000'000};
  OutputPort port(events, {rate, 1, 1'000'000}, dropped);
  SerialLine line(events, rate, port, seen);
  port.attach(line);
  OutputPolicy policy;
  policy.queues = {{"EF", {core::Dscp{46}}, core::QueueKind::priority, 100},
                   {"AF41", {core::Dscp{34}}, core::QueueKind::remaining, 60}};
  policy.default_percent = 40;
  port.configure(0, policy);
  const Enqueue enqueue = [&](Nanos now, const Packet& p) { port.enqueue(now, p); };
  Traffic ef(events, enqueue, packet(0, 1250, 46), 1e6 / .16, true);
  Traffic af(events, enqueue, packet(1, 1250, 34), 1e6 / .24, true);
  Traffic be(events, enqueue, packet(2, 1250, 0), 1e6 / .40, true);
  for (auto _ : state) events.run_until(events.now() + kNanosPerSecond);
  state.counters["events/s"] =
      benchmark::Counter(real(events.processed()), benchmark::Counter::kIsRate);
  state.counters["packets/s"] =
      benchmark::Counter(real(port.counters().tx_packets), benchmark::Counter::kIsRate);
}
BENCHMARK(diffserv_bottleneck);

/// Two workloads (10/s of 45 KB each) through a shaped LTE uplink; one simulated second a round.
void site_on_lte(benchmark::State& state) {
  WorldConfig c = config();
  const auto lte =
      generate(lte_driving(core::Bps{12'000'000}, core::Bps{16'000'000}), core::seconds(600), 1);
  c.links[0] = {kLte, lte.uplink, lte.downlink, lte.radio};
  World world(std::move(c));
  world.configure(qos(core::Bps{9'000'000}));
  world.place(kA, kCloud, 0);
  world.place(kB, kCloud, 0);
  for (auto _ : state) {
    world.advance_to(world.now() + core::seconds(1));
    benchmark::DoNotOptimize(world.take_sample(kA));
  }
  state.counters["events/s"] =
      benchmark::Counter(real(world.events()), benchmark::Counter::kIsRate);
  state.counters["simulated s/s"] = benchmark::Counter(
      static_cast<double>(world.now().micros) * 1e-6, benchmark::Counter::kIsRate);
}
// Independent runs share nothing: two threads do almost twice as much.
BENCHMARK(site_on_lte)->UseRealTime()->Threads(1)->Threads(2);

/// Requests mode: a whole site, workloads of 1000/s (priority, below its cap) and 3000/s that share
/// a shaped uplink, 83 % loaded, on their way to a cloud. Detail::packets for comparison.
void site_requests(benchmark::State& state, Detail detail) {
  WorldConfig c = config();
  c.tuning.detail = detail;
  c.links[0].uplink = constant_rate(core::Bps{600'000'000});
  c.links[0].downlink = constant_rate(core::Bps{600'000'000});
  c.model.site.links[0].uplink = core::Bps{600'000'000};
  c.model.site.links[0].downlink = core::Bps{600'000'000};
  c.model.site.clouds[0].servers = 64;
  for (auto& w : c.model.policy.workloads) {
    w.rate = core::MilliHz{w.name == kA ? 1'000'000 : 3'000'000};
    w.ladder[0].rate = w.rate;
    w.request = core::Bytes{10'000};
  }
  World world(std::move(c));
  world.configure(qos(core::Bps{400'000'000}));
  world.place(kA, kCloud, 0);
  world.place(kB, kCloud, 0);
  world.advance_to(at_ms(2'000));
  const auto completed = [&] { return world.totals(kA).completed + world.totals(kB).completed; };
  const std::int64_t before = completed();
  const std::uint64_t events = world.events();
  for (auto _ : state) {
    world.advance_to(world.now() + core::seconds(1));
    benchmark::DoNotOptimize(world.take_sample(kA));
    benchmark::DoNotOptimize(world.take_sample(kB));
  }
  const auto ended = static_cast<double>(completed() - before);
  state.counters["requests/s"] = benchmark::Counter(ended, benchmark::Counter::kIsRate);
  state.counters["events/request"] = real(world.events() - events) / ended;
}
BENCHMARK_CAPTURE(site_requests, requests_mode, Detail::requests)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(site_requests, packets_mode, Detail::packets)->Unit(benchmark::kMillisecond);

void generate_lte_minute(benchmark::State& state) {
  std::uint64_t seed = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(generate(lte_driving(core::Bps{12'000'000}, core::Bps{16'000'000}),
                                      core::seconds(60), ++seed));
}
BENCHMARK(generate_lte_minute)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace wanwise::sim::testing
