// Common random numbers: how much sharper a difference is when both sides meet the same packets.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "tests/acceptance/ledger.hpp"
#include "tests/acceptance/port_run.hpp"

namespace wanwise::acceptance {
namespace {

using Means = std::array<double, 3>;

Means sojourns(std::uint32_t ring, std::uint64_t seed, std::uint64_t packets) {
  const Reference reference = reference_load(.8, Sizes::constant);
  Bottleneck b(reference.rate, ring, 10'000'000, reference.flows, strict_priorities(),
               static_cast<sim::Nanos>(static_cast<double>(packets) * 1e6 / .8), seed);
  b.drain();
  return {b.seen.flow(0).sojourn_ms(), b.seen.flow(1).sojourn_ms(), b.seen.flow(2).sojourn_ms()};
}

double deviation(const std::vector<double>& values) {
  double mean = 0, squares = 0;
  const auto n = static_cast<double>(values.size());
  for (const double v : values) mean += v / n;
  for (const double v : values) squares += (v - mean) * (v - mean);
  return std::sqrt(squares / (n - 1));
}

// The reference: 30 seeds of 200 000 packets, ring 1 less ring 0, standard deviations in ms.
TEST(CommonRandomNumbers, MakeDifferencesSharp) {
  constexpr std::uint64_t kSeeds = 30;
  const auto packets = by_effort<std::uint64_t>(50'000, 200'000);
  std::vector<Means> with, without;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    with.push_back(sojourns(1, 100 + seed, packets));
    without.push_back(sojourns(0, 100 + seed, packets));
  }
  struct Case {
    const char* name;
    double paired, unpaired;
  };
  const Case cases[] = {{"EF", .0099, .0246}, {"AF41", .0107, .0436}, {"BE", .0087, .2799}};
  // A mean over a quarter of the packets scatters twice as much.
  const double scale = std::sqrt(200'000.0 / static_cast<double>(packets));
  for (std::size_t flow = 0; flow < 3; ++flow) {
    std::vector<double> paired, unpaired;
    for (std::uint64_t i = 0; i < kSeeds; ++i) {
      paired.push_back(with[i][flow] - without[i][flow]);
      unpaired.push_back(with[i][flow] - without[(i + 1) % kSeeds][flow]);
    }
    const std::string name = std::string("SD of the difference ms, ") + cases[flow].name;
    // A standard deviation from 30 values is itself uncertain by 13 %; the published one too.
    constexpr double kFactorTwo = 1;
    compare(name + ", paired", cases[flow].paired * scale, deviation(paired), kFactorTwo);
    compare(name + ", unpaired", cases[flow].unpaired * scale, deviation(unpaired), kFactorTwo);
    EXPECT_GT(deviation(paired), cases[flow].paired * scale / 2);
    EXPECT_GT(deviation(unpaired), cases[flow].unpaired * scale / 2);
    EXPECT_LT(deviation(paired), deviation(unpaired) / 1.5) << name;
  }
}

}  // namespace
}  // namespace wanwise::acceptance
