// The prices: Relaxation::settle() and what it is made of. The problem's variants and resources are
// in relaxation_model.cpp.
#include "engine/core/decide/search/relaxation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace wanwise::core {
namespace {

/// Price steps of a whole problem, and of a part, which starts from the prices of the whole.
constexpr std::size_t kFirstSteps = 400;
constexpr std::size_t kPartSteps = 60;
/// Steps to find that the incumbent's value cannot be had at all.
constexpr std::size_t kStepsToExclude = 40;
/// Steps without a better bound until they are halved.
constexpr int kPatience = 8;
constexpr double kShortest = 1e-3;
/// Parts kept; beyond, the dearest are not split further.
constexpr std::size_t kMostParts = 2'000;
/// Targets with a price of which all combinations are looked at.
constexpr std::size_t kMostPriced = 5;
/// Variants that are priced in the time of one unit of work.
constexpr std::size_t kVariantsPerUnit = 60;
/// Relative error of a sum of some hundred rounded doubles, with room.
constexpr double kRounding = 1e-11;

double margin(double value) {
  return 1e-6 + kRounding * std::abs(value);
}

}  // namespace

Cost Relaxation::bound(SearchSpace& space, SearchSpace::State& root, const Cost& incumbent,
                       const Work& work) {
  m_space = &space;
  m_root = &root;
  m_incumbent = incumbent;
  m_work = &work;
  m_spent = false;
  m_lowest = incumbent;
  m_parts.clear();
  prepare();
  Part whole;
  whole.removed.assign(m_variants.size(), 0);
  whole.prices.assign(resources(), 0);
  if (settle(whole, kFirstSteps) == Outcome::below) keep(std::move(whole));
  branch();
  for (const Part& part : m_parts) m_lowest = std::min(m_lowest, part.bound);
  return m_lowest;
}

// ---- parts

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
    for (std::size_t v = 0; v < m_variants.size(); ++v) {
      const auto item = static_cast<std::size_t>(m_variants[v].item);
      if (closed(m_space->item(item), open)) child.removed[v] = 1;
    }
    if (settle(child, kFirstSteps) == Outcome::below) keep(std::move(child));
  }
}

void Relaxation::keep(Part part) {
  if (part.final || m_parts.size() >= kMostParts) {
    m_lowest = std::min(m_lowest, part.bound);
    return;
  }
  m_parts.push_back(std::move(part));
}

/// Always the part with the lowest bound; of equals the oldest.
void Relaxation::branch() {
  while (!m_spent && !m_parts.empty()) {
    const auto next = std::min_element(m_parts.begin(), m_parts.end(),
                                       [](auto& a, auto& b) { return a.bound < b.bound; });
    if (next->bound >= m_lowest) return;
    const Part part = std::move(*next);
    m_parts.erase(next);
    const bool money = static_cast<Goal>(part.goal) == Goal::money;
    if (money && !part.opening_known && m_space->priced().size() <= kMostPriced) {
      split_by_opening(part);
    } else {
      split(part);
    }
  }
}

/// The wavering workload takes the target that it took most often, or any other; where it has one
/// target only, one variant or another.
void Relaxation::split(const Part& part) {
  std::size_t first = m_variants.size();
  bool by_target = false;
  for (std::size_t v = 0; v < m_variants.size(); ++v) {
    if (m_variants[v].workload != part.wavering || part.removed[v]) continue;
    first = std::min(first, v);
    by_target = by_target || m_variants[v].target != m_variants[first].target;
  }
  for (const bool taken : {true, false}) {
    Part child = part;
    for (std::size_t v = 0; v < m_variants.size(); ++v) {
      if (m_variants[v].workload != part.wavering) continue;
      const bool here = by_target ? m_variants[v].target == part.favourite : v == first;
      if (here != taken) child.removed[v] = 1;
    }
    if (m_spent || settle(child, kPartSteps) == Outcome::below) keep(std::move(child));
  }
}

// ---- goals

Relaxation::Outcome Relaxation::settle(Part& part, std::size_t steps) {
  for (; part.goal < kGoals; ++part.goal) {
    if (part.bound >= m_incumbent) return Outcome::excluded;
    const auto goal = static_cast<Goal>(part.goal);
    const Outcome outcome = settle_goal(part, goal, steps);
    if (outcome == Outcome::excluded) return outcome;
    if (outcome == Outcome::below) {
      find_wavering(part);
      propose(part);
      return part.bound < m_incumbent ? outcome : Outcome::excluded;
    }
    part.bound[goal] = m_incumbent[goal];
    std::fill(part.prices.begin(), part.prices.end(), 0.0);
    steps = kFirstSteps;
  }
  return Outcome::reached;
}

