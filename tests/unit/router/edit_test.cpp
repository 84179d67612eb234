#include "sim/router/config/edit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/router_trees.hpp"

namespace wanwise::router {
namespace {

using test::native;
using test::parse_config;
using test::parse_edit;
using test::print;

std::string host(const std::string& name, const std::string& attribute = "") {
  return "<hostname" + attribute + ">" + name + "</hostname>";
}

std::string operation(const std::string& value) {
  return " nc:operation=\"" + value + "\"";
}

std::string class_map(const std::string& name, const std::string& inside,
                      const std::string& attribute = "") {
  return "<policy><class-map xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-policy\"" + attribute +
         "><name>" + name + "</name>" + inside + "</class-map></policy>";
}

const std::string kAny = "<prematch>match-any</prematch>";
const std::string kAll = "<prematch>match-all</prematch>";

struct Case {
  const char* behaviour;
  std::string base;
  std::string edit;
  EditOperation default_operation;
  std::string result;  ///< content of native when it works
  std::string error;   ///< error-tag otherwise
};

const char* tag_name(NC_ERR tag) {
  switch (static_cast<int>(tag)) {
    case NC_ERR_DATA_EXISTS:
      return "data-exists";
    case NC_ERR_DATA_MISSING:
      return "data-missing";
    case NC_ERR_UNKNOWN_ELEM:
      return "unknown-element";
    case NC_ERR_INVALID_VALUE:
      return "invalid-value";
    default:
      return "other";
  }
}

constexpr auto kMerge = EditOperation::merge;

std::vector<Case> cases() {
  const std::string two = class_map("A", kAny);
  return {
      {"merge adds a leaf", "", host("r1"), kMerge, host("r1"), ""},
      {"merge changes a leaf", host("r1"), host("r2"), kMerge, host("r2"), ""},
      {"merge of the same value changes nothing", host("r1"), host("r1"), kMerge, host("r1"), ""},
      {"merge adds a list entry with its keys", "", class_map("A", kAny), kMerge,
       class_map("A", kAny), ""},
      {"merge keeps what it does not name", class_map("A", kAny + "<match><dscp>ef</dscp></match>"),
       class_map("A", kAll), kMerge, class_map("A", kAll + "<match><dscp>ef</dscp></match>"), ""},
      {"merge adds a value of a leaf-list", class_map("A", kAny + "<match><dscp>ef</dscp></match>"),
       class_map("A", "<match><dscp>cs1</dscp></match>"), kMerge,
       class_map("A", kAny + "<match><dscp>ef</dscp><dscp>cs1</dscp></match>"), ""},
      {"replace drops what it does not name",
       class_map("A", kAny + "<match><dscp>ef</dscp></match>"),
       class_map("A", kAll, operation("replace")), kMerge, class_map("A", kAll), ""},
      {"replace of what is not there creates it", "", class_map("A", kAny, operation("replace")),
       kMerge, class_map("A", kAny), ""},
      {"create makes what is not there", "", class_map("A", kAny, operation("create")), kMerge,
       class_map("A", kAny), ""},
      {"create of what is there is refused", class_map("A", kAny),
       class_map("A", kAny, operation("create")), kMerge, "", "data-exists"},
      {"delete takes away", class_map("A", kAny), class_map("A", "", operation("delete")), kMerge,
       "", ""},
      {"delete of what is not there is refused", "", class_map("A", "", operation("delete")),
       kMerge, "", "data-missing"},
      {"remove of what is not there is no error", host("r1"),
       class_map("A", "", operation("remove")), kMerge, host("r1"), ""},
      {"delete of a leaf needs no value", host("r1"), "<hostname nc:operation=\"delete\"/>", kMerge,
       "", ""},
      {"remove of a leaf needs no value", host("r1"), "<hostname nc:operation=\"remove\"/>", kMerge,
       "", ""},
      {"default none does nothing by itself", class_map("A", kAny), class_map("A", ""),
       EditOperation::none, class_map("A", kAny), ""},
      {"default none with an operation inside", class_map("A", kAny),
       class_map("A", "<prematch nc:operation=\"replace\">match-all</prematch>"),
       EditOperation::none, class_map("A", kAll), ""},
      {"default none refuses a missing parent", "",
       class_map("A", "<prematch nc:operation=\"create\">match-all</prematch>"),
       EditOperation::none, "", "data-missing"},
      {"default replace replaces all it names", host("r1") + class_map("A", kAny), host("r2"),
       EditOperation::replace, host("r2"), ""},
      {"an unknown element is refused", "", "<no-such-thing>1</no-such-thing>", kMerge, "",
       "unknown-element"},
      {"an unknown element below a created entry is refused", "",
       class_map("A", kAny + "<colour>blue</colour>", operation("create")), kMerge, "",
       "unknown-element"},
      {"an unknown module is refused", "", "<x xmlns=\"urn:nobody\">1</x>", kMerge, "",
       "unknown-element"},
      {"a value outside its type is refused", "", class_map("A", "<prematch>match-some</prematch>"),
       kMerge, "", "invalid-value"},
      {"an entry without its key is refused", "",
       "<policy><class-map xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-policy\">"
       "<prematch>match-any</prematch></class-map></policy>",
       kMerge, "", "invalid-value"},
      {"remove without keys removes all entries", class_map("A", kAny),
       "<policy><class-map xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-policy\" "
       "nc:operation=\"remove\"/></policy>",
       kMerge, "", ""},
  };
}

TEST(EditConfig, FollowsTheOperations) {
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.behaviour);
    const Tree base = c.base.empty() ? Tree() : parse_config(native(c.base));
    const std::string before = print(base);
    const Tree edit = parse_edit(native(c.edit));
    const auto result = apply_edit(test::router_context(), base, edit.get(), c.default_operation);
    EXPECT_EQ(print(base), before) << "the input changed";
    if (!c.error.empty()) {
      ASSERT_FALSE(result.has_value());
      EXPECT_EQ(tag_name(result.error().tag), c.error);
      EXPECT_THAT(result.error().path, testing::HasSubstr("native"));
      continue;
    }
    ASSERT_TRUE(result.has_value()) << result.error().message;
    const Tree wanted = c.result.empty() ? Tree() : parse_edit(native(c.result));
    EXPECT_EQ(print(*result), print(wanted));
  }
}

