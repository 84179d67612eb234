// The tracking shaper on recorded networks, beside a fixed shaper, none, and an additive-increase
// rule (cake-autorate's). The deep modem is the one that matters: there the shaper decides.
//
// Uplinks are the mahimahi recordings `.up`. What stands for one: mahimahi's `.down`, and the rates
// that NYU-METS measured once a second under saturation. The other recordings tell no capacity:
// CICV5G has delays, UCC's uplink column is acknowledgements, FjordLink's is one bus' own traffic.
#include <gtest/gtest.h>

#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

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

std::string traces(const std::string& name) {
  return std::string{WANWISE_SOURCE_DIR} + "/../shared/traces/" + name;
}

/// What a recording offers, and how long.
struct Offered {
  UplinkConfig config;
  double mean = 0;  ///< bit/s
};

std::optional<Offered> mahimahi(const std::string& name) {
  const auto opportunities = read_mahimahi(traces("mahimahi/" + name + ".gz"));
  if (!opportunities) return std::nullopt;
  Offered offered;
  offered.config.opportunities = *opportunities;
  offered.config.seconds = static_cast<double>(opportunities->back()) / 1000;
  offered.mean = static_cast<double>(opportunities->size()) * 12e3 / offered.config.seconds;
  return offered;
}

/// "4.36,Mbits/sec", a row a second; the unit changes within a file.
std::optional<Offered> nyu(const std::string& name) {
  std::ifstream in(traces("nyu_mets/" + name));
  std::vector<double> bps;
  double sum = 0;
  for (std::string line; std::getline(in, line);) {
    const std::size_t comma = line.find(',');
    if (comma == std::string::npos || comma + 1 >= line.size()) continue;
    const char unit = line[comma + 1];
    const double scale = unit == 'G' ? 1e9 : unit == 'M' ? 1e6 : unit == 'K' ? 1e3 : 1;
    bps.push_back(std::strtod(line.c_str(), nullptr) * scale);
    sum += bps.back();
  }
  if (bps.empty()) return std::nullopt;
  Offered offered;
  offered.config.seconds = static_cast<double>(bps.size());
  offered.mean = sum / offered.config.seconds;
  offered.config.bps_at = [bps](double second) {
    return bps[static_cast<std::size_t>(second) % bps.size()];
  };
  return offered;
}

core::Link link_of(const Offered& offered) {
  core::Link link;
  link.uplink = core::Bps{std::llround(offered.mean)};
  link.uplink_floor = core::Bps{250'000};
  link.uplink_ceiling = core::Bps{std::llround(4 * offered.mean)};
  link.rtt = core::milliseconds(50);
  return link;
}

class Recording : public testing::TestWithParam<const char*> {};

TEST_P(Recording, PriorityClassWaitsLessThanUnderAnyOtherShaperThatUsesAsMuch) {
  const std::string name = GetParam();
  const bool is_uplink = name.ends_with(".up");
  auto offered = name.ends_with(".csv") ? nyu(name) : mahimahi(name);
  if (!offered) GTEST_SKIP() << "no recording of " << name << " below ../shared/traces";
  UplinkConfig& config = offered->config;
  config.flows.push_back({Lane::priority, 80e3, 200, 1, {}});
  config.flows.push_back({Lane::video, 1.5 * offered->mean, 1500, 1, {}});
  const core::Link link = link_of(*offered);

  std::printf("%s: %.0f s, mean %.2f Mbit/s\n", GetParam(), config.seconds, offered->mean / 1e6);
  TrackingShaper tracking{link};
  FixedShaper fixed{core::Bps{std::llround(0.92 * offered->mean)}};
  NoShaper none;
  AimdShaper aimd{link};
  const Row ours = row("tracking", UplinkHarness{config}.run(tracking));
  const Row other = row("fixed", UplinkHarness{config}.run(fixed));
  const Row naked = row("none", UplinkHarness{config}.run(none));
  const Row additive = row("additive", UplinkHarness{config}.run(aimd));
  EXPECT_LE(ours.p50, 0.1 * naked.p50 + 10);
  EXPECT_LE(ours.p50, other.p50);
  EXPECT_LE(ours.p99, other.p99);
  EXPECT_LE(ours.lost_share, other.lost_share);
  EXPECT_GE(ours.utilisation, 0.95 * additive.utilisation);
  EXPECT_GE(ours.utilisation, 0.4);
  // One a second; a rate that jumps every second costs some more, as cuts do not wait for a probe.
  EXPECT_LE(ours.writes, is_uplink ? 60U : 72U);
  // Less is delayed by whoever sends less: compared where the rule uses nine tenths of ours.
  if (is_uplink || additive.utilisation >= 0.9 * ours.utilisation) {
    EXPECT_LE(ours.p99, additive.p99);
  }
  if (!is_uplink) return;
  config.modem_pushes_back = true;
  std::printf("  with a modem that pushes back:\n");
  TrackingShaper pushed{link};
  row("tracking", UplinkHarness{config}.run(pushed));
  row("fixed", UplinkHarness{config}.run(fixed));
}

std::string case_name(const testing::TestParamInfo<const char*>& info) {
  std::string name = info.param;
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Recorded, Recording,
                         testing::Values("ATT-LTE-driving-2016.up", "ATT-LTE-driving.up",
                                         "TMobile-LTE-short.up", "TMobile-UMTS-driving.up",
                                         "ATT-LTE-driving-2016.down", "ATT-LTE-driving.down",
                                         "TMobile-LTE-short.down", "TMobile-UMTS-driving.down",
                                         "7Train1.csv", "QTrain.csv", "bus57.csv"),
                         case_name);

}  // namespace
}  // namespace wanwise::test
