// Adversaries against the gate: whatever is asked, at whatever pace, the bounds of its header hold.
#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <vector>

#include "engine/core/decide/stability.hpp"

namespace wanwise::core {
namespace {

struct Moved {
  Instant at;
  Spot from, to;
  bool dead = false;
};

/// An engine that carries out every move at once, and the record of it.
class Player {
 public:
  explicit Player(const Stability& rules) : m_rules(rules), m_gate(rules) {}

  GateVerdict play(Instant at, const Spot& wished, MoveReason reason, Ppm gain) {
    const GateVerdict verdict = m_gate.ask({at, m_place, wished, reason, gain});
    check_times(at, verdict);
    if (verdict.allowed && wished != m_place) {
      m_gate.moved(at);
      m_moves.push_back({at, m_place, wished, reason == MoveReason::target_dead});
      m_place = wished;
    }
    return verdict;
  }
  [[nodiscard]] const Spot& place() const { return m_place; }
  [[nodiscard]] const std::vector<Moved>& moves() const { return m_moves; }

  void check_bounds() const {
    for (std::size_t i = 1; i < m_moves.size(); ++i) {
      if (m_moves[i].dead) continue;
      ASSERT_GE(m_moves[i].at - m_moves[i - 1].at, m_rules.min_dwell);
      std::int32_t within = 0;
      for (std::size_t j = i + 1; j-- > 0 && m_moves[i].at - m_moves[j].at < seconds(3600);) {
        ++within;
      }
      ASSERT_LE(within, m_rules.max_moves_per_hour);
    }
  }

 private:
  static void check_times(Instant at, const GateVerdict& verdict) {
    if (verdict.allowed) {
      ASSERT_EQ(verdict.held_by, HoldRule::none);
    } else if (verdict.not_before) {
      ASSERT_GT(*verdict.not_before, at);
      ASSERT_NE(verdict.held_by, HoldRule::none);
    }
  }

  Stability m_rules;
  MoveGate m_gate;
  Spot m_place{.target = 0};
  std::vector<Moved> m_moves;
};

const Spot kA{.target = 0};
const Spot kB{.target = 1};

TEST(MoveGateProperty, SquareWavesOfEveryPeriodKeepDwellAndBudget) {
  int cases = 0;
  for (std::int64_t half_ms = 100; half_ms < 1'000'000; half_ms += half_ms / 3 + 1) {
    Player player{Stability{}};
    const std::int64_t step_ms = std::max<std::int64_t>(half_ms / 7, 50);
    for (std::int64_t t = 0; t < 3 * 3600'000; t += step_ms) {
      const Spot& good = (t / half_ms) % 2 == 0 ? kA : kB;
      const bool here = player.place() == good;
      player.play(Instant{t * 1000}, good, here ? MoveReason::voluntary : MoveReason::violation,
                  Ppm{900'000});
    }
    player.check_bounds();
    EXPECT_LE(player.moves().size(), 18U) << half_ms;
    ++cases;
  }
  RecordProperty("waves", cases);
}

TEST(MoveGateProperty, AConstantWishMovesExactlyWhenTheFirstVerdictSaid) {
  std::mt19937_64 random{7};
  for (int i = 0; i < 2000; ++i) {
    Player player{Stability{}};
    Instant now{0};
    for (int moves = static_cast<int>(random() % 6); moves > 0; --moves) {
      now = now + Micros{static_cast<std::int64_t>(random() % 900'000'000)};
      player.play(now, player.place() == kA ? kB : kA, MoveReason::target_dead, Ppm{0});
    }
    now = now + Micros{static_cast<std::int64_t>(random() % 600'000'000)};
    const Spot to = player.place() == kA ? kB : kA;
    const auto reason = random() % 2 == 0 ? MoveReason::violation : MoveReason::voluntary;
    const GateVerdict first = player.play(now, to, reason, Ppm{200'000});
    ASSERT_FALSE(first.allowed);
    ASSERT_TRUE(first.not_before);
    ASSERT_FALSE(player.play(*first.not_before - Micros{1}, to, reason, Ppm{200'000}).allowed);
    ASSERT_TRUE(player.play(*first.not_before, to, reason, Ppm{200'000}).allowed);
  }
}

TEST(MoveGateProperty, RandomWishesNeverBreakTheBoundsAndTheDeadNeverWait) {
  std::mt19937_64 random{11};
  for (int game = 0; game < 200; ++game) {
    Stability rules;
    rules.fall_back_after = milliseconds(static_cast<std::int64_t>(random() % 5'000));
    rules.return_after = milliseconds(static_cast<std::int64_t>(random() % 90'000));
    rules.min_dwell = milliseconds(static_cast<std::int64_t>(random() % 90'000));
    rules.max_moves_per_hour = static_cast<std::int32_t>(random() % 12);
    Player player{rules};
    const bool with_dead = game % 2 == 0;
    Instant now{0};
    for (int i = 0; i < 3000; ++i) {
      now = now + Micros{static_cast<std::int64_t>(random() % 8'000'000)};
      Spot wished;
      wished.target = static_cast<Index>(random() % 3);
      wished.rung = static_cast<std::int32_t>(random() % 3);
      if (random() % 4 != 0) wished = kB;
      const auto kind = random() % 20;
      const auto reason = with_dead && kind == 0 ? MoveReason::target_dead
                          : kind < 12            ? MoveReason::violation
                                                 : MoveReason::voluntary;
      const Spot before = player.place();
      const GateVerdict verdict =
          player.play(now, wished, reason, Ppm{static_cast<std::int64_t>(random() % 300'000)});
      if (reason == MoveReason::target_dead && wished != before) {
        ASSERT_TRUE(verdict.allowed);
      }
    }
    player.check_bounds();
  }
}

TEST(MoveGateProperty, NoReturnToThePlaceJustLeftWithinMinDwell) {
  std::mt19937_64 random{13};
  Player player{Stability{}};
  Instant now{0};
  for (int i = 0; i < 200'000; ++i) {
    now = now + Micros{static_cast<std::int64_t>(random() % 2'000'000)};
    player.play(now, player.place() == kA ? kB : kA, MoveReason::violation, Ppm{0});
  }
  const auto& moves = player.moves();
  ASSERT_GT(moves.size(), 10U);
  for (std::size_t i = 1; i < moves.size(); ++i) {
    ASSERT_GE(moves[i].at - moves[i - 1].at, Stability{}.min_dwell);
  }
}

}  // namespace
}  // namespace wanwise::core
