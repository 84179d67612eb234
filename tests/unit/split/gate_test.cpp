// A change of share is a move: the same dwell, budget and delays.
#include <gtest/gtest.h>

#include "engine/core/decide/stability.hpp"

namespace wanwise::core {
namespace {

constexpr Index kTx2 = 0;
constexpr Index kCloud = 1;
const Spot kHome{.target = kTx2};
const Spot kQuarter{.target = kTx2, .split_target = kCloud, .split_share = 250'000};
const Spot kHalf{.target = kTx2, .split_target = kCloud, .split_share = 500'000};
const Spot kHalfDegraded{.target = kTx2, .split_target = kCloud, .split_share = 500'000, .rung = 1};
constexpr Instant kStart{1'000'000};

MoveWish violation(Instant at, const Spot& current, const Spot& wished) {
  return {at, current, wished, MoveReason::violation, Ppm{0}};
}
MoveWish better(Instant at, const Spot& current, const Spot& wished, Ppm gain) {
  return {at, current, wished, MoveReason::voluntary, gain};
}

TEST(SplitGate, SpillingMoreIsAFallAfterFallBackAfter) {
  MoveGate gate{Stability{}};
  EXPECT_EQ(gate.ask(violation(kStart, kHome, kQuarter)).held_by, HoldRule::fall_back_after);
  EXPECT_TRUE(gate.ask(violation(kStart + seconds(2), kHome, kQuarter)).allowed);
  gate.moved(kStart + seconds(2));
  (void)gate.ask(violation(kStart + seconds(3), kQuarter, kHalf));
  const GateVerdict held = gate.ask(violation(kStart + seconds(10), kQuarter, kHalf));
  EXPECT_FALSE(held.allowed);
  EXPECT_EQ(held.held_by, HoldRule::min_dwell);
  EXPECT_TRUE(gate.ask(violation(kStart + seconds(62), kQuarter, kHalf)).allowed);
}

TEST(SplitGate, TakingBackAShareWaitsForReturnAfterAndMustBeWorthIt) {
  MoveGate gate{Stability{}};
  const GateVerdict early = gate.ask(better(kStart, kHalf, kQuarter, Ppm{500'000}));
  EXPECT_EQ(early.held_by, HoldRule::return_after);
  EXPECT_EQ(early.not_before, kStart + seconds(60));
  EXPECT_TRUE(gate.ask(better(kStart + seconds(60), kHalf, kQuarter, Ppm{500'000})).allowed);
  const GateVerdict small = gate.ask(better(kStart + seconds(130), kHalf, kQuarter, Ppm{50'000}));
  EXPECT_FALSE(small.allowed);
  EXPECT_EQ(small.held_by, HoldRule::min_gain);
}

TEST(SplitGate, AnotherShareIsAnotherWishThatWaitsAnew) {
  MoveGate gate{Stability{}};
  (void)gate.ask(better(kStart, kHalf, kQuarter, Ppm{500'000}));
  const GateVerdict home = gate.ask(better(kStart + seconds(30), kHalf, kHome, Ppm{500'000}));
  EXPECT_EQ(home.not_before, kStart + seconds(90));
}

TEST(SplitGate, UpTheLadderWithTheSameSharesIsAReturnThatNeedsNoGain) {
  MoveGate gate{Stability{}};
  (void)gate.ask(better(kStart, kHalfDegraded, kHalf, Ppm{0}));
  EXPECT_TRUE(gate.ask(better(kStart + seconds(60), kHalfDegraded, kHalf, Ppm{0})).allowed);
}

}  // namespace
}  // namespace wanwise::core
