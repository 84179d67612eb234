#include "engine/core/decide/search/pricing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace wanwise::core {
namespace {

/// Steps to find that the incumbent's value cannot be had at all.
constexpr std::size_t kStepsToExclude = 40;
/// Steps without a better bound until there will be none.
constexpr int kPatience = 12;
/// Of the grain: less is no progress.
constexpr double kProgress = 1e-3;
/// What a mixture may be beyond a capacity, and its cost beyond a grain, to count as a solution.
constexpr double kNear = 1e-3;
/// Looks at all variants in one step: two to mix, one to price.
constexpr std::uint64_t kLooksPerStep = 3;
/// Price of a resource of which twice as much is taken as there is, in parts of what the variants'
/// costs differ by.
constexpr double kStiffness = 30;
/// Variants that are priced in the time of one unit of work.
constexpr std::size_t kVariantsPerUnit = 60;
/// Relative error of a sum of some hundred rounded doubles, with room.
constexpr double kRounding = 1e-11;
constexpr double kAbsolute = 1e-6;
/// Of a target that nothing could run on.
constexpr double kEndlessSkew = 1e299;

}  // namespace

void Pricing::begin(RelaxedProblem& problem, const Situation& situation,
                    const std::vector<char>& removed, const std::vector<Station>& stations,
                    const Question& question) {
  m_problem = &problem;
  m_situation = &situation;
  m_question = question;
  m_active.clear();
  m_choices.clear();
  m_cost.clear();
  const auto& variants = problem.variants();
  for (std::size_t v = 0; v < variants.size(); ++v) {
    if (removed[v]) continue;
    if (m_active.empty() || variants[m_active.back()].workload != variants[v].workload) {
      m_choices.push_back({m_active.size(), m_active.size()});
    }
    m_active.push_back(v);
    m_choices.back().last = m_active.size();
    m_cost.push_back(static_cast<double>(problem.share(variants[v], question.goal)));
  }
  m_share.assign(m_active.size(), 0.0);
  m_capacity.assign(problem.resources(), 1.0);
  m_dearest.assign(problem.resources(), std::numeric_limits<double>::max());
  m_flat = question.goal != Goal::over_quota &&
           std::all_of(m_cost.begin(), m_cost.end(), [](double cost) { return cost == 0; });
  limit_targets(stations);
  limit_links();
  limit_goals();
  add_uses();
}

void Pricing::limit_targets(const std::vector<Station>& stations) {
  m_measure.assign(stations.size(), 0.0);
  m_rooms.clear();
  m_floor.assign(stations.size(), 0.0);
  m_ceiling.assign(stations.size(), 0.0);
  for (std::size_t t = 0; t < stations.size(); ++t) {
    const std::vector<double>& borne = m_problem->borne(t, stations[t].least_skew);
    for (const std::size_t v : m_active) m_measure[t] = std::max(m_measure[t], borne[v]);
    m_measure[t] = std::min(m_measure[t], stations[t].measure);
    m_rooms.push_back(m_problem->room(t, m_measure[t]));
    m_dearest[m_problem->work(t)] = m_dearest[m_problem->second(t)] = 0;
    m_dearest[m_problem->all_second(t)] = m_dearest[m_problem->all_third(t)] = 0;
    if (m_measure[t] >= RelaxedProblem::kEndless) m_dearest[m_problem->tight(t)] = 0;
    limit_skew(t, stations[t]);
  }
}

/// Of the moments in parts of their largest, the third is to be no less and no more than so many
/// times the second.
void Pricing::limit_skew(std::size_t target, const Station& station) {
  const double unit = m_problem->skew(target, RelaxedProblem::kLevels);
  const std::size_t even = m_problem->even(target);
  const std::size_t skewed = m_problem->skewed(target);
  m_capacity[even] = m_capacity[skewed] = 0;
  const bool known = unit > 0 && unit < kEndlessSkew;
  if (!known || station.least_skew == 0) {
    m_dearest[even] = 0;
  } else {
    m_floor[target] = m_problem->skew(target, station.least_skew) / unit;
  }
  if (!known || station.largest_skew == RelaxedProblem::kLevels) {
    m_dearest[skewed] = 0;
  } else {
    m_ceiling[target] = m_problem->skew(target, station.largest_skew) / unit;
  }
}

void Pricing::limit_links() {
  for (std::size_t l = 0; l < m_problem->links(); ++l) {
    const std::int64_t limit = m_situation->links[l].quota.count;
    const std::size_t quota = m_problem->quota(l);
    if (limit == INT64_MAX || m_question.goal < Goal::over_quota) {
      m_dearest[quota] = 0;
      continue;
    }
    const double unit = static_cast<double>(std::max<std::int64_t>(limit, 1'000'000));
    const double over = m_question.goal > Goal::over_quota
                            ? static_cast<double>(m_question.most[Goal::over_quota]) / unit
                            : 0.0;
    m_capacity[quota] = static_cast<double>(limit) / unit + over;
    if (m_question.goal == Goal::over_quota) m_dearest[quota] = unit;
  }
}

