// Our own trace file: written, read back, refused, and replayed by the world's readers.
#include "sim/world/air/trace_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace wanwise::sim {
namespace {

using core::milliseconds;
using core::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TraceFile whole_file() {
  TraceFile file;
  file.source = "ucc5g";
  file.licence = "CC BY 4.0 (someone)";
  file.origin = "walk.csv";
  file.meaning = RateMeaning::throughput;
  file.period = seconds(3);
  file.uplink.opportunities = {core::Micros{1}, core::Micros{1}, seconds(3)};
  file.downlink.steps = {{seconds(0), core::Bps{12'000}}, {seconds(1), std::nullopt}};
  RadioReading full;
  full.access = core::RadioAccess::nr_nsa;
  full.in_service = true;
  full.rssi_dbm = -60;
  full.rsrp_dbm = -90;
  full.rsrq_db = -11;
  full.sinr = core::MilliDb{-2500};
  full.band = 78;
  full.cell = 49304075;
  file.radio = {{seconds(0), full}, {seconds(2), RadioReading{}}};
  file.rtt = {{seconds(0), milliseconds(20)}, {seconds(0), std::nullopt}};
  return file;
}

constexpr const char* kWholeText =
    "wanwise trace/1\n"
    "source: ucc5g\n"
    "licence: CC BY 4.0 (someone)\n"
    "origin: walk.csv\n"
    "rates: throughput\n"
    "period-us: 3000000\n"
    "[uplink-opportunities] time-us,count\n"
    "1,2\n"
    "3000000,1\n"
    "[downlink-rate] time-us,bps\n"
    "0,12000\n"
    "1000000,\n"
    "[radio] time-us,access,in-service,rssi-dbm,rsrp-dbm,rsrq-db,sinr-mdb,band,cell\n"
    "0,nr-nsa,1,-60,-90,-11,-2500,78,49304075\n"
    "2000000,none,0,,,,,,\n"
    "[rtt] time-us,rtt-us\n"
    "0,20000\n"
    "0,\n";

TEST(TraceText, IsWrittenInOneForm) {
  EXPECT_EQ(format_trace(whole_file()), kWholeText);
}

TEST(TraceText, ReadsBackWhatWasWritten) {
  const auto file = parse_trace(kWholeText, "x");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(format_trace(*file), kWholeText);
  EXPECT_EQ(file->uplink.opportunities, whole_file().uplink.opportunities);
  EXPECT_EQ(file->downlink.steps, whole_file().downlink.steps);
  EXPECT_EQ(file->rtt, whole_file().rtt);
  EXPECT_EQ(file->radio[0].reading.sinr, core::MilliDb{-2500});
  EXPECT_EQ(file->meaning, RateMeaning::throughput);
}

TEST(TraceText, AHeaderCanNotBeSplitByWhatARecordingIsCalled) {
  TraceFile file = whole_file();
  file.origin = "a\nperiod-us: 1\x1b[2J";
  const auto back = parse_trace(format_trace(file), "x");
  ASSERT_TRUE(back);
  EXPECT_EQ(back->origin, "aperiod-us: 1[2J");
}

std::string error_of(const std::string& text) {
  const auto file = parse_trace(text, "x");
  return file ? "no error" : file.error().message;
}

TEST(TraceText, MistakesAreErrorsWithLineAndWhatIsAllowed) {
  const std::string head = "wanwise trace/1\nperiod-us: 1000\n";
  EXPECT_EQ(error_of("wanwise trace/2\n"), "x:1: 'wanwise trace/2' (allowed: wanwise trace/1)");
  EXPECT_EQ(error_of("wanwise trace/1\n[rtt] time-us,rtt-us\n"),
            "x:2: period-us must stand before the first section");
  EXPECT_EQ(error_of("wanwise trace/1\nspeed: 1\n"),
            "x:2: key 'speed' is unknown (allowed: source, licence, origin, rates, period-us)");
  EXPECT_EQ(error_of("wanwise trace/1\nrates: some\n"),
            "x:2: rates 'some' (allowed: capacity, throughput, carried)");
  EXPECT_EQ(error_of("wanwise trace/1\nperiod-us: 0\n"),
            "x:2: period-us '0' (allowed: 1 to 2592000000000)");
  EXPECT_THAT(error_of(head + "[speed] x\n"), HasSubstr("x:3: section '[speed] x' is unknown"));
  EXPECT_EQ(error_of(head), "x: holds no row");
  EXPECT_EQ(error_of("wanwise trace/1\n"), "x: period-us is missing");
  const std::string rtt = head + "[rtt] time-us,rtt-us\n";
  EXPECT_EQ(error_of(rtt + "1,2,3\n"), "x:4: 3 values (allowed: 2)");
  EXPECT_EQ(error_of(rtt + "1001,2\n"), "x:4: time-us '1001' (allowed: 0 to 1000)");
  EXPECT_EQ(error_of(rtt + "5,1\n4,1\n"), "x:5: time-us 4 comes after 5");
  EXPECT_EQ(error_of(rtt + "1,2\n" + "[rtt] time-us,rtt-us\n"),
            "x:5: '[rtt] time-us,rtt-us' stands twice");
  const std::string rate = head + "[uplink-rate] time-us,bps\n";
  EXPECT_EQ(error_of(rate + "5,1\n5,1\n"), "x:5: time-us 5 comes after 5");
  EXPECT_EQ(error_of(rate + "5,-1\n"), "x:4: bps '-1' (allowed: 0 to 100000000000)");
  EXPECT_EQ(error_of(rate + "1,1\n[uplink-opportunities] time-us,count\n1,1\n"),
            "x: one direction has both a rate and opportunities");
  const std::string radio =
      head + "[radio] time-us,access,in-service,rssi-dbm,rsrp-dbm,rsrq-db,sinr-mdb,band,cell\n";
  EXPECT_EQ(error_of(radio + "0,6g,1,,,,,,\n"),
            "x:4: access '6g' (allowed: none, gsm, umts, lte, nr-nsa, nr-sa)");
  EXPECT_EQ(error_of(radio + "0,lte,1,,-20,,,,\n"), "x:4: rsrp-dbm '-20' (allowed: -156 to -31)");
}

TEST(TraceText, OpportunitiesAreBounded) {
  std::string text = "wanwise trace/1\nperiod-us: 1000\n[uplink-opportunities] time-us,count\n";
  EXPECT_THAT(error_of(text + "1,100001\n"), HasSubstr("count '100001' (allowed: 1 to 100000)"));
  for (int i = 0; i <= 200; ++i) text += std::to_string(i) + ",100000\n";
  EXPECT_THAT(error_of(text), HasSubstr("more than 20000000 opportunities"));
}

TEST(Steps, CarryTheIntegralOfTheirRate) {
  // 12 Mb/s is an opportunity a millisecond; half of it every two.
  const auto trace = opportunities_of(
      {{seconds(0), core::Bps{12'000'000}}, {milliseconds(5), core::Bps{6'000'000}}},
      milliseconds(10));
  ASSERT_TRUE(trace);
  EXPECT_THAT(trace->opportunities,
              ElementsAre(milliseconds(1), milliseconds(2), milliseconds(3), milliseconds(4),
                          milliseconds(5), milliseconds(7), milliseconds(9)));
  EXPECT_EQ(trace->period, milliseconds(10));
}

TEST(Steps, WhatIsLeftOfOneStepCountsInTheNext) {
  const auto trace = opportunities_of(
      {{seconds(0), core::Bps{9'000}}, {seconds(1), core::Bps{3'000}}}, seconds(2));
  ASSERT_TRUE(trace);
  EXPECT_THAT(trace->opportunities, ElementsAre(seconds(2)));
}

TEST(Steps, UnknownStretchesHoldTheLastRateAndDeadOnesCarryNothing) {
  const auto trace = opportunities_of({{seconds(0), std::nullopt},
                                       {seconds(1), core::Bps{12'000}},
                                       {seconds(2), std::nullopt},
                                       {seconds(3), core::Bps{0}}},
                                      seconds(9));
  ASSERT_TRUE(trace);
  EXPECT_THAT(trace->opportunities, ElementsAre(seconds(1), seconds(2), seconds(3)));
  EXPECT_EQ(opportunities_of({{seconds(0), core::Bps{0}}}, seconds(1)).error().message,
            "its rate never carries one packet");
}

class Readers : public ::testing::Test {
 protected:
  Readers()
      : m_path((std::filesystem::temp_directory_path() /
                ("wanwise-own-trace-" + std::to_string(getpid()) + "-" +
                 ::testing::UnitTest::GetInstance()->current_test_info()->name()))
                   .string()) {}
  ~Readers() override { std::filesystem::remove(m_path); }
  void write(const TraceFile& file) { std::ofstream(m_path) << format_trace(file); }
  std::string m_path;
};

TEST_F(Readers, TakeADirectionByNameWhereThereAreTwo) {
  write(whole_file());
  EXPECT_THAT(read_rate_trace(m_path).error().message,
              HasSubstr("has both directions (allowed: PATH#uplink, PATH#downlink)"));
  const auto up = read_rate_trace(m_path + "#uplink");
  ASSERT_TRUE(up) << up.error().message;
  EXPECT_EQ(up->trace.opportunities.size(), 3u);
  EXPECT_EQ(up->trace.period, seconds(3));
  const auto down = read_rate_trace(m_path + "#downlink");
  ASSERT_TRUE(down) << down.error().message;
  EXPECT_THAT(down->trace.opportunities, ElementsAre(seconds(1), seconds(2), seconds(3)));
  EXPECT_THAT(down->notes.lines, Contains("2.0 s of 3.0 s have no rate; the last one holds"));
  EXPECT_THAT(down->notes.lines, Contains(HasSubstr("a lower bound of the capacity")));
}

TEST_F(Readers, TakeRadioValues) {
  write(whole_file());
  const auto radio = read_radio_trace(m_path);
  ASSERT_TRUE(radio) << radio.error().message;
  EXPECT_EQ(radio->trace.points.size(), 2u);
  EXPECT_EQ(radio->trace.period, seconds(3));
  TraceFile bare = whole_file();
  bare.radio.clear();
  write(bare);
  EXPECT_THAT(read_radio_trace(m_path).error().message, HasSubstr("has no radio values"));
}

TEST_F(Readers, RefuseRatesThatAreNoCapacity) {
  TraceFile file = whole_file();
  file.meaning = RateMeaning::carried;
  write(file);
  EXPECT_THAT(read_rate_trace(m_path + "#uplink").error().message,
              HasSubstr("its rates are what was carried, not what the link could carry"));
  file = whole_file();
  file.uplink = {};
  write(file);
  EXPECT_THAT(read_rate_trace(m_path + "#uplink").error().message, HasSubstr("has no uplink rate"));
}

}  // namespace
}  // namespace wanwise::sim
