#include "sim/router/config/config_view.hpp"

#include <charconv>
#include <cstring>

namespace wanwise::router {

const lyd_node* child(const lyd_node* parent, const char* name) {
  if (parent == nullptr) {
    return nullptr;
  }
  for (const lyd_node* c = lyd_child(parent); c != nullptr; c = c->next) {
    if (std::strcmp(LYD_NAME(c), name) == 0) {
      return c;
    }
  }
  return nullptr;
}

const lyd_node* descend(const lyd_node* parent, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    parent = child(parent, name);
  }
  return parent;
}

std::vector<const lyd_node*> children(const lyd_node* parent, const char* name) {
  std::vector<const lyd_node*> out;
  if (parent == nullptr) {
    return out;
  }
  for (const lyd_node* c = lyd_child(parent); c != nullptr; c = c->next) {
    if (std::strcmp(LYD_NAME(c), name) == 0) {
      out.push_back(c);
    }
  }
  return out;
}

std::string text(const lyd_node* leaf) {
  return leaf == nullptr ? "" : or_empty(lyd_get_value(leaf));
}

std::string child_text(const lyd_node* parent, const char* name) {
  return text(child(parent, name));
}

std::optional<std::uint64_t> child_number(const lyd_node* parent, const char* name) {
  const std::string digits = child_text(parent, name);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) {
    return std::nullopt;
  }
  return value;
}

const lyd_node* native_of(const Tree& tree) {
  for (const lyd_node* n = tree.get(); n != nullptr; n = n->next) {
    if (n->schema != nullptr && std::strcmp(n->schema->name, "native") == 0) {
      return n;
    }
  }
  return nullptr;
}

const lyd_node* named(const lyd_node* parent, const char* list, const std::string& name) {
  for (const lyd_node* entry : children(parent, list)) {
    if (child_text(entry, "name") == name) {
      return entry;
    }
  }
  return nullptr;
}

std::vector<ConfiguredInterface> interfaces_of(const lyd_node* native) {
  std::vector<ConfiguredInterface> out;
  const lyd_node* container = child(native, "interface");
  if (container == nullptr) {
    return out;
  }
  for (const lyd_node* entry = lyd_child(container); entry != nullptr; entry = entry->next) {
    const lyd_node* policy = child(entry, "service-policy");
    const std::string type = LYD_NAME(entry);
    out.push_back({.name = type + child_text(entry, "name"),
                   .type = type,
                   .input = child_text(policy, "input"),
                   .output = child_text(policy, "output")});
  }
  return out;
}

const lyd_node* action(const lyd_node* policy_class, const char* type) {
  for (const lyd_node* entry : children(policy_class, "action-list")) {
    if (child_text(entry, "action-type") == type) {
      return child(entry, type);
    }
  }
  return nullptr;
}

}  // namespace wanwise::router
