// Where a router's models want something that they have in two places: an older one, deprecated
// since its successor came and obsolete in 26.1.1, and the newer one, which earlier releases do not
// know. The default is what every release before that takes. Pure values; any thread.
#pragma once

#include "adapters/iosxe/release/features.hpp"

namespace wanwise::iosxe {

struct Dialect {
  bool tracked_object_v2 = false;    ///< track/tracked-object-v2, else tracked-object
  bool access_list_ordered = false;  ///< match/ip/address/access-list-ordered, else access-list
  bool operator==(const Dialect&) const = default;
};

[[nodiscard]] inline Dialect dialect_of(const FeatureSet& features) {
  return {features.has(Feature::tracked_object_v2), features.has(Feature::access_list_ordered)};
}

}  // namespace wanwise::iosxe
