#include "sim/study/study.hpp"

namespace wanwise::sim {

std::vector<Cell> Study::cells() const {
  std::vector<Cell> all{Cell{}};
  for (const Factor& factor : factors) {
    std::vector<Cell> longer;
    for (const Cell& cell : all) {
      for (std::size_t level = 0; level < factor.levels.size(); ++level) {
        longer.push_back(cell);
        longer.back().levels.push_back(level);
      }
    }
    all = std::move(longer);
  }
  return all;
}

}  // namespace wanwise::sim
