// The subcommands that need no daemon: validate, plan, doctor; wrong documents; exit codes.
#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <sstream>

#include "tests/support/site_fixture.hpp"

namespace wanwise::test {
namespace {

namespace json = boost::json;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

constexpr int kUsage = 2;
constexpr int kWouldChange = 3;
const std::string kPolicies = WANWISE_SOURCE_DIR "/policies";

class Plan : public SiteTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(start_router());
    write_documents();
  }
  static std::vector<std::string> changed_lines(const std::string& plan) {
    std::vector<std::string> changed;
    std::istringstream lines(plan);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("  + ") || line.starts_with("  - ")) changed.push_back(line);
    }
    return changed;
  }
};

TEST_F(Plan, SaysWhatWouldChangeAndChangesNothing) {
  const std::string before = running_config();
  const std::string edits = m_folder.file("edits");
  const Ended plan = wanwise_on_site("plan", {"--edit-config", edits});
  EXPECT_EQ(plan.code, kWouldChange) << plan.err;
  EXPECT_THAT(plan.out, HasSubstr("Would change: 1 router"));
  EXPECT_THAT(plan.out, HasSubstr("+ marks on Vlan1"));
  const std::string xml = text_of(edits + "/ir1101.xml");
  EXPECT_THAT(xml, HasSubstr("urn:ietf:params:xml:ns:netconf:base:1.0"));
  EXPECT_THAT(xml, HasSubstr("WANWISE-PM-MARK-IN"));
  EXPECT_EQ(running_config(), before);

  const Ended again = wanwise_on_site("plan", {"--output", "json"});
  EXPECT_EQ(again.code, kWouldChange) << again.err;
  const json::array actions = json::parse(again.out).as_object().at("actions").as_array();
  EXPECT_TRUE(std::any_of(actions.begin(), actions.end(), [](const json::value& action) {
    return action.as_object().at("kind").as_string() == "apply-qos";
  })) << again.out;
  EXPECT_EQ(running_config(), before);
}

TEST_F(Plan, TheEditIsWhatTheRouterTakes) {
  const std::string edits = m_folder.file("edits");
  ASSERT_EQ(wanwise_on_site("plan", {"--edit-config", edits}).code, kWouldChange);
  const auto client = peer();
  EXPECT_THAT(client->rpc("<edit-config><target><candidate/></target>" +
                          text_of(edits + "/ir1101.xml") + "</edit-config>"),
              HasSubstr("<ok/>"));
  EXPECT_THAT(client->rpc("<commit/>"), HasSubstr("<ok/>"));
  EXPECT_TRUE(has_whole_qos(running_config()));
}

TEST_F(Plan, AfterARunOnlyTheShaperMayDiffer) {
  ASSERT_NO_FATAL_FAILURE(start_daemon());
  (void)wait_until_all_is_well();
  stop_daemon();
  const Ended plan = wanwise_on_site("plan");
  if (plan.code == 0) {
    EXPECT_THAT(plan.out, HasSubstr("No change"));
    return;
  }
  EXPECT_EQ(plan.code, kWouldChange) << plan.err;
  // A plan has no memory of the uplink: its estimate is the site's word until it is measured.
  for (const std::string& line : changed_lines(plan.out)) EXPECT_THAT(line, HasSubstr("shaper"));
}

TEST_F(Plan, FailsWithTheReasonWhenTheRouterIsNotThere) {
  m_router.kill();
  const Ended plan = wanwise_on_site("plan", {"--patience", "2"});
  EXPECT_EQ(plan.code, 1);
  EXPECT_THAT(plan.err, HasSubstr("connect-refused: router ir1101"));
}

class Doctor : public Plan {};

TEST_F(Doctor, PassesAHealthySite) {
  const std::string before = running_config();
  const Ended doctor = wanwise_on_site("doctor");
  EXPECT_EQ(doctor.code, 0) << doctor.out << doctor.err;
  EXPECT_THAT(doctor.out, ContainsRegex("PASS +ir1101 +NETCONF session"));
  EXPECT_THAT(doctor.out, ContainsRegex("PASS +lte +radio values"));
  EXPECT_THAT(doctor.out, ContainsRegex("PASS +lte +IP SLA probe"));
  EXPECT_THAT(doctor.out, ContainsRegex("PASS +tx2 +metrics"));
  EXPECT_THAT(doctor.out, ContainsRegex("PASS +cluster +workloads"));
  EXPECT_THAT(doctor.out, Not(HasSubstr("FAIL")));
  EXPECT_EQ(running_config(), before);
}

TEST_F(Doctor, NamesAnUnknownHostKeyAndTheMend) {
  SiteText text = site_text();
  text.host_key = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  write_documents(text);
  const Ended doctor = wanwise_on_site("doctor", {"--patience", "3"});
  EXPECT_EQ(doctor.code, 1);
  EXPECT_THAT(doctor.out, ContainsRegex("FAIL +ir1101 +NETCONF session +unknown-host-key"));
  EXPECT_THAT(doctor.out, HasSubstr("show crypto key mypubkey rsa"));
}

TEST_F(Doctor, TellsHowToPrepareARouter) {
  const Ended doctor = wanwise_on_site("doctor", {"--bootstrap"});
  EXPECT_EQ(doctor.code, 0) << doctor.err;
  EXPECT_THAT(doctor.out, HasSubstr("\nnetconf-yang feature candidate-datastore\n"));
}

class Remove : public SiteTest {};

