// Finds the tolls at which the sites of a fleet ask for no more than their pools hold, by bisection
// over the rungs of toll_ladder.hpp, pool after pool. Begins beside the tolls in force, where the
// new ones mostly are. Sites whose use is the same at both ends of the bracket are not asked again
// (a site's use never rises with the toll). Can be worked off in
// small portions. Deterministic: counted work, sites by position. One owner.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/core/decide/situation.hpp"
#include "engine/core/fleet/pool.hpp"
#include "engine/core/fleet/toll_ladder.hpp"

namespace wanwise::core {

/// What a site would do at given tolls.
struct Offer {
  Cost bound;                      ///< no choice of the site costs less, tolls included
  std::vector<std::int64_t> uses;  ///< by pool
  Cost cost{};                     ///< of the choice that uses so much, tolls aside
};

/// Who answers for the sites.
class Bidders {
 public:
  virtual ~Bidders() = default;
  [[nodiscard]] virtual Index sites() const = 0;
  /// `rungs`: the toll of each pool.
  [[nodiscard]] virtual Offer offer(Index site, const std::vector<std::int32_t>& rungs) = 0;
};

/// Adds up the costs of sites. A site on its way to a choice may for a moment overrun a node's
/// memory, which costs as much as there is: such sums stay the largest instead of wrapping.
void add_up(Cost& sum, const Cost& cost);

struct PoolPrice {
  std::int32_t rung = 0;
  std::int64_t use = 0;  ///< by plan, at the tolls found
  bool enough = true;    ///< false: more is asked for even at the dearest toll
  /// Sites, ascending, that the pool still has room for at the rung below.
  std::vector<Index> favoured;
};

class Clearing {
 public:
  /// `bidders` must outlive this. `capacities`: by pool, what may be given out. `in_force`: by
  /// pool, the rungs to begin at; empty: none is in force.
  Clearing(Bidders& bidders, std::vector<std::int64_t> capacities,
           const std::vector<std::int32_t>& in_force = {});

  /// Asks for at most so many offers; true when done.
  bool advance(std::uint64_t offers);
  [[nodiscard]] bool done() const { return m_phase == Phase::done; }
  [[nodiscard]] std::uint64_t asked() const { return m_asked; }

  // Once done:
  [[nodiscard]] const std::vector<PoolPrice>& prices() const { return m_prices; }
  /// No joint choice within the capacities costs less.
  [[nodiscard]] const Cost& bound() const { return m_bound; }
  /// Of what the sites offered at the tolls found; before what is left over goes to the favoured.
  [[nodiscard]] const Cost& plan_cost() const { return m_plan_cost; }

 private:
  enum class Phase : std::uint8_t {
    lowest,   ///< no toll
    dearest,  ///< the dearest
    cheaper,  ///< from one at which it was enough, downwards by growing steps
    dearer,   ///< from one at which it was not, upwards
    between,
    final,
    done,
  };
  /// What a site uses of the pool at both ends of the bracket.
  struct Bracket {
    std::int64_t low = 0;
    std::int64_t high = 0;
  };

  [[nodiscard]] bool known(Index site) const;
  void begin(Phase phase, std::int32_t rung);
  void ask(Index site);
  void begin_pool();
  void conclude();
  void conclude_step(bool enough);
  void keep_answers(std::int64_t Bracket::*end);
  void bisect();
  void settle(std::int32_t rung);
  void favour(PoolPrice& price) const;

  Bidders& m_bidders;
  std::vector<std::int64_t> m_capacities;
  std::vector<PoolPrice> m_prices;
  std::vector<Bracket> m_brackets;
  std::vector<std::int64_t> m_answers;  ///< by site, of the pass under way
  Phase m_phase = Phase::lowest;
  std::size_t m_pool = 0;
  std::int32_t m_round = 0;
  std::int32_t m_low = 0;             ///< rung at which too much is asked for
  std::int32_t m_high = 0;            ///< rung at which it is enough
  std::int32_t m_rung = 0;            ///< of the pass under way
  std::int32_t m_step = 0;            ///< to the next one, while looking for a bracket
  std::vector<std::int32_t> m_rungs;  ///< by pool, of the pass under way
  Index m_site = 0;                   ///< next to be asked
  Cost m_pass_bound;
  bool m_moved = false;  ///< a price changed in this round
  std::uint64_t m_asked = 0;
  Cost m_bound;
  Cost m_plan_cost;
};

}  // namespace wanwise::core
