// `wanwise trace` as a process: exit codes, what it prints, what it writes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "tests/support/process.hpp"

namespace wanwise::test {
namespace {

namespace json = boost::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Trace : public ::testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) {
    std::ofstream(m_folder.file(name), std::ios::binary) << text;
    return m_folder.file(name);
  }
  Ended trace(std::vector<std::string> words) {
    words.insert(words.begin(), {WANWISE, "trace"});
    return run_to_end(words);
  }
  /// A walk of two minutes, 20 Mb/s and half of it.
  std::string walk() {
    std::string text = "t,up,p\n";
    for (int s = 0; s < 120; ++s)
      text += std::to_string(s) + "," + (s % 4 < 2 ? "20" : "10") + ",-" +
              std::to_string(80 + s % 4) + "\n";
    return file("walk.csv", text);
  }
  static constexpr const char* kWalkMap = "time=t:s,uplink=up:Mbps,rsrp=p";
  TemporaryFolder m_folder;
};

TEST_F(Trace, ImportTellsEveryDefectAndWritesTheTrace) {
  const std::string table =
      file("bad.csv", "t,up,p\n0,20,-80\n1,21,-140\n2,22,81\n2,22,81\n9,20,-80\n");
  const std::string out = m_folder.file("bad.trace");
  const Ended ended = trace({"import", table, "--map", kWalkMap, "--out", out});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.out,
            "bad.csv: csv, 5 rows, 10.0 s\n"
            "defects:\n"
            "  no-signal rsrp: 1 row, line 3: '-140'; no value\n"
            "  minus-sign rsrp: 1 row, line 4: '81'; no value\n"
            "  repeated-row time: 1 row, line 5: '2,22,81'; row left out\n"
            "  gap time: 1 row, line 6: '7.0 s'; rates unknown there, radio values hold\n"
            "written: " +
                out + "\n");
  EXPECT_EQ(text_of(out),
            "wanwise trace/1\n"
            "source: csv\n"
            "origin: bad.csv\n"
            "rates: throughput\n"
            "period-us: 10000000\n"
            "[uplink-rate] time-us,bps\n"
            "0,20000000\n"
            "1000000,21000000\n"
            "2000000,22000000\n"
            "3000000,\n"
            "9000000,20000000\n"
            "[radio] time-us,access,in-service,rssi-dbm,rsrp-dbm,rsrq-db,sinr-mdb,band,cell\n"
            "0,lte,1,,-80,,,,\n"
            "1000000,lte,0,,,,,,\n"
            "2000000,lte,1,,,,,,\n"
            "9000000,lte,1,,-80,,,,\n");
}

TEST_F(Trace, StrictMakesDefectsErrorsAndWritesNothing) {
  const std::string table = file("bad.csv", "t,up,p\n0,20,-80\n1,21,-140\n");
  const std::string out = m_folder.file("bad.trace");
  const Ended ended = trace({"import", table, "--map", kWalkMap, "--strict", "--out", out});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.out, HasSubstr("not written: --strict"));
  EXPECT_FALSE(std::filesystem::exists(out));
  EXPECT_EQ(trace({"import", walk(), "--map", kWalkMap, "--strict", "--out", out}).code, 0);
}

TEST_F(Trace, ExitCodesTellAWrongFileFromAWrongCommandLine) {
  const std::string out = m_folder.file("x.trace");
  const Ended unknown = trace({"import", file("a.txt", "hello\n"), "--out", out});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_THAT(unknown.err, HasSubstr("its format is not recognised"));
  EXPECT_EQ(trace({"import", m_folder.file("none"), "--out", out}).code, 1);
  const Ended map = trace({"import", walk(), "--map", "time=t", "--out", out});
  EXPECT_EQ(map.code, 2);
  EXPECT_THAT(map.err, HasSubstr("time=t needs a unit (allowed: s, ms, us, iso)"));
  const Ended direction = trace({"import", file("drive", "1\n5\n"), "--out", out});
  EXPECT_EQ(direction.code, 2);
  EXPECT_THAT(direction.err, HasSubstr("--direction"));
  EXPECT_EQ(trace({}).code, 2);
  EXPECT_EQ(trace({"import", walk()}).code, 2);
  EXPECT_EQ(trace({"info", walk(), "--format", "pcap"}).code, 2);
  EXPECT_EQ(trace({"generate", "--uplink", "fast", "--out", out}).code, 2);
  EXPECT_EQ(trace({"import", walk(), "--map", kWalkMap, "--out", "/nowhere/x"}).code, 1);
}