void Pricing::limit_goals() {
  m_limited.clear();
  for (std::size_t g = 0; g < kGoals; ++g) {
    const auto goal = static_cast<Goal>(g);
    const bool limits =
        goal < m_question.goal && goal != Goal::over_quota && m_question.most.goals[g] > 0;
    if (limits) {
      m_limited.push_back(g);
    } else {
      m_dearest[m_problem->earlier(g)] = 0;
    }
  }
}

void Pricing::add_uses() {
  m_first_use.clear();
  m_uses.clear();
  for (const std::size_t v : m_active) {
    m_first_use.push_back(m_uses.size());
    const RelaxedProblem::Variant& variant = m_problem->variants()[v];
    add_resources(variant);
    for (const std::size_t g : m_limited) {
      const std::int64_t share = m_problem->share(variant, static_cast<Goal>(g));
      if (share == 0) continue;
      m_uses.push_back({m_problem->earlier(g), static_cast<double>(share) /
                                                   static_cast<double>(m_question.most.goals[g])});
    }
  }
  m_first_use.push_back(m_uses.size());
}

/// Those that have a price; work and moments as the room and the skew that they make.
void Pricing::add_resources(const RelaxedProblem::Variant& variant) {
  const std::size_t targets = m_problem->targets();
  const auto add = [this](std::size_t resource, double amount) {
    if (m_dearest[resource] <= 0 || amount == 0) return;
    const std::size_t first = m_first_use.back();
    for (std::size_t u = first; u < m_uses.size(); ++u) {
      if (m_uses[u].resource != resource) continue;
      m_uses[u].amount += amount;
      return;
    }
    m_uses.push_back({resource, amount});
  };
  for (std::size_t u = variant.first_use; u < variant.last_use; ++u) {
    const RelaxedProblem::Use& use = m_problem->uses()[u];
    const std::size_t t = use.resource % targets;
    if (use.resource >= m_problem->power(0)) {
      add(use.resource, use.amount);
    } else if (use.resource < m_problem->second(0)) {
      add(m_problem->tight(t), use.amount * m_rooms[t].by_work);
    } else if (use.resource < m_problem->tight(0)) {
      add(m_problem->tight(t), use.amount * m_rooms[t].by_second);
    } else {
      const bool third = use.resource >= m_problem->all_third(0);
      add(m_problem->even(t), third ? -use.amount : use.amount * m_floor[t]);
      add(m_problem->skewed(t), third ? use.amount : -use.amount * m_ceiling[t]);
    }
  }
}

std::uint64_t Pricing::units() const {
  return 1 + m_active.size() / kVariantsPerUnit;
}

/// Everybody takes what is cheapest.
double Pricing::take_cheapest(const std::vector<double>& prices) {
  m_taken.resize(m_choices.size());
  double sum = 0;
  double terms = 0;
  for (std::size_t w = 0; w < m_choices.size(); ++w) {
    std::size_t best = m_choices[w].first;
    double lowest = price_of(best, prices);
    for (std::size_t place = best + 1; place < m_choices[w].last; ++place) {
      const double price = price_of(place, prices);
      if (price >= lowest) continue;
      lowest = price;
      best = place;
    }
    sum += lowest;
    m_taken[w] = best;
    terms += m_cost[best];
    for (std::size_t u = m_first_use[best]; u < m_first_use[best + 1]; ++u) {
      terms += std::abs(m_uses[u].amount) * prices[m_uses[u].resource];
    }
  }
  double worth = 0;
  for (std::size_t r = 0; r < prices.size(); ++r) worth += prices[r] * m_capacity[r];
  // What a sum of so large terms can err.
  return sum - worth - kAbsolute - kRounding * (terms + worth);
}

double Pricing::raise(std::vector<double>& prices, std::size_t steps, const Spend& spend,
                      bool& spent) {
  const auto target = static_cast<double>(m_question.target);
  double best = -std::numeric_limits<double>::max();
  start_mixture(prices);
  std::vector<double> tried = prices;
  int patience = 0;
  for (std::size_t i = 0; i < steps && patience < kPatience; ++i) {
    if (!spend(kLooksPerStep * units())) {
      spent = true;
      break;
    }
    if (i > 0) {
      mix(tried);
      for (std::size_t r = 0; r < tried.size(); ++r) tried[r] = pressed(tried, r);
    }
    const double value = take_cheapest(tried);
    if (value > best) {
      patience =
          value > best + kProgress * static_cast<double>(m_question.grain) ? 0 : patience + 1;
      best = value;
      prices = tried;
    } else {
      ++patience;
    }
    if (m_flat && best > 0) best = std::numeric_limits<double>::max();
    if (best > target) break;
    const bool reached = best > target - static_cast<double>(m_question.grain);
    if (reached && i >= kStepsToExclude) break;
    if (settled(best)) break;
  }
  return best;
}

