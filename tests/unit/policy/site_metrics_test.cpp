// What a site's `metrics` become. What is wrong with them is in policies/invalid, from 355 on.
#include <gtest/gtest.h>

#include "tests/unit/policy/documents.hpp"

namespace wanwise::policy {
namespace {

/// The valid site whose node has these metrics; the simulated cluster, if any, is left out.
Loaded loaded(const std::string& metrics) {
  const std::string site = with(valid("site"), "memory: 6GB", "memory: 6GB, metrics: " + metrics);
  const auto result = load(
      {{"policy", valid("policy")}, {"site", site}, {"profiles", valid("profiles")}}, kSchemas);
  if (result) return *result;
  for (const Diagnostic& diagnostic : result.error()) ADD_FAILURE() << to_string(diagnostic);
  return {{SiteBundle{}}, {}};
}

TEST(SiteMetrics, ASiteWithoutThemScrapesNothing) {
  const auto result =
      load({{"policy", valid("policy")}, {"site", valid("site")}, {"profiles", valid("profiles")}},
           kSchemas);
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->sites.front().scrapes.empty());
}

TEST(SiteMetrics, FillInTheDocumentedDefaults) {
  const Loaded site = loaded("{endpoints: [{url: \"http://192.0.2.20\", dialect: dcgm}]}");
  ASSERT_EQ(site.sites.front().scrapes.size(), 1U);
  const NodeScrape& scrape = site.sites.front().scrapes.front();
  EXPECT_EQ(scrape.node.text, "tx2");
  EXPECT_EQ(scrape.period, core::milliseconds(500));
  EXPECT_EQ(scrape.deadline, scrape.period);
  EXPECT_EQ(scrape.throttles_at_c, std::nullopt);
  EXPECT_EQ(scrape.throttled_slowdown, core::Ppm{1'500'000});
  ASSERT_EQ(scrape.endpoints.size(), 1U);
  EXPECT_EQ(scrape.endpoints.front().url, "http://192.0.2.20");
  EXPECT_EQ(scrape.endpoints.front().dialect, MetricsDialect::dcgm);
  EXPECT_TRUE(scrape.endpoints.front().speaks_for_node);
  EXPECT_EQ(scrape.endpoints.front().token_file, std::nullopt);
  EXPECT_TRUE(scrape.endpoints.front().models.empty());
}

TEST(SiteMetrics, AreResolvedCompletely) {
  const Loaded site = loaded(
      "{period: 2s, deadline: 1s, throttles-at: 92, throttled-slowdown: 1.25x, endpoints: ["
      "{url: \"http://tx2.yard:9100/metrics\", dialect: tegrastats}, "
      "{url: \"http://tx2.yard:8002/metrics?x=1\", dialect: triton, token-file: /run/token, "
      "models: {detect: ResNet_50, archive: inception}}, "
      "{url: \"http://tx2.yard:8012/\", dialect: triton, role: node}]}");
  const NodeScrape& scrape = site.sites.front().scrapes.front();
  EXPECT_EQ(scrape.period, core::seconds(2));
  EXPECT_EQ(scrape.deadline, core::seconds(1));
  EXPECT_EQ(scrape.throttles_at_c, 92);
  EXPECT_EQ(scrape.throttled_slowdown, core::Ppm{1'250'000});
  ASSERT_EQ(scrape.endpoints.size(), 3U);
  EXPECT_EQ(scrape.endpoints[0].dialect, MetricsDialect::tegrastats);
  const MetricsEndpoint& triton = scrape.endpoints[1];
  EXPECT_EQ(triton.dialect, MetricsDialect::triton);
  EXPECT_FALSE(triton.speaks_for_node) << "unless it is said to";
  EXPECT_EQ(triton.token_file, "/run/token");
  ASSERT_EQ(triton.models.size(), 2U);
  EXPECT_EQ(triton.models[0].workload.text, "detect");
  EXPECT_EQ(triton.models[0].model, "ResNet_50");
  EXPECT_TRUE(scrape.endpoints[2].speaks_for_node);
}

}  // namespace
}  // namespace wanwise::policy
