// Which of the things wanwise uses a router has, told by the revisions of its YANG modules:
// software strings name trains and rebuilds, a revision names exactly the leaves. A module that is
// absent or too old takes away the named feature and nothing else; a revision newer than any known
// is taken to have what the newest known one has. Pure values; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace wanwise::iosxe {

enum class Feature : std::uint8_t {
  interface_counters,
  class_queues,
  lte,
  nr5g,
  active_apn,
  ip_sla,
  ip_sla_reactions,
  process_cpu,
  platform_memory,
  app_hosting,
  bfd,
  yang_push,
  native_notifications,
  on_change_capabilities,
  subscription_limits,
  ip_sla_config,
  track_config,
  route_map,
  tracked_object_v2,
  access_list_ordered,
};
inline constexpr std::size_t kFeatureCount = 20;

/// One line of the table. Revisions are YYYY-MM-DD, so text order is time order.
struct FeatureRule {
  Feature feature;
  std::string_view name;    ///< for people and doctor
  std::string_view module;  ///< whose revision tells
  std::string_view since;   ///< first revision that has it
};

/// All rules, in the order of the enum.
[[nodiscard]] const std::array<FeatureRule, kFeatureCount>& feature_table();
[[nodiscard]] std::string_view to_string(Feature feature);
/// The modules whose revisions tell of features and of releases.
[[nodiscard]] const std::set<std::string_view>& telling_modules();

/// Module -> revision, as the router lists its implemented modules.
using ModuleRevisions = std::map<std::string, std::string, std::less<>>;

struct FeatureState {
  bool present = false;
  std::string reason;  ///< "Cisco-IOS-XE-cellwan-oper 2022-11-01, needs 2024-03-01"
  bool operator==(const FeatureState&) const = default;
};

class FeatureSet {
 public:
  /// What a router has whose modules could not be read: all that 17.6.1, the oldest release wanwise
  /// supports, has.
  FeatureSet();
  explicit FeatureSet(const ModuleRevisions& modules);

  [[nodiscard]] bool has(Feature feature) const { return state(feature).present; }
  [[nodiscard]] const FeatureState& state(Feature feature) const;
  bool operator==(const FeatureSet&) const = default;

 private:
  std::array<FeatureState, kFeatureCount> m_states;
};

/// The newest release whose modules the router has all of, by the revisions of the modules wanwise
/// uses: "17.15.1 or later"; empty when it is older than 17.6.1. For people only.
[[nodiscard]] std::string release_hint(const ModuleRevisions& modules);

}  // namespace wanwise::iosxe
