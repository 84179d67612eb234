// The pure parts of writing: what is checked before a write, the way back, what was changed by
// hand, how often a router is changed, and what its state says of a policy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/iosxe/mqc/mqc_check.hpp"
#include "adapters/iosxe/mqc/mqc_edit.hpp"
#include "adapters/iosxe/mqc/mqc_words.hpp"
#include "adapters/iosxe/mqc/qos_mqc.hpp"
#include "adapters/iosxe/write/commit_rate.hpp"
#include "adapters/iosxe/write/confirmed_commit.hpp"
#include "adapters/iosxe/write/drift.hpp"
#include "adapters/iosxe/write/inverse.hpp"
#include "adapters/iosxe/write/read_back.hpp"
#include "tests/unit/iosxe/samples.hpp"

namespace wanwise::iosxe {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Mqc site() {
  return to_mqc(samples::site_qos()).value();
}

Reply reply_with(const std::string& content) {
  return Reply::parse("<rpc-reply xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\"><data>" +
                      content + "</data></rpc-reply>")
      .value();
}

// ---- references

TEST(References, HoldForWhatWanwiseMakes) {
  EXPECT_TRUE(check_references(site()));
  EXPECT_TRUE(check_references({}));
}

TEST(References, EveryNameMustBeThere) {
  const auto without = [](auto take_away) {
    Mqc mqc = site();
    take_away(mqc);
    const auto checked = check_references(mqc);
    return checked ? std::string{"accepted"} : checked.error().message;
  };
  EXPECT_THAT(without([](Mqc& mqc) { mqc.acls.erase("WANWISE-ACL-VIDEO"); }),
              HasSubstr("access-list WANWISE-ACL-VIDEO is not there"));
  EXPECT_THAT(without([](Mqc& mqc) { mqc.class_maps.erase("WANWISE-CM-VIDEO"); }),
              HasSubstr("class WANWISE-CM-VIDEO: the class-map is not there"));
  EXPECT_THAT(without([](Mqc& mqc) { mqc.policy_maps.erase("WANWISE-PM-LTE-CHILD"); }),
              HasSubstr("policy-map WANWISE-PM-LTE-CHILD is not there"));
  EXPECT_THAT(without([](Mqc& mqc) { mqc.policy_maps.erase("WANWISE-PM-MARK-IN"); }),
              HasSubstr("interface Vlan1: policy-map WANWISE-PM-MARK-IN is not there"));
}

TEST(References, QueuesDoNotStandAtTheInputAndPoliciesNotInThemselves) {
  Mqc mqc = site();
  mqc.attachments[{"Vlan1", Side::input}] = "WANWISE-PM-LTE";
  ASSERT_FALSE(check_references(mqc));
  mqc = site();
  mqc.policy_maps["WANWISE-PM-LTE-CHILD"].classes[0].actions.push_back(
      {ActionKind::child_policy, 0, "WANWISE-PM-LTE"});
  const auto checked = check_references(mqc);
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().message, HasSubstr("inside itself"));
}

// ---- words

TEST(Words, SayWhatChangedAndNothingElse) {
  Mqc changed = site();
  changed.policy_maps["WANWISE-PM-LTE"].classes[0].actions[0].number = 1'000'000;
  EXPECT_THAT(differences(site(), changed),
              ElementsAre("policy-map WANWISE-PM-LTE class class-default: shape average 8000000 -> "
                          "shape average 1000000"));
  changed = site();
  changed.attachments.erase({"Cellular0/1/0", Side::output});
  changed.acls.erase("WANWISE-ACL-VIDEO");
  EXPECT_THAT(differences(site(), changed),
              ElementsAre("interface Cellular0/1/0: service-policy output WANWISE-PM-LTE removed",
                          "ip access-list extended WANWISE-ACL-VIDEO: removed"));
  EXPECT_THAT(differences(site(), site()), IsEmpty());
}

TEST(Words, AreBounded) {
  Mqc many;
  for (int i = 0; i < 100; ++i) many.acls["WANWISE-ACL-" + std::to_string(i)] = {};
  const auto words = differences(many, {});
  ASSERT_EQ(words.size(), kMaxDifferences + 1);
  EXPECT_EQ(words.back(), "and 68 more");
}

// ---- drift

TEST(Drift, BeginsWithWhatItFinds) {
  Drift drift;
  EXPECT_THAT(drift.altered(site()), IsEmpty());
  EXPECT_THAT(drift.altered({}), testing::Not(IsEmpty()));
}

TEST(Drift, IsToldUntilAWriteOrTheOldStateEndsIt) {
  Drift drift;
  drift.wrote(site());
  Mqc hand = site();
  hand.policy_maps["WANWISE-PM-LTE"].classes[0].actions[0].number = 1'000'000;
  EXPECT_EQ(drift.altered(hand).size(), 1U);
  EXPECT_EQ(drift.altered(hand).size(), 1U);
  EXPECT_THAT(drift.altered(site()), IsEmpty());
  EXPECT_EQ(drift.altered(hand).size(), 1U);
  drift.wrote(hand);
  EXPECT_THAT(drift.altered(hand), IsEmpty());
}

