#include "engine/core/uplink/shaper_control.hpp"

#include <algorithm>
#include <cmath>

namespace wanwise::core {

// Eight percent below the capacity: an M/D/1 queue at 0.92 holds 6 packets on average, 7 ms at
// 10 Mbit/s, and counters interpolated to a probe are a few percent off.
const double ShaperControl::kShare = 0.92;

namespace {

// A queue of `delay` is to be gone after this: one probe later.
constexpr double kDrainSeconds = 1.0;
// Draining never takes more than three quarters of the link from those who wait in the router.
constexpr double kLeastOfCapacity = 0.25;
// A probe that does not come back: two such cuts make 1/16, beyond the tenth that a cellular
// uplink loses within seconds.
constexpr double kChokeCut = 0.25;

// Climbing. Over the capacity by a factor g, the queue grows by (g - 1) seconds a second and is
// seen one probe later: below half of the rate that hurt 2 costs nothing; 1.25 costs at most 250
// ms; near it 1.12 costs 120 ms and is one step above the 10 % dead band of writes.
constexpr double kFarStep = 2;
constexpr double kMidStep = 1.25;
constexpr double kNearStep = 1.12;
constexpr double kFar = 0.5;    // a far step from below this stays below what hurt
constexpr double kNear = 0.8;   // a mid step from here reaches what hurt
constexpr double kAt = 0.97;    // within the error of its measurement
constexpr double kPast = 1.1;   // carried more than this times what hurt: it hurts no more
constexpr double kSame = 0.10;  // within this, the same rate hurt again

// Near the rate that hurt: every 2 s, doubling each time it hurts again, at most 32 s: a link
// that does not change is disturbed twice a minute.
constexpr Micros kNearWait = seconds(2);
constexpr int kNearDoublings = 4;
// An excess of 3 %, a near step's, makes a queue of 100 ms in this time: later it is no news.
constexpr Micros kProbeWatch = seconds(4);
// One step a probe elsewhere.
constexpr Micros kFarWait = milliseconds(900);

constexpr double kDriftUp = 1.5;
// Nothing learnt: half up a second is a tenfold in six. While little is sent a rate that is too
// high harms nobody but a burst, and one that is too low keeps a service away: a handover's second
// without delivery looks like a tenth of the rate (cake-autorate's decay to its base rate is as
// fast).
constexpr Micros kDriftUpAfter = seconds(3);
// A rate once carried is worth keeping longer than one once refused.
constexpr Micros kDriftDownAfter = seconds(60);
constexpr Micros kDriftDownWait = seconds(5);
constexpr double kDriftDown = 0.9;
// A rate that hurt is not drifted past for 4 s, doubling each time it hurt again, at most 8.5 min.
constexpr Micros kHurtHold = seconds(4);
constexpr int kHurtDoublings = 7;

// A modem that lost probes has dropped other packets too, which counted as sent: half.
constexpr double kAfterLoss = 0.5;
// Another cell, perhaps another band: half of what was there, then climb.
constexpr double kAfterBlackout = 0.5;
// A link that came back while nobody used it, and is lost again within this of being used, is not
// lost to the weather: less of it is believed, for longer each time. A fade is waited out for less.
constexpr Micros kTried = seconds(10);
// An alarm undone twice within this is not false.
constexpr Micros kUndoEvery = seconds(10);

Micros doubled(Micros wait, int times, int most) {
  return wait * (std::int64_t{1} << std::clamp(times, 0, most));
}

}  // namespace

ShaperControl::ShaperControl(Limits limits) : m_limits(limits), m_rate(0) {
  set(limits.expected * kShare);
}

void ShaperControl::set(double rate) {
  m_rate = std::clamp(rate, m_limits.floor, m_limits.ceiling);
}

void ShaperControl::begin_episode(Cause cause) {
  if (m_episode_rate) return;
  m_cause = cause;
  m_episode_rate = m_rate;
  m_measured = false;
  m_exact = false;
  m_noted = false;
}

void ShaperControl::note_hurt(Instant now, double rate) {
  const bool same = m_hurt && std::abs(rate - *m_hurt) <= kSame * *m_hurt;
  m_repeats = same ? m_repeats + 1 : 0;
  m_hurt = rate;
  m_hurt_at = now;
}

void ShaperControl::congested(Instant now, double capacity, Micros delay, bool exact, Cause cause) {
  begin_episode(cause);
  m_hopeful = false;
  if (!exact && m_capacity && m_measured) capacity = std::min(capacity, *m_capacity);
  m_capacity = capacity;
  m_measured = true;
  // One late echo is a mean over a second that may hold a handover's pause: no rate that hurts,
  // unless traffic pressed and so made the queue itself.
  if ((exact || pressed()) && !m_noted) {
    note_hurt(now, capacity);
    m_noted = true;
  } else if (m_noted) {
    m_hurt = capacity;  // the same episode, better measured
    m_hurt_at = now;
  }
  m_exact = m_exact || exact;
  // What a fade left in the modem drains when it is over; a shaper that makes room for that would
  // then keep everybody late.
  const bool drains = m_cause != Cause::fade;
  const double queued = drains ? static_cast<double>(delay.count) / 1e6 / kDrainSeconds : 0.0;
  const double wanted = capacity * std::max(kShare - queued, kLeastOfCapacity);
  set(exact ? wanted : std::min(m_rate, wanted));
}

void ShaperControl::choked(Cause cause, double least) {
  begin_episode(cause);
  m_hopeful = false;
  const double bottom = m_cause == Cause::fade ? least : 0.0;
  set(std::min(m_rate, std::max(m_rate * kChokeCut, bottom)));
}

void ShaperControl::clear(Instant now, std::optional<double> delivered, int lost, bool used) {
  if (m_before_blackout || !m_episode_rate) return;
  const bool may_undo = !m_undone_at || now - *m_undone_at > kUndoEvery;
  if (m_cause == Cause::fade && used) {
    // It is over, and what the link carried before is what it usually carries.
    set(*m_episode_rate);
    m_hurt.reset();
    m_repeats = 0;
  } else if (m_measured && !m_exact && !pressed() && lost <= 1 && may_undo) {
    // One late echo and none after it: a handover's pause, which says nothing about the rate.
    m_undone_at = now;
    set(*m_episode_rate);
    m_hurt.reset();
    m_repeats = 0;
  } else if (m_measured && m_capacity) {
    // The queue went away in the meantime: that much was carried, whatever was measured before.
    const double carried = lost == 0 ? delivered.value_or(0) : 0;
    const double known = std::max(*m_capacity, std::min(carried, *m_episode_rate)) * kShare;
    const double tried = may_undo && !pressed() && lost <= 1 ? *m_episode_rate * kAfterLoss : 0;
    if (tried > known) m_undone_at = now;
    set(std::max(known, tried));
    if (m_hurt && carried > kPast * *m_hurt) {
      m_hurt.reset();
      m_repeats = 0;
    }
  } else if (lost <= 1 && may_undo) {
    m_undone_at = now;  // one probe was lost and nothing else: no queue did that
    set(*m_episode_rate);
  } else {
    // The queue that ate the probes has been carried away since: that is what the link carries,
    // less what the modem dropped.
    const double carried = std::min(delivered.value_or(m_rate), *m_episode_rate);
    // It was cut so far that little was sent, and little was carried: that says nothing of the
    // link. Once in a while half of what was there is tried, as after a loss of service.
    const double tried = may_undo && !pressed() ? *m_episode_rate * kAfterLoss : 0;
    if (tried > 0) m_undone_at = now;
    set(std::max({m_rate, carried * kAfterLoss, tried}));
    note_hurt(now, std::max(carried, m_rate));
  }
  m_episode_rate.reset();
  m_moved_at = now;
}

void ShaperControl::grope() {
  if (m_before_blackout) return;
  const double most = m_episode_rate.value_or(std::max(m_limits.expected * kShare, m_rate));
  set(std::min(m_rate * (m_episode_rate ? kDriftUp : kNearStep), most));
}

Bps ShaperControl::below(Bps carried) {
  return Bps{carried.count / 100 * 92};
}

void ShaperControl::false_alarm() {
  if (!m_episode_rate) return;
  set(*m_episode_rate);
  m_episode_rate.reset();
  m_capacity.reset();
  m_hurt.reset();
  m_repeats = 0;
}

bool ShaperControl::probing(Instant now) const {
  return m_pressed_at && now - *m_pressed_at <= kProbeWatch;
}

double ShaperControl::step(double reference) const {
  if (m_rate < kFar * reference) return kFarStep;
  if (m_rate < kNear * reference) return kMidStep;
  return kNearStep;
}

void ShaperControl::press(Instant now, bool counted) {
  if (m_episode_rate || m_before_blackout) return;
  const bool near = m_hurt && m_rate >= kNear * *m_hurt;
  if (near && !counted) return;
  if (m_hurt && m_rate > kPast * *m_hurt) {
    m_hurt.reset();
    m_repeats = 0;
  }
  const bool past = m_hurt && m_rate > *m_hurt * kAt;  // already above it, and nothing queues
  const Micros wait = !near || !m_hurt ? kFarWait
                      : past           ? kNearWait
                                       : doubled(kNearWait, m_repeats, kNearDoublings);
  if (now - m_moved_at < wait) return;
  // Without a rate that hurt, the operator's promise is what to be careful about; past both, mid
  // steps: the capacity has visibly grown.
  const double reference = m_hurt.value_or(m_limits.expected);
  const bool beyond = !m_hurt && m_rate > kPast * m_limits.expected;
  set(m_rate * (beyond ? kMidStep : step(reference)));
  m_moved_at = now;
  m_pressed_at = now;
}

bool ShaperControl::drift(Instant now, Micros quiet) {
  if (m_episode_rate || m_before_blackout) return false;
  if (!m_hopeful && quiet < kDriftUpAfter) return false;
  double goal = m_limits.expected * kShare;
  const bool held =
      m_hurt && now - m_hurt_at < doubled(kHurtHold, m_repeats, kHurtDoublings) && !m_hopeful;
  if (held) goal = std::min(goal, *m_hurt * kShare);
  if (now - m_moved_at < (m_rate < goal ? kFarWait : kDriftDownWait)) return false;
  const double before = m_rate;
  if (m_rate < goal) set(std::min(m_rate * kDriftUp, goal));
  if (m_rate > goal && quiet >= kDriftDownAfter) set(std::max(m_rate * kDriftDown, goal));
  m_moved_at = now;
  return m_rate != before;
}

void ShaperControl::worse(Instant now, double factor) {
  set(m_rate * factor);
  m_hopeful = false;
  m_moved_at = now;
}

void ShaperControl::better() {
  m_hurt.reset();
  m_repeats = 0;
  m_hopeful = true;
}

void ShaperControl::blackout(Instant now, Cause cause) {
  if (m_before_blackout) return;
  m_before_blackout = m_episode_rate.value_or(m_rate);
  m_relapsed = m_untried;
  if (m_relapsed) {
    const int times = m_repeats + 1;
    note_hurt(now, m_rate * kAfterBlackout);
    m_repeats = times;
  }
  m_moved_at = now;
  // Nothing gets through now. Where the site asks for less than the link carries, what is there
  // afterwards is there at once, and not when the router has heard of it.
  set(cause == Cause::fade ? *m_before_blackout * kAfterBlackout : m_limits.floor);
}

void ShaperControl::service_back(Instant now, bool used) {
  if (!m_before_blackout) return;
  set(*m_before_blackout * kAfterBlackout);
  m_before_blackout.reset();
  m_episode_rate.reset();
  m_capacity.reset();
  m_moved_at = now;
  m_untried = !used;
  m_used_since.reset();
  m_hopeful = !m_relapsed;
  if (m_relapsed) return;
  m_hurt.reset();
  m_repeats = 0;
}

void ShaperControl::note_use(Instant now, bool used) {
  if (!m_untried || m_before_blackout) return;
  if (!used) m_used_since.reset();
  if (used && !m_used_since) m_used_since = now;
  if (m_used_since && now - *m_used_since >= kTried) m_untried = false;
}

}  // namespace wanwise::core
