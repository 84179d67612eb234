#include "engine/core/decide/latency/wait_calibration.hpp"

#include <gtest/gtest.h>

namespace wanwise::core {
namespace {

constexpr double kExpected = 100'000;  // µs

/// A minute of samples of 40 requests a second that wait so long, once a second.
void feed(WaitCalibration& node, Instant& now, double wait_us, int seconds_long = 60) {
  for (int i = 0; i < seconds_long; ++i) {
    node.observe(now, wait_us, 40);
    now = now + seconds(1);
  }
}

TEST(WaitCalibration, believes_the_prediction_until_it_has_seen_enough) {
  WaitCalibration node;
  Instant now;
  node.expect(now, kExpected);
  feed(node, now, 10'000, 4);
  EXPECT_EQ(node.factor(), kWhole);
}

TEST(WaitCalibration, learns_that_regular_arrivals_wait_less) {
  WaitCalibration node;
  Instant now;
  node.expect(now, kExpected);
  feed(node, now, 30'000);
  EXPECT_GE(node.factor(), Ppm{300'000});
  EXPECT_LE(node.factor(), Ppm{450'000});
}

TEST(WaitCalibration, learns_bursts_faster_than_calm) {
  WaitCalibration calm, bursts;
  Instant now;
  calm.expect(now, kExpected);
  bursts.expect(now, kExpected);
  Instant later = now;
  feed(calm, now, 50'000, 9);
  feed(bursts, later, 150'000, 9);
  EXPECT_GT(bursts.factor().count - kWhole.count, kWhole.count - calm.factor().count);
}

TEST(WaitCalibration, leaves_out_what_began_under_another_load) {
  WaitCalibration node;
  Instant now;
  node.expect(now, kExpected);
  feed(node, now, 90'000, 4);
  node.expect(now, 3 * kExpected);
  for (int i = 0; i < 100; ++i) node.observe(now, 900'000, 40);
  EXPECT_EQ(node.factor(), kWhole);
}

TEST(WaitCalibration, noise_next_to_a_short_wait_is_not_taken_for_bursts) {
  WaitCalibration node;
  Instant now;
  node.expect(now, 50);
  feed(node, now, 300);
  EXPECT_LE(node.factor(), Ppm{1'600'000});
}

TEST(WaitCalibration, stays_within_its_limits) {
  WaitCalibration node;
  Instant now;
  node.expect(now, kExpected);
  feed(node, now, 1e9);
  EXPECT_LE(node.factor(), Ppm{4'300'000});
  feed(node, now, -1e9, 600);
  EXPECT_GE(node.factor(), Ppm{125'000});
}

TEST(WaitCalibration, learns_nothing_of_an_overloaded_node) {
  WaitCalibration node;
  Instant now;
  node.expect(now, std::nullopt);
  feed(node, now, 10'000);
  EXPECT_EQ(node.factor(), kWhole);
}

}  // namespace
}  // namespace wanwise::core
