// Goals of a part, one after the other. How parts are made is in relaxation_branch.cpp.
#include "engine/core/decide/search/relaxation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace wanwise::core {
namespace {

/// Price steps of a whole problem, and of a goal that a part is the first to reach.
constexpr std::size_t kFirstSteps = 400;
/// Looks at all variants that a goal takes besides the price steps.
constexpr std::uint64_t kLooksPerGoal = 4;
/// Units of work to find what a variant bears: some twenty latencies.
constexpr std::uint64_t kUnitsPerVariant = 6;

}  // namespace

Cost Relaxation::bound(SearchSpace& space, SearchSpace::State& root, const Cost& incumbent,
                       const Work& work) {
  m_space = &space;
  m_incumbent = incumbent;
  m_work = &work;
  m_spent = false;
  m_lowest = incumbent;
  m_parts.clear();
  m_made = 0;
  m_waiting = 0;
  m_problem.prepare(space, root);
  (void)spend(m_problem.variants().size() * kUnitsPerVariant);
  Part whole;
  whole.removed.assign(m_problem.variants().size(), 0);
  whole.prices.assign(m_problem.resources(), 0);
  whole.stations.assign(m_problem.targets(), {});
  follow(std::move(whole), kFirstSteps);
  branch();
  for (const Part& part : m_parts) m_lowest = std::min(m_lowest, part.bound);
  return std::min(m_lowest, m_incumbent);
}

bool Relaxation::spend(std::uint64_t units) {
  m_spent = m_spent || !m_work->spend(units);
  return !m_spent;
}

Relaxation::Outcome Relaxation::settle(Part& part, std::size_t steps) {
  for (; part.goal < kGoals; ++part.goal) {
    if (part.bound >= m_incumbent) return Outcome::excluded;
    const auto goal = static_cast<Goal>(part.goal);
    const Outcome outcome = settle_goal(part, goal, steps);
    if (outcome == Outcome::excluded) return outcome;
    if (outcome == Outcome::below) {
      part.split = choose_split(part);
      propose(part);
      if (part.split.by == By::nothing) conclude(part);
      return part.bound < m_incumbent ? outcome : Outcome::excluded;
    }
    part.bound[goal] = m_incumbent[goal];
    if (goal == Goal::switches) {
      // What only breaks ties can wait until nothing better is left.
      part.pending = true;
      ++part.goal;
      return Outcome::below;
    }
    std::fill(part.prices.begin(), part.prices.end(), 0.0);
    steps = kFirstSteps;
  }
  return Outcome::reached;
}

/// Variants that alone lift a goal beyond `most`, everybody else being at the least. False: even at
/// the least it is beyond.
bool Relaxation::drop_beyond(Part& part, Goal goal, std::int64_t most) {
  const auto& variants = m_problem.variants();
  m_least.assign(m_problem.workloads(), INT64_MAX);
  for (std::size_t v = 0; v < variants.size(); ++v) {
    if (part.removed[v]) continue;
    std::int64_t& mine = m_least[variants[v].workload];
    mine = std::min(mine, m_problem.share(variants[v], goal));
  }
  std::int64_t sum = 0;
  for (const std::int64_t mine : m_least) {
    if (mine == INT64_MAX) return false;  // nothing left for this one
    sum += mine;
  }
  if (sum > most) return false;
  for (std::size_t v = 0; v < variants.size(); ++v) {
    if (part.removed[v]) continue;
    part.removed[v] =
        m_problem.share(variants[v], goal) - m_least[variants[v].workload] > most - sum;
  }
  return true;
}

Relaxation::Outcome Relaxation::settle_goal(Part& part, Goal goal, std::size_t steps) {
  const std::int64_t extra = goal == Goal::money ? part.opened : 0;
  Pricing::Question question;
  question.goal = goal;
  question.most = m_incumbent;
  question.most[Goal::money] -= part.opened;
  question.target = m_incumbent[goal] - extra;
  if (!drop_beyond(part, goal, question.target)) return Outcome::excluded;
  question.grain = grain(part, goal);
  m_pricing.begin(m_problem, m_space->situation(), part.removed, part.stations, question);
  if (!spend(kLooksPerGoal * m_pricing.units())) return Outcome::below;
  const auto& costs = m_pricing.costs();
  const auto [low, high] = std::minmax_element(costs.begin(), costs.end());
  if (goal != Goal::over_quota && question.target == 0 && *low == *high) return Outcome::reached;
  const double value = m_pricing.raise(part.prices, steps, m_work->spend, m_spent);
  const double sure = std::ceil(std::max(0.0, value));
  // Unbounded prices say that nothing is left; as an integer that would overflow.
  if (sure > static_cast<double>(question.target)) return Outcome::excluded;
  const auto least = static_cast<std::int64_t>(sure);
  const std::int64_t bound = (least + question.grain - 1) / question.grain * question.grain;
  if (bound > question.target) return Outcome::excluded;
  m_pricing.drop_dear(part.prices, [&part](std::size_t v) { part.removed[v] = 1; });
  part.bound[goal] = std::max(part.bound[goal], bound + extra);
  return bound == question.target ? Outcome::reached : Outcome::below;
}

/// Bounds are multiples of what all variants are multiples of, where they state their costs
/// exactly.
std::int64_t Relaxation::grain(const Part& part, Goal goal) const {
  if (goal == Goal::latency || goal == Goal::over_quota) return 1;
  std::int64_t divisor = 0;
  for (std::size_t v = 0; v < m_problem.variants().size(); ++v) {
    if (part.removed[v]) continue;
    const RelaxedProblem::Variant& variant = m_problem.variants()[v];
    const std::int64_t mine = m_problem.share(variant, goal);
    if (variant.fate == RelaxedProblem::Fate::late && mine > 0) return 1;
    divisor = std::gcd(divisor, mine);
  }
  return std::max<std::int64_t>(1, divisor);
}

/// One assignment is left: its bound is what it costs.
void Relaxation::conclude(Part& part) {
  const auto opens = static_cast<Goal>(part.goal) == Goal::money && !part.opening_known;
  if (m_spent || opens || !spend(m_pricing.units())) return;
  const Cost cost = m_work->cost(m_pricing.cheapest(part.prices));
  part.bound = std::max(part.bound, cost);
}

/// What everybody takes at these prices, or took most of the time, may be a start for a better
/// incumbent.
void Relaxation::propose(const Part& part) {
  if (m_spent) return;
  m_incumbent = std::min(m_incumbent, m_work->propose(m_pricing.most_often()));
  m_incumbent = std::min(m_incumbent, m_work->propose(m_pricing.cheapest(part.prices)));
  m_lowest = std::min(m_lowest, m_incumbent);
}

}  // namespace wanwise::core
