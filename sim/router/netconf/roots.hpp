// Which top-level nodes a request is about, so that the rest need not be made. Value type.
#pragma once

#include <set>
#include <string>

#include "sim/router/netconf/netconf_c.hpp"

namespace wanwise::router {

class Roots {
 public:
  /// Everything.
  Roots() = default;

  /// Of a subtree filter's content; an empty filter is about nothing.
  [[nodiscard]] static Roots of_subtree(const lyd_node* filter);
  /// Of a path from the root; everything when the path does not show it.
  [[nodiscard]] static Roots of_xpath(const std::string& path);

  [[nodiscard]] bool has(const std::string& name) const { return m_all || m_names.contains(name); }

 private:
  bool m_all = true;
  std::set<std::string> m_names;
};

}  // namespace wanwise::router
