#include "adapters/cli/lack_watch.hpp"

#include <gtest/gtest.h>

namespace wanwise::cli {
namespace {

std::vector<Lack> bad_values(std::uint64_t count) {
  return {{{"invalid-value", "ir1101", "in-octets = '-324'"}, count}};
}

TEST(LackWatch, tells_a_new_lack_once) {
  LackWatch watch;
  EXPECT_EQ(watch.look(bad_values(1), core::Instant{0}).size(), 1u);
  EXPECT_TRUE(watch.look(bad_values(5), core::Instant{1'000'000}).empty());
}

TEST(LackWatch, a_lack_is_present_while_its_count_grows_and_over_some_time_after) {
  LackWatch watch;
  (void)watch.look(bad_values(1), core::Instant{0});
  (void)watch.look(bad_values(2), core::Instant{9'000'000});
  const auto present = watch.present(core::Instant{18'000'000});
  ASSERT_EQ(present.size(), 1u);
  EXPECT_EQ(present[0].detail, "2 times, last: in-octets = '-324'");
  (void)watch.look(bad_values(2), core::Instant{19'000'000});
  EXPECT_TRUE(watch.present(core::Instant{19'000'000}).empty());
}

}  // namespace
}  // namespace wanwise::cli
