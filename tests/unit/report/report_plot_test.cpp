#include <gtest/gtest.h>

#include <limits>

#include "sim/study/report/plot_page.hpp"

namespace wanwise::sim {
namespace {

// A page is too long to be printed by a matcher that fails.
bool has(const std::string& page, std::string_view text) {
  return page.find(text) != std::string::npos;
}

PlotPage one_chart() {
  PlotSeries rate{.name = "uplink", .points = {{0, 8}, {1, 0.8}, {2, 7.5}}};
  return {.title = "A drive",
          .intro = "",
          .facts = {{"rows", "3"}},
          .charts = {{.title = "Uplink falls",
                      .says = "",
                      .x = {.label = "time [s]"},
                      .y = {.label = "Mb/s", .logarithmic = true},
                      .series = {rate},
                      .marks = {{1, "handover"}}}}};
}

TEST(PlotPage, carries_its_library_and_data_and_asks_nothing_of_a_network) {
  const std::string page = plot_page(one_chart());
  EXPECT_TRUE(has(page, "Chart.js v3"));
  EXPECT_TRUE(has(page, "Released under the MIT License"));
  EXPECT_TRUE(has(page, "default-src 'none'"));
  EXPECT_TRUE(has(page, R"("points":[0,8,1,0.8,2,7.5])"));
  EXPECT_FALSE(has(page, "src=\"http"));
  EXPECT_FALSE(has(page, "href=\"http"));
}

TEST(PlotPage, has_every_value_of_a_short_series_in_a_table) {
  const std::string page = plot_page(one_chart());
  EXPECT_TRUE(has(page, "<tr><td>1.00</td><td>0.800</td></tr>"));
}

TEST(PlotPage, shows_names_as_text_only) {
  PlotPage hostile = one_chart();
  const std::string name = "</script><script>alert(1)</script>\"onload='x";
  hostile.title = hostile.charts[0].title = hostile.charts[0].series[0].name = name;
  hostile.charts[0].marks[0].text = hostile.facts[0].first = name;
  const std::string page = plot_page(hostile);
  EXPECT_FALSE(has(page, "<script>alert"));
  EXPECT_FALSE(has(page.substr(0, page.find("id=\"page-data\"")), "\"onload='"));
}

TEST(PlotPage, thins_a_long_series_but_keeps_its_peaks_and_gaps) {
  PlotPage page = one_chart();
  auto& points = page.charts[0].series[0].points;
  points.clear();
  for (int i = 0; i < 100'000; ++i) points.emplace_back(i, 5.0);
  points[54'321].second = 99;
  points[77'777].second = std::numeric_limits<double>::quiet_NaN();
  const std::string text = plot_page(page);
  EXPECT_TRUE(has(text, "54321,99"));
  EXPECT_TRUE(has(text, "77777,null"));
  EXPECT_LT(text.size(), 300'000u);
}

}  // namespace
}  // namespace wanwise::sim
