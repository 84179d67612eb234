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
constexpr std::size_t kGoalSteps = 400;
constexpr std::size_t kPartSteps = 60;
/// Parts kept; beyond, the dearest are not split further.
constexpr std::size_t kMostParts = 10'000;
/// Of them such that reach the incumbent in all that a policy states.
constexpr std::size_t kMostWaiting = 1'000;
/// Targets with a price of which all combinations are looked at.
constexpr std::size_t kMostPriced = 6;
/// Workloads, in parts of them, that must be where they cannot hold for a target's measure to be
/// what a part is split by.
constexpr double kMisplaced = 0.02;

}  // namespace

/// Always the part with the lowest bound is next; of equals the youngest.
bool Relaxation::later(const Part& a, const Part& b) {
  return a.bound != b.bound ? a.bound > b.bound : a.number < b.number;
}

void Relaxation::branch() {
  while (!m_spent && !m_parts.empty()) {
    if (m_parts.front().bound >= m_lowest) return;
    std::pop_heap(m_parts.begin(), m_parts.end(), later);
    Part part = std::move(m_parts.back());
    m_parts.pop_back();
    const bool money = static_cast<Goal>(part.goal) == Goal::money;
    if (part.pending) {
      part.pending = false;
      --m_waiting;
      std::fill(part.prices.begin(), part.prices.end(), 0.0);
      follow(std::move(part), kGoalSteps);
    } else if (money && !part.opening_known && m_space->priced().size() <= kMostPriced) {
      split_by_opening(part);
    } else if (part.split.by == By::measure) {
      split_by_measure(part);
    } else if (part.split.by == By::skew) {
      split_by_skew(part);
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
  const bool final = part.split.by == By::nothing && !opens && !part.pending;
  const bool full = m_parts.size() >= kMostParts || (part.pending && m_waiting >= kMostWaiting);
  if (final || full) {
    m_lowest = std::min(m_lowest, part.bound);
    return;
  }
  part.number = m_made++;
  m_waiting += part.pending ? 1 : 0;
  m_parts.push_back(std::move(part));
  std::push_heap(m_parts.begin(), m_parts.end(), later);
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
    split = {By::workload, w, static_cast<Index>(often - by_target.begin()) - 1, 0, 0};
  }
  return split;
}

// ---- by a target's measure

/// The target stays within the measure, or goes beyond it and who cannot bear that does not hold.
void Relaxation::split_by_measure(const Part& part) {
  const auto target = static_cast<std::size_t>(part.split.target);
  Part within = part;
  within.stations[target].measure = part.split.measure;
  follow(std::move(within), kPartSteps);
  Part beyond = part;
  const auto& borne = m_problem.borne(target, part.stations[target].least_skew);
  for (std::size_t v = 0; v < beyond.removed.size(); ++v) {
    if (borne[v] >= 0 && borne[v] <= part.split.measure) beyond.removed[v] = 1;
  }
  follow(std::move(beyond), kPartSteps);
}

void Relaxation::split_by_skew(const Part& part) {
  const auto target = static_cast<std::size_t>(part.split.target);
  Part even = part;
  even.stations[target].largest_skew = part.split.level;
  follow(std::move(even), kPartSteps);
  Part skewed = part;
  skewed.stations[target].least_skew = part.split.level;
  follow(std::move(skewed), kPartSteps);
}

/// What the mixture puts on a target.
Relaxation::Mixed Relaxation::mixed_on(const Part& part, std::size_t target) const {
  Mixed mixed;
  double work = 0;
  double second = 0;
  double all_second = 0;
  double all_third = 0;
  for (std::size_t place = 0; place < m_pricing.active().size(); ++place) {
    const std::size_t v = m_pricing.active()[place];
    const double share = m_pricing.shares()[place];
    if (part.removed[v] || share <= 0) continue;
    const RelaxedProblem::Variant& variant = m_problem.variants()[v];
    for (std::size_t u = variant.first_use; u < variant.last_use; ++u) {
      const RelaxedProblem::Use& use = m_problem.uses()[u];
      if (use.resource == m_problem.work(target)) work += share * use.amount;
      if (use.resource == m_problem.second(target)) second += share * use.amount;
      if (use.resource == m_problem.all_second(target)) all_second += share * use.amount;
      if (use.resource == m_problem.all_third(target)) all_third += share * use.amount;
    }
  }
  mixed.measure = std::min(m_problem.measure(target, work, second), m_pricing.measure(target));
  const double unit = m_problem.skew(target, RelaxedProblem::kLevels);
  mixed.skew = all_second > 0 ? all_third / all_second * unit : 0;
  return mixed;
}

/// Those that hold on a target, by how much of its measure they bear there; returns how many of
/// them, in parts of workloads, are beyond that.
double Relaxation::list_guests(const Part& part, const std::vector<double>& borne, double measure) {
  m_guests.clear();
  double misplaced = 0;
  for (std::size_t place = 0; place < m_pricing.active().size(); ++place) {
    const std::size_t v = m_pricing.active()[place];
    const double share = m_pricing.shares()[place];
    if (part.removed[v] || share <= 0 || borne[v] < 0) continue;
    m_guests.push_back({borne[v], share});
    if (borne[v] < measure) misplaced += share;
  }
  return misplaced;
}

/// The target with the most on it that the rest's load keeps from holding; split so that about half
/// of them would have to go from there. Where all seem to hold, some may only do so because the
/// jobs are taken to be less skewed than they are.
Relaxation::Split Relaxation::loaded_target(const Part& part) {
  Split split;
  double most = kMisplaced;
  for (std::size_t t = 0; t < m_problem.targets(); ++t) {
    const Mixed mixed = mixed_on(part, t);
    if (mixed.measure <= 0) continue;
    const Pricing::Station& station = part.stations[t];
    std::size_t level = station.least_skew;
    while (level + 1 < station.largest_skew && m_problem.skew(t, level + 1) <= mixed.skew) ++level;
    double misplaced = list_guests(part, m_problem.borne(t, station.least_skew), mixed.measure);
    if (misplaced > most) {
      most = misplaced;
      split = half_of_guests(t, misplaced);
      continue;
    }
    if (level == station.least_skew) continue;
    misplaced = list_guests(part, m_problem.borne(t, level), mixed.measure);
    if (misplaced <= most) continue;
    most = misplaced;
    split = {By::skew, 0, static_cast<Index>(t), 0, level};
  }
  return split;
}

Relaxation::Split Relaxation::half_of_guests(std::size_t target, double misplaced) {
  std::sort(m_guests.begin(), m_guests.end(),
            [](const Guest& a, const Guest& b) { return a.bears < b.bears; });
  double sum = 0;
  Split split;
  for (const Guest& guest : m_guests) {
    sum += guest.share;
    split = {By::measure, 0, static_cast<Index>(target), guest.bears, 0};
    if (sum >= misplaced / 2) break;
  }
  // At the measure that is in force already nothing would be split.
  if (split.measure >= m_pricing.measure(target)) split.by = By::nothing;
  return split;
}

Relaxation::Split Relaxation::choose_split(const Part& part) {
  const Split split = loaded_target(part);
  return split.by == By::nothing ? wavering_workload(part) : split;
}

}  // namespace wanwise::core
