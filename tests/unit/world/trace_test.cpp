#include "sim/world/air/trace.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>

#include "sim/world/kernel/text_file.hpp"

namespace wanwise::sim {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

const std::filesystem::path kTraces =
    std::filesystem::path(WANWISE_SOURCE_DIR) / "../shared/traces";

/// Files of one test, gone afterwards.
class Traces : public ::testing::Test {
 protected:
  Traces()
      : m_folder(std::filesystem::temp_directory_path() /
                 ("wanwise-trace-" + std::to_string(getpid()) + "-" +
                  ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::create_directories(m_folder);
  }
  ~Traces() override { std::filesystem::remove_all(m_folder); }

  std::string file(const std::string& text, const std::string& name = "trace") {
    const std::string path = (m_folder / name).string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  std::string gzip(const std::string& text) {
    const std::string path = (m_folder / "trace.gz").string();
    gzFile out = gzopen(path.c_str(), "wb");
    gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
    gzclose(out);
    return path;
  }
  std::filesystem::path m_folder;
};

std::string error_of(const core::Expected<LoadedRate>& r) {
  return r ? "no error" : r.error().code + " " + r.error().message;
}
std::string error_of(const core::Expected<LoadedRadio>& r) {
  return r ? "no error" : r.error().code + " " + r.error().message;
}

TEST_F(Traces, RateFileOfOneIsOneOpportunityAMillisecond) {
  const auto loaded = read_rate_trace(file("1\n"));
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->trace.period, core::milliseconds(1));
  EXPECT_EQ(loaded->trace.opportunities, (std::vector{core::milliseconds(1)}));
  EXPECT_TRUE(loaded->notes.lines.empty());
}

TEST_F(Traces, RateFileMayBeGzipHaveDosLinesAndABlankEnd) {
  const std::string text =
      "\xef\xbb\xbf"
      "3\r\n3\r\n7\r\n\r\n";
  for (const auto& path : {file(text), gzip(text)}) {
    const auto loaded = read_rate_trace(path);
    ASSERT_TRUE(loaded) << error_of(loaded);
    EXPECT_EQ(loaded->trace.opportunities.size(), 3u);
    EXPECT_EQ(loaded->trace.period, core::milliseconds(7));
  }
}

TEST_F(Traces, RateFileNotesLongGaps) {
  const auto loaded = read_rate_trace(file("1\n2500\n2600\n"));
  ASSERT_TRUE(loaded);
  EXPECT_THAT(loaded->notes.lines, Contains(HasSubstr("line 2: no delivery for 2.4 s")));
}

TEST_F(Traces, RateFileErrorsTellLineAndValue) {
  EXPECT_THAT(error_of(read_rate_trace(file("1\nabc\n"))), HasSubstr(":2: 'abc' is not a time"));
  EXPECT_THAT(error_of(read_rate_trace(file("1\n2.5\n"))), HasSubstr(":2: '2.5'"));
  EXPECT_THAT(error_of(read_rate_trace(file("-1\n"))), HasSubstr(":1: '-1'"));
  EXPECT_THAT(error_of(read_rate_trace(file("99999999999999999999\n"))), HasSubstr(":1: '9999"));
  EXPECT_THAT(error_of(read_rate_trace(file("5\n4\n"))), HasSubstr(":2: 4 comes after 5"));
  EXPECT_THAT(error_of(read_rate_trace(file(""))), HasSubstr("holds no delivery opportunity"));
  EXPECT_THAT(error_of(read_rate_trace(file("0\n"))), HasSubstr("the last time is 0"));
  EXPECT_THAT(error_of(read_rate_trace("/nowhere/at/all")), HasSubstr("trace-unreadable"));
  EXPECT_THAT(error_of(read_rate_trace(m_folder.string())), HasSubstr("trace-unreadable"));
}

TEST_F(Traces, TruncatedGzipIsAnErrorNotAShorterTrace) {
  std::string text;
  for (int i = 1; i < 20'000; ++i) text += std::to_string(i * 7 % 13 + i * 13) + "\n";
  const auto path = gzip(text);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  EXPECT_THAT(error_of(read_rate_trace(path)), HasSubstr("trace-unreadable"));
}

constexpr const char* kFjordHeader =
    "t_s,lat,lon,speed_kmh,nca,nulca,operator,class,enb,cell,pci,band,rssi,rsrp,rsrq10,sinr,cqi,ri,"
    "mcs,dlmod,nr_rsrp,nr_rsrq10,nr_sinr,rx_bps,tx_bps,rx_drops,tx_drops,tx_qdrops\n";
constexpr const char* kAhead = "54.3,10.1,17.1,3,0,Telekom.de,";

std::string fjord(const std::string& t, const std::string& radio, const std::string& nr) {
  return t + "," + kAhead + radio + ",4,1,0,qpsk," + nr + ",1,2,0,0,0\n";
}

TEST_F(Traces, FjordLinkGivesTheNrCarrierWhereThereIsOneElseLte) {
  const auto loaded = read_radio_trace(file(
      kFjordHeader + fjord("0.0", "5G NSA,1,27107074,384,B3@20Mhz,-41,-73,-120,4", "-70,-110,7") +
      fjord("1.0", "LTE,1,27107074,384,B7@20Mhz,-41,-73,-120,4", ",,")));
  ASSERT_TRUE(loaded) << error_of(loaded);
  ASSERT_EQ(loaded->trace.points.size(), 2u);
  const auto& nsa = loaded->trace.points[0].reading;
  EXPECT_EQ(nsa.access, core::RadioAccess::nr_nsa);
  EXPECT_TRUE(nsa.in_service);
  EXPECT_EQ(nsa.rsrp_dbm, -70);
  EXPECT_EQ(nsa.rsrq_db, -11);
  EXPECT_EQ(nsa.sinr, core::MilliDb{7'000});
  EXPECT_EQ(nsa.rssi_dbm, -41);
  EXPECT_EQ(nsa.band, 3);
  EXPECT_EQ(nsa.cell, 27107074);
  const auto& lte = loaded->trace.points[1].reading;
  EXPECT_EQ(lte.access, core::RadioAccess::lte);
  EXPECT_EQ(lte.rsrp_dbm, -73);
  EXPECT_EQ(loaded->trace.points[1].offset, core::seconds(1));
  EXPECT_EQ(loaded->trace.period, core::seconds(2));
}

TEST_F(Traces, RadioNotesSentinelsSignSlipsUnitMixesGapsAndTimesThatGoBack) {
  const auto loaded = read_radio_trace(file(
      kFjordHeader + fjord("10.0", "LTE,1,2,3,B3,-41,-140,-120,4", ",,") +
      fjord("11.0", "LTE,1,2,3,B3,-41,85,-120,4", ",,") +
      fjord("12.0", "LTE,1,2,3,B3,-41,-85,-12,4", ",,") +
      fjord("12.0", "LTE,1,2,3,B3,-41,-85,-120,4", ",,") +
      fjord("13.0", "LTE,1,2,3,B3,-41,-200,-120,999", ",,") + fjord("17.0", ",,,,,,,,", ",,")));
  ASSERT_TRUE(loaded) << error_of(loaded);
  const auto& notes = loaded->notes.lines;
  EXPECT_THAT(notes, Contains(HasSubstr("line 2: rsrp -140 stands for no signal")));
  EXPECT_THAT(notes, Contains(HasSubstr("line 3: rsrp 85 lacks its minus sign")));
  EXPECT_THAT(notes, Contains(HasSubstr("line 4: rsrq -12 is in dB")));
  EXPECT_THAT(notes, Contains(HasSubstr("line 5: time 12.0 is not after")));
  EXPECT_THAT(notes, Contains(HasSubstr("line 6: rsrp -200 stands for no signal")));
  EXPECT_THAT(notes, Contains(HasSubstr("line 6: sinr 999 is outside")));
  EXPECT_THAT(notes, Contains(HasSubstr("gap of 4000 ms (usual: 1000 ms) at 3000 ms")));
  ASSERT_EQ(loaded->trace.points.size(), 5u);
  EXPECT_FALSE(loaded->trace.points[0].reading.in_service);
  EXPECT_FALSE(loaded->trace.points[1].reading.rsrp_dbm.has_value());
  EXPECT_FALSE(loaded->trace.points[2].reading.rsrq_db.has_value());
  EXPECT_EQ(loaded->trace.points[4].reading.access, core::RadioAccess::none);
  EXPECT_FALSE(loaded->trace.points[4].reading.in_service);
}

TEST_F(Traces, NotesAreBounded) {
  std::string text = kFjordHeader;
  for (int i = 0; i < 500; ++i)
    text += fjord(std::to_string(i) + ".0", "LTE,1,2,3,B3,-41,-140,-120,4", ",,");
  const auto loaded = read_radio_trace(file(text));
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->notes.lines.size(), NoteBook::kMaxNotes + 1);
  EXPECT_EQ(loaded->notes.lines.back(), "and 460 more notes");
}

TEST_F(Traces, RadioErrorsTellLineAndValue) {
  EXPECT_THAT(error_of(read_radio_trace(file("a,b,c\n"))),
              HasSubstr(":1: header 'a,b,c' is unknown"));
  EXPECT_THAT(error_of(read_radio_trace(file("t_s,class\n"))),
              HasSubstr("column 'rsrp' is missing"));
  EXPECT_THAT(error_of(read_radio_trace(file(""))), HasSubstr("is empty"));
  EXPECT_THAT(error_of(read_radio_trace(file(kFjordHeader))), HasSubstr("holds no reading"));
  const std::string ok = fjord("0.0", "LTE,1,2,3,B3,-41,-80,-120,4", ",,");
  EXPECT_THAT(error_of(read_radio_trace(
                  file(kFjordHeader + ok + fjord("x", "LTE,1,2,3,B3,-41,-80,-120,4", ",,")))),
              HasSubstr(":3: t_s 'x' is not a number"));
  EXPECT_THAT(error_of(read_radio_trace(
                  file(kFjordHeader + ok + fjord("nan", "LTE,1,2,3,B3,-41,-80,-120,4", ",,")))),
              HasSubstr(":3: t_s 'nan'"));
  EXPECT_THAT(error_of(read_radio_trace(
                  file(kFjordHeader + ok + fjord("1", "LTE,1,2,3,B3,-41,weak,-120,4", ",,")))),
              HasSubstr(":3: rsrp 'weak' is not a number"));
  EXPECT_THAT(error_of(read_radio_trace(
                  file(kFjordHeader + ok + fjord("1", "6G,1,2,3,B3,-41,-80,-120,4", ",,")))),
              HasSubstr(":3: class '6G' is unknown (allowed:"));
  EXPECT_THAT(error_of(read_radio_trace(
                  file(kFjordHeader + ok + fjord("1e12", "LTE,1,2,3,B3,-41,-80,-120,4", ",,")))),
              HasSubstr(":3: the clock jumps"));
}

TEST_F(Traces, Cicv5gIsWhitespaceWithMillisecondsAndHexCells) {
  const auto loaded = read_radio_trace(
      file("pub_time(ms) sub_time(ms) delay(ms) utmX(m) utmY(m) heading(rad) velocity(m/s) "
           "cellid(db) sinr(db) rsrp(db)\n"
           "1722583338971 1722583338993 22 329231.1 3463455.0 0.25 0.0 5C422503D 1 -71 \n"
           "1722583339021 1722583339043 22 329231.1 3463455.0 0.25 0.0 5C422503D 2 -72 \n"));
  ASSERT_TRUE(loaded) << error_of(loaded);
  ASSERT_EQ(loaded->trace.points.size(), 2u);
  EXPECT_EQ(loaded->trace.points[1].offset, core::milliseconds(50));
  EXPECT_EQ(loaded->trace.points[1].reading.rsrp_dbm, -72);
  EXPECT_EQ(loaded->trace.points[1].reading.sinr, core::MilliDb{2'000});
  EXPECT_EQ(loaded->trace.points[1].reading.cell, 0x5C422503DLL);
}

TEST(RecordedTraces, AllOfThemCanBeRead) {
  if (!std::filesystem::exists(kTraces)) GTEST_SKIP() << "no recordings at " << kTraces;
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kTraces / "mahimahi")) {
    if (entry.path().extension() != ".gz") continue;
    const auto loaded = read_rate_trace(entry.path().string());
    ASSERT_TRUE(loaded) << error_of(loaded);
    EXPECT_GT(loaded->trace.opportunities.size(), 10'000u);
    ++files;
  }
  for (const char* folder : {"fjordlink_router", "cicv5g"}) {
    for (const auto& entry : std::filesystem::directory_iterator(kTraces / folder)) {
      const auto name = entry.path().filename().string();
      if (entry.path().extension() != ".gz" && entry.path().extension() != ".txt") continue;
      const auto loaded = read_radio_trace(entry.path().string());
      ASSERT_TRUE(loaded) << error_of(loaded);
      EXPECT_GT(loaded->trace.points.size(), 500u) << name;
      std::printf("%-28s %6zu readings, %zu notes\n", name.c_str(), loaded->trace.points.size(),
                  loaded->notes.lines.size());
      ++files;
    }
  }
  EXPECT_GE(files, 10);
}

TEST(RecordedTraces, TheSeventyEightSecondOutageIsNoted) {
  const auto path = kTraces / "mahimahi/ATT-LTE-driving.up.gz";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no recording at " << path;
  const auto loaded = read_rate_trace(path.string());
  ASSERT_TRUE(loaded);
  EXPECT_THAT(loaded->notes.lines, Contains(HasSubstr("no delivery for 78.3 s")));
}

}  // namespace
}  // namespace wanwise::sim
