#include "sim/router/faults/faults.hpp"

#include <gtest/gtest.h>

namespace wanwise::router {
namespace {

TEST(Faults, ReadsFlagsAndDelays) {
  const auto faults = parse_faults({"speed", "slow-reply=200", "hang-commit"});
  ASSERT_TRUE(faults.has_value());
  EXPECT_TRUE(faults->speed);
  EXPECT_FALSE(faults->opaque);
  EXPECT_EQ(faults->slow_reply.count(), 200);
  ASSERT_TRUE(faults->hang_commit.has_value());
  EXPECT_EQ(faults->hang_commit->count(), 0);
  EXPECT_EQ(parse_faults({"hang-commit=500"})->hang_commit->count(), 500);
}

TEST(Faults, RefusesWhatItDoesNotKnow) {
  for (const char* bad : {"", "nonsense", "slow-reply", "slow-reply=", "slow-reply=-1",
                          "slow-reply=1s", "slow-reply=99999999999", "speed=1", "hang-commit=x"}) {
    EXPECT_FALSE(parse_faults({bad}).has_value()) << bad;
  }
}

}  // namespace
}  // namespace wanwise::router
