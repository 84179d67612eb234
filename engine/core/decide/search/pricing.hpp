// Prices of shared resources for one goal of a relaxed problem: each workload takes the variant
// that is cheapest for it, what the resources are worth is taken off, and the rest is less than any
// assignment costs (Lagrangian relaxation; Held and Karp 1970, Geoffrion 1974). Prices are raised
// where too much is taken and lowered elsewhere (subgradient steps after Polyak 1969).
//
// Doubles with + - * / only. Memory is kept from one begin() to the next. One owner.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/core/decide/search/relaxed_problem.hpp"

namespace wanwise::core {

class Pricing {
 public:
  /// Asked before work, in units of SolveLimits::nodes; false ends the work.
  using Spend = std::function<bool(std::uint64_t)>;
  struct Question {
    Goal goal = Goal::unmet_critical;
    Cost most;                ///< what earlier goals may cost, without the prices of targets
    std::int64_t target = 0;  ///< of this goal: beyond it nothing is of interest
    std::int64_t grain = 1;   ///< whose multiples its values are
  };

  /// What is known of a target in a part of the problem.
  struct Station {
    double measure = RelaxedProblem::kEndless;  ///< it stays within
    std::size_t least_skew = 0;                 ///< level
    std::size_t largest_skew = RelaxedProblem::kLevels;
  };

  /// `removed`: by variant. `stations`: by target. Both the problem and the situation must outlive
  /// the use of this.
  void begin(RelaxedProblem& problem, const Situation& situation, const std::vector<char>& removed,
             const std::vector<Station>& stations, const Question& question);
  /// The best bound found within `steps`; its prices are left in `prices`, which it starts from.
  double raise(std::vector<double>& prices, std::size_t steps, const Spend& spend, bool& spent);
  /// Calls remove(variant) for those so dear at these prices that whoever takes them is beyond the
  /// target.
  template <class Remove>
  void drop_dear(const std::vector<double>& prices, Remove remove) {
    const double value = take_cheapest(prices);
    for (const Choice& choice : m_choices) {
      double lowest = price_of(choice.first, prices);
      for (std::size_t p = choice.first + 1; p < choice.last; ++p) {
        lowest = std::min(lowest, price_of(p, prices));
      }
      for (std::size_t p = choice.first; p < choice.last; ++p) {
        const double beyond = value + (price_of(p, prices) - lowest) * kSure;
        if (beyond > static_cast<double>(m_question.target)) remove(m_active[p]);
      }
    }
  }

  /// Variants left, by workload.
  [[nodiscard]] const std::vector<std::size_t>& active() const { return m_active; }
  [[nodiscard]] const std::vector<double>& costs() const { return m_cost; }
  /// How often each of them was cheapest while prices moved, late steps counting more; of each
  /// workload they add up to 1.
  [[nodiscard]] const std::vector<double>& shares() const { return m_share; }
  /// Units of work of one look at all variants.
  [[nodiscard]] std::uint64_t units() const;
  /// The cheapest item of each workload at these prices.
  const std::vector<std::int32_t>& cheapest(const std::vector<double>& prices);
  /// The item of each workload that was cheapest most often.
  const std::vector<std::int32_t>& most_often();
  /// The measure up to which something held remains on the target.
  [[nodiscard]] double measure(std::size_t target) const { return m_measure[target]; }

 private:
  struct Choice {
    std::size_t first = 0;
    std::size_t last = 0;
  };

  /// Less than what a difference of two prices can have been rounded by.
  static constexpr double kSure = 1 - 1e-9;

  void limit_targets(const std::vector<Station>& stations);
  void limit_skew(std::size_t target, const Station& station);
  void limit_links();
  void limit_goals();
  void add_uses();
  void add_resources(const RelaxedProblem::Variant& variant);
  double take_cheapest(const std::vector<double>& prices);
  [[nodiscard]] double price_of(std::size_t place, const std::vector<double>& prices) const {
    double price = m_cost[place];
    for (std::size_t u = m_first_use[place]; u < m_first_use[place + 1]; ++u) {
      price += m_uses[u].amount * prices[m_uses[u].resource];
    }
    return price;
  }
  [[nodiscard]] bool settled(double bound) const;
  void start_mixture(const std::vector<double>& prices);
  void add_usage(std::size_t place, double share);
  void mix(const std::vector<double>& prices);
  void shift(const std::vector<double>& prices, std::size_t from, std::size_t to, double gain);
  [[nodiscard]] double pressed(const std::vector<double>& prices, std::size_t resource) const;

  RelaxedProblem* m_problem = nullptr;
  const Situation* m_situation = nullptr;
  Question m_question;
  std::vector<std::size_t> m_active;
  std::vector<Choice> m_choices;         ///< places in m_active of each workload
  std::vector<double> m_cost;            ///< by place
  std::vector<std::size_t> m_first_use;  ///< by place, and one after the last
  std::vector<RelaxedProblem::Use> m_uses;
  std::vector<std::size_t> m_limited;         ///< earlier goals that limit
  std::vector<double> m_measure;              ///< by target
  std::vector<RelaxedProblem::Room> m_rooms;  ///< by target
  std::vector<double> m_floor;                ///< by target: least skew, of the largest there is
  std::vector<double> m_ceiling;              ///< by target: largest skew
  std::vector<double> m_capacity;             ///< by resource
  std::vector<double> m_dearest;              ///< highest price by resource
  std::vector<double> m_usage;                ///< of the mixture, by resource
  std::vector<double> m_pressed;
  std::vector<RelaxedProblem::Use> m_change;
  std::vector<std::size_t> m_taken;  ///< by workload: place that is cheapest
  std::vector<double> m_share;       ///< by place
  /// The goal costs nobody anything: it is only asked whether there is room for all. Then any bound
  /// above 0 could be had any number of times, by so many times the prices. (What exceeds the data
  /// plans is told by prices alone, which have a limit.)
  bool m_flat = false;
  double m_stiffness = 1;
  std::vector<std::int32_t> m_items;
};

}  // namespace wanwise::core
