// What an engine had carried out, workload by workload, and whether the policy's bounds were kept:
// moves in any hour, the dwell, no way there and back within it, no climb before return-after. One
// owner.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/core/model.hpp"
#include "engine/core/place.hpp"

namespace wanwise::acceptance {

struct MoveEntry {
  core::Instant at;  ///< when the action was submitted
  core::Place from, to;
  bool bypass = false;  ///< what it stood on was gone
};

class MoveLedger {
 public:
  explicit MoveLedger(const core::Stability& rules) : m_rules(rules) {}

  void add(const std::string& workload, MoveEntry entry);
  /// The last move came to nothing.
  void undo(const std::string& workload);

  [[nodiscard]] const std::map<std::string, std::vector<MoveEntry>>& moves() const {
    return m_moves;
  }
  [[nodiscard]] int most_in_an_hour() const;
  [[nodiscard]] int total() const;
  [[nodiscard]] int there_and_back() const;  ///< A-B-A within min-dwell, bypasses aside
  /// One line for each bound that was broken.
  [[nodiscard]] std::vector<std::string> broken() const;
  [[nodiscard]] std::string text() const;

 private:
  core::Stability m_rules;
  std::map<std::string, std::vector<MoveEntry>> m_moves;
};

}  // namespace wanwise::acceptance
