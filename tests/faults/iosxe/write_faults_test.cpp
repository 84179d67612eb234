// The fault matrix of the write path: whatever goes wrong at whichever request, the router ends
// with its old or its new configuration, whole, and wanwise knows which of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/faults/iosxe/rig.hpp"

namespace wanwise::test {
namespace {

using core::Outcome;
using iosxe::Mqc;

/// A write that hangs is given up at this time. Long beside what a write takes on a busy machine
/// (some 30 ms, a second at the worst).
constexpr std::chrono::milliseconds kHangs{700};
constexpr std::chrono::milliseconds kPatience{15'000};

class WriteFaults : public testing::TestWithParam<FaultCase> {
 protected:
  /// One router process for all cases of a mode; ended before the libraries are.
  static std::map<WriteMode, std::unique_ptr<FaultRig>>& rigs() {
    static std::map<WriteMode, std::unique_ptr<FaultRig>> all;
    return all;
  }
  static FaultRig& rig(WriteMode mode) {
    auto& found = rigs()[mode];
    if (!found) found = std::make_unique<FaultRig>(mode);
    return *found;
  }
  static void TearDownTestSuite() { rigs().clear(); }

  void SetUp() override {
    m_rig = &rig(GetParam().mode);
    ASSERT_TRUE(m_rig->load({}));
    const auto held = m_rig->held();
    ASSERT_TRUE(held);
    m_old = held->own;
    m_which = m_old == mqc_of(qos_named("red")) ? "blue" : "red";
    m_new = mqc_of(qos_named(m_which));
  }

  /// The router came to rest; whoever asks now learns what it holds.
  void expect_old_or_new() {
    ASSERT_TRUE(m_rig->load({}));
    const auto held = m_rig->held();
    ASSERT_TRUE(held) << "the router did not come to rest";
    m_held = held->own;
    EXPECT_TRUE(held->others_untouched);
    EXPECT_TRUE(m_held == m_old || m_held == m_new)
        << "neither the old nor the new configuration: " << m_held.policy_maps.size()
        << " policy maps";
  }

  void expect_known_by(IosxePort& wanwise) {
    const Mqc held = m_held;
    const bool known = wanwise.sink().wait([&](const std::vector<core::EventBody>& events) {
      const auto seen = last_of<core::RouterQosObserved>(events);
      const auto session = last_of<core::RouterSession>(events);
      if (session && session->state != core::SessionState::connected) return false;
      if (!seen) return false;
      return seen->qos ? mqc_of(*seen->qos) == held : held == Mqc{};
    });
    EXPECT_TRUE(known) << "wanwise takes the router for something else";
    const auto seen = last_of<core::RouterQosObserved>(wanwise.sink().events());
    ASSERT_TRUE(seen);
    EXPECT_TRUE(seen->altered.empty()) << seen->altered.front();
  }

  void expect_answer_fits(const core::ActionDone& done) {
    const std::string how = done.reason + ": " + done.detail;
    switch (done.outcome) {
      case Outcome::done:
        EXPECT_TRUE(m_held == m_new) << "done, but it holds the old one";
        break;
      case Outcome::refused:
      case Outcome::failed:
        EXPECT_TRUE(m_held == m_old) << "not done, but it holds the new one: " << how;
        EXPECT_FALSE(done.reason.empty());
        break;
      case Outcome::unknown:
        EXPECT_FALSE(done.reason.empty());
        break;
    }
  }

  void write_and_lose() {
    const FaultCase& fault = GetParam();
    IosxePort* wanwise = m_rig->wanwise();
    ASSERT_NE(wanwise, nullptr);
    wanwise->sink().clear_but_state();
    ASSERT_TRUE(m_rig->load(fault.rules));
    const auto done = wanwise->apply(qos_named(m_which), fault.hangs ? kHangs : kPatience);
    ASSERT_TRUE(done) << "every write is answered";
    EXPECT_TRUE(m_rig->fires(fault.fires)) << "the fault was never met";
    expect_old_or_new();
    expect_answer_fits(*done);
    if (!fault.reason.empty()) {
      EXPECT_EQ(done->reason, fault.reason) << done->detail;
    }
    expect_known_by(*wanwise);
    if (fault.ends_session) {
      EXPECT_TRUE(wanwise->sink().wait([](const std::vector<core::EventBody>& events) {
        return std::any_of(events.begin(), events.end(), [](const core::EventBody& body) {
          const auto* session = std::get_if<core::RouterSession>(&body);
          return session != nullptr && session->state == core::SessionState::disconnected;
        });
      })) << "the session did not end";
    }
  }

  void write_and_die() {
    const FaultCase& fault = GetParam();
    m_rig->end_wanwise();
    ASSERT_TRUE(m_rig->load(fault.rules));
    m_rig->start_writer(m_which);
    EXPECT_TRUE(m_rig->fires(fault.fires)) << "the fault was never met";
    m_rig->kill_writer();
    ASSERT_TRUE(m_rig->load({}));
    IosxePort* next = m_rig->wanwise();
    ASSERT_NE(next, nullptr) << "the next wanwise does not get in";
    expect_old_or_new();
    expect_known_by(*next);
  }

  FaultRig* m_rig = nullptr;
  Mqc m_old, m_new, m_held;
  std::string m_which;
};

TEST_P(WriteFaults, EndsWithTheOldOrTheNewConfigurationAndKnowsWhich) {
  if (GetParam().kill) {
    write_and_die();
  } else {
    write_and_lose();
  }
}

std::string name_of_case(const testing::TestParamInfo<FaultCase>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(confirmed, WriteFaults,
                         testing::ValuesIn(fault_cases(WriteMode::confirmed)), name_of_case);
INSTANTIATE_TEST_SUITE_P(candidate, WriteFaults,
                         testing::ValuesIn(fault_cases(WriteMode::candidate)), name_of_case);
INSTANTIATE_TEST_SUITE_P(checkpoint, WriteFaults,
                         testing::ValuesIn(fault_cases(WriteMode::checkpoint)), name_of_case);
INSTANTIATE_TEST_SUITE_P(running, WriteFaults, testing::ValuesIn(fault_cases(WriteMode::running)),
                         name_of_case);

}  // namespace
}  // namespace wanwise::test
