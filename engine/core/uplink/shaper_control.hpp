// The rate of a tracking shaper: follows a measured capacity down at once and with room to drain
// the queue it found, climbs back by probing, and remembers the rate that hurt last. Told what was
// learnt, never measures. Value type; one owner.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/core/units.hpp"

namespace wanwise::core {

class ShaperControl {
 public:
  struct Limits {
    double expected = 0;
    double floor = 0;
    double ceiling = 0;
  };
  /// Rate over capacity while nothing is probed: see kShare at the definition.
  static const double kShare;
  /// The rate that a shaper has on a link that carries this.
  [[nodiscard]] static Bps below(Bps carried);

  explicit ShaperControl(Limits limits);

  /// Whose doing a queue in the modem is.
  enum class Cause : std::uint8_t {
    shaper,  ///< traffic used the shaper up
    link,    ///< it does not now
    fade,    ///< the site asks for less than the link usually carries: it will be over by itself
  };
  /// The link carries `capacity` and holds a queue of `delay`. `exact`: both ends of the
  /// measurement saw the queue, else capacity is an upper bound.
  void congested(Instant now, double capacity, Micros delay, bool exact, Cause cause);
  /// Loaded, and a probe does not come back: cut at once, the measure follows; in a fade not below
  /// `least`.
  void choked(Cause cause, double least);
  /// A probe came back without a queue: an episode ends. `delivered`: what the link carried since
  /// the last one that came back, bits per second; `lost`: probes lost in between; `used`: the site
  /// sends what it mostly does, so that the probe tells of the link and not of an idle one.
  void clear(Instant now, std::optional<double> delivered, int lost, bool used);
  /// Nothing to be had that could tell: a step up, not past where the episode began nor, outside of
  /// one, past what is promised.
  void grope();
  /// The queue does not answer to the rate, so it is none: back to where the episode began.
  void false_alarm();
  /// Traffic presses against the shaper in force and nothing queues behind it. `counted`: a whole
  /// counter period says so too.
  void press(Instant now, bool counted);
  /// Nothing to learn from since `quiet`: drifts towards the expected rate. True when it moved.
  bool drift(Instant now, Micros quiet);
  /// The radio got worse: expect `factor` of the rate. Better: what hurt before may not hurt now.
  void worse(Instant now, double factor);
  void better();
  /// No service, or it is back.
  void blackout(Instant now, Cause cause);
  /// `used`: the site still sends over it, so that it is known to carry that.
  void service_back(Instant now, bool used);
  /// Whether the site sends over it what it mostly does, at each counter period.
  void note_use(Instant now, bool used);

  [[nodiscard]] double rate() const { return m_rate; }
  /// The last step up is so fresh that a queue would be its doing.
  [[nodiscard]] bool probing(Instant now) const;
  /// Draining a queue or waiting for a probe: no measurement of a free link now.
  [[nodiscard]] bool in_episode() const { return m_episode_rate.has_value(); }
  [[nodiscard]] std::optional<double> episode_rate() const { return m_episode_rate; }
  /// This episode is a fade.
  [[nodiscard]] bool in_fade() const { return m_episode_rate && m_cause == Cause::fade; }
  /// What this episode measured, while it lasts.
  [[nodiscard]] std::optional<double> measured() const {
    return m_episode_rate && m_measured ? m_capacity : std::nullopt;
  }
  /// What the last episode measured, if it measured.
  [[nodiscard]] std::optional<double> capacity() const { return m_capacity; }

 private:
  void set(double rate);
  void begin_episode(Cause cause);
  [[nodiscard]] bool pressed() const { return m_cause == Cause::shaper; }
  void note_hurt(Instant now, double rate);
  [[nodiscard]] double step(double reference) const;

  Limits m_limits;
  double m_rate;
  std::optional<double> m_episode_rate;  ///< wanted when the episode began
  std::optional<double> m_capacity;
  bool m_measured = false;      ///< this episode
  bool m_exact = false;         ///< this episode, by two echoes
  bool m_noted = false;         ///< this episode's rate hurt
  Cause m_cause = Cause::link;  ///< as it seemed when this episode began
  std::optional<double> m_hurt;
  Instant m_hurt_at;
  int m_repeats = 0;   ///< times in a row that about the same rate hurt
  Instant m_moved_at;  ///< last step of press() or drift()
  std::optional<Instant> m_pressed_at;
  std::optional<Instant> m_undone_at;
  std::optional<double> m_before_blackout;
  bool m_untried = false;               ///< back after a blackout, but not used for long since
  std::optional<Instant> m_used_since;  ///< while it is untried
  bool m_relapsed = false;              ///< lost again as soon as it was used
  bool m_hopeful = false;               ///< the radio got better: drift without waiting
};

}  // namespace wanwise::core
