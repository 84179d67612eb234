// Reading access to the QoS part of a configuration tree, by name. Borrowed from the tree: a view
// lives no longer than it. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/router/netconf/netconf_c.hpp"

namespace wanwise::router {

/// The first child with this name, or null. `parent` may be null.
[[nodiscard]] const lyd_node* child(const lyd_node* parent, const char* name);
/// Follows names downwards.
[[nodiscard]] const lyd_node* descend(const lyd_node* parent,
                                      std::initializer_list<const char*> names);
[[nodiscard]] std::vector<const lyd_node*> children(const lyd_node* parent, const char* name);
/// Canonical value of a leaf; empty when there is none.
[[nodiscard]] std::string text(const lyd_node* leaf);
[[nodiscard]] std::string child_text(const lyd_node* parent, const char* name);
[[nodiscard]] std::optional<std::uint64_t> child_number(const lyd_node* parent, const char* name);

/// The Cisco-IOS-XE-native:native container, or null.
[[nodiscard]] const lyd_node* native_of(const Tree& tree);
/// Entry with this name of a list, or null.
[[nodiscard]] const lyd_node* named(const lyd_node* parent, const char* list,
                                    const std::string& name);

/// An interface as configured: "Cellular" + "0/1/0".
struct ConfiguredInterface {
  std::string name;
  std::string type;
  std::string input;   ///< service-policy input, or empty
  std::string output;  ///< service-policy output, or empty
};
[[nodiscard]] std::vector<ConfiguredInterface> interfaces_of(const lyd_node* native);

/// The parameters of an action of a class, or null: action(class, "shape") is the container shape.
[[nodiscard]] const lyd_node* action(const lyd_node* policy_class, const char* type);

}  // namespace wanwise::router
