// From names and states to the plain numbers of a Situation: which options each workload has now,
// and why the others are not among them. Pure but for the topology's path cache; one owner.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/core/counters.hpp"
#include "engine/core/decide/path/topology.hpp"
#include "engine/core/decide/situation.hpp"
#include "engine/core/explain.hpp"
#include "engine/core/model.hpp"
#include "engine/core/observe/views.hpp"

namespace wanwise::core {

/// A split is between two of the first so many targets of a workload's order of preference: six
/// pairs, and a site's own node, its neighbour, and two clouds are among them.
inline constexpr Index kSplitTargets = 4;
/// Shares considered for a pair: a quarter, a half and three quarters of the replicas, rounded, and
/// the share in force. Finer ones would cost options in every decision and move nothing that the
/// error of a prediction (some 10 %) does not swallow.
inline constexpr std::size_t kSharesPerPair = 4;

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
    closed,
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
  struct Doubt {
    bool stays = false;  ///< it runs there, and what is doubtful is no reason to leave
    bool thin = false;   ///< the way does not carry the demand
  };
  [[nodiscard]] Bar bar(const Views& views, Index workload, const Option& option,
                        Doubt doubt) const;
  [[nodiscard]] Finding describe(Bar bar, const Views& views, Index workload,
                                 const Option& option) const;
  /// The link that the workload's requests to the target take now; kNone: they stay on the LAN.
  [[nodiscard]] Index in_force(const Views& views, Index workload, Index target) const;
  [[nodiscard]] bool runs_by(const Views& views, Index workload, const Option& option) const;
  [[nodiscard]] bool steered(Index workload) const;
  /// Splits over two targets that are both admitted; where one is not, its own rejection says why.
  template <class Visit>
  void for_each_split(const Views& views, Index workload, std::int32_t rung, Visit visit);
  /// One target of a split.
  struct Part {
    Option option;
    std::int32_t rank = 0;
    bool only_kept = false;  ///< admitted because a part runs there: not for another share
  };
  [[nodiscard]] std::optional<Part> part(const Views& views, Index workload, Index rank,
                                         std::int32_t rung);
  [[nodiscard]] WorkloadInput make_input(const Views& views, Index workload);
  [[nodiscard]] std::vector<Rejection> unreachable(const Views& views, Index workload);
  [[nodiscard]] const ServiceTime* service_time(Index target, const ModelName& model) const;

  const Model& m_model;
  Topology& m_topology;
  LinkChoice m_choice;
};

}  // namespace wanwise::core
