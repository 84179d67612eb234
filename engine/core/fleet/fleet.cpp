#include "engine/core/fleet/fleet.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include "engine/core/decide/search/solver.hpp"
#include "engine/core/digest.hpp"
#include "engine/core/fleet/market.hpp"

namespace wanwise::core {
namespace {

/// What an event may cost beyond its own site: one offer of a clearing under way, and one site that
/// decides under its new toll.
constexpr std::uint64_t kOffersPerEvent = 1;
constexpr std::size_t kSitesPerEvent = 1;

/// Sites that follow one policy hold its workloads once, however many times it was loaded.
void share_policies(std::vector<Model>& models) {
  std::map<PolicyName, SharedVector<Workload>> known;
  for (Model& model : models) {
    const auto [first, is_new] = known.try_emplace(model.policy.name, model.policy.workloads);
    if (!is_new && first->second == model.policy.workloads) {
      model.policy.workloads = first->second;
    }
  }
}

std::vector<Engine> engines(std::vector<Model> models) {
  share_policies(models);
  std::vector<Engine> sites;
  sites.reserve(models.size());
  const auto solver = std::make_shared<Solver>();
  for (Model& model : models) sites.emplace_back(std::move(model), solver);
  return sites;
}

}  // namespace

Fleet::Fleet(FleetModel model)
    : m_sites(engines(std::move(model.sites))),
      m_market(std::make_unique<Market>(std::move(model.pools), m_sites)),
      m_wake(m_sites.size()) {}

Fleet::~Fleet() = default;

std::vector<SiteStep> Fleet::apply(Index site, const Event& event) {
  m_now = std::max(m_now, event.at);
  std::vector<SiteStep> steps;
  steps.push_back({site, at(m_sites, site).apply(event)});
  follow(site);
  m_market->work(kOffersPerEvent, m_now);
  settle_some(kSitesPerEvent, steps);
  return steps;
}

void Fleet::follow(Index site) {
  m_market->follow(site, m_now);
  const std::optional<Instant> wake = at(m_sites, site).next_wakeup();
  std::optional<Instant>& known = at(m_wake, site);
  if (wake == known) return;
  if (known) m_wakes.erase({*known, site});
  if (wake) m_wakes.insert({*wake, site});
  known = wake;
}

void Fleet::settle_some(std::size_t most, std::vector<SiteStep>& steps) {
  for (std::size_t n = 0; n < most; ++n) {
    const std::optional<Index> site = m_market->next_unsettled();
    if (!site) return;
    steps.push_back(
        {*site, at(m_sites, *site).apply({m_now, TollsSet{m_market->tolls_of(*site)}})});
    follow(*site);
  }
}

std::optional<std::pair<Instant, Index>> Fleet::next_wakeup() const {
  std::optional<std::pair<Instant, Index>> wake;
  if (!m_wakes.empty()) wake = *m_wakes.begin();
  const std::optional<Instant> market = m_market->busy() ? m_now : m_market->next_wakeup();
  if (market && (!wake || *market < wake->first)) wake = {*market, 0};
  return wake;
}

void Fleet::set_capacity(std::size_t pool, std::int64_t capacity, Instant now) {
  m_now = std::max(m_now, now);
  m_market->set_capacity(pool, capacity, m_now);
}

std::vector<SiteStep> Fleet::resolve(Instant now) {
  m_now = std::max(m_now, now);
  std::vector<SiteStep> steps;
  m_market->begin();
  m_market->work(std::numeric_limits<std::uint64_t>::max(), m_now);
  settle_some(m_sites.size(), steps);
  return steps;
}

const Engine& Fleet::site(Index index) const {
  return at(m_sites, index);
}

Index Fleet::sites() const {
  return count(m_sites);
}

FleetStatus Fleet::status() const {
  FleetStatus status;
  status.at = m_now;
  for (std::size_t p = 0; p < m_market->pools().size(); ++p) {
    const SharedPool& pool = m_market->pools()[p];
    const PoolPrice& price = m_market->prices()[p];
    status.pools.push_back(
        {pool.name, pool.kind, pool.capacity, m_market->use(p), toll_at(price.rung), price.enough});
  }
  status.bound = m_market->bound();
  status.planned = m_market->plan_cost();
  if (status.bound) {
    status.cost.emplace();
    for (const Engine& site : m_sites) add_up(*status.cost, site.cost());
  }
  return status;
}

std::uint64_t Fleet::digest() const {
  Digest digest;
  for (const Engine& site : m_sites) digest.add_number(site.digest());
  return digest.value();
}

}  // namespace wanwise::core
