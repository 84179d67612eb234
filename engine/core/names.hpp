// Typed names of the things a site is made of. A router's name can not be passed where a link's is
// wanted.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace wanwise::core {

template <class Tag>
struct Name {
  std::string text;

  Name() = default;
  explicit Name(std::string t) : text(std::move(t)) {}

  auto operator<=>(const Name&) const = default;
  [[nodiscard]] bool empty() const { return text.empty(); }
};

using SiteName = Name<struct SiteTag>;
using PolicyName = Name<struct PolicyTag>;
using RouterName = Name<struct RouterTag>;
using LinkName = Name<struct LinkTag>;
using TrunkName = Name<struct TrunkTag>;
using TargetName = Name<struct TargetTag>;  ///< where a workload can run: an edge node or a cloud
using SourceName = Name<struct SourceTag>;
using ClassName = Name<struct ClassTag>;
using WorkloadName = Name<struct WorkloadTag>;
using DeviceName = Name<struct DeviceTag>;  ///< a device profile, such as jetson-tx2
using ModelName = Name<struct ModelTag>;    ///< an inference model, such as resnet-50
using PowerModeName = Name<struct PowerModeTag>;

}  // namespace wanwise::core

template <class Tag>
struct std::hash<wanwise::core::Name<Tag>> {
  std::size_t operator()(const wanwise::core::Name<Tag>& name) const noexcept {
    return std::hash<std::string>{}(name.text);
  }
};
