// The joint choice as prices see it (relaxation.hpp): for each workload its variants, an option and
// what becomes of the objective there, with what each uses of which shared resource. All uses are
// in parts of the resource. What nobody can price by itself, how much a target may be loaded if
// objectives are to hold there, depends on who holds: that is the measure of a target, below.
// Memory is kept from one prepare() to the next. One owner.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/decide/search/search_space.hpp"

namespace wanwise::core {

class RelaxedProblem {
 public:
  /// A workload on an item holds its objective, or is late, or as good as never answered.
  enum class Fate : std::uint8_t { held, late, lost };
  struct Variant {
    std::int32_t item = kNone;
    std::size_t workload = 0;
    Index target = kNone;  ///< of the first leg
    Fate fate = Fate::held;
    std::int64_t unmet = 0;
    std::int64_t latency = 0;
    std::size_t first_use = 0;
    std::size_t last_use = 0;
  };
  struct Use {
    std::size_t resource = 0;
    double amount = 0;
  };
  /// Up to a measure, what holds on a target has: by_work * work + by_second * second <= 1.
  struct Room {
    double by_work = 0;
    double by_second = 0;
  };
  /// A measure that breaks nothing.
  static constexpr double kEndless = 1e18;
  /// How skewed the jobs on a target are, third moment per second one, in levels from the least
  /// skewed job that could be there, which no mixture falls below.
  static constexpr std::size_t kLevels = 9;

  /// `root`: of whose open choices the variants are; its items are brought up to date.
  void prepare(SearchSpace& space, SearchSpace::State& root);

  [[nodiscard]] const std::vector<Variant>& variants() const { return m_variants; }
  [[nodiscard]] const std::vector<Use>& uses() const { return m_uses; }
  [[nodiscard]] std::size_t targets() const { return m_targets; }
  [[nodiscard]] std::size_t links() const { return m_links; }
  [[nodiscard]] std::size_t workloads() const { return m_workloads; }
  /// What the variant adds to a goal, without the prices of targets and what exceeds quotas.
  [[nodiscard]] std::int64_t share(const Variant& variant, Goal goal) const;
  /// By variant: the most of the target's measure at which it can hold its objective there, if the
  /// jobs there are no less skewed than the level; kElsewhere for one that does not hold there.
  const std::vector<double>& borne(std::size_t target, std::size_t level);
  static constexpr double kElsewhere = -1;
  /// Third moment per second one.
  [[nodiscard]] double skew(std::size_t target, std::size_t level) const;
  [[nodiscard]] Room room(std::size_t target, double measure) const;
  /// The target's measure under this load of what holds there.
  [[nodiscard]] double measure(std::size_t target, double work, double second) const;

  // Resources by number. Of work and second moments nothing limits the sum but a room.
  [[nodiscard]] std::size_t work(std::size_t target) const { return target; }
  [[nodiscard]] std::size_t second(std::size_t target) const { return m_targets + target; }
  [[nodiscard]] std::size_t tight(std::size_t target) const { return 2 * m_targets + target; }
  /// Second and third moments of all that is there, held or not; what limits them is that their
  /// ratio stays within two levels.
  [[nodiscard]] std::size_t all_second(std::size_t target) const { return 3 * m_targets + target; }
  [[nodiscard]] std::size_t all_third(std::size_t target) const { return 4 * m_targets + target; }
  [[nodiscard]] std::size_t skewed(std::size_t target) const { return 5 * m_targets + target; }
  [[nodiscard]] std::size_t even(std::size_t target) const { return 6 * m_targets + target; }
  [[nodiscard]] std::size_t power(std::size_t target) const { return 7 * m_targets + target; }
  [[nodiscard]] std::size_t memory(std::size_t target) const { return power(m_targets) + target; }
  [[nodiscard]] std::size_t up(std::size_t link) const { return memory(m_targets) + link; }
  [[nodiscard]] std::size_t down(std::size_t link) const { return up(m_links) + link; }
  [[nodiscard]] std::size_t quota(std::size_t link) const { return down(m_links) + link; }
  [[nodiscard]] std::size_t police(std::size_t link, std::size_t slot) const {
    return quota(m_links) + link * m_slots + slot;
  }
  [[nodiscard]] std::size_t earlier(std::size_t goal) const { return police(m_links, 0) + goal; }
  [[nodiscard]] std::size_t resources() const { return earlier(kGoals); }

 private:
  /// Of everything that could run on a target: least second moment per work, least and largest
  /// third per second, and the largest second moment.
  struct Extremes {
    double second = 1e300;
    double least_skew = 1e300;
    double largest_skew = 0;
    double largest_second = 0;
  };

  void find_extremes();
  void add_variants(std::size_t workload);
  void add_variant(std::int32_t item, Fate fate, std::int64_t unmet, std::int64_t latency);
  void add_leg(Variant& variant, const Demand& demand);
  void add_link_uses(const Demand& demand, bool answered);
  void use(std::size_t resource, double amount, double capacity);
  [[nodiscard]] double most_borne(const Demand& demand, std::size_t workload, double skew);
  [[nodiscard]] Micros latency_beside(const Demand& demand, std::size_t workload, double skew,
                                      double work, double& wait);

  SearchSpace* m_space = nullptr;
  SearchSpace::State* m_root = nullptr;
  std::size_t m_targets = 0;
  std::size_t m_links = 0;
  std::size_t m_slots = 0;
  std::size_t m_workloads = 0;
  std::vector<Variant> m_variants;
  std::vector<Use> m_uses;
  std::vector<Extremes> m_extremes;          ///< by target
  std::vector<std::vector<double>> m_borne;  ///< by target, then level; empty: not asked yet
  std::vector<Flow> m_flows;                 ///< scratch
};

}  // namespace wanwise::core
