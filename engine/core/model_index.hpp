// Positions in a Model's vectors: how names become the indices that decisions compute with. Targets
// are numbered nodes first, then clouds. Lookups of names that the model lacks give kNone;
// positions must be valid.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/core/check.hpp"
#include "engine/core/model.hpp"

namespace wanwise::core {

using Index = std::int32_t;
inline constexpr Index kNone = -1;

template <class T>
[[nodiscard]] Index count(const std::vector<T>& items) {
  return static_cast<Index>(items.size());
}

template <class T>
[[nodiscard]] const T& at(const std::vector<T>& items, Index position) {
  WANWISE_CHECK(position >= 0 && position < count(items));
  return items[static_cast<std::size_t>(position)];
}
template <class T>
[[nodiscard]] T& at(std::vector<T>& items, Index position) {
  WANWISE_CHECK(position >= 0 && position < count(items));
  return items[static_cast<std::size_t>(position)];
}

template <class T>
[[nodiscard]] Index count(const SharedVector<T>& items) {
  return count(items.items());
}
template <class T>
[[nodiscard]] const T& at(const SharedVector<T>& items, Index position) {
  return at(items.items(), position);
}
template <class T>
[[nodiscard]] T& at(SharedVector<T>& items, Index position) {
  return at(items.own(), position);
}

/// Position of a name in a vector sorted by `name`.
template <class T, class Tag>
[[nodiscard]] Index index_of(const std::vector<T>& items, const Name<Tag>& name) {
  const auto found =
      std::lower_bound(items.begin(), items.end(), name,
                       [](const T& item, const Name<Tag>& n) { return item.name < n; });
  if (found == items.end() || found->name != name) return kNone;
  return static_cast<Index>(found - items.begin());
}

template <class T, class Tag>
[[nodiscard]] Index index_of(const SharedVector<T>& items, const Name<Tag>& name) {
  return index_of(items.items(), name);
}

[[nodiscard]] Index target_count(const Model& model);
[[nodiscard]] Index target_index(const Model& model, const TargetName& name);
[[nodiscard]] const TargetName& target_name(const Model& model, Index target);
[[nodiscard]] const DeviceProfile& target_profile(const Model& model, Index target);
[[nodiscard]] bool is_cloud(const Model& model, Index target);

}  // namespace wanwise::core
