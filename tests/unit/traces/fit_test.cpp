// The fit finds again what a trace was generated with, and says how near it is.
#include "sim/traces/fit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "sim/traces/fit_moments.hpp"
#include "sim/traces/goodness.hpp"
#include "sim/traces/series.hpp"
#include "sim/world/kernel/random.hpp"

namespace wanwise::sim {
namespace {

using core::milliseconds;
using core::seconds;

LinkLaw known_law() {
  LinkLaw law = lte_driving(core::Bps{6'000'000}, core::Bps{6'000'000});
  law.uplink.slow_sd = 0.5;
  law.uplink.slow_seconds = 25;
  law.uplink.fast_sd = 0.5;
  law.uplink.cap = 3.5;
  law.downlink = law.uplink;
  law.failure = {1.5, milliseconds(600), milliseconds(1400)};
  law.hole = {0.4, seconds(2), seconds(60), 1.0};
  law.rsrp = {-88, 5, 40, 0.5};
  return law;
}

TraceFile recording_of(const LinkLaw& law, core::Micros length, std::uint64_t seed) {
  GeneratedLink link = generate(law, length, seed);
  TraceFile file;
  file.period = length;
  file.uplink.opportunities = std::move(link.uplink.opportunities);
  file.downlink.opportunities = std::move(link.downlink.opportunities);
  file.radio = std::move(link.radio.points);
  return file;
}

FitOptions quick() {
  FitOptions options;
  options.evaluations = 120;
  options.total = seconds(1800);
  return options;
}

LinkLaw usual() {
  return lte_driving(core::Bps{12'000'000}, core::Bps{16'000'000});
}

TEST(Fit, FindsTheLawATraceWasMadeWith) {
  const LinkLaw made = known_law();
  const auto fit = fit_link(recording_of(made, seconds(3600), 11), usual(), quick());
  ASSERT_TRUE(fit) << fit.error().message;
  const RateLaw& found = fit->law.uplink;
  const auto total = [](const RateLaw& law) { return std::hypot(law.slow_sd, law.fast_sd); };
  // An hour is seventy of the slow part's correlation times: a tenth to a fifth by chance alone.
  EXPECT_NEAR(static_cast<double>(found.mean.count) / 6e6, 1, 0.2);
  EXPECT_NEAR(total(found) / total(made.uplink), 1, 0.3);
  EXPECT_NEAR(found.slow_sd / made.uplink.slow_sd, 1, 0.4);
  EXPECT_NEAR(std::log(found.slow_seconds / 25), 0, 0.7);
  EXPECT_NEAR(found.cap / made.uplink.cap, 1, 0.4);
  EXPECT_LT(found.fade, 0.6);
  EXPECT_NEAR(fit->law.failure.per_minute, made.failure.per_minute, 0.5);
  EXPECT_NEAR(fit->law.hole.per_minute, made.hole.per_minute, 0.2);
  EXPECT_NEAR(fit->law.hole.tail, 1.0, 0.5);
  EXPECT_NEAR(fit->law.rsrp.mean, -88, 2);
  EXPECT_NEAR(fit->law.rsrp.sd, 5, 1);
  EXPECT_NEAR(fit->law.rsrp.seconds, 40, 20);
  EXPECT_NEAR(fit->law.shared, made.shared, 0.25);
  EXPECT_EQ(fit->law.access, core::RadioAccess::lte);
}

TEST(Fit, DeepFadesAreFoundWhereThereAreSome) {
  LinkLaw made = known_law();
  made.uplink.fade = made.downlink.fade = 2.5;
  made.hole = {};
  TraceFile file = recording_of(made, seconds(1800), 5);
  file.downlink = {};
  const auto fit = fit_link(file, usual(), quick());
  ASSERT_TRUE(fit);
  EXPECT_GT(fit->law.uplink.fade, 0.6);
}

TEST(Fit, IsTheSameEachTime) {
  const TraceFile file = recording_of(known_law(), seconds(300), 3);
  FitOptions few = quick();
  few.evaluations = 30;
  const auto a = fit_link(file, usual(), few);
  const auto b = fit_link(file, usual(), few);
  EXPECT_EQ(a->law.uplink.slow_sd, b->law.uplink.slow_sd);
  EXPECT_EQ(a->law.downlink.cap, b->law.downlink.cap);
}

TEST(Fit, SaysWhatItAssumed) {
  TraceFile file = recording_of(known_law(), seconds(300), 3);
  file.uplink = {};
  file.radio.clear();
  FitOptions few = quick();
  few.evaluations = 10;
  const auto fit = fit_link(file, usual(), few);
  ASSERT_TRUE(fit) << fit.error().message;
  EXPECT_THAT(
      fit->assumed,
      ::testing::ElementsAre("handovers: no cells were recorded",
                             "uplink: the downlink's shape, at the start law's share of its mean",
                             "shared part of the directions: they were not recorded together",
                             "radio values: none were recorded"));
  EXPECT_EQ(fit->law.uplink.cap, fit->law.downlink.cap);
  EXPECT_NEAR(static_cast<double>(fit->law.uplink.mean.count) /
                  static_cast<double>(fit->law.downlink.mean.count),
              12.0 / 16, 1e-6);
}

TEST(Fit, RatesThatWereCarriedGiveRadioOnly) {
  TraceFile file = recording_of(known_law(), seconds(300), 3);
  file.meaning = RateMeaning::carried;
  const auto fit = fit_link(file, usual(), quick());
  ASSERT_TRUE(fit);
  EXPECT_EQ(fit->law.uplink.cap, usual().uplink.cap);
  EXPECT_NEAR(fit->law.rsrp.mean, -88, 4);
  file.radio.clear();
  EXPECT_EQ(fit_link(file, usual(), quick()).error().code, "trace-unfit");
}

TEST(Fit, TooShortARecordingIsNoBasis) {
  TraceFile file;
  file.period = seconds(30);
  for (int i = 0; i < 3000; ++i) file.uplink.opportunities.push_back(milliseconds(i * 10));
  EXPECT_EQ(fit_link(file, usual(), quick()).error().code, "trace-unfit");
  EXPECT_FALSE(figures_of(Series(59, 1.0)));
  EXPECT_FALSE(figures_of(Series(100, 0.0)));
}

TEST(Goodness, ALinkOfTheSameLawAgrees) {
  const LinkLaw law = known_law();
  const Goodness g = goodness_of(recording_of(law, seconds(900), 77), law);
  ASSERT_EQ(g.rates.size(), 2u);
  int off = 0;
  for (const DirectionFit& d : g.rates) {
    for (const FigureFit& f : d.figures) off += f.verdict == Verdict::off ? 1 : 0;
    ASSERT_TRUE(d.ks);
    EXPECT_LT(d.ks->distance, 0.2);
    EXPECT_GT(d.ks->p, 0.01);
    EXPECT_LT(d.recorded_size, 450) << "seconds depend on each other";
  }
  EXPECT_LE(off, 1) << "one of sixteen figures may be beyond by chance";
  EXPECT_FALSE(g.radio.empty());
}

TEST(Goodness, ALinkOfAnotherLawIsOff) {
  LinkLaw other = nr_static(core::Bps{40'000'000}, core::Bps{40'000'000});
  const Goodness g = goodness_of(recording_of(known_law(), seconds(900), 77), other);
  std::vector<std::string> off;
  for (const FigureFit& f : g.rates.front().figures)
    if (f.verdict == Verdict::off) off.push_back(f.name);
  EXPECT_THAT(off, ::testing::IsSupersetOf({"mean", "coefficient of variation", "p5", "p50"}));
  EXPECT_GT(g.rates.front().ks->distance, 0.9);
  EXPECT_LT(g.rates.front().ks->p, 1e-6);
}

TEST(Pareto, ExponentIsFoundFromLengths) {
  Stream stream(1, "pareto");
  for (const double a : {0.5, 1.0, 2.5}) {
    std::vector<double> lengths;
    for (int i = 0; i < 4000; ++i) {
      const double cut = std::pow(2.0 / 80, a);
      lengths.push_back(2 * std::pow(1 - stream.uniform() * (1 - cut), -1 / a));
    }
    EXPECT_NEAR(*pareto_exponent(lengths, 2, 80), a, 0.15) << a;
  }
  EXPECT_FALSE(pareto_exponent({1, 2}, 1, 2));
}

TEST(Pauses, MeanOfALongTail) {
  EXPECT_DOUBLE_EQ(mean_pause_micros({1, seconds(1), seconds(3)}), 2e6);
  // a = 2 between 1 and 10: 2 / 0.99 x (1 - 0.1)
  EXPECT_NEAR(mean_pause_micros({1, seconds(1), seconds(10), 2.0}) / 1e6, 2 / 0.99 * 0.9, 1e-9);
  // a = 1: ln(10) / 0.9
  EXPECT_NEAR(mean_pause_micros({1, seconds(1), seconds(10), 1.0}) / 1e6, std::log(10.0) / 0.9,
              1e-4);
}

TEST(Generator, SecondsAreThoseOfTheWholeLink) {
  const LinkLaw law = known_law();
  const Series quick_way = generate_uplink_seconds(law, seconds(60), 5);
  const GeneratedLink link = generate(law, seconds(60), 5);
  const Series packets = rate_seconds({link.uplink.opportunities, {}}, link.uplink.period);
  ASSERT_EQ(quick_way.size(), packets.size());
  for (std::size_t i = 0; i < packets.size(); ++i)
    EXPECT_NEAR(quick_way[i] / 1e6, packets[i], 0.025) << i;
}

TEST(Generator, FadesAndLongPausesKeepTheMeanThatWasAskedFor) {
  LinkLaw law = known_law();
  law.uplink.cap = 1.3;
  law.uplink.fade = 2;
  double mean = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed)
    for (const double bits : generate_uplink_seconds(law, seconds(1200), seed))
      mean += bits / 1e6 / (8 * 1200);
  EXPECT_NEAR(mean, 6, 0.5);
}

}  // namespace
}  // namespace wanwise::sim
