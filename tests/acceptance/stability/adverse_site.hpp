// A site whose every input swings as an adversary wants, around a whole engine: events in, moves
// out and carried out at once. What is sent over the link, what waits in it and what misses its
// objective follows from where the engine puts the workloads. One owner.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "engine/core/engine.hpp"
#include "tests/acceptance/stability/move_ledger.hpp"

namespace wanwise::acceptance {

enum class Swing : std::uint8_t {
  link_rate,       ///< to a twentieth
  round_trip,      ///< 300 ms more
  slowdown,        ///< the accelerator three times slower
  demand,          ///< four times as much
  misses,          ///< every request, wherever it runs
  misses_on_site,  ///< every request, while it runs on the node
  target,          ///< the node dies
  link,            ///< the link is down
  refused,         ///< every move
  everything,      ///< each by its own wave
};
inline constexpr Swing kSwings[] = {
    Swing::link_rate,      Swing::round_trip, Swing::slowdown, Swing::demand,  Swing::misses,
    Swing::misses_on_site, Swing::target,     Swing::link,     Swing::refused, Swing::everything};
[[nodiscard]] const char* name_of(Swing swing);

struct Wave {
  double period = 10;      ///< seconds
  double duty = 0.5;       ///< of the period that it is bad
  bool telegraph = false;  ///< random lengths with these means instead
  std::uint64_t seed = 1;  ///< of the phase and of the lengths
};

class AdverseSite {
 public:
  AdverseSite(core::Model model, Swing swing, const Wave& wave);

  void run_until(double seconds);
  /// From now on everything is as declared.
  void calm() { m_calm = true; }

  [[nodiscard]] double now() const { return static_cast<double>(m_now.micros) / 1e6; }
  [[nodiscard]] const MoveLedger& ledger() const { return m_ledger; }
  /// Where each workload runs.
  [[nodiscard]] std::map<std::string, core::Place> places() const;

 private:
  static constexpr int kWaves = 9;
  struct Square {
    double period, duty, phase;
    std::vector<double> flips;  ///< telegraph: ascending; begins good
    [[nodiscard]] bool bad(double at) const;
  };
  struct Placed {
    core::Place place;
    core::Instant since;
  };

  [[nodiscard]] bool bad(Swing swing) const;
  [[nodiscard]] core::Bps capacity() const;
  [[nodiscard]] core::Bps offered() const;
  [[nodiscard]] double busy() const;  ///< of the node, in servers
  [[nodiscard]] double demand() const { return bad(Swing::demand) ? 4 : 1; }
  [[nodiscard]] double rate_of(std::size_t workload) const;
  [[nodiscard]] bool misses(std::size_t workload) const;

  void second();
  void report_link();
  void report_node();
  void report_workloads();
  void apply(core::EventBody body);
  void carry_out(const core::Action& action);
  core::ActionDone place(const core::Action& action, const core::PlaceWorkload& move);

  core::Engine m_engine;
  const core::Model& m_model;
  Swing m_swing;
  std::vector<Square> m_squares;  ///< by Swing, but for `everything`
  bool m_calm = false;
  core::Instant m_now{1'000'000};
  std::vector<Placed> m_placed;
  std::vector<double> m_owed;  ///< parts of a request
  std::optional<core::RouterQos> m_on_router;
  MoveLedger m_ledger;
  std::uint64_t m_tx_bytes = 0;
  int m_dead_scrapes = 0;  ///< in a row
  int m_lost_probes = 0;   ///< in a row
  bool m_link_gone = false;
  bool m_greeted = false;
};

}  // namespace wanwise::acceptance
