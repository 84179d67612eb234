#include "tests/conformance/iosxe/comparison.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace wanwise::iosxe::conformance {
namespace {

constexpr std::uint32_t kEveryNode = LYS_GETNEXT_WITHCHOICE | LYS_GETNEXT_WITHCASE;

std::string path_of(const lysc_node* node) {
  char* text = lysc_path(node, LYSC_PATH_LOG, nullptr, 0);
  std::string path = text != nullptr ? text : "";
  std::free(text);
  return path;
}

const lysc_type* type_of(const lysc_node* node) {
  if (node->nodetype == LYS_LEAF) return reinterpret_cast<const lysc_node_leaf*>(node)->type;
  if (node->nodetype == LYS_LEAFLIST)
    return reinterpret_cast<const lysc_node_leaflist*>(node)->type;
  return nullptr;
}

std::string units_of(const lysc_node* node) {
  const char* units = nullptr;
  if (node->nodetype == LYS_LEAF) units = reinterpret_cast<const lysc_node_leaf*>(node)->units;
  if (node->nodetype == LYS_LEAFLIST)
    units = reinterpret_cast<const lysc_node_leaflist*>(node)->units;
  return units != nullptr ? units : "";
}

/// One unit has many spellings in the vendor's modules.
std::string same_unit(const std::string& units) {
  static const std::vector<std::pair<std::string_view, std::string_view>> kSpellings{
      {"kilobits per second", "kbit/s"},
      {"kilo bits per second", "kbit/s"},
      {"kbps", "kbit/s"},
      {"Kbps", "kbit/s"},
      {"bits per second", "bit/s"},
      {"bits/second", "bit/s"},
      {"bps", "bit/s"},
      {"milliseconds", "ms"},
      {"milli-seconds", "ms"},
      {"miliseconds", "ms"},
      {"seconds", "s"},
      {"second", "s"},
      {"byte", "bytes"}};
  for (const auto& [spelling, unit] : kSpellings) {
    if (units == spelling) return std::string{unit};
  }
  return units;
}

class Comparison {
 public:
  explicit Comparison(const ly_ctx* real) : m_real(real) {}

  void compare_module(const lys_module* ours, const lys_module* real) {
    if (std::string{real->ns} != ours->ns) complain(ours->name, "namespace", real->ns);
    if (std::string{real->prefix} != ours->prefix) complain(ours->name, "prefix", real->prefix);
    for (const lysc_node* node = ours->compiled->data; node != nullptr; node = node->next)
      compare(node);
    for (auto* rpc = ours->compiled->rpcs; rpc != nullptr;
         rpc = reinterpret_cast<lysc_node_action*>(rpc->node.next))
      compare(&rpc->node);
    for (auto* notification = ours->compiled->notifs; notification != nullptr;
         notification = reinterpret_cast<lysc_node_notif*>(notification->node.next))
      compare(&notification->node);
  }

  Compared result;

 private:
  void complain(const std::string& where, const std::string& what, const std::string& detail) {
    result.differences.push_back({where, what, detail});
  }

  [[nodiscard]] const lysc_node* twin_of(const lysc_node* node) const {
    const lysc_node* parent = node->parent;
    // An RPC's input and output are found through the RPC itself.
    if (parent != nullptr && (parent->nodetype & (LYS_INPUT | LYS_OUTPUT)) != 0)
      parent = parent->parent;
    const lys_module* module = ly_ctx_get_module_implemented(m_real, node->module->name);
    if (module == nullptr) return nullptr;
    const lysc_node* twin_parent = parent != nullptr ? twin_of(parent) : nullptr;
    if (parent != nullptr && twin_parent == nullptr) return nullptr;
    return find(twin_parent, module, node->name, (node->flags & LYS_IS_OUTPUT) != 0);
  }

  static const lysc_node* find(const lysc_node* parent, const lys_module* module,
                               const std::string& name, bool output) {
    const lysc_node* node = nullptr;
    const std::uint32_t options = kEveryNode | (output ? LYS_GETNEXT_OUTPUT : 0U);
    while ((node = lys_getnext(node, parent, parent != nullptr ? nullptr : module->compiled,
                               options)) != nullptr) {
      if (node->module == module && name == node->name) return node;
    }
    return nullptr;
  }

  void compare(const lysc_node* node) {
    ++result.nodes;
    const std::string where = path_of(node);
    const lysc_node* twin = twin_of(node);
    if (twin == nullptr) return complain(where, "absent", "");  // with everything below it
    if (twin->nodetype != node->nodetype) return complain(where, "kind of node", "");
    compare_flags(node, twin, where);
    compare_leaf(node, twin, where);
    for (const bool output : {false, true}) {
      const bool has_output = (node->nodetype & (LYS_RPC | LYS_ACTION)) != 0;
      if (output && !has_output) break;
      const lysc_node* child = nullptr;
      const std::uint32_t options = kEveryNode | (output ? LYS_GETNEXT_OUTPUT : 0U);
      while ((child = lys_getnext(child, node, nullptr, options)) != nullptr) compare(child);
    }
    if (is_written(node)) demand_nothing_more(node, twin, where);
  }

