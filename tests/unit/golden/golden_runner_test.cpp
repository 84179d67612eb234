#include "tests/support/golden_runner.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "tests/support/event_json.hpp"
#include "tests/support/random_events.hpp"

namespace wanwise::testing {
namespace {

namespace fs = std::filesystem;

EventContext no_context() {
  return {[](const std::string&) { return std::nullopt; },
          [](const core::RouterName&) { return std::nullopt; }};
}

/// The texts and numbers of random events are not what people write: made tame here.
class TameValues : public RandomValues {
 public:
  using RandomValues::RandomValues;
  core::Instant instant() {
    return core::Instant{static_cast<std::int64_t>(below(1'000'000'000'000))};
  }
};

TEST(EventJson, WhatIsWrittenIsReadBack) {
  TameValues random(5);
  for (int i = 0; i < 200; ++i) {
    const core::Instant at = random.instant();
    const core::Instant seen = random.instant();
    core::RouterQos qos{core::RouterName{"ir1101"}, "Vlan1", {}, {}};
    qos.marking = {{core::ClassName{"video"},
                    {34},
                    {{core::Transport::udp, *core::parse_ipv4_prefix("10.0.0.0/8"),
                      *core::parse_ipv4_prefix("203.0.113.10"), 8443}}}};
    qos.wans = {{core::LinkName{"lte"},
                 "Cellular0/1/0",
                 core::Bps{1'000'000},
                 {{core::ClassName{"video"}, {34}, core::QueueKind::priority, 30}},
                 70}};
    qos.steering = {{core::LinkName{"lte"},
                     core::TrunkName{"bridge"},
                     core::LinkName{"wired"},
                     std::nullopt,
                     {{core::Transport::udp, {0x0A000000, 8}, {0xC0000201, 32}, 8000}}}};
    const std::int64_t n = seen.micros;
    const std::vector<core::EventBody> bodies{
        core::LinkCounters{core::LinkName{"lte"}, seen, random.coin(), UINT64_MAX, 1, 2},
        core::ClassCounters{core::LinkName{"lte"}, core::ClassName{"video"}, seen, 1, 2, 3},
        core::RadioSample{core::LinkName{"lte"}, seen, core::RadioAccess::nr_sa, false,
                          core::MilliDb{-95'500}, std::nullopt, core::MilliDb{1}, 78},
        core::ProbeSample{core::LinkName{"lte"}, seen, core::Micros{n}},
        core::ProbeSample{core::LinkName{"lte"}, seen, std::nullopt},
        core::RouterSession{core::RouterName{"r"}, core::SessionState::disconnected, "why", "d"},
        core::RouterQosObserved{core::RouterName{"ir1101"}, seen, qos, {"Gi0/0/0 output X"}},
        core::RouterQosObserved{core::RouterName{"ir1101"}, seen, std::nullopt, {}},
        core::TargetSample{core::TargetName{"tx2"}, seen, true, core::PowerModeName{"MAX-Q"},
                           core::Ppm{n}, core::Ppm{1}, -3, core::Bytes{n}},
        core::TargetSample{core::TargetName{"tx2"}, seen, false, {}, {}, {}, {}, {}},
        core::WorkloadSample{core::WorkloadName{"w"}, seen, core::TargetName{"tx2"},
                             core::Micros{n}, 1, 2, 3, core::Micros{1}, core::Micros{2}},
        core::PlacementObserved{core::WorkloadName{"w"}, seen, core::TargetName{"tx2"}, 2, true},
        core::PlacementObserved{core::WorkloadName{"w"}, seen, std::nullopt, 0, false},
        core::ActionDone{UINT64_MAX, core::Outcome::failed, "why", "detail"},
        core::DrainRequested{core::TargetName{"tx2"}, false},
        core::LinkUsage{core::LinkName{"lte"}, seen, core::Bytes{n}, core::Micros{n}},
        core::Tick{}};
    for (const core::EventBody& body : bodies) {
      const core::Event event{at, body};
      const auto back = event_from_json(to_json(event), no_context());
      ASSERT_TRUE(back) << to_json(event) << ": " << back.error().message;
      ASSERT_EQ(*back, event) << to_json(event);
    }
  }
}

TEST(EventJson, WrongLinesAreNamed) {
  const auto error = [](const char* line) {
    const auto event = event_from_json(line, no_context());
    return event ? std::string() : event.error().message;
  };
  EXPECT_EQ(error("{\"event\":\"tick\"}"), "no member \"at_ms\"");
  EXPECT_EQ(error("{\"at_ms\":1,\"event\":\"mystery\"}"), "event \"mystery\" is of no known kind");
  EXPECT_EQ(error("{\"at_ms\":1,\"event\":\"probe\",\"link\":\"l\",\"rtt\":4}"),
            "unknown member \"rtt\"");
  EXPECT_EQ(error("{\"at_ms\":1,\"event\":\"action-done\",\"of\":\"qos r\"}"),
            "no action \"qos r\" was emitted yet");
  EXPECT_EQ(error("{\"at_ms\":1,\"event\":\"radio\",\"link\":\"l\",\"access\":\"6g\"}"),
            "access \"6g\" (allowed: none, gsm, umts, lte, nr-nsa, nr-sa)");
  EXPECT_EQ(error("{\"at_ms\":1,\"event\":\"router-qos\",\"router\":\"r\",\"qos\":\"as-applied\"}"),
            "nothing was applied to \"r\" yet");
}

class GoldenRunnerTest : public ::testing::Test {
 protected:
  GoldenRunnerTest() {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    m_root = fs::temp_directory_path() /
             ("wanwise-golden-" + std::to_string(::getpid()) + "-" + test->name());
    fs::create_directories(m_root);
    const fs::path cases = fs::path(WANWISE_SOURCE_DIR) / "tests/golden/engine/cases";
    fs::copy(cases / "site", m_root / "site");
    fs::create_directories(m_root / "case");
    write("01-input.jsonl", "# a comment\n\n{\"at_ms\": 0, \"event\": \"tick\"}\n");
  }
  ~GoldenRunnerTest() override { fs::remove_all(m_root); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(m_root / "case" / name, std::ios::trunc) << text;
  }
  std::vector<std::string> run(bool update = false) const {
    return run_golden_case(m_root / "case", fs::path(WANWISE_SOURCE_DIR) / "yang", update);
  }

  fs::path m_root;
};

TEST_F(GoldenRunnerTest, UpdatedExpectationsHold) {
  EXPECT_EQ(run(),
            (std::vector<std::string>{"01-actions.jsonl: missing", "01-explain.txt: missing"}));
  EXPECT_TRUE(run(true).empty());
  EXPECT_TRUE(run().empty());
  ASSERT_EQ(golden_cases(m_root).size(), 1U) << "the shared site is no case";
}

TEST_F(GoldenRunnerTest, AChangedExpectationIsShownWithItsLine) {
  run(true);
  write("01-actions.jsonl", "{\"counters\":{}}\n");
  const auto differences = run();
  ASSERT_EQ(differences.size(), 1U);
  EXPECT_EQ(differences[0].rfind("01-actions.jsonl: line 1\n  wanted: {\"counters\":{}}\n", 0), 0U);
}

TEST_F(GoldenRunnerTest, AnExpectationWithoutInputIsFound) {
  run(true);
  write("02-actions.jsonl", "");
  EXPECT_EQ(run(), (std::vector<std::string>{"02-actions.jsonl: has no input"}));
}

TEST_F(GoldenRunnerTest, AWrongInputLineIsNamed) {
  write("01-input.jsonl", "\n{\"at_ms\": 0}\n");
  EXPECT_EQ(run(), (std::vector<std::string>{"01-input.jsonl: line 2: no member \"event\""}));
}

TEST_F(GoldenRunnerTest, ABrokenSiteIsNamed) {
  write("../site/site.yaml", "wanwise: site/1\n");
  const auto differences = run();
  ASSERT_EQ(differences.size(), 1U);
  EXPECT_EQ(differences[0].rfind("site: ", 0), 0U);
}

TEST_F(GoldenRunnerTest, TimePassesWithTheTicksTheEngineAsksFor) {
  write("01-input.jsonl", "{\"at_ms\": 0, \"event\": \"tick\"}\n{\"until_ms\": 60000}\n");
  run(true);
  std::ifstream file(m_root / "case" / "01-actions.jsonl");
  std::string last, line;
  while (std::getline(file, line)) last = line;
  EXPECT_EQ(last.find("{\"counters\":{\"events\":1,"), std::string::npos) << last;
}

}  // namespace
}  // namespace wanwise::testing
