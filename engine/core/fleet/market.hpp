// The pools of a fleet: what its sites use of them by their present decisions, the tolls in force,
// and the clearing that finds new ones when a pool runs over or has room again. One owner.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "engine/core/engine.hpp"
#include "engine/core/fleet/clearing.hpp"
#include "engine/core/fleet/pool.hpp"

namespace wanwise::core {

/// How long a pool must be out of balance before its price is sought anew: one telemetry period of
/// every site, so that the news of one cause is in.
inline constexpr Micros kRepriceAfter = seconds(1);
/// A toll is sought anew too once less than this of the pool is used: below it somebody pays for
/// nothing.
inline constexpr Ppm kRoomAgain{900'000};

class Market final : public Bidders {
 public:
  /// Both must outlive this.
  Market(std::vector<SharedPool> pools, std::vector<Engine>& sites);

  /// The site's decision may have changed.
  void follow(Index site, Instant now);
  void set_capacity(std::size_t pool, std::int64_t capacity, Instant now);
  /// Works on the clearing under way, or begins one that is due; true when it ended.
  bool work(std::uint64_t offers, Instant now);
  void begin();
  /// Sites whose tolls are not what the last clearing found, one after the other.
  [[nodiscard]] std::optional<Index> next_unsettled();
  [[nodiscard]] SiteTolls tolls_of(Index site) const;
  [[nodiscard]] bool busy() const { return m_clearing.has_value() || !m_unsettled.empty(); }
  [[nodiscard]] std::optional<Instant> next_wakeup() const { return m_reprice_at; }

  [[nodiscard]] const std::vector<SharedPool>& pools() const { return m_pools; }
  [[nodiscard]] std::int64_t use(std::size_t pool) const { return m_use[pool]; }
  [[nodiscard]] const std::vector<PoolPrice>& prices() const { return m_prices; }
  [[nodiscard]] const std::optional<Cost>& bound() const { return m_bound; }
  [[nodiscard]] const std::optional<Cost>& plan_cost() const { return m_plan_cost; }

  [[nodiscard]] Index sites() const override { return count(m_sites); }
  [[nodiscard]] Offer offer(Index site, const std::vector<std::int32_t>& rungs) override;

 private:
  /// What a site offered, until it decides anew.
  struct Memo {
    std::uint64_t revision = 0;
    std::vector<std::pair<std::vector<std::int32_t>, Offer>> offers;
  };
  struct Access {
    std::size_t pool = 0;
    Index resource = kNone;
  };

  [[nodiscard]] SiteTolls tolls_at(Index site, const std::vector<std::int32_t>& rungs) const;
  [[nodiscard]] std::vector<std::int64_t> uses_of(Index site, const SiteUse& use) const;
  [[nodiscard]] bool balanced(std::size_t pool) const;
  void watch_balance(Instant now);
  void adopt();

  std::vector<SharedPool> m_pools;
  std::vector<Engine>& m_sites;
  std::vector<Memo> m_memos;                          ///< by site
  std::vector<std::vector<Access>> m_access;          ///< by site
  std::vector<std::uint64_t> m_followed;              ///< by site: revision in m_site_use
  std::vector<std::vector<std::int64_t>> m_site_use;  ///< by site, then pool
  std::vector<std::int64_t> m_use;                    ///< by pool
  std::vector<PoolPrice> m_prices;
  std::vector<std::vector<std::int32_t>> m_rungs;  ///< in force, by site, then pool
  std::vector<std::int64_t> m_capacities;          ///< what is given out
  std::optional<Clearing> m_clearing;
  std::optional<Instant> m_reprice_at;
  std::deque<Index> m_unsettled;
  std::optional<Cost> m_bound;
  std::optional<Cost> m_plan_cost;
};

}  // namespace wanwise::core
