// Requests by an ArrivalLaw. Gaps are drawn in the source's own time; demand, the day's wave and a
// two-state process's state say how fast that passes, so the mean rate is right for every law and a
// change takes effect at once. Spells of motion, calm and burst last in the world's time: more
// demand makes them denser, not shorter. Streams: arrivals/NAME, sizes/NAME, and states/NAME for
// the spells. One owner; not thread-safe.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/world/traffic/arrival_gaps.hpp"
#include "sim/world/traffic/diurnal_wave.hpp"
#include "sim/world/traffic/source.hpp"

namespace wanwise::sim {

class LawSource final : public ArrivalSource {
 public:
  /// `settings.kind` is not looked at.
  LawSource(EventQueue& events, ArrivalSink& sink, std::size_t index, std::uint64_t seed,
            SourceSettings settings, const ArrivalLaw& law);

  void set_demand(Nanos now, core::Ppm of_declared) override;
  void on_event(Nanos now, std::uint64_t argument) override;

 private:
  [[nodiscard]] double speed() const;
  [[nodiscard]] bool moving(Nanos now);
  void catch_up(Nanos now);
  void arm(Nanos now);

  EventQueue& m_events;
  ArrivalSink& m_sink;
  std::size_t m_index;
  SourceSettings m_settings;
  Stream m_sizes;
  std::optional<ArrivalGaps> m_gaps;  ///< absent: the declared rate is 0
  std::optional<DiurnalWave> m_wave;
  std::optional<Spells> m_motion;  ///< the first state is motion
  std::optional<Spells> m_burst;   ///< the first state is the low one
  double m_low = 1, m_high = 1;    ///< speeds of the burst's states
  core::Ppm m_demand = core::kWhole;
  double m_left = 0;          ///< own time until the next request
  Nanos m_since = 0;          ///< when that was true
  std::uint64_t m_epoch = 0;  ///< requests foreseen in an earlier epoch are stale
};

}  // namespace wanwise::sim
