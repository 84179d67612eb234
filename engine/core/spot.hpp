// A Place by positions in the model: what the engine keeps and compares, without names. 16 bytes in
// place of 104. Value type; the functions are pure.
#pragma once

#include <cstdint>

#include "engine/core/model_index.hpp"
#include "engine/core/place.hpp"

namespace wanwise::core {

/// Stands for every target that the model lacks.
inline constexpr Index kElsewhere = -2;

struct Spot {
  Index target = kNone;          ///< kNone: suspended; or kElsewhere
  Index split_target = kNone;    ///< kNone: `target` serves all; or kElsewhere
  std::int32_t split_share = 0;  ///< ppm of the requests, where there is a second target
  std::int32_t rung = 0;         ///< of Workload::ladder

  [[nodiscard]] bool splits() const { return split_target != kNone; }
  /// `t`: not kNone.
  [[nodiscard]] bool uses(Index t) const { return target == t || split_target == t; }
  bool operator==(const Spot&) const = default;
};

/// The same targets with the same shares, whatever the rung.
[[nodiscard]] inline bool same_targets(const Spot& a, const Spot& b) {
  return a.target == b.target && a.split_target == b.split_target && a.split_share == b.split_share;
}

[[nodiscard]] Spot spot_of(const Model& model, const Place& place);
/// A target that the model lacks has no name here: it is left out.
[[nodiscard]] Place place_of(const Model& model, const Spot& spot);

}  // namespace wanwise::core