/// The mixture needs no more of anything than there is, and says that the bound will not get a
/// grain further.
bool Pricing::settled(double bound) const {
  const auto grain = static_cast<double>(m_question.grain);
  if (bound < 0 || m_question.goal == Goal::over_quota) return false;
  double cost = 0;
  for (std::size_t p = 0; p < m_active.size(); ++p) cost += m_share[p] * m_cost[p];
  if (std::ceil(bound / grain) < std::ceil((cost - kNear * grain) / grain)) return false;
  for (std::size_t r = 0; r < m_usage.size(); ++r) {
    if (m_dearest[r] > 0 && m_usage[r] - m_capacity[r] > kNear) return false;
  }
  return true;
}

/// Everybody takes what is cheapest at these prices, for a start.
void Pricing::start_mixture(const std::vector<double>& prices) {
  (void)take_cheapest(prices);
  m_share.assign(m_active.size(), 0.0);
  m_usage.assign(prices.size(), 0.0);
  for (const std::size_t place : m_taken) {
    m_share[place] = 1;
    add_usage(place, 1);
  }
  const auto [low, high] = std::minmax_element(m_cost.begin(), m_cost.end());
  double range = *high - *low;
  for (std::size_t l = 0; m_question.goal == Goal::over_quota && l < m_problem->links(); ++l) {
    range = std::max(range, m_dearest[m_problem->quota(l)]);
  }
  m_stiffness = range > 0 ? range * kStiffness : 1.0;
}

void Pricing::add_usage(std::size_t place, double share) {
  for (std::size_t u = m_first_use[place]; u < m_first_use[place + 1]; ++u) {
    m_usage[m_uses[u].resource] += share * m_uses[u].amount;
  }
}

/// The price of a resource with what is taken too much of it.
double Pricing::pressed(const std::vector<double>& prices, std::size_t resource) const {
  if (m_dearest[resource] <= 0) return 0;
  const double over = m_usage[resource] - m_capacity[resource];
  return std::clamp(prices[resource] + m_stiffness * over, 0.0, m_dearest[resource]);
}

/// One workload after the other shifts as much of itself as pays from the variant that is dearest
/// for it to the cheapest.
void Pricing::mix(const std::vector<double>& prices) {
  m_pressed.resize(prices.size());
  for (std::size_t r = 0; r < prices.size(); ++r) m_pressed[r] = pressed(prices, r);
  for (const Choice& choice : m_choices) {
    if (choice.last - choice.first < 2) continue;
    std::size_t to = choice.first;
    std::size_t from = choice.last;
    double lowest = std::numeric_limits<double>::max();
    double highest = -std::numeric_limits<double>::max();
    for (std::size_t p = choice.first; p < choice.last; ++p) {
      const double price = price_of(p, m_pressed);
      if (price < lowest) {
        lowest = price;
        to = p;
      }
      if (m_share[p] > 0 && price > highest) {
        highest = price;
        from = p;
      }
    }
    if (from == choice.last || highest <= lowest) continue;
    shift(prices, from, to, highest - lowest);
  }
}

/// As much as minimises cost and pressure, seen from here.
void Pricing::shift(const std::vector<double>& prices, std::size_t from, std::size_t to,
                    double gain) {
  m_change.clear();
  const auto change = [this](std::size_t resource, double amount) {
    for (RelaxedProblem::Use& use : m_change) {
      if (use.resource != resource) continue;
      use.amount += amount;
      return;
    }
    m_change.push_back({resource, amount});
  };
  for (std::size_t u = m_first_use[to]; u < m_first_use[to + 1]; ++u) {
    change(m_uses[u].resource, m_uses[u].amount);
  }
  for (std::size_t u = m_first_use[from]; u < m_first_use[from + 1]; ++u) {
    change(m_uses[u].resource, -m_uses[u].amount);
  }
  double curvature = 0;
  for (const RelaxedProblem::Use& use : m_change) {
    if (m_pressed[use.resource] > 0 || use.amount > 0) curvature += use.amount * use.amount;
  }
  const double most = m_share[from];
  const double wanted = curvature > 0 ? gain / (m_stiffness * curvature) : most;
  const double share = std::min(most, wanted);
  m_share[from] = share >= most ? 0 : most - share;
  m_share[to] += share;
  for (const RelaxedProblem::Use& use : m_change) {
    m_usage[use.resource] += share * use.amount;
    m_pressed[use.resource] = pressed(prices, use.resource);
  }
}

const std::vector<std::int32_t>& Pricing::cheapest(const std::vector<double>& prices) {
  (void)take_cheapest(prices);
  m_items.clear();
  for (const std::size_t place : m_taken) {
    m_items.push_back(m_problem->variants()[m_active[place]].item);
  }
  return m_items;
}

const std::vector<std::int32_t>& Pricing::most_often() {
  m_items.clear();
  for (const Choice& choice : m_choices) {
    const auto first = m_share.begin() + static_cast<std::ptrdiff_t>(choice.first);
    const auto last = m_share.begin() + static_cast<std::ptrdiff_t>(choice.last);
    const auto place = static_cast<std::size_t>(std::max_element(first, last) - m_share.begin());
    m_items.push_back(m_problem->variants()[m_active[place]].item);
  }
  return m_items;
}

}  // namespace wanwise::core
