#include "sim/study/report/report_html.hpp"

#include <gtest/gtest.h>

#include "sim/study/report/html.hpp"
#include "sim/study/report/page_assets.hpp"
#include "sim/study/report/report_parts.hpp"
#include "tests/unit/report/synthetic_study.hpp"

namespace wanwise::sim {
namespace {

// A page is too long to be printed by a matcher that fails.
bool has(const std::string& page, std::string_view text) {
  return page.find(text) != std::string::npos;
}

std::size_t count(const std::string& page, std::string_view text) {
  std::size_t found = 0;
  for (std::size_t at = page.find(text); at != std::string::npos; at = page.find(text, at + 1))
    ++found;
  return found;
}

const Provenance kProvenance{"abc123", "wanwise study drive.yaml --out out"};

std::string report_of(const test::MadeStudy& made) {
  const auto samples = Samples::arrange(made.study, made.runs);
  EXPECT_TRUE(samples) << samples.error().message;
  const auto analysis = analyse(*samples);
  EXPECT_TRUE(analysis) << analysis.error().message;
  return report_html(*analysis, kProvenance);
}

/// Without what is the same in every page: Chart.js, styles and scripts.
std::string body_of(const std::string& page) {
  return page.substr(page.find("<main>"), page.find("</main>") - page.find("<main>"));
}

TEST(Escape, leaves_nothing_that_html_would_read) {
  EXPECT_EQ(html_escape("<a href=\"x\" b='y'>&"),
            "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;");
  EXPECT_EQ(html_escape(std::string_view{"a\0b\x1b", 4}), "a\uFFFDb\uFFFD");
  EXPECT_EQ(json_in_script("{\"a\":\"</script><!--\"}"), "{\"a\":\"\\u003c/script>\\u003c!--\"}");
}

TEST(NumberText, has_three_digits_and_a_sign_that_is_read_as_one) {
  EXPECT_EQ(number_text(0), "0");
  EXPECT_EQ(number_text(12.345), "12.3");
  EXPECT_EQ(number_text(-0.012345), "\u22120.0123");
  EXPECT_EQ(number_text(123456.7), "123457");
  EXPECT_EQ(number_text(1e-15), "0");
  EXPECT_EQ(number_text(9.999), "10.00");
  EXPECT_EQ(signed_text(2.5), "+2.50");
  EXPECT_EQ(signed_text(0), "0");
}

TEST(Difference, is_told_by_sign_interval_and_word) {
  const Metric& miss = metrics()[*find_metric("miss-ratio")];
  const Metric& goodput = metrics()[*find_metric("goodput")];
  const Metric& share = metrics()[*find_metric("cloud-share")];
  Estimate lower;
  lower.n = 10;
  lower.mean = -4;
  lower.sd = 1;
  lower.half = 1;
  EXPECT_EQ(difference_html(miss, lower),
            "<span class=\"diff better\">\u22124.00 better <span class=\"range\">[\u22125.00, "
            "\u22123.00]</span></span>");
  EXPECT_TRUE(has(difference_html(goodput, lower), "worse"));
  EXPECT_TRUE(has(difference_html(share, lower), "lower"));
  Estimate open = lower;
  open.half = 5;
  EXPECT_TRUE(has(difference_html(miss, open), "unclear"));
  EXPECT_TRUE(has(difference_html(miss, Estimate{}), "no pair"));
}

TEST(Report, answers_first_in_plain_words) {
  const std::string body = body_of(report_of(test::drive_study(10)));
  EXPECT_TRUE(has(body, "Is it the network or the compute"));
  EXPECT_TRUE(has(body, "<span class=\"verdict\">Supported.</span> wanwise misses fewer"));
  EXPECT_TRUE(has(body,
                  "<span class=\"verdict\">Refuted.</span> wanwise misses fewer deadlines "
                  "than a clairvoyant"));
  EXPECT_LT(body.find("class=\"verdict\""), body.find("<table"));
}

TEST(Report, has_every_cell_policy_and_way_to_make_it_again_without_scripts) {
  const std::string body = body_of(report_of(test::drive_study(3)));
  EXPECT_EQ(count(body, "<section class=\"cell\""), 5u);
  EXPECT_TRUE(has(body, "Results: uplink 5 Mb/s"));
  for (const char* text : {"wanwise, no radio", "abc123", "5f2c9e1a77b04d36",
                           "wanwise study drive.yaml --out out", "p99.9", "harm-others"}) {
    EXPECT_TRUE(has(body, text)) << text;
  }
  EXPECT_EQ(count(body, "<script"), 0u);
}

TEST(Report, of_fifteen_policies_and_five_cells_stays_below_a_megabyte_and_a_half) {
  const std::string page = report_of(test::drive_study(10));
  EXPECT_LT(page.size(), 1'500'000u);
  RecordProperty("bytes", static_cast<int>(page.size()));
  std::printf("page: %zu bytes\n", page.size());
}

TEST(Report, shows_names_of_users_as_text_only) {
  test::MadeStudy made = test::drive_study(2, 3);
  const std::string evil = "</script><script>alert(1)</script><img src=x onerror='alert(2)'>\"";
  made.study.name = made.study.question = made.study.hash = evil;
  made.study.policies[1].name = evil;
  made.study.factors[0].name = made.study.factors[0].unit = evil;
  made.study.factors[0].levels[0].name = evil;
  Claim claim;
  claim.id = claim.text = claim.policy = evil;
  claim.metric = "miss-ratio";
  claim.against = {"always-edge"};
  made.study.claims = {claim};
  for (RunRecord& run : made.runs) {
    for (WorkloadResult& workload : run.result.workloads) {
      workload.workload = core::WorkloadName{evil + workload.workload.text};
      workload.service_class = core::ClassName{evil + workload.service_class.text};
    }
    for (TimelinePoint& point : run.result.timeline) point.events = {evil};
  }
  const std::string page = report_of(made);
  EXPECT_FALSE(has(page, "<script>alert"));
  EXPECT_FALSE(has(page, "<img"));
  // One for the error hook, the data, Chart.js and three of ours.
  EXPECT_EQ(count(page, "</script>"), 6u);
}

TEST(Report, reads_nothing_from_a_network) {
  const std::string page = report_of(test::drive_study(2, 3));
  for (const char* text : {"src=\"", "href=\"http", "url(", "@import", "fetch(", "XMLHttpRequest",
                           "WebSocket", "importScripts"}) {
    EXPECT_FALSE(has(page, text)) << text;
  }
  EXPECT_TRUE(has(page, "default-src 'none'"));
  EXPECT_TRUE(has(page, "Released under the MIT License"));
}

TEST(Report, of_one_cell_without_factors_claims_time_lines_or_ablations_is_whole) {
  const std::string body = body_of(report_of(test::tiny_study()));
  EXPECT_TRUE(has(body, "makes no claim"));
  EXPECT_TRUE(has(body, "varies no factor"));
  EXPECT_FALSE(has(body, "time-uplink"));
  EXPECT_TRUE(has(body, "Indicative only: 2 seeds"));
}

TEST(Report, limits_the_tables_of_a_study_with_many_cells_and_says_so) {
  test::MadeStudy made = test::tiny_study();
  Factor factor{.name = "x", .unit = "", .levels = {}};
  for (int i = 0; i < 40; ++i) factor.levels.push_back({std::to_string(i), i});
  made.study.factors = {factor};
  const auto first = made.runs;
  for (std::size_t cell = 1; cell < 40; ++cell) {
    for (RunRecord run : first) {
      run.cell = cell;
      made.runs.push_back(run);
    }
  }
  const std::string body = body_of(report_of(made));
  EXPECT_EQ(count(body, "<section class=\"cell\""), kReportCells);
  EXPECT_TRUE(has(body, "first 24 of 40"));
}

}  // namespace
}  // namespace wanwise::sim
