#include "engine/runtime/event_queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/support/fakes.hpp"

namespace wanwise::runtime {
namespace {

using core::ActionDone;
using core::Instant;
using core::LinkCounters;
using core::WorkloadSample;

core::EventBody counters(const char* link, std::uint64_t tx) {
  LinkCounters out;
  out.link = core::LinkName{link};
  out.tx_bytes = tx;
  return out;
}

core::EventBody done(core::ActionId id) {
  return ActionDone{id, core::Outcome::done, {}, {}};
}

class EventQueueTest : public ::testing::Test {
 protected:
  EventQueue make(QueueLimits limits = {}) {
    return EventQueue(
        m_clock, [this] { ++m_wakes; }, limits);
  }
  static std::vector<core::EventBody> all(EventQueue& queue) {
    std::vector<core::EventBody> out;
    while (auto event = queue.pop()) out.push_back(event->body);
    return out;
  }

  testing::FakeClock m_clock;
  int m_wakes = 0;
};

TEST_F(EventQueueTest, TheNewestSampleOfAKeyTakesTheWaitingOnesPlace) {
  EventQueue queue = make();
  queue.post(counters("lte", 1));
  queue.post(counters("wired", 2));
  queue.post(counters("lte", 3));
  EXPECT_EQ(all(queue), (std::vector<core::EventBody>{counters("lte", 3), counters("wired", 2)}));
  EXPECT_EQ(queue.counters().coalesced, 1U);
}

TEST_F(EventQueueTest, AStampIsTheMomentOfThePost) {
  EventQueue queue = make();
  m_clock.set(Instant{5});
  queue.post(counters("lte", 1));
  m_clock.set(Instant{9});
  EXPECT_EQ(queue.pop()->at, Instant{5});
}

TEST_F(EventQueueTest, NoSampleIsMergedAcrossAHappening) {
  EventQueue queue = make();
  queue.post(counters("lte", 1));
  queue.post(done(7));
  queue.post(counters("lte", 2));
  queue.post(counters("lte", 3));
  EXPECT_EQ(all(queue),
            (std::vector<core::EventBody>{counters("lte", 1), done(7), counters("lte", 3)}));
}

TEST_F(EventQueueTest, HappeningsAndSumsAreNeverMerged) {
  EventQueue queue = make();
  WorkloadSample sums;
  sums.workload = core::WorkloadName{"detector"};
  sums.arrived = 5;
  const core::RouterSession session{core::RouterName{"r"}, {}, {}, {}};
  const core::DrainRequested drain{core::TargetName{"tx2"}, true};
  const std::vector<core::EventBody> posted{sums,    sums,    done(1), done(1),
                                            session, session, drain,   drain};
  for (const auto& body : posted) queue.post(body);
  EXPECT_EQ(all(queue), posted);
}

TEST_F(EventQueueTest, NamesThatJoinToTheSameTextAreDifferentKeys) {
  EventQueue queue = make();
  core::ClassCounters one, two;
  one.link = core::LinkName{"a"};
  one.service_class = core::ClassName{"bc"};
  two.link = core::LinkName{"ab"};
  two.service_class = core::ClassName{"c"};
  queue.post(one);
  queue.post(two);
  EXPECT_EQ(all(queue).size(), 2U);
}

TEST_F(EventQueueTest, WakesOnceUntilItIsEmptyAgain) {
  EventQueue queue = make();
  queue.post(counters("lte", 1));
  queue.post(counters("wired", 1));
  EXPECT_EQ(m_wakes, 1);
  all(queue);
  queue.post(counters("lte", 2));
  EXPECT_EQ(m_wakes, 2);
}

TEST_F(EventQueueTest, AFullQueueGivesUpTheOldestTelemetryAndCounts) {
  EventQueue queue = make({2, 8});
  queue.post(counters("a", 1));
  queue.post(done(1));
  queue.post(counters("b", 2));
  queue.post(counters("c", 3));
  queue.post(counters("a", 4));  // its predecessor is gone: a new entry, not a merge into nothing
  EXPECT_EQ(all(queue),
            (std::vector<core::EventBody>{done(1), counters("c", 3), counters("a", 4)}));
  EXPECT_EQ(queue.counters().telemetry_dropped, 2U);
}

TEST_F(EventQueueTest, HappeningsHaveRoomOfTheirOwnAndABound) {
  EventQueue queue = make({1, 2});
  for (core::ActionId id = 1; id <= 3; ++id) queue.post(done(id));
  queue.post(counters("lte", 1));
  EXPECT_EQ(all(queue), (std::vector<core::EventBody>{done(1), done(2), counters("lte", 1)}));
  EXPECT_EQ(queue.counters().happenings_dropped, 1U);
}

TEST_F(EventQueueTest, AQueueWithoutRoomDropsAndDoesNotWake) {
  EventQueue queue = make({0, 0});
  queue.post(counters("lte", 1));
  queue.post(done(1));
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(m_wakes, 0);
}

TEST(EventQueueThreads, NothingIsLostOrReorderedWithinAThread) {
  constexpr int kThreads = 4;
  constexpr core::ActionId kEach = 2'000;
  const testing::FakeClock clock;
  std::atomic<int> wakes{0};
  EventQueue queue(clock, [&wakes] { ++wakes; }, {4, kThreads * kEach});
  std::vector<std::thread> threads;
  for (core::ActionId t = 0; t < kThreads; ++t) {
    threads.emplace_back([&queue, t] {
      for (core::ActionId i = 0; i < kEach; ++i) {
        queue.post(done(t * kEach + i));
        queue.post(counters("lte", i));
      }
    });
  }
  std::vector<core::ActionId> next(kThreads, 0);
  core::ActionId got = 0;
  while (got < kThreads * kEach) {
    const auto event = queue.pop();
    if (!event) {
      std::this_thread::yield();
      continue;
    }
    if (const auto* answer = std::get_if<ActionDone>(&event->body)) {
      ASSERT_EQ(answer->id % kEach, next[answer->id / kEach]++);
      ++got;
    }
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GE(wakes.load(), 1);
  EXPECT_EQ(queue.counters().happenings_dropped, 0U);
}

}  // namespace
}  // namespace wanwise::runtime
