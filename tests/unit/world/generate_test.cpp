#include "sim/world/air/generate.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>

#include "tests/unit/world/moments.hpp"

namespace wanwise::sim::testing {
namespace {

const std::filesystem::path kTraces =
    std::filesystem::path(WANWISE_SOURCE_DIR) / "../shared/traces";

// Long enough that the slow part passes through fifty of its correlation times.
constexpr core::Micros kLength = core::seconds(1200);
constexpr int kSeeds = 5;

Moments average(const std::function<Moments(std::uint64_t)>& of_seed) {
  Moments sum;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Moments m = of_seed(seed);
    sum.mean += m.mean / kSeeds;
    sum.sd += m.sd / kSeeds;
    sum.p5 += m.p5 / kSeeds;
    sum.p50 += m.p50 / kSeeds;
    sum.p95 += m.p95 / kSeeds;
    sum.after_1 += m.after_1 / kSeeds;
    sum.after_10 += m.after_10 / kSeeds;
    sum.zero += m.zero / kSeeds;
  }
  return sum;
}

void print(const std::string& name, const Moments& m) {
  std::printf(
      "%-32s mean %6.2f cv %.2f p5 %.2f p50 %.2f p95 %.2f (of mean) ac1 %.2f ac10 %.2f "
      "zero %.3f\n",
      name.c_str(), m.mean, m.cv(), m.p5 / m.mean, m.p50 / m.mean, m.p95 / m.mean, m.after_1,
      m.after_10, m.zero);
}

LinkLaw drive() {
  return lte_driving(core::Bps{12'000'000}, core::Bps{16'000'000});
}

TEST(Generate, MeanIsWhatWasAskedFor) {
  const auto up = average(
      [](auto seed) { return moments(per_second(generate(drive(), kLength, seed).uplink)); });
  const auto down = average(
      [](auto seed) { return moments(per_second(generate(drive(), kLength, seed).downlink)); });
  EXPECT_NEAR(up.mean, 12.0, 1.2);
  EXPECT_NEAR(down.mean, 16.0, 1.6);
}

TEST(Generate, SameSeedSameLinkOtherSeedOtherLink) {
  const auto a = generate(drive(), core::seconds(60), 7);
  const auto b = generate(drive(), core::seconds(60), 7);
  const auto c = generate(drive(), core::seconds(60), 8);
  EXPECT_EQ(a.uplink.opportunities, b.uplink.opportunities);
  EXPECT_EQ(a.downlink.opportunities, b.downlink.opportunities);
  EXPECT_NE(a.uplink.opportunities, c.uplink.opportunities);
  ASSERT_EQ(a.radio.points.size(), 60u);
  EXPECT_EQ(a.radio.points[30].reading.rsrp_dbm, b.radio.points[30].reading.rsrp_dbm);
}

TEST(Generate, OpportunitiesAscendWithinThePeriod) {
  const auto link = generate(drive(), core::seconds(120), 3);
  const auto& all = link.uplink.opportunities;
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
  EXPECT_GE(all.front().count, 0);
  EXPECT_LE(all.back(), link.uplink.period);
}

TEST(Generate, DrivingLosesServiceInHolesAndChangesCells) {
  int without_service = 0;
  int changes = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const auto radio = generate(drive(), kLength, seed).radio;
    for (std::size_t i = 1; i < radio.points.size(); ++i) {
      if (!radio.points[i].reading.in_service) ++without_service;
      if (radio.points[i].reading.cell != radio.points[i - 1].reading.cell) ++changes;
    }
  }
  EXPECT_GT(without_service, 5);
  EXPECT_GT(changes, 100);
}

TEST(Generate, AStandingFiveGLinkIsSteadierThanADrivingOne) {
  const auto law = nr_static(core::Bps{40'000'000}, core::Bps{200'000'000});
  const auto still = average([&](auto seed) {
    return moments(per_second(generate(law, core::seconds(300), seed).uplink));
  });
  EXPECT_NEAR(still.mean, 40, 4);
  EXPECT_LT(still.cv(), 0.35);
  EXPECT_EQ(still.zero, 0);
}