TEST_F(Remove, LeavesNothingOfWanwiseOnTheRouter) {
  ASSERT_NO_FATAL_FAILURE(start_router());
  write_documents();
  const std::string before = running_config();
  ASSERT_NO_FATAL_FAILURE(start_daemon());
  (void)wait_until_all_is_well();
  stop_daemon();
  ASSERT_THAT(running_config(), HasSubstr("WANWISE-"));
  const Ended planned = wanwise_on_site("plan", {"--remove", "--commands"});
  EXPECT_EQ(planned.code, kWouldChange) << planned.err;
  EXPECT_THAT(planned.out, HasSubstr("- queues on Cellular0/1/0"));
  EXPECT_THAT(planned.out, HasSubstr("no policy-map WANWISE-PM-MARK-IN\n"));
  ASSERT_THAT(running_config(), HasSubstr("WANWISE-")) << "a plan changes nothing";
  const Ended removed = wanwise_on_site("remove");
  EXPECT_EQ(removed.code, 0) << removed.out << removed.err;
  EXPECT_THAT(removed.out, ContainsRegex("removed +ir1101"));
  EXPECT_EQ(running_config(), before);
  EXPECT_EQ(wanwise_on_site("plan", {"--remove"}).code, 0);
}

class Commands : public SiteTest {};

TEST_F(Commands, EndWithTwoWhenTheyAreMisused) {
  const std::vector<Words> wrong = {{},
                                    {"frobnicate"},
                                    {"run"},
                                    {"plan"},
                                    {"doctor"},
                                    {"validate"},
                                    {"replay"},
                                    {"explain"},
                                    {"drain"},
                                    {"status", "--output", "xml"},
                                    {"status", "--port", "many"},
                                    {"run", "-p", kPolicies, "--seconds", "0"},
                                    {"validate", kPolicies, "--no-such-option"}};
  for (const Words& words : wrong) {
    const Ended ended = wanwise(words);
    EXPECT_EQ(ended.code, kUsage) << testing::PrintToString(words);
    EXPECT_NE(ended.err, "") << testing::PrintToString(words);
  }
  EXPECT_EQ(wanwise({"--help"}).code, 0);
  EXPECT_THAT(wanwise({"--version"}).out, HasSubstr("wanwise "));
}

TEST_F(Commands, ValidatePassesWhatIsShipped) {
  const Ended ended = wanwise({"validate", kPolicies});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("site harbour: policy smart-city, 5 workloads, 1 links, valid"));
}

TEST_F(Commands, ValidateTellsEveryMistakeWithItsPlace) {
  const std::string bad = kPolicies + "/invalid/174-many-mistakes.yaml";
  const Ended ended = wanwise({"validate", bad});
  EXPECT_EQ(ended.code, 1);
  EXPECT_GT(std::count(ended.err.begin(), ended.err.end(), '\n'), 3);
  EXPECT_THAT(ended.err, ContainsRegex("174-many-mistakes.yaml:[0-9]+:[0-9]+: "));
  const Ended as_json = wanwise({"validate", bad, "--output", "json"});
  EXPECT_EQ(as_json.code, 1);
  EXPECT_GT(json::parse(as_json.out).as_object().at("diagnostics").as_array().size(), 3U);
  const Ended absent = wanwise({"validate", m_folder.file("nothing.yaml")});
  EXPECT_EQ(absent.code, 1);
  EXPECT_THAT(absent.err, HasSubstr("nothing.yaml"));
}

TEST_F(Commands, ValidatePassesWarningsUnlessStrict) {
  const std::string invalid = kPolicies + "/invalid/";
  const Words words{"validate", invalid + "226-queue-of-nobody.yaml", invalid + "with/site.yaml",
                    invalid + "with/profiles.yaml"};
  const Ended ended = wanwise(words);
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.out, HasSubstr("valid"));
  EXPECT_THAT(ended.err, ContainsRegex("yaml:[0-9]+:[0-9]+: warning: classes.realtime./queue: "));
  Words strict = words;
  strict.push_back("--strict");
  EXPECT_EQ(wanwise(strict).code, 1);
  Words as_json = words;
  as_json.insert(as_json.end(), {"--output", "json"});
  const Ended told = wanwise(as_json);
  EXPECT_EQ(told.code, 0);
  const json::value told_json = json::parse(told.out);
  const json::array& list = told_json.at("diagnostics").as_array();
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].at("severity").as_string(), "warning");
  EXPECT_EQ(wanwise({"validate", "--strict", kPolicies}).code, 0);
}

TEST_F(Commands, RunRefusesWrongDocumentsWithTheirPlace) {
  SiteText text;
  text.netconf_port = 1;
  text.door_port = 1;
  text.host_key = "SHA256:tooshort";
  write_documents(text);
  const Ended ended =
      wanwise_on_site("run", {"--journal", m_folder.file("journal"), "--api-port", "0"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, ContainsRegex("harbour.yaml:[0-9]+:[0-9]+: .*host-key"));
  EXPECT_FALSE(std::filesystem::exists(m_folder.file("journal")));
}

TEST_F(Commands, ReplayRefusesWhatIsNoJournal) {
  const Ended absent = wanwise({"replay", m_folder.file("nothing")});
  EXPECT_EQ(absent.code, 1);
  EXPECT_NE(absent.err, "");
  const Ended other = wanwise({"replay", m_folder.write("other", "no journal at all")});
  EXPECT_EQ(other.code, 1);
  EXPECT_NE(other.err, "");
}

}  // namespace
}  // namespace wanwise::test
