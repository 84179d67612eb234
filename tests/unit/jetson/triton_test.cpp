#include "adapters/jetson/triton.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "tests/unit/jetson/pages.hpp"

namespace wanwise::jetson {
namespace {

constexpr core::Objective kObjective{core::Ppm{990'000}, core::milliseconds(65)};

core::Instant at(std::int64_t seconds) {
  return {seconds * 1'000'000};
}

/// One version of a model with so many requests, each of 20 ms.
TritonModel served(std::int64_t succeeded, std::int64_t failed = 0, std::int64_t pending = 0) {
  TritonModel model;
  model.versions["1"] = {succeeded, failed, succeeded * 20'000};
  model.pending = pending;
  return model;
}

TritonWindow window() {
  return {core::WorkloadName{"detect"}, core::TargetName{"tx2"}, kObjective};
}

TEST(Triton, ReadsWhatItCounts) {
  const TritonReading reading = read_triton(pages::parsed(pages::kTriton));
  ASSERT_EQ(reading.models.size(), 2U);
  const TritonModel& model = reading.models.at("resnet50");
  EXPECT_EQ(model.versions.at("1").succeeded, 1'000);
  EXPECT_EQ(model.versions.at("1").failed, 4) << "all reasons together";
  EXPECT_EQ(model.versions.at("1").duration_us, 20'000'000);
  EXPECT_EQ(model.versions.at("2").succeeded, 200);
  EXPECT_EQ(model.pending, 2);
  EXPECT_EQ(model.quantiles.at(core::Ppm{500'000}), core::milliseconds(16));
  EXPECT_EQ(model.quantiles.at(core::Ppm{990'000}), core::milliseconds(90)) << "slowest version";
  EXPECT_TRUE(reading.models.at("voice").quantiles.empty()) << "of no request";
  EXPECT_EQ(reading.node.load, core::Ppm{625'000});
  EXPECT_EQ(reading.node.memory_free, core::Bytes{10'000'000'000});
  EXPECT_EQ(reading.node.not_understood.count, 0U);
}

TEST(Triton, CountersThatAreNoneAreCountedAsNotUnderstood) {
  const TritonReading reading =
      read_triton(pages::parsed("nv_inference_request_success 5\n"
                                "nv_inference_request_success{model=\"a\"} -1\n"
                                "nv_inference_request_failure{model=\"a\"} NaN\n"
                                "nv_inference_request_duration_us{model=\"a\"} 1e17\n"
                                "nv_inference_request_summary_us{model=\"a\",quantile=\"2\"} 5\n"
                                "nv_inference_request_summary_us{model=\"a\"} 5\n"
                                "nv_gpu_utilization 91\n"));
  EXPECT_TRUE(reading.models.empty());
  EXPECT_EQ(reading.node.load, std::nullopt);
  EXPECT_EQ(reading.node.not_understood.count, 7U);
}

TEST(TritonWindow, TheFirstScrapeOnlyBegins) {
  EXPECT_EQ(window().next(served(1'000), at(1)), std::nullopt);
}

TEST(TritonWindow, TellsWhatHappenedBetweenTwoScrapes) {
  TritonWindow model = window();
  TritonModel first = served(1'000, 4, 1);
  TritonModel second = served(1'050, 6, 4);
  ASSERT_EQ(model.next(first, at(1)), std::nullopt);
  const auto sample = model.next(second, at(3));
  ASSERT_TRUE(sample);
  core::WorkloadSample wanted;
  wanted.workload = core::WorkloadName{"detect"};
  wanted.observed_at = at(3);
  wanted.target = core::TargetName{"tx2"};
  wanted.window = core::seconds(2);
  wanted.arrived = 50 + 2 + 3;
  wanted.completed = 50;
  wanted.missed = 2;
  wanted.mean_latency = core::milliseconds(20);
  EXPECT_EQ(*sample, wanted) << "without summaries nothing is said of the quantile";
}

TEST(TritonWindow, NoRequestsAreNewsToo) {
  TritonWindow model = window();
  (void)model.next(served(7), at(1));
  const auto sample = model.next(served(7), at(2));
  ASSERT_TRUE(sample);
  EXPECT_EQ(sample->arrived, 0);
  EXPECT_EQ(sample->mean_latency, std::nullopt);
  EXPECT_EQ(sample->latency, std::nullopt);
}

TEST(TritonWindow, ACounterThatWentBackIsAResetAndNoRate) {
  TritonWindow model = window();
  (void)model.next(served(1'000), at(1));
  EXPECT_EQ(model.next(served(10), at(2)), std::nullopt);
  const auto after = model.next(served(30), at(3));
  ASSERT_TRUE(after);
  EXPECT_EQ(after->completed, 20);
  EXPECT_EQ(after->window, core::seconds(1));
}

TEST(TritonWindow, ADurationThatWentBackIsAResetToo) {
  TritonWindow model = window();
  (void)model.next(served(10), at(1));
  TritonModel odd = served(20);
  odd.versions["1"].duration_us = 5;
  EXPECT_EQ(model.next(odd, at(2)), std::nullopt);
}

TEST(TritonWindow, ANewVersionCountsFromItsFirstScrape) {
  TritonWindow model = window();
  TritonModel both = served(10);
  (void)model.next(both, at(1));
  both = served(15);
  both.versions["2"] = {500, 0, 500 * 10'000};
  auto sample = model.next(both, at(2));
  ASSERT_TRUE(sample);
  EXPECT_EQ(sample->completed, 5);
  both.versions["2"] = {510, 0, 510 * 10'000};
  sample = model.next(both, at(3));
  ASSERT_TRUE(sample);
  EXPECT_EQ(sample->completed, 10);
  EXPECT_EQ(sample->mean_latency, core::milliseconds(10));
  both.versions.erase("1");
  sample = model.next(both, at(4));
  ASSERT_TRUE(sample) << "a version that is unloaded takes its past along";
  EXPECT_EQ(sample->completed, 0);
}

TEST(TritonWindow, AServerWithoutDurationsHasNoMean) {
  TritonWindow model = window();
  TritonModel untimed = served(10);
  untimed.versions["1"].duration_us.reset();
  (void)model.next(untimed, at(1));
  untimed.versions["1"].succeeded = 20;
  const auto sample = model.next(untimed, at(2));
  ASSERT_TRUE(sample);
  EXPECT_EQ(sample->completed, 10);
  EXPECT_EQ(sample->mean_latency, std::nullopt);
}

TEST(TritonWindow, ALongSilenceIsNoWindow) {
  TritonWindow model = window();
  (void)model.next(served(10), at(1));
  EXPECT_EQ(model.next(served(20), at(62)), std::nullopt);
  EXPECT_TRUE(model.next(served(30), at(122)));
}

TEST(TritonWindow, WhatWasForgottenBeginsAnew) {
  TritonWindow model = window();
  (void)model.next(served(10), at(1));
  model.forget();
  EXPECT_EQ(model.next(served(20), at(2)), std::nullopt);
}

TEST(TritonWindow, SummariesTellTheQuantileAndHowManyAreLate) {
  TritonWindow model = window();
  TritonModel summed = served(0);
  summed.quantiles = {{core::Ppm{500'000}, core::milliseconds(16)},
                      {core::Ppm{900'000}, core::milliseconds(40)},
                      {core::Ppm{990'000}, core::milliseconds(90)}};
  (void)model.next(summed, at(1));
  summed.versions = served(1'000).versions;
  auto sample = model.next(summed, at(2));
  ASSERT_TRUE(sample);
  EXPECT_EQ(sample->latency, core::milliseconds(90));
  EXPECT_EQ(sample->missed, 55) << "65 ms stands halfway between p90 and p99";

  summed.versions = served(1'010).versions;
  sample = model.next(summed, at(3));
  EXPECT_EQ(sample->missed, 0) << "5.5 % of ten is half a request …";
  summed.versions = served(1'020).versions;
  sample = model.next(summed, at(4));
  EXPECT_EQ(sample->missed, 1) << "… and of twenty a whole one";
}

TEST(TritonWindow, FasterThanTheObjectiveNobodyIsLate) {
  TritonWindow model = window();
  TritonModel summed = served(0);
  summed.quantiles = {{core::Ppm{990'000}, core::milliseconds(65)}};
  (void)model.next(summed, at(1));
  summed.versions = served(1'000).versions;
  EXPECT_EQ(model.next(summed, at(2))->missed, 0);
}

TEST(TritonWindow, SlowerThanTheObjectiveFromTheFirstQuantileOn) {
  TritonWindow model = window();
  TritonModel summed = served(0);
  summed.quantiles = {{core::Ppm{500'000}, core::milliseconds(130)}};
  (void)model.next(summed, at(1));
  summed.versions = served(1'000).versions;
  EXPECT_EQ(model.next(summed, at(2))->missed, 750) << "half of the fastest half is in time";
}

}  // namespace
}  // namespace wanwise::jetson
