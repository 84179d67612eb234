#include "tests/integration/router/peer_fixture.hpp"

namespace wanwise::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class StateTest : public RouterTest {};

TEST_F(StateTest, IsFilteredBySubtreeAndByXpath) {
  start();
  auto client = peer();
  const std::string radio = client->rpc(
      "<get><filter type=\"subtree\"><cellwan-oper-data "
      "xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-cellwan-oper\"><cellwan-radio>"
      "<cellular-interface>Cellular0/1/0</cellular-interface><radio-rsrp/></cellwan-radio>"
      "</cellwan-oper-data></filter></get>");
  EXPECT_THAT(radio, HasSubstr("<cellwan-radio><cellular-interface>Cellular0/1/0"
                               "</cellular-interface><radio-rsrp>-95</radio-rsrp>"
                               "</cellwan-radio>"));
  EXPECT_THAT(client->rpc(get_xpath("/interfaces/interface[name='Vlan1']/oper-status")),
              AllOf(HasSubstr("if-oper-state-ready"), Not(HasSubstr("Cellular"))));
  EXPECT_THAT(client->rpc(get_xpath("/interfaces/interface[name='none']")), HasSubstr("<data/>"));
  EXPECT_THAT(client->rpc(get_xpath("/interfaces[")), HasSubstr("<rpc-error>"));
}

TEST_F(StateTest, HasConfigurationAndTheYangLibraryToo) {
  start();
  auto client = peer();
  const std::string all = client->rpc("<get/>");
  EXPECT_THAT(all, HasSubstr("<native xmlns"));
  EXPECT_THAT(all, HasSubstr("<name>Cisco-IOS-XE-policy</name>"));
  EXPECT_THAT(all, HasSubstr("ietf-yang-library"));
}

TEST_F(StateTest, HasItsSchemas) {
  start();
  auto client = peer();
  const auto schema = [&](const std::string& name) {
    return client->rpc(
        "<get-schema xmlns=\"urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring\">"
        "<identifier>" +
        name + "</identifier></get-schema>");
  };
  for (int i = 0; i < 20; ++i) {
    EXPECT_THAT(schema("Cisco-IOS-XE-native"), HasSubstr("container interface {"));
  }
  EXPECT_THAT(schema("ietf-netconf"), HasSubstr("module ietf-netconf {"));
  EXPECT_THAT(schema("nothing"), HasSubstr("invalid-value"));
}

TEST_F(StateTest, ShowsTheOdditiesOfRealDevices) {
  start({"--fault", "negative-counters", "speed", "no-radio", "opaque"});
  auto client = peer();
  const std::string all = client->rpc(get_xpath("/interfaces"));
  EXPECT_THAT(all, HasSubstr("<in-unicast-pkts>-324</in-unicast-pkts>"));
  EXPECT_THAT(all, HasSubstr("<speed>1024000000</speed>"));
  EXPECT_THAT(all, HasSubstr("if-media-unheard-of"));
  EXPECT_THAT(client->rpc(get_xpath("/cellwan-oper-data")), Not(HasSubstr("cellwan-radio")));
}

TEST_F(StateTest, RefusesOperationsItDoesNotHave) {
  start();
  auto client = peer();
  EXPECT_THAT(client->rpc("<copy-config><target><candidate/></target><source><running/></source>"
                          "</copy-config>"),
              HasSubstr("operation-not-supported"));
  EXPECT_THAT(client->rpc("<make-coffee xmlns=\"urn:x\"/>"), HasSubstr("<rpc-error>"));
  EXPECT_THAT(client->rpc(get_config("startup")), HasSubstr("<rpc-error>"));
  EXPECT_THAT(client->rpc(get_config("running")), HasSubstr("<native")) << "the session lives on";
}

}  // namespace
}  // namespace wanwise::test
