// A complete assignment, one item for each workload, with its exact cost, and what a few changes
// would make of it: only the stations and links that they touch are computed again. What the local
// search works on. Memory is kept from one reset() to the next. One owner.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/core/decide/search/search_space.hpp"

namespace wanwise::core {

class Arrangement {
 public:
  /// A workload takes another item.
  struct Change {
    std::size_t workload = 0;
    std::int32_t item = kNone;
  };

  /// `space` must outlive the use of this.
  void reset(const SearchSpace& space, std::span<const std::int32_t> items);

  [[nodiscard]] const Cost& cost() const { return m_cost; }
  /// The memory of every target suffices.
  [[nodiscard]] bool fits() const { return m_fits; }
  [[nodiscard]] std::int32_t item(std::size_t workload) const { return m_items[workload]; }
  [[nodiscard]] std::span<const std::int32_t> items() const { return m_items; }
  [[nodiscard]] Micros latency(std::size_t workload) const { return m_next.latency[workload]; }

  /// Only the first `goals` count in what follows: those that matter most are put right before time
  /// is spent on the others.
  void look_at(std::size_t goals) { m_goals = goals; }
  /// False: the changes do not lower the cost, as is seen without computing any latency.
  [[nodiscard]] bool promising(std::span<const Change> changes) const;
  /// They fit the memory and lower the cost; of different workloads.
  [[nodiscard]] bool lowers(std::span<const Change> changes);
  /// Makes permanent what lowers() looked at last.
  void keep();

 private:
  struct Place {
    Flow sum;
    std::int64_t memory = 0;
    std::int32_t users = 0;
    bool viewed = false;
    Queue view;
  };
  struct Line {
    Flow down;
    std::int64_t quota_rate = 0;
    bool viewed = false;
    Queue view;
  };
  struct Lane {
    Flow flow;
    bool viewed = false;
    UplinkView view;
  };
  struct Board {
    std::vector<Place> places;  ///< by target
    std::vector<Line> lines;    ///< by link
    std::vector<Lane> lanes;    ///< by link, then class
    std::vector<Micros> latency;
    std::vector<std::int64_t> unmet;
  };

  [[nodiscard]] const SearchSpace::Item& item_of(std::size_t workload) const;
  template <class Visit>
  void for_each_leg(const SearchSpace::Item& item, Visit visit) const;
  void touch(const SearchSpace::Item& item);
  void load_touched();
  void put(const Demand& demand);
  [[nodiscard]] bool touched(const SearchSpace::Item& item) const;
  [[nodiscard]] bool memory_suffices() const;
  [[nodiscard]] Micros latency_of(const SearchSpace::Item& item);
  [[nodiscard]] Micros leg_latency(const Demand& demand, const Tail& tail);
  void add_fixed(Cost& cost, const SearchSpace::Item& item, std::int64_t sign) const;
  [[nodiscard]] std::int64_t price_of_changes(std::span<const Change> changes) const;
  void add_shared(Cost& cost) const;
  void measure(std::size_t workload);
  [[nodiscard]] bool measure_touched(std::span<const Change> changes);
  [[nodiscard]] bool worse_before(Goal goal) const;
  using Pain = std::array<std::int64_t, kPriorities>;
  void sum_pain();
  void sum_relief();
  void copy_touched(const Board& from, Board& to) const;

  [[nodiscard]] bool lower(const Cost& cost) const;

  const SearchSpace* m_space = nullptr;
  std::size_t m_goals = kGoals;
  std::size_t m_slots = 0;
  std::vector<std::int32_t> m_items;
  Cost m_cost;
  bool m_fits = false;
  Board m_now;
  Board m_next;  ///< where touched; elsewhere as now

  std::vector<Pain> m_place_pain;
  std::vector<Pain> m_line_pain;
  std::vector<Cost> m_relief;  ///< by workload
  std::vector<Flow> m_flows;   ///< scratch
  std::vector<char> m_place_touched;
  std::vector<char> m_line_touched;
  std::vector<Change> m_changes;          ///< that lowers() looked at
  std::vector<std::size_t> m_remeasured;  ///< workloads
  Cost m_next_cost;
};

}  // namespace wanwise::core
