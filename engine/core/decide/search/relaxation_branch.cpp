// Parts: how the problem is split and in which order they are looked at.
#include <algorithm>
#include <limits>

#include "engine/core/decide/search/relaxation.hpp"

namespace wanwise::core {
namespace {

using Fate = RelaxedProblem::Fate;

/// Price steps of a set of targets in use, and of a part, which starts from the prices of the one
/// it is of.
constexpr std::size_t kOpeningSteps = 400;
constexpr std::size_t kPartSteps = 60;
/// Parts kept; beyond, the dearest are not split further.
constexpr std::size_t kMostParts = 2'000;
/// Targets with a price of which all combinations are looked at.
constexpr std::size_t kMostPriced = 6;
/// Workloads, in parts of them, that must be where they cannot hold for a target's measure to be
/// what a part is split by.
constexpr double kMisplaced = 0.02;

}  // namespace

/// Always the part with the lowest bound; of equals the youngest.
void Relaxation::branch() {
  while (!m_spent && !m_parts.empty()) {
    std::size_t next = 0;
    for (std::size_t p = 1; p < m_parts.size(); ++p) {
      if (m_parts[p].bound <= m_parts[next].bound) next = p;
    }
    if (m_parts[next].bound >= m_lowest) return;
    const Part part = std::move(m_parts[next]);
    m_parts.erase(m_parts.begin() + static_cast<std::ptrdiff_t>(next));
    const bool money = static_cast<Goal>(part.goal) == Goal::money;
    if (money && !part.opening_known && m_space->priced().size() <= kMostPriced) {
      split_by_opening(part);
    } else if (part.split.by == By::measure) {
      split_by_measure(part);
    } else {
      split_by_workload(part);
    }
  }
}

void Relaxation::follow(Part child, std::size_t steps) {
  if (m_spent || settle(child, steps) == Outcome::below) keep(std::move(child));
}

void Relaxation::keep(Part part) {
  const bool opens = static_cast<Goal>(part.goal) == Goal::money && !part.opening_known;
  if ((part.split.by == By::nothing && !opens) || m_parts.size() >= kMostParts) {
    m_lowest = std::min(m_lowest, part.bound);
    return;
  }
  m_parts.push_back(std::move(part));
}

// ---- by the targets in use

bool Relaxation::closed(const SearchSpace::Item& item, std::size_t open) const {
  if (!item.demand.serves) return false;
  const auto shut = [&](const Demand& demand) {
    const auto& priced = m_space->priced();
    const auto found =
        std::find(priced.begin(), priced.end(), static_cast<std::size_t>(demand.target));
    return found != priced.end() && (open >> (found - priced.begin()) & 1) == 0;
  };
  return shut(item.demand) || (item.spill != kNone && shut(m_space->spill(item)));
}

/// A part for each set of priced targets in use; with too many of them their prices are left out.
void Relaxation::split_by_opening(const Part& part) {
  const std::vector<std::size_t>& priced = m_space->priced();
  const std::size_t sets = std::size_t{1} << priced.size();
  for (std::size_t open = 0; open < sets; ++open) {
    Part child = part;
    child.opening_known = true;
    for (std::size_t i = 0; i < priced.size(); ++i) {
      if ((open >> i & 1) != 0) {
        child.opened += m_space->situation().targets[priced[i]].price_per_hour.count;
      }
    }
    for (std::size_t v = 0; v < child.removed.size(); ++v) {
      const auto item = static_cast<std::size_t>(m_problem.variants()[v].item);
      if (closed(m_space->item(item), open)) child.removed[v] = 1;
    }
    follow(std::move(child), kOpeningSteps);
  }
}

// ---- by workload

/// The workload takes the target that it took most often, or any other; where it has one target
/// only, one variant or another.
void Relaxation::split_by_workload(const Part& part) {
  const auto& variants = m_problem.variants();
  std::size_t first = variants.size();
  bool by_target = false;
  for (std::size_t v = 0; v < variants.size(); ++v) {
    if (variants[v].workload != part.split.workload || part.removed[v]) continue;
    first = std::min(first, v);
    by_target = by_target || variants[v].target != variants[first].target;
  }
  // What is taken last is looked at first among equals.
  for (const bool taken : {false, true}) {
    Part child = part;
    for (std::size_t v = 0; v < variants.size(); ++v) {
      if (variants[v].workload != part.split.workload) continue;
      const bool here = by_target ? variants[v].target == part.split.target : v == first;
      if (here != taken) child.removed[v] = 1;
    }
    follow(std::move(child), kPartSteps);
  }
}

/// The workload that was least of one mind while prices moved, of those that matter to this goal;
/// else any with a choice left.
Relaxation::Split Relaxation::wavering_workload(const Part& part) const {
  Split split;
  double most = -1;
  const auto& active = m_pricing.active();
  const auto& variants = m_problem.variants();
  std::vector<double> by_target(m_problem.targets() + 1);
  for (std::size_t place = 0; place < active.size();) {
    const std::size_t w = variants[active[place]].workload;
    std::size_t choices = 0;
    double least = std::numeric_limits<double>::max();
    double largest = 0;
    std::fill(by_target.begin(), by_target.end(), -1.0);
    for (; place < active.size() && variants[active[place]].workload == w; ++place) {
      if (part.removed[active[place]]) continue;
      ++choices;
      double& share = by_target[static_cast<std::size_t>(variants[active[place]].target + 1)];
      share = std::max(share, 0.0) + m_pricing.shares()[place];
      least = std::min(least, m_pricing.costs()[place]);
      largest = std::max(largest, m_pricing.costs()[place]);
    }
    if (choices < 2) continue;
    const auto often = std::max_element(by_target.begin(), by_target.end());
    const double doubt = (1 - *often) * (largest > least ? 1 : 1e-6);
    if (doubt <= most) continue;
    most = doubt;
    split = {By::workload, w, static_cast<Index>(often - by_target.begin()) - 1, 0};
  }
  return split;
}

// ---- by a target's measure

/// The target stays within the measure, or goes beyond it and who cannot bear that does not hold.
void Relaxation::split_by_measure(const Part& part) {
  const auto target = static_cast<std::size_t>(part.split.target);
  Part within = part;
  within.limits[target] = part.split.measure;
  follow(std::move(within), kPartSteps);
  Part beyond = part;
  for (std::size_t v = 0; v < beyond.removed.size(); ++v) {
    for (const auto& bearing : m_problem.variants()[v].bearings) {
      if (bearing.target == part.split.target && bearing.most <= part.split.measure) {
        beyond.removed[v] = 1;
      }
    }
  }
  follow(std::move(beyond), kPartSteps);
}

/// The target with the most on it that the rest's load keeps from holding; split so that about half
/// of them would have to go from there.
Relaxation::Split Relaxation::loaded_target(const Part& part) const {
  Split split;
  double most = kMisplaced;
  struct Guest {
    double bears = 0;
    double share = 0;
  };
  std::vector<Guest> guests;
  for (std::size_t t = 0; t < m_problem.targets(); ++t) {
    double work = 0;
    double second = 0;
    guests.clear();
    for (std::size_t place = 0; place < m_pricing.active().size(); ++place) {
      const std::size_t v = m_pricing.active()[place];
      const double share = m_pricing.shares()[place];
      const RelaxedProblem::Variant& variant = m_problem.variants()[v];
      if (part.removed[v] || share <= 0) continue;
      for (std::size_t u = variant.first_use; u < variant.last_use; ++u) {
        const RelaxedProblem::Use& use = m_problem.uses()[u];
        if (use.resource == m_problem.work(t)) work += share * use.amount;
        if (use.resource == m_problem.second(t)) second += share * use.amount;
      }
      for (const auto& bearing : variant.bearings) {
        if (bearing.target == static_cast<Index>(t)) guests.push_back({bearing.most, share});
      }
    }
    const double now = std::min(m_problem.measure(t, work, second), m_pricing.measure(t));
    double misplaced = 0;
    for (const Guest& guest : guests) misplaced += guest.bears < now ? guest.share : 0;
    if (misplaced <= most) continue;
    most = misplaced;
    std::sort(guests.begin(), guests.end(),
              [](const Guest& a, const Guest& b) { return a.bears < b.bears; });
    double sum = 0;
    for (const Guest& guest : guests) {
      sum += guest.share;
      split = {By::measure, 0, static_cast<Index>(t), guest.bears};
      if (sum >= misplaced / 2) break;
    }
    // At the measure that is in force already nothing would be split.
    if (split.measure >= m_pricing.measure(t)) split.by = By::nothing;
  }
  return split;
}

Relaxation::Split Relaxation::choose_split(const Part& part) const {
  const Split split = loaded_target(part);
  return split.by == By::nothing ? wavering_workload(part) : split;
}

}  // namespace wanwise::core
