#include "engine/core/fleet/market.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/core/check.hpp"

namespace wanwise::core {
namespace {

/// Rungs that a bisection comes by, and those beside them: the next clearing often asks the same.
constexpr std::size_t kMostMemos = 12;

/// What of a pool is given out by plan.
std::int64_t given_out(const SharedPool& pool) {
  switch (pool.kind) {
    case PoolKind::cloud:
      return pool.capacity / kWhole.count * kPoolTarget.count +
             pool.capacity % kWhole.count * kPoolTarget.count / kWhole.count;
    case PoolKind::data:
      return pool.capacity;
  }
  return pool.capacity;
}

}  // namespace

Market::Market(std::vector<SharedPool> pools, std::vector<Engine>& sites)
    : m_pools(std::move(pools)),
      m_sites(sites),
      m_memos(sites.size()),
      m_access(sites.size()),
      m_followed(sites.size()),
      m_site_use(sites.size(), std::vector<std::int64_t>(m_pools.size())),
      m_use(m_pools.size()),
      m_prices(m_pools.size()),
      m_rungs(sites.size(), std::vector<std::int32_t>(m_pools.size())) {
  for (std::size_t p = 0; p < m_pools.size(); ++p) {
    m_capacities.push_back(given_out(m_pools[p]));
    for (const PoolMember& member : m_pools[p].members) {
      const Model& model = at(sites, member.site).model();
      const bool cloud = m_pools[p].kind == PoolKind::cloud;
      const Index resources = cloud ? target_count(model) : count(model.site.links);
      WANWISE_CHECK(member.resource >= 0 && member.resource < resources);
      at(m_access, member.site).push_back({p, member.resource});
    }
  }
}

std::vector<std::int64_t> Market::uses_of(Index site, const SiteUse& use) const {
  std::vector<std::int64_t> uses(m_pools.size());
  for (const Access& access : at(m_access, site)) {
    const bool cloud = m_pools[access.pool].kind == PoolKind::cloud;
    const auto& resources = cloud ? use.targets : use.links;
    if (!resources.empty()) uses[access.pool] += at(resources, access.resource);
  }
  return uses;
}

void Market::follow(Index site, Instant now) {
  const std::uint64_t revision = at(m_sites, site).revision();
  if (std::exchange(at(m_followed, site), revision) == revision) return;
  std::vector<std::int64_t>& before = at(m_site_use, site);
  const std::vector<std::int64_t> uses = uses_of(site, at(m_sites, site).use());
  if (uses == before) return;
  for (std::size_t p = 0; p < m_use.size(); ++p) m_use[p] += uses[p] - before[p];
  before = uses;
  watch_balance(now);
}

void Market::set_capacity(std::size_t pool, std::int64_t capacity, Instant now) {
  WANWISE_CHECK(pool < m_pools.size() && capacity >= 0);
  m_pools[pool].capacity = capacity;
  m_capacities[pool] = given_out(m_pools[pool]);
  m_prices[pool].enough = true;  // nobody knows yet
  watch_balance(now);
}

void Market::watch_balance(Instant now) {
  bool all_balanced = true;
  for (std::size_t p = 0; p < m_pools.size(); ++p) all_balanced = all_balanced && balanced(p);
  if (all_balanced) {
    m_reprice_at.reset();
  } else if (!m_reprice_at) {
    m_reprice_at = now + kRepriceAfter;
  }
}

bool Market::balanced(std::size_t pool) const {
  if (m_use[pool] > m_capacities[pool]) return !m_prices[pool].enough;
  if (m_prices[pool].rung == 0) return true;
  return m_use[pool] >= m_capacities[pool] / kWhole.count * kRoomAgain.count +
                            m_capacities[pool] % kWhole.count * kRoomAgain.count / kWhole.count;
}

void Market::begin() {
  std::vector<std::int32_t> in_force;
  for (const PoolPrice& price : m_prices) in_force.push_back(price.rung);
  m_clearing.emplace(*this, m_capacities, in_force);
  m_reprice_at.reset();
}

bool Market::work(std::uint64_t offers, Instant now) {
  if (!m_clearing && m_reprice_at && now >= *m_reprice_at) begin();
  if (!m_clearing || !m_clearing->advance(offers)) return false;
  adopt();
  return true;
}

void Market::adopt() {
  m_prices = m_clearing->prices();
  m_bound = m_clearing->bound();
  m_plan_cost = m_clearing->plan_cost();
  m_clearing.reset();
  std::vector<std::vector<std::int32_t>> wanted(m_sites.size());
  for (std::vector<std::int32_t>& rungs : wanted) {
    for (const PoolPrice& price : m_prices) rungs.push_back(price.rung);
  }
  for (std::size_t p = 0; p < m_prices.size(); ++p) {
    for (const Index site : m_prices[p].favoured) --at(wanted, site)[p];
  }
  m_unsettled.clear();
  for (Index s = 0; s < sites(); ++s) {
    if (at(wanted, s) != at(m_rungs, s)) m_unsettled.push_back(s);
  }
  m_rungs = std::move(wanted);
}

std::optional<Index> Market::next_unsettled() {
  if (m_unsettled.empty()) return std::nullopt;
  const Index site = m_unsettled.front();
  m_unsettled.pop_front();
  return site;
}

SiteTolls Market::tolls_of(Index site) const {
  return tolls_at(site, at(m_rungs, site));
}

SiteTolls Market::tolls_at(Index site, const std::vector<std::int32_t>& rungs) const {
  const Model& model = at(m_sites, site).model();
  SiteTolls tolls;
  for (const Access& access : at(m_access, site)) {
    const Toll toll = toll_at(rungs[access.pool]);
    if (toll.level == TollLevel::none) continue;
    if (m_pools[access.pool].kind == PoolKind::cloud) {
      tolls.targets[target_name(model, access.resource)] = toll;
    } else {
      tolls.links[at(model.site.links, access.resource).name] = toll;
    }
  }
  return tolls;
}

Offer Market::offer(Index site, const std::vector<std::int32_t>& rungs) {
  Engine& engine = at(m_sites, site);
  Memo& memo = at(m_memos, site);
  if (memo.revision != engine.revision()) memo = {engine.revision(), {}};
  for (const auto& [asked, offer] : memo.offers) {
    if (asked == rungs) return offer;
  }
  const SiteOffer found = engine.offer(tolls_at(site, rungs));
  Offer offer{found.bound, uses_of(site, found.use), found.cost};
  if (memo.offers.size() < kMostMemos) memo.offers.emplace_back(rungs, offer);
  return offer;
}

}  // namespace wanwise::core
