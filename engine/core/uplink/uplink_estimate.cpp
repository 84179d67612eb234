#include "engine/core/uplink/uplink_estimate.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/core/uplink/sustained_rate.hpp"

namespace wanwise::core {
namespace {

// The shaper is used up: tokens leave by packets, so a full shaper measures a few percent below
// its rate over half a second.
constexpr double kPressing = 0.85;
// A shaper whose queues stand sends its rate to within a percent or two; less than this is the
// modem's doing.
constexpr double kPushedBack = 0.95;
// Of what the shaper could have carried and did not, this much was waiting for it: a site whose
// bursts lose a fifth of the unused rate offers that much less than the shaper carries, and what
// was sent is then close to the truth; with a late probe as second witness a twentieth is enough.
constexpr double kWithheld = 0.2;
constexpr double kWithheldLate = 0.05;
// Less than a tenth of what the shaper carries is a burst at the edge of the period.
constexpr double kLeastWithheld = 0.1;
// Four full packets standing: more than the router holds while it serves one per class.
constexpr std::int64_t kStanding = 4 * 1500;
constexpr double kPacketBits = 1500 * 8;
// Half of the rate under way: enough that a tenfold drop overloads the link five times.
constexpr double kLoaded = 0.5;
// A fifth: a tenfold drop still overloads the link twice; below, random loss is the likelier cause.
constexpr double kSending = 0.2;
// Below a twentieth the probe meets nobody of ours.
constexpr double kIdle = 0.05;

// One probe this late is a queue, not a stray frame: 100 ms is a 45 KB frame at 3.6 Mbit/s.
constexpr Micros kStrong = milliseconds(100);
constexpr int kStrongTimes = 3;
// A draining queue shrinks by at least (1 - kShare) of the time that passes, 80 ms a second; one
// that moves less than this while a tenth less is sent than the link was measured to carry does
// not drain.
constexpr Micros kFlat = milliseconds(10);
constexpr double kWellBelow = 0.9;
constexpr int kStuckEnough = 2;
// A measure whose two arrivals are closer than this part of the departures is mostly noise.
constexpr double kLeastSpread = 0.3;

// Longer than a fade and what it leaves in our own queues: a minute. More often than not is mostly.
constexpr Micros kUsual = seconds(60);
constexpr double kMostly = 0.5;
// A mean over about four readings: a camera's frames in step with the readings are no demand.
constexpr double kAskedWeight = 0.25;
// In a fade nothing is known but that less is carried than is asked for: half, until measured.
constexpr double kLeastOfAsked = 0.5;
// With less than this of what the site mostly asks for, a link is idle: its probes meet no queue
// however little it carries. Flows that were cut to their last rung still send more.
constexpr double kUsed = 0.1;
// A queue is to be gone one probe after a cut (see ShaperControl): a probe is told by it from then.
constexpr Micros kDrained = seconds(1);

// A shaper is in force when the router confirmed it; a probe sent this much later has seen the
// queue it makes: an excess of 4 % grows to the 20 ms that count.
constexpr Micros kSettle = milliseconds(400);
// Between two cuts without a measure: one telemetry period, with room for its jitter.
constexpr Micros kChokeEvery = milliseconds(400);
// IOS XE wants timeout <= frequency, so a probe a second is back or lost within one; 7 s covers the
// default of 5 s too. Later than that nobody is reporting, which is no news about the link.
constexpr Micros kSilent = seconds(7);
// As many lost probes in a row, without load, say that nothing gets through: at 2 % of random loss
// eight in a million.
constexpr int kLostEnough = 3;

// Counters without a sign of the modem pushing back for this long, four readings, are calm.
constexpr Micros kCalm = seconds(2);
// A modem that pushed back this recently may be doing it still: a probe or two.
constexpr Micros kPushMemory = seconds(5);

// Our own queue may have dropped the probes: below this chance it did not.
constexpr double kOwnChance = 0.1;
// While our own queue eats the probes nothing is learnt; a step up is tried this often.
constexpr Micros kGropeEvery = seconds(5);

constexpr double kExactSpread = 0.05;  // half a counter sample of interpolation error in ten
constexpr double kUnsureLow = 0.5;     // an upper bound says little about the lower

// Nobody waits longer for a probe: what says so is a broken reading, and no answer.
constexpr Micros kLongestEcho = seconds(60);

double in_seconds(Micros d) {
  return static_cast<double>(d.count) / 1e6;
}

}  // namespace

UplinkEstimator::UplinkEstimator(const Link& link, Micros wait_out)
    : m_wait_out(wait_out),
      m_floor(static_cast<double>(link.uplink_floor.count)),
      m_ceiling(static_cast<double>(std::max(link.uplink_ceiling, link.uplink_floor).count)),
      m_probes(link.rtt),
      m_control({static_cast<double>(link.uplink.count), m_floor, m_ceiling}),
      m_low(static_cast<double>(link.uplink.count)),
      m_high(std::max(m_ceiling, m_low)),
      m_pressed_share(1) {}

void UplinkEstimator::observe(const LinkCounters& sample) {
  if (!m_tx.empty() && sample.observed_at <= m_tx.last_at()) return;
  m_now = std::max(m_now, sample.observed_at);
  link_state(sample.up);
  if (m_tx.observe(sample.observed_at, sample.tx_bytes) != TxMeter::Taken::measured) return;
  if (!m_up || !m_radio.in_service()) return;
  weigh_demand();
  assess_silence();
  assess_pushback();
  assess_overdue();
  assess_quiet();
}

void UplinkEstimator::observe(const ClassCounters& sample) {
  if (!m_classes.observe(sample)) return;
  m_now = std::max(m_now, sample.observed_at);
  if (m_up && m_radio.in_service() && m_tx.has_rate()) assess_pushback();
}

void UplinkEstimator::observe(const RadioSample& sample) {
  const RadioPrior::Reading reading = m_radio.observe(sample);
  m_now = std::max(m_now, sample.observed_at);
  switch (reading.news) {
    case RadioPrior::News::none:
      return;
    case RadioPrior::News::lost_service:
      m_control.blackout(m_now, cause());
      m_low = 0;
      break;
    case RadioPrior::News::service_back:
      if (!m_up) return;
      m_control.service_back(m_now, used());
      follow_control();
      break;
    case RadioPrior::News::worse:
      disturbed();
      m_control.worse(m_now, reading.factor);
      m_low *= reading.factor;
      m_quiet_since.reset();
      break;
    case RadioPrior::News::better:
      m_control.better();
      break;
  }
  m_observed_at = sample.observed_at;
}

void UplinkEstimator::observe(const ProbeSample& told) {
  ProbeSample sample = told;
  if (sample.rtt && *sample.rtt > kLongestEcho) sample.rtt.reset();
  if (!m_probes.observe(sample)) return;
  m_probe_silent = false;
  if (sample.rtt && sample.rtt->count >= 0) {
    probe_back(sample.observed_at, *sample.rtt);
  } else {
    probe_lost(sample.observed_at);
  }
}

void UplinkEstimator::shaper_in_force(Bps rate) {
  const double now = static_cast<double>(rate.count);
  if (m_in_force && *m_in_force == now) return;
  m_in_force_before = m_in_force.value_or(now);
  m_in_force = now;
  m_forced_at = m_now;
}

void UplinkEstimator::link_state(bool up) {
  if (up == m_up) return;
  m_up = up;
  if (!up) {
    m_control.blackout(m_now, cause());
    m_low = 0;
  } else if (m_radio.in_service()) {
    m_control.service_back(m_now, used());
    follow_control();
  }
  m_observed_at = m_now;
}

// The modem takes less than the shaper offers while packets wait for it: it pushes back, and what
// it takes is what it carries.
void UplinkEstimator::assess_pushback() {
  if (!m_in_force || !m_tx.has_rate() || m_pushback_at == m_tx.last_at()) return;
  const Instant start = m_tx.period_start();
  const bool changed = m_forced_at >= start;  // confirmed after the sample that began the period
  const double offered = changed ? std::min(*m_in_force, m_in_force_before) : *m_in_force;
  // Packets are not cut at the readings: one at each end may be counted on the wrong side.
  const double grain = 2 * kPacketBits / in_seconds(m_tx.period());
  if (m_tx.rate() + grain >= kPushedBack * offered) return;
  if (!m_classes.stood_throughout(start, m_tx.period() / 4, kStanding)) return;
  // Bursts in step with the readings look like a standing queue, and one that does not fit its
  // queue is dropped from it. What a shaper left unused could have carried what was withheld:
  // bursts withhold a little of it, a modem that pushes back withholds all that is asked for.
  const bool late = m_inflated > 0 || m_lost_since > 0 ||
                    m_probes.away(m_now) > m_probes.base().value_or(Micros{0}) + kStrong;
  const double budget = offered / 8 * in_seconds(m_tx.period());
  const double unused = budget - m_tx.rate() / 8 * in_seconds(m_tx.period());
  const double share = late ? kWithheldLate : kWithheld;
  if (m_classes.withheld(start) < std::max(share * unused, kLeastWithheld * budget)) return;
  m_pushback_at = m_tx.last_at();
  const bool fade = cause() == ShaperControl::Cause::fade;
  m_control.congested(m_now, m_tx.rate(), Micros{0}, true,
                      fade ? ShaperControl::Cause::fade : ShaperControl::Cause::shaper);
  learn(m_tx.rate(), true, m_tx.last_at());
}

// A link whose probe nobody reports: the counters alone end an episode, and raise the rate only
// where the modem has shown that it pushes back when that was too much.
void UplinkEstimator::assess_silence() {
  if (m_probes.any() && !m_probe_silent) {
    if (m_probes.away(m_now) <= kSilent) return;
    m_probe_silent = true;
    m_inflated = m_lost_since = m_stuck = 0;
    m_echo.reset();
    if (m_choked_at && m_control.in_episode() && !m_control.measured()) m_control.false_alarm();
  }
  if (m_now - m_observed_at < kCalm) return;
  if (m_control.in_episode()) {
    m_control.clear(m_now, std::nullopt, 0, used());
    follow_control();
    m_observed_at = m_now;
  } else if (m_pushback_at && pressing()) {
    m_control.press(m_now, m_tx.period_start() > m_forced_at);
    m_high = std::min(std::max(m_high, m_control.rate()), m_ceiling);
  }
}

void UplinkEstimator::assess_overdue() {
  const bool lost = std::exchange(m_loss_told, false);
  if (m_probe_silent || !m_probes.any() || !sending()) return;
  if (lost) return choke(m_lost_left);
  const Micros away = m_probes.away(m_now);
  const Micros usual = m_probes.base().value_or(Micros{0}) + m_lag + own_queue();
  if (away <= usual + std::max(kStrong, m_probes.threshold(m_control.rate()))) return;
  if (m_own_chance * own_fault() > kOwnChance) return;
  // In a fade the queue is measured when the probe is back; only one that is lost says more.
  if (cause() == ShaperControl::Cause::fade) return;
  choke(m_now - away);
}

void UplinkEstimator::assess_quiet() {
  if (own_fault() > kOwnChance && m_now - m_told_at >= kGropeEvery) {
    m_told_at = m_now;
    m_control.grope();
    return;
  }
  const bool probes_clear = m_inflated == 0 && m_lost_since == 0;
  if (pressing() || m_control.in_episode() || !probes_clear) m_quiet_since.reset();
  if (pressing() || m_control.in_episode() || !probes_clear) return;
  if (!m_quiet_since) m_quiet_since = m_now;
  if (m_control.drift(m_now, m_now - *m_quiet_since) || m_now - *m_quiet_since >= kCalm) {
    follow_control();
  }
}

void UplinkEstimator::probe_lost(Instant sent) {
  ++m_lost_since;
  m_inflated = 0;
  if (m_tx.empty()) return;
  m_own_chance *= own_fault();
  if (m_own_chance > kOwnChance) return;
  m_own_chance = 1;
  m_told_at = m_now;
  if (sending()) {
    m_lost_left = sent;
    m_loss_told = true;  // judged at the next counters: they are the clock
  } else if (m_probes.lost_in_a_row() >= kLostEnough) {
    m_control.blackout(m_now, ShaperControl::Cause::link);
    m_low = 0;
    m_observed_at = m_now;
  }
}

void UplinkEstimator::disturbed() {
  if (!disturbed_since()) m_disturbed_since = m_now;
  if (!m_queued_since) m_queued_since = m_now;
  m_disturbed_at = m_now;
}

void UplinkEstimator::choke(Instant left) {
  disturbed();
  if (waits_out()) return;
  if (m_choked_at && m_now - *m_choked_at < kChokeEvery) return;
  const bool fade = cause() == ShaperControl::Cause::fade;
  // What left before the last cut had drained the modem says nothing about that cut.
  if (fade && m_choked_at && m_control.in_episode() && left < m_forced_at + kDrained) return;
  m_choked_at = m_now;
  m_high = std::min(m_high, std::max(m_control.rate(), m_floor));
  m_control.choked(cause(), m_asked * kLeastOfAsked);
  m_low = std::min(m_low, m_control.rate());
  m_observed_at = m_now;
}

void UplinkEstimator::probe_back(Instant sent, Micros rtt) {
  const Micros own = own_queue();
  Echo echo{sent, sent + own, sent + rtt, Micros{0}, false};
  echo.queued = std::max(m_probes.inflation(rtt) - own, Micros{0});
  // Our own queue is known to half of itself at best: it moved since it was read.
  echo.inflated = echo.queued > m_probes.threshold(m_control.rate()) + own / 2;
  const Micros lag = std::max(m_now - echo.back, Micros{0});
  m_lag = std::max(lag, m_lag - m_lag / 8);  // remembers the last dozen or so
  if (m_up && m_radio.in_service()) {
    if (m_probes.lost_in_a_row() == 0 && m_low == 0) m_control.service_back(m_now, used());
    if (echo.inflated) {
      ++m_inflated;
      disturbed();
      echo_inflated(echo);
    } else {
      m_inflated = 0;
      m_stuck = 0;
      echo_clear(echo, rtt);
    }
  }
  m_echo = echo;
  m_lost_since = 0;
  m_own_chance = 1;
  m_told_at = m_now;
}

void UplinkEstimator::echo_clear(const Echo& echo, Micros rtt) {
  m_queued_since.reset();
  const auto carried = carried_until(echo);
  const double sent_rate = m_tx.rate();
  if (m_control.in_episode()) {
    m_control.clear(m_now, carried, m_lost_since, used());
    follow_control();
    m_observed_at = echo.sent;
    return;
  }
  if (m_low <= 0) follow_control();
  if (carried && m_lost_since == 0 && *carried > m_low) {
    m_low = std::min(*carried, m_ceiling);
    m_high = std::max(m_high, m_low * (1 + kExactSpread));
  }
  if (loaded()) m_observed_at = std::max(m_observed_at, echo.sent);
  const bool settled = m_in_force && echo.sent >= m_forced_at + kSettle &&
                       std::abs(*m_in_force - m_control.rate()) <= 0.1 * m_control.rate();
  if (settled && pressing()) {
    m_control.press(m_now, m_tx.period_start() > m_forced_at);
    m_high = std::min(std::max(m_high, m_control.rate()), m_ceiling);
  }
  if (own_queue().count == 0 && sent_rate < kLoaded * m_control.rate()) m_probes.note_quiet(rtt);
}

void UplinkEstimator::echo_inflated(const Echo& echo) {
  const auto carried = carried_until(echo);
  const bool standing = m_echo && m_echo->inflated && m_lost_since == 0;
  const double sent_rate = m_tx.rate();
  if (sent_rate < kIdle * m_control.rate()) m_probes.note_quiet(*m_probes.last());
  if (standing && base_moved(echo, sent_rate)) return;
  const Micros strong = std::max(kStrong, m_probes.threshold(m_control.rate()) * kStrongTimes);
  if (!standing && echo.queued < strong && !m_control.probing(m_now)) return;
  // With little under way the link can only be overrun if the queue grows: else it is the path.
  const bool grows = standing && echo.queued - m_echo->queued > kStrong / 2;
  if (!loaded() && !m_control.in_episode() && !grows) return;
  if (!carried || waits_out()) return;
  const bool fade = cause() == ShaperControl::Cause::fade;
  if (fade && !standing && !m_control.in_episode()) return;
  const double spread = in_seconds(echo.back - m_echo->back);
  const bool sharp = spread >= kLeastSpread * in_seconds(echo.sent - m_echo->sent);
  const bool exact = standing && sharp;
  if (standing && !sharp) return;  // drains as it should
  // What was sent since the last echo left at the rates of then: a cut since says nothing about it.
  const double sent_at = std::max(m_control.rate(), m_control.episode_rate().value_or(0));
  const double capacity = std::min(*carried, exact ? m_ceiling : sent_at);
  // What our own step up did is measured as well as by two echoes: the link itself did not change.
  const bool known = exact || (m_control.probing(m_now) && echo.queued < strong);
  m_control.congested(m_now, capacity, echo.queued, exact, cause());
  learn(capacity, known, echo.sent);
}

bool UplinkEstimator::base_moved(const Echo& echo, double sent_rate) {
  const Micros change = echo.queued - m_echo->queued;
  const Micros flat = std::max(kFlat, m_probes.jitter() / 2);
  const double reference =
      m_control.measured().value_or(m_control.episode_rate().value_or(m_control.rate()));
  const bool answers = change > flat || change < Micros{0} - flat;
  // A modem that pushes back keeps its small queue full whatever we send.
  const bool pushed = m_pushback_at && m_now - *m_pushback_at < kPushMemory;
  if (answers || pushed || sent_rate >= kWellBelow * reference) {
    m_stuck = 0;
    return false;
  }
  if (++m_stuck >= kStuckEnough) {
    m_stuck = 0;
    m_inflated = 0;
    m_probes.adopt_recent_base();
    m_control.false_alarm();
    follow_control();
  }
  return true;
}

void UplinkEstimator::learn(double capacity, bool exact, Instant at) {
  const double carried = std::clamp(capacity, 0.0, m_ceiling);
  if (exact) {
    m_low = carried * (1 - kExactSpread);
    m_high = carried * (1 + kExactSpread);
  } else {
    m_high = std::min(m_high, carried * (1 + kExactSpread));
    m_low = std::min(m_low, carried * kUnsureLow);
  }
  m_observed_at = std::max(m_observed_at, at);
}

// What the controller now dares is what we believe: the interval is moved to hold it.
void UplinkEstimator::follow_control() {
  m_low = std::min(m_control.rate() / ShaperControl::kShare, m_ceiling);
  m_high = std::max(m_high, m_low * (1 + kExactSpread));
}

// A queue seen at one moment may be a camera's frame; with half of the rate used it is demand.
bool UplinkEstimator::pressing() const {
  if (!m_in_force || !m_tx.has_rate()) return false;
  const Instant recent = m_tx.period_start();
  if (m_tx.rate() >= kPressing * *m_in_force) return true;
  return m_tx.rate() >= kLoaded * *m_in_force &&
         (m_classes.standing(recent) >= kStanding || m_classes.dropped(recent));
}

void UplinkEstimator::weigh_demand() {
  const double weight = std::min(1.0, in_seconds(m_tx.period()) / in_seconds(kUsual));
  m_pressed_share += weight * ((pressing() ? 1.0 : 0.0) - m_pressed_share);
  m_control.note_use(m_now, used());
  if (pressing() || m_control.in_episode()) return;
  m_asked += m_asked > 0 ? kAskedWeight * (m_tx.rate() - m_asked) : m_tx.rate();
}

// While a site asks for more than the link carries, the shaper decides how long the modem's queue
// is. One that mostly asks for less meets a queue when the link fades: then it is there whatever
// the shaper does, until the fade is over.
ShaperControl::Cause UplinkEstimator::cause() const {
  if (m_pressed_share < kMostly) return ShaperControl::Cause::fade;
  return pressing() ? ShaperControl::Cause::shaper : ShaperControl::Cause::link;
}

// A cut is in force two seconds after the fade began (a probe a second, its way, the report, the
// write), and what it withholds meanwhile is late when the fade is over: most are by then.
bool UplinkEstimator::waits_out() const {
  return cause() == ShaperControl::Cause::fade && !m_control.in_episode() && used() &&
         m_queued_since && m_now - *m_queued_since < m_wait_out;
}

bool UplinkEstimator::used() const {
  return m_tx.rate() >= m_asked * kUsed;
}

bool UplinkEstimator::loaded() const {
  return m_tx.has_rate() && (m_tx.rate() >= kLoaded * m_control.rate() || pressing());
}

bool UplinkEstimator::sending() const {
  return m_tx.has_rate() && m_tx.rate() >= kSending * m_control.rate();
}

Micros UplinkEstimator::own_queue() const {
  if (!m_in_force || !m_tx.has_rate()) return Micros{0};
  // What stood when the shaper changed left, or still waits, at the slower of the two rates.
  const bool changed = m_forced_at >= m_tx.period_start();
  const double bps = changed ? std::min(*m_in_force, m_in_force_before) : *m_in_force;
  return m_classes.probe_wait(m_tx.period_start(), bps);
}

double UplinkEstimator::own_fault() const {
  if (m_tx.empty()) return 0;
  // Half a pace of waiting before the shaper leaves no room for the way and the timeout.
  if (m_probes.pace().count > 0 && own_queue() > m_probes.pace() / 2) return 1;
  return m_classes.probe_drop_share(m_tx.period_start());
}

std::optional<double> UplinkEstimator::carried_until(const Echo& echo) const {
  if (!m_echo || echo.back <= m_echo->back) return std::nullopt;
  const auto bits = m_tx.bits_between(m_echo->entered, echo.entered);
  if (!bits) return std::nullopt;
  return *bits / in_seconds(echo.back - m_echo->back);
}

}  // namespace wanwise::core
