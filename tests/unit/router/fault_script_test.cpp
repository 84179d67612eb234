#include "sim/router/faults/fault_script.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/router/faults/fault_gate.hpp"

namespace wanwise::router {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::AllOf;
using testing::HasSubstr;

std::string complaint(const std::string& text) {
  const auto script = parse_fault_script("faults.txt", text);
  return script ? "none" : script.error().message;
}

TEST(FaultScript, ReadsEveryAction) {
  const auto script = parse_fault_script("f",
                                         "# a comment\n"
                                         "\n"
                                         "on lock cut before\n"
                                         "  on edit-config#2   cut during\r\n"
                                         "on commit cut after\n"
                                         "on commit hang before\n"
                                         "on commit#1 hang after\n"
                                         "on lock error in-use try later\n"
                                         "on edit-config bad-cli policy-map X\n"
                                         "on get delay 250\n"
                                         "on commit ignore\n"
                                         "on commit exit before\n"
                                         "on commit exit after\n"
                                         "at 5 restart 30\n"
                                         "at 0.5 sync 4\n"
                                         "at 1 cli by hand.xml\n"
                                         "at 2 subscriptions 0\n"
                                         "at 4 interface Cellular0/1/0 down\n"
                                         "at 3 cut");
  ASSERT_TRUE(script.has_value()) << script.error().message;
  ASSERT_EQ(script->requests.size(), 11U);
  const RequestRule& second = script->requests[1];
  EXPECT_EQ(second.operation, "edit-config");
  EXPECT_EQ(second.nth, 2U);
  EXPECT_EQ(second.what, RequestFault::cut);
  EXPECT_EQ(second.when, FaultPhase::during);
  EXPECT_EQ(second.say, "cut during");
  EXPECT_EQ(script->requests[5].tag, "in-use");
  EXPECT_EQ(script->requests[5].text, "try later");
  EXPECT_EQ(script->requests[6].text, "policy-map X");
  EXPECT_EQ(script->requests[7].delay, milliseconds(250));
  EXPECT_EQ(script->requests[8].what, RequestFault::ignore);
  ASSERT_EQ(script->timed.size(), 6U) << "in the order of their times";
  EXPECT_EQ(script->timed[0].what, TimedFault::sync);
  EXPECT_EQ(script->timed[0].at, milliseconds(500));
  EXPECT_EQ(script->timed[1].file, "by hand.xml");
  EXPECT_EQ(script->timed[4].interface, "Cellular0/1/0");
  EXPECT_FALSE(script->timed[4].up);
  EXPECT_EQ(script->timed[5].length, seconds(30));
  EXPECT_EQ(script->timed[5].say, "5 restart 30");
}

TEST(FaultScript, NamesEveryMistakeWithItsLineAndWhatIsAllowed) {
  EXPECT_THAT(complaint("on lock cut before\nwhen lock\non lok cut\n"),
              AllOf(HasSubstr("faults.txt:2: \"when\" begins no line (allowed: on OPERATION[#N]"),
                    HasSubstr("\nfaults.txt:3: operation \"lok\" is unknown (allowed: get,")));
  for (const char* bad : {"on",
                          "on lock",
                          "on lock cut",
                          "on lock cut sometimes",
                          "on lock hang during",
                          "on lock#0 cut before",
                          "on lock# cut before",
                          "on lock#x cut before",
                          "on lock error",
                          "on lock error no-such-tag",
                          "on lock bad-cli",
                          "on lock delay",
                          "on lock delay -1",
                          "on lock delay 1s",
                          "on lock delay 99999999999",
                          "on lock cut before now",
                          "on lock restart 3",
                          "at",
                          "at x cut",
                          "at -1 cut",
                          "at nan cut",
                          "at 1e9 cut",
                          "at 1",
                          "at 1 restart",
                          "at 1 restart soon",
                          "at 1 cli",
                          "at 1 subscriptions many",
                          "at 1 interface",
                          "at 1 interface Cellular0/1/0 off",
                          "at 1 hang before",
                          "at 1 cut 3"}) {
    EXPECT_THAT(complaint(bad), AllOf(HasSubstr("faults.txt:1: "), HasSubstr("(allowed: "))) << bad;
  }
}

TEST(FaultScript, IsBounded) {
  std::string text;
  for (std::size_t i = 0; i <= kMaxFaultLines; ++i) text += "#\n";
  EXPECT_THAT(complaint(text), HasSubstr("faults.txt:1001: too long"));
}

TEST(FaultScript, ThatIsNotThereIsSaid) {
  const auto script = read_fault_script("/no/such/file");
  ASSERT_FALSE(script.has_value());
  EXPECT_THAT(script.error().message, HasSubstr("/no/such/file: cannot be read"));
}

FaultScript script_of(const std::string& text) {
  return parse_fault_script("f", text).value();
}

TEST(FaultGate, CountsRequestsOverAllSessionsAndAnewWithANewScript) {
  FaultGate gate(script_of("on commit#2 hang after\non commit delay 1\non commit delay 2"), {});
  EXPECT_FALSE(gate.judge("commit").fault.has_value());
  EXPECT_TRUE(gate.judge("lock").delays.empty());
  const auto second = gate.judge("commit");
  ASSERT_TRUE(second.fault.has_value());
  EXPECT_EQ(second.fault->number, 2U);
  EXPECT_EQ(second.delays.size(), 2U);
  EXPECT_FALSE(gate.judge("commit").fault.has_value());
  gate.load(script_of("on commit#1 cut before"), {});
  EXPECT_TRUE(gate.judge("commit").fault.has_value());
}

TEST(FaultGate, HasEachTimedFaultOnce) {
  const FaultGate::Time begin{};
  FaultGate gate(script_of("at 2 cut\nat 1 sync 3"), begin);
  EXPECT_TRUE(gate.due(begin).empty());
  const auto first = gate.due(begin + seconds(1));
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].what, TimedFault::sync);
  EXPECT_EQ(gate.due(begin + seconds(9)).size(), 1U);
  EXPECT_TRUE(gate.due(begin + seconds(99)).empty());
}

}  // namespace
}  // namespace wanwise::router
