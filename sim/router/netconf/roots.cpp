#include "sim/router/netconf/roots.hpp"

#include <algorithm>

namespace wanwise::router {
namespace {

constexpr const char* kNameCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:";

/// "/if:interfaces/interface[…]" -> "interfaces"; empty when it has no such form.
std::string first_step(const std::string& path) {
  const std::size_t begin = path.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos || path[begin] != '/') return "";
  const std::size_t name = begin + 1;
  const std::size_t end = std::min(path.find_first_not_of(kNameCharacters, name), path.size());
  const std::string step = path.substr(name, end - name);
  return step.substr(step.rfind(':') + 1);  // npos + 1 is 0
}

}  // namespace

Roots Roots::of_subtree(const lyd_node* filter) {
  Roots out;
  out.m_all = false;
  for (; filter != nullptr; filter = filter->next) out.m_names.insert(LYD_NAME(filter));
  return out;
}

Roots Roots::of_xpath(const std::string& path) {
  Roots out;
  out.m_all = false;
  // A bar inside a predicate's string splits too: what follows has no form and means everything.
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t bar = std::min(path.find('|', begin), path.size());
    const std::string step = first_step(path.substr(begin, bar - begin));
    if (step.empty()) return {};
    out.m_names.insert(step);
    begin = bar + 1;
  }
  return out;
}

}  // namespace wanwise::router
