// A World seen as a cluster and its targets: carries out placements and says what changed, what
// requests lived through and how the targets fare. The one logic behind both implementations of the
// ports: world_ports (in the same process) and site_door (over TCP). All instants are the world's.
// Owns no world: who calls brings it. One owner; not thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/action.hpp"
#include "engine/core/model.hpp"
#include "sim/world/world.hpp"

namespace wanwise::sim {

/// How often a watched world is looked at while a placement is under way, and for changes. A start
/// takes hundreds of milliseconds (WorldTuning); a fiftieth of a second is seen as "at once".
inline constexpr core::Micros kWatchStep = core::milliseconds(20);

/// Placements under way; one for each workload, so a site's policy is the real bound.
inline constexpr std::size_t kMaxPlacements = 256;

class SiteWatch {
 public:
  /// `period`: of workload and target samples.
  SiteWatch(const core::Model& model, core::Micros period);

  /// Starts the placement. Its answer, an ActionDone with this id, is given by a later poll(), at
  /// the deadline at the latest.
  void submit(World& world, core::ActionId id, const core::PlaceWorkload& action,
              core::Instant deadline);

  /// What is news since the last call: placements that changed, answers, and once in a period the
  /// samples of all workloads and targets.
  [[nodiscard]] std::vector<core::EventBody> poll(World& world);
  /// Where every workload runs now, and how every target is: what a newcomer has to know.
  [[nodiscard]] std::vector<core::EventBody> placements(const World& world) const;
  [[nodiscard]] std::vector<core::EventBody> targets(const World& world) const;
  /// poll() should be called at this moment of the world, or before.
  [[nodiscard]] core::Instant next_due(const World& world) const;

 private:
  struct UnderWay {
    core::ActionId id = 0;
    core::PlaceWorkload wanted;
    core::Instant deadline;
    core::PlacementObserved before;  ///< to go back to
  };

  [[nodiscard]] std::optional<core::ActionDone> objection(const World& world, core::ActionId id,
                                                          const core::PlaceWorkload& action) const;
  [[nodiscard]] std::optional<core::ActionDone> objection(const World& world, core::ActionId id,
                                                          const core::TargetName& target,
                                                          const core::ModelName& model) const;
  [[nodiscard]] const core::DeviceProfile* profile_of(const core::TargetName& target) const;
  [[nodiscard]] std::optional<core::ActionDone> judge(World& world, const UnderWay& move) const;
  void answer_moves(World& world, std::vector<core::EventBody>& out);
  void note_changes(const World& world, std::vector<core::EventBody>& out);
  void take_samples(World& world, std::vector<core::EventBody>& out);

  const core::Model m_model;
  const core::Micros m_period;
  std::vector<UnderWay> m_moves;
  std::vector<core::EventBody> m_answers;        ///< given from within submit(), for poll()
  std::vector<core::PlacementObserved> m_known;  ///< by position of the workload; as last told
  std::optional<core::Instant> m_next_sample;    ///< absent: not polled yet
};

}  // namespace wanwise::sim
