#include "adapters/cli/data_plan_book.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace wanwise::cli {
namespace {

using testing::HasSubstr;

constexpr UnixSeconds kNow = 1'700'000'000;
constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kMonth = 30 * kDay;
const core::LinkName kLte{"lte"};

class DataPlanBookTest : public testing::Test {
 protected:
  DataPlanBookTest() {
    std::string pattern = testing::TempDir() + "plansXXXXXX";
    m_folder = ::mkdtemp(pattern.data());
    m_model.site.links.resize(2);
    m_model.site.links[0].name = kLte;
    m_model.site.links[0].data_cap =
        core::DataCap{core::Bytes{20'000'000'000}, core::seconds(kMonth)};
    m_model.site.links[1].name = core::LinkName{"wired"};
  }
  ~DataPlanBookTest() override { std::filesystem::remove_all(m_folder); }

  [[nodiscard]] std::string path() const { return m_folder + "/data-plans.json"; }
  DataPlanBook open() {
    auto book = DataPlanBook::open(path(), m_model);
    EXPECT_TRUE(book) << (book ? "" : book.error().message);
    return std::move(*book);
  }
  void write(const std::string& text) const { std::ofstream(path()) << text; }
  [[nodiscard]] std::string read() const {
    std::ostringstream text;
    text << std::ifstream(path()).rdbuf();
    return text.str();
  }

  static core::LinkCounters counters(std::uint64_t tx, std::uint64_t rx) {
    return {kLte, core::Instant{5'000'000}, true, tx, rx, 0};
  }
  static core::Status status(std::int64_t used, std::int64_t left_s, bool told = true) {
    core::Status status;
    core::LinkStatus link;
    link.name = kLte;
    link.data_plan = core::DataPlanStatus{core::Bytes{20'000'000'000}, core::Bytes{used},
                                          core::seconds(left_s), core::Bps{1}, told};
    status.links = {link};
    return status;
  }
  /// A daemon that ran and ended, with 3 GB used, 10 days left and 700 bytes on the interface.
  void earlier_daemon() {
    DataPlanBook book = open();
    (void)book.observe(counters(500, 200), kNow);
    ASSERT_TRUE(book.save(status(3'000'000'000, 10 * kDay), kNow));
  }

  std::string m_folder;
  core::Model m_model;
};

TEST_F(DataPlanBookTest, NothingIsKnownWithoutAnEarlierDaemon) {
  DataPlanBook book = open();
  EXPECT_FALSE(book.observe(counters(1, 1), kNow));
}

TEST_F(DataPlanBookTest, TheNextDaemonGoesOnAndCountsWhatPassedMeanwhile) {
  earlier_daemon();
  DataPlanBook book = open();
  const auto usage = book.observe(counters(1'500, 300), kNow + kDay);
  ASSERT_TRUE(usage);
  EXPECT_EQ(usage->link, kLte);
  EXPECT_EQ(usage->used.count, 3'000'001'100);
  EXPECT_EQ(usage->left, core::seconds(9 * kDay));
  EXPECT_FALSE(book.observe(counters(1'600, 300), kNow + kDay)) << "told once";
}

TEST_F(DataPlanBookTest, CountersOfARouterThatStartedAgainCountFromNought) {
  earlier_daemon();
  const auto usage = open().observe(counters(40, 2), kNow);
  ASSERT_TRUE(usage);
  EXPECT_EQ(usage->used.count, 3'000'000'042);
}

TEST_F(DataPlanBookTest, APeriodThatEndedMeanwhileKeepsItsPart) {
  earlier_daemon();
  // 20 days away, the first ten of them in the old period.
  const auto usage = open().observe(counters(1'000'700, 0), kNow + 20 * kDay);
  ASSERT_TRUE(usage);
  EXPECT_EQ(usage->used.count, 500'000);
  EXPECT_EQ(usage->left, core::seconds(20 * kDay));
}

TEST_F(DataPlanBookTest, AClockSetBackMakesNoPeriodLongerThanOne) {
  earlier_daemon();
  const auto usage = open().observe(counters(500, 200), 1'000);
  ASSERT_TRUE(usage);
  EXPECT_EQ(usage->left, core::seconds(kMonth));
}

TEST_F(DataPlanBookTest, WhatTheEngineHasNotHeardYetIsNotForgotten) {
  earlier_daemon();
  DataPlanBook book = open();
  ASSERT_TRUE(book.observe(counters(500, 200), kNow));
  ASSERT_TRUE(book.save(status(0, kMonth, false), kNow));
  EXPECT_THAT(read(), HasSubstr("3000000000"));
}

TEST_F(DataPlanBookTest, ALinkThatWasNotHeardOfKeepsItsPage) {
  earlier_daemon();
  ASSERT_TRUE(open().save(status(0, kMonth, false), kNow + 5));
  EXPECT_THAT(read(), HasSubstr("3000000000"));
}

TEST_F(DataPlanBookTest, ABrokenFileIsNamedWithWhatHelps) {
  for (const char* text : {"{", "[]", R"({"data-plans":{"lte":{"used-bytes":-1}}})",
                           R"({"data-plans":{"lte":7}})", R"({"data-plans":3})"}) {
    write(text);
    const auto book = DataPlanBook::open(path(), m_model);
    ASSERT_FALSE(book) << text;
    EXPECT_EQ(book.error().code, "bad-state");
    EXPECT_THAT(book.error().message, HasSubstr(path()));
    EXPECT_THAT(book.error().message, HasSubstr("mend or remove the file"));
  }
}

TEST_F(DataPlanBookTest, AFileThatCannotBeWrittenIsToldAndLeftAsItWas) {
  earlier_daemon();
  const std::string before = read();
  std::filesystem::create_directory(path() + ".part");
  const auto saved = open().save(status(9, kDay), kNow);
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().code, "write-failed");
  EXPECT_EQ(read(), before);
}

}  // namespace
}  // namespace wanwise::cli
