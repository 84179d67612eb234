// What every implementation of the Router port does (engine/ports/router.hpp).
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/contract/router/router_site.hpp"
#include "tests/unit/iosxe/samples.hpp"

namespace wanwise::testing {
namespace {

using core::ActionDone;
using core::Outcome;
using core::RouterQosObserved;

const core::Micros kDeadline = core::seconds(15);

/// What both the sample configuration and the simulated site have: one cellular link.
core::RouterQos some_qos(std::int64_t shaper) {
  core::RouterQos qos = iosxe::samples::site_qos();
  qos.marking.pop_back();
  qos.wans.pop_back();
  qos.wans[0].shaper = core::Bps{shaper};
  qos.wans[0].queues.pop_back();
  qos.wans[0].default_percent = 100;
  return qos;
}

core::RouterQos nothing() {
  return {some_qos(1).router, some_qos(1).lan_interface, {}, {}};
}

bool is_nothing(const RouterQosObserved& seen) {
  return !seen.qos || (seen.qos->marking.empty() && seen.qos->wans.empty() &&
                       seen.qos->steering.empty() && seen.qos->probes.empty());
}

template <class Event>
std::vector<Event> all(const Events& events) {
  std::vector<Event> found;
  for (const core::EventBody& body : events) {
    if (const auto* event = std::get_if<Event>(&body)) found.push_back(*event);
  }
  return found;
}

class RouterContract : public ::testing::TestWithParam<RouterKind> {
 protected:
  void SetUp() override { m_site = GetParam().make(); }
  void start() {
    m_site->start();
    ASSERT_TRUE(m_site->until([](const Events& events) {
      return !all<core::RouterSession>(events).empty() && !all<RouterQosObserved>(events).empty();
    }));
  }
  void submit(core::ActionId id, const core::RouterQos& qos) {
    m_site->router().submit(id, {qos}, m_site->now() + kDeadline);
  }
  std::optional<ActionDone> answer_to(core::ActionId id) {
    std::optional<ActionDone> found;
    const bool came = m_site->until([&](const Events& events) {
      for (const ActionDone& done : all<ActionDone>(events)) {
        if (done.id == id) found = done;
      }
      return found.has_value();
    });
    return came ? found : std::nullopt;
  }
  std::optional<RouterQosObserved> last_seen() {
    const auto seen = all<RouterQosObserved>(m_site->events());
    return seen.empty() ? std::nullopt : std::optional{seen.back()};
  }
  void expect_done(core::ActionId id) {
    const auto done = answer_to(id);
    ASSERT_TRUE(done) << "write " << id << " is not answered";
    EXPECT_EQ(done->outcome, Outcome::done) << done->reason << ": " << done->detail;
  }

  std::unique_ptr<RouterSite> m_site;
};

TEST_P(RouterContract, TellsItsSessionAndWhatTheRouterHoldsAfterTheStart) {
  start();
  const auto events = m_site->events();
  EXPECT_EQ(all<core::RouterSession>(events).front().state, core::SessionState::connected);
  EXPECT_TRUE(is_nothing(all<RouterQosObserved>(events).front()));
  EXPECT_TRUE(all<ActionDone>(events).empty());
}

TEST_P(RouterContract, TelemetryComesAtItsPeriodAndInOrder) {
  start();
  ASSERT_TRUE(m_site->until(
      [](const Events& events) { return all<core::LinkCounters>(events).size() >= 6; }));
  std::map<std::string, core::Instant> last;
  for (const auto& counters : all<core::LinkCounters>(m_site->events())) {
    const auto before = last.find(counters.link.text);
    if (before != last.end()) {
      EXPECT_GE(counters.observed_at, before->second);
    }
    last[counters.link.text] = counters.observed_at;
  }
  EXPECT_TRUE(last.contains("lte"));
}

TEST_P(RouterContract, AWriteIsInForceAndToldBeforeItIsAnswered) {
  start();
  submit(1, some_qos(4'000'000));
  expect_done(1);
  const auto seen = last_seen();
  ASSERT_TRUE(seen && seen->qos);
  EXPECT_EQ(*seen->qos, some_qos(4'000'000));
  EXPECT_TRUE(seen->foreign.empty());
  EXPECT_TRUE(seen->altered.empty());
}

TEST_P(RouterContract, EveryWriteIsAnsweredOnceAndTheLastOneStays) {
  start();
  for (core::ActionId id = 1; id <= 4; ++id)
    submit(id, some_qos(1'000'000 * static_cast<std::int64_t>(id)));
  for (core::ActionId id = 1; id <= 4; ++id) expect_done(id);
  EXPECT_EQ(all<ActionDone>(m_site->events()).size(), 4U);
  const auto seen = last_seen();
  ASSERT_TRUE(seen && seen->qos);
  EXPECT_EQ(*seen->qos, some_qos(4'000'000));
}

TEST_P(RouterContract, WritingWhatIsThereIsDone) {
  start();
  submit(1, some_qos(4'000'000));
  expect_done(1);
  submit(2, some_qos(4'000'000));
  expect_done(2);
}

TEST_P(RouterContract, AnEmptyConfigurationTakesEverythingAway) {
  start();
  submit(1, some_qos(4'000'000));
  expect_done(1);
  submit(2, nothing());
  expect_done(2);
  const auto seen = last_seen();
  ASSERT_TRUE(seen);
  EXPECT_TRUE(is_nothing(*seen));
  EXPECT_TRUE(seen->altered.empty());
}

TEST_P(RouterContract, PostsNothingAfterStop) {
  start();
  m_site->router().stop();
  const std::size_t before = m_site->events().size();
  m_site->router().submit(9, {some_qos(4'000'000)}, m_site->now() + core::milliseconds(200));
  EXPECT_FALSE(all<ActionDone>(m_site->events()).size() > 0);
  EXPECT_EQ(m_site->events().size(), before);
}

std::string name_of(const ::testing::TestParamInfo<RouterKind>& kind) {
  return kind.param.name;
}
INSTANTIATE_TEST_SUITE_P(Ports, RouterContract, ::testing::ValuesIn(router_kinds()), name_of);

}  // namespace
}  // namespace wanwise::testing
