#include "engine/runtime/summary.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <set>

#include "engine/runtime/journal_file.hpp"

namespace wanwise::runtime {
namespace {

namespace json = boost::json;
using core::ActionDone;
using core::Instant;
using core::Outcome;

/// Writes a journal event by event; origin at 1 s, so that times in the summary are seen to start
/// there.
class SummaryTest : public ::testing::Test {
 protected:
  SummaryTest() {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    m_path = std::filesystem::temp_directory_path() /
             ("wanwise-summary-" + std::to_string(::getpid()) + "-" + test->name());
    auto journal =
        JournalFile::create(m_path, {"0.1.0", core::SiteName{"plant"}, Instant{1'000'000}, {}}, {});
    m_journal = std::move(*journal);
  }
  ~SummaryTest() override { std::filesystem::remove(m_path); }

  void at(std::int64_t ms, core::EventBody body, std::vector<core::Action> actions = {},
          std::uint64_t decisions = 0) {
    m_journal->record(core::Event{Instant{(1'000 + ms) * 1'000}, std::move(body)});
    core::Step step{std::move(actions), {}, {}};
    step.counters.decisions = decisions;
    m_journal->record(step, 1);
  }
  Summary summary() {
    m_journal->close();
    auto out = summarise_file(m_path);
    EXPECT_TRUE(out);
    return *out;
  }

  static core::Action qos(core::ActionId id, std::int64_t lte_bps) {
    core::ApplyQos apply;
    apply.desired.router = core::RouterName{"ir1101"};
    apply.desired.wans.push_back({core::LinkName{"fibre"}, "Gi0/0/0", core::Bps{99}, {}, 100});
    apply.desired.wans.push_back({core::LinkName{"lte"}, "Ce0/1/0", core::Bps{lte_bps}, {}, 100});
    return {id, Instant{}, "why", apply};
  }
  static core::Action place(core::ActionId id, const char* to) {
    core::PlaceWorkload place{core::WorkloadName{"detector"}, core::TargetName{"tx2"}, {}, 1};
    if (to != nullptr) place.to = core::TargetName{to};
    return {id, Instant{}, "tx2 saturated", place};
  }
  static ActionDone done(core::ActionId id, Outcome outcome = Outcome::done) {
    return {id, outcome, {}, {}};
  }
  static core::WorkloadSample requests(std::int64_t arrived, std::int64_t missed) {
    core::WorkloadSample out;
    out.workload = core::WorkloadName{"detector"};
    out.arrived = arrived;
    out.missed = missed;
    return out;
  }

  std::filesystem::path m_path;
  std::unique_ptr<JournalFile> m_journal;
};

TEST_F(SummaryTest, CountsSamplesDecisionsAndTime) {
  at(0, core::LinkCounters{}, {}, 1);
  at(10, core::Tick{}, {}, 1);
  at(2'500, core::ProbeSample{});
  const Summary got = summary();
  EXPECT_EQ(got.samples, 2U);
  EXPECT_EQ(got.decisions, 2U);
  EXPECT_EQ(got.micros, 2'500'000);
}

TEST_F(SummaryTest, OnlyMovesThatWereDoneAreMoves) {
  at(0, core::LinkCounters{}, {place(1, "cloud"), place(2, nullptr), place(3, "cloud")});
  at(40, done(1));
  at(50, done(2));
  at(60, done(3, Outcome::failed));
  const Summary got = summary();
  ASSERT_EQ(got.moves.size(), 2U);
  EXPECT_EQ(got.moves[0].at_ms, 40);
  EXPECT_EQ(got.moves[0].to, core::TargetName{"cloud"});
  EXPECT_EQ(got.moves[1].to, std::nullopt);
  EXPECT_EQ(got.router_commits, 0U);
}

TEST_F(SummaryTest, ASplitIsAMoveToldWithItsShare) {
  core::Action action = place(1, "tx2");
  std::get<core::PlaceWorkload>(action.body).split =
      core::Split{core::TargetName{"cloud"}, core::Ppm{250'000}};
  at(0, core::LinkCounters{}, {action});
  at(40, done(1));
  const Summary got = summary();
  ASSERT_EQ(got.moves.size(), 1U);
  EXPECT_NE(to_json(got, true).find(R"("split":{"target":"cloud","share_ppm":250000})"),
            std::string::npos);
  EXPECT_NE(to_text(got, true).find("tx2 -> tx2, 25 % cloud"), std::string::npos);
}

TEST_F(SummaryTest, ReactionRunsFromTheSampleToTheRoutersAnswer) {
  for (int i = 0; i < 10; ++i) {
    at(i * 100, core::LinkCounters{}, {qos(static_cast<core::ActionId>(i + 1), 1'000 + i)});
    at(i * 100 + i + 1, done(static_cast<core::ActionId>(i + 1)));
  }
  at(2'000, core::Tick{}, {qos(50, 7)});  // no sample led to it: no reaction time
  at(2'900, done(50));
  const Summary got = summary();
  EXPECT_EQ(got.router_commits, 11U);
  EXPECT_EQ(got.reaction_p50_us, 5'000);
  EXPECT_EQ(got.reaction_p99_us, 10'000);
}

TEST_F(SummaryTest, TheShaperShownIsTheOneThatMoved) {
  at(0, core::LinkCounters{}, {qos(1, 8'000)});
  at(5, done(1));
  at(10, core::LinkCounters{}, {qos(2, 4'000)});
  at(15, done(2, Outcome::refused));
  at(20, core::LinkCounters{}, {qos(3, 2'000)});
  at(25, done(3));
  const Summary got = summary();
  EXPECT_EQ(got.shaper_link, core::LinkName{"lte"});
  EXPECT_EQ(got.shaper_bps,
            (std::vector<std::pair<std::int64_t, std::int64_t>>{{5, 8'000}, {25, 2'000}}));
  EXPECT_EQ(got.router_refusals, 1U);
}

TEST_F(SummaryTest, ObjectiveIsTheShareOfRequestsThatMetIt) {
  at(0, requests(600, 0));
  at(1, requests(400, 25));
  at(2, core::WorkloadSample{});  // nothing arrived: no share
  const Summary got = summary();
  EXPECT_EQ(
      got.objective_met_ppm,
      (std::map<core::WorkloadName, std::int64_t>{{core::WorkloadName{"detector"}, 975'000}}));
}

TEST_F(SummaryTest, TheJsonHasExactlyTheKeysOfTheContract) {
  at(0, core::LinkCounters{}, {qos(1, 8'000), place(2, nullptr)});
  at(5, done(1));
  at(6, done(2));
  at(7, requests(10, 1));
  m_journal->note({Instant{}, 12'345, {}, {}});
  const json::object got = json::parse(to_json(summary(), true)).as_object();
  std::set<std::string> keys;
  for (const auto& member : got) keys.insert(member.key());
  EXPECT_EQ(keys,
            (std::set<std::string>{"seconds", "samples", "decisions", "moves", "router_commits",
                                   "router_refusals", "shaper_bps", "objective_met_ppm",
                                   "reaction_ms", "rss_kib", "replay_digest_equal"}));
  EXPECT_EQ(json::serialize(got.at("moves")),
            R"([{"at_ms":6,"workload":"detector","from":"tx2","to":null,"why":"tx2 saturated"}])");
  EXPECT_EQ(json::serialize(got.at("shaper_bps")), "[[5,99]]");
  EXPECT_EQ(json::serialize(got.at("objective_met_ppm")), R"({"detector":900000})");
  EXPECT_EQ(got.at("reaction_ms").as_object().at("p50").as_double(), 5.0);
  EXPECT_EQ(got.at("rss_kib"), 12'345U);
  EXPECT_TRUE(got.at("replay_digest_equal").as_bool());
}

TEST_F(SummaryTest, AnEmptyRunHasNullsNotZeroes) {
  const Summary got = summary();
  const json::object object = json::parse(to_json(got, false)).as_object();
  EXPECT_TRUE(object.at("reaction_ms").as_object().at("p99").is_null());
  EXPECT_NE(to_text(got, false).find("none measured"), std::string::npos);
  EXPECT_NE(to_text(got, false).find("ANOTHER DIGEST"), std::string::npos);
}

}  // namespace
}  // namespace wanwise::runtime
