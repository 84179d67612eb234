// The real recordings, where they are: published figures, and that the fit comes near them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <vector>

#include "sim/traces/fit.hpp"
#include "sim/traces/goodness.hpp"
#include "sim/traces/import.hpp"
#include "sim/traces/info.hpp"
#include "sim/traces/series.hpp"

namespace wanwise::sim {
namespace {

namespace fs = std::filesystem;
const fs::path kTraces = fs::path(WANWISE_SOURCE_DIR) / "../shared/traces";

class Recordings : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(kTraces)) GTEST_SKIP() << "no recordings at " << kTraces;
  }
  static ImportedTrace load(const std::string& name) {
    auto trace = import_file((kTraces / name).string(), {});
    EXPECT_TRUE(trace) << trace.error().message;
    return trace ? *trace : ImportedTrace{};
  }
  static const SeriesInfo& series(const TraceInfo& info, const std::string& name) {
    for (const SeriesInfo& s : info.series)
      if (s.name == name) return s;
    ADD_FAILURE() << "no series " << name;
    return info.series.front();
  }
};

TEST_F(Recordings, MahimahiRates) {
  struct Known {
    const char* name;
    double mean, p5, p50, p95;
  };
  for (const Known& k : {Known{"ATT-LTE-driving-2016.down.gz", 4.56, 0.6, 3.8, 11.2},
                         Known{"ATT-LTE-driving-2016.up.gz", 1.91, 0.04, 1.6, 5.0}}) {
    const TraceInfo info = info_of(load(std::string("mahimahi/") + k.name).file);
    const Summary& s = info.series.front().summary;
    EXPECT_NEAR(s.mean, k.mean, 0.01) << k.name;
    EXPECT_NEAR(s.p5, k.p5, 0.06) << k.name;
    EXPECT_NEAR(s.p50, k.p50, 0.1) << k.name;
    EXPECT_NEAR(s.p95, k.p95, 0.25) << k.name;
  }
  const auto outage = load("mahimahi/ATT-LTE-driving.up.gz");
  EXPECT_NEAR(info_of(outage.file).delivery.front().longest_pause_seconds, 78.3, 0.1);
  EXPECT_NEAR(static_cast<double>(outage.file.period.count) / 1e6, 1012, 1);
  EXPECT_THAT(outage.report.remarks,
              ::testing::Contains(::testing::HasSubstr("the longest 78.3 s")));
}

