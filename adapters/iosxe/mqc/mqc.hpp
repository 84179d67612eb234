// The modular QoS configuration (MQC) of IOS as plain values, with what wanwise sets up beside it
// (provision/provision.hpp): what stands between core::RouterQos and the XML or CLI of a router. It
// holds what wanwise owns there and nothing else. Things wanwise never writes are kept as `other`,
// so that they are seen as a difference and not as ours. Value types; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/iosxe/provision/provision.hpp"
#include "engine/core/qos.hpp"

namespace wanwise::iosxe {

/// One entry of an access list: permits a flow, denies everything, or is none of ours.
struct AclRule {
  enum class Kind : std::uint8_t { permit, deny_all, other };
  Kind kind = Kind::permit;
  core::FlowMatch flow;  ///< of permit
  auto operator<=>(const AclRule&) const = default;
};

/// By sequence number. The rules permit or deny alone, so their order has no meaning.
struct Acl {
  std::map<std::uint32_t, AclRule> rules;
};
[[nodiscard]] bool operator==(const Acl& a, const Acl& b);

struct ClassMap {
  bool match_any = true;
  std::vector<core::Dscp> dscps;  ///< sorted
  std::vector<std::string> acls;
  bool other = false;  ///< it also holds statements wanwise does not write
  bool operator==(const ClassMap&) const = default;
};

enum class ActionKind : std::uint8_t {
  remaining_percent,
  fair_queue,
  priority_percent,
  queue_limit,  ///< packets; behind the share that IOS wants a class to have first
  set_dscp,
  shape_bps,  ///< before child_policy: a parent shapes first, then names its child
  child_policy,
  other,
};

struct PolicyAction {
  ActionKind kind = ActionKind::other;
  std::int64_t number = 0;  ///< percent, packets, bit/s or code point
  std::string text;         ///< the child policy's name; the action-type of `other`
  std::int64_t burst = 0;   ///< bytes, of a priority's policer; 0: not stated
  auto operator<=>(const PolicyAction&) const = default;
};

struct PolicyClass {
  std::string name;
  std::vector<PolicyAction> actions;  ///< sorted
  bool operator==(const PolicyClass&) const = default;
};

struct PolicyMap {
  std::vector<PolicyClass> classes;  ///< in the order they match
  std::string description;           ///< empty, or what interval_note() says
  bool operator==(const PolicyMap&) const = default;
};

enum class Side : std::uint8_t { input, output };

/// Everything wanwise owns on one router. What a WANWISE-PM-* needs and what the rest needs do not
/// meet, but for access lists, which classes and paths both have.
struct Mqc {
  std::map<std::string, Acl> acls;
  std::map<std::string, ClassMap> class_maps;
  std::map<std::string, PolicyMap> policy_maps;
  std::map<std::pair<std::string, Side>, std::string>
      attachments;  ///< interface and side -> policy
  /// Interface -> seconds. The leaf bears no name: it is ours where the policy map at the
  /// interface's output notes its value.
  std::map<std::string, std::uint32_t> load_intervals;
  Probes probes;
  Steering steering;
  bool operator==(const Mqc&) const = default;
  [[nodiscard]] bool empty() const { return *this == Mqc{}; }
};

/// Whether everything in `part` stands in `whole`, equal.
[[nodiscard]] bool contains(const Mqc& whole, const Mqc& part);

/// "Cellular0/1/0" -> {"Cellular", "0/1/0"}; nothing for a kind the projection does not have.
struct InterfaceName {
  std::string kind;
  std::string number;
};
[[nodiscard]] std::optional<InterfaceName> split_interface(const std::string& name);
/// The kinds split_interface() knows: the lists of /native/interface in the projection.
[[nodiscard]] const std::vector<std::string>& interface_kinds();

}  // namespace wanwise::iosxe
