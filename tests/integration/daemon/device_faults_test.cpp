// A router that reports nonsense, refuses, or carries somebody else's policy: each has a name in
// the status, is in the journal, and the daemon goes on.
#include "tests/support/site_fixture.hpp"

namespace wanwise::test {
namespace {

using testing::HasSubstr;

class DeviceFaults : public SiteTest {
 protected:
  void open(const std::vector<std::string>& options) {
    ASSERT_NO_FATAL_FAILURE(start_router(options));
    write_documents();
    ASSERT_NO_FATAL_FAILURE(start_daemon());
  }
  void ends_in_order() {
    stop_daemon();
    const Ended replay = wanwise({"replay", m_folder.file("journal")});
    EXPECT_EQ(replay.code, 0) << replay.out << replay.err;
  }
};

TEST_F(DeviceFaults, NegativeCountersMakeTheLinkBlindAndAreNeverARate) {
  open({"--fault", "negative-counters"});
  const core::Degradation found = wait_for_degradation("link-blind");
  EXPECT_EQ(found.subject, "lte");
  const core::Status status = wait_for("QoS in place", [](const core::Status& now) {
    return now.started && now.routers[0].qos_in_place;
  });
  EXPECT_FALSE(status.links[0].known);
  EXPECT_EQ(status.links[0].tx_rate.count, 0);
  EXPECT_EQ(wait_for_degradation("invalid-value").subject, "ir1101") << "says why it is blind";
  EXPECT_TRUE(status.routers[0].connected) << "a wrong value ends no session";
  ends_in_order();
  EXPECT_TRUE(journal().all<core::LinkCounters>().empty());
  const std::vector<runtime::JournalNote> notes = journal().notes;
  EXPECT_TRUE(std::any_of(notes.begin(), notes.end(), [](const runtime::JournalNote& note) {
    return note.text && note.text->starts_with("invalid-value ir1101");
  }));
}

TEST_F(DeviceFaults, AnImpossibleSpeedChangesNothing) {
  open({"--fault", "speed"});
  (void)wait_until_all_is_well();
  EXPECT_TRUE(has_whole_qos(running_config()));
  ends_in_order();
}

TEST_F(DeviceFaults, WordsOfALaterReleaseArePassedOver) {
  open({"--fault", "opaque"});
  const core::Status status = wait_for("QoS in place", [](const core::Status& now) {
    return now.started && now.routers[0].qos_in_place && all_placed(now);
  });
  EXPECT_TRUE(status.links[0].known);
  EXPECT_TRUE(status.links[0].up);
  EXPECT_TRUE(has_whole_qos(running_config()));
  ends_in_order();
}

TEST_F(DeviceFaults, AMissingRadioIsNamedAndTheRestGoesOn) {
  open({"--fault", "no-radio"});
  const core::Degradation found = wait_for_degradation("no-radio");
  EXPECT_EQ(found.subject, "lte");
  const core::Status status = wait_for("QoS in place", [](const core::Status& now) {
    return now.started && now.routers[0].qos_in_place && all_placed(now);
  });
  EXPECT_TRUE(status.links[0].known);
  ends_in_order();
  EXPECT_TRUE(journal().all<core::RadioSample>().empty());
}

class Refusal : public DeviceFaults, public testing::WithParamInterface<const char*> {};

TEST_P(Refusal, IsToldInTheRoutersOwnWords) {
  open({"--fault", "refuse-edit", "--datastore", GetParam()});
  const core::Degradation found = wait_for_degradation("qos-not-written");
  EXPECT_EQ(found.subject, "ir1101");
  EXPECT_THAT(found.detail, HasSubstr("Device refused one or more commands"));
  EXPECT_THAT(found.detail, HasSubstr("policy-map WANWISE")) << "the bad command";
  EXPECT_TRUE(has_no_qos(running_config()));
  const core::Status status = wait_for(
      "all is placed", [](const core::Status& now) { return now.started && all_placed(now); });
  EXPECT_FALSE(status.routers[0].qos_in_place);
  EXPECT_TRUE(status.links[0].known);
  ends_in_order();
  const auto writes = journal().writes();
  ASSERT_FALSE(writes.empty());
  EXPECT_EQ(writes.front().done.outcome, core::Outcome::refused);
  EXPECT_EQ(writes.front().done.reason, "rpc-error");
}

INSTANTIATE_TEST_SUITE_P(Datastore, Refusal, testing::Values("candidate", "running"),
                         [](const auto& datastore) { return std::string(datastore.param); });

/// Somebody else's policy on the uplink, there since the router's start.
constexpr const char* kOperatorConfig =
    R"(<native xmlns="http://cisco.com/ns/yang/Cisco-IOS-XE-native">
  <policy>
    <policy-map xmlns="http://cisco.com/ns/yang/Cisco-IOS-XE-policy">
      <name>OPERATOR</name><class><name>class-default</name></class>
    </policy-map>
  </policy>
  <interface>
    <Vlan><name>1</name></Vlan>
    <Cellular>
      <name>0/1/0</name>
      <service-policy xmlns="http://cisco.com/ns/yang/Cisco-IOS-XE-policy">
        <output>OPERATOR</output>
      </service-policy>
    </Cellular>
  </interface>
</native>)";

TEST_F(DeviceFaults, SomebodyElsesPolicyIsNamedAndNeverTouched) {
  const std::string startup = m_folder.write("startup.xml", kOperatorConfig);
  ASSERT_NO_FATAL_FAILURE(start_router({"--startup-config", startup}));
  const std::string before = running_config();
  ASSERT_THAT(before, HasSubstr("<output>OPERATOR</output>"));
  write_documents();

  const Ended doctor = wanwise_on_site("doctor");
  EXPECT_EQ(doctor.code, 1);
  EXPECT_THAT(doctor.out, HasSubstr("Cellular0/1/0 output OPERATOR"));

  ASSERT_NO_FATAL_FAILURE(start_daemon());
  const core::Degradation found = wait_for_degradation("foreign-policy");
  EXPECT_THAT(found.detail, HasSubstr("Cellular0/1/0 output OPERATOR"));
  // It goes on without: samples come, workloads are placed.
  const core::Status status = wait_for("all is placed", [](const core::Status& now) {
    return now.started && all_placed(now) && now.links[0].known && now.links[0].rtt.has_value();
  });
  EXPECT_FALSE(status.routers[0].qos_in_place);
  EXPECT_EQ(running_config(), before);
  ends_in_order();
  EXPECT_EQ(running_config(), before);
  const auto observed = journal().all<core::RouterQosObserved>();
  ASSERT_FALSE(observed.empty());
  EXPECT_EQ(observed.front().second.foreign.size(), 1U);
}

}  // namespace
}  // namespace wanwise::test
