// ns3_comparison [--long]: the DiffServ bottleneck at load 0.8 in ns-3 and in our world (a transmit
// ring of one packet is ns-3's device queue of one), mean sojourns side by side, and the speed of
// both in the same run. Exit 1 when a class differs by more than 5 % (short form: 400 simulated
// seconds of ns-3) or 2 % (long form: ten times 600).
//
// GPL-2 when linked: see ns3_bottleneck.hpp.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "tests/acceptance/port_run.hpp"
#include "tests/interop/ns3/ns3_bottleneck.hpp"

namespace {

namespace acc = wanwise::acceptance;
using wanwise::interop::Ns3Result;

struct Ours {
  std::array<double, 3> sojourn_ms{};
  double events = 0, seconds = 0;
};

Ours run_ours(double simulated_seconds) {
  const acc::Reference reference = acc::reference_load(.8, acc::Sizes::constant);
  const auto stop = static_cast<wanwise::sim::Nanos>(simulated_seconds * 1e9);
  acc::Bottleneck b(reference.rate, 1, 1'000'000, reference.flows, acc::strict_priorities(), stop);
  const auto begin = std::chrono::steady_clock::now();
  b.run_until(stop);
  Ours ours;
  ours.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  ours.events = static_cast<double>(b.events.processed());
  for (std::size_t i = 0; i < 3; ++i) ours.sojourn_ms[i] = b.seen.flow(i).sojourn_ms();
  return ours;
}

}  // namespace

int main(int argc, char** argv) {
  const bool full = argc > 1 && std::strcmp(argv[1], "--long") == 0;
  const std::uint32_t runs = full ? 10 : 1;
  const double simulated = full ? 600 : 400;
  const double tolerance = full ? .02 : .05;

  std::array<double, 3> sum{}, packets{};
  double events = 0, seconds = 0;
  for (std::uint32_t run = 1; run <= runs; ++run) {
    const Ns3Result r = wanwise::interop::run_ns3(.8, simulated, run);
    std::printf("ns-3 run %u, %.0f s: EF %.4f, AF41 %.4f, BE %.4f ms\n", run, simulated,
                r.sojourn_ms[0], r.sojourn_ms[1], r.sojourn_ms[2]);
    for (std::size_t i = 0; i < 3; ++i) {
      sum[i] += r.sojourn_ms[i] * static_cast<double>(r.packets[i]);
      packets[i] += static_cast<double>(r.packets[i]);
    }
    events += static_cast<double>(r.events);
    seconds += r.seconds;
  }
  const Ours ours = run_ours(full ? 25'000 : 5'000);

  std::printf("\n| class | ns-3 ms | wanwise ms | difference | allowed |\n|---|---|---|---|---|\n");
  bool close = true;
  const char* names[] = {"EF", "AF41", "BE"};
  for (std::size_t i = 0; i < 3; ++i) {
    const double theirs = sum[i] / packets[i];
    const double difference = ours.sojourn_ms[i] / theirs - 1;
    std::printf("| %s | %.4f | %.4f | %.2f %% | %.0f %% |\n", names[i], theirs, ours.sojourn_ms[i],
                100 * difference, 100 * tolerance);
    close = close && std::fabs(difference) <= tolerance;
  }
  const double packet_count = packets[0] + packets[1] + packets[2];
  const double our_packets = ours.events / 2;  // an arrival and a departure each
  std::printf(
      "\n| | ns-3 | wanwise | ratio |\n|---|---|---|---|\n"
      "| events/s | %.2f M | %.2f M | %.0f |\n| packets/s | %.2f M | %.2f M | %.0f |\n",
      events / seconds * 1e-6, ours.events / ours.seconds * 1e-6,
      ours.events / ours.seconds / (events / seconds), packet_count / seconds * 1e-6,
      our_packets / ours.seconds * 1e-6, our_packets / ours.seconds / (packet_count / seconds));
  std::printf("cases: 3\n");
  return close ? 0 : 1;
}
