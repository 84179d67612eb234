// The places that the cluster closes to a workload, by position in the model. Value type.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "engine/core/model_index.hpp"

namespace wanwise::core {

struct Closures {
  struct Place {
    Index target = kNone;  ///< kNone: to be suspended
    std::string code;
    std::string detail;
    bool operator==(const Place&) const = default;
  };

  std::vector<Place> places;
  bool may_split = true;

  [[nodiscard]] const Place* find(Index target) const {
    const auto found = std::find_if(places.begin(), places.end(),
                                    [&](const Place& place) { return place.target == target; });
    return found == places.end() ? nullptr : &*found;
  }
  bool operator==(const Closures&) const = default;
};

}  // namespace wanwise::core
