#include "adapters/iosxe/mqc/qos_mqc.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/provision/probe_numbers.hpp"

namespace wanwise::iosxe {
namespace {

/// Room between the entries of an access list, as the CLI numbers them.
constexpr std::uint32_t kSequenceStep = 10;
/// Cisco-IOS-XE-policy: queue-limit "<1-8192000> in packets", priority/burst "32..2000000".
constexpr std::uint32_t kMostQueueLimit = 8'192'000;
constexpr std::int64_t kLeastBurst = 32;
constexpr std::int64_t kMostBurst = 2'000'000;

// ---- RouterQos -> Mqc

/// A class without flows must match nothing. An access list without entries would match everything,
/// so it gets one entry that denies all.
Acl marking_acl(const std::vector<core::FlowMatch>& flows) {
  Acl acl;
  std::uint32_t sequence = 0;
  for (const core::FlowMatch& flow : flows)
    acl.rules[sequence += kSequenceStep] = AclRule{AclRule::Kind::permit, flow};
  if (flows.empty()) acl.rules[kSequenceStep] = AclRule{AclRule::Kind::deny_all, {}};
  return acl;
}

PolicyClass marking_class(std::string name, core::Dscp dscp) {
  return {std::move(name), {{ActionKind::set_dscp, dscp.value, {}}}};
}

void add_marking(Mqc& mqc, const std::vector<core::MarkingRule>& marking,
                 const std::string& lan_interface) {
  if (marking.empty()) return;
  PolicyMap policy;
  for (const core::MarkingRule& rule : marking) {
    const std::string acl = acl_name(rule.service_class);
    const std::string class_map = marking_class_map(rule.service_class);
    mqc.acls[acl] = marking_acl(rule.flows);
    mqc.class_maps[class_map].acls = {acl};
    policy.classes.push_back(marking_class(class_map, rule.dscp));
  }
  // The queues trust the code point, so nobody else's traffic may claim one.
  policy.classes.push_back(marking_class(std::string{kClassDefault}, core::Dscp{0}));
  mqc.policy_maps[std::string{kMarkPolicy}] = std::move(policy);
  mqc.attachments[{lan_interface, Side::input}] = kMarkPolicy;
}

PolicyClass default_queue(std::uint32_t percent) {
  PolicyClass queue{std::string{kClassDefault}, {}};
  if (percent > 0) queue.actions.push_back({ActionKind::remaining_percent, percent, {}});
  queue.actions.push_back({ActionKind::fair_queue, 0, {}});
  return queue;
}

void add_wan(Mqc& mqc, const core::WanQos& wan) {
  PolicyMap child;
  for (const core::QueueShare& queue : wan.queues) {
    const std::string class_map = queue_class_map(queue.service_class);
    const ActionKind kind = queue.kind == core::QueueKind::priority ? ActionKind::priority_percent
                                                                    : ActionKind::remaining_percent;
    mqc.class_maps[class_map].dscps = {queue.dscp};
    PolicyClass made{class_map, {{kind, queue.percent, {}, queue.burst.count}}};
    if (queue.queue_limit > 0)
      made.actions.push_back({ActionKind::queue_limit, queue.queue_limit, {}});
    child.classes.push_back(std::move(made));
  }
  child.classes.push_back(default_queue(wan.default_percent));
  const std::string child_name = child_policy(wan.link);
  const std::string parent_name = parent_policy(wan.link);
  mqc.policy_maps[child_name] = std::move(child);
  mqc.policy_maps[parent_name] = PolicyMap{{{std::string{kClassDefault},
                                             {{ActionKind::shape_bps, wan.shaper.count, {}},
                                              {ActionKind::child_policy, 0, child_name}}}},
                                           {}};
  mqc.attachments[{wan.interface, Side::output}] = parent_name;
  if (wan.load_interval == 0) return;
  mqc.load_intervals[wan.interface] = wan.load_interval;
  mqc.policy_maps[parent_name].description = interval_note(wan.load_interval);
}

core::Unexpected<core::Error> invalid(std::string what) {
  return core::fail(errors::kInvalidQos, std::move(what));
}

core::Expected<void> check_marking(const core::RouterQos& qos, NameTable& names) {
  std::set<core::ClassName> seen;
  for (const core::MarkingRule& rule : qos.marking) {
    const std::string& name = rule.service_class.text;
    if (!seen.insert(rule.service_class).second) return invalid("class " + name + " marked twice");
    if (auto added = names.add(rule.service_class); !added) return added;
    if (rule.flows.size() > kMaxFlowsPerClass)
      return invalid("class " + name + " has more than 1000 flows");
    for (const core::FlowMatch& flow : rule.flows) {
      if (flow.port == 0) return invalid("class " + name + ": port 0");
    }
  }
  if (!qos.marking.empty() && !split_interface(qos.lan_interface))
    return core::fail(errors::kUnsupportedInterface, "LAN interface '" + qos.lan_interface + "'");
  return {};
}

bool burst_fits(const core::QueueShare& queue) {
  if (queue.burst.count == 0) return true;
  return queue.kind == core::QueueKind::priority && queue.burst.count >= kLeastBurst &&
         queue.burst.count <= kMostBurst;
}

core::Expected<void> check_queues(const core::WanQos& wan, NameTable& names,
                                  std::map<core::ClassName, core::Dscp>& dscps) {
  std::set<core::ClassName> seen;
  std::uint64_t remaining = wan.default_percent;
  for (const core::QueueShare& queue : wan.queues) {
    const std::string where = "link " + wan.link.text + ", class " + queue.service_class.text;
    if (auto added = names.add(queue.service_class); !added) return added;
    if (!seen.insert(queue.service_class).second) return invalid(where + ": twice");
    if (queue.percent < 1 || queue.percent > 100) return invalid(where + ": percent not 1..100");
    if (queue.queue_limit > kMostQueueLimit) return invalid(where + ": queue limit over 8192000");
    if (!burst_fits(queue)) return invalid(where + ": burst not 32..2000000 of a priority class");
    if (dscps.try_emplace(queue.service_class, queue.dscp).first->second != queue.dscp)
      return invalid(where + ": another code point than on another link");
    if (queue.kind == core::QueueKind::remaining) remaining += queue.percent;
  }
  if (remaining != 100) return invalid("link " + wan.link.text + ": shares do not sum to 100");
  return {};
}

/// Cisco-IOS-XE-native, load-interval; 0: not wanwise's to set.
bool is_load_interval(std::uint32_t seconds) {
  return seconds == 0 || (seconds >= 30 && seconds <= 600 && seconds % 30 == 0);
}

core::Expected<void> check_wans(const core::RouterQos& qos, NameTable& names) {
  std::map<core::ClassName, core::Dscp> dscps;
  std::set<std::string> interfaces;
  std::set<core::LinkName> links;
  for (const core::WanQos& wan : qos.wans) {
    if (auto added = names.add(wan.link); !added) return added;
    if (!split_interface(wan.interface))
      return core::fail(errors::kUnsupportedInterface, "interface '" + wan.interface + "'");
    if (!links.insert(wan.link).second || !interfaces.insert(wan.interface).second)
      return invalid("link " + wan.link.text + " or its interface stands twice");
    if (wan.shaper.count <= 0) return invalid("link " + wan.link.text + ": shaper not positive");
    if (!is_load_interval(wan.load_interval))
      return invalid("link " + wan.link.text + ": load-interval not 30..600 in steps of 30");
    if (auto checked = check_queues(wan, names, dscps); !checked) return checked;
  }
  return {};
}

// ---- Mqc -> RouterQos

/// "WANWISE-CM-VIDEO-IN" between "WANWISE-CM-" and "-IN" -> "VIDEO".
std::optional<std::string_view> token_of(std::string_view name, std::string_view prefix,
                                         std::string_view suffix) {
  if (name.size() <= prefix.size() + suffix.size()) return std::nullopt;
  if (!name.starts_with(prefix) || !name.ends_with(suffix)) return std::nullopt;
  return name.substr(prefix.size(), name.size() - prefix.size() - suffix.size());
}

const PolicyAction* action_of(const PolicyClass& policy_class, ActionKind kind) {
  for (const PolicyAction& action : policy_class.actions) {
    if (action.kind == kind) return &action;
  }
  return nullptr;
}

std::optional<core::MarkingRule> read_rule(const Mqc& mqc, const PolicyClass& policy_class,
                                           const NameTable& names) {
  const auto token = token_of(policy_class.name, kClassMapPrefix, kInSuffix);
  const PolicyAction* set = action_of(policy_class, ActionKind::set_dscp);
  const auto acl = mqc.acls.find(std::string{kAclPrefix} + std::string{token.value_or("")});
  if (!token || set == nullptr || acl == mqc.acls.end()) return std::nullopt;
  core::MarkingRule rule{names.class_of(*token), {static_cast<std::uint8_t>(set->number)}, {}};
  for (const auto& [sequence, entry] : acl->second.rules) {
    if (entry.kind == AclRule::Kind::permit) rule.flows.push_back(entry.flow);
  }
  std::sort(rule.flows.begin(), rule.flows.end());
  return rule;
}

std::vector<core::MarkingRule> read_marking(const Mqc& mqc, const NameTable& names,
                                            const std::string& lan_interface) {
  const auto policy = mqc.policy_maps.find(std::string{kMarkPolicy});
  std::vector<core::MarkingRule> marking;
  if (policy == mqc.policy_maps.end()) return marking;
  for (const PolicyClass& policy_class : policy->second.classes) {
    if (auto rule = read_rule(mqc, policy_class, names)) marking.push_back(std::move(*rule));
  }
  std::sort(marking.begin(), marking.end(),
            [](const auto& a, const auto& b) { return a.service_class < b.service_class; });
  Mqc again;
  add_marking(again, marking, lan_interface);
  if (!contains(mqc, again)) marking.clear();
  return marking;
}

void read_child(const Mqc& mqc, const PolicyMap& child, const NameTable& names, core::WanQos& wan) {
  for (const PolicyClass& policy_class : child.classes) {
    const PolicyAction* share = action_of(policy_class, ActionKind::remaining_percent);
    const PolicyAction* priority = action_of(policy_class, ActionKind::priority_percent);
    if (policy_class.name == kClassDefault) {
      wan.default_percent = share != nullptr ? static_cast<std::uint32_t>(share->number) : 0;
      continue;
    }
    const auto token = token_of(policy_class.name, kClassMapPrefix, {});
    const auto class_map = mqc.class_maps.find(policy_class.name);
    const PolicyAction* action = priority != nullptr ? priority : share;
    const PolicyAction* limit = action_of(policy_class, ActionKind::queue_limit);
    if (!token || action == nullptr || class_map == mqc.class_maps.end()) continue;
    if (class_map->second.dscps.size() != 1) continue;
    wan.queues.push_back(
        {names.class_of(*token), class_map->second.dscps.front(),
         priority != nullptr ? core::QueueKind::priority : core::QueueKind::remaining,
         static_cast<std::uint32_t>(action->number),
         limit != nullptr ? static_cast<std::uint32_t>(limit->number) : 0U,
         core::Bytes{action->burst}});
  }
}

std::optional<core::WanQos> read_wan(const Mqc& mqc, const std::string& interface,
                                     const std::string& policy_name, const NameTable& names) {
  const auto token = token_of(policy_name, kPolicyMapPrefix, {});
  const auto parent = mqc.policy_maps.find(policy_name);
  if (!token || parent == mqc.policy_maps.end() || parent->second.classes.size() != 1)
    return std::nullopt;
  const PolicyClass& all = parent->second.classes.front();
  const PolicyAction* shape = action_of(all, ActionKind::shape_bps);
  const PolicyAction* child = action_of(all, ActionKind::child_policy);
  if (shape == nullptr || child == nullptr) return std::nullopt;
  const auto queues = mqc.policy_maps.find(child->text);
  if (queues == mqc.policy_maps.end()) return std::nullopt;
  core::WanQos wan{names.link_of(*token), interface, core::Bps{shape->number}, {}, 0};
  const auto interval = mqc.load_intervals.find(interface);
  if (interval != mqc.load_intervals.end()) wan.load_interval = interval->second;
  read_child(mqc, queues->second, names, wan);
  Mqc again;
  add_wan(again, wan);
  if (!contains(mqc, again)) return std::nullopt;
  return wan;
}

}  // namespace

core::Expected<Mqc> to_mqc(const core::RouterQos& qos, const LinkPaths& paths) {
  NameTable names;
  if (auto checked = check_marking(qos, names); !checked) return core::Unexpected{checked.error()};
  if (auto checked = check_wans(qos, names); !checked) return core::Unexpected{checked.error()};
  if (auto checked = check_probes(qos, names); !checked) return core::Unexpected{checked.error()};
  if (auto checked = check_steering(qos, paths); !checked) return core::Unexpected{checked.error()};
  Mqc mqc;
  add_marking(mqc, qos.marking, qos.lan_interface);
  for (const core::WanQos& wan : qos.wans) add_wan(mqc, wan);
  add_probes(mqc, qos.probes);
  add_steering(mqc, qos, paths);
  return mqc;
}

std::optional<core::RouterQos> from_mqc(const Mqc& observed, const NameTable& names,
                                        const RouterConfig& config) {
  if (observed.empty()) return std::nullopt;
  const Mqc mqc = as_the_site_numbers(observed, config);
  core::RouterQos qos{config.router, config.lan_interface, {}, {}};
  for (const auto& [where, policy] : mqc.attachments) {
    if (where.second == Side::input && policy == kMarkPolicy) {
      qos.lan_interface = where.first;
      if (where.first == config.lan_interface) break;
    }
  }
  qos.marking = read_marking(mqc, names, qos.lan_interface);
  for (const auto& [where, policy] : mqc.attachments) {
    if (where.second != Side::output) continue;
    if (auto wan = read_wan(mqc, where.first, policy, names)) qos.wans.push_back(std::move(*wan));
  }
  std::sort(qos.wans.begin(), qos.wans.end(),
            [](const auto& a, const auto& b) { return a.link < b.link; });
  qos.probes = read_probes(mqc, names);
  qos.steering = read_steering(mqc, paths_of(config), qos.lan_interface);
  return qos;
}

}  // namespace wanwise::iosxe