TEST(EditConfig, RefusesASecondCaseOfAChoiceByDeletingTheFirst) {
  const auto rule = [](const std::string& source) {
    return "<ip><access-list><extended xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-acl\">"
           "<name>L</name><access-list-seq-rule><sequence>10</sequence><ace-rule>"
           "<action>permit</action><protocol>tcp</protocol>" +
           source + "<dst-any/></ace-rule></access-list-seq-rule></extended></access-list></ip>";
  };
  const Tree base = parse_config(native(rule("<host-address>10.0.0.1</host-address>")));
  const Tree edit = parse_edit(native(rule("<any/>")));
  auto result = apply_edit(test::router_context(), base, edit.get(), kMerge);
  ASSERT_TRUE(result.has_value());
  EXPECT_TRUE(validate_config(test::router_context(), *result).has_value());
  EXPECT_THAT(print(*result), testing::HasSubstr("<any/>"));
  EXPECT_THAT(print(*result), testing::Not(testing::HasSubstr("host-address>10")));
}

TEST(EditConfig, ReplacingAnEntryOfAnOrderedListKeepsItsPlace) {
  const auto policy = [](const std::string& classes) {
    return native("<policy>" + test::policy_map("P", classes) + "</policy>");
  };
  const Tree base = parse_config(policy(test::policy_class("A", test::set_dscp("ef")) +
                                        test::policy_class("B", test::set_dscp("cs1"))));
  const Tree edit = parse_edit(policy("<class nc:operation=\"replace\"><name>A</name>" +
                                      test::set_dscp("af41") + "</class>"));
  const auto result = apply_edit(test::router_context(), base, edit.get(), kMerge);
  ASSERT_TRUE(result.has_value());
  const std::string text = print(*result);
  EXPECT_LT(text.find("<name>A</name>"), text.find("<name>B</name>"));
  EXPECT_THAT(text, testing::HasSubstr("af41"));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("<dscp-val>ef")));
}

TEST(Validation, MissingLeafrefTargetIsDataMissingWithItsPath) {
  Tree tree = parse_edit(native(test::attach("Cellular", "0/1/0", "output", "NOT-THERE")));
  const auto valid = validate_config(test::router_context(), tree);
  ASSERT_FALSE(valid.has_value());
  EXPECT_EQ(valid.error().tag, NC_ERR_DATA_MISSING);
  EXPECT_EQ(valid.error().app_tag, "instance-required");
  EXPECT_THAT(valid.error().path, testing::HasSubstr("service-policy/output"));
}

TEST(Validation, MandatoryLeafIsAsked) {
  Tree tree = parse_edit(native(class_map("A", "")));
  EXPECT_FALSE(validate_config(test::router_context(), tree).has_value());
}

}  // namespace
}  // namespace wanwise::router
