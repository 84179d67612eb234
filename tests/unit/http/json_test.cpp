#include "adapters/http/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <limits>

#include "tests/unit/http/fixtures.hpp"

namespace wanwise::http {
namespace {

std::string text_of(const boost::json::value& value) {
  return boost::json::serialize(value);
}

TEST(Json, WritesAStatus) {
  EXPECT_EQ(
      text_of(to_json(example_status())),
      R"({"at-us":12300000,"started":true,"decision":null,)"
      R"("routers":[{"name":"ir1101","connected":true,"qos-in-place":true,)"
      R"("change-in-flight":false,"health":{"cpu-ppm":120000,"memory-free-bytes":912000000,)"
      R"("app-cpu-free-ppm":400000,"app-memory-free-bytes":null}}],)"
      R"("links":[{"name":"lte","known":true,"up":true,"uplink-low-bps":8200000,)"
      R"("uplink-high-bps":12400000,"uplink-age-us":1500000,"shaper-bps":7800000,)"
      R"("tx-rate-bps":3100000,"rtt-us":45000,)"
      R"("rtt-base-us":38500,"access":"lte","rsrp-millidbm":-97500,"sinr-millidb":12000,)"
      R"("data-plan":{"cap-bytes":20000000000,"used-bytes":7500000000,"left-us":864000000000,)"
      R"("pace-bps":115000,"told":true},)"
      R"("classes":[{"class":"video","rtt-us":61000,"jitter-us":4000,"loss-ppm":10000}]},)"
      R"({"name":"wired","known":false,"up":false,"uplink-low-bps":0,"uplink-high-bps":0,)"
      R"("uplink-age-us":null,"shaper-bps":0,"tx-rate-bps":0,"rtt-us":null,)"
      R"("rtt-base-us":null,"access":"none",)"
      R"("rsrp-millidbm":null,"sinr-millidb":null,"data-plan":null,"classes":[]}],)"
      R"("targets":[{"name":"cloud","known":true,"alive":true,"draining":false,"load-ppm":null,)"
      R"("slowdown-ppm":1000000,"port-up":null,"node-ready":null,"heartbeat-age-us":null},)"
      R"({"name":"tx2","known":true,"alive":true,"draining":true,)"
      R"("load-ppm":620000,"slowdown-ppm":1350000,"port-up":false,"node-ready":true,)"
      R"("heartbeat-age-us":4200000}],)"
      R"("workloads":[{"name":"people-counting","target":"cloud","rung":0,"moving":false,)"
      R"("met":true,"demand-millihz":4000,"predicted-us":72000,"observed-us":69400,)"
      R"("forecast":{"p50-us":41000,"p95-us":60000,"p99-us":72000},"prediction-ratio-ppm":920000},)"
      R"({"name":"voice","target":null,"rung":2,"moving":true,"met":false,"demand-millihz":500,)"
      R"("predicted-us":null,"observed-us":null,"forecast":null,"prediction-ratio-ppm":null}],)"
      R"("degradations":[{"code":"link-blind","subject":"wired",)"
      R"("detail":"no sample since the start"}]})");
}

TEST(Json, WritesAnExplanation) {
  core::Explanation explanation = example_explanation();
  explanation.options.erase(explanation.options.begin() + 2, explanation.options.end());
  explanation.what_if.erase(explanation.what_if.begin());
  EXPECT_EQ(
      text_of(to_json(explanation)),
      R"({"workload":"people-counting","decided-at-us":12000000,)"
      R"("summary":"cloud, because tx2 would be 142 ms at p99",)"
      R"("would-change":"tx2 below 100 ms at p99 for 1 min",)"
      R"("what-if":[{"input":"lte","bound":"down","now":"up",)"
      R"x("outcome":"tx2, 142 ms at p99"},{"input":"uplink of lte",)x"
      R"("bound":"down to 200 kbps","now":"8.2 Mbps","outcome":null}],)"
      R"("present":{"decided-at-us":12000000,"since-us":14000000,"target":"cloud","rung":1,)"
      R"("quantile-ppm":990000,)"
      R"("objective-us":100000,"predicted":{"p50-us":41000,"p95-us":60000,"p99-us":72000},)"
      R"("requests":1204,"late":3,"samples":120,"typical-us":66000,"worst-us":140000,)"
      R"("ended-at-us":null,"end":"still-there",)"
      R"("split":{"target":"tx2","share-ppm":300000}},)"
      R"("options":[{"target":"tx2","link":null,"rung":0,"verdict":"rejected",)"
      R"("predicted-us":142000,)"
      R"("forecast":{"p50-us":60000,"p95-us":110000,"p99-us":142000},"parts":null,)"
      R"("first-request-us":375000,"findings":[{"rule":"latency p99","wanted":"≤ 100 ms",)"
      R"("got":"142 ms","holds":false},{"rule":"memory","wanted":"≤ 4 GB","got":"900 MB",)"
      R"("holds":true}]},{"target":"cloud","link":"lte","rung":0,"verdict":"chosen",)"
      R"("predicted-us":72000,)"
      R"("forecast":{"p50-us":41000,"p95-us":60000,"p99-us":72000},)"
      R"("parts":{"path-us":44000,"uplink-wait-us":6000,"uplink-send-us":16000,)"
      R"("downlink-us":1000,"target-wait-us":0,"service-us":5000},"first-request-us":null,)"
      R"("findings":[{"rule":"latency p99","wanted":"≤ 100 ms","got":"72 ms","holds":true}]}]})");
}

TEST(Json, WritesTheActionThatConfiguresARouter) {
  const core::Action action{7, core::Instant{20'000'000}, "uplink fell",
                            core::ApplyQos{example_qos()}};
  EXPECT_EQ(text_of(to_json(action)),
            R"({"id":7,"deadline-us":20000000,"why":"uplink fell","kind":"apply-qos",)"
            R"("desired":{"router":"ir1101","lan-interface":"Vlan1",)"
            R"("marking":[{"class":"realtime","dscp":"ef","flows":[{"transport":"tcp",)"
            R"("source":"192.168.50.0/24","destination":"203.0.113.10","port":8443}]}],)"
            R"("wans":[{"link":"lte","interface":"Cellular0/1/0","shaper-bps":7800000,)"
            R"("queues":[{"class":"realtime","dscp":"ef","queue":"priority","percent":30},)"
            R"({"class":"video","dscp":"af41","queue":"remaining","percent":60}],)"
            R"("default-percent":40}],"steering":[]}})");
}

TEST(Json, WritesTheActionThatMovesAWorkload) {
  const core::Action action{
      8, core::Instant{1}, "tx2 is dead",
      core::PlaceWorkload{core::WorkloadName{"voice"}, core::TargetName{"tx2"}, std::nullopt, 1}};
  EXPECT_EQ(text_of(to_json(action)),
            R"({"id":8,"deadline-us":1,"why":"tx2 is dead","kind":"place-workload",)"
            R"("workload":"voice","from":"tx2","to":null,"rung":1})");
}

TEST(Json, BrokenUtf8OfARouterBecomesReadableJson) {
  core::Status status;
  status.degradations = {{"router-refused", "ir1101", "bad \xff\x1b[31m \"quoted\""}};
  const std::string text = text_of(to_json(status));
  EXPECT_THAT(text, testing::HasSubstr(R"(bad �\u001b[31m \"quoted\")"));
  EXPECT_TRUE(parse_status(text));
}

TEST(Json, AStatusSurvivesTheRoundTrip) {
  const std::string text = text_of(to_json(example_status()));
  const auto parsed = parse_status(text);
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(text_of(to_json(*parsed)), text);
  EXPECT_EQ(parsed->workloads.at(1).target, std::nullopt);
  EXPECT_EQ(parsed->links.at(0).rtt_base, core::Micros{38'500});
}

TEST(Json, AnExplanationSurvivesTheRoundTrip) {
  const auto parsed = parse_explanation(text_of(to_json(example_explanation())));
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(*parsed, example_explanation());
}

TEST(Json, AHistorySurvivesTheRoundTrip) {
  const auto parsed = parse_history(text_of(to_json(example_history())));
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(*parsed, example_history());
}

TEST(Json, ThePlacesOfAWorkloadSurviveTheRoundTrip) {
  const core::WorkloadName name{"people-counting"};
  const auto parsed = parse_places(text_of(to_json(name, example_places())));
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(*parsed, example_places());
}

TEST(Json, ASplitStandsWhereThereIsOne) {
  const core::Split split{core::TargetName{"cloud"}, core::Ppm{250'000}};
  const std::string told = R"("split":{"target":"cloud","share-ppm":250000})";

  core::Status status = example_status();
  status.workloads[0].split = split;
  const auto status_read = parse_status(text_of(to_json(status)));
  ASSERT_TRUE(status_read) << status_read.error().message;
  EXPECT_EQ(status_read->workloads[0].split, split);
  EXPECT_EQ(status_read->workloads[1].split, std::nullopt);
  EXPECT_THAT(text_of(to_json(status)), testing::HasSubstr(told));

  core::Explanation explanation = example_explanation();
  explanation.options[0].split = split;
  explanation.options[0].split_link = core::LinkName{"lte"};
  const auto explanation_read = parse_explanation(text_of(to_json(explanation)));
  ASSERT_TRUE(explanation_read) << explanation_read.error().message;
  EXPECT_EQ(*explanation_read, explanation);

  std::vector<Move> moves = example_history();
  moves[0].split = split;
  const auto moves_read = parse_history(text_of(to_json(moves)));
  ASSERT_TRUE(moves_read) << moves_read.error().message;
  EXPECT_EQ(*moves_read, moves);

  core::PlaceWorkload place{core::WorkloadName{"voice"}, {}, core::TargetName{"tx2"}, 0};
  place.split = split;
  EXPECT_THAT(text_of(to_json(core::Action{8, {}, "", place})), testing::HasSubstr(told));
}

TEST(Json, PassesOverWhatANewerDaemonAdds) {
  EXPECT_TRUE(parse_history(R"({"moves":[],"more":{"x":1}})"));
}

struct BadCase {
  const char* text;
  const char* message;
};
class BadHistory : public testing::TestWithParam<BadCase> {};

TEST_P(BadHistory, IsRefusedWithThePathOfWhatIsWrong) {
  const auto parsed = parse_history(GetParam().text);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, "bad-json");
  EXPECT_THAT(parsed.error().message, testing::HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Json, BadHistory,
    testing::Values(
        BadCase{"", "document: "}, BadCase{"{\"moves\":[", "document: "},
        BadCase{"[]", "document: got an array (allowed: an object)"},
        BadCase{"{}", "moves: got nothing (allowed: an array)"},
        BadCase{R"({"moves":[7]})", "moves[0]: got a number (allowed: an object)"},
        BadCase{R"({"moves":[{"at-us":"soon"}]})",
                "moves[0].at-us: got a string (allowed: a whole number"},
        BadCase{R"({"moves":[{"at-us":1.5}]})", "moves[0].at-us: got a number"},
        BadCase{R"({"moves":[{"at-us":18446744073709551615}]})", "moves[0].at-us: got a number"},
        BadCase{R"({"moves":[{"at-us":1,"workload":"a","from":null,"to":null,"rung":-1}]})",
                "moves[0].rung: got a number (allowed: a whole number from 0 to 2147483647)"},
        BadCase{R"({"moves":[{"at-us":1,"workload":"a","from":3,"to":null,"rung":1}]})",
                "moves[0].from: got a number (allowed: a string)"},
        BadCase{
            R"({"moves":[{"at-us":1,"workload":"a","rung":0,"outcome":"great","why":""}]})",
            "moves[0].outcome: got a string (allowed: one of done, refused, failed, unknown)"}));

TEST(Json, DepthAndSizeAreBounded) {
  EXPECT_FALSE(parse_history(std::string(10'000, '[')));
  const auto huge = parse_history(std::string(kMaxJsonBytes + 1, ' '));
  ASSERT_FALSE(huge);
  EXPECT_THAT(huge.error().message, testing::HasSubstr("allowed: up to 8388608"));
}

}  // namespace
}  // namespace wanwise::http
