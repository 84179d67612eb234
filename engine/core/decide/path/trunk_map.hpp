// The trunks of a site as its interior routing sees them: who is how far by the fastest trunks, and
// which trunk comes next on that way. Also the steps of bandwidth by which a way may be asked for.
// Immutable; any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/model.hpp"
#include "engine/core/model_index.hpp"

namespace wanwise::core {

class TrunkMap {
 public:
  /// No trunks lead there. Twice of it still fits.
  static constexpr std::int64_t kFar = INT64_MAX / 4;

  explicit TrunkMap(const Site& site);

  /// One way, µs; at least 1, so that every step of a way brings it nearer to its end.
  [[nodiscard]] static std::int64_t delay_of(const Trunk& trunk);

  [[nodiscard]] bool empty() const { return m_trunks.empty(); }
  /// One way, µs.
  [[nodiscard]] std::int64_t distance(std::size_t from, std::size_t to) const {
    return m_distance[from * m_routers + to];
  }
  /// First trunk of the fastest way; of equal ones the one over the lower router, then the lower
  /// trunk. kNone: there, or out of reach.
  [[nodiscard]] Index next(std::size_t from, std::size_t to) const;

  /// Number of distinct rates below `demand`: demands of one level are carried by the same trunks.
  [[nodiscard]] std::size_t level(Bps demand) const;
  [[nodiscard]] std::size_t levels() const { return m_rates.size() + 1; }
  [[nodiscard]] bool wide_enough(Index trunk, std::size_t level) const;
  /// The fastest of the trunks between neighbours that are wide enough, then the lower one.
  [[nodiscard]] Index between(std::size_t a, std::size_t b, std::size_t level) const;

 private:
  struct Line {
    std::size_t a = 0;
    std::size_t b = 0;
    std::int64_t delay = 0;
    std::size_t level = 0;  ///< highest level it carries
  };

  [[nodiscard]] bool joins(const Line& line, std::size_t a, std::size_t b) const;

  std::size_t m_routers = 0;
  std::vector<Line> m_trunks;
  std::vector<Bps> m_rates;  ///< distinct, ascending
  std::vector<std::int64_t> m_distance;
};

}  // namespace wanwise::core
