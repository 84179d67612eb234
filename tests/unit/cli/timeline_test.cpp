#include "adapters/cli/timeline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/http/fixtures.hpp"

namespace wanwise::cli {
namespace {

using core::Instant;

constexpr Instant kStart{5'000'000};

Instant at_second(std::int64_t second) {
  return kStart + core::seconds(second);
}

std::string joined(const std::vector<TimelineLine>& lines) {
  std::string out;
  for (const TimelineLine& line : lines) out += timeline_text(line) + "\n";
  return out;
}

class TimelineTest : public testing::Test {
 protected:
  Timeline timeline{kStart};

  std::string event(std::int64_t second, core::EventBody body) {
    return joined(timeline.on_event({at_second(second), std::move(body)}));
  }
  std::string action(std::int64_t second, const core::Action& action) {
    return joined(timeline.on_action(at_second(second), action));
  }
  static core::Action place(core::ActionId id, const char* from, const char* to,
                            std::int32_t rung = 0) {
    core::PlaceWorkload body;
    body.workload = core::WorkloadName{"people-counting"};
    if (from != nullptr) body.from = core::TargetName{from};
    if (to != nullptr) body.to = core::TargetName{to};
    body.rung = rung;
    return {id, {}, "tx2 would be 142 ms at p99, wanted 100 ms", body};
  }
  static core::Action qos(core::ActionId id, std::int64_t bps) {
    core::ApplyQos body{http::example_qos()};
    body.desired.wans[0].shaper = core::Bps{bps};
    return {id, {}, "uplink fell", body};
  }
};

TEST(TimelineText, LinesUp) {
  EXPECT_EQ(timeline_text({core::Micros{12'300'000}, "move", "people-counting", "tx2 -> cloud",
                           "tx2 would be 142 ms at p99, wanted 100 ms"}),
            "  12.3 s  move    people-counting  tx2 -> cloud    tx2 would be 142 ms at p99, wanted "
            "100 ms");
  EXPECT_EQ(timeline_text({core::Micros{0}, "link", "lte", "down", ""}),
            "   0.0 s  link    lte              down");
  EXPECT_EQ(timeline_text({core::Micros{0}, "link", "lte", "a\x1b[2J\nb", ""}),
            "   0.0 s  link    lte              a?[2J b");
}

TEST(TimelineText, ColoursTheWord) {
  EXPECT_EQ(timeline_text({core::Micros{0}, "link", "lte", "down", "", Tone::bad}, {true}),
            "   0.0 s  \x1b[31mlink  \x1b[0m  lte              down");
}

TEST_F(TimelineTest, AMoveFromItsStartToItsEnd) {
  EXPECT_EQ(action(12, place(1, "tx2", "cloud")),
            "  12.0 s  move    people-counting  tx2 -> cloud    tx2 would be 142 ms at p99, wanted "
            "100 ms\n");
  EXPECT_EQ(event(14, core::ActionDone{1, core::Outcome::done, "", ""}),
            "  14.0 s  done    people-counting  cloud           took 2 s\n");
  EXPECT_EQ(event(15, core::ActionDone{1, core::Outcome::done, "", ""}), "");  // told already
}

TEST_F(TimelineTest, PlacementsHaveTheirWords) {
  EXPECT_THAT(action(1, place(1, nullptr, "tx2")),
              testing::HasSubstr("start   people-counting  tx2 "));
  EXPECT_THAT(action(2, place(2, "tx2", nullptr)),
              testing::HasSubstr("stop    people-counting  tx2 -> suspended  "));
  EXPECT_THAT(action(3, place(3, "tx2", "cloud", 1)), testing::HasSubstr("tx2 -> cloud rung 1"));
  EXPECT_THAT(action(4, place(4, "tx2", "tx2", 2)),
              testing::HasSubstr("lower   people-counting  tx2 rung 2"));
  core::PlacementObserved on_rung_2{core::WorkloadName{"people-counting"}, {}, {}, 2, true};
  EXPECT_EQ(event(5, on_rung_2), "");
  EXPECT_THAT(action(6, place(6, "tx2", "tx2", 1)),
              testing::HasSubstr("raise   people-counting  tx2 rung 1"));
  EXPECT_THAT(action(7, place(7, "tx2", "tx2", 0)),
              testing::HasSubstr("raise   people-counting  tx2 full demand"));
}

TEST_F(TimelineTest, SplitsHaveTheirWords) {
  const core::Split quarter{core::TargetName{"cloud"}, core::Ppm{250'000}};
  const auto split_by = [&](core::ActionId id, const core::Split& split) {
    core::Action action = place(id, "tx2", "tx2");
    std::get<core::PlaceWorkload>(action.body).split = split;
    return action;
  };
  (void)event(1, core::PlacementObserved{
                     core::WorkloadName{"people-counting"}, {}, core::TargetName{"tx2"}, 0, true});
  EXPECT_THAT(action(2, split_by(1, quarter)),
              testing::HasSubstr("split   people-counting  tx2 75%, cloud 25%  "));
  EXPECT_THAT(event(3, core::ActionDone{1, core::Outcome::done, "", ""}),
              testing::HasSubstr("done    people-counting  tx2 75%, cloud 25%  took 1 s"));
  (void)event(
      3, core::PlacementObserved{
             core::WorkloadName{"people-counting"}, {}, core::TargetName{"tx2"}, 0, true, quarter});
  EXPECT_THAT(action(4, split_by(2, {quarter.target, core::Ppm{500'000}})),
              testing::HasSubstr("split   people-counting  tx2 50%, cloud 50%  "));
  EXPECT_THAT(action(5, place(3, "tx2", "tx2")),
              testing::HasSubstr("join    people-counting  tx2  "));
}

TEST_F(TimelineTest, ARefusedChangeSaysWhy) {
  (void)action(1, qos(9, 7'800'000));
  EXPECT_EQ(event(2, core::ActionDone{9, core::Outcome::refused, "invalid-value", "no class-map"}),
            "   2.0 s  denied  ir1101           qos             invalid-value: no class-map\n");
  (void)action(3, qos(10, 7'800'000));
  EXPECT_EQ(event(4, core::ActionDone{10, core::Outcome::failed, "connection-lost", ""}),
            "   4.0 s  failed  ir1101           qos             connection-lost\n");
  (void)action(5, qos(11, 7'800'000));
  EXPECT_EQ(event(6, core::ActionDone{11, core::Outcome::unknown, "deadline", ""}),
            "   6.0 s  lost    ir1101           qos             deadline\n");
}

TEST_F(TimelineTest, TheShaperIsFollowedFromWhatTheRouterHas) {
  EXPECT_EQ(action(1, qos(1, 12'000'000)),
            "   1.0 s  shaper  lte              12 Mbps         uplink fell\n"
            "   1.0 s  qos     ir1101           marks, queues   uplink fell\n");
  EXPECT_EQ(event(1, core::ActionDone{1, core::Outcome::done, "", ""}),
            "   1.0 s  done    ir1101           qos in place    took 0 µs\n");
  EXPECT_EQ(action(2, qos(2, 7'800'000)),
            "   2.0 s  shaper  lte              12 -> 7.8 Mbps  uplink fell\n");
  // Refused: the router still has 12 Mbps.
  (void)event(2, core::ActionDone{2, core::Outcome::refused, "x", ""});
  EXPECT_EQ(action(3, qos(3, 800'000)),
            "   3.0 s  shaper  lte              12 Mbps -> 800 kbps  uplink fell\n");
  core::RouterQosObserved gone;
  gone.router = core::RouterName{"ir1101"};
  EXPECT_EQ(event(4, gone), "");
  EXPECT_THAT(action(5, qos(4, 800'000)), testing::HasSubstr("lte              800 kbps "));
}

TEST_F(TimelineTest, LinksSpeakWhenTheyChange) {
  core::LinkCounters up{core::LinkName{"lte"}, {}, true, 1, 1, 0};
  core::LinkCounters down = up;
  down.up = false;
  EXPECT_EQ(event(1, up), "");
  EXPECT_EQ(event(2, up), "");
  EXPECT_EQ(event(3, down), "   3.0 s  link    lte              down\n");
  EXPECT_EQ(event(4, down), "");
  EXPECT_EQ(event(5, up), "   5.0 s  link    lte              up\n");
  down.link = core::LinkName{"wired"};
  EXPECT_EQ(event(6, down), "   6.0 s  link    wired            down\n");
}

TEST_F(TimelineTest, RadioSpeaksWhenServiceOrAccessChange) {
  core::RadioSample sample;
  sample.link = core::LinkName{"lte"};
  sample.access = core::RadioAccess::lte;
  sample.in_service = true;
  sample.rsrp = core::MilliDb{-97'500};
  sample.band = 7;
  EXPECT_EQ(event(1, sample),
            "   1.0 s  radio   lte              LTE             RSRP -97.5 dBm, band 7\n");
  sample.rsrp = core::MilliDb{-110'000};
  EXPECT_EQ(event(2, sample), "");
  sample.access = core::RadioAccess::nr_nsa;
  EXPECT_THAT(event(3, sample), testing::HasSubstr("5G NSA"));
  sample.in_service = false;
  EXPECT_THAT(event(4, sample), testing::HasSubstr("no service"));
}

TEST_F(TimelineTest, TargetsSpeakOfHealthAndPower) {
  core::TargetSample sample;
  sample.target = core::TargetName{"tx2"};
  sample.reachable = true;
  sample.power_mode = core::PowerModeName{"MAX-N"};
  EXPECT_EQ(event(1, sample), "");
  sample.reachable = false;
  sample.power_mode.reset();
  EXPECT_EQ(event(2, sample), "   2.0 s  target  tx2              silent\n");
  EXPECT_EQ(event(3, sample), "");
  sample.reachable = true;
  sample.power_mode = core::PowerModeName{"MAX-Q"};
  EXPECT_EQ(event(4, sample),
            "   4.0 s  target  tx2              answers\n"
            "   4.0 s  power   tx2              MAX-N -> MAX-Q\n");
}

TEST_F(TimelineTest, SessionsDrainsAndStrangersAreNews) {
  EXPECT_EQ(event(1, core::RouterSession{core::RouterName{"ir1101"}, core::SessionState::connected,
                                         "", ""}),
            "   1.0 s  router  ir1101           connected\n");
  EXPECT_EQ(
      event(2, core::RouterSession{core::RouterName{"ir1101"}, core::SessionState::disconnected,
                                   "login-refused", "user wanwise"}),
      "   2.0 s  router  ir1101           disconnected    login-refused: user wanwise\n");
  EXPECT_EQ(event(3, core::DrainRequested{core::TargetName{"tx2"}, true}),
            "   3.0 s  drain   tx2              out of use\n");
  core::RouterQosObserved observed{
      core::RouterName{"ir1101"}, {}, {}, {"Cellular0/1/0 output QOS"}};
  EXPECT_EQ(event(4, observed),
            "   4.0 s  others  ir1101           in the way      Cellular0/1/0 output QOS\n");
  EXPECT_EQ(event(5, observed), "");
}

TEST_F(TimelineTest, SamplesByTheSecondSayNothing) {
  EXPECT_EQ(event(1, core::ProbeSample{}), "");
  EXPECT_EQ(event(1, core::ClassCounters{}), "");
  EXPECT_EQ(event(1, core::WorkloadSample{}), "");
  EXPECT_EQ(event(1, core::Tick{}), "");
}

TEST_F(TimelineTest, MemoryIsBounded) {
  for (std::size_t i = 0; i < Timeline::kMaxRemembered + 10; ++i) {
    (void)action(1, place(i, "tx2", "cloud"));
  }
  EXPECT_EQ(timeline.overflows(), 10U);
  EXPECT_EQ(event(2, core::ActionDone{Timeline::kMaxRemembered, core::Outcome::done, "", ""}), "");
}

}  // namespace
}  // namespace wanwise::cli