// The generated drive lies within the span of the recorded LTE drives, widened by a fifth of the
// span's ends (relative to the mean; the carriers' rates differ by a factor of 16).
TEST(Generate, DrivingLooksLikeRecordedLte) {
  if (!std::filesystem::exists(kTraces / "mahimahi"))
    GTEST_SKIP() << "no recordings at " << kTraces;
  std::vector<Moments> recorded;
  for (const char* name :
       {"ATT-LTE-driving-2016.up.gz", "ATT-LTE-driving-2016.down.gz", "ATT-LTE-driving.down.gz",
        "TMobile-LTE-short.up.gz", "TMobile-LTE-short.down.gz"}) {
    const auto loaded = read_rate_trace((kTraces / "mahimahi" / name).string());
    ASSERT_TRUE(loaded) << loaded.error().message;
    recorded.push_back(moments(per_second(loaded->trace)));
    print(name, recorded.back());
  }
  const auto ours = average(
      [](auto seed) { return moments(per_second(generate(drive(), kLength, seed).uplink)); });
  print("generated", ours);
  const auto within = [&](const char* what, auto value) {
    double low = 1e9;
    double high = -1e9;
    for (const auto& m : recorded) {
      low = std::min(low, value(m));
      high = std::max(high, value(m));
    }
    EXPECT_GE(value(ours), low * 0.8) << what;
    EXPECT_LE(value(ours), high * 1.2) << what;
  };
  within("coefficient of variation", [](const Moments& m) { return m.cv(); });
  within("p5", [](const Moments& m) { return m.p5 / m.mean; });
  within("p50", [](const Moments& m) { return m.p50 / m.mean; });
  within("p95", [](const Moments& m) { return m.p95 / m.mean; });
  within("autocorrelation at 1 s", [](const Moments& m) { return m.after_1; });
  within("outage share", [](const Moments& m) { return m.zero; });
}

// Spread and memory of the radio values, against two routers' modems over five hours.
TEST(Generate, RadioLooksLikeRecordedModems) {
  if (!std::filesystem::exists(kTraces / "fjordlink_router"))
    GTEST_SKIP() << "no recordings at " << kTraces;
  const auto series = [](const RadioTrace& trace, bool sinr) {
    std::vector<double> values;
    for (const auto& point : trace.points) {
      if (sinr && point.reading.sinr)
        values.push_back(static_cast<double>(point.reading.sinr->count) / 1000);
      if (!sinr && point.reading.rsrp_dbm) values.push_back(*point.reading.rsrp_dbm);
    }
    return values;
  };
  for (const bool sinr : {false, true}) {
    const auto ours = average(
        [&](auto seed) { return moments(series(generate(drive(), kLength, seed).radio, sinr)); });
    std::printf("generated %s sd %.1f ac1 %.2f ac10 %.2f\n", sinr ? "sinr" : "rsrp", ours.sd,
                ours.after_1, ours.after_10);
    for (const char* name : {"5G-DTAG-WAVELAB.csv.gz", "CAU-0C.csv.gz"}) {
      const auto loaded = read_radio_trace((kTraces / "fjordlink_router" / name).string());
      ASSERT_TRUE(loaded) << loaded.error().message;
      const auto recorded = moments(series(loaded->trace, sinr));
      std::printf("%s %s sd %.1f ac1 %.2f ac10 %.2f\n", name, sinr ? "sinr" : "rsrp", recorded.sd,
                  recorded.after_1, recorded.after_10);
      EXPECT_NEAR(ours.sd / recorded.sd, 1, 0.35);
      EXPECT_NEAR(ours.after_1, recorded.after_1, 0.1);
      EXPECT_NEAR(ours.after_10, recorded.after_10, 0.2);
    }
  }
}

}  // namespace
}  // namespace wanwise::sim::testing
