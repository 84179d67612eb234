// The main job: telemetry in, QoS and placement out, told to people, journalled, and decided again
// from the journal with the same digests.
#include <boost/json.hpp>
#include <csignal>
#include <cstdio>
#include <set>

#include "tests/support/site_fixture.hpp"

namespace wanwise::test {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

std::set<std::string> keys_of(const json::object& object) {
  std::set<std::string> keys;
  for (const auto& member : object) keys.emplace(member.key());
  return keys;
}

/// Router options under which the job must be the same.
class MainJob : public SiteTest, public testing::WithParamInterface<std::vector<std::string>> {
 protected:
  void open() {
    ASSERT_NO_FATAL_FAILURE(start_router(GetParam()));
    write_documents();
    ASSERT_NO_FATAL_FAILURE(start_daemon());
  }
};

TEST_P(MainJob, MarksShapesPlacesAndReplaysEqual) {
  open();
  const core::Status status = wait_until_all_is_well();
  ASSERT_EQ(status.workloads.size(), 5U);
  ASSERT_EQ(status.links.size(), 1U);
  EXPECT_TRUE(status.links[0].known && status.links[0].up);
  EXPECT_TRUE(has_whole_qos(running_config())) << running_config();
  std::printf("ready_us: %lld, resident_kib: %ld\n", static_cast<long long>(m_ready_us),
              m_daemon.resident_kib());
  stop_daemon();
  EXPECT_TRUE(has_whole_qos(running_config())) << "what was written stays when wanwise ends";

  const JournalView journal = this->journal();
  EXPECT_TRUE(journal.closed);
  EXPECT_FALSE(journal.all<core::LinkCounters>().empty());
  EXPECT_FALSE(journal.all<core::RadioSample>().empty());
  EXPECT_FALSE(journal.all<core::ProbeSample>().empty());

  const std::string summary = m_folder.file("summary.json");
  const Ended replay = wanwise({"replay", m_folder.file("journal"), "--summary", summary});
  EXPECT_EQ(replay.code, 0) << replay.err;
  EXPECT_THAT(replay.out, HasSubstr("replay: every digest equal"));
  const json::object object = json::parse(text_of(summary)).as_object();
  EXPECT_EQ(keys_of(object),
            (std::set<std::string>{"seconds", "samples", "decisions", "moves", "router_commits",
                                   "router_refusals", "shaper_bps", "objective_met_ppm",
                                   "reaction_ms", "rss_kib", "replay_digest_equal"}));
  EXPECT_EQ(keys_of(object.at("reaction_ms").as_object()), (std::set<std::string>{"p50", "p99"}));
  EXPECT_TRUE(object.at("replay_digest_equal").as_bool());
  EXPECT_GE(object.at("router_commits").to_number<int>(), 1);
  EXPECT_EQ(object.at("router_refusals").to_number<int>(), 0);
  EXPECT_GT(object.at("rss_kib").to_number<int>(), 0);
}

INSTANTIATE_TEST_SUITE_P(
    Router, MainJob,
    testing::Values(std::vector<std::string>{"--datastore", "candidate"},
                    std::vector<std::string>{"--datastore", "running"},
                    std::vector<std::string>{"--datastore", "candidate", "--no-push"},
                    std::vector<std::string>{"--datastore", "running", "--no-push"},
                    std::vector<std::string>{"--no-confirmed-commit"}),
    [](const auto& options) {
      std::string name;
      for (const std::string& word : options.param) {
        for (const char c : word) name += c == '-' ? '_' : c;
      }
      return name;
    });

class Doors : public SiteTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(start_router());
    write_documents();
    ASSERT_NO_FATAL_FAILURE(start_daemon());
    (void)wait_until_all_is_well();
  }
};

