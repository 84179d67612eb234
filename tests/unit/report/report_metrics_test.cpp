#include "sim/study/statistics/metrics.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/unit/report/synthetic_study.hpp"

namespace wanwise::sim {
namespace {

std::optional<double> value(const char* name, const TrialResult& run) {
  return metrics()[*find_metric(name)].of(measure(run));
}

std::optional<double> harm(const char* name, const TrialResult& run, const TrialResult& baseline) {
  return metrics()[*find_metric(name)].against(run, baseline);
}

/// 1000 requests: 700 in time, 150 late, 100 lost, 40 skipped, 10 open; 340 in the cloud.
TrialResult mixed_run() {
  TrialResult run = test::plain_run(0, 0);
  WorkloadResult& w = run.workloads[0];
  w.generated = 1000;
  w.completed = 850;
  w.late = 150;
  w.lost = 100;
  w.skipped = 40;
  w.open = 10;
  w.on_site = 510;
  w.in_cloud = 340;
  w.latency.add(core::milliseconds(20), 700);
  w.latency.add(core::milliseconds(90), 150);
  run.measured = core::seconds(1800);
  run.uplink = core::Bytes{250'000'000};
  run.link_cost = core::NanoUsd{1'000'000'000};
  run.cloud_cost = core::NanoUsd{250'000'000};
  run.energy_mj = 17'000'000;
  run.moves = 3;
  run.fall_backs = {core::seconds(2), core::seconds(5)};
  return run;
}

TEST(Metrics, follow_their_formulas) {
  const TrialResult run = mixed_run();
  EXPECT_DOUBLE_EQ(*value("miss-ratio", run), 29);
  EXPECT_DOUBLE_EQ(*value("loss-ratio", run), 10);
  EXPECT_DOUBLE_EQ(*value("skip-ratio", run), 4);
  EXPECT_DOUBLE_EQ(*value("goodput", run), 700 / 1800.0);
  EXPECT_DOUBLE_EQ(*value("cloud-share", run), 40);
  EXPECT_DOUBLE_EQ(*value("latency-mean", run), (700 * 20 + 150 * 90) / 850.0);
  EXPECT_NEAR(*value("latency-p50", run), 20, 0.35);
  EXPECT_NEAR(*value("latency-p99", run), 90, 1.5);
  EXPECT_DOUBLE_EQ(*value("wan-up", run), 500);
  EXPECT_DOUBLE_EQ(*value("link-cost", run), 2);
  EXPECT_DOUBLE_EQ(*value("cloud-cost", run), 0.5);
  EXPECT_DOUBLE_EQ(*value("total-cost", run), 2.5);
  EXPECT_DOUBLE_EQ(*value("energy-per-request", run), 20);
  EXPECT_DOUBLE_EQ(*value("power", run), 17'000 / 1800.0);
  EXPECT_DOUBLE_EQ(*value("switches", run), 6);
  EXPECT_DOUBLE_EQ(*value("fall-back-mean", run), 3.5);
  EXPECT_DOUBLE_EQ(*value("fall-back-max", run), 5);
}

TEST(Metrics, have_no_value_where_there_is_nothing_to_measure) {
  const TrialResult empty = test::plain_run(0, 0);
  EXPECT_FALSE(value("miss-ratio", empty));
  EXPECT_FALSE(value("latency-p99", empty));
  EXPECT_FALSE(value("energy-per-request", empty));
  EXPECT_FALSE(value("return-mean", empty));
}

TEST(Metrics, have_unique_names_and_say_their_formula) {
  std::set<std::string> names;
  for (const Metric& metric : metrics()) {
    EXPECT_TRUE(names.insert(metric.name).second) << metric.name;
    EXPECT_FALSE(metric.formula.empty()) << metric.name;
    EXPECT_FALSE(metric.unit.empty()) << metric.name;
    EXPECT_TRUE((metric.of == nullptr) != (metric.against == nullptr)) << metric.name;
  }
}

TEST(Metrics, are_named_for_the_whole_a_class_or_a_workload) {
  const auto whole = parse_metric("latency-p99.9");
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->part, Part::run);
  const auto of_class = parse_metric("miss-ratio@class:realtime");
  ASSERT_TRUE(of_class);
  EXPECT_EQ(of_class->part, Part::service_class);
  EXPECT_EQ(of_class->name, "realtime");
  EXPECT_EQ(parse_metric("goodput@workload:a:b")->name, "a:b");
  EXPECT_EQ(parse_metric("misses").error().code, "unknown-metric");
  EXPECT_EQ(parse_metric("miss-ratio@realtime").error().code, "bad-metric");
  EXPECT_EQ(parse_metric("miss-ratio@class:").error().code, "bad-metric");
  EXPECT_EQ(parse_metric("power@class:realtime").error().code, "bad-metric");
}

/// Two classes of 1000 requests: missed and in the cloud, of each.
TrialResult two_classes(std::int64_t missed_a, std::int64_t cloud_a, std::int64_t missed_b,
                        std::int64_t cloud_b) {
  TrialResult run = test::plain_run(1000, missed_a);
  run.workloads.push_back(test::plain_run(1000, missed_b).workloads[0]);
  run.workloads[1].service_class = core::ClassName{"video"};
  run.workloads[0].in_cloud = cloud_a;
  run.workloads[1].in_cloud = cloud_b;
  return run;
}

TEST(Harm, to_others_is_the_worst_increase_of_a_class_that_was_not_moved) {
  const TrialResult baseline = two_classes(10, 0, 20, 0);
  const TrialResult video_moved = two_classes(60, 0, 320, 900);
  EXPECT_DOUBLE_EQ(*harm("harm-others", video_moved, baseline), 5);
  EXPECT_DOUBLE_EQ(*harm("harm-any", video_moved, baseline), 30);
}

TEST(Harm, is_zero_where_nobody_is_worse_and_absent_where_all_were_moved) {
  const TrialResult baseline = two_classes(10, 0, 20, 0);
  EXPECT_DOUBLE_EQ(*harm("harm-others", two_classes(5, 0, 0, 900), baseline), 0);
  EXPECT_DOUBLE_EQ(*harm("harm-any", baseline, baseline), 0);
  EXPECT_FALSE(harm("harm-others", two_classes(500, 1000, 500, 1000), baseline));
}

TEST(Harm, takes_a_request_or_two_in_the_cloud_for_the_same_placement) {
  const TrialResult baseline = two_classes(10, 0, 20, 0);
  EXPECT_DOUBLE_EQ(*harm("harm-others", two_classes(60, 10, 20, 0), baseline), 5);
  EXPECT_DOUBLE_EQ(*harm("harm-others", two_classes(60, 11, 20, 0), baseline), 0);
}

}  // namespace
}  // namespace wanwise::sim
