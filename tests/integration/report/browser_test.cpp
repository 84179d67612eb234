// The report and the plot page in headless Chromium: no script fails, every chart has pixels, the
// controls work, nothing is asked of a network, the page is no wider than a phone. The screenshots
// stay below the build folder, to be looked at.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "sim/study/report/html.hpp"
#include "sim/study/report/plot_page.hpp"
#include "sim/study/report/write_results.hpp"
#include "tests/unit/report/synthetic_study.hpp"

namespace wanwise::sim {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBrowser = "/usr/bin/chromium-headless-shell";

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void write(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

fs::path folder() {
  const fs::path dir = fs::path{WANWISE_BINARY_DIR} / "tests/integration/report/pages";
  fs::create_directories(dir);
  return dir;
}

/// What the browser printed. Names resolve to nothing: a request would fail, and be seen as an
/// error.
std::string browse(const fs::path& page, const std::string& options) {
  const fs::path out = page.string() + ".out";
  const fs::path profile = page.string() + ".profile";
  const std::string command =
      "timeout -k 5 90 " + std::string{kBrowser} +
      " --no-sandbox --disable-gpu --hide-scrollbars --disable-background-networking "
      "--host-resolver-rules='MAP * ~NOTFOUND' --user-data-dir='" +
      profile.string() + "' --virtual-time-budget=8000 " + options + " 'file://" + page.string() +
      "' > '" + out.string() + "' 2> '" + out.string() + ".err'";
  const int code = std::system(command.c_str());
  EXPECT_EQ(code, 0) << read(out.string() + ".err");
  fs::remove_all(profile);
  return read(out);
}

fs::path with_probe(const fs::path& page) {
  std::string text = read(page);
  const std::string probe =
      read(fs::path{WANWISE_SOURCE_DIR} / "tests/integration/report/probe.js");
  text.insert(text.rfind("</body>"), "<script>" + probe + "</script>");
  fs::path copy = page;
  copy.replace_extension("probe.html");
  write(copy, text);
  return copy;
}

/// An attribute of <html>, as the browser printed it.
std::string attribute(const std::string& dom, const std::string& name) {
  std::smatch found;
  const std::string head =
      dom.substr(dom.find("<html"), dom.find('>', dom.find("<html")) - dom.find("<html"));
  return std::regex_search(head, found, std::regex{name + "=\"([^\"]*)\""}) ? found[1].str()
                                                                            : "absent";
}

class Browser : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(kBrowser))
      GTEST_SKIP() << kBrowser << " is not installed: nothing was looked at";
  }
};

class BrowsedReport : public Browser {
 protected:
  static fs::path report(std::size_t seeds, std::size_t policies, const std::string& name) {
    const test::MadeStudy made = test::drive_study(seeds, policies);
    const fs::path dir = folder() / name;
    EXPECT_TRUE(write_results(made.study, made.runs, dir.string(),
                              {"v0-1-gabc", "wanwise study drive.yaml --out out"}));
    return dir / "report.html";
  }
};

TEST_F(BrowsedReport, draws_every_chart_without_an_error_and_asks_nothing_of_a_network) {
  const std::string dom =
      browse(with_probe(report(10, 15, "wide")), "--window-size=1280,900 --dump-dom");
  EXPECT_EQ(attribute(dom, "data-errors"), "");
  EXPECT_EQ(attribute(dom, "data-probe-done"), "yes");
  // compare, knee, four CDFs, three of the time line, sensitivity, ablation.
  EXPECT_EQ(attribute(dom, "data-charts-drawn"), "11");
  EXPECT_EQ(attribute(dom, "data-probe-pixels"), "11 of 11");
  EXPECT_EQ(attribute(dom, "data-probe-tables"), "11");
  EXPECT_EQ(attribute(dom, "data-probe-requests"), "0");
  EXPECT_EQ(attribute(dom, "data-probe-wide"), "0");
}

