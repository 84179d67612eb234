// Many sites under one policy's eye: an Engine for each, and between them only what they share, a
// cloud region's accelerators or a pooled data plan. An event touches its own site. When the sites
// together ask for more of a pool than it holds, a toll on it is found (clearing.hpp), in portions
// of one offer per event, so that no event waits for the fleet. Pure and deterministic like Engine;
// one owner, not thread-safe.
//
// How to use it: build FleetModel (each site's Model by policy::load; pools by hand), apply() every
// event to its site, carry out the actions of every SiteStep that comes back at the site it names,
// and answer each with an ActionDone to that site. While next_wakeup() says so, apply() a Tick to
// the site it names. A site or pool index out of range, a member of a pool that names what its site
// lacks, and a negative capacity are programmer errors (WANWISE_CHECK); nothing else fails: a pool
// that no toll can balance is reported in PoolStatus::enough. The tolls are Lagrange multipliers,
// their bound is weak duality: see toll_ladder.hpp and Everett, Operations Research 11 (1963).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/engine.hpp"
#include "engine/core/fleet/clearing.hpp"
#include "engine/core/fleet/pool.hpp"

namespace wanwise::core {

struct FleetModel {
  std::vector<Model> sites;       ///< by site name, unique
  std::vector<SharedPool> pools;  ///< members refer to positions in `sites`
};

struct SiteStep {
  Index site = kNone;
  Step step;
};

struct PoolStatus {
  std::string name;
  PoolKind kind = PoolKind::cloud;
  std::int64_t capacity = 0;  ///< units: see PoolKind
  std::int64_t use = 0;       ///< by what is decided now, same units; may exceed it for a while
  Toll toll;                  ///< in force; level none: there is room
  bool enough = true;         ///< false: even the dearest toll does not make the sites ask for less
};

struct FleetStatus {
  Instant at;
  std::vector<PoolStatus> pools;
  /// What the sites' choices cost now, tolls aside; absent before the first clearing.
  std::optional<Cost> cost;
  /// Of the last clearing: what its plan costs, were every site free to move at once, and what no
  /// joint choice within the pools can undercut.
  std::optional<Cost> planned;
  std::optional<Cost> bound;
};

class Market;

class Fleet {
 public:
  /// Sites whose policies are equal hold the workloads once.
  explicit Fleet(FleetModel model);
  ~Fleet();

  /// The step of the event's site first, then of at most one whose toll changed.
  [[nodiscard]] std::vector<SiteStep> apply(Index site, const Event& event);
  /// When some site, or the clearing, wants apply() with a Tick at the latest: that site and when.
  [[nodiscard]] std::optional<std::pair<Instant, Index>> next_wakeup() const;
  /// The pool holds more or less than it did: a data plan is used up, a region is given servers.
  /// `pool`: by position in FleetModel::pools; `capacity`: >= 0, units as in PoolKind.
  void set_capacity(std::size_t pool, std::int64_t capacity, Instant now);
  /// Decides the whole fleet anew, pools and sites, at once.
  [[nodiscard]] std::vector<SiteStep> resolve(Instant now);

  [[nodiscard]] const Engine& site(Index index) const;
  [[nodiscard]] Index sites() const;
  [[nodiscard]] FleetStatus status() const;
  [[nodiscard]] std::uint64_t digest() const;

 private:
  void follow(Index site);
  void settle_some(std::size_t most, std::vector<SiteStep>& steps);

  std::vector<Engine> m_sites;
  std::unique_ptr<Market> m_market;
  std::set<std::pair<Instant, Index>> m_wakes;
  std::vector<std::optional<Instant>> m_wake;  ///< by site
  Instant m_now;
};

}  // namespace wanwise::core
