#include "adapters/jetson/exposition.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/unit/jetson/pages.hpp"

namespace wanwise::jetson {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

/// "code: message" of a page that is refused.
std::string refused(std::string_view page) {
  const auto series = parse_exposition(page);
  return series ? "accepted" : series.error().code + ": " + series.error().message;
}

Series one(std::string_view line) {
  const auto series = pages::parsed(line);
  return series.size() == 1 ? series.front() : Series{};
}

TEST(Exposition, ReadsTheExampleOfItsDocumentation) {
  const auto series = pages::parsed(
      "# HELP http_requests_total The total number of HTTP requests.\n"
      "# TYPE http_requests_total counter\n"
      "http_requests_total{method=\"post\",code=\"200\"} 1027 1395066363000\n"
      "\n"
      "# Escaping in label values:\n"
      "msdos_file_access_time_seconds{path=\"C:\\\\DIR\\\\FILE.TXT\",error=\"Cannot find "
      "file:\\n\\\"FILE.TXT\\\"\"} 1.458255915e9\n"
      "# Minimalistic line:\n"
      "metric_without_timestamp_and_labels 12.47\n"
      "something_weird{problem=\"division by zero\"} +Inf -3982045\n"
      "http_request_duration_seconds_bucket{le=\"+Inf\"} 144320\n");
  EXPECT_THAT(
      series,
      ElementsAre(
          Series{"http_requests_total", {{"method", "post"}, {"code", "200"}}, 1027},
          Series{"msdos_file_access_time_seconds",
                 {{"path", "C:\\DIR\\FILE.TXT"}, {"error", "Cannot find file:\n\"FILE.TXT\""}},
                 1.458255915e9},
          Series{"metric_without_timestamp_and_labels", {}, 12.47},
          Series{"something_weird",
                 {{"problem", "division by zero"}},
                 std::numeric_limits<double>::infinity()},
          Series{"http_request_duration_seconds_bucket", {{"le", "+Inf"}}, 144320}));
}

TEST(Exposition, BlanksMayStandBetweenAllParts) {
  const Series wanted{"a:b_1", {{"x", "1"}, {"y", "2"}}, -2.5};
  EXPECT_EQ(one("a:b_1{x=\"1\",y=\"2\"} -2.5\n"), wanted);
  EXPECT_EQ(one("  a:b_1 \t{ x = \"1\" ,\ty=\"2\" , }\t-2.5  17 \n"), wanted);
  EXPECT_EQ(one("a:b_1{x=\"1\",y=\"2\"}-2.5"), wanted) << "nor does the last line need an end";
}

TEST(Exposition, SpecialValues) {
  EXPECT_TRUE(std::isnan(one("m NaN").value));
  EXPECT_TRUE(std::isnan(one("m Nan").value)) << "as prometheus-cpp once wrote it";
  EXPECT_EQ(one("m Inf").value, std::numeric_limits<double>::infinity());
  EXPECT_EQ(one("m -Inf").value, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(one("m +1e3").value, 1000);
  EXPECT_TRUE(std::isnan(one("m 1e999").value)) << "more than a double holds";
}

TEST(Exposition, CommentsOfEveryKindArePassedOver) {
  EXPECT_THAT(pages::parsed(""), IsEmpty());
  EXPECT_THAT(pages::parsed("\n \t\n#\n# \n#x\n  # HELP\n# TYPE m banana\n# EOF\n"), IsEmpty());
}

TEST(Exposition, AnErrorNamesItsLine) {
  EXPECT_EQ(refused("a 1\n# b\n\nc{ 2\n"),
            "bad-label: line 4: no name of a label where one is expected");
}

TEST(Exposition, BrokenLines) {
  EXPECT_THAT(refused("9a 1"), StartsWith("bad-name"));
  EXPECT_THAT(refused("{a=\"b\"} 1"), StartsWith("bad-name"));
  EXPECT_THAT(refused("a"), StartsWith("bad-value"));
  EXPECT_THAT(refused("a one"), StartsWith("bad-value"));
  EXPECT_THAT(refused("a 0x10"), StartsWith("bad-value"));
  EXPECT_THAT(refused("a +-1"), StartsWith("bad-value"));
  EXPECT_THAT(refused("a 1 2 3"), StartsWith("bad-timestamp"));
  EXPECT_THAT(refused("a 1 now"), StartsWith("bad-timestamp"));
  EXPECT_THAT(refused("a 1 # {trace_id=\"x\"} 1"), StartsWith("bad-timestamp"));
  EXPECT_THAT(refused("a{b} 1"), StartsWith("bad-label"));
  EXPECT_THAT(refused("a{b=c} 1"), StartsWith("bad-label"));
  EXPECT_THAT(refused("a{b:c=\"d\"} 1"), StartsWith("bad-label"));
  EXPECT_THAT(refused("a{b=\"c\" d=\"e\"} 1"), StartsWith("bad-label"));
  EXPECT_THAT(refused("a{b=\"c} 1"), StartsWith("bad-label"));
  EXPECT_THAT(refused("a{b=\"\\t\"} 1"), StartsWith("bad-label"));
  EXPECT_THAT(refused("a{b=\"1\",b=\"2\"} 1"), StartsWith("duplicate-label"));
  EXPECT_THAT(refused("a{,} 1"), StartsWith("bad-label"));
}

TEST(Exposition, EveryLimitHoldsAndItsNeighbourPasses) {
  const std::string name(kMaxNameBytes, 'n');
  EXPECT_EQ(one(name + " 1").name, name);
  EXPECT_THAT(refused(name + "n 1"), StartsWith("name-too-long: line 1"));

  const std::string value(kMaxLabelValueBytes, 'v');
  EXPECT_EQ(one("a{b=\"" + value + "\"} 1").labels.front().value, value);
  EXPECT_THAT(refused("a{b=\"" + value + "v\"} 1"), StartsWith("label-value-too-long"));

  std::string labels;
  for (std::size_t i = 0; i < kMaxLabels; ++i) labels += 'l' + std::to_string(i) + "=\"\",";
  EXPECT_EQ(one("a{" + labels + "} 1").labels.size(), kMaxLabels);
  EXPECT_THAT(refused("a{" + labels + "z=\"\"} 1"), StartsWith("too-many-labels"));

  std::string many;
  for (std::size_t i = 0; i < kMaxSeries; ++i) many += "a 1\n";
  EXPECT_EQ(pages::parsed(many).size(), kMaxSeries);
  EXPECT_THAT(refused(many + "a 1\n"),
              StartsWith("too-many-series: line " + std::to_string(kMaxSeries + 1)));

  EXPECT_THAT(pages::parsed(std::string(kMaxPageBytes, '\n')), IsEmpty());
  EXPECT_THAT(refused(std::string(kMaxPageBytes + 1, '\n')), StartsWith("page-too-large"));
}

}  // namespace
}  // namespace wanwise::jetson
