// Fitting an MMPP-2, describing recordings, and reading them.
#include "sim/world/traffic/arrival_fit.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "sim/world/air/trace.hpp"
#include "tests/unit/world/arrivals.hpp"

namespace wanwise::sim::testing {
namespace {

using core::Micros;
using core::MilliHz;
using core::seconds;

const std::vector<Micros> kWindows{seconds(1), seconds(10), seconds(60)};

TEST(Mmpp2Fit, FindsTheProcessThatADispersionComesFrom) {
  const Mmpp2Arrivals law{core::Ppm{250'000}, seconds(40), seconds(5)};
  const MilliHz rate{8'000};
  std::vector<Dispersion> asked;
  for (const auto window : kWindows) asked.push_back({window, dispersion(law, rate, window)});
  const auto fit = fit_mmpp2(rate, asked, law.low);
  ASSERT_TRUE(fit);
  EXPECT_LT(fit->worst, 1e-4);
  EXPECT_NEAR(static_cast<double>(fit->law.mean_low.count), 40e6, 4e4);
  EXPECT_NEAR(static_cast<double>(fit->law.mean_high.count), 5e6, 5e3);
}

// Azure's LLM inference traces of 2023 (CC BY 4.0): IDC at 1, 10 and 60 s.
TEST(Mmpp2Fit, IsNearTheDispersionOfRecordedTraffic) {
  const auto code =
      fit_mmpp2(MilliHz{2'570}, {{seconds(1), 13.2}, {seconds(10), 71.6}, {seconds(60), 164}});
  ASSERT_TRUE(code);
  EXPECT_LT(code->worst, .2);
  const auto conv =
      fit_mmpp2(MilliHz{5'530}, {{seconds(1), 1.4}, {seconds(10), 3.9}, {seconds(60), 16.1}});
  ASSERT_TRUE(conv);
  EXPECT_LT(conv->worst, .2);
}

TEST(Mmpp2Fit, TheLowRateDecidesHowHighBurstsAreNotHowDispersed) {
  const std::vector<Dispersion> asked{{seconds(1), 2}, {seconds(10), 8}};
  const auto deep = fit_mmpp2(MilliHz{5'000}, asked, core::Ppm{0});
  const auto shallow = fit_mmpp2(MilliHz{5'000}, asked, core::Ppm{800'000});
  ASSERT_TRUE(deep && shallow);
  EXPECT_GT(shape_of(shallow->law).high, shape_of(deep->law).high);
  EXPECT_LT(shallow->worst, 1e-3);
  EXPECT_LT(deep->worst, 1e-3);
}

TEST(Mmpp2Fit, SaysWhyThereIsNoSuchProcess) {
  const auto why = [](std::int64_t rate, std::vector<Dispersion> asked, std::int64_t low = 0) {
    const auto fit = fit_mmpp2(MilliHz{rate}, asked, core::Ppm{low});
    return fit ? std::string() : fit.error().message;
  };
  const Dispersion one{seconds(1), 2}, ten{seconds(10), 4};
  EXPECT_NE(why(0, {one, ten}).find("rate"), std::string::npos);
  EXPECT_NE(why(1'000, {one}).find("2+"), std::string::npos);
  EXPECT_NE(why(1'000, {{seconds(1), .9}, ten}).find("Poisson"), std::string::npos);
  EXPECT_NE(why(1'000, {one, {seconds(10), 1.5}}).find("falls"), std::string::npos);
  EXPECT_NE(why(1'000, {one, ten}, 1'000'000).find("low"), std::string::npos);
  EXPECT_EQ(why(1'000, {one, ten}), "");
}

class ArrivalTrace : public ::testing::Test {
 protected:
  std::string write(const std::string& text) {
    const auto path =
        std::filesystem::path(::testing::TempDir()) /
        (std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()) + ".txt");
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }
  std::string error(const std::string& text) {
    const std::string path = write(text);
    const auto loaded = read_arrivals(path);
    if (loaded) return "";
    EXPECT_EQ(loaded.error().code, "trace-invalid");
    return loaded.error().message.substr(path.size());
  }
};

TEST_F(ArrivalTrace, ReadsAzuresTimestampsFromTheFirstRequestOn) {
  const auto loaded =
      read_arrivals(write("TIMESTAMP,ContextTokens,GeneratedTokens\r\n"
                          "2023-12-31 23:59:59.5000000,4808,10\r\n2024-01-01 00:00:00,1,1\r\n"
                          "2024-01-01T00:00:01.2500001+00:00,7,7\r\n"));
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->trace.offsets,
            (std::vector<Micros>{Micros{0}, Micros{500'000}, Micros{1'750'000}}));
  EXPECT_EQ(loaded->trace.period, Micros{1'750'000 + 875'000});
  EXPECT_TRUE(loaded->notes.lines.empty());
}

TEST_F(ArrivalTrace, ReadsPlainOffsetsInSecondsFromTheFirstRequestOn) {
  const auto loaded = read_arrivals(write("10\n10.25\n\n 10.250001\n12.5"));
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->trace.offsets,
            (std::vector<Micros>{Micros{0}, Micros{250'000}, Micros{250'001}, Micros{2'500'000}}));
}

TEST_F(ArrivalTrace, NotesLongSilences) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += std::to_string(i) + "\n";
  text += "400\n";
  const auto loaded = read_arrivals(write(text));
  ASSERT_TRUE(loaded);
  ASSERT_EQ(loaded->notes.lines.size(), 1u);
  EXPECT_EQ(loaded->notes.lines[0], "no request for 301.0 s from 99.0 s on");
}

TEST_F(ArrivalTrace, TellsWhatIsWrongWithLineAndValue) {
  EXPECT_EQ(error("1\nx2\n").substr(0, 20), ":2: 'x2' is not an o");
  EXPECT_EQ(error("1\n0.5\n").substr(0, 27), ":2: '0.5' comes before the ");
  EXPECT_NE(error("1\n-2\n"), "");
  EXPECT_NE(error("1\n2.1234567891\n"), "");
  EXPECT_NE(error("1\n1e3\n"), "");
  EXPECT_NE(error("1\n2592001\n"), "");
  EXPECT_EQ(error("7\n"), ": holds 1 requests (allowed: 2 and more)");
  EXPECT_EQ(error(""), ": holds 0 requests (allowed: 2 and more)");
  EXPECT_NE(error("1\n1\n1\n"), "");
  const std::string head = "TIMESTAMP,A,B\n2023-11-16 18:17:03.9799600,1,1\n";
  EXPECT_EQ(error(head + "2023-11-31 18:17:04,1,1\n").substr(0, 41),
            ":3: '2023-11-31 18:17:04' is not a time (");
  EXPECT_NE(error(head + "2023-11-16 18:60:04,1,1\n"), "");
  EXPECT_NE(error(head + "2023-11-16 18:17:04.,1,1\n"), "");
  EXPECT_NE(error(head + "2023-11-16 18:17,1,1\n"), "");
  EXPECT_NE(error(head + "2023-11-16 18:17:02,1,1\n"), "");
  EXPECT_NE(error(head + "2024-11-16 18:17:02,1,1\n"), "");
  EXPECT_EQ(read_arrivals("no/such/file").error().code, "trace-unreadable");
}

// simulation.md's statistics of the traces: CV 13.15 and IDC 13.2/71.6/164; CV 1.09, 1.4/3.9/16.
TEST(RecordedArrivals, AzuresTracesAreReadAsTheyWerePublished) {
  const std::filesystem::path folder = WANWISE_SOURCE_DIR "/../shared/traces/azure_llm_2023";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not there";
  struct Case {
    const char* file;
    std::int64_t count, most;
    double rate, cv, idc[3];
  };
  for (const Case& c :
       {Case{"AzureLLMInferenceTrace_code.csv", 8'819, 67, 2.57, 13.15, {13.2, 71.6, 164}},
        Case{"AzureLLMInferenceTrace_conv.csv", 19'366, 16, 5.53, 1.09, {1.4, 3.9, 16.1}}}) {
    const auto loaded = read_arrivals((folder / c.file).string());
    ASSERT_TRUE(loaded) << loaded.error().message;
    const auto seen = describe(loaded->trace, kWindows);
    EXPECT_EQ(seen.count, c.count);
    EXPECT_EQ(seen.most_in_a_second, c.most);
    EXPECT_NEAR(static_cast<double>(seen.rate.count) * 1e-3, c.rate, .01);
    EXPECT_NEAR(seen.cv, c.cv, .02 * c.cv);
    for (std::size_t i = 0; i < 3; ++i)
      EXPECT_NEAR(seen.dispersion[i].index / c.idc[i], 1, .05) << c.file << " " << i;
    const auto fit = fit_mmpp2(seen.rate, seen.dispersion);
    ASSERT_TRUE(fit);
    EXPECT_LT(fit->worst, .2);
    for (const auto& point : fit->reached)
      std::cout << c.file << " " << point.window.count / 1'000'000 << " s: " << point.index << "\n";
    Alone replay({loaded->trace, {}}, seen.rate.count);
    replay.events.run_until(to_nanos(loaded->trace.period) - 1);
    ASSERT_EQ(replay.seen.times.size(), loaded->trace.offsets.size());
    for (std::size_t i = 0; i < replay.seen.times.size(); ++i)
      ASSERT_EQ(replay.seen.times[i], to_nanos(loaded->trace.offsets[i]));
  }
}

}  // namespace
}  // namespace wanwise::sim::testing
