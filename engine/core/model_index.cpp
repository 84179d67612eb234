#include "engine/core/model_index.hpp"

namespace wanwise::core {

Index target_count(const Model& model) {
  return count(model.site.nodes) + count(model.site.clouds);
}

bool is_cloud(const Model& model, Index target) {
  return target >= count(model.site.nodes);
}

Index target_index(const Model& model, const TargetName& name) {
  if (const Index node = index_of(model.site.nodes, name); node != kNone) return node;
  const Index cloud = index_of(model.site.clouds, name);
  return cloud == kNone ? kNone : count(model.site.nodes) + cloud;
}

const TargetName& target_name(const Model& model, Index target) {
  if (!is_cloud(model, target)) return at(model.site.nodes, target).name;
  return at(model.site.clouds, target - count(model.site.nodes)).name;
}

const DeviceProfile& target_profile(const Model& model, Index target) {
  const DeviceName& device = is_cloud(model, target)
                                 ? at(model.site.clouds, target - count(model.site.nodes)).device
                                 : at(model.site.nodes, target).device;
  const auto profile = model.profiles.find(device);
  WANWISE_CHECK(profile != model.profiles.end());
  return profile->second;
}

}  // namespace wanwise::core
