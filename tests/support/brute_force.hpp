// The oracle of solve(): tries every assignment and keeps the smallest cost; among equals the
// assignment that is smallest position by position ("not run" counts as after the last option).
#pragma once

#include "engine/core/decide/situation.hpp"

namespace wanwise::test {

struct Exhausted {
  core::Assignment chosen;
  core::Cost cost;
  std::uint64_t tried = 0;
};

Exhausted brute_force(const core::Situation& situation);

}  // namespace wanwise::test
