#include "engine/core/decide/stability.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wanwise::core {
namespace {

using ::testing::Contains;
using ::testing::Field;

const Spot kEdge{.target = 0};
const Spot kCloud{.target = 1};
const Spot kOther{.target = 2};
const Spot kEdgeDegraded{.target = 0, .rung = 1};
const Spot kSuspended{.rung = 1};

MoveWish violation(Instant at, const Spot& current, const Spot& wished) {
  return {at, current, wished, MoveReason::violation, Ppm{0}};
}
MoveWish better(Instant at, const Spot& current, const Spot& wished, Ppm gain = Ppm{500'000}) {
  return {at, current, wished, MoveReason::voluntary, gain};
}
MoveWish dead(Instant at, const Spot& current, const Spot& wished) {
  return {at, current, wished, MoveReason::target_dead, Ppm{0}};
}

constexpr Instant kStart{1'000'000};

TEST(MoveGate, LetsAViolationFallExactlyAfterFallBackAfter) {
  MoveGate gate{Stability{}};
  const GateVerdict first = gate.ask(violation(kStart, kEdge, kCloud));
  EXPECT_FALSE(first.allowed);
  EXPECT_EQ(first.held_by, HoldRule::fall_back_after);
  EXPECT_EQ(first.not_before, kStart + seconds(2));
  EXPECT_FALSE(gate.ask(violation(kStart + seconds(2) - Micros{1}, kEdge, kCloud)).allowed);
  EXPECT_TRUE(gate.ask(violation(kStart + seconds(2), kEdge, kCloud)).allowed);
}

TEST(MoveGate, CountsAViolationThroughChangesOfTheWishedPlaceAndThroughHavingNone) {
  MoveGate gate{Stability{}};
  (void)gate.ask(violation(kStart, kEdge, kCloud));
  (void)gate.ask(violation(kStart + milliseconds(700), kEdge, kEdge));
  EXPECT_TRUE(gate.ask(violation(kStart + seconds(2), kEdge, kOther)).allowed);
}

TEST(MoveGate, StartsAnewWhenTheViolationWasInterrupted) {
  MoveGate gate{Stability{}};
  (void)gate.ask(violation(kStart, kEdge, kCloud));
  (void)gate.ask(better(kStart + seconds(1), kEdge, kEdge));
  const GateVerdict again = gate.ask(violation(kStart + seconds(2), kEdge, kCloud));
  EXPECT_FALSE(again.allowed);
  EXPECT_EQ(again.not_before, kStart + seconds(4));
}

TEST(MoveGate, ReturnsExactlyAfterReturnAfterOfTheSameWish) {
  MoveGate gate{Stability{}};
  EXPECT_EQ(gate.ask(better(kStart, kCloud, kEdge)).not_before, kStart + seconds(60));
  EXPECT_FALSE(gate.ask(better(kStart + seconds(60) - Micros{1}, kCloud, kEdge)).allowed);
  EXPECT_TRUE(gate.ask(better(kStart + seconds(60), kCloud, kEdge)).allowed);
}

TEST(MoveGate, AReturnThatNamesAnotherPlaceStartsAnew) {
  MoveGate gate{Stability{}};
  (void)gate.ask(better(kStart, kCloud, kEdge));
  const GateVerdict other = gate.ask(better(kStart + seconds(59), kCloud, kOther));
  EXPECT_EQ(other.held_by, HoldRule::return_after);
  EXPECT_EQ(other.not_before, kStart + seconds(119));
}

TEST(MoveGate, HoldsAVoluntaryMoveWithoutEnoughGainAndNoTimeReleasesIt) {
  MoveGate gate{Stability{}};
  const GateVerdict verdict = gate.ask(better(kStart, kCloud, kEdge, Ppm{99'999}));
  EXPECT_FALSE(verdict.allowed);
  EXPECT_EQ(verdict.held_by, HoldRule::min_gain);
  EXPECT_EQ(verdict.not_before, std::nullopt);
  EXPECT_THAT(verdict.findings, Contains(Finding{"min-gain", "≥ 10 %", "9.9 %", false}));
  // Time without enough gain does not count for the return.
  EXPECT_EQ(gate.ask(better(kStart + seconds(90), kCloud, kEdge, Ppm{100'000})).not_before,
            kStart + seconds(150));
}

TEST(MoveGate, DwellsAfterAMoveEvenWhenTheNewPlaceViolates) {
  MoveGate gate{Stability{}};
  gate.moved(kStart);
  (void)gate.ask(violation(kStart + seconds(1), kCloud, kEdge));
  const GateVerdict verdict = gate.ask(violation(kStart + seconds(10), kCloud, kEdge));
  EXPECT_EQ(verdict.held_by, HoldRule::min_dwell);
  EXPECT_EQ(verdict.not_before, kStart + seconds(60));
  EXPECT_THAT(verdict.findings, Contains(Finding{"min-dwell", "≥ 60 s", "10 s", false}));
  EXPECT_TRUE(gate.ask(violation(kStart + seconds(60), kCloud, kEdge)).allowed);
}

TEST(MoveGate, ADeadTargetBypassesEveryRuleAtOnce) {
  Stability rules;
  rules.max_moves_per_hour = 1;
  MoveGate gate{rules};
  gate.moved(kStart);
  const GateVerdict verdict = gate.ask(dead(kStart, kCloud, kEdge));
  EXPECT_TRUE(verdict.allowed);
  EXPECT_EQ(verdict.held_by, HoldRule::none);
  EXPECT_THAT(verdict.findings, Contains(Field(&Finding::rule, "target alive")));
}

TEST(MoveGate, AMoveAwayFromADeadTargetStartsTheDwellToo) {
  MoveGate gate{Stability{}};
  EXPECT_TRUE(gate.ask(dead(kStart, kEdge, kCloud)).allowed);
  gate.moved(kStart);
  (void)gate.ask(violation(kStart + seconds(1), kCloud, kEdge));
  EXPECT_EQ(gate.ask(violation(kStart + seconds(5), kCloud, kEdge)).held_by, HoldRule::min_dwell);
}

TEST(MoveGate, DegradationIsAFallAndRestorationAReturnWithoutMinGain) {
  MoveGate gate{Stability{}};
  EXPECT_EQ(gate.ask(better(kStart, kEdge, kEdgeDegraded)).not_before, kStart + seconds(2));
  MoveGate restored{Stability{}};
  const GateVerdict verdict = restored.ask(better(kStart, kEdgeDegraded, kEdge, Ppm{0}));
  EXPECT_EQ(verdict.held_by, HoldRule::return_after);
  EXPECT_EQ(verdict.not_before, kStart + seconds(60));
}

TEST(MoveGate, KeepsTheLastMoveOfTheHourForAFall) {
  Stability rules;
  rules.min_dwell = seconds(1);
  rules.return_after = seconds(1);
  rules.max_moves_per_hour = 2;
  MoveGate gate{rules};
  gate.moved(kStart);
  (void)gate.ask(better(kStart + seconds(10), kCloud, kEdge));
  const GateVerdict held = gate.ask(better(kStart + seconds(100), kCloud, kEdge));
  EXPECT_EQ(held.held_by, HoldRule::max_moves_per_hour);
  EXPECT_EQ(held.not_before, kStart + seconds(3600));
  (void)gate.ask(violation(kStart + seconds(101), kCloud, kEdge));
  EXPECT_TRUE(gate.ask(violation(kStart + seconds(103), kCloud, kEdge)).allowed);
}

TEST(MoveGate, HoldsAFallWhenTheHourIsSpentUntilTheOldestMoveLeavesIt) {
  Stability rules;
  rules.min_dwell = seconds(1);
  rules.max_moves_per_hour = 2;
  MoveGate gate{rules};
  gate.moved(kStart);
  gate.moved(kStart + seconds(100));
  (void)gate.ask(violation(kStart + seconds(200), kCloud, kEdge));
  const GateVerdict held = gate.ask(violation(kStart + seconds(300), kCloud, kEdge));
  EXPECT_EQ(held.held_by, HoldRule::max_moves_per_hour);
  EXPECT_EQ(held.not_before, kStart + seconds(3600));
  EXPECT_TRUE(gate.ask(violation(kStart + seconds(3600), kCloud, kEdge)).allowed);
}

TEST(MoveGate, ReturnAfterDoublesForEachMoveBeyondHalfOfTheBudgetAndFades) {
  MoveGate gate{Stability{}};
  for (int i = 0; i < 3; ++i) gate.moved(kStart + seconds(60 * i));
  EXPECT_EQ(gate.return_after(kStart + seconds(120)), seconds(60));
  gate.moved(kStart + seconds(180));
  EXPECT_EQ(gate.return_after(kStart + seconds(180)), seconds(120));
  gate.moved(kStart + seconds(240));
  EXPECT_EQ(gate.return_after(kStart + seconds(240)), seconds(240));
  EXPECT_EQ(gate.return_after(kStart + seconds(3600)), seconds(120));
}

TEST(MoveGate, NotBeforeForeseesThatTheDampingFades) {
  MoveGate gate{Stability{}};
  for (int i = 0; i < 5; ++i) gate.moved(kStart + seconds(60 * i));
  const Instant asked = kStart + seconds(3590);
  const GateVerdict verdict = gate.ask(better(asked, kCloud, kEdge));
  // 240 s now; 120 s from 3600 s on, 60 s from 3660 s on: 60 s are over at 3660 s.
  EXPECT_EQ(verdict.not_before, kStart + seconds(3660));
  EXPECT_FALSE(gate.ask(better(kStart + seconds(3660) - Micros{1}, kCloud, kEdge)).allowed);
  EXPECT_TRUE(gate.ask(better(kStart + seconds(3660), kCloud, kEdge)).allowed);
}

TEST(MoveGate, ARefusedMoveCostsNeitherBudgetNorDwell) {
  MoveGate gate{Stability{}};
  gate.moved(kStart);
  gate.refused();
  EXPECT_EQ(gate.moves_in_last_hour(kStart), 0);
  (void)gate.ask(violation(kStart, kEdge, kCloud));
  EXPECT_TRUE(gate.ask(violation(kStart + seconds(2), kEdge, kCloud)).allowed);
}

TEST(MoveGate, NoBudgetAtAllHoldsWithoutAnInstantAndTheDeadStillMove) {
  Stability rules;
  rules.max_moves_per_hour = 0;
  MoveGate gate{rules};
  const GateVerdict verdict = gate.ask(violation(kStart, kEdge, kCloud));
  EXPECT_EQ(verdict.held_by, HoldRule::max_moves_per_hour);
  EXPECT_EQ(verdict.not_before, std::nullopt);
  EXPECT_TRUE(gate.ask(dead(kStart, kEdge, kCloud)).allowed);
}

TEST(MoveGate, ContentmentIsNoWishAndAsksForNoWakeUp) {
  MoveGate gate{Stability{}};
  const GateVerdict verdict = gate.ask(better(kStart, kEdge, kEdge));
  EXPECT_FALSE(verdict.allowed);
  EXPECT_EQ(verdict.held_by, HoldRule::none);
  EXPECT_EQ(verdict.wake_up(), std::nullopt);
}

TEST(MoveGate, TimeThatRunsBackwardsCountsAsStandingStill) {
  MoveGate gate{Stability{}};
  (void)gate.ask(violation(kStart + seconds(1), kEdge, kCloud));
  EXPECT_EQ(gate.ask(violation(kStart, kEdge, kCloud)).not_before, kStart + seconds(3));
}

TEST(MoveGate, WaitsWithSuspensionOnADeadTargetAsLongAsComingBackWouldTake) {
  MoveGate gate{Stability{}};
  MoveWish stop = dead(kStart, Spot{}, kSuspended);
  stop.stranded = true;
  const GateVerdict first = gate.ask(stop);
  EXPECT_FALSE(first.allowed);
  EXPECT_EQ(first.held_by, HoldRule::return_after);
  EXPECT_EQ(first.not_before, kStart + Stability{}.return_after);
  stop.at = kStart + Stability{}.return_after;
  EXPECT_TRUE(gate.ask(stop).allowed);
}

TEST(MoveGate, LeavesADeadTargetAtOnceForOneThatServesAndSuspendsAtOnceWhatRunsNowhereYet) {
  MoveGate gate{Stability{}};
  MoveWish escape = dead(kStart, Spot{}, kCloud);
  escape.stranded = true;
  EXPECT_TRUE(gate.ask(escape).allowed);
  EXPECT_TRUE(gate.ask(dead(kStart, Spot{}, kSuspended)).allowed);
}

TEST(MoveGate, RemembersTheWholeHourThoughTheYoungestMoveWasRefused) {
  Stability rules;
  rules.max_moves_per_hour = 2;
  MoveGate gate{rules};
  gate.moved(kStart);
  gate.moved(kStart + seconds(100));
  gate.moved(kStart + seconds(200));  // from a dead target: beyond the budget
  gate.refused();
  EXPECT_EQ(gate.moves_in_last_hour(kStart + seconds(300)), 2);
}

}  // namespace
}  // namespace wanwise::core
