// Each importer on invented lines, with every defect it knows.
#include "sim/traces/import.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/traces/lines.hpp"

namespace wanwise::sim::testing {
namespace {

using core::milliseconds;
using core::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Recognise, TellsEachLayoutByItsFirstLine) {
  EXPECT_EQ(recognise_format("wanwise trace/1\n"), TraceFormat::wanwise);
  EXPECT_EQ(recognise_format("831\n880\n"), TraceFormat::mahimahi);
  EXPECT_EQ(recognise_format(kFjordHeader), TraceFormat::fjordlink);
  EXPECT_EQ(recognise_format(kCicvHeader), TraceFormat::cicv5g);
  EXPECT_EQ(recognise_format(kUccHeader), TraceFormat::ucc5g);
  EXPECT_EQ(recognise_format("0.57,Mbits/sec\n"), TraceFormat::nyu_mets);
  EXPECT_EQ(recognise_format("12.6,9,0,102,13,3,7.37,2100\n"), TraceFormat::nyu_mets);
  EXPECT_EQ(recognise_format("a,b,c\n"), TraceFormat::automatic);
  EXPECT_EQ(recognise_format(""), TraceFormat::automatic);
}

TEST(Recognise, AnUnknownLayoutIsAnErrorThatNamesTheKnownOnes) {
  EXPECT_EQ(error_of(import_text("a,b\n1,2\n", "x.csv", {})),
            "trace-invalid: x.csv: its format is not recognised (allowed: mahimahi, fjordlink, "
            "cicv5g, ucc5g, nyu-mets, or csv with a map of its columns)");
}

TEST(Recognise, NamesAndLicencesGoWithTheLayout) {
  for (const char* name :
       {"auto", "wanwise", "mahimahi", "fjordlink", "cicv5g", "ucc5g", "nyu-mets", "csv"}) {
    const auto format = to_format(name);
    ASSERT_TRUE(format) << name;
    EXPECT_STREQ(name_of(*format), name);
  }
  EXPECT_FALSE(to_format("pcap"));
  EXPECT_THAT(licence_of(TraceFormat::fjordlink), HasSubstr("CC BY 4.0"));
  EXPECT_THAT(licence_of(TraceFormat::ucc5g), HasSubstr("GPL-3.0"));
  EXPECT_THAT(licence_of(TraceFormat::nyu_mets), HasSubstr("ODbL"));
  EXPECT_EQ(licence_of(TraceFormat::csv), "");
}

TEST(Mahimahi, DirectionComesFromTheNameOrTheOption) {
  const auto up = import_text("1\n1\n3\n", "walk.up.gz", {});
  ASSERT_TRUE(up) << error_of(up);
  EXPECT_EQ(up->file.uplink.opportunities,
            (std::vector{milliseconds(1), milliseconds(1), milliseconds(3)}));
  EXPECT_EQ(up->file.period, milliseconds(3));
  EXPECT_EQ(up->file.meaning, RateMeaning::capacity);
  EXPECT_EQ(up->file.source, "mahimahi");
  EXPECT_FALSE(import_text("1\n", "walk.down", {})->file.downlink.empty());
  ImportOptions options;
  options.direction = Direction::downlink;
  EXPECT_FALSE(import_text("1\n", "walk", options)->file.downlink.empty());
  EXPECT_THAT(error_of(import_text("1\n", "walk", {})), HasSubstr("trace-direction: walk: which"));
}

TEST(Mahimahi, TimesThatGoBackAreLeftOutAndPausesAreNoDefect) {
  const auto r = import_text("5\n4\n3\n2500\n2600\n", "a.up", {});
  EXPECT_THAT(report_of(r), ElementsAre("time-back time: 2 rows, first line 2: '4'; row left out"));
  EXPECT_THAT(r->report.remarks, ElementsAre("1 pauses without delivery beyond 1 s, the longest "
                                             "2.4 s from 0.0 s on"));
  EXPECT_EQ(r->report.rows, 5);
}

TEST(Mahimahi, BrokenWordsAndEmptyFilesAreErrors) {
  EXPECT_EQ(error_of(import_text("1\n2.5\n", "a.up", {})),
            "trace-invalid: a.up:2: '2.5' is not a time (allowed: milliseconds since the start, 0 "
            "to 2592000000)");
  EXPECT_THAT(error_of(import_text("1\n-1\n", "a.up", {})), HasSubstr("a.up:2: '-1'"));
  EXPECT_THAT(error_of(import_text("", "a.up", as(TraceFormat::mahimahi))),
              HasSubstr("holds no delivery opportunity"));
  EXPECT_THAT(error_of(import_text("0\n", "a.up", {})), HasSubstr("the last time is 0"));
}

TEST(FjordLink, GivesRadioAndWhatTheInterfaceCarried) {
  const auto r = import_text(
      kFjordHeader + fjord("0.0", "5G NSA,1,77,384,B3@20Mhz,-41,-73,-120,4", "-70,-110,7") +
          fjord("1.0", "LTE,1,78,384,B7@20Mhz,-41,-73,-120,4", ",,", "3000,500"),
      "a.csv", {});
  EXPECT_THAT(report_of(r), IsEmpty());
  ASSERT_EQ(r->file.radio.size(), 2u);
  EXPECT_EQ(r->file.radio[0].reading.rsrp_dbm, -70);
  EXPECT_EQ(r->file.radio[0].reading.rsrq_db, -11);
  EXPECT_EQ(r->file.radio[0].reading.band, 3);
  EXPECT_EQ(r->file.radio[1].reading.rsrp_dbm, -73);
  EXPECT_EQ(r->file.radio[1].reading.cell, 78);
  EXPECT_EQ(r->file.meaning, RateMeaning::carried);
  EXPECT_EQ(r->file.uplink.steps[0], (RatePoint{seconds(0), core::Bps{1000}}));
  EXPECT_EQ(r->file.downlink.steps[1], (RatePoint{seconds(1), core::Bps{3000}}));
  EXPECT_EQ(r->file.period, seconds(2));
}

TEST(FjordLink, EveryDefectIsToldWithItsFirstLineAndNeverUsed) {
  const std::string good = "LTE,1,77,384,B3,-41,-73,-120,4";
  const auto r =
      import_text(kFjordHeader + fjord("0.0", good, ",,") +
                      fjord("1.0", "LTE,1,77,384,B3,-41,-140,-120,4", ",,") +  // no signal
                      fjord("2.0", "LTE,1,77,384,B3,-41,73,-120,4", ",,") +    // sign slip
                      fjord("3.0", "LTE,1,77,384,B3,-41,-73,-12,4", ",,") +    // dB in tenths of dB
                      fjord("4.0", "LTE,1,77,384,B3,-41,-73,-120,99", ",,") +  // out of range
                      fjord("5.0", "LTE,1,77,384,B3,-41,,-120,4", ",,") +      // missing
                      fjord("5.0", "LTE,1,77,384,B3,-41,,-120,4", ",,") +      // the same row
                      fjord("5.0", good, ",,") +                               // the same time
                      fjord("4.5", good, ",,") +                               // back
                      fjord("10.0", good, ",,") +                              // gap
                      fjord("11.0", good, ",,", "-5,"),                        // rates
                  "a.csv", {});
  EXPECT_THAT(
      report_of(r),
      ElementsAre("no-signal rsrp: 1 row, line 3: '-140'; no value",
                  "minus-sign rsrp: 1 row, line 4: '73'; no value",
                  "unit-mix rsrq: 1 row, line 5: '-12'; no value",
                  "out-of-range sinr: 1 row, line 6: '99'; no value",
                  "missing rsrp: 1 row, line 7; no value",
                  "repeated-row time: 1 row, line 8: '5.0,1.5,2.5,0.0,3,0,Invented,LTE,1,77,384,"
                  "B3,-41,,-120,4,4,1'; row left out",
                  "repeated-time time: 1 row, line 9: '5.0,1.5,2.5,0.0,3,0,Invented,LTE,1,77,384,"
                  "B3,-41,-73,-120,4,'; row left out",
                  "time-back time: 1 row, line 10: '4.5,1.5,2.5,0.0,3,0,Invented,LTE,1,77,384,B3,"
                  "-41,-73,-120,4,'; row left out",
                  "missing tx_bps: 1 row, line 12; no value",
                  "out-of-range rx_bps: 1 row, line 12: '-5'; no value",
                  "gap time: 1 row, line 11: '5.0 s'; rates unknown there, radio values hold"));
  EXPECT_FALSE(r->file.radio[1].reading.in_service);
  EXPECT_FALSE(r->file.radio[2].reading.rsrp_dbm);
  EXPECT_FALSE(r->file.radio[3].reading.rsrq_db);
  EXPECT_FALSE(r->file.radio[4].reading.sinr);
  // The gap's rate is unknown from a usual step after the last row on.
  EXPECT_EQ(r->file.uplink.steps[6], (RatePoint{seconds(6), std::nullopt}));
  EXPECT_EQ(r->file.uplink.steps[7], (RatePoint{seconds(10), core::Bps{1000}}));
}

TEST(FjordLink, SignsAreMendedOnlyWhenAskedForAndTold) {
  ImportOptions options;
  options.mend_signs = true;
  const auto r = import_text(kFjordHeader + fjord("0.0", "LTE,1,77,384,B3,-41,73,-120,4", ",,"),
                             "a.csv", options);
  EXPECT_THAT(report_of(r), ElementsAre("mended-sign rsrp: 1 row, line 2: '73'; sign turned, as "
                                        "asked for"));
  EXPECT_EQ(r->file.radio[0].reading.rsrp_dbm, -73);
}

TEST(FjordLink, BrokenFilesAreErrors) {
  const auto of = [](const std::string& text) { return error_of(import_text(text, "a.csv", {})); };
  EXPECT_THAT(of("t_s,class\n"), HasSubstr("a.csv:1: column 'rsrp' is missing"));
  EXPECT_THAT(of(kFjordHeader), HasSubstr("a.csv: holds no row"));
  const std::string good = "LTE,1,77,384,B3,-41,-73,-120,4";
  EXPECT_THAT(of(kFjordHeader + fjord("x", good, ",,")), HasSubstr(":2: t_s 'x' is not a number"));
  EXPECT_THAT(of(kFjordHeader + fjord("0", "6G,1,7,3,B3,-41,-73,-120,4", ",,")),
              HasSubstr(":2: class '6G' is unknown"));
  EXPECT_THAT(of(kFjordHeader + fjord("0", "LTE,1,7x,3,B3,-41,-73,-120,4", ",,")),
              HasSubstr(":2: cell '7x' is not a number"));
  EXPECT_THAT(of(kFjordHeader + fjord("0", "LTE,1,7,3,B3,-41,low,-120,4", ",,")),
              HasSubstr(":2: rsrp 'low' is not a number"));
  EXPECT_THAT(of(kFjordHeader + fjord("0", good, ",,", "1,fast")),
              HasSubstr(":2: tx_bps 'fast' is not a number"));
  EXPECT_THAT(of(kFjordHeader + fjord("0", good, ",,") + fjord("1e9", good, ",,")),
              HasSubstr(":3: the clock jumps to 1e9"));
}

TEST(Cicv5g, GivesRoundTripsAndRadioPerMessage) {
  const auto r = import_text(std::string(kCicvHeader) +
                                 "1700000000000 1700000000022 22 0 0 0 0 5C4AB 9 -71\n"
                                 "1700000000055 1700000000078 23.5 0 0 0 0 5C4AB 9 -71 \n",
                             "a.txt", {});
  EXPECT_THAT(report_of(r), IsEmpty());
  EXPECT_EQ(r->file.rtt[1], (RttPoint{milliseconds(55), core::Micros{23'500}}));
  EXPECT_EQ(r->file.radio[0].reading.cell, 0x5C4AB);
  EXPECT_EQ(r->file.radio[0].reading.sinr, core::MilliDb{9000});
  EXPECT_TRUE(r->file.uplink.empty());
}

TEST(Cicv5g, DefectsAndErrors) {
  const auto row = [](const char* time, const char* delay, const char* radio) {
    return std::string(time) + " 0 " + delay + " 0 0 0 0 " + radio + "\n";
  };
  const std::string header = kCicvHeader;
  const auto r =
      import_text(header + row("100000", "20", "5C 9 -71") + row("100050", "-3", "5C 9 -71") +
                      row("100100", "20", "5C 9 -200") + row("100020", "20", "5C 9 -71") +
                      row("104000", "20", "5C 9 71"),
                  "a.txt", {});
  EXPECT_THAT(report_of(r),
              ElementsAre("out-of-range delay: 1 row, line 3: '-3'; no value",
                          "no-signal rsrp: 1 row, line 4: '-200'; no value",
                          "time-back time: 1 row, line 5: '100020 0 20 0 0 0 0 5C 9 -71'; row left "
                          "out",
                          "minus-sign rsrp: 1 row, line 6: '71'; no value",
                          "gap time: 1 row, line 6: '3.9 s'; rates unknown there, radio values "
                          "hold"));
  EXPECT_EQ(r->file.rtt.size(), 3u);
  EXPECT_THAT(error_of(import_text(header + row("1", "x", "5C 9 -71"), "a", {})),
              HasSubstr("a:2: delay 'x' is not a number"));
  EXPECT_THAT(error_of(import_text(header + row("1", "1", "XY 9 -71"), "a", {})),
              HasSubstr("a:2: cellid 'XY' is not a hexadecimal number"));
  EXPECT_THAT(error_of(import_text("pub_time(ms) delay(ms)\n", "a", {})),
              HasSubstr("a:1: column 'cellid(db)' is missing"));
}

TEST(Ucc5g, RatesNearPingsAndIdleRowsAreNotTheLinks) {
  std::string text = kUccHeader;
  for (int s = 0; s <= 12; ++s)
    text += ucc(s, "LTE", "-98", "8000", "D", s == 5 ? "80.0,79,81,1.0,0.0" : "-,-,-,-,-");
  text += ucc(13, "LTE", "-98", "0", "I");
  const auto r = import_text(text, "a.csv", {});
  EXPECT_THAT(report_of(r),
              ElementsAre("idle DL_bitrate: 1 row, line 15: '0'; no rate there",
                          "ping-shadow DL_bitrate: 7 rows, first line 4: '8000'; no rate there"));
  using Steps = std::vector<RatePoint>;
  const auto known = [](int s) { return RatePoint{seconds(s), core::Bps{8'000'000}}; };
  EXPECT_EQ(r->file.downlink.steps, (Steps{known(0),
                                           known(1),
                                           {seconds(2), std::nullopt},
                                           known(9),
                                           known(10),
                                           known(11),
                                           known(12),
                                           {seconds(13), std::nullopt}}));
  EXPECT_EQ(r->file.rtt, (std::vector<RttPoint>{{seconds(5), milliseconds(80)}}));
  EXPECT_TRUE(r->file.uplink.empty()) << "UL_bitrate is acknowledgements";
  EXPECT_EQ(r->file.meaning, RateMeaning::throughput);
}

TEST(Ucc5g, SentinelsRepeatedSecondsLostPingsAndMissingRates) {
  std::string text = kUccHeader;
  text += ucc(0, "5G", "-98", "8000");
  text += ucc(1, "LTE", "-200", "8000");
  text += ucc(2, "HSPA+", "-98", "-");
  text += ucc(3, "-", "-98", "8000");
  text += ucc(3, "-", "-98", "8000");
  text += ucc(3, "LTE", "-98", "9000", "D", "-,-,-,-,100.0");
  text += ucc(5, "LTE", "-98", "8000");
  const auto r = import_text(text, "a.csv", {});
  EXPECT_THAT(
      report_of(r),
      ElementsAre(
          "no-signal rsrp: 1 row, line 3: '-200'; no value",
          "missing DL_bitrate: 1 row, line 4: '-'; no value",
          "repeated-row time: 1 row, line 6: '2020.02.28_23.59.03,-1.5,2.5,0,B,12,-,-98,-10,"
          "3.0,12,-88,800'; row left out",
          "repeated-time time: 1 row, line 7: '2020.02.28_23.59.03,-1.5,2.5,0,B,12,LTE,-98,"
          "-10,3.0,12,-88,9'; row left out",
          "ping-shadow DL_bitrate: 4 rows, first line 2: '8000'; no rate there"));
  // The ping row repeats a second; its loss still counts.
  EXPECT_EQ(r->file.rtt, (std::vector<RttPoint>{{seconds(3), std::nullopt}}));
  EXPECT_EQ(r->file.radio[0].reading.access, core::RadioAccess::nr_nsa);
  EXPECT_EQ(r->file.radio[2].reading.access, core::RadioAccess::umts);
  EXPECT_FALSE(r->file.radio[3].reading.in_service);
}

TEST(Ucc5g, BrokenFilesAreErrors) {
  const std::string header = kUccHeader;
  const auto of = [](const std::string& text) { return error_of(import_text(text, "a.csv", {})); };
  EXPECT_THAT(of(header + "2020-02-28 23:59:00,1,1\n"),
              HasSubstr(":2: Timestamp '2020-02-28 23:59:00' (allowed: YYYY.MM.DD_HH.MM.SS)"));
  EXPECT_THAT(of(header + ucc(1, "6G", "-98", "1")), HasSubstr(":2: NetworkMode '6G' is unknown"));
  EXPECT_THAT(of(header + ucc(1, "LTE", "-98", "fast")),
              HasSubstr(":2: DL_bitrate 'fast' is not a number"));
  EXPECT_THAT(of(header + ucc(1, "LTE", "-98", "1", "D", "x,1,1,1,0")),
              HasSubstr(":2: PINGAVG 'x' is not a time in ms"));
  ImportOptions up;
  up.direction = Direction::uplink;
  EXPECT_THAT(error_of(import_text(header + ucc(1, "LTE", "-98", "1"), "a", up)),
              HasSubstr("trace-direction: a: its uplink column counts acknowledgements only"));
}

TEST(NyuMets, EachRowHasItsOwnUnit) {
  const auto r =
      import_text("1.5,Mbits/sec\n250,Kbits/sec\n0.00,bits/sec\n0.001,Gbits/sec\n", "a.csv", {});
  EXPECT_THAT(report_of(r), IsEmpty());
  std::vector<std::int64_t> rates;
  for (const auto& p : r->file.downlink.steps) rates.push_back(p.rate->count);
  EXPECT_THAT(rates, ElementsAre(1'500'000, 250'000, 0, 1'000'000));
  EXPECT_THAT(r->report.remarks,
              ElementsAre("rows have no time: taken as one second each",
                          "2 rows are in a unit other than Mbits/sec; each by its own"));
}

TEST(NyuMets, MissingSignsAreToldAndChangesOfTheStationCounted) {
  const std::string text = "12.6,9,0,-102,-13,3,7.37,2100\n3.1,9,1,102,13,3,6.5,2100\n";
  const auto r = import_text(text, "a.txt", {});
  EXPECT_THAT(report_of(r), ElementsAre("minus-sign rsrp: 1 row, line 2: '102'; no value",
                                        "minus-sign rsrq: 1 row, line 2: '13'; no value"));
  EXPECT_EQ(r->file.radio[0].reading.rsrq_db, -13);
  EXPECT_FALSE(r->file.radio[1].reading.rsrp_dbm);
  EXPECT_NE(r->file.radio[0].reading.cell, r->file.radio[1].reading.cell);
  ImportOptions mend;
  mend.mend_signs = true;
  EXPECT_EQ(import_text(text, "a.txt", mend)->file.radio[1].reading.rsrq_db, -13);
}

TEST(NyuMets, BrokenRowsAreErrors) {
  const auto of = [](const std::string& text) {
    return error_of(import_text(text, "a", as(TraceFormat::nyu_mets)));
  };
  EXPECT_THAT(of("1,Mbits/sec\n2,MBytes\n"), HasSubstr("a:2: unit 'MBytes' is unknown"));
  EXPECT_THAT(of("1,Mbits/sec\n2\n"), HasSubstr("a:2: 1 columns (allowed: 2, 8)"));
  EXPECT_THAT(of("1,2,3,-90,-9,1,1,1\n"), HasSubstr("base station changed '3' (allowed: 0, 1)"));
}

TEST(Limits, LinesAndRowsAreBounded) {
  const std::string line(kMaxLineBytes + 1, 'x');
  EXPECT_THAT(error_of(import_text(kFjordHeader + line, "a", {})),
              HasSubstr("a:2: the line is longer than 8192 bytes"));
  std::string rows;
  rows.reserve((kMaxImportRows + 1) * 12);
  for (std::size_t i = 0; i <= kMaxImportRows; ++i) rows += "1,bits/sec\n";
  EXPECT_THAT(error_of(import_text(rows, "a", {})), HasSubstr("more than 2000000 rows"));
}

}  // namespace
}  // namespace wanwise::sim::testing
