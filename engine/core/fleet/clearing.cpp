#include "engine/core/fleet/clearing.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "engine/core/check.hpp"
#include "engine/core/decide/shared_use.hpp"

namespace wanwise::core {
namespace {

/// Pools that share sites push each other's prices; after this many rounds the rest is noise.
constexpr std::int32_t kRounds = 3;
/// Steps away from the toll in force grow so fast: most news moves a price by a rung or none, and a
/// hundred rungs are reached in four steps.
constexpr std::int32_t kStepGrowth = 4;

}  // namespace

void add_up(Cost& sum, const Cost& cost) {
  // Half of the range: what is added to either end of it does not wrap.
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / 2;
  for (std::size_t g = 0; g < kGoals; ++g) {
    const std::int64_t more = std::clamp(cost.goals[g], -kMost, kMost);
    sum.goals[g] = std::clamp(sum.goals[g] + more, -kMost, kMost);
  }
}

Clearing::Clearing(Bidders& bidders, std::vector<std::int64_t> capacities,
                   const std::vector<std::int32_t>& in_force)
    : m_bidders(bidders),
      m_capacities(std::move(capacities)),
      m_prices(m_capacities.size()),
      m_brackets(static_cast<std::size_t>(bidders.sites())),
      m_answers(m_brackets.size()) {
  for (std::size_t p = 0; p < in_force.size(); ++p) m_prices[p].rung = in_force[p];
  m_capacities.empty() ? begin(Phase::final, 0) : begin_pool();
}

/// Where a toll is in force, it is asked whether less of it is enough.
void Clearing::begin_pool() {
  const std::int32_t rung = m_prices[m_pool].rung;
  m_step = 1;
  rung == 0 ? begin(Phase::lowest, 0) : begin(Phase::cheaper, rung);
}

bool Clearing::advance(std::uint64_t offers) {
  while (m_phase != Phase::done) {
    if (m_site == m_bidders.sites()) {
      conclude();
    } else if (!known(m_site)) {
      if (offers == 0) return false;
      --offers;
      ask(m_site++);
    } else {
      m_answers[static_cast<std::size_t>(m_site)] =
          m_brackets[static_cast<std::size_t>(m_site)].low;
      ++m_site;
    }
  }
  return true;
}

bool Clearing::known(Index site) const {
  const Bracket& bracket = m_brackets[static_cast<std::size_t>(site)];
  return m_phase == Phase::between && bracket.low == bracket.high;
}

void Clearing::begin(Phase phase, std::int32_t rung) {
  m_phase = phase;
  m_rung = rung;
  m_site = 0;
  m_pass_bound = {};
  m_rungs.clear();
  for (const PoolPrice& price : m_prices) m_rungs.push_back(price.rung);
  if (phase != Phase::final && phase != Phase::done) m_rungs[m_pool] = rung;
}

void Clearing::ask(Index site) {
  const Offer offer = m_bidders.offer(site, m_rungs);
  WANWISE_CHECK(offer.uses.size() == m_capacities.size());
  ++m_asked;
  add_up(m_pass_bound, offer.bound);
  if (m_phase == Phase::final) {
    add_up(m_plan_cost, offer.cost);
    for (std::size_t p = 0; p < m_prices.size(); ++p) m_prices[p].use += offer.uses[p];
  } else {
    m_answers[static_cast<std::size_t>(site)] = offer.uses[m_pool];
  }
}

void Clearing::conclude() {
  const std::int64_t total = std::accumulate(m_answers.begin(), m_answers.end(), std::int64_t{0});
  const bool enough = m_phase == Phase::final || total <= m_capacities[m_pool];
  switch (m_phase) {
    case Phase::lowest:
      keep_answers(&Bracket::low);
      m_low = 0;
      m_prices[m_pool].enough = true;  // until the dearest toll says otherwise
      return enough ? settle(0) : begin(Phase::dearest, kDearestToll);
    case Phase::dearest:
      keep_answers(&Bracket::high);
      m_high = kDearestToll;
      m_prices[m_pool].enough = enough;
      return enough ? bisect() : settle(kDearestToll);
    case Phase::cheaper:
    case Phase::dearer:
      return conclude_step(enough);
    case Phase::between:
      keep_answers(enough ? &Bracket::high : &Bracket::low);
      (enough ? m_high : m_low) = m_rung;
      return bisect();
    case Phase::final:
      m_bound = m_pass_bound;
      for (std::size_t p = 0; p < m_prices.size(); ++p) {
        const Toll toll = toll_at(m_prices[p].rung);
        if (toll.level != TollLevel::none)
          m_bound[toll_goal(toll.level)] +=
              -charge(toll, m_capacities[p]) - (toll.amount > 0 ? 1 : 0);
      }
      m_phase = Phase::done;
      return;
    case Phase::done:
      return;
  }
}

void Clearing::conclude_step(bool enough) {
  const bool first = m_step == 1;
  const std::int32_t step = m_step;
  m_step *= kStepGrowth;
  keep_answers(enough ? &Bracket::high : &Bracket::low);
  (enough ? m_high : m_low) = m_rung;
  m_prices[m_pool].enough = enough || m_rung < kDearestToll;
  if (enough && m_rung == 0) return settle(0);
  if (!m_prices[m_pool].enough) return settle(kDearestToll);
  const bool turned = !first && enough == (m_phase == Phase::dearer);
  if (turned) return bisect();
  enough ? begin(Phase::cheaper, std::max(m_rung - step, 0))
         : begin(Phase::dearer, std::min(m_rung + step, kDearestToll));
}

void Clearing::keep_answers(std::int64_t Bracket::*end) {
  for (std::size_t s = 0; s < m_answers.size(); ++s) m_brackets[s].*end = m_answers[s];
}

void Clearing::bisect() {
  if (m_high - m_low <= 1) return settle(m_high);
  begin(Phase::between, m_low + (m_high - m_low) / 2);
}

/// The pool's price is found; what it leaves over goes to sites that would use it a rung lower.
void Clearing::settle(std::int32_t rung) {
  PoolPrice& price = m_prices[m_pool];
  m_moved = m_moved || price.rung != rung;
  price.rung = rung;
  price.favoured.clear();
  if (rung > 0 && price.enough) favour(price);
  if (++m_pool < m_prices.size()) return begin_pool();
  m_pool = 0;
  const bool again = m_prices.size() > 1 && std::exchange(m_moved, false) && ++m_round < kRounds;
  again ? begin_pool() : begin(Phase::final, 0);
}

void Clearing::favour(PoolPrice& price) const {
  std::int64_t left = m_capacities[m_pool];
  for (const Bracket& bracket : m_brackets) left -= bracket.high;
  for (std::size_t s = 0; s < m_brackets.size(); ++s) {
    const std::int64_t more = m_brackets[s].low - m_brackets[s].high;
    if (more <= 0 || more > left) continue;
    left -= more;
    price.favoured.push_back(static_cast<Index>(s));
  }
}

}  // namespace wanwise::core
