// Events on objects of a real API server.
#include <gmock/gmock.h>

#include <boost/json/serialize.hpp>

#include "adapters/kubernetes/api/json_read.hpp"
#include "adapters/kubernetes/events/event_recorder.hpp"
#include "tests/integration/kubernetes/plane_fixture.hpp"

namespace wanwise::test {
namespace {

namespace json = boost::json;
using kubernetes::EventLimits;
using kubernetes::EventRecorder;
using kubernetes::EventType;
using kubernetes::ObjectEvent;
using kubernetes::string_at;

class KubernetesEvents : public PlaneTest {
 protected:
  static void SetUpTestSuite() { begin({true, false, {}}); }

  void TearDown() override {
    if (m_recorder) m_recorder->stop();
    PlaneTest::TearDown();
  }
  void open(EventLimits limits = {}) {
    m_recorder = EventRecorder::create(m_admin, "test-1", limits);
  }
  ObjectEvent about(const std::string& name, const std::string& note = "no room on tx2") {
    return {{"apps/v1", "Deployment", {m_namespace, name}, "1-2-3"},
            EventType::warning,
            "MoveRefused",
            "Moving",
            note};
  }
  [[nodiscard]] bool written() {
    return until([&] { return m_recorder->idle(); });
  }
  json::array events() {
    const auto list = get("/apis/events.k8s.io/v1/namespaces/" + m_namespace + "/events");
    EXPECT_TRUE(list) << list.error().message;
    return list ? kubernetes::array_at(*list, {"items"}) : json::array{};
  }

  std::shared_ptr<EventRecorder> m_recorder;
};

TEST_F(KubernetesEvents, StandOnTheirObject) {
  open();
  m_recorder->record(about("detector"));
  ASSERT_TRUE(written());
  const json::array all = events();
  ASSERT_EQ(all.size(), 1U);
  const json::value& event = all.front();
  EXPECT_EQ(string_at(event, {"regarding", "kind"}), "Deployment");
  EXPECT_EQ(string_at(event, {"regarding", "name"}), "detector");
  EXPECT_EQ(string_at(event, {"regarding", "uid"}), "1-2-3");
  EXPECT_EQ(string_at(event, {"type"}), "Warning");
  EXPECT_EQ(string_at(event, {"reason"}), "MoveRefused");
  EXPECT_EQ(string_at(event, {"action"}), "Moving");
  EXPECT_EQ(string_at(event, {"note"}), "no room on tx2");
  EXPECT_EQ(string_at(event, {"reportingController"}), "wanwise");
  EXPECT_EQ(string_at(event, {"reportingInstance"}), "test-1");
  EXPECT_EQ(kubernetes::find_at(event, {"series"}), nullptr) << json::serialize(event);
}

TEST_F(KubernetesEvents, EqualOnesAreOneSeriesThatCounts) {
  EventLimits limits;
  limits.series_period = std::chrono::milliseconds(50);
  open(limits);
  m_recorder->record(about("detector"));
  ASSERT_TRUE(written());
  m_recorder->record(about("detector"));
  m_recorder->record(about("detector"));
  m_recorder->record(about("other"));
  const auto count = [&](const char* of) -> std::int64_t {
    for (const json::value& event : events()) {
      if (string_at(event, {"regarding", "name"}) != of) continue;
      return kubernetes::integer_at(event, {"series", "count"}).value_or(1);
    }
    return 0;
  };
  EXPECT_TRUE(until([&] { return count("detector") == 3; })) << count("detector");
  EXPECT_EQ(count("other"), 1);
  EXPECT_EQ(events().size(), 2U);
  EXPECT_EQ(m_recorder->counters().written, 3U);
}

TEST_F(KubernetesEvents, OneThatIsGoneIsMadeAnew) {
  EventLimits limits;
  limits.series_period = std::chrono::milliseconds(10);
  open(limits);
  m_recorder->record(about("detector"));
  ASSERT_TRUE(written());
  remove("/api/v1/namespaces/" + m_namespace + "/events/" +
         std::string(string_at(events().at(0), {"metadata", "name"})));
  m_recorder->record(about("detector"));
  ASSERT_TRUE(until([&] { return m_recorder->counters().refused == 1; }));
  m_recorder->record(about("detector"));
  ASSERT_TRUE(written());
  EXPECT_EQ(events().size(), 1U);
}

TEST_F(KubernetesEvents, LongNotesAreCutBetweenCharacters) {
  open();
  std::string note(1023, 'x');
  m_recorder->record(about("detector", note + "\u00e9 and more"));
  ASSERT_TRUE(written());
  ASSERT_EQ(events().size(), 1U);
  EXPECT_EQ(string_at(events().at(0), {"note"}), note);
}

TEST_F(KubernetesEvents, OnNodesLieInKubeSystem) {
  open();
  m_recorder->record(
      {{"v1", "Node", {"", "tx2"}, ""}, EventType::normal, "Drained", "Draining", "by operator"});
  ASSERT_TRUE(written());
  EXPECT_EQ(m_recorder->counters().written, 1U);
}

TEST_F(KubernetesEvents, WhatFindsNoRoomIsLetGoAndCounted) {
  EventLimits limits;
  limits.known = 10;
  open(limits);
  for (int i = 0; i < 15; ++i) m_recorder->record(about("d" + std::to_string(i)));
  EXPECT_EQ(m_recorder->counters().no_room, 5U);
  ASSERT_TRUE(written());
  m_recorder->record(about("late"));
  ASSERT_TRUE(written());
  EXPECT_EQ(m_recorder->counters().written, 11U);
}

TEST_F(KubernetesEvents, AServerThatIsAwayCostsNothingButTheEvent) {
  EventLimits limits;
  limits.give_up = std::chrono::milliseconds(200);
  kubernetes::Access nobody = plane().admin();
  nobody.port = 1;
  const auto client = *kubernetes::Client::create(m_io.get_executor(), nobody);
  m_recorder = EventRecorder::create(client, "test-1", limits);
  m_recorder->record(about("detector"));
  ASSERT_TRUE(written());
  EXPECT_EQ(m_recorder->counters().refused, 1U);
  client->stop();
}

}  // namespace
}  // namespace wanwise::test
