// Builds schema nodes by name and leaves out what the loaded modules do not have, so that the same
// code serves our projection and a device's own modules. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/router/netconf/netconf_c.hpp"

namespace wanwise::router {

class DataBuilder {
 public:
  explicit DataBuilder(const ly_ctx* ctx) : m_ctx(ctx) {}

  /// A top-level container of an implemented module; null when there is none.
  lyd_node* top(const char* module, const char* name);
  /// Null when the schema has no such child, or `parent` is null.
  static lyd_node* inner(lyd_node* parent, const char* name);
  /// `keys` in the schema's order.
  static lyd_node* entry(lyd_node* parent, const char* name, const std::vector<std::string>& keys);
  static void leaf(lyd_node* parent, const char* name, const std::string& value);
  static void leaf(lyd_node* parent, const char* name, std::uint64_t value);
  /// An element libyang would not accept: what a device with a bug sends.
  void raw(lyd_node* parent, const char* name, const std::string& value);

  Tree take() { return std::move(m_tree); }

 private:
  const ly_ctx* m_ctx;
  Tree m_tree;
};

}  // namespace wanwise::router
