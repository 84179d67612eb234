#include "engine/core/observe/part_samples.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace wanwise::core {
namespace {

const TargetName kTx2{"tx2"};
const TargetName kCloud{"cloud"};
const Place kWholePlace{kTx2, 0};
const Place kSplitPlace{kTx2, 0, Split{kCloud, Ppm{250'000}}};

WorkloadSample part(const TargetName& target, std::int64_t arrived, std::int64_t missed,
                    Micros latency, Micros mean) {
  WorkloadSample sample;
  sample.workload = WorkloadName{"a"};
  sample.observed_at = Instant{5'000'000};
  sample.target = target;
  sample.window = seconds(1);
  sample.arrived = sample.completed = arrived;
  sample.missed = missed;
  sample.latency = latency;
  sample.mean_latency = mean;
  return sample;
}

TEST(PartSamples, WithoutASplitTheSampleOfItsPlaceIsTheWorkloads) {
  PartSamples parts;
  const WorkloadSample here = part(kTx2, 30, 1, milliseconds(80), milliseconds(60));
  EXPECT_EQ(parts.take(here, kWholePlace), here);
  EXPECT_FALSE(parts.take(part(kCloud, 1, 0, {}, {}), kWholePlace));
}

TEST(PartSamples, DemandAndMissesOfBothPartsAddUp) {
  PartSamples parts;
  EXPECT_FALSE(parts.take(part(kTx2, 30, 1, milliseconds(80), milliseconds(60)), kSplitPlace));
  const auto whole =
      parts.take(part(kCloud, 10, 2, milliseconds(95), milliseconds(90)), kSplitPlace);
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->target, kTx2);
  EXPECT_EQ(whole->arrived, 40);
  EXPECT_EQ(whole->completed, 40);
  EXPECT_EQ(whole->missed, 3);
  EXPECT_EQ(whole->latency, milliseconds(95)) << "the worse one";
  EXPECT_EQ(whole->mean_latency, Micros{67'500}) << "weighted with what completed";
}

TEST(PartSamples, WindowsOfDifferentLengthAreBroughtToOneRate) {
  PartSamples parts;
  WorkloadSample slow = part(kCloud, 20, 0, {}, {});
  slow.window = seconds(2);
  (void)parts.take(slow, kSplitPlace);
  const auto whole = parts.take(part(kTx2, 30, 0, {}, {}), kSplitPlace);
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->window, seconds(2));
  EXPECT_EQ(whole->arrived, 80);
}

TEST(PartSamples, APartWhoseOtherIsSilentStandsForBoth) {
  PartSamples parts;
  const WorkloadSample spilled = part(kCloud, 10, 1, milliseconds(95), milliseconds(90));
  EXPECT_FALSE(parts.take(spilled, kSplitPlace));
  const auto whole = parts.take(spilled, kSplitPlace);
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->arrived, 40) << "a quarter of the requests came here";
  EXPECT_EQ(whole->completed, 10) << "but only these were seen";
  EXPECT_EQ(whole->missed, 1);
}

TEST(PartSamples, StrangersBrokenWindowsAndAbsurdCountsDoNoHarm) {
  PartSamples parts;
  EXPECT_FALSE(parts.take(part(TargetName{"x"}, 1, 0, {}, {}), kSplitPlace));
  WorkloadSample broken = part(kTx2, 1, 0, {}, {});
  broken.window = Micros{0};
  EXPECT_FALSE(parts.take(broken, kSplitPlace));
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  WorkloadSample absurd = part(kTx2, kMost, kMost, Micros{kMost}, Micros{kMost});
  absurd.window = Micros{kMost};
  (void)parts.take(absurd, kSplitPlace);
  absurd.target = kCloud;
  absurd.window = Micros{1};
  const auto whole = parts.take(absurd, kSplitPlace);
  ASSERT_TRUE(whole);
  EXPECT_GE(whole->arrived, 0);
  EXPECT_GE(whole->missed, 0);
}

TEST(PartSamples, AfterAMoveThePartBeforeItIsForgotten) {
  PartSamples parts;
  (void)parts.take(part(kTx2, 30, 0, {}, {}), kSplitPlace);
  parts.reset();
  EXPECT_FALSE(parts.take(part(kCloud, 10, 0, {}, {}), kSplitPlace));
}

}  // namespace
}  // namespace wanwise::core
