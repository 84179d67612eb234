// Any table by a map of its columns.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/traces/fields.hpp"
#include "tests/unit/traces/lines.hpp"

namespace wanwise::sim::testing {
namespace {

using core::milliseconds;
using core::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

ImportOptions mapped(const std::string& map) {
  ImportOptions options;
  const auto parsed = parse_column_map(map);
  EXPECT_TRUE(parsed) << parsed.error().message;
  if (parsed) options.columns = *parsed;
  return options;
}

std::string map_error(const std::string& map) {
  const auto parsed = parse_column_map(map);
  return parsed ? "no error" : parsed.error().code + ": " + parsed.error().message;
}

TEST(ColumnMap, MistakesSayWhatIsAllowed) {
  EXPECT_EQ(map_error("time=t:s,speed=v"),
            "trace-map: field 'speed' is unknown (allowed: time, uplink, downlink, rtt, rsrp, "
            "rsrq, sinr, rssi, access, band, cell)");
  EXPECT_EQ(map_error("time=t:s,uplink=u"),
            "trace-map: uplink=u needs a unit (allowed: bps, kbps, Mbps, Gbps, Bps, kBps, MBps, "
            "bytes-total)");
  EXPECT_EQ(map_error("time=t:h,uplink=u:bps"),
            "trace-map: time: unit 'h' is unknown (allowed: s, ms, us, iso)");
  EXPECT_EQ(map_error("time=t:s"), "trace-map: a field besides time is needed");
  EXPECT_EQ(map_error("rsrp=r"),
            "trace-map: time is needed once (allowed: time=COLUMN:UNIT, time=row)");
  EXPECT_EQ(map_error("time=t:s,rsrp=a,rsrp=b"), "trace-map: field 'rsrp' stands twice");
  EXPECT_EQ(map_error("time=#0:s,rsrp=a"), "trace-map: '#0' is no column (allowed: #1 to #512)");
  EXPECT_EQ(map_error("time"), "trace-map: 'time' is no FIELD=COLUMN");
}

TEST(Csv, UnitsAreBroughtToOurs) {
  const std::string text =
      "ts;up;down;ping;p;q;s\n"
      "1000;1.5;100;20;-900;-105;7\n"
      "1500;2;50;;-910;-110;8\n";
  const auto r = import_text(text, "a.csv",
                             mapped("time=ts:ms,uplink=up:Mbps,downlink=down:kBps,rtt=ping:ms,"
                                    "rsrp=p:dBm*10,rsrq=q:dB*10,sinr=s:dB"));
  EXPECT_THAT(report_of(r), IsEmpty());
  EXPECT_EQ(r->file.uplink.steps[0], (RatePoint{seconds(0), core::Bps{1'500'000}}));
  EXPECT_EQ(r->file.downlink.steps[1], (RatePoint{milliseconds(500), core::Bps{400'000}}));
  EXPECT_EQ(r->file.rtt[0].rtt, milliseconds(20));
  EXPECT_EQ(r->file.rtt[1].rtt, std::nullopt) << "an empty round trip is a lost one";
  EXPECT_EQ(r->file.radio[0].reading.rsrp_dbm, -90);
  EXPECT_EQ(r->file.radio[1].reading.rsrq_db, -11);
  EXPECT_EQ(r->file.radio[1].reading.sinr, core::MilliDb{8000});
  EXPECT_EQ(r->file.period, seconds(1));
  EXPECT_EQ(r->file.meaning, RateMeaning::throughput);
}

TEST(Csv, ColumnsByNumberNeedNoHeaderAndTimeMayBeIso) {
  const auto r =
      import_text("\"2026-01-31T23:59:59.5Z\",4,LTE,7\n2026-02-01 00:00:00.500+00:00,5,5G,8\n", "a",
                  mapped("time=#1:iso,downlink=#2:Mbps,access=#3,cell=#4"));
  EXPECT_THAT(report_of(r), IsEmpty());
  EXPECT_EQ(r->file.downlink.steps[1], (RatePoint{seconds(1), core::Bps{5'000'000}}));
  EXPECT_EQ(r->file.radio[1].reading.access, core::RadioAccess::nr_nsa);
  EXPECT_EQ(r->file.radio[1].reading.cell, 8);
}

TEST(Csv, RowsMayBeTheClock) {
  const auto r = import_text("3\n4\n", "a", mapped("time=row,uplink=#1:Mbps"));
  ASSERT_TRUE(r) << error_of(r);
  EXPECT_EQ(r->file.uplink.steps[1], (RatePoint{seconds(1), core::Bps{4'000'000}}));
}

TEST(Csv, ACounterThatFallsIsAResetAndGivesNoRate) {
  const auto r = import_text("t,b\n0,1000\n1,2000\n2,500\n3,1500\n", "a",
                             mapped("time=t:s,uplink=b:bytes-total"));
  EXPECT_THAT(report_of(r),
              ElementsAre("counter-reset uplink: 1 row, line 4: '500'; no rate there"));
  EXPECT_EQ(r->file.uplink.steps, (std::vector<RatePoint>{{seconds(0), std::nullopt},
                                                          {seconds(1), core::Bps{8000}},
                                                          {seconds(2), std::nullopt},
                                                          {seconds(3), core::Bps{8000}}}));
  EXPECT_EQ(r->file.meaning, RateMeaning::carried);
}

TEST(Csv, ARateAThousandfoldAboveItsNeighboursIsInAnotherUnit) {
  const auto r = import_text("t,u\n0,5000\n1,4800000\n2,5100\n3,0\n4,5000\n", "a",
                             mapped("time=t:s,uplink=u:kbps"));
  EXPECT_THAT(report_of(r), ElementsAre("unit-mix uplink: 1 row, line 3: '4800000000'; no value"));
  EXPECT_EQ(r->file.uplink.steps[1], (RatePoint{seconds(1), std::nullopt}));
}

TEST(Csv, EveryOtherDefectIsTold) {
  const auto r = import_text(
      "t,u,p,r\n0,5,-90,10\n1,-5,-140,-4\n2,,90,10\n2,5,-90,10\n1,5,-90,10\n3,5,-300,10\n9,5,-90,"
      "10\n",
      "a", mapped("time=t:s,uplink=u:Mbps,rsrp=p,rtt=r:ms"));
  EXPECT_THAT(
      report_of(r),
      ElementsAre("out-of-range uplink: 1 row, line 3: '-5'; no value",
                  "out-of-range rtt: 1 row, line 3: '-4'; no value",
                  "no-signal rsrp: 1 row, line 3: '-140'; no value",
                  "missing uplink: 1 row, line 4; no value",
                  "minus-sign rsrp: 1 row, line 4: '90'; no value",
                  "repeated-time time: 1 row, line 5: '2,5,-90,10'; row left out",
                  "time-back time: 1 row, line 6: '1,5,-90,10'; row left out",
                  "out-of-range rsrp: 1 row, line 7: '-300'; no value",
                  "gap time: 1 row, line 8: '6.0 s'; rates unknown there, radio values hold"));
}

TEST(Csv, MistakesAreErrorsWithFileAndLine) {
  EXPECT_THAT(error_of(import_text("a,b\n", "x", as(TraceFormat::csv))),
              HasSubstr("trace-map: x: csv needs a map of its columns (--map)"));
  EXPECT_THAT(error_of(import_text("a,b\n1,2\n", "x", mapped("time=t:s,uplink=b:bps"))),
              HasSubstr("x:1: column 't' is missing"));
  EXPECT_THAT(error_of(import_text("t,b\n1,fast\n", "x", mapped("time=t:s,uplink=b:bps"))),
              HasSubstr("x:2: uplink 'fast' is not a number"));
  EXPECT_THAT(error_of(import_text("t,b\nnoon,1\n", "x", mapped("time=t:s,uplink=b:bps"))),
              HasSubstr("x:2: time 'noon' is not a time"));
  // Seconds and milliseconds mixed.
  EXPECT_THAT(error_of(import_text("t,b\n1700000000,1\n1700000001000,1\n", "x",
                                   mapped("time=t:s,uplink=b:bps"))),
              HasSubstr("x:3: the clock jumps to 1700000001000"));
  ImportOptions wrong = mapped("time=t:s,uplink=b:bps");
  wrong.format = TraceFormat::mahimahi;
  EXPECT_THAT(error_of(import_text("1\n", "x", wrong)), HasSubstr("goes with --format csv only"));
}

TEST(Fields, TimesOfCalendarsAreSecondsSince1970) {
  EXPECT_EQ(iso_seconds("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(iso_seconds("2024-02-29 12:00:00"), 1'709'208'000);
  EXPECT_EQ(iso_seconds("2024-02-29T12:00:00.25+01:00"), 1'709'204'400.25);
  EXPECT_EQ(iso_seconds("2024-02-29T12:00:00-0130"), 1'709'213'400);
  EXPECT_EQ(ucc_seconds("2024.02.29_12.00.00"), 1'709'208'000);
  for (const char* bad :
       {"", "2024", "2024-13-01T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:00:00.Z",
        "2024-01-01T00:00:00+1", "2024-01-01T00:00:00Zx"})
    EXPECT_FALSE(iso_seconds(bad)) << bad;
}

TEST(Fields, QuotesKeepTheirSeparatorsAndBlanksRunTogether) {
  EXPECT_THAT(split_fields("a,\"b,c\" ,, d", ','), ElementsAre("a", "b,c", "", "d"));
  EXPECT_THAT(split_fields("  a \t b ", ' '), ElementsAre("a", "b"));
  EXPECT_THAT(split_fields("\"open,x", ','), ElementsAre("open,x"));
  EXPECT_EQ(guess_separator("a;b;c,d"), ';');
  EXPECT_EQ(guess_separator("a b"), ' ');
}

}  // namespace
}  // namespace wanwise::sim::testing
