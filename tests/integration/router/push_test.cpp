#include "tests/integration/router/peer_fixture.hpp"

namespace wanwise::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const std::string kRadio = "/cw:cellwan-oper-data/cw:cellwan-radio";

std::string establish(const std::string& path, const std::string& trigger) {
  return "<establish-subscription "
         "xmlns=\"urn:ietf:params:xml:ns:yang:ietf-event-notifications\" "
         "xmlns:yp=\"urn:ietf:params:xml:ns:yang:ietf-yang-push\">"
         "<stream>yp:yang-push</stream><yp:xpath-filter "
         "xmlns:cw=\"http://cisco.com/ns/yang/Cisco-IOS-XE-cellwan-oper\" "
         "xmlns:ios=\"http://cisco.com/ns/yang/Cisco-IOS-XE-native\">" +
         path + "</yp:xpath-filter>" + trigger + "</establish-subscription>";
}

std::string period(int centiseconds) {
  return "<yp:period>" + std::to_string(centiseconds) + "</yp:period>";
}

std::string id_in(const std::string& reply) {
  const std::size_t tag = reply.find("<subscription-id");
  if (tag == std::string::npos) {
    return "";
  }
  const std::size_t begin = reply.find('>', tag) + 1;
  return reply.substr(begin, reply.find('<', begin) - begin);
}

std::string erase(const std::string& id) {
  return "<delete-subscription "
         "xmlns=\"urn:ietf:params:xml:ns:yang:ietf-event-notifications\"><subscription-id>" +
         id + "</subscription-id></delete-subscription>";
}

class PushTest : public RouterTest {};

TEST_F(PushTest, SendsUpdatesUntilItIsDeleted) {
  start();
  auto client = peer();
  const std::string reply = client->rpc(establish(kRadio, period(10)));
  EXPECT_THAT(reply, HasSubstr("notif-bis:ok</subscription-result>"));
  const std::string id = id_in(reply);
  EXPECT_GE(std::stoul(id), 2147483648UL);
  for (int i = 0; i < 5; ++i) {
    const auto update = client->notification();
    ASSERT_TRUE(update.has_value());
    EXPECT_THAT(*update,
                AllOf(HasSubstr("<push-update xmlns=\"urn:ietf:params:xml:ns:yang:ietf-yang-push\">"
                                "<subscription-id>" +
                                id + "</subscription-id>"),
                      HasSubstr("<datastore-contents-xml><cellwan-oper-data"),
                      HasSubstr("<radio-rsrp>-95</radio-rsrp>")));
    EXPECT_THAT(client->rpc(get_xpath("/interfaces/interface/speed")), HasSubstr("<speed>"));
  }
  EXPECT_THAT(client->rpc(erase(id)), HasSubstr("notif-bis:ok<"));
  EXPECT_THAT(client->rpc(erase(id)), HasSubstr("error-no-such-subscription<"));
}

TEST_F(PushTest, RefusesWhatADeviceRefuses) {
  start();
  auto client = peer();
  const auto result = [&](const std::string& path, const std::string& trigger) {
    return client->rpc(establish(path, trigger));
  };
  EXPECT_THAT(result(kRadio, period(9)), HasSubstr("error-insufficient-resources<"));
  EXPECT_THAT(result("/cw:no-such-thing", period(100)), HasSubstr("error-no-such-option<"));
  EXPECT_THAT(result("/ios:native", period(100)), HasSubstr("error-no-such-option<"));
  EXPECT_THAT(result(kRadio, "<yp:dampening-period>0</yp:dampening-period>"),
              HasSubstr("error-no-such-option<"));
  EXPECT_THAT(client->rpc(erase("1")), HasSubstr("error-no-such-subscription<"));
}

TEST_F(PushTest, HasABoundedNumberOfSubscriptions) {
  start();
  auto client = peer();
  for (int i = 0; i < 16; ++i) {
    EXPECT_THAT(client->rpc(establish(kRadio, period(6000))), HasSubstr("notif-bis:ok<"));
  }
  EXPECT_THAT(client->rpc(establish(kRadio, period(6000))),
              HasSubstr("error-insufficient-resources<"));
}

TEST_F(PushTest, SubscriptionsDieWithTheirSession) {
  start();
  for (int round = 0; round < 3; ++round) {
    auto client = peer();
    for (int i = 0; i < 16; ++i) {
      ASSERT_THAT(client->rpc(establish(kRadio, period(10))), HasSubstr("notif-bis:ok<"));
    }
    ASSERT_TRUE(client->notification().has_value());
    EXPECT_THAT(client->rpc("<close-session/>"), IsOk());
  }
  auto dropping = peer();
  EXPECT_THAT(dropping->rpc(establish(kRadio, period(10))), HasSubstr("notif-bis:ok<"));
  dropping->drop();
  EXPECT_THAT(peer()->rpc(get_config("running")), HasSubstr("<native"));
  EXPECT_EQ(m_router.stop(SIGTERM), 0);
}

TEST_F(PushTest, EndsWithTheRouter) {
  start();
  auto client = peer();
  EXPECT_THAT(client->rpc(establish(kRadio, period(10))), HasSubstr("notif-bis:ok<"));
  EXPECT_EQ(m_router.stop(SIGINT), 0);
}

}  // namespace
}  // namespace wanwise::test