std::int64_t Relaxation::share(const Variant& variant, Goal goal) const {
  const SearchSpace::Item& item = m_space->item(static_cast<std::size_t>(variant.item));
  std::int64_t sum = goal == unmet_goal(item.priority) ? variant.unmet : 0;
  if (goal == Goal::preference) sum += item.rank;
  if (goal == Goal::money) sum += item.money;
  if (goal == Goal::switches) sum += item.switches;
  if (goal == Goal::latency) sum += variant.latency;
  if (goal < Goal::money) sum += m_space->toll(item, goal);
  return sum;
}

/// Variants that alone lift a goal beyond `most`, everybody else being at the least. False: even at
/// the least it is beyond.
bool Relaxation::drop_beyond(Part& part, Goal goal, std::int64_t most) {
  std::vector<std::int64_t> least(m_workloads, INT64_MAX);
  for (std::size_t v = 0; v < m_variants.size(); ++v) {
    if (part.removed[v]) continue;
    std::int64_t& mine = least[m_variants[v].workload];
    mine = std::min(mine, share(m_variants[v], goal));
  }
  std::int64_t sum = 0;
  for (const std::int64_t mine : least) {
    if (mine == INT64_MAX) return false;  // nothing left for this one
    sum += mine;
  }
  if (sum > most) return false;
  for (std::size_t v = 0; v < m_variants.size(); ++v) {
    const Variant& variant = m_variants[v];
    if (part.removed[v]) continue;
    part.removed[v] = share(variant, goal) - least[variant.workload] > most - sum;
  }
  return true;
}

Relaxation::Outcome Relaxation::settle_goal(Part& part, Goal goal, std::size_t steps) {
  const std::int64_t extra = goal == Goal::money ? part.opened : 0;
  const std::int64_t most = m_incumbent[goal] - extra;
  if (!drop_beyond(part, goal, most)) return Outcome::excluded;
  open_goal(part, goal);
  const auto [low, high] = std::minmax_element(m_cost.begin(), m_cost.end());
  if (goal != Goal::over_quota && most == 0 && *low == *high) return Outcome::reached;
  m_grain = grain(goal);
  const double value = raise_prices(part, static_cast<double>(most), steps);
  const auto least = static_cast<std::int64_t>(std::ceil(std::max(0.0, value - margin(value))));
  const std::int64_t bound = (least + m_grain - 1) / m_grain * m_grain;
  if (bound > most) return Outcome::excluded;
  drop_dear(part, value, static_cast<double>(most));
  part.bound[goal] = std::max(part.bound[goal], bound + extra);
  return bound == most ? Outcome::reached : Outcome::below;
}

/// Bounds are multiples of what all variants are multiples of, where they state their costs
/// exactly.
std::int64_t Relaxation::grain(Goal goal) const {
  if (goal == Goal::latency || goal == Goal::over_quota) return 1;
  std::int64_t divisor = 0;
  for (const std::size_t v : m_active) {
    const Variant& variant = m_variants[v];
    const std::int64_t mine = share(variant, goal);
    if (variant.fate == Fate::late && mine > 0) return 1;
    divisor = std::gcd(divisor, mine);
  }
  return std::max<std::int64_t>(1, divisor);
}

