#include "sim/router/config/ios_checks.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

#include "sim/router/config/config_view.hpp"
#include "sim/router/config/sla_checks.hpp"

namespace wanwise::router {
namespace {

constexpr const char* kDefaultClass = "class-default";
constexpr std::uint64_t kMinShaperBps = 8'000;  // `shape average ?` offers <8000-...>
constexpr int kMaxPolicyLevels = 3;             // "hierarchical policies: at most three levels"

struct Check {
  const lyd_node* before;
  const lyd_node* after;
  std::vector<BadCli> refused;

  // `location` is where the argument that IOS could not take begins.
  void refuse(const std::string& command, const std::string& argument, std::string response,
              std::string context) {
    if (refused.size() >= kMaxRefusals) {
      return;
    }
    const std::size_t at = argument.empty() ? std::string::npos : command.rfind(argument);
    refused.push_back({.command = command,
                       .location = at == std::string::npos ? 0U : static_cast<std::uint32_t>(at),
                       .response = std::move(response),
                       .context = std::move(context)});
  }
};

std::string class_map_line(const lyd_node* map) {
  return "class-map " + child_text(map, "prematch") + " " + child_text(map, "name");
}

// An access list that a class map names: missing from the start, or taken away under it.
void check_class_maps(Check& check) {
  const lyd_node* lists = descend(check.after, {"ip", "access-list"});
  const lyd_node* old_lists = descend(check.before, {"ip", "access-list"});
  for (const lyd_node* map : children(child(check.after, "policy"), "class-map")) {
    for (const lyd_node* group : children(descend(map, {"match", "access-group"}), "name")) {
      const std::string name = text(group);
      if (named(lists, "extended", name) != nullptr) {
        continue;
      }
      if (named(old_lists, "extended", name) != nullptr) {
        check.refuse("no ip access-list extended " + name, name,
                     "% Access-list " + name + " is in use by class-map " + child_text(map, "name"),
                     "");
      } else {
        check.refuse("match access-group name " + name, name,
                     "% Access-list " + name + " not found", class_map_line(map));
      }
    }
  }
}

void check_class_exists(Check& check, const std::string& policy, const std::string& name) {
  if (name == kDefaultClass || named(child(check.after, "policy"), "class-map", name) != nullptr) {
    return;
  }
  const lyd_node* old = named(child(check.before, "policy"), "class-map", name);
  if (old != nullptr) {
    check.refuse("no " + class_map_line(old), name, "% Class-map " + name + " is being used", "");
  } else {
    check.refuse("class " + name, name, "% class map " + name + " not configured",
                 "policy-map " + policy);
  }
}

void check_shape(Check& check, const std::string& policy, const lyd_node* entry) {
  const auto rate = child_number(child(action(entry, "shape"), "average"), "bit-rate");
  if (rate && *rate < kMinShaperBps) {
    const std::string value = std::to_string(*rate);
    check.refuse("shape average " + value, value, "% Invalid input detected at '^' marker.",
                 "policy-map " + policy + " class " + child_text(entry, "name"));
  }
}

// The `must` of queue-limit in Cisco-IOS-XE-policy, and its message.
void check_queue_limit(Check& check, const std::string& policy, const lyd_node* entry) {
  const lyd_node* limit = action(entry, "queue-limit");
  const std::string name = child_text(entry, "name");
  if (limit == nullptr || name == kDefaultClass || action(entry, "shape") != nullptr ||
      action(entry, "bandwidth") != nullptr || action(entry, "priority") != nullptr) {
    return;
  }
  const std::string value = child_text(limit, "queue-limit-value");
  check.refuse("queue-limit " + value + " packets", value,
               "queue-limit not allowed without bandwidth shape or priority command",
               "policy-map " + policy + " class " + name);
}

// Priority and bandwidth share the rate; bandwidth remaining shares what priority leaves.
void check_sums(Check& check, const lyd_node* policy) {
  std::uint64_t fixed = 0;
  std::uint64_t remaining = 0;
  for (const lyd_node* entry : children(policy, "class")) {
    const lyd_node* bandwidth = action(entry, "bandwidth");
    const std::uint64_t priority = child_number(action(entry, "priority"), "percent").value_or(0);
    const std::uint64_t share = child_number(bandwidth, "percent").value_or(0);
    const std::uint64_t rest = child_number(child(bandwidth, "remaining"), "percent").value_or(0);
    const std::string context =
        "policy-map " + child_text(policy, "name") + " class " + child_text(entry, "name");
    fixed += priority + share;
    remaining += rest;
    if (priority + share > 0 && fixed > 100) {
      const std::string value = std::to_string(priority + share);
      check.refuse((priority > 0 ? "priority percent " : "bandwidth percent ") + value, value,
                   "Sum total of class bandwidths exceeds 100 percent", context);
    }
    if (rest > 0 && remaining > 100) {
      const std::string value = std::to_string(rest);
      check.refuse("bandwidth remaining percent " + value, value,
                   "Sum total of class bandwidths exceeds 100 percent", context);
    }
  }
}

// How many policies stand in each other, starting here; beyond the limit it does not matter.
int levels(const lyd_node* policies, const std::string& name, int limit) {
  if (limit == 0) {
    return 0;
  }
  int deepest = 0;
  for (const lyd_node* entry : children(named(policies, "policy-map", name), "class")) {
    const std::string inner = text(action(entry, "service-policy"));
    if (!inner.empty()) {
      deepest = std::max(deepest, levels(policies, inner, limit - 1));
    }
  }
  return deepest + 1;
}

void check_child(Check& check, const std::string& policy, const lyd_node* entry) {
  const std::string inner = text(action(entry, "service-policy"));
  if (inner.empty()) {
    return;
  }
  const lyd_node* policies = child(check.after, "policy");
  const std::string context = "policy-map " + policy + " class " + child_text(entry, "name");
  if (named(policies, "policy-map", inner) == nullptr) {
    if (named(child(check.before, "policy"), "policy-map", inner) != nullptr) {
      check.refuse("no policy-map " + inner, inner, "% Policy-map " + inner + " is being used", "");
    } else {
      check.refuse("service-policy " + inner, inner, "% Policy map " + inner + " not configured",
                   context);
    }
  } else if (levels(policies, policy, kMaxPolicyLevels + 1) > kMaxPolicyLevels) {
    check.refuse("service-policy " + inner, inner,
                 "Hierarchical policy: more than three levels, or a policy inside itself", context);
  }
}

void check_policy_maps(Check& check) {
  for (const lyd_node* policy : children(child(check.after, "policy"), "policy-map")) {
    const std::string name = child_text(policy, "name");
    for (const lyd_node* entry : children(policy, "class")) {
      check_class_exists(check, name, child_text(entry, "name"));
      check_shape(check, name, entry);
      check_queue_limit(check, name, entry);
      check_child(check, name, entry);
    }
    check_sums(check, policy);
  }
}

bool queues(const lyd_node* policy) {
  for (const lyd_node* entry : children(policy, "class")) {
    if (action(entry, "priority") != nullptr || action(entry, "bandwidth") != nullptr ||
        action(entry, "shape") != nullptr) {
      return true;
    }
  }
  return false;
}

void check_attachment(Check& check, const ConfiguredInterface& port, const char* direction,
                      const std::string& name) {
  if (name.empty()) {
    return;
  }
  const std::string command = std::string("service-policy ") + direction + " " + name;
  const std::string context = "interface " + port.name;
  const lyd_node* policy = named(child(check.after, "policy"), "policy-map", name);
  if (policy == nullptr) {
    if (named(child(check.before, "policy"), "policy-map", name) != nullptr) {
      check.refuse("no policy-map " + name, name, "% Policy-map " + name + " is being used", "");
    } else {
      check.refuse(command, name, "% policy map " + name + " not configured", context);
    }
  } else if (std::string(direction) == "input" && queues(policy)) {
    check.refuse(command, name,
                 "Queueing actions are not supported in the input direction of an interface",
                 context);
  }
}

}  // namespace

std::vector<BadCli> check_ios(const Tree& before, const Tree& after) {
  Check check{.before = native_of(before), .after = native_of(after), .refused = {}};
  check_class_maps(check);
  check_policy_maps(check);
  for (const ConfiguredInterface& port : interfaces_of(check.after)) {
    check_attachment(check, port, "input", port.input);
    check_attachment(check, port, "output", port.output);
  }
  check_sla(check.before, check.after, check.refused);
  return check.refused;
}

}  // namespace wanwise::router
