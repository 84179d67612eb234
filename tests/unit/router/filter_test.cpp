#include "sim/router/netconf/filter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/router/oper/oper_data.hpp"
#include "sim/router/plant/static_plant.hpp"
#include "tests/support/router_trees.hpp"

namespace wanwise::router {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kInterfaces = "xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-interfaces-oper\"";

Tree state() {
  OperInput input;
  input.reading = StaticPlant().read();
  return oper_data(test::router_context(), input);
}

std::string subtree(const std::string& xml) {
  return test::print(filter_subtree(state(), test::parse_edit(xml).get()));
}

std::string interfaces(const std::string& inside) {
  return subtree("<interfaces " + kInterfaces + ">" + inside + "</interfaces>");
}

TEST(SubtreeFilter, SelectsAWholeTree) {
  const std::string all = interfaces("");
  EXPECT_THAT(all, HasSubstr("<name>Vlan1</name>"));
  EXPECT_THAT(all, HasSubstr("<out-octets-64>0</out-octets-64>"));
  EXPECT_THAT(all, Not(HasSubstr("cellwan")));
}

TEST(SubtreeFilter, SelectsByKey) {
  const std::string one = interfaces("<interface><name> Vlan1\n</name></interface>");
  EXPECT_THAT(one, HasSubstr("<name>Vlan1</name>"));
  EXPECT_THAT(one, HasSubstr("statistics"));
  EXPECT_THAT(one, Not(HasSubstr("Cellular")));
}

TEST(SubtreeFilter, SelectsLeavesWithTheKeysOfTheirEntry) {
  const std::string some = interfaces("<interface><oper-status/></interface>");
  EXPECT_THAT(some, HasSubstr("<interface><name>Vlan1</name>"
                              "<oper-status>if-oper-state-ready</oper-status></interface>"));
  EXPECT_THAT(some, Not(HasSubstr("statistics")));
}

TEST(SubtreeFilter, SelectsTheSameBranchTwice) {
  const std::string two = interfaces(
      "<interface><name>Vlan1</name><statistics><in-octets/></statistics>"
      "<statistics><out-octets/></statistics></interface>");
  EXPECT_THAT(two, HasSubstr("<in-octets>0</in-octets><out-octets>0</out-octets>"));
}

TEST(SubtreeFilter, SelectsNothing) {
  EXPECT_EQ(interfaces("<interface><name>Vlan9</name></interface>"), "");
  EXPECT_EQ(interfaces("<no-such/>"), "");
  EXPECT_EQ(subtree("<interfaces xmlns=\"urn:other\"/>"), "");
  EXPECT_EQ(test::print(filter_subtree(state(), nullptr)), "");
}

TEST(SubtreeFilter, TakesSeveralTrees) {
  const std::string both =
      subtree("<interfaces " + kInterfaces +
              "><interface><name>Vlan1</name><name/></interface></interfaces>"
              "<cellwan-oper-data xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-cellwan-oper\">"
              "<cellwan-radio/></cellwan-oper-data>");
  EXPECT_THAT(both, HasSubstr("<interface><name>Vlan1</name></interface>"));
  EXPECT_THAT(both, HasSubstr("<radio-rsrp>-95</radio-rsrp>"));
  EXPECT_THAT(both, Not(HasSubstr("cellwan-network")));
}

std::string xpath(const std::string& path) {
  auto out = filter_xpath(test::router_context(), state(), path);
  return out ? test::print(*out) : "error: " + out.error().message;
}

TEST(XpathFilter, TakesModuleNamesAndBareNames) {
  const std::string wanted = xpath(
      "/Cisco-IOS-XE-interfaces-oper:interfaces/interface[name='Vlan1']/statistics/in-octets");
  EXPECT_THAT(wanted, HasSubstr("<name>Vlan1</name><statistics><in-octets>0</in-octets>"));
  EXPECT_EQ(xpath("/interfaces/interface[name='Vlan1']/statistics/in-octets"), wanted);
}

TEST(XpathFilter, TakesUnionsAndSelectsNothing) {
  EXPECT_THAT(xpath("/interfaces/interface/speed | /interfaces/interface/oper-status"),
              HasSubstr("<oper-status>if-oper-state-ready</oper-status><speed>"));
  EXPECT_EQ(xpath("/interfaces/interface[name='Vlan9']"), "");
}

TEST(XpathFilter, RefusesNonsense) {
  EXPECT_THAT(xpath("/interfaces["), HasSubstr("error: XPath filter"));
}

}  // namespace
}  // namespace wanwise::router
