// When a workload's users suffer, and how long it takes until it is moved out of it. A second is
// bad when more than a quarter of the requests that ended in it missed; two bad seconds in a row
// begin a spell, at the moment the first missed request was sent; five seconds without a miss end
// it. One owner; not thread-safe.
#pragma once

#include <optional>
#include <vector>

#include "engine/core/units.hpp"

namespace wanwise::sim {

class BadSpells {
 public:
  struct Second {
    std::int64_t ended = 0, missed = 0;
    std::optional<core::Instant> first_miss;  ///< when the earliest missed request was sent
  };
  void second(const Second& what);
  /// The workload is ready at another place or rung. In a spell: the answer to it.
  void moved(core::Instant at);

  /// From the beginning of a spell to its answer. Spells that nobody answered are not in it.
  [[nodiscard]] const std::vector<core::Micros>& answered() const { return m_answered; }

 private:
  std::optional<core::Instant> m_since;  ///< of the spell, once it may have begun
  int m_bad = 0;                         ///< in a row
  int m_quiet = 0;                       ///< seconds without a miss, in a row
  bool m_open = false;                   ///< a spell that has no answer yet
  std::vector<core::Micros> m_answered;
};

}  // namespace wanwise::sim