/// Costs, capacities and the earlier goals as the prices will see them.
void Relaxation::open_goal(const Part& part, Goal goal) {
  m_active.clear();
  m_cost.clear();
  for (std::size_t v = 0; v < m_variants.size(); ++v) {
    if (part.removed[v]) continue;
    m_active.push_back(v);
    m_cost.push_back(static_cast<double>(share(m_variants[v], goal)));
  }
  const double endless = std::numeric_limits<double>::max();
  m_capacity.assign(resources(), 1.0);
  m_dearest.assign(resources(), endless);
  for (std::size_t t = 0; t < m_targets; ++t) m_dearest[work(t)] = m_dearest[second(t)] = 0;
  m_limited.clear();
  for (std::size_t g = 0; g < kGoals; ++g) {
    const bool limits =
        g < part.goal && static_cast<Goal>(g) != Goal::over_quota && m_incumbent.goals[g] > 0;
    m_dearest[earlier(g)] = limits ? endless : 0;
    if (limits) m_limited.push_back(g);
  }
  m_limited_shares.clear();
  for (const std::size_t v : m_active) {
    for (const std::size_t g : m_limited) {
      const std::int64_t most =
          m_incumbent.goals[g] - (static_cast<Goal>(g) == Goal::money ? part.opened : 0);
      m_limited_shares.push_back(static_cast<double>(share(m_variants[v], static_cast<Goal>(g))) /
                                 static_cast<double>(std::max<std::int64_t>(most, 1)));
    }
  }
  for (std::size_t l = 0; l < m_links; ++l) {
    const std::int64_t limit = m_space->situation().links[l].quota.count;
    const double unit = static_cast<double>(std::max<std::int64_t>(limit, 1'000'000));
    const double over =
        goal > Goal::over_quota ? static_cast<double>(m_incumbent[Goal::over_quota]) / unit : 0.0;
    m_capacity[quota(l)] = static_cast<double>(limit) / unit + over;
    if (goal < Goal::over_quota || limit == INT64_MAX) m_dearest[quota(l)] = 0;
    if (goal == Goal::over_quota && limit != INT64_MAX) m_dearest[quota(l)] = unit;
  }
}

/// What everybody takes at these prices may be a start for a better incumbent.
void Relaxation::propose(const Part& part) {
  if (m_spent || m_taking.size() != m_workloads) return;
  (void)take_cheapest(part.prices);
  m_incumbent = std::min(m_incumbent, m_work->propose(m_taking));
  m_lowest = std::min(m_lowest, m_incumbent);
}

// ---- prices

double Relaxation::price_of(std::size_t place) const {
  const Variant& variant = m_variants[m_active[place]];
  double price = m_cost[place];
  for (std::size_t u = variant.first_use; u < variant.last_use; ++u) {
    price += m_uses[u].amount * m_in_force[m_uses[u].resource];
  }
  for (std::size_t k = 0; k < m_limited.size(); ++k) {
    price += m_limited_shares[place * m_limited.size() + k] * m_in_force[earlier(m_limited[k])];
  }
  return price;
}

/// Everybody takes what is cheapest; leaves what that uses in m_usage.
double Relaxation::take_cheapest(const std::vector<double>& prices) {
  m_in_force = prices;
  for (std::size_t t = 0; t < m_targets; ++t) {
    for (std::size_t w = 0; w < m_workloads; ++w) {
      const Room& room = m_rooms[t * m_workloads + w];
      m_in_force[work(t)] += prices[tight(t, w)] * room.by_work;
      m_in_force[second(t)] += prices[tight(t, w)] * room.by_second;
    }
  }
  m_usage.assign(resources(), 0.0);
  m_taking.resize(m_workloads);
  double value = 0;
  for (std::size_t place = 0; place < m_active.size();) {
    const std::size_t workload = m_variants[m_active[place]].workload;
    std::size_t best = place;
    double lowest = price_of(place);
    while (++place < m_active.size() && m_variants[m_active[place]].workload == workload) {
      const double price = price_of(place);
      if (price >= lowest) continue;
      lowest = price;
      best = place;
    }
    value += lowest;
    const Variant& variant = m_variants[m_active[best]];
    m_taking[workload] = variant.item;
    for (std::size_t u = variant.first_use; u < variant.last_use; ++u) {
      m_usage[m_uses[u].resource] += m_uses[u].amount;
    }
    for (std::size_t k = 0; k < m_limited.size(); ++k) {
      m_usage[earlier(m_limited[k])] += m_limited_shares[best * m_limited.size() + k];
    }
    ++m_taken[workload * (m_targets + 1) + static_cast<std::size_t>(variant.target + 1)];
  }
  for (std::size_t t = 0; t < m_targets; ++t) {
    for (std::size_t w = 0; w < m_workloads; ++w) {
      const Room& room = m_rooms[t * m_workloads + w];
      m_usage[tight(t, w)] += room.by_work * m_usage[work(t)] + room.by_second * m_usage[second(t)];
    }
  }
  for (std::size_t r = 0; r < prices.size(); ++r) value -= prices[r] * m_capacity[r];
  return value;
}

