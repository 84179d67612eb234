#include "sim/router/config/ios_checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/router_trees.hpp"

namespace wanwise::router {
namespace {

using test::native;
using test::policy_class;
using test::policy_map;

Tree policies(const std::string& inside) {
  return test::parse_edit(native("<policy>" + inside + "</policy>"));
}

// The commands refused on the way from `before` to `after`.
std::vector<std::string> refused(const Tree& before, const Tree& after) {
  std::vector<std::string> out;
  for (const BadCli& line : check_ios(before, after)) {
    out.push_back(line.command);
  }
  return out;
}

using testing::ElementsAre;
using testing::IsEmpty;

TEST(IosChecks, AcceptsWhatWanwiseWrites) {
  const Tree all = test::parse_edit(test::whole_qos());
  EXPECT_THAT(refused(Tree(), all), IsEmpty());
  EXPECT_THAT(refused(all, all), IsEmpty());
  EXPECT_THAT(refused(all, Tree()), IsEmpty());
}

TEST(IosChecks, RefusesAClassWithoutClassMap) {
  const Tree tree = policies(policy_map("P", policy_class("CM", test::set_dscp("ef"))));
  const auto lines = check_ios(Tree(), tree);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0], (BadCli{.command = "class CM",
                              .location = 6,
                              .response = "% class map CM not configured",
                              .context = "policy-map P"}));
}

TEST(IosChecks, RefusesTakingAwayAClassMapInUse) {
  const std::string map = policy_map("P", policy_class("CM", test::set_dscp("ef")));
  const Tree before = policies(test::dscp_class("CM", "ef") + map);
  EXPECT_THAT(refused(before, policies(map)), ElementsAre("no class-map match-any CM"));
}

TEST(IosChecks, RefusesAClassMapWithoutItsAccessList) {
  EXPECT_THAT(refused(Tree(), policies(test::acl_class("CM", "L"))),
              ElementsAre("match access-group name L"));
}

TEST(IosChecks, RefusesTakingAwayAnAccessListInUse) {
  const std::string map = "<policy>" + test::acl_class("CM", "L") + "</policy>";
  const Tree before = test::parse_edit(native(test::acl("L") + map));
  EXPECT_THAT(refused(before, test::parse_edit(native(map))),
              ElementsAre("no ip access-list extended L"));
}

TEST(IosChecks, RefusesPoliciesThatAreNotThere) {
  EXPECT_THAT(
      refused(Tree(), test::parse_edit(native(test::attach("Cellular", "0/1/0", "output", "P")))),
      ElementsAre("service-policy output P"));
  EXPECT_THAT(refused(Tree(), policies(policy_map(
                                  "P", policy_class("class-default", test::child_policy("C"))))),
              ElementsAre("service-policy C"));
}

TEST(IosChecks, RefusesTakingAwayAPolicyMapInUse) {
  const std::string port = test::attach("Cellular", "0/1/0", "output", "P");
  const std::string map = policy_map("P", policy_class("class-default", test::shape("8000")));
  const Tree before = test::parse_edit(native("<policy>" + map + "</policy>" + port));
  EXPECT_THAT(refused(before, test::parse_edit(native(port))), ElementsAre("no policy-map P"));
}

TEST(IosChecks, PriorityAndRemainingSharesHaveEachTheirHundredPercent) {
  const std::string maps = test::dscp_class("A", "ef") + test::dscp_class("B", "cs1");
  const auto child = [&](int a, int b, int rest) {
    return policies(
        maps + policy_map("P", policy_class("A", test::priority_percent(a)) +
                                   policy_class("B", test::remaining_percent(b)) +
                                   policy_class("class-default", test::remaining_percent(rest))));
  };
  EXPECT_THAT(refused(Tree(), child(30, 40, 60)), IsEmpty());
  EXPECT_THAT(refused(Tree(), child(30, 41, 60)), ElementsAre("bandwidth remaining percent 60"));
  const Tree two =
      policies(maps + policy_map("P", policy_class("A", test::priority_percent(60)) +
                                          policy_class("B", test::priority_percent(41))));
  EXPECT_THAT(refused(Tree(), two), ElementsAre("priority percent 41"));
}

TEST(IosChecks, AQueueLimitNeedsAShareAPriorityOrAShaperUnlessInClassDefault) {
  const std::string limit =
      "<action-list><action-type>queue-limit</action-type><queue-limit>"
      "<queue-limit-value>160</queue-limit-value></queue-limit></action-list>";
  const auto with = [&](const std::string& name, const std::string& share) {
    return policies(test::dscp_class("A", "ef") +
                    policy_map("P", policy_class(name, share + limit)));
  };
  EXPECT_THAT(refused(Tree(), with("A", "")), ElementsAre("queue-limit 160 packets"));
  EXPECT_THAT(refused(Tree(), with("A", test::priority_percent(20))), IsEmpty());
  EXPECT_THAT(refused(Tree(), with("A", test::remaining_percent(20))), IsEmpty());
  EXPECT_THAT(refused(Tree(), with("class-default", "")), IsEmpty());
}

TEST(IosChecks, RefusesAShaperBelowEightKilobits) {
  const auto shaped = [](const char* rate) {
    return policies(policy_map("P", policy_class("class-default", test::shape(rate))));
  };
  EXPECT_THAT(refused(Tree(), shaped("8000")), IsEmpty());
  EXPECT_THAT(refused(Tree(), shaped("7999")), ElementsAre("shape average 7999"));
}

TEST(IosChecks, RefusesAPolicyInsideItselfAndAFourthLevel) {
  const auto level = [](const std::string& name, const std::string& inner) {
    return policy_map(name, policy_class("class-default", test::child_policy(inner)));
  };
  const std::string leaf = policy_map("D", policy_class("class-default", test::set_dscp("ef")));
  EXPECT_THAT(refused(Tree(), policies(level("A", "A"))), ElementsAre("service-policy A"));
  EXPECT_THAT(refused(Tree(), policies(level("B", "C") + level("C", "D") + leaf)), IsEmpty());
  EXPECT_THAT(refused(Tree(), policies(level("A", "B") + level("B", "C") + level("C", "D") + leaf)),
              ElementsAre("service-policy B"));
}

TEST(IosChecks, RefusesQueueingAtTheInput) {
  const std::string map = policy_map("P", policy_class("class-default", test::shape("8000")));
  EXPECT_THAT(refused(Tree(), test::parse_edit(native("<policy>" + map + "</policy>" +
                                                      test::attach("Vlan", "1", "input", "P")))),
              ElementsAre("service-policy input P"));
}

TEST(IosChecks, NamesABoundedNumberOfLines) {
  std::string classes;
  for (int i = 0; i < 40; ++i) {
    classes += policy_class("C" + std::to_string(i), test::set_dscp("ef"));
  }
  EXPECT_EQ(check_ios(Tree(), policies(policy_map("P", classes))).size(), kMaxRefusals);
}

}  // namespace
}  // namespace wanwise::router
