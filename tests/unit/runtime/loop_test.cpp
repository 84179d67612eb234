#include "engine/runtime/loop.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "tests/support/fakes.hpp"
#include "tests/unit/runtime/scripted_engine.hpp"

namespace wanwise::runtime {
namespace {

using core::ActionDone;
using core::Instant;
using core::Outcome;
using core::Tick;

core::EventBody sample(const char* link = "lte", std::uint64_t tx = 1) {
  core::LinkCounters out;
  out.link = core::LinkName{link};
  out.tx_bytes = tx;
  return out;
}

core::Action place(core::ActionId id) {
  return {id, Instant{1'000'000}, "why",
          core::PlaceWorkload{core::WorkloadName{"detector"}, {}, {}, 0}};
}

core::Action qos(core::ActionId id, const char* router) {
  core::ApplyQos apply;
  apply.desired.router = core::RouterName{router};
  return {id, Instant{1'000'000}, "why", apply};
}

/// The first sample leads to these actions, everything else to none.
void answer_first_sample_with(std::vector<core::Action> actions) {
  testing::script().answer = [actions, given = false](const core::Event& event) mutable {
    core::Step step;
    if (!given && std::holds_alternative<core::LinkCounters>(event.body)) {
      given = true;
      step.actions = actions;
    }
    return step;
  };
}

struct CountingObserver final : StepObserver {
  void on_step(const core::Event&, const core::Step& step) override {
    ++steps;
    actions += step.actions.size();
  }
  int steps = 0;
  std::size_t actions = 0;
};

class LoopTest : public ::testing::Test {
 protected:
  LoopTest()
      : m_loop(
            m_io, testing::scripted_engine(), m_clock, m_alarm,
            LoopPorts{
                {{core::RouterName{"ir1101"}, &m_router}}, &m_cluster, {&m_metrics}, &m_journal}) {}

  void run() {
    m_io.restart();
    m_io.poll();
  }
  void start() {
    m_loop.start();
    run();
  }
  /// Time passes to the alarm, and it rings.
  void ring() {
    ASSERT_TRUE(m_alarm.when());
    m_clock.set(std::max(m_clock.now(), *m_alarm.when()));
    m_alarm.ring();
    run();
  }
  static std::vector<core::Event>& seen() { return testing::script().seen; }