/// The best bound found; its prices stay in the part.
double Relaxation::raise_prices(Part& part, double target, std::size_t steps) {
  std::vector<double> prices = part.prices;
  m_taken.assign(m_workloads * (m_targets + 1), 0.0);
  double best = -std::numeric_limits<double>::max();
  double length = 1.0;
  int patience = 0;
  for (std::size_t i = 0; i < steps && length > kShortest; ++i) {
    if (!m_work->spend(1 + m_active.size() / kVariantsPerUnit)) {
      m_spent = true;
      break;
    }
    const double value = take_cheapest(prices);
    if (value > best) {
      patience = value > best + 1e-4 * std::abs(best) ? 0 : patience + 1;
      best = value;
      part.prices = prices;
    } else {
      ++patience;
    }
    if (best - margin(best) > target) break;
    const bool reached = best - margin(best) > target - static_cast<double>(m_grain);
    if (reached && (i >= kStepsToExclude || nothing_short())) break;
    if (patience > kPatience) {
      length /= 2;
      patience = 0;
      prices = part.prices;
      continue;
    }
    // A little beyond the incumbent, so that reaching it is not the end of the steps.
    const double aim = target + 0.01 * std::abs(target) + 1.0;
    step_prices(prices, length * (aim - value));
  }
  return best;
}

bool Relaxation::nothing_short() const {
  for (std::size_t r = 0; r < m_usage.size(); ++r) {
    if (m_dearest[r] > 0 && m_usage[r] > m_capacity[r]) return false;
  }
  return true;
}

void Relaxation::step_prices(std::vector<double>& prices, double length) const {
  double square = 0;
  for (std::size_t r = 0; r < prices.size(); ++r) {
    const double over = m_usage[r] - m_capacity[r];
    if (m_dearest[r] > 0 && (over > 0 || prices[r] > 0)) square += over * over;
  }
  if (square <= 0) return;
  for (std::size_t r = 0; r < prices.size(); ++r) {
    const double over = m_usage[r] - m_capacity[r];
    prices[r] = std::clamp(prices[r] + length * over / square, 0.0, m_dearest[r]);
  }
}

/// Variants so dear at these prices that whoever takes them is beyond the incumbent.
void Relaxation::drop_dear(Part& part, double value, double limit) {
  if (m_spent && value <= -std::numeric_limits<double>::max()) return;
  const std::vector<double> taken = m_taken;
  const double again = take_cheapest(part.prices);
  m_taken = taken;
  for (std::size_t place = 0; place < m_active.size();) {
    const std::size_t workload = m_variants[m_active[place]].workload;
    const std::size_t first = place;
    double lowest = std::numeric_limits<double>::max();
    for (; place < m_active.size() && m_variants[m_active[place]].workload == workload; ++place) {
      lowest = std::min(lowest, price_of(place));
    }
    for (std::size_t p = first; p < place; ++p) {
      const double beyond = again + (price_of(p) - lowest);
      if (beyond - margin(beyond) > limit) part.removed[m_active[p]] = 1;
    }
  }
}

/// The workload that was least of one mind while prices moved, of those that matter to this goal;
/// else any with a choice left.
void Relaxation::find_wavering(Part& part) const {
  double most = -1;
  for (std::size_t place = 0; place < m_active.size();) {
    const std::size_t w = m_variants[m_active[place]].workload;
    std::size_t choices = 0;
    Index elsewhere = kNone - 1;
    double least = std::numeric_limits<double>::max();
    double largest = 0;
    for (; place < m_active.size() && m_variants[m_active[place]].workload == w; ++place) {
      if (part.removed[m_active[place]]) continue;
      ++choices;
      elsewhere = m_variants[m_active[place]].target;
      least = std::min(least, m_cost[place]);
      largest = std::max(largest, m_cost[place]);
    }
    if (choices < 2) continue;
    const auto first = m_taken.begin() + static_cast<std::ptrdiff_t>(w * (m_targets + 1));
    const auto last = first + static_cast<std::ptrdiff_t>(m_targets + 1);
    const auto often = std::max_element(first, last);
    const double doubt =
        (std::accumulate(first, last, 0.0) - *often) * (largest > least ? 1 : 1e-6);
    if (doubt <= most) continue;
    most = doubt;
    part.wavering = w;
    part.favourite = favourite(part, w, static_cast<Index>(often - first) - 1, elsewhere);
  }
  part.final = most < 0;
}

/// The target taken most often, if it is still open to the workload.
Index Relaxation::favourite(const Part& part, std::size_t workload, Index often,
                            Index else_this) const {
  for (const std::size_t v : m_active) {
    if (m_variants[v].workload == workload && !part.removed[v] && m_variants[v].target == often) {
      return often;
    }
  }
  return else_this;
}

}  // namespace wanwise::core
