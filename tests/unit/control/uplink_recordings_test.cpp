// The tracking shaper on recorded LTE and UMTS uplinks (mahimahi), beside a fixed shaper, none, and
// an additive-increase rule. The deep modem is the one that matters: there the shaper decides.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <string>

#include "tests/support/rate_controllers.hpp"

namespace wanwise::test {
namespace {

struct Row {
  double p50 = 0, p99 = 0, lost_share = 0, utilisation = 0;
  std::size_t writes = 0;
};

Row row(const char* name, const UplinkResult& r) {
  const auto sent =
      static_cast<double>(r.priority_delay_ms.size()) + static_cast<double>(r.priority_lost);
  Row out{r.delay_ms(0.5), r.delay_ms(0.99), static_cast<double>(r.priority_lost) / sent,
          r.utilisation(), r.most_writes_a_minute()};
  char p99[32];
  std::snprintf(p99, sizeof p99, out.p99 > 1e8 ? "lost" : "%.0f", out.p99);
  std::printf(
      "  %-9s p50 %7.0f ms  p95 %7.0f ms  p99 %7s ms  lost %5.2f %%  utilisation %.3f"
      "  writes/min %zu\n",
      name, out.p50, std::min(r.delay_ms(0.95), 999999.0), p99, 100 * out.lost_share,
      out.utilisation, out.writes);
  return out;
}

class Recording : public testing::TestWithParam<const char*> {};

TEST_P(Recording, PriorityClassWaitsLessThanUnderAnyOtherShaperThatUsesAsMuch) {
  const std::string path =
      std::string{WANWISE_SOURCE_DIR} + "/../shared/traces/mahimahi/" + GetParam() + ".up.gz";
  const auto opportunities = read_mahimahi(path);
  if (!opportunities) GTEST_SKIP() << "no recording at ../shared/traces/mahimahi";
  const double seconds = static_cast<double>(opportunities->back()) / 1000;
  const double mean = static_cast<double>(opportunities->size()) * 12e3 / seconds;

  UplinkConfig config;
  config.opportunities = *opportunities;
  config.seconds = seconds;
  config.flows.push_back({Lane::priority, 80e3, 200, 1, {}});
  config.flows.push_back({Lane::video, 1.5 * mean, 1500, 1, {}});
  core::Link link;
  link.uplink = core::Bps{std::llround(mean)};
  link.uplink_floor = core::Bps{250'000};
  link.uplink_ceiling = core::Bps{std::llround(4 * mean)};
  link.rtt = core::milliseconds(50);

  std::printf("%s: %.0f s, mean %.2f Mbit/s\n", GetParam(), seconds, mean / 1e6);
  TrackingShaper tracking{link};
  FixedShaper fixed{core::Bps{std::llround(0.92 * mean)}};
  NoShaper none;
  AimdShaper aimd{link};
  const Row ours = row("tracking", UplinkHarness{config}.run(tracking));
  const Row other = row("fixed", UplinkHarness{config}.run(fixed));
  const Row naked = row("none", UplinkHarness{config}.run(none));
  const Row additive = row("additive", UplinkHarness{config}.run(aimd));
  EXPECT_LE(ours.p50, 0.1 * naked.p50 + 5);
  EXPECT_LE(ours.p50, other.p50);
  EXPECT_LE(ours.p99, other.p99);
  EXPECT_LE(ours.lost_share, other.lost_share);
  EXPECT_LE(ours.p99, additive.p99);
  EXPECT_GE(ours.utilisation, 0.95 * additive.utilisation);
  EXPECT_GE(ours.utilisation, 0.4);
  EXPECT_LE(ours.writes, 60U);

  config.modem_pushes_back = true;
  std::printf("  with a modem that pushes back:\n");
  TrackingShaper pushed{link};
  row("tracking", UplinkHarness{config}.run(pushed));
  row("fixed", UplinkHarness{config}.run(fixed));
}

INSTANTIATE_TEST_SUITE_P(Mahimahi, Recording,
                         testing::Values("ATT-LTE-driving-2016", "ATT-LTE-driving",
                                         "TMobile-LTE-short", "TMobile-UMTS-driving"));

}  // namespace
}  // namespace wanwise::test
