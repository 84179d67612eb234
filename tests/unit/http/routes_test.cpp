#include "adapters/http/routes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "adapters/http/json.hpp"
#include "tests/unit/http/fixtures.hpp"

namespace wanwise::http {
namespace {

namespace bhttp = boost::beast::http;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

class Routes : public testing::Test {
 protected:
  FakeSource source;
  std::vector<std::string> hosts{"localhost", "127.0.0.1", "[::1]"};
  std::vector<NamedCounter> counters{{"wanwise_http_requests_total", "Requests.", 3}};

  Response ask(bhttp::verb verb, const std::string& path, const std::string& body = {},
               const std::string& type = "application/json") {
    Request request{verb, path, 11};
    request.set(bhttp::field::host, "localhost:8480");
    if (!body.empty()) request.set(bhttp::field::content_type, type);
    request.body() = body;
    request.prepare_payload();
    return answer(request, {source, hosts, counters});
  }
  Response get(const std::string& path) { return ask(bhttp::verb::get, path); }
  Response with_host(const char* host) {
    Request request{bhttp::verb::get, "/healthz", 11};
    if (host != nullptr) request.set(bhttp::field::host, host);
    return answer(request, {source, hosts, counters});
  }
};

TEST_F(Routes, StatusIsTheStatusAsJson) {
  const Response response = get("/v1/status");
  EXPECT_EQ(response.result_int(), 200U);
  EXPECT_EQ(response[bhttp::field::content_type], "application/json");
  EXPECT_EQ(response.body(), boost::json::serialize(to_json(example_status())) + "\n");
  EXPECT_EQ(get("/v1/status?pretty=1").result_int(), 200U);
}

TEST_F(Routes, ExplainNamesItsWorkload) {
  EXPECT_EQ(get("/v1/explain/people-counting").body(),
            boost::json::serialize(to_json(example_explanation())) + "\n");
  EXPECT_EQ(get("/v1/explain/people%2Dcounting").result_int(), 200U);
}

TEST_F(Routes, ExplainOfAnUnknownWorkloadNamesTheKnown) {
  const Response response = get("/v1/explain/ghost");
  EXPECT_EQ(response.result_int(), 404U);
  EXPECT_EQ(response.body(), R"({"code":"unknown-workload","message":"no workload 'ghost'",)"
                             R"("allowed":["people-counting","voice"]})"
                             "\n");
}

TEST_F(Routes, ExplainBeforeTheFirstDecisionSaysSo) {
  const Response response = get("/v1/explain/voice");
  EXPECT_EQ(response.result_int(), 404U);
  EXPECT_THAT(response.body(), HasSubstr("no-decision-yet"));
}

TEST_F(Routes, HistoryHealthAndMetricsAnswer) {
  EXPECT_TRUE(parse_history(get("/v1/history").body()));
  EXPECT_EQ(get("/healthz").body(), "{\"status\":\"ok\",\"started\":true}\n");
  const Response metrics = get("/metrics");
  EXPECT_EQ(metrics[bhttp::field::content_type], "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(metrics.body(), HasSubstr("wanwise_queue_overflows_total 7\n"));
  EXPECT_THAT(metrics.body(), HasSubstr("wanwise_http_requests_total 3\n"));
}

TEST_F(Routes, GetHistoryOfOneWorkloadTellsItsPlaces) {
  const auto places = parse_places(get("/v1/history/people%2Dcounting").body());
  ASSERT_TRUE(places);
  EXPECT_EQ(*places, example_places());
  EXPECT_EQ(get("/v1/history/ghost").result_int(), 404U);
  EXPECT_THAT(get("/v1/history/ghost").body(), HasSubstr("unknown-workload"));
  EXPECT_EQ(get("/v1/history/").result_int(), 404U);
}

TEST_F(Routes, HeadHasTheLengthAndNoBody) {
  const Response head = ask(bhttp::verb::head, "/v1/status");
  EXPECT_EQ(head.result_int(), 200U);
  EXPECT_TRUE(head.body().empty());
  EXPECT_EQ(head[bhttp::field::content_length], std::to_string(get("/v1/status").body().size()));
}

TEST_F(Routes, DrainReachesTheSource) {
  const Response response = ask(bhttp::verb::post, "/v1/drain/tx2", R"({"drain":true})");
  EXPECT_EQ(response.result_int(), 202U);
  EXPECT_EQ(response.body(), "{\"target\":\"tx2\",\"drain\":true}\n");
  ask(bhttp::verb::post, "/v1/drain/tx2", R"({"drain":false})", "application/json; charset=utf-8");
  EXPECT_THAT(source.drained, ElementsAre(Pair("tx2", true), Pair("tx2", false)));
}

TEST_F(Routes, DrainOfAnUnknownTargetNamesTheKnown) {
  const Response response = ask(bhttp::verb::post, "/v1/drain/moon", R"({"drain":true})");
  EXPECT_EQ(response.result_int(), 404U);
  EXPECT_THAT(response.body(), HasSubstr(R"("allowed":["cloud","tx2"])"));
}

TEST_F(Routes, DrainTakesExactlyItsBody) {
  for (const char* body : {"", "{", "[]", "true", R"({"drain":1})", R"({"drain":"true"})",
                           R"({"drain":true,"force":true})", R"({"drian":true})", "\xff"}) {
    Request request{bhttp::verb::post, "/v1/drain/tx2", 11};
    request.set(bhttp::field::host, "127.0.0.1");
    request.set(bhttp::field::content_type, "application/json");
    request.body() = body;
    const Response response = answer(request, {source, hosts, counters});
    EXPECT_EQ(response.result_int(), 400U) << body;
    EXPECT_THAT(response.body(), HasSubstr("bad-body"));
  }
  EXPECT_TRUE(source.drained.empty());
}

TEST_F(Routes, UsageOfADataPlanReachesTheSource) {
  const Response response =
      ask(bhttp::verb::post, "/v1/usage/lte", R"({"used-bytes":12300000000,"left-s":777600})");
  EXPECT_EQ(response.result_int(), 202U);
  EXPECT_EQ(response.body(), "{\"link\":\"lte\",\"used-bytes\":12300000000,\"left-s\":777600}\n");
  EXPECT_THAT(source.told_usage,
              ElementsAre(Pair(core::Bytes{12'300'000'000}, core::seconds(777'600))));
}

TEST_F(Routes, UsageOfALinkWithoutADataPlanNamesThoseWithOne) {
  source.told.links[0].data_plan = core::DataPlanStatus{};
  const Response response =
      ask(bhttp::verb::post, "/v1/usage/moon", R"({"used-bytes":1,"left-s":1})");
  EXPECT_EQ(response.result_int(), 404U);
  EXPECT_THAT(response.body(), HasSubstr("no link 'moon' with a data cap"));
  EXPECT_THAT(response.body(),
              HasSubstr("\"allowed\":[\"" + source.told.links[0].name.text + "\"]"));
}

TEST_F(Routes, UsageTakesExactlyItsBody) {
  for (const char* body :
       {"[]", R"({"used-bytes":1})", R"({"used-bytes":-1,"left-s":1})",
        R"({"used-bytes":1.5,"left-s":1})", R"({"used-bytes":1,"left-s":"1"})",
        R"({"used-bytes":1,"left-s":1,"at":1})", R"({"used-bytes":1,"left-s":31622401})",
        R"({"used-bytes":9223372036854775807,"left-s":1})"}) {
    EXPECT_EQ(ask(bhttp::verb::post, "/v1/usage/lte", body).result_int(), 400U) << body;
  }
  EXPECT_TRUE(source.told_usage.empty());
}

TEST_F(Routes, AFormOfAWebPageCanNotDrain) {
  for (const char* type :
       {"text/plain", "application/x-www-form-urlencoded", "application/jsonp"}) {
    EXPECT_EQ(ask(bhttp::verb::post, "/v1/drain/tx2", R"({"drain":true})", type).result_int(),
              415U);
  }
  EXPECT_TRUE(source.drained.empty());
}

TEST_F(Routes, AnotherHostsNameIsRefused) {
  for (const char* host : {"localhost", "LOCALHOST:8480", "127.0.0.1:1", "[::1]", "[::1]:8480"}) {
    EXPECT_EQ(with_host(host).result_int(), 200U) << host;
  }
  for (const char* host : {"evil.example", "evil.example:8480", "127.0.0.1.evil.example", ""}) {
    const Response response = with_host(host);
    EXPECT_EQ(response.result_int(), 421U) << host;
    EXPECT_THAT(response.body(), HasSubstr("wrong-host"));
  }
  EXPECT_EQ(with_host(nullptr).result_int(), 421U);
  hosts.clear();
  EXPECT_EQ(with_host("anything").result_int(), 200U);
}

TEST_F(Routes, WrongMethodsAreToldTheRightOnes) {
  const Response post = ask(bhttp::verb::post, "/v1/status", "{}");
  EXPECT_EQ(post.result_int(), 405U);
  EXPECT_EQ(post[bhttp::field::allow], "GET, HEAD");
  EXPECT_EQ(post.body(),
            R"({"code":"method-not-allowed","message":"method POST is not for this path",)"
            R"("allowed":["GET","HEAD"]})"
            "\n");
  const Response drain = get("/v1/drain/tx2");
  EXPECT_EQ(drain.result_int(), 405U);
  EXPECT_EQ(drain[bhttp::field::allow], "POST");
  EXPECT_EQ(ask(bhttp::verb::delete_, "/metrics").result_int(), 405U);
}

TEST_F(Routes, UnknownPathsAreToldTheKnown) {
  for (const char* path : {"/", "/v1", "/v1/status/", "/v1/explain/", "/v1/explain/a/b",
                           "/v2/status", "/v1/explain", "/../etc/passwd", "*", "/v1/drain/"}) {
    const Response response = get(path);
    EXPECT_EQ(response.result_int(), 404U) << path;
    EXPECT_THAT(response.body(), HasSubstr(R"("allowed":["/v1/status","/v1/explain/{workload}")"));
  }
}

TEST_F(Routes, ATemplateIsNotAPath) {
  EXPECT_EQ(get("/v1/explain/{workload}").result_int(), 404U);
  EXPECT_THAT(get("/v1/explain/{workload}").body(), HasSubstr("unknown-workload"));
}

TEST_F(Routes, BadPercentEncodingIsABadRequest) {
  for (const char* path : {"/v1/explain/%", "/v1/explain/%4", "/v1/explain/%zz", "/%+1"}) {
    EXPECT_EQ(get(path).result_int(), 400U) << path;
  }
}

TEST(PercentDecode, DecodesBytes) {
  EXPECT_EQ(percent_decode("a%20b%2fc"), "a b/c");
  EXPECT_EQ(percent_decode(""), "");
  EXPECT_EQ(percent_decode("%"), std::nullopt);
}

}  // namespace
}  // namespace wanwise::http
