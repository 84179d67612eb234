// The whole adapter against a NETCONF server that no one here wrote, Debian's netconfd behind
// OpenSSH with the vendor's own modules: it writes, reads back, changes, refuses what is somebody
// else's, and takes everything out again. A second session of another client looks on.
#include <gmock/gmock.h>

#include "tests/interop/netconfd/netconfd_fixture.hpp"
#include "tests/unit/iosxe/samples.hpp"

namespace wanwise::iosxe {
namespace {

using samples::site_qos;
using test::NetconfdTarget;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kOperatorPolicy =
    "<native xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-native\"><policy>"
    "<policy-map xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-policy\"><name>OPERATOR</name>"
    "<class><name>class-default</name></class></policy-map></policy><interface><Cellular>"
    "<name>0/1/0</name><service-policy xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-policy\">"
    "<output>OPERATOR</output></service-policy></Cellular></interface></native>";

class NetconfdTest : public test::NetconfdFixture {};

TEST_P(NetconfdTest, HoldsWhatWanwiseWritesUntilItIsTakenOut) {
  ASSERT_NO_FATAL_FAILURE(connect(samples::config()));
  const auto empty = wanwise().sink().take<core::RouterQosObserved>();
  ASSERT_TRUE(empty);
  EXPECT_FALSE(empty->qos);

  ASSERT_NO_FATAL_FAILURE(expect_written(site_qos()));
  EXPECT_THAT(running(), HasSubstr("<bit-rate>8000000</bit-rate>"));

  // Its commit after <validate> is answered ok and does nothing: the reading back saw that.
  EXPECT_EQ(wanwise().port().degradations().contains(degraded::kValidateUnsafe), candidate());

  core::RouterQos slower = site_qos();
  slower.wans[0].shaper = core::Bps{2'500'000};
  ASSERT_NO_FATAL_FAILURE(expect_written(slower));
  EXPECT_THAT(running(), HasSubstr("<bit-rate>2500000</bit-rate>"));
  EXPECT_THAT(running(), Not(HasSubstr("<bit-rate>8000000</bit-rate>")));

  ASSERT_NO_FATAL_FAILURE(expect_removed(slower));
  EXPECT_THAT(peer()->rpc("<lock><target><running/></target></lock>"), HasSubstr("<ok/>"));
}

TEST_P(NetconfdTest, KeepsThePolicyOfSomebodyElse) {
  ASSERT_NO_FATAL_FAILURE(configure_by_hand(kOperatorPolicy));
  ASSERT_NO_FATAL_FAILURE(connect(samples::config()));
  const auto observed = wanwise().sink().take<core::RouterQosObserved>();
  ASSERT_TRUE(observed);
  EXPECT_THAT(observed->foreign, testing::ElementsAre("Cellular0/1/0 output OPERATOR"));
  const core::ActionDone done = apply(site_qos());
  EXPECT_EQ(done.outcome, core::Outcome::refused);
  EXPECT_EQ(done.reason, "foreign-policy");
  EXPECT_THAT(running(), HasSubstr("OPERATOR"));
  EXPECT_THAT(running(), Not(HasSubstr("WANWISE")));
}

INSTANTIATE_TEST_SUITE_P(Interop, NetconfdTest,
                         testing::Values(NetconfdTarget::candidate, NetconfdTarget::running),
                         test::name_of_target);

}  // namespace
}  // namespace wanwise::iosxe
