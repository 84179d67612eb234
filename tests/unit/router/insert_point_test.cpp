#include "sim/router/config/insert_point.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/router/config/config_view.hpp"
#include "sim/router/config/edit.hpp"
#include "tests/support/router_trees.hpp"

namespace wanwise::router {
namespace {

std::string policy(const std::string& classes) {
  return test::native("<policy>" + test::policy_map("P", classes) + "</policy>");
}

std::string placed(const std::string& name, const std::string& attributes) {
  return policy("<class xmlns:p=\"http://cisco.com/ns/yang/Cisco-IOS-XE-policy\" " + attributes +
                "><name>" + name + "</name></class>");
}

// The classes of policy P after `edit`, or the error's app-tag.
std::string order_after(const std::string& edit) {
  const Tree base = test::parse_config(policy(test::policy_class("A", test::set_dscp("ef")) +
                                              test::policy_class("B", test::set_dscp("ef")) +
                                              test::policy_class("C", test::set_dscp("ef"))));
  const Tree tree = test::parse_edit(edit);
  const auto result = apply_edit(test::router_context(), base, tree.get(), EditOperation::merge);
  if (!result) {
    return result.error().app_tag;
  }
  std::string out;
  const lyd_node* map = named(child(native_of(*result), "policy"), "policy-map", "P");
  for (const lyd_node* entry : children(map, "class")) {
    out += child_text(entry, "name");
  }
  return out;
}

TEST(InsertPoint, PlacesNewEntries) {
  EXPECT_EQ(order_after(placed("N", "")), "ABCN");
  EXPECT_EQ(order_after(placed("N", "yang:insert=\"first\"")), "NABC");
  EXPECT_EQ(order_after(placed("N", "yang:insert=\"last\"")), "ABCN");
  EXPECT_EQ(order_after(placed("N", "yang:insert=\"before\" yang:key=\"[name='B']\"")), "ANBC");
  EXPECT_EQ(order_after(placed("N", "yang:insert=\"after\" yang:key=\"[p:name='B']\"")), "ABNC");
}

TEST(InsertPoint, MovesEntriesThatAreThere) {
  EXPECT_EQ(order_after(placed("C", "yang:insert=\"first\"")), "CAB");
  EXPECT_EQ(order_after(placed("A", "yang:insert=\"last\"")), "BCA");
  EXPECT_EQ(order_after(placed("A", "yang:insert=\"first\"")), "ABC");
  EXPECT_EQ(order_after(placed("A", "yang:insert=\"after\" yang:key=\"[name='C']\"")), "BCA");
}

TEST(InsertPoint, RefusesAnAnchorThatIsNotThere) {
  EXPECT_EQ(order_after(placed("N", "yang:insert=\"before\" yang:key=\"[name='Z']\"")),
            "missing-instance");
}

TEST(KeyPredicate, TakesBothQuotesAndDropsPrefixes) {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(parse_key_predicate("[a='1'][p:b=\"x]y\"]"), (Pairs{{"a", "1"}, {"b", "x]y"}}));
  for (const char* bad : {"", "a='1'", "[a]", "[a=1]", "[a='1'", "[='1']", "[a='1]"}) {
    EXPECT_FALSE(parse_key_predicate(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace wanwise::router