TEST(Drift, AWriteOfUnknownEndIsNoChangeByHandWhicheverWayItEnded) {
  Drift drift;
  drift.wrote({});
  drift.may_have_written(site());
  EXPECT_THAT(drift.altered({}), IsEmpty()) << "the old one";
  EXPECT_THAT(drift.altered(site()), IsEmpty()) << "the new one";
}

TEST(Drift, TellsWhatWanwiseNeverWritesAlsoAtTheBeginning) {
  Drift drift;
  Mqc hand = site();
  hand.class_maps["WANWISE-CM-VIDEO"].other = true;
  EXPECT_THAT(drift.altered(hand),
              ElementsAre("class-map WANWISE-CM-VIDEO: holds what wanwise never writes"));
}

// ---- the way back

Version version(const Mqc& mqc) {
  return {Image::of_native(edit_native({}, mqc).value_or("")).value(), mqc};
}

/// What a change and its inverse leave, by the rules of edit-config for whole objects.
TEST(Inverse, OfNothingIsNothing) {
  EXPECT_FALSE(inverse_edit(version(site()), version(site())));
}

TEST(Inverse, TakesAwayWhatCameOffTheInterfaceFirst) {
  const auto edit = inverse_edit(version({}), version(site()));
  ASSERT_TRUE(edit);
  EXPECT_LT(edit->find("<interface>"), edit->find("<policy>"));
  EXPECT_LT(edit->find("WANWISE-PM-LTE</name>"), edit->find("WANWISE-PM-LTE-CHILD</name>"));
  EXPECT_LT(edit->find("<policy>"), edit->find("<ip>"));
  EXPECT_EQ(edit->find("nc:operation=\"replace\""), std::string::npos);
}

TEST(Inverse, BringsBackByTheRoutersOwnWords) {
  Version before = version(site());
  const std::string odd =
      "<native xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-native\"><policy><class-map "
      "xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-policy\"><name>WANWISE-CM-VIDEO</name>"
      "<prematch>match-all</prematch><description>by &lt;hand&gt;</description></class-map>"
      "</policy></native>";
  before.image = Image::of_native(odd).value();
  const auto edit = inverse_edit(before, version(site()));
  ASSERT_TRUE(edit);
  EXPECT_THAT(*edit, HasSubstr("<description>by &lt;hand&gt;</description>"));
  EXPECT_THAT(*edit, HasSubstr("nc:operation=\"replace\""));
}

// ---- rate

TEST(CommitRate, HoldsInAnyMinute) {
  using std::chrono::seconds;
  CommitRate rate{2};
  const CommitRate::Instant begin{};
  EXPECT_EQ(rate.next(begin), begin);
  rate.note(begin);
  rate.note(begin + seconds(10));
  EXPECT_EQ(rate.next(begin + seconds(20)), begin + seconds(60));
  rate.note(begin + seconds(60));
  EXPECT_EQ(rate.next(begin + seconds(61)), begin + seconds(70));
  EXPECT_EQ(rate.next(begin + seconds(90)), begin + seconds(90));
}

TEST(CommitRate, ZeroIsNoLimit) {
  CommitRate rate{0};
  for (int i = 0; i < 100; ++i) rate.note({});
  EXPECT_EQ(rate.next({}), CommitRate::Instant{});
}

// ---- effect

std::string port(const std::string& name, const std::string& state, const std::string& policy) {
  return "<interface><name>" + name + "</name><oper-status>" + state + "</oper-status>" +
         (policy.empty() ? ""
                         : "<diffserv-info><direction>qos-outbound</direction><policy-name>" +
                               policy + "</policy-name></diffserv-info>") +
         "</interface>";
}

Effect effect_with(const std::string& ports) {
  const Reply reply =
      reply_with("<interfaces xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-interfaces-oper\">" +
                 ports + "</interfaces>");
  return effect_of(reply.data(), site());
}

TEST(Effect, IsThePolicyShownAtEachInterfaceThatIsUp) {
  const std::string up = "if-oper-state-ready";
  const std::string down = "if-oper-state-no-pass";
  const std::string lte = port("Cellular0/1/0", up, "WANWISE-PM-LTE");
  EXPECT_THAT(effect_with(lte + port("GigabitEthernet0/0/0", up, "WANWISE-PM-WIRED")).missing,
              IsEmpty());
  EXPECT_THAT(effect_with(lte + port("GigabitEthernet0/0/0", up, "")).missing,
              ElementsAre("GigabitEthernet0/0/0 output WANWISE-PM-WIRED"));
  EXPECT_THAT(effect_with(lte + port("GigabitEthernet0/0/0", down, "")).missing, IsEmpty());
  EXPECT_TRUE(effect_with(lte).shows_any);
  EXPECT_FALSE(effect_with(port("Cellular0/1/0", up, "")).shows_any);
}

// ---- names on the wire

TEST(ConfirmedCommitRequests, CarryThePersistIdOfTheRouter) {
  const std::string id = persist_id_of(core::RouterName{"edge<1>"});
  EXPECT_EQ(id, "wanwise-edge<1>");
  EXPECT_EQ(cancel_request(id),
            "<cancel-commit><persist-id>wanwise-edge&lt;1&gt;</persist-id>"
            "</cancel-commit>");
}

}  // namespace
}  // namespace wanwise::iosxe
