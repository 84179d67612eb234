#include "sim/door/door_codec.hpp"

#include <gtest/gtest.h>

#include "sim/door/json_fields.hpp"

namespace wanwise::sim {
namespace {

using core::Instant;

/// Through the line and back, where the reader's clock stands 7 s before the writer's.
core::EventBody across(const core::EventBody& body, Instant written_at) {
  std::string line = encode(body, written_at);
  EXPECT_EQ(line.back(), '\n');
  line.pop_back();
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto message = decode_message(line, written_at - core::seconds(7));
  EXPECT_TRUE(message) << message.error().message;
  return std::get<core::EventBody>(*message);
}

TEST(DoorCodec, EventsCrossWithTheirAge) {
  const Instant now{100'000'000};
  core::PlacementObserved placement{core::WorkloadName{"detector \"1\"\n"}, now - core::Micros{30},
                                    core::TargetName{"tx2"}, 1, true};
  const auto as_sent = [](core::PlacementObserved observed) {
    observed.observed_at = observed.observed_at - core::seconds(7);
    return core::EventBody{std::move(observed)};
  };
  EXPECT_EQ(across(placement, now), as_sent(placement));

  core::PlacementObserved split = placement;
  split.split.emplace(core::Split{core::TargetName{"cloud"}, core::Ppm{333'333}});
  EXPECT_EQ(across(split, now), as_sent(split));

  placement.target.reset();
  EXPECT_EQ(across(placement, now), as_sent(placement));

  core::WorkloadSample sums{core::WorkloadName{"detector"},
                            now,
                            core::TargetName{"tx2"},
                            core::seconds(1),
                            10,
                            9,
                            1,
                            core::Micros{21'000},
                            core::Micros{9'000}};
  auto sums_there = sums;
  sums_there.observed_at = now - core::seconds(7);
  EXPECT_EQ(across(sums, now), core::EventBody{sums_there});

  core::TargetSample target;
  target.target = core::TargetName{"tx2"};
  target.observed_at = now;
  auto target_there = target;
  target_there.observed_at = now - core::seconds(7);
  EXPECT_EQ(across(target, now), core::EventBody{target_there});
  for (core::TargetSample* one : {&target, &target_there}) {
    one->reachable = true;
    one->power_mode = core::PowerModeName{"MAX-Q"};
    one->throttle = core::Ppm{1'200'000};
    one->load = core::Ppm{0};
    one->temperature_c = -5;
    one->memory_free = core::Bytes{1};
  }
  EXPECT_EQ(across(target, now), core::EventBody{target_there});
}

TEST(DoorCodec, AnswersCrossWithEveryOutcomeAndTheGreatestId) {
  for (int outcome = 0; outcome < 4; ++outcome) {
    const core::ActionDone done{UINT64_MAX, static_cast<core::Outcome>(outcome), "why", "detail"};
    EXPECT_EQ(across(done, Instant{9'000'000}), core::EventBody{done});
  }
}

TEST(DoorCodec, GreetingAndRequestCross) {
  const DoorHello hello{1, core::SiteName{"plant"}};
  EXPECT_EQ(std::get<DoorHello>(*decode_message(encode(hello), {})), hello);
  const DoorPlace place{
      7, {core::WorkloadName{"detector"}, {}, core::TargetName{"cloud"}, 1}, core::seconds(30)};
  EXPECT_EQ(*decode_request(encode(place)), place);
  DoorPlace split = place;
  split.action.split = core::Split{core::TargetName{"tx2"}, core::Ppm{1}};
  EXPECT_EQ(*decode_request(encode(split)), split);
}

TEST(DoorCodec, WrongMessagesAreNamed) {
  const auto error = [](const char* line) {
    const auto message = decode_message(line, {});
    return message ? std::string() : message.error().message;
  };
  EXPECT_EQ(error("[]"), "not an object");
  EXPECT_EQ(error("{}"), "no member \"type\"");
  EXPECT_EQ(error("{\"type\":5}"), "\"type\" is not a string");
  EXPECT_EQ(error("{\"type\":\"mystery\"}"),
            "type \"mystery\" (allowed: hello, placement, workload, target, done)");
  EXPECT_EQ(error(R"({"type":"target","target":"t","age_us":-1,"reachable":true})"),
            "\"age_us\" is not within 0 and a year");
  EXPECT_EQ(error(R"({"type":"target","target":"t","age_us":1.5,"reachable":true})"),
            "\"age_us\" is not an integer of 64 bits");
  EXPECT_EQ(error(R"({"type":"target","target":"t","age_us":0,"reachable":1})"),
            "\"reachable\" is not true or false");
  EXPECT_EQ(error(R"({"type":"done","id":-1,"outcome":"done","reason":"","detail":""})"),
            "\"id\" is negative");
  EXPECT_EQ(error(R"({"type":"done","id":1,"outcome":"maybe","reason":"","detail":""})"),
            "outcome \"maybe\" (allowed: done, refused, failed, unknown)");
  EXPECT_EQ(
      error(R"({"type":"placement","workload":"w","age_us":0,"rung":4000000000,"ready":true})"),
      "\"rung\" is not an integer of 32 bits");
  EXPECT_EQ(error(R"({"type":"workload","workload":"w","age_us":0,"target":"","window_us":1,)"
                  R"("arrived":-1,"completed":0,"missed":0})"),
            "a negative count");
  EXPECT_EQ(error("{\"type\":{\"a\":{\"b\":{\"c\":{}}}}}").rfind("not JSON: ", 0), 0U) << "depth";
  EXPECT_EQ(error("{\"type\":").rfind("not JSON: ", 0), 0U);
}

TEST(DoorCodec, WrongRequestsAreNamed) {
  const auto error = [](const char* line) { return decode_request(line).error().message; };
  EXPECT_EQ(error(R"({"type":"done"})"), "type \"done\" (allowed: place)");
  EXPECT_EQ(error(R"({"type":"place","id":1,"workload":"w","rung":0,"within_us":-1})"),
            "\"within_us\" is not within 0 and an hour");
  EXPECT_EQ(error(R"({"type":"place","id":1,"rung":0,"within_us":1})"), "no member \"workload\"");
  EXPECT_EQ(error(R"({"type":"place","id":1,"workload":"w","rung":0,"within_us":1,)"
                  R"("split_target":"cloud"})"),
            "half of a split");
  EXPECT_EQ(error(R"({"type":"place","id":1,"workload":"w","rung":0,"within_us":1,)"
                  R"("split_target":"cloud","split_share_ppm":1000000})"),
            "\"split_share_ppm\" is no part");
}

}  // namespace
}  // namespace wanwise::sim
