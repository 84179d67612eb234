// What `wanwise study` says of its progress, and how often.
#include "adapters/cli/study_progress.hpp"

#include <gtest/gtest.h>

namespace wanwise::cli {
namespace {

using std::chrono::milliseconds;

TEST(StudyProgress, TellsRateAndTimeLeft) {
  EXPECT_EQ(study_progress_line({false, 0, 0, 300}, milliseconds(0)), "runs 0/300");
  EXPECT_EQ(study_progress_line({false, 12, 0, 300}, milliseconds(4'000)),
            "runs 12/300, 3.00 runs/s, 1 min 36 s left");
  EXPECT_EQ(study_progress_line({true, 4, 0, 8}, milliseconds(40'000)),
            "pilots 4/8, 0.10 runs/s, 40 s left");
  EXPECT_EQ(study_progress_line({false, 8, 0, 8}, milliseconds(400)), "runs 8/8, 20 runs/s, done");
}

TEST(StudyProgress, RunsOfBeforeAreNoSpeed) {
  EXPECT_EQ(study_progress_line({false, 150, 150, 300}, milliseconds(0)),
            "runs 150/300 (150 recorded before)");
  EXPECT_EQ(study_progress_line({false, 160, 150, 300}, milliseconds(10'000)),
            "runs 160/300 (150 recorded before), 1.00 runs/s, 2 min 20 s left");
}

TEST(StudyProgress, ALogFileGetsALineEveryTwentiethOrTenSeconds) {
  ProgressPace pace(false);
  EXPECT_TRUE(pace.due({false, 0, 0, 1'000}, milliseconds(0)));
  EXPECT_FALSE(pace.due({false, 49, 0, 1'000}, milliseconds(900)));
  EXPECT_TRUE(pace.due({false, 50, 0, 1'000}, milliseconds(1'000)));
  EXPECT_FALSE(pace.due({false, 51, 0, 1'000}, milliseconds(10'999)));
  EXPECT_TRUE(pace.due({false, 52, 0, 1'000}, milliseconds(11'000)));
  EXPECT_TRUE(pace.due({false, 1'000, 0, 1'000}, milliseconds(11'001)));
}

TEST(StudyProgress, ATerminalIsRedrawnTenTimesASecond) {
  ProgressPace pace(true);
  EXPECT_TRUE(pace.due({false, 0, 0, 10}, milliseconds(0)));
  EXPECT_FALSE(pace.due({false, 9, 0, 10}, milliseconds(99)));
  EXPECT_TRUE(pace.due({false, 9, 0, 10}, milliseconds(100)));
  EXPECT_TRUE(pace.due({false, 10, 0, 10}, milliseconds(101)));
}

}  // namespace
}  // namespace wanwise::cli