  boost::asio::io_context m_io;
  testing::FakeClock m_clock;
  testing::FakeAlarm m_alarm;
  testing::FakeRouter m_router;
  testing::FakeCluster m_cluster;
  testing::FakeMetrics m_metrics;
  testing::RecordingJournal m_journal;
  Loop m_loop;
};

TEST_F(LoopTest, StartsEveryPortWithItsQueue) {
  start();
  EXPECT_EQ(m_router.sink, &m_loop.sink());
  EXPECT_EQ(m_cluster.sink, &m_loop.sink());
  EXPECT_EQ(m_metrics.sink, &m_loop.sink());
}

TEST_F(LoopTest, WhatIsPostedBeforeTheStartWaitsForIt) {
  m_loop.sink().post(sample());
  run();
  EXPECT_TRUE(seen().empty());
  start();
  EXPECT_EQ(seen().size(), 1U);
}

TEST_F(LoopTest, AnEventIsJournalledBeforeItsStep) {
  start();
  m_clock.set(Instant{42});
  m_loop.sink().post(sample());
  run();
  ASSERT_EQ(m_journal.lines.size(), 2U);
  ASSERT_TRUE(m_journal.lines[0].event);
  EXPECT_EQ(m_journal.lines[0].event->at, Instant{42});
  EXPECT_TRUE(m_journal.lines[1].step);
  EXPECT_EQ(m_journal.lines[1].digest, m_loop.engine().digest());
}

TEST_F(LoopTest, TheStepIsInTheJournalBeforeItsActionsLeave) {
  struct Spy final : ports::Cluster {
    explicit Spy(testing::RecordingJournal& journal) : m_journal(journal) {}
    void start(ports::EventSink&) override {}
    void submit(core::ActionId, const core::PlaceWorkload&, Instant, const std::string&) override {
      lines_at_submit = m_journal.lines.size();
    }
    void stop() override {}
    std::size_t lines_at_submit = 0;

   private:
    testing::RecordingJournal& m_journal;
  };
  Spy spy(m_journal);
  Loop loop(m_io, testing::scripted_engine(), m_clock, m_alarm,
            LoopPorts{{}, &spy, {}, &m_journal});
  answer_first_sample_with({place(1)});
  loop.start();
  loop.sink().post(sample());
  run();
  EXPECT_EQ(spy.lines_at_submit, 2U);
}

TEST_F(LoopTest, TheEnginesTimeDoesNotRunBackwards) {
  start();
  m_clock.set(Instant{10});
  m_loop.sink().post(sample("lte"));
  m_clock.set(Instant{20});
  m_loop.sink().post(sample("wired"));
  m_clock.set(Instant{30});
  m_loop.sink().post(sample("lte"));  // takes the first one's place with a later stamp
  run();
  ASSERT_EQ(seen().size(), 2U);
  EXPECT_EQ(seen()[0].at, Instant{30});
  EXPECT_EQ(seen()[1].at, Instant{30});
}

TEST_F(LoopTest, AnAnswerFromWithinSubmitReachesTheEngineOnce) {
  m_router.answer = Outcome::done;
  start();
  answer_first_sample_with({qos(5, "ir1101")});
  m_loop.sink().post(sample());
  run();
  ASSERT_EQ(seen().size(), 2U);
  EXPECT_EQ(std::get<ActionDone>(seen()[1].body).id, 5U);
  m_router.sink->post(ActionDone{5, Outcome::done, {}, {}});
  run();
  EXPECT_EQ(seen().size(), 2U);
  EXPECT_EQ(m_loop.counters().dispatch.late_dropped, 1U);
}

TEST_F(LoopTest, AnActionForAnUnknownRouterIsRefusedAtOnce) {
  start();
  answer_first_sample_with({qos(5, "no-such")});
  m_loop.sink().post(sample());
  run();
  ASSERT_EQ(seen().size(), 2U);
  EXPECT_EQ(std::get<ActionDone>(seen()[1].body).reason, "unknown-port");
}

TEST_F(LoopTest, ASilentAdapterIsAnsweredForAtDeadlineAndGrace) {
  start();
  answer_first_sample_with({place(5)});
  m_loop.sink().post(sample());
  run();
  ASSERT_EQ(m_alarm.when(), Instant{1'000'000} + kAnswerGrace);
  ring();
  ASSERT_EQ(seen().size(), 2U);
  EXPECT_EQ(seen()[1].at, Instant{1'000'000} + kAnswerGrace);
  EXPECT_EQ(std::get<ActionDone>(seen()[1].body).reason, "deadline-passed");
  EXPECT_FALSE(m_alarm.when());
}

TEST_F(LoopTest, TheEnginesWakeupBecomesOneTick) {
  start();
  testing::script().wakeup = Instant{500};
  testing::script().answer = [](const core::Event& event) {
    if (std::holds_alternative<Tick>(event.body)) testing::script().wakeup.reset();
    return core::Step{};
  };
  m_loop.sink().post(sample());
  run();
  EXPECT_EQ(m_alarm.when(), Instant{500});
  ring();
  ASSERT_EQ(seen().size(), 2U);
  EXPECT_EQ(seen()[1], (core::Event{Instant{500}, Tick{}}));
  EXPECT_FALSE(m_alarm.when());
}

TEST_F(LoopTest, AnEngineThatWantsToWakeInThePastDoesNotSpin) {
  start();
  testing::script().wakeup = Instant{0};
  m_clock.set(Instant{10'000});
  m_loop.sink().post(sample());
  run();
  ring();
  ring();
  ASSERT_EQ(seen().size(), 3U);
  EXPECT_GE(seen()[2].at - seen()[1].at, kTickSpacing);
}

TEST_F(LoopTest, AnEarlyAlarmIsSetAgainAndMakesNoTick) {
  start();
  testing::script().wakeup = Instant{500};
  m_loop.sink().post(sample());
  run();
  m_alarm.ring();  // the clock still says 0
  run();
  EXPECT_EQ(seen().size(), 1U);
  EXPECT_EQ(m_alarm.when(), Instant{500});
}

TEST_F(LoopTest, ALongQueueLetsOtherHandlersIn) {
  start();
  for (int i = 0; i < 3 * kBatch; ++i) {
    m_loop.sink().post(core::WorkloadSample{});
  }
  m_io.restart();
  m_io.run_one();
  EXPECT_EQ(seen().size(), static_cast<std::size_t>(kBatch));
  run();
  EXPECT_EQ(seen().size(), static_cast<std::size_t>(3 * kBatch));
}

TEST_F(LoopTest, ObserversSeeEveryStepUntilTheyForget) {
  CountingObserver observer;
  m_loop.observe(observer);
  start();
  answer_first_sample_with({place(1)});
  m_loop.sink().post(sample());
  run();
  m_loop.forget(observer);
  m_loop.sink().post(sample());
  run();
  EXPECT_EQ(observer.steps, 1);
  EXPECT_EQ(observer.actions, 1U);
}

TEST_F(LoopTest, StopWaitsForActionsInTheAirAndStartsNone) {
  start();
  answer_first_sample_with({place(1)});
  m_loop.sink().post(sample());
  run();
  bool stopped = false;
  m_loop.stop(core::seconds(2), [&stopped] { stopped = true; });
  testing::script().answer = [](const core::Event&) { return core::Step{{place(2)}, {}, {}}; };
  m_loop.sink().post(sample());
  run();
  EXPECT_FALSE(stopped);
  EXPECT_EQ(m_loop.counters().discarded_while_stopping, 1U);

  m_cluster.sink->post(ActionDone{1, Outcome::done, {}, {}});
  run();
  EXPECT_TRUE(stopped);
  EXPECT_TRUE(m_router.stopped && m_cluster.stopped && m_metrics.stopped);
  EXPECT_EQ(m_cluster.submitted.size(), 1U);
  EXPECT_EQ(seen().size(), 2U);
}

TEST_F(LoopTest, StopGivesUpWhatIsNotAnsweredInTime) {
  start();
  answer_first_sample_with({place(1)});
  m_loop.sink().post(sample());
  run();
  bool stopped = false;
  m_loop.stop(core::milliseconds(100), [&stopped] { stopped = true; });
  run();
  EXPECT_EQ(m_alarm.when(), Instant{100'000});
  ring();
  EXPECT_TRUE(stopped);
  EXPECT_EQ(std::get<ActionDone>(seen().back().body).reason, "stopping");
}

TEST_F(LoopTest, NothingReachesTheEngineAfterTheStop) {
  start();
  bool stopped = false;
  m_loop.stop(core::seconds(1), [&stopped] { stopped = true; });
  run();
  EXPECT_TRUE(stopped);
  m_loop.sink().post(sample());
  run();
  EXPECT_TRUE(seen().empty());
  EXPECT_FALSE(m_alarm.when());
}

TEST(LoopLifetime, HandlersLeftInTheContextSurviveTheLoop) {
  boost::asio::io_context io;
  testing::FakeClock clock;
  testing::FakeAlarm alarm;
  {
    Loop loop(io, testing::scripted_engine(), clock, alarm, {});
    loop.start();
    loop.sink().post(sample());
  }
  io.poll();
  EXPECT_TRUE(testing::script().seen.empty());
}

TEST(LoopThreads, PostsFromOtherThreadsWakeARunningContext) {
  boost::asio::io_context io;
  const SteadyClock clock;
  AsioAlarm alarm(io, clock);
  Loop loop(io, testing::scripted_engine(), clock, alarm, {});
  constexpr std::size_t kEach = 500;
  testing::script().answer = [&](const core::Event&) {
    if (testing::script().seen.size() == 2 * kEach)
      loop.stop(core::seconds(5), [&io] { io.stop(); });
    return core::Step{};
  };
  loop.start();
  const auto work = boost::asio::make_work_guard(io);
  const auto post = [&loop] {
    for (std::size_t i = 0; i < kEach; ++i) loop.sink().post(core::WorkloadSample{});
  };
  std::thread one(post);
  std::thread two(post);
  io.run();
  one.join();
  two.join();
  EXPECT_EQ(testing::script().seen.size(), 2 * kEach);
}

TEST(LoopClock, TheAsioAlarmRingsWhenItsTimeHasCome) {
  boost::asio::io_context io;
  const SteadyClock clock;
  AsioAlarm alarm(io, clock);
  const Instant when = clock.now() + core::milliseconds(2);
  bool early = false;
  Instant rang{-1};
  alarm.set(clock.now(), [&early] { early = true; });
  alarm.set(when, [&] { rang = clock.now(); });
  io.run();
  EXPECT_FALSE(early) << "the replaced setting rang";
  EXPECT_GE(rang, when);
  alarm.set(Instant{INT64_MAX}, [] {});  // must not overflow
  alarm.clear();
  io.restart();
  io.run();
}

}  // namespace
}  // namespace wanwise::runtime