TEST_F(Doors, TellStatusExplanationsAndHistory) {
  const Ended status = ask({"status", "--output", "json"});
  EXPECT_EQ(status.code, 0) << status.err;
  EXPECT_EQ(json::parse(status.out).as_object().at("workloads").as_array().size(), 5U);
  EXPECT_THAT(ask({"status"}).out, HasSubstr("collision-avoidance"));

  const Ended explain = ask({"explain", "crowd-density", "--output", "json"});
  EXPECT_EQ(explain.code, 0) << explain.err;
  const json::object why = json::parse(explain.out).as_object();
  EXPECT_EQ(why.at("workload").as_string(), "crowd-density");
  EXPECT_GT(why.at("options").as_array().size(), 2U);  // the targets times the ladder
  EXPECT_THAT(ask({"explain", "crowd-density"}).out, HasSubstr("tx2"));

  const Ended history = ask({"history", "--output", "json"});
  EXPECT_EQ(history.code, 0) << history.err;
  EXPECT_TRUE(json::parse(history.out).as_object().at("moves").is_array());

  const Ended unknown = ask({"explain", "nobody"});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_THAT(unknown.err, HasSubstr("unknown-workload"));
  EXPECT_THAT(unknown.err, HasSubstr("crowd-density")) << "what is allowed is told";
}

TEST_F(Doors, GivePrometheusWhatItScrapes) {
  const std::string page = get("/metrics");
  EXPECT_THAT(page, HasSubstr("wanwise_router_connected{router=\"ir1101\"} 1"));
  EXPECT_THAT(page, HasSubstr("wanwise_link_known{link=\"lte\"} 1"));
  EXPECT_THAT(page, HasSubstr("wanwise_engine_decisions_total"));
  EXPECT_THAT(get("/healthz"), HasSubstr("\"started\":true"));
}

TEST_F(Doors, DrainMovesWhatMayLeaveAndIsInTheHistory) {
  EXPECT_EQ(ask({"drain", "tx2"}).code, 0);
  (void)wait_for("tx2 is empty of what may leave", [](const core::Status& status) {
    for (const core::WorkloadStatus& workload : status.workloads) {
      const bool stays = workload.name.text == "licence-plates";
      if (!stays && (!workload.target || workload.target->text != "cloud" || workload.moving))
        return false;
    }
    return true;
  });
  EXPECT_THAT(ask({"history", "--output", "json"}).out, HasSubstr("collision-avoidance"));
  stop_daemon();
  EXPECT_EQ(wanwise({"replay", m_folder.file("journal")}).code, 0);
}

TEST_F(Doors, NobodyAnswersAfterTheEnd) {
  stop_daemon();
  const Ended status = ask({"status"});
  EXPECT_EQ(status.code, 1);
  EXPECT_THAT(status.err, HasSubstr("connect-refused"));
}

class DataPlans : public SiteTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(start_router());
    SiteText text = site_text();
    text.data_cap = "500GB/month";
    write_documents(text);
    ASSERT_NO_FATAL_FAILURE(start_daemon({"--state", m_folder.file("")}));
  }
  /// The first status in which somebody has told what the plan of lte has used.
  core::DataPlanStatus wait_until_told() {
    const core::Status status = wait_for("the usage of lte is told", [](const core::Status& now) {
      return !now.links.empty() && now.links[0].data_plan && now.links[0].data_plan->told;
    });
    return status.links.at(0).data_plan.value_or(core::DataPlanStatus{});
  }
};

TEST_F(DataPlans, AreToldByTheOperatorAndOutliveTheDaemon) {
  constexpr std::int64_t kTold = 12'300'000'000;
  EXPECT_EQ(ask({"usage", "lte", "12.3GB", "--left", "216h"}).code, 0);
  const core::DataPlanStatus told = wait_until_told();
  EXPECT_GE(told.used.count, kTold);
  EXPECT_LE(told.left, core::seconds(216 * 3'600));
  stop_daemon();

  ASSERT_NO_FATAL_FAILURE(start_daemon({"--state", m_folder.file("")}));
  const core::DataPlanStatus again = wait_until_told();
  EXPECT_GE(again.used, told.used);
  EXPECT_LE(again.used.count, kTold + 1'000'000'000) << "and not much more than passed meanwhile";
  EXPECT_LE(again.left, told.left);
}

TEST_F(DataPlans, RefuseWhatIsNoUsage) {
  const Ended unknown = ask({"usage", "moon", "1GB", "--left", "1h"});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_THAT(unknown.err, HasSubstr("no link 'moon' with a data cap"));
  EXPECT_THAT(unknown.err, HasSubstr("lte"));
  const Ended unit = ask({"usage", "lte", "12", "--left", "1h"});
  EXPECT_EQ(unit.code, 2);
  EXPECT_THAT(unit.err, HasSubstr("USED: '12' has no unit"));
}

}  // namespace
}  // namespace wanwise::test
