#include "engine/core/decide/path/trunk_map.hpp"

#include <algorithm>

#include "engine/core/check.hpp"

namespace wanwise::core {

std::int64_t TrunkMap::delay_of(const Trunk& trunk) {
  return std::clamp<std::int64_t>(trunk.delay.count, 1, kFar / 1'000);
}

TrunkMap::TrunkMap(const Site& site) : m_routers(site.routers.size()) {
  for (const Trunk& trunk : site.trunks) m_rates.push_back(trunk.rate);
  std::sort(m_rates.begin(), m_rates.end());
  m_rates.erase(std::unique(m_rates.begin(), m_rates.end()), m_rates.end());
  m_distance.assign(m_routers * m_routers, kFar);
  for (std::size_t r = 0; r < m_routers; ++r) m_distance[r * m_routers + r] = 0;
  for (const Trunk& trunk : site.trunks) {
    const Index a = index_of(site.routers, trunk.a);
    const Index b = index_of(site.routers, trunk.b);
    WANWISE_CHECK(a != kNone && b != kNone && a != b);
    Line line{static_cast<std::size_t>(a), static_cast<std::size_t>(b), delay_of(trunk), 0};
    const auto rate = std::lower_bound(m_rates.begin(), m_rates.end(), trunk.rate);
    line.level = static_cast<std::size_t>(rate - m_rates.begin());
    for (const std::size_t slot : {line.a * m_routers + line.b, line.b * m_routers + line.a}) {
      m_distance[slot] = std::min(m_distance[slot], line.delay);
    }
    m_trunks.push_back(line);
  }
  if (m_trunks.empty()) return;
  // Floyd and Warshall: a site has at most 32 routers.
  for (std::size_t k = 0; k < m_routers; ++k) {
    for (std::size_t i = 0; i < m_routers; ++i) {
      for (std::size_t j = 0; j < m_routers; ++j) {
        std::int64_t& kept = m_distance[i * m_routers + j];
        kept = std::min(kept, m_distance[i * m_routers + k] + m_distance[k * m_routers + j]);
      }
    }
  }
}

bool TrunkMap::joins(const Line& line, std::size_t a, std::size_t b) const {
  return (line.a == a && line.b == b) || (line.a == b && line.b == a);
}

Index TrunkMap::next(std::size_t from, std::size_t to) const {
  if (from == to || distance(from, to) >= kFar) return kNone;
  for (std::size_t r = 0; r < m_routers; ++r) {
    for (std::size_t t = 0; t < m_trunks.size(); ++t) {
      if (r == from || !joins(m_trunks[t], from, r)) continue;
      if (m_trunks[t].delay + distance(r, to) == distance(from, to)) {
        return static_cast<Index>(t);
      }
    }
  }
  return kNone;
}

std::size_t TrunkMap::level(Bps demand) const {
  return static_cast<std::size_t>(std::lower_bound(m_rates.begin(), m_rates.end(), demand) -
                                  m_rates.begin());
}

bool TrunkMap::wide_enough(Index trunk, std::size_t level) const {
  return at(m_trunks, trunk).level >= level;
}

Index TrunkMap::between(std::size_t a, std::size_t b, std::size_t level) const {
  Index best = kNone;
  for (Index t = 0; t < count(m_trunks); ++t) {
    const Line& line = at(m_trunks, t);
    if (!joins(line, a, b) || line.level < level) continue;
    if (best == kNone || line.delay < at(m_trunks, best).delay) best = t;
  }
  return best;
}

}  // namespace wanwise::core
