// The files of a tiny study against those kept in golden/, which WANWISE_UPDATE_GOLDEN=1 rewrites.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <clocale>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "sim/study/report/csv_files.hpp"
#include "sim/study/report/csv_out.hpp"
#include "sim/study/report/json_out.hpp"
#include "sim/study/report/results_json.hpp"
#include "sim/study/report/write_results.hpp"
#include "tests/unit/report/synthetic_study.hpp"

namespace wanwise::sim {
namespace {

namespace fs = std::filesystem;

const Provenance kProvenance{"v1-2-gabc", "wanwise study tiny.yaml --out out"};

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

fs::path out_dir(const std::string& name) {
  const fs::path dir =
      fs::temp_directory_path() / ("wanwise-report-" + name + "-" + std::to_string(::getpid()));
  fs::remove_all(dir);
  return dir;
}

class GoldenFile : public testing::TestWithParam<const char*> {};

TEST_P(GoldenFile, is_as_it_was) {
  const fs::path golden = fs::path{WANWISE_SOURCE_DIR} / "tests/unit/report/golden" / GetParam();
  const fs::path dir = out_dir(GetParam());
  const test::MadeStudy made = test::tiny_study();
  ASSERT_TRUE(write_results(made.study, made.runs, dir.string(), kProvenance));
  const std::string text = read(dir / GetParam());
  fs::remove_all(dir);
  if (std::getenv("WANWISE_UPDATE_GOLDEN") != nullptr) {
    fs::create_directories(golden.parent_path());
    std::ofstream(golden, std::ios::binary) << text;
  }
  EXPECT_EQ(text, read(golden));
}

INSTANTIATE_TEST_SUITE_P(Tiny, GoldenFile,
                         testing::Values("results.json", "runs.csv", "summary.csv", "per_class.csv",
                                         "timeline.csv"),
                         [](const auto& one) {
                           std::string name = one.param;
                           std::replace(name.begin(), name.end(), '.', '_');
                           return name;
                         });

// a misses 10 and 14 of 100, b 6 and 8: differences -4 and -6; mean -5, sd sqrt(2),
// half 12.7062 * sqrt(2) / sqrt(2).
TEST(ResultsJson, holds_the_paired_difference_of_a_hand_example) {
  const test::MadeStudy made = test::tiny_study();
  const auto samples = Samples::arrange(made.study, made.runs);
  const auto analysis = analyse(*samples);
  const auto json = boost::json::parse(results_json(*analysis, kProvenance));
  const auto& miss =
      json.at("cells").at(0).at("policies").at(1).at("parts").at(0).at("metrics").at("miss-ratio");
  EXPECT_NEAR(miss.at("mean").to_number<double>(), 7, 1e-9);
  EXPECT_NEAR(miss.at("difference").at("mean").to_number<double>(), -5, 1e-9);
  EXPECT_NEAR(miss.at("difference").at("low").to_number<double>(), -17.7062, 1e-4);
  EXPECT_TRUE(miss.at("indicative").as_bool());
  EXPECT_EQ(json.at("schema").as_string(), kResultsSchema);
  EXPECT_EQ(json.at("commit").as_string(), "v1-2-gabc");
}

TEST(Csv, quotes_what_rfc_4180_wants_quoted_and_ends_lines_with_crlf) {
  CsvOut csv;
  csv.text("plain").text("a,b").text("say \"x\"").text("two\nlines").empty().end_row();
  EXPECT_EQ(csv.take(), "plain,\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\r\n");
}

TEST(Csv, has_as_many_fields_in_every_row_as_in_its_head) {
  const test::MadeStudy made = test::drive_study(2, 3);
  const auto samples = Samples::arrange(made.study, made.runs);
  const auto analysis = analyse(*samples);
  for (const std::string& text :
       {runs_csv(*analysis), summary_csv(*analysis), per_class_csv(*analysis), cdf_csv(*analysis),
        timeline_csv(*analysis)}) {
    std::istringstream lines(text);
    std::string line;
    std::getline(lines, line);
    const auto commas = std::count(line.begin(), line.end(), ',');
    int rows = 0;
    while (std::getline(lines, line)) {
      ASSERT_EQ(std::count(line.begin(), line.end(), ','), commas) << line;
      ++rows;
    }
    EXPECT_GT(rows, 10);
  }
}

TEST(Numbers, are_written_the_same_in_a_locale_with_commas) {
  const char* set = std::setlocale(LC_NUMERIC, "de_DE.UTF-8");
  CsvOut csv;
  csv.number(1234.5).number(0.1).number(-0.0).number(1e-12).number(1.0 / 0.0).end_row();
  JsonOut json{10};
  json.begin_array().number(1234.5).number(std::nullopt).end_array();
  std::setlocale(LC_NUMERIC, "C");
  EXPECT_EQ(csv.take(), "1234.5,0.1,0,1e-12,\r\n")
      << (set == nullptr ? "no such locale here" : set);
  EXPECT_EQ(json.take(), "[1234.5,null]");
}

TEST(Json, escapes_what_its_grammar_wants_escaped) {
  JsonOut json{3};
  json.begin_object().key("a\"b").text("back\\slash\nline\x01").end_object();
  const std::string text = json.take();
  EXPECT_EQ(text, "{\"a\\\"b\":\"back\\\\slash\\nline\\u0001\"}");
  EXPECT_EQ(boost::json::parse(text).at("a\"b").as_string(), "back\\slash\nline\x01");
}

TEST(WriteResults, writes_every_file_twice_the_same) {
  const test::MadeStudy made = test::drive_study(3, 4);
  const fs::path first = out_dir("first"), second = out_dir("second");
  ASSERT_TRUE(write_results(made.study, made.runs, first.string(), kProvenance));
  auto shuffled = made.runs;
  std::reverse(shuffled.begin(), shuffled.end());
  ASSERT_TRUE(write_results(made.study, shuffled, second.string(), kProvenance));
  int files = 0;
  for (const auto& entry : fs::directory_iterator(first)) {
    EXPECT_TRUE(read(entry.path()) == read(second / entry.path().filename())) << entry.path();
    ++files;
  }
  EXPECT_EQ(files, 7);
  fs::remove_all(first);
  fs::remove_all(second);
}

TEST(WriteResults, writes_nothing_when_policies_met_different_requests) {
  test::MadeStudy made = test::tiny_study();
  made.runs[3].result.arrival_hash = 7;
  const fs::path dir = out_dir("refused");
  const auto written = write_results(made.study, made.runs, dir.string());
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().code, "different-arrivals");
  EXPECT_FALSE(fs::exists(dir));
}

TEST(WriteResults, says_where_it_can_not_write) {
  const test::MadeStudy made = test::tiny_study();
  const auto written = write_results(made.study, made.runs, "/proc/none/here");
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().code, "write-failed");
}

TEST(Warnings, tell_of_missing_runs_few_seeds_and_a_short_warm_up) {
  test::MadeStudy made = test::tiny_study();
  made.runs.pop_back();
  made.runs[0].result.mser5 = core::seconds(30);
  made.runs[1].result.conserved = false;
  const auto samples = Samples::arrange(made.study, made.runs);
  const auto analysis = analyse(*samples);
  std::string all;
  for (const std::string& warning : analysis->warnings) all += warning + "\n";
  EXPECT_NE(all.find("3 of 4 runs"), std::string::npos) << all;
  EXPECT_NE(all.find("Indicative only: 2 seeds"), std::string::npos) << all;
  EXPECT_NE(all.find("MSER-5 proposes 30.0 s"), std::string::npos) << all;
  EXPECT_NE(all.find("not conserved"), std::string::npos) << all;
}

}  // namespace
}  // namespace wanwise::sim
