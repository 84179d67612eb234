#include "adapters/iosxe/read/event_time.hpp"

#include <gtest/gtest.h>

namespace wanwise::iosxe {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

TEST(RouterTime, ReadsEveryFormOfDateAndTime) {
  const auto micros = [](const char* text) { return parse_router_time(text).value().micros; };
  EXPECT_EQ(micros("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(micros("2000-02-29T00:00:00Z"), 951'782'400 * kSecond);
  EXPECT_EQ(micros("2026-11-23T20:25:14Z"), 1'795'465'514 * kSecond);
  EXPECT_EQ(micros("2026-11-23T21:25:14+01:00"), 1'795'465'514 * kSecond);
  EXPECT_EQ(micros("2026-11-23T12:55:14-07:30"), 1'795'465'514 * kSecond);
  EXPECT_EQ(micros("2026-11-23T20:25:14.25Z"), 1'795'465'514 * kSecond + 250'000);
  EXPECT_EQ(micros("2026-11-23T20:25:14.1234567Z"), 1'795'465'514 * kSecond + 123'456);
  EXPECT_EQ(parse_router_time("2026-11-23T20:25:14Z")->resolution, core::seconds(1));
  EXPECT_EQ(parse_router_time("2026-11-23T20:25:14.250Z")->resolution, core::milliseconds(1));
}

TEST(RouterTime, RefusesWhatIsNone) {
  for (const char* text : {"", "x", "2026-11-23", "2026-11-23T20:25:14", "2026-13-23T20:25:14Z",
                           "2026-11-23T24:25:14Z", "2026-11-23T20:25:14+25:00",
                           "2026-11-23T20:25:14Zx", "-026-11-23T20:25:14Z", "1969-12-31T23:59:59Z",
                           "2026-11-23 20:25:14Z", "2026-11-2\xc3T20:25:14Z"}) {
    EXPECT_FALSE(parse_router_time(text)) << text;
  }
}

/// A router whose clock is `wrong` microseconds off and whose messages take `delay`.
struct Line {
  ClockOffset offset;
  std::int64_t wrong = 0;

  core::Instant deliver(std::int64_t happened, std::int64_t delay,
                        core::Micros resolution = core::milliseconds(1)) {
    const std::int64_t shown = happened + wrong;
    const std::int64_t cut = shown - shown % resolution.count;
    return offset.observe({cut, resolution}, core::Instant{happened + delay});
  }
};

TEST(ClockOffset, AWrongClockMakesNothingOld) {
  for (const std::int64_t wrong :
       {-400 * 86'400 * kSecond, -3 * kSecond, 0 * kSecond, 40 * 365 * 86'400 * kSecond}) {
    Line line;
    line.wrong = wrong;
    for (std::int64_t i = 1; i <= 300; ++i) {
      const core::Instant observed = line.deliver(i * kSecond, 5'000);
      EXPECT_EQ(observed.micros, i * kSecond + 5'000) << wrong;
    }
  }
}

TEST(ClockOffset, ALateMessageLooksAsOldAsItIs) {
  Line line;
  line.wrong = 86'400 * kSecond;
  (void)line.deliver(1 * kSecond, 5'000);
  const core::Instant late = line.deliver(2 * kSecond, 7 * kSecond);
  EXPECT_EQ(late.micros, 2 * kSecond + 5'000);
  // A backlog that drains: each message as old as it is.
  for (std::int64_t i = 3; i < 9; ++i)
    EXPECT_EQ(line.deliver(i * kSecond, (10 - i) * kSecond).micros, i * kSecond + 5'000);
}

TEST(ClockOffset, NeverPutsAnythingIntoTheFuture) {
  Line line;
  (void)line.deliver(1 * kSecond, 50'000);
  for (const std::int64_t delay : {40'000, 30'000, 5'000, 100})
    EXPECT_LE(line.deliver(2 * kSecond, delay).micros, 2 * kSecond + delay);
}

TEST(ClockOffset, GetsOverAClockThatIsSetBack) {
  Line line;
  for (std::int64_t i = 1; i < 60; ++i) (void)line.deliver(i * kSecond, 1'000);
  line.wrong = -3600 * kSecond;
  EXPECT_EQ(line.deliver(60 * kSecond, 1'000).micros, 60 * kSecond + 1'000 - 3600 * kSecond);
  const std::int64_t window = ClockOffset::kWindow.count / kSecond;
  core::Instant last;
  for (std::int64_t i = 61; i < 60 + window + 10; ++i) last = line.deliver(i * kSecond, 1'000);
  EXPECT_EQ(last.micros, (60 + window + 9) * kSecond + 1'000);
}

TEST(ClockOffset, TimesCutToSecondsAgeNothingByLessThanOne) {
  Line line;
  for (std::int64_t i = 0; i < 100; ++i) {
    const std::int64_t happened = kSecond + i * 230'000;
    EXPECT_EQ(line.deliver(happened, 2'000, core::seconds(1)).micros, happened + 2'000);
  }
  EXPECT_LT(line.deliver(30 * kSecond, 4 * kSecond, core::seconds(1)).micros, 32 * kSecond);
}

}  // namespace
}  // namespace wanwise::iosxe
