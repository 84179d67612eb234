#include "engine/core/decide/stability.hpp"

#include <algorithm>
#include <string>

namespace wanwise::core {
namespace {

constexpr Micros kHour = seconds(3600);
// 2^10 x 60 s is 17 hours: longer damping than that changes nothing within the hour that counts.
constexpr std::int32_t kMostDoublings = 10;
// The youngest that are kept when policy allows more than anybody would: one a second.
constexpr std::int32_t kMostMoves = 3600;

std::string seconds_text(Micros d) {
  const std::int64_t tenths = d.count / 100'000;
  std::string text = std::to_string(tenths / 10);
  if (tenths % 10 != 0) text += "." + std::to_string(tenths % 10);
  return text + " s";
}

std::string percent_text(Ppm share) {
  const bool negative = share.count < 0;
  const std::int64_t tenths = (negative ? -share.count : share.count) / 1'000;
  std::string text = (negative ? "-" : "") + std::to_string(tenths / 10);
  if (tenths % 10 != 0) text += "." + std::to_string(tenths % 10);
  return text + " %";
}

}  // namespace

const char* hold_rule_name(HoldRule rule) {
  switch (rule) {
    case HoldRule::none:
      return "none";
    case HoldRule::fall_back_after:
      return "fall-back-after";
    case HoldRule::return_after:
      return "return-after";
    case HoldRule::min_dwell:
      return "min-dwell";
    case HoldRule::max_moves_per_hour:
      return "max-moves-per-hour";
    case HoldRule::min_gain:
      return "min-gain";
  }
  return "none";
}

GateVerdict MoveGate::ask(const MoveWish& wish) {
  m_now = m_asked ? std::max(m_now, wish.at) : wish.at;
  m_asked = true;
  const Kind kind = kind_of(wish);
  follow(wish, kind, m_now);
  GateVerdict verdict;
  if (kind == Kind::content || wish.wished == wish.current) return verdict;
  if (kind == Kind::dead) {
    verdict.allowed = true;
    verdict.findings.push_back({"target alive", "yes", "no", false});
    return verdict;
  }
  const Release releases[] = {gain(wish, kind, verdict), persistence(kind, m_now, verdict),
                              dwell(m_now, verdict), budget(kind, m_now, verdict)};
  verdict.allowed = true;
  for (const Release& release : releases) {
    if (!release.held) continue;
    const bool timeless = !verdict.allowed && !verdict.not_before;
    if (timeless) break;
    if (verdict.allowed || !release.at || *release.at > *verdict.not_before) {
      verdict.held_by = release.rule;
      verdict.not_before = release.at;
    }
    verdict.allowed = false;
  }
  return verdict;
}

// Up the ladder on the same targets is a return whatever the reason; down is a fall. Another share
// of a split is a move as to another target: a fall when the objective breaks, else a return.
MoveGate::Kind MoveGate::kind_of(const MoveWish& wish) {
  if (wish.reason == MoveReason::target_dead)
    return wish.stranded && wish.wished.target == kNone ? Kind::stop : Kind::dead;
  const bool stays = same_targets(wish.current, wish.wished);
  if (stays && wish.wished.rung < wish.current.rung) return Kind::rise;
  if (wish.reason == MoveReason::violation) return Kind::fall;
  if (stays && wish.wished.rung > wish.current.rung) return Kind::fall;
  return wish.current == wish.wished ? Kind::content : Kind::rise;
}

bool MoveGate::worthwhile(const MoveWish& wish) const {
  // Climbing the ladder restores what the policy asked for: that is gain enough.
  return same_targets(wish.current, wish.wished) || wish.gain >= m_rules.min_gain;
}

void MoveGate::follow(const MoveWish& wish, Kind kind, Instant now) {
  const bool gone = kind == Kind::dead || kind == Kind::stop;
  if (!gone) {
    m_gone_since.reset();
  } else if (!m_gone_since) {
    m_gone_since = now;
  }
  // What it runs on being gone is no better than a violation: a link that flickers does not make
  // one count anew.
  if (kind != Kind::fall && !gone) {
    m_falling_since.reset();
  } else if (!m_falling_since) {
    m_falling_since = now;
  }
  if (kind != Kind::rise || !worthwhile(wish)) {
    m_rising_since.reset();
  } else if (!m_rising_since || m_rising_to != wish.wished) {
    m_rising_since = now;
    m_rising_to = wish.wished;
  }
}

MoveGate::Release MoveGate::gain(const MoveWish& wish, Kind kind, GateVerdict& verdict) const {
  if (kind != Kind::rise || same_targets(wish.current, wish.wished)) return {};
  const bool holds = worthwhile(wish);
  verdict.findings.push_back({hold_rule_name(HoldRule::min_gain),
                              "≥ " + percent_text(m_rules.min_gain), percent_text(wish.gain),
                              holds});
  return {HoldRule::min_gain, std::nullopt, !holds};
}

MoveGate::Release MoveGate::persistence(Kind kind, Instant now, GateVerdict& verdict) const {
  if (kind == Kind::stop) return stop(now, verdict);
  const bool fall = kind == Kind::fall;
  const auto rule = fall ? HoldRule::fall_back_after : HoldRule::return_after;
  const Micros wanted = fall ? m_rules.fall_back_after : return_after(now);
  const Instant since = (fall ? m_falling_since : m_rising_since).value_or(now);
  const bool holds = now - since >= wanted;
  verdict.findings.push_back(
      {hold_rule_name(rule), "≥ " + seconds_text(wanted), seconds_text(now - since), holds});
  return {rule, fall ? since + wanted : return_release(since, now), !holds};
}

MoveGate::Release MoveGate::stop(Instant now, GateVerdict& verdict) const {
  const Instant since = m_gone_since.value_or(now);
  const bool holds = now - since >= m_rules.return_after;
  verdict.findings.push_back({hold_rule_name(HoldRule::return_after),
                              "≥ " + seconds_text(m_rules.return_after) + " without a target",
                              seconds_text(now - since), holds});
  return {HoldRule::return_after, since + m_rules.return_after, !holds};
}

MoveGate::Release MoveGate::dwell(Instant now, GateVerdict& verdict) const {
  if (m_moves.empty()) return {};
  const Micros stayed = now - m_moves.back();
  const bool holds = stayed >= m_rules.min_dwell;
  const std::string least = "≥ " + seconds_text(m_rules.min_dwell);
  verdict.findings.push_back(
      {hold_rule_name(HoldRule::min_dwell), least, seconds_text(stayed), holds});
  return {HoldRule::min_dwell, m_moves.back() + m_rules.min_dwell, !holds};
}

// A return must leave budget for the way back, or the next violation would have to be suffered.
MoveGate::Release MoveGate::budget(Kind kind, Instant now, GateVerdict& verdict) const {
  const std::int32_t most = std::min(m_rules.max_moves_per_hour, kMostMoves);
  const std::int32_t reserve = kind == Kind::rise && most >= 2 ? 1 : 0;
  const std::int32_t used = moves_in_last_hour(now);
  const std::int32_t limit = std::max(most - reserve, 0);
  const bool holds = used < limit;
  verdict.findings.push_back({hold_rule_name(HoldRule::max_moves_per_hour),
                              "< " + std::to_string(limit), std::to_string(used), holds});
  if (holds) return {};
  // Enough of the oldest moves must leave the window for one to fit.
  const std::int32_t leave = used - limit;
  if (limit == 0) return {HoldRule::max_moves_per_hour, std::nullopt, true};
  const auto first = m_moves.size() - static_cast<std::size_t>(used);
  const Instant freed = m_moves[first + static_cast<std::size_t>(leave)] + kHour;
  return {HoldRule::max_moves_per_hour, freed, true};
}

// The damping fades as moves leave the hour: the first instant at which the return-after of that
// instant has passed.
Instant MoveGate::return_release(Instant since, Instant now) const {
  Instant from = now;
  for (const Instant& move : m_moves) {
    const Instant fades = move + kHour;
    if (fades <= from) continue;
    const Instant done = std::max(since + return_after(from), from);
    if (done < fades) return done;
    from = fades;
  }
  return std::max(since + return_after(from), from);
}

void MoveGate::moved(Instant at) {
  m_now = std::max(m_now, at);
  m_moves.push_back(m_now);
  // One more than the budget: should the youngest be refused, the oldest still counts.
  const std::int32_t kept = std::clamp(m_rules.max_moves_per_hour, 1, kMostMoves) + 1;
  while (m_moves.size() > static_cast<std::size_t>(kept)) m_moves.erase(m_moves.begin());
  m_gone_since.reset();
  m_falling_since.reset();
  m_rising_since.reset();
}

void MoveGate::refused() {
  if (!m_moves.empty()) m_moves.pop_back();
}

std::int32_t MoveGate::moves_in_last_hour(Instant now) const {
  const auto first = std::upper_bound(m_moves.begin(), m_moves.end(), now - kHour);
  return static_cast<std::int32_t>(m_moves.end() - first);
}

Micros MoveGate::return_after(Instant now) const {
  const std::int32_t beyond = moves_in_last_hour(now) - m_rules.max_moves_per_hour / 2;
  return m_rules.return_after * (std::int64_t{1} << std::clamp(beyond, 0, kMostDoublings));
}

}  // namespace wanwise::core
