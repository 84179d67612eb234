// Memory is flat in simulated time: ten times the horizon, the same resident set. A program of its
// own, because a process's memory is what all of its tests made of it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "sim/world/air/generate.hpp"
#include "tests/acceptance/port_run.hpp"
#include "tests/unit/world/site.hpp"

namespace wanwise::sim::testing {
namespace {

double resident_mb() {
  std::ifstream statm("/proc/self/statm");
  double pages = 0;
  statm >> pages >> pages;
  return pages * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

/// Resident memory after `seconds` of a site on LTE and of a loaded bottleneck.
class Runs {
 public:
  Runs()
      : m_world(site()),
        m_reference(acceptance::reference_load(.8, acceptance::Sizes::constant)),
        m_port(m_reference.rate, 1, 1'000'000, m_reference.flows, acceptance::strict_priorities(),
               std::int64_t{1} << 60) {
    m_world.configure(qos(core::Bps{9'000'000}));
    m_world.place(kA, kCloud, 0);
    m_world.place(kB, kTx2, 0);
  }
  double after(std::int64_t seconds) {
    while (m_world.now() < core::Instant{seconds * 1'000'000}) {
      m_world.advance_to(m_world.now() + core::seconds(1));
      for (const auto& name : {kA, kB}) (void)m_world.take_sample(name);  // as a controller does
    }
    m_port.run_until(seconds * kNanosPerSecond);
    return resident_mb();
  }

 private:
  static WorldConfig site() {
    WorldConfig c = config();
    const auto lte =
        generate(lte_driving(core::Bps{12'000'000}, core::Bps{16'000'000}), core::seconds(600), 1);
    c.links[0] = {kLte, lte.uplink, lte.downlink, lte.radio};
    return c;
  }
  World m_world;
  acceptance::Reference m_reference;
  acceptance::Bottleneck m_port;
};

TEST(WorldMemory, IsFlatInSimulatedTime) {
  Runs runs;
  const double early = runs.after(600);
  const double late = runs.after(6'000);
  std::printf("resident: %.2f MB after 600 s, %.2f MB after 6000 s\n", early, late);
  EXPECT_LE(late, early * 1.05);
}

}  // namespace
}  // namespace wanwise::sim::testing
