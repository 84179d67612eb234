// Stands between an engine and the simulated site: the engine decides, the witness knows what
// truly happened to requests, targets and links, and writes down whether the engine fell back in
// time, returned too early, or left somebody on a dead target. One owner; one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/engine.hpp"
#include "sim/baselines/controller.hpp"
#include "sim/world/traffic/request_observer.hpp"
#include "tests/acceptance/stability/move_ledger.hpp"

namespace wanwise::acceptance {

/// Spells in which every request that ended missed its objective, long enough to be told, by what
/// became of them.
struct SpellCounts {
  int answered = 0;      ///< moved within the bound
  int over = 0;          ///< a request came back in time before the bound
  int limited = 0;       ///< min-dwell or max-moves-per-hour held the answer
  int nowhere = 0;       ///< no option was better
  int late = 0;          ///< fall-back-after held the answer although its bound had passed
  core::Micros slowest;  ///< of the answered: from the bound's beginning to the action
};

class Witness final : public sim::RequestObserver, public sim::Controller {
 public:
  struct Pace {
    core::Micros telemetry;  ///< of the router
    core::Micros delay;
    core::Micros cluster;
  };
  Witness(const core::Model& model, Pace pace);

  void on_end(const sim::RequestEnd& request) override;
  std::vector<core::Action> on_event(const core::Event& event) override;
  [[nodiscard]] std::optional<core::Instant> next_wakeup() const override {
    return m_engine.next_wakeup();
  }

  // What the story does.
  void target_dies(const core::TargetName& target, core::Instant at);
  void link_goes(const core::LinkName& link, core::Instant at);
  void target_is_back(core::Instant at) { m_back = at; }

  [[nodiscard]] const MoveLedger& ledger() const { return m_ledger; }
  [[nodiscard]] const SpellCounts& spells() const { return m_spells; }
  [[nodiscard]] std::optional<core::Micros> slowest_escape() const { return m_slowest_escape; }
  /// One line for each broken promise; a bounded number of them.
  [[nodiscard]] const std::vector<std::string>& faults() const { return m_faults; }

 private:
  struct Workload {
    core::Place place;
    std::optional<core::ActionId> moving;
    core::Instant settled;                ///< nothing measured before then counts
    std::int64_t misses_to_tell = 0;      ///< in a row
    std::int64_t missed = 0;              ///< in a row, since it settled
    core::Instant first_miss, told;       ///< ended; `told` once there are enough
    std::optional<core::Instant> due;     ///< the answer to this spell
    std::optional<core::Instant> escape;  ///< the answer to what it stands on being gone
    core::Instant gone;
    std::optional<core::Instant> moved;  ///< the last action
    bool was_broken = false;             ///< predicted to break its objective where it is
  };

  void remember_predictions();
  void submitted(core::Instant at, const core::Action& action, const core::PlaceWorkload& move);
  void finished(core::Instant at, const core::ActionDone& done);
  void check_return(core::Instant at, const Workload& workload, const core::PlaceWorkload& move,
                    const core::Explanation& why);
  void check_due(core::Instant now);
  void judge_spell(Workload& workload, std::size_t index);
  void fault(const std::string& line);
  [[nodiscard]] bool is_at(std::uint32_t target, const core::Place& place) const;
  [[nodiscard]] std::size_t index_of(const core::WorkloadName& name) const;
  [[nodiscard]] const core::Workload& policy(std::size_t index) const {
    return m_engine.model().policy.workloads[index];
  }

  core::Engine m_engine;
  Pace m_pace;
  std::vector<Workload> m_workloads;
  std::optional<core::Instant> m_back;  ///< a target that was dead
  MoveLedger m_ledger;
  SpellCounts m_spells;
  std::optional<core::Micros> m_slowest_escape;
  std::vector<std::string> m_faults;
};

}  // namespace wanwise::acceptance
