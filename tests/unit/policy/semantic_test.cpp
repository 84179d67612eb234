// One mistake, one diagnostic: what follows from a mistake is not told again. The diagnostics of
// each rule by itself are in policies/invalid.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/policy/documents.hpp"

namespace wanwise::policy {
namespace {

using testing::HasSubstr;
using testing::Not;

int lines(const std::string& text) {
  return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

std::string policy_with(std::string_view from, std::string_view to) {
  return diagnose_policy(with(valid("policy"), from, to));
}

TEST(OneMistakeOneDiagnostic, AClassThatIsNamedWrongIsNotMissedByItsWorkloads) {
  EXPECT_EQ(lines(diagnose_policy(with(with(valid("policy"), "name: bulk", "name: Bulk"),
                                       "class: bulk", "class: Bulk"))),
            1);
}

TEST(OneMistakeOneDiagnostic, AMisspeltListHidesNoNames) {
  EXPECT_EQ(lines(policy_with("classes:", "clases:")), 1);
  EXPECT_EQ(lines(diagnose_site(with(valid("site"), "nodes:", "node:"))), 1);
  EXPECT_EQ(lines(diagnose_site(with(valid("site"), "sources:", "source:"))), 1);
  EXPECT_EQ(lines(diagnose_site(with(valid("site"), "routers:", "router:"))), 1);
  EXPECT_EQ(lines(diagnose_profiles(with(valid("profiles"), "models:", "model:"))), 1);
}

TEST(OneMistakeOneDiagnostic, AnEntryThatCannotBeReadHidesNoNames) {
  EXPECT_EQ(lines(diagnose_site(with(valid("site"), "{name: tx2,", "{name: 2,"))), 1);
  EXPECT_EQ(lines(diagnose_site(with(valid("site"), "{name: cameras,", "{nome: cameras,"))), 1);
  EXPECT_EQ(lines(diagnose_profiles(with(valid("profiles"), "{name: inception-v4,", "{"))), 1);
}

TEST(OneMistakeOneDiagnostic, AFileThatCannotBeReadHidesItsDocuments) {
  EXPECT_EQ(lines(diagnose_profiles("a: [\n")), 1);
  EXPECT_EQ(lines(diagnose_policy("a: [\n")), 1);
  EXPECT_EQ(lines(diagnose_policy(with(valid("policy"), "policy/1", "policy/9"))), 1);
}

TEST(OneMistakeOneDiagnostic, AShareOutOfRangeIsNotAlsoTooMuchInSum) {
  EXPECT_EQ(lines(policy_with("priority: 30%", "priority: 99%")), 1);
}

TEST(OneMistakeOneDiagnostic, AValueThatIsMissedIsNotRelatedToOthers) {
  EXPECT_EQ(lines(diagnose_site(with(valid("site"), "floor: 256kbps", "floor: 256"))), 1);
  EXPECT_EQ(lines(diagnose_site(with(valid("site"), "ceiling: 40Mbps", "ceiling: 40"))), 1);
  EXPECT_EQ(lines(policy_with("fall-back-after: 2s", "fall-back-after: 99min")), 1);
  EXPECT_EQ(lines(diagnose_profiles(with(valid("profiles"), "p99: 16ms", "p99: 16"))), 1);
}

TEST(OneMistakeOneDiagnostic, AStepThatCannotBeReadDoesNotEmptyTheLadder) {
  EXPECT_EQ(lines(policy_with("{rate: 2/s}", "{rate: 2}")), 1);
  EXPECT_EQ(lines(policy_with("{rate: 2/s}", "{rate: 0/s}")), 1);
}

TEST(AllAtOnce, MistakesOfEveryStageAreToldTogether) {
  std::string text = with(valid("policy"), "name: demo", "name: Demo");    // YANG, value
  text = with(text, "dscp: cs1", "dscp: ef");                              // document
  text = with(text, "return-after: 60s", "return-after: 1s");              // YANG, relation
  text = with(text, "prefer: [cloud]", "prefer: [clowd]");                 // across documents
  text = with(text, "memory: 900MB", "memory: 900");                       // unit
  text = with(text, "priority: low", "priority: lowest");                  // word
  text = with(text, "    port: 8444\n", "    port: 8444\n    port: 1\n");  // YAML
  const std::string told = diagnose_policy(text);
  EXPECT_EQ(lines(told), 7) << told;
}

TEST(AllAtOnce, EveryFileIsToldAbout) {
  const std::string told =
      diagnose({{"p", with(valid("policy"), "port: 8443", "port: 0")},
                {"s", with(valid("site"), "metric: 10", "metric: ten")},
                {"f", with(valid("profiles"), "slowdown: 1x", "slowdown: 1")}});
  EXPECT_EQ(lines(told), 3) << told;
  EXPECT_THAT(told, HasSubstr("f:"));
  EXPECT_THAT(told, HasSubstr("p:"));
  EXPECT_THAT(told, HasSubstr("s:"));
}

TEST(Ports, MayBeSharedInsideAClassAndBetweenTransports) {
  std::string text = with(valid("policy"), "port: 8444", "port: 8443");
  EXPECT_EQ(lines(diagnose_policy(text)), 1);
  EXPECT_THAT(diagnose_policy(with(text, "class: bulk", "class: realtime")),
              Not(HasSubstr("port")));
  EXPECT_EQ(diagnose_policy(with(text, "port: 8443\n", "port: 8443\n    transport: udp\n")), "");
  EXPECT_THAT(diagnose_policy(with(text, "fall-back: [cloud]", "fall-back: []")),
              Not(HasSubstr("port")));
}

TEST(Shares, MayTakeExactlyWhatIsToBeHad) {
  EXPECT_EQ(policy_with("guarantee: 10%", "guarantee: 65%"), "");
  EXPECT_EQ(lines(policy_with("guarantee: 10%", "guarantee: 66%")), 1);
}

TEST(Residency, SiteNeedsNodesOnly) {
  EXPECT_THAT(policy_with("fall-back: [cloud]", "residency: site"), Not(HasSubstr("residency")));
  EXPECT_EQ(lines(policy_with("fall-back: [cloud]", "fall-back: [cloud], residency: site")), 1);
}

TEST(Uplink, MayBeOneRate) {
  EXPECT_EQ(diagnose_site(with(valid("site"), "expect: 12Mbps, floor: 256kbps, ceiling: 40Mbps",
                               "expect: 12Mbps, floor: 12Mbps, ceiling: 12Mbps")),
            "");
}

TEST(Quotes, MakeATrapAText) {
  EXPECT_EQ(policy_with("name: demo", "name: \"no\""), "");
  EXPECT_EQ(policy_with("name: demo", "name: '010'"), "");
  EXPECT_EQ(policy_with("memory: 900MB", "memory: \"900MB\""), "");
}

TEST(LabelNames, MustBePlain) {
  EXPECT_THAT(policy_with("name: demo", "name: demo\napplies-to: {Use_: demo}"),
              HasSubstr("'Use_' is not valid here"));
}

TEST(Diagnostics, NeverShowWhatLooksLikeASecret) {
  const std::string told = diagnose_site(
      with(valid("site"), "password: {file: /etc/wanwise/password}", "password: hunter2"));
  EXPECT_EQ(lines(told), 1);
  EXPECT_THAT(told, Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace wanwise::policy
