// What the uplink of one WAN link carries: an interval with an age, from throughput under load,
// round-trip inflation over its baseline, queue drops, and the radio as a prior; and the shaper
// rate that follows it from below. Deterministic; one owner.
//
// The measurement: the modem is a FIFO, so the bits sent between two probes leave it between the
// two probes' arrivals. capacity >= bits / (distance of the probes + growth of the round trip), and
// exactly that while the queue stands at both. A modem that pushes back instead (USB flow control)
// shows in the counters: class queues stand while less than the shaper's rate is sent.
//
// Times: `ProbeSample::observed_at` is taken as the moment the probe left (IP SLA:
// latest-oper-start-time). Stamping the poll instead costs accuracy, not safety.
#pragma once

#include <optional>
#include <set>

#include "engine/core/event.hpp"
#include "engine/core/model.hpp"
#include "engine/core/uplink/class_backlog.hpp"
#include "engine/core/uplink/probe_history.hpp"
#include "engine/core/uplink/radio_prior.hpp"
#include "engine/core/uplink/shaper_control.hpp"
#include "engine/core/uplink/sustained_rate.hpp"
#include "engine/core/uplink/tx_meter.hpp"

namespace wanwise::core {

struct UplinkInterval {
  Bps low;   ///< carried for sure
  Bps high;  ///< not more than this
  Instant observed_at;
};

class UplinkEstimator {
 public:
  /// Fades shorter than `wait_out` are waited out where the site asks for less than the link
  /// usually carries.
  explicit UplinkEstimator(const Link& link, Micros wait_out = kLongestFade);

  void observe(const LinkCounters& sample);
  void observe(const ClassCounters& sample);
  void observe(const RadioSample& sample);
  void observe(const ProbeSample& sample);
  /// The router confirmed this shaper rate: throughput is judged against it from now on.
  void shaper_in_force(Bps rate);
  /// Classes whose policer drops what exceeds their cap.
  void policed(const std::set<ClassName>& classes) { m_classes.policed(classes); }

  [[nodiscard]] UplinkInterval interval() const;
  /// Rate the shaper should have now, with its dead band: small changes return the rate in force.
  [[nodiscard]] Bps shaper() const;
  [[nodiscard]] std::optional<Micros> rtt() const;       ///< last probe that came back
  [[nodiscard]] std::optional<Micros> rtt_base() const;  ///< smallest of the recent past
  /// Since when probes come back late or not at all, or the link is measured down; nothing while
  /// it has been calm for longer than a probe and a telemetry period.
  [[nodiscard]] std::optional<Instant> disturbed_since() const;
  [[nodiscard]] Micros jitter() const;  ///< round-trip variation while the queue is empty
  [[nodiscard]] Bps tx_rate() const;    ///< measured over the last two counter samples

 private:
  /// A probe that came back, and what it says about the modem.
  struct Echo {
    Instant sent;
    Instant entered;  ///< left our own queues and entered the modem
    Instant back;
    Micros queued;  ///< round trip less base and less our own queues
    bool inflated = false;
  };

  void link_state(bool up);
  void assess_silence();
  void assess_pushback();
  void assess_overdue();
  void assess_quiet();
  void probe_lost(Instant sent);
  void probe_back(Instant sent, Micros rtt);
  void echo_clear(const Echo& echo, Micros rtt);
  void echo_inflated(const Echo& echo);
  /// The queue answers to nothing we do: the base moved. True when that is being tried or decided.
  bool base_moved(const Echo& echo, double sent_rate);
  /// A probe that left then does not come back.
  void choke(Instant left);
  void weigh_demand();
  void disturbed();
  void learn(double capacity, bool exact, Instant at);
  void follow_control();

  [[nodiscard]] bool pressing() const;
  [[nodiscard]] bool used() const;
  [[nodiscard]] bool loaded() const;
  [[nodiscard]] ShaperControl::Cause cause() const;
  /// A fade that may be over before a shaper could help.
  [[nodiscard]] bool waits_out() const;
  [[nodiscard]] bool sending() const;  ///< enough for a lost probe to be a sign
  [[nodiscard]] Micros own_queue() const;
  /// Chance that our own queue lost or held up the probe that is not back.
  [[nodiscard]] double own_fault() const;
  /// Bits per second carried between the last echo and this one; nothing when unknown.
  [[nodiscard]] std::optional<double> carried_until(const Echo& echo) const;

  Micros m_wait_out;
  double m_floor;
  double m_ceiling;
  TxMeter m_tx;
  ClassBacklog m_classes;
  ProbeHistory m_probes;
  RadioPrior m_radio;
  ShaperControl m_control;

  double m_low;
  double m_high;
  Instant m_observed_at;
  Instant m_now;  ///< latest moment any sample spoke of

  std::optional<double> m_in_force;
  double m_in_force_before = 0;
  Instant m_forced_at;

  bool m_up = true;
  std::optional<Echo> m_echo;  ///< the last that came back
  bool m_loss_told = false;    ///< a probe was lost and our own queues did not do it
  Instant m_lost_left;         ///< when that probe left
  int m_lost_since = 0;        ///< probes lost since m_echo
  double m_own_chance = 1;     ///< that our own queue dropped all of them
  Instant m_told_at;           ///< last time a probe, or its loss, said something about the link
  int m_inflated = 0;          ///< echoes in a row
  int m_stuck = 0;             ///< echoes in a row whose queue did not answer
  Micros m_lag;                ///< usual delay from a probe's return to its report
  std::optional<Instant> m_choked_at;
  bool m_probe_silent = false;
  std::optional<Instant> m_pushback_at;
  std::optional<Instant> m_quiet_since;
  std::optional<Instant> m_disturbed_since;
  std::optional<Instant> m_queued_since;  ///< no probe came back without a queue
  Instant m_disturbed_at;                 ///< last sign
  double m_pressed_share;                 ///< of the last minute's time, fading
  double m_asked = 0;                     ///< what the site sends while nothing holds it back
};

}  // namespace wanwise::core
