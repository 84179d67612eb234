#include "engine/core/decide/search/pricing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace wanwise::core {
namespace {

/// Steps to find that the incumbent's value cannot be had at all.
constexpr std::size_t kStepsToExclude = 40;
/// Steps without a better bound until there will be none.
constexpr int kPatience = 25;
/// Of the grain: less is no progress.
constexpr double kProgress = 1e-3;
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

}  // namespace

void Pricing::open(const RelaxedProblem& problem, const Situation& situation,
                   const std::vector<char>& removed, const std::vector<double>& limits,
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
  limit_targets(limits);
  limit_links();
  limit_goals();
  add_uses();
}

void Pricing::limit_targets(const std::vector<double>& limits) {
  m_measure.assign(m_problem->targets(), 0.0);
  for (const std::size_t v : m_active) {
    for (const auto& bearing : m_problem->variants()[v].bearings) {
      if (bearing.target == kNone) continue;
      double& most = m_measure[static_cast<std::size_t>(bearing.target)];
      most = std::max(most, bearing.most);
    }
  }
  m_rooms.clear();
  for (std::size_t t = 0; t < m_problem->targets(); ++t) {
    m_measure[t] = std::min(m_measure[t], limits[t]);
    m_rooms.push_back(m_problem->room(t, m_measure[t]));
    m_dearest[m_problem->work(t)] = m_dearest[m_problem->second(t)] = 0;
    if (m_measure[t] >= RelaxedProblem::kEndless) m_dearest[m_problem->tight(t)] = 0;
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

/// Those that have a price; work and second moments as the room that they take.
void Pricing::add_resources(const RelaxedProblem::Variant& variant) {
  const std::size_t targets = m_problem->targets();
  for (std::size_t u = variant.first_use; u < variant.last_use; ++u) {
    const RelaxedProblem::Use& use = m_problem->uses()[u];
    if (use.resource >= m_problem->tight(0)) {
      if (m_dearest[use.resource] > 0) m_uses.push_back(use);
      continue;
    }
    const bool work = use.resource < targets;
    const std::size_t target = work ? use.resource : use.resource - targets;
    const double part = use.amount * (work ? m_rooms[target].by_work : m_rooms[target].by_second);
    if (m_dearest[m_problem->tight(target)] <= 0 || part <= 0) continue;
    m_uses.push_back({m_problem->tight(target), part});
  }
}

std::uint64_t Pricing::units() const {
  return 1 + m_active.size() / kVariantsPerUnit;
}

/// Everybody takes what is cheapest.
double Pricing::take_cheapest(const std::vector<double>& prices) {
  m_taken.resize(m_choices.size());
  double sum = 0;
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
  }
  double worth = 0;
  for (std::size_t r = 0; r < prices.size(); ++r) worth += prices[r] * m_capacity[r];
  // What a difference of two sums of positive numbers can err.
  return sum - worth - kAbsolute - kRounding * (sum + worth);
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
  }
  return best;
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
    double highest = -1;
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
    if (highest <= lowest) continue;
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
