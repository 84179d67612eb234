// When a wish to move becomes a move: fall back fast, return slowly, dwell, and a budget per hour.
// One gate per workload; a pure state machine over the instants it is given. One owner.
//
// Bounds it keeps whatever it is asked, moves away from a dead target aside:
//   * two moves are at least min-dwell apart, so there is no A-B-A within min-dwell;
//   * at most max-moves-per-hour moves begin in any hour;
//   * a fall begins fall-back-after after the first ask that named the violation, a return
//     return-after after the first ask that named its place, neither having been interrupted.
// A dead target bypasses all of it at once; such a move still starts the dwell and costs budget.
// But to be suspended is no way out of a dead target: nothing is served here or there, and coming
// back takes return-after. So long it waits where it is (as one who rents skis until he has paid
// their price: at most twice the best possible), and then keeps the other bounds too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/core/explain.hpp"
#include "engine/core/model.hpp"
#include "engine/core/spot.hpp"

namespace wanwise::core {

enum class MoveReason : std::uint8_t {
  target_dead,  ///< what it runs on is gone
  violation,    ///< the present place breaks the objective, predicted or observed
  voluntary,    ///< elsewhere is cheaper, preferred, or a return
};

struct MoveWish {
  Instant at;
  Spot current;
  Spot wished;  ///< equal to current: content (a violation may still be counted)
  MoveReason reason = MoveReason::voluntary;
  Ppm gain;               ///< of a voluntary move, in the cost that decided
  bool stranded = false;  ///< it runs on what is dead or unreachable; else it runs nowhere yet
};

enum class HoldRule : std::uint8_t {
  none,
  fall_back_after,
  return_after,
  min_dwell,
  max_moves_per_hour,
  min_gain,
};
[[nodiscard]] const char* hold_rule_name(HoldRule rule);  ///< as the policy spells it

struct GateVerdict {
  bool allowed = false;
  HoldRule held_by = HoldRule::none;  ///< the rule that releases last
  std::optional<Instant> not_before;  ///< when that is, should the wish persist; none: no time does
  std::vector<Finding> findings;      ///< every rule that was asked, wanted and got
  /// When to ask again though nothing happened.
  [[nodiscard]] std::optional<Instant> wake_up() const { return not_before; }
};

class MoveGate {
 public:
  explicit MoveGate(const Stability& rules) : m_rules(rules) {}

  /// To be asked at every decision, with and without a wish: silence in between counts as
  /// persistence. An instant before the last one counts as the last one.
  [[nodiscard]] GateVerdict ask(const MoveWish& wish);
  /// The move was started. To be told when the action is submitted, not when it is done: else a
  /// slow cluster would shorten the dwell.
  void moved(Instant at);
  /// The started move was refused and undone: it cost nothing.
  void refused();

  [[nodiscard]] std::int32_t moves_in_last_hour(Instant now) const;
  /// return-after as damped now: doubled for each move of the last hour beyond half of the budget.
  [[nodiscard]] Micros return_after(Instant now) const;

 private:
  enum class Kind : std::uint8_t { content, dead, stop, fall, rise };
  struct Release {
    HoldRule rule = HoldRule::none;
    std::optional<Instant> at;  ///< none: not by time
    bool held = false;
  };

  [[nodiscard]] static Kind kind_of(const MoveWish& wish);
  void follow(const MoveWish& wish, Kind kind, Instant now);
  [[nodiscard]] Release persistence(Kind kind, Instant now, GateVerdict& verdict) const;
  [[nodiscard]] Release stop(Instant now, GateVerdict& verdict) const;
  [[nodiscard]] Release gain(const MoveWish& wish, Kind kind, GateVerdict& verdict) const;
  [[nodiscard]] Release dwell(Instant now, GateVerdict& verdict) const;
  [[nodiscard]] Release budget(Kind kind, Instant now, GateVerdict& verdict) const;
  [[nodiscard]] Instant return_release(Instant since, Instant now) const;
  [[nodiscard]] bool worthwhile(const MoveWish& wish) const;

  Stability m_rules;
  Instant m_now;
  bool m_asked = false;
  std::optional<Instant> m_falling_since;
  std::optional<Instant> m_gone_since;  ///< what it ran on
  std::optional<Instant> m_rising_since;
  Spot m_rising_to;
  std::vector<Instant> m_moves;  ///< ascending; at most the budget and one, the youngest kept
};

}  // namespace wanwise::core