TEST_F(Recordings, FjordLinkRouters) {
  const auto trace = load("fjordlink_router/CAU-0C.csv.gz");
  EXPECT_EQ(trace.report.rows, 17'827);
  EXPECT_EQ(trace.file.meaning, RateMeaning::carried);
  const TraceInfo info = info_of(trace.file);
  EXPECT_NEAR(info.seconds / 3600, 4.96, 0.01);
  EXPECT_NEAR(series(info, "uplink").summary.p95, 51.8, 0.2) << "the test's cap";
  ASSERT_NE(trace.report.find(DefectKind::missing, "rsrp"), nullptr);
  EXPECT_EQ(trace.report.find(DefectKind::missing, "rsrp")->count, 5);
  EXPECT_NEAR(series(info, "rsrp").summary.sd, 8.4, 0.1);
  EXPECT_NEAR(*series(info, "rsrp").after_10, 0.83, 0.01);
}

TEST_F(Recordings, Cicv5gRoundTrips) {
  for (const char* name : {"urban_n78_v0_run01.txt", "urban_n78_v20_run01.txt"}) {
    const TraceInfo info = info_of(load(std::string("cicv5g/") + name).file);
    const Summary& rtt = series(info, "rtt").summary;
    EXPECT_GE(rtt.p50, 15) << name;
    EXPECT_LE(rtt.p50, 18) << name;
    EXPECT_GE(rtt.p99, 25) << name;
    EXPECT_LE(rtt.p99, 28) << name;
  }
}

TEST_F(Recordings, UccSentinelsPingsAndLittleCorrelation) {
  const auto odd = load("ucc5g/driving/B_2019.12.14_10.16.30.csv");
  ASSERT_NE(odd.report.find(DefectKind::no_signal, "rsrp"), nullptr);
  EXPECT_EQ(odd.report.find(DefectKind::no_signal, "rsrp")->count, 3);
  EXPECT_EQ(odd.report.find(DefectKind::no_signal, "rsrp")->first_value, "-200");
  EXPECT_GT(odd.report.find(DefectKind::ping_shadow, "DL_bitrate")->count, 400);
  Series rates;
  Series levels;
  std::vector<double> pings;
  for (const auto& entry : fs::recursive_directory_iterator(kTraces / "ucc5g")) {
    if (entry.path().extension() != ".csv") continue;
    const TraceFile file = load(fs::relative(entry.path(), kTraces).string()).file;
    std::size_t step = 0;
    for (const auto& [offset, reading] : file.radio) {
      while (step + 1 < file.downlink.steps.size() &&
             file.downlink.steps[step + 1].offset <= offset)
        ++step;
      if (reading.access != core::RadioAccess::lte || !file.downlink.steps[step].rate) continue;
      rates.push_back(static_cast<double>(file.downlink.steps[step].rate->count));
      levels.push_back(value_of(reading, RadioField::rsrp));
    }
    std::size_t at = 0;
    for (const RttPoint& p : file.rtt) {
      while (at + 1 < file.radio.size() && file.radio[at + 1].offset <= p.offset) ++at;
      if (p.rtt && file.radio[at].reading.access == core::RadioAccess::lte)
        pings.push_back(static_cast<double>(p.rtt->count) / 1000);
    }
  }
  // 0.12 over all rows of all sessions; here without the rows that pings spoil, of some sessions.
  const auto c = correlate(rates, levels);
  ASSERT_TRUE(c);
  std::printf("UCC, LTE rows: correlation of downlink and RSRP %.3f, n %zu\n", c->r, c->pairs);
  EXPECT_LT(std::abs(c->r), 0.35);
  std::sort(pings.begin(), pings.end());
  EXPECT_NEAR(quantile(pings, 0.5), 84, 10);  // of the sessions that are here
}

TEST_F(Recordings, NyuMetsSignsAndMedians) {
  const auto bb16 = load("nyu_mets/multivariate_BB16.txt.gz");
  EXPECT_EQ(bb16.report.find(DefectKind::minus_sign, "rsrp")->count, 22'282);
  EXPECT_EQ(bb16.report.find(DefectKind::minus_sign, "rsrp")->first_value, "102");
  // Of this file it is said that it has the signs; its last rows do not.
  const auto bb61 = load("nyu_mets/multivariate_BB61.txt.gz");
  ASSERT_NE(bb61.report.find(DefectKind::minus_sign, "rsrp"), nullptr);
  EXPECT_EQ(bb61.report.find(DefectKind::minus_sign, "rsrp")->count, 22);
  EXPECT_EQ(bb61.report.find(DefectKind::minus_sign, "rsrp")->first_line, 21'158);
  EXPECT_NEAR(info_of(load("nyu_mets/7Train1.csv").file).series.front().summary.p50, 5.3, 0.05);
  EXPECT_NEAR(info_of(load("nyu_mets/QTrain.csv").file).series.front().summary.p50, 7.8, 0.06);
  EXPECT_NEAR(info_of(load("nyu_mets/bus57.csv").file).series.front().summary.p50, 6.5, 0.05);
}

// Deep fades and long outages were where the default law fell short.
TEST_F(Recordings, AFitReachesDeepFadesAndLongOutages) {
  FitOptions options;
  options.evaluations = 120;
  options.total = core::seconds(1800);
  const LinkLaw start = lte_driving(core::Bps{12'000'000}, core::Bps{16'000'000});
  for (const char* name : {"ATT-LTE-driving-2016.up.gz", "ATT-LTE-driving.up.gz"}) {
    const TraceFile file = load(std::string("mahimahi/") + name).file;
    const auto fit = fit_link(file, start, options);
    ASSERT_TRUE(fit) << fit.error().message;
    const Goodness g = goodness_of(file, fit->law);
    int off = 0;
    for (const FigureFit& f : g.rates.front().figures) {
      std::printf("%-28s %-26s recorded %7.3f generated %7.3f %s\n", name, f.name.c_str(),
                  f.recorded, f.generated, name_of(f.verdict));
      off += f.verdict == Verdict::off ? 1 : 0;
      if (f.name == "p5" || f.name == "dead seconds") {
        EXPECT_NE(f.verdict, Verdict::off) << name << " " << f.name;
      }
    }
    EXPECT_LE(off, 1) << name;
  }
}

}  // namespace
}  // namespace wanwise::sim
