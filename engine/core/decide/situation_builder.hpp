// From names and states to the plain numbers of a Situation: which options each workload has now,
// and why the others are not among them. Pure but for the topology's path cache; one owner.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/decide/situation.hpp"
#include "engine/core/decide/topology.hpp"
#include "engine/core/explain.hpp"
#include "engine/core/model.hpp"
#include "engine/core/observe/views.hpp"

namespace wanwise::core {

/// An option that was not admitted, with the rule it breaks.
struct Rejection {
  Option option;
  Verdict verdict = Verdict::rejected;
  Finding finding;
};

class SituationBuilder {
 public:
  /// Both must outlive this. `choice`: which ways whoever asks can bring about.
  SituationBuilder(const Model& model, Topology& topology,
                   LinkChoice choice = LinkChoice::preferred);

  /// A workload for which nothing is allowed now has no option: it stays as it is.
  [[nodiscard]] Situation build(const Views& views, Counters& counters);
  /// The options of one workload that build() leaves out.
  [[nodiscard]] std::vector<Rejection> rejections(const Views& views, Index workload);

 private:
  /// Why an option is not admitted.
  enum class Bar : std::uint8_t {
    none,
    residency,
    no_profile,
    target_dead,
    target_unknown,
    failed_before,
    link_blind,
    link_thin,
  };

  /// Tells the topology what became of links and targets.
  void follow(const Views& views);
  template <class Visit>
  void for_each_option(const Views& views, Index workload, Visit visit);
  template <class Visit>
  void for_each_path(const Views& views, Index workload, Index target, MilliHz rate, Visit visit);
  [[nodiscard]] MilliHz rate_on(const Views& views, Index workload, std::int32_t rung) const;
  [[nodiscard]] Option make_option(const Views& views, Index workload, Index target,
                                   const Path& path, std::int32_t rung) const;
  [[nodiscard]] Bar bar(const Views& views, Index workload, const Option& option, bool thin) const;
  [[nodiscard]] Finding describe(Bar bar, Index workload, const Option& option) const;
  /// The link that the workload's requests to the target take now; kNone: they stay on the LAN.
  [[nodiscard]] Index in_force(const Views& views, Index workload, Index target) const;
  [[nodiscard]] bool runs_by(const Views& views, Index workload, const Option& option) const;
  [[nodiscard]] bool steered(Index workload) const;
  [[nodiscard]] WorkloadInput make_input(const Views& views, Index workload);
  [[nodiscard]] std::vector<Rejection> unreachable(const Views& views, Index workload);
  [[nodiscard]] const ServiceTime* service_time(Index target, const ModelName& model) const;

  const Model& m_model;
  Topology& m_topology;
  LinkChoice m_choice;
};

}  // namespace wanwise::core
