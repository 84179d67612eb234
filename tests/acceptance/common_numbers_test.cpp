// Common random numbers: how much sharper a difference is when both sides meet the same packets.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "tests/acceptance/ledger.hpp"
#include "tests/acceptance/port_run.hpp"

namespace wanwise::acceptance {
namespace {

using Means = std::array<double, 3>;

Means sojourns(std::uint32_t ring, std::uint64_t seed) {
  constexpr double kPackets = 200'000;
  const Reference reference = reference_load(.8, Sizes::exponential);
  Bottleneck b(reference.rate, ring, 10'000'000, reference.flows, strict_priorities(),
               static_cast<sim::Nanos>(kPackets * 1e6 / .8), seed);
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

// The reference: 30 seeds of 200 000 packets with exponential sizes, ring 1 less ring 0. A standard
// deviation from 30 values is itself uncertain by 13 %, on both sides: magnitudes are compared.
TEST(CommonRandomNumbers, MakeDifferencesSharp) {
  constexpr std::size_t kSeeds = 30;
  std::array<std::vector<double>, 3> with, without, difference;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Means one = sojourns(1, 100 + seed);
    const Means none = sojourns(0, 100 + seed);
    for (std::size_t flow = 0; flow < 3; ++flow) {
      with[flow].push_back(one[flow]);
      without[flow].push_back(none[flow]);
      difference[flow].push_back(one[flow] - none[flow]);
    }
  }
  struct Case {
    const char* name;
    double paired, unpaired, sharper;  ///< sharper: least ratio of the variances
  };
  const Case cases[] = {
      {"EF", .0099, .0246, 2}, {"AF41", .0107, .0436, 5}, {"BE", .0087, .2799, 300}};
  for (std::size_t flow = 0; flow < 3; ++flow) {
    const double paired = deviation(difference[flow]);
    const double unpaired = std::hypot(deviation(with[flow]), deviation(without[flow]));
    const std::string name = std::string("SD of ring 1 less ring 0, ms, ") + cases[flow].name;
    compare_factor(name + ", same packets", cases[flow].paired, paired, 2);
    compare_factor(name + ", other packets", cases[flow].unpaired, unpaired, 2);
    EXPECT_GT(unpaired * unpaired / (paired * paired), cases[flow].sharper) << name;
  }
}

}  // namespace
}  // namespace wanwise::acceptance