TEST_F(Trace, WhatARecordingSaysDoesNotReachTheTerminalRaw) {
  const std::string table = file("a.csv", "t,up,p\n0,20,-80\n0,\x1b[2J,-80\n");
  const Ended ended =
      trace({"import", table, "--map", kWalkMap, "--out", m_folder.file("a.trace")});
  EXPECT_THAT(ended.out, AllOf(HasSubstr("repeated-time"), Not(HasSubstr("\x1b"))));
}

TEST_F(Trace, InfoGivesFiguresAsTextAndJson) {
  const Ended text = trace({"info", walk(), "--map", kWalkMap});
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("csv, 120.0 s, rates: throughput"));
  EXPECT_THAT(text.out, HasSubstr("uplink: 0 of 120 seconds without delivery (0.0%)"));
  EXPECT_THAT(text.out, HasSubstr("correlation uplink with rsrp: 0.89 (n 120)"));
  const Ended ended = trace({"info", walk(), "--map", kWalkMap, "--output", "json"});
  const json::object info = json::parse(ended.out).at("traces").as_array().at(0).as_object();
  const json::object& uplink = info.at("series").as_array().at(0).as_object();
  EXPECT_EQ(uplink.at("name").as_string(), "uplink");
  EXPECT_NEAR(uplink.at("mean").as_double(), 15, 1e-9);
  EXPECT_EQ(uplink.at("p95").as_double(), 20);
  EXPECT_EQ(info.at("access").as_object().at("lte").to_number<double>(), 1);
}

TEST_F(Trace, GeneratedLinksAreTheSameForASeedAndReplayable) {
  const std::string a = m_folder.file("a.trace");
  const std::string b = m_folder.file("b.trace");
  for (const auto& out : {a, b})
    ASSERT_EQ(trace({"generate", "--law", "nr-static", "--uplink", "6Mbps", "--downlink", "8Mbps",
                     "--seconds", "60", "--seed", "7", "--out", out})
                  .code,
              0);
  EXPECT_EQ(text_of(a), text_of(b));
  EXPECT_THAT(text_of(a), HasSubstr("origin: nr-static, seed 7\n"));
  const Ended info = trace({"info", a});
  EXPECT_THAT(info.out, HasSubstr("nr-nsa 100.0%"));
}

TEST_F(Trace, AFitIsShownBesideTheRecording) {
  const std::string report = m_folder.file("fit.json");
  const Ended ended =
      trace({"generate", "--like", walk(), "--map", kWalkMap, "--rates", "capacity", "--seconds",
             "60", "--out", m_folder.file("g.trace"), "--report", report});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("fitted: uplink: rate from 120 seconds"));
  EXPECT_THAT(ended.out, HasSubstr("assumed: downlink: the uplink's shape"));
  EXPECT_THAT(ended.out, HasSubstr("Kolmogorov-Smirnov distance"));
  const json::object fit = json::parse(text_of(report)).as_object();
  const json::object& uplink =
      fit.at("goodness").as_object().at("rates").as_array().at(0).as_object();
  EXPECT_EQ(uplink.at("figures").as_array().size(), 8u);
  EXPECT_GT(uplink.at("kolmogorov_smirnov").as_object().at("distance").as_double(), 0);
  EXPECT_EQ(fit.at("law").as_object().at("uplink").as_object().at("mean_bps").as_int64(),
            15'000'000);
}

TEST_F(Trace, PlotWritesOnePageThatNeedsNoNetwork) {
  const std::string page = m_folder.file("page.html");
  const Ended ended = trace({"plot", walk(), "--map", kWalkMap, "--out", page});
  EXPECT_EQ(ended.code, 0) << ended.err;
  const std::string html = text_of(page);
  EXPECT_THAT(html, HasSubstr("uplink: median 15 Mb/s, 5% below 10, 95% below 20"));
  EXPECT_THAT(html, HasSubstr("walk.csv"));
  EXPECT_THAT(html, Not(HasSubstr("<script src")));
}

}  // namespace
}  // namespace wanwise::test