TEST_F(BrowsedReport, follows_its_controls) {
  const std::string dom =
      browse(with_probe(report(10, 15, "controls")), "--window-size=1280,900 --dump-dom");
  EXPECT_EQ(attribute(dom, "data-probe-cells"), "2");
  EXPECT_EQ(attribute(dom, "data-probe-pixels-of-cell"), "11 of 11");
  // Not the knee, whose one factor is its axis, nor the sensitivity to that factor, nor the
  // placements, which are the same on every uplink of this made-up study.
  EXPECT_EQ(attribute(dom, "data-probe-changed"), "8");
  EXPECT_EQ(attribute(dom, "data-probe-pixels-of-metric"), "11 of 11");
  EXPECT_EQ(attribute(dom, "data-probe-ascending"), "true");
  EXPECT_EQ(attribute(dom, "data-probe-descending"), "true");
}

TEST_F(BrowsedReport, is_no_wider_than_a_phone) {
  const std::string dom =
      browse(with_probe(report(10, 15, "narrow")), "--window-size=420,900 --dump-dom");
  EXPECT_EQ(attribute(dom, "data-errors"), "");
  EXPECT_EQ(attribute(dom, "data-probe-wide"), "0");
  EXPECT_EQ(attribute(dom, "data-probe-pixels"), "11 of 11");
}

TEST_F(BrowsedReport, shows_the_numbers_of_results_json) {
  const fs::path page = report(10, 4, "numbers");
  const auto json = boost::json::parse(read(page.parent_path() / "results.json"));
  const std::string dom = browse(page, "--dump-dom");
  int looked_at = 0;
  for (const auto& cell : json.at("cells").as_array()) {
    for (const auto& policy : cell.at("policies").as_array()) {
      const auto& all = policy.at("parts").at(0).at("metrics").as_object();
      for (const char* name : {"miss-ratio", "goodput", "total-cost", "power"}) {
        const auto& metric = all.at(name);
        EXPECT_NE(dom.find(">" + number_text(metric.at("mean").to_number<double>()) + "<"),
                  std::string::npos);
        if (policy.at("policy").as_string() == "always-edge") continue;
        const auto& d = metric.at("difference");
        const std::string text = "[" + signed_text(d.at("low").to_number<double>()) + ", " +
                                 signed_text(d.at("high").to_number<double>()) + "]";
        EXPECT_NE(dom.find(text), std::string::npos) << name << ": " << text;
        ++looked_at;
      }
    }
  }
  EXPECT_EQ(looked_at, 5 * 3 * 4);
}

TEST_F(BrowsedReport, can_be_seen) {
  const fs::path page = report(10, 15, "seen");
  for (const char* width : {"1280", "420"}) {
    const fs::path picture = page.parent_path() / (std::string{"report-"} + width + ".png");
    fs::remove(picture);
    browse(page,
           "--window-size=" + std::string{width} + ",9000 --screenshot='" + picture.string() + "'");
    EXPECT_GT(fs::file_size(picture), 50'000u);
  }
}

TEST_F(Browser, draws_the_plot_page) {
  PlotPage page{
      .title = "A drive", .intro = "One hour on LTE.", .facts = {{"rows", "3600"}}, .charts = {}};
  PlotSeries rate{.name = "uplink", .points = {}};
  PlotSeries rsrp{.name = "RSRP", .points = {}, .points_only = true};
  for (int i = 0; i < 3600; ++i) {
    rate.points.emplace_back(i, i > 1000 && i < 1100 ? 0.2 : 8 + i % 7);
    rsrp.points.emplace_back(i, -95 - i % 11);
  }
  page.charts = {{.title = "The uplink falls for 100 s",
                  .says = "",
                  .x = {.label = "time [s]"},
                  .y = {.label = "Mb/s", .logarithmic = true},
                  .series = {rate},
                  .marks = {{1000, "handover"}}},
                 {.title = "RSRP does not tell",
                  .says = "",
                  .x = {.label = "time [s]"},
                  .y = {.label = "dBm"},
                  .series = {rsrp},
                  .marks = {}}};
  const fs::path file = folder() / "plot.html";
  write(file, plot_page(page));
  const std::string dom = browse(with_probe(file), "--window-size=1280,900 --dump-dom");
  EXPECT_EQ(attribute(dom, "data-errors"), "");
  EXPECT_EQ(attribute(dom, "data-probe-pixels"), "2 of 2");
  EXPECT_EQ(attribute(dom, "data-probe-requests"), "0");
  browse(file, "--window-size=1280,1100 --screenshot='" + (folder() / "plot.png").string() + "'");
}

}  // namespace
}  // namespace wanwise::sim