  static bool is_written(const lysc_node* node) {
    return (node->flags & (LYS_CONFIG_W | LYS_IS_INPUT)) != 0;
  }

  void compare_flags(const lysc_node* node, const lysc_node* twin, const std::string& where) {
    const auto differ = [&](unsigned mask) { return ((node->flags ^ twin->flags) & mask) != 0; };
    if (differ(LYS_CONFIG_MASK)) complain(where, "config flag", "");
    if (node->nodetype == LYS_LIST || node->nodetype == LYS_LEAFLIST) {
      // The order of what is only read is the device's affair.
      if (differ(LYS_ORDBY_MASK) && is_written(node)) complain(where, "ordered-by", "");
    }
    if (differ(LYS_KEY)) complain(where, "list key", "");
    if (differ(LYS_MAND_TRUE) && node->nodetype == LYS_LEAF) complain(where, "mandatory", "");
    if (node->nodetype == LYS_CONTAINER && differ(LYS_PRESENCE)) complain(where, "presence", "");
    const auto status = [](const lysc_node* of) { return of->flags & LYS_STATUS_MASK; };
    const bool told = twin->parent != nullptr && status(twin->parent) == status(twin);
    if (status(twin) == LYS_STATUS_OBSLT && !told) complain(where, "obsolete", "");
    if (status(twin) == LYS_STATUS_DEPRC && !told) complain(where, "deprecated", "");
    if (node->nodetype == LYS_LIST) compare_list(node, twin, where);
  }

  /// Keys and their order, and how many entries there may be.
  void compare_list(const lysc_node* node, const lysc_node* twin, const std::string& where) {
    const auto keys = [](const lysc_node* list) {
      std::string names;
      for (const lysc_node* key = lysc_node_child(list);
           key != nullptr && (key->flags & LYS_KEY) != 0; key = key->next)
        names += std::string{key->name} + " ";
      return names;
    };
    if (keys(node) != keys(twin)) complain(where, "keys", keys(twin));
    const auto* mine = reinterpret_cast<const lysc_node_list*>(node);
    const auto* theirs = reinterpret_cast<const lysc_node_list*>(twin);
    if (is_written(node) && theirs->max < mine->max)
      complain(where, "max-elements", std::to_string(theirs->max));
    if (is_written(node) && theirs->min > mine->min)
      complain(where, "min-elements", std::to_string(theirs->min));
  }

  void compare_leaf(const lysc_node* node, const lysc_node* twin, const std::string& where) {
    const lysc_type* ours = type_of(node);
    if (ours == nullptr) return;
    for (const Difference& found : compare_types(ours, type_of(twin), where, is_written(node)))
      result.differences.push_back(found);
    const std::string units = units_of(twin);
    if (!units.empty() && !units_of(node).empty() && same_unit(units) != same_unit(units_of(node)))
      complain(where, "units", units);
  }

  /// What the device demands of a list or a container that we write, we must know.
  void demand_nothing_more(const lysc_node* node, const lysc_node* twin, const std::string& where) {
    const lysc_node* child = nullptr;
    while ((child = lys_getnext(child, twin, nullptr, kEveryNode)) != nullptr) {
      if ((child->flags & LYS_MAND_TRUE) == 0 || child->nodetype == LYS_CASE) continue;
      const lysc_node* mine = nullptr;
      bool known = false;
      while (!known && (mine = lys_getnext(mine, node, nullptr, kEveryNode)) != nullptr)
        known = std::string_view{mine->name} == child->name;
      if (!known) complain(where, "mandatory child", child->name);
    }
  }

  const ly_ctx* m_real;
};

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::string to_string(const Difference& difference) {
  return difference.path + ": " + difference.what +
         (difference.detail.empty() ? "" : " (" + difference.detail + ")");
}

Compared compare(const ly_ctx* ours, const ly_ctx* real, const std::vector<std::string>& modules,
                 const std::vector<std::string>& absent) {
  Comparison comparison{real};
  for (const std::string& name : modules) {
    if (contains(absent, name)) continue;
    const lys_module* mine = ly_ctx_get_module_implemented(ours, name.c_str());
    const lys_module* theirs = ly_ctx_get_module_implemented(real, name.c_str());
    if (mine == nullptr || theirs == nullptr) {
      comparison.result.differences.push_back({name, "no such module", ""});
    } else {
      comparison.compare_module(mine, theirs);
    }
  }
  return std::move(comparison.result);
}

}  // namespace wanwise::iosxe::conformance
