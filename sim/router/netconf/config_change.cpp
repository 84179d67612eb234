#include "sim/router/netconf/config_change.hpp"

#include <utility>
#include <vector>

namespace wanwise::router {
namespace {

struct Edit {
  std::string target;
  std::string operation;
};

std::string own_operation(const lyd_node* node) {
  const lyd_meta* meta = lyd_find_meta(node->meta, nullptr, "yang:operation");
  return meta == nullptr ? "" : or_empty(lyd_get_meta_value(meta));
}

// The topmost nodes of a diff that were made, taken away or given another value.
void collect(const lyd_node* first, std::vector<Edit>& out) {
  for (const lyd_node* node = first; node != nullptr; node = node->next) {
    const std::string operation = own_operation(node);
    if (operation == "create" || operation == "delete" || operation == "replace") {
      out.push_back({path_of(node), operation});
    } else {
      collect(lyd_child_no_keys(node), out);
    }
  }
}

void add_changer(lyd_node* notification, const Changer& by) {
  lyd_node* changed = nullptr;
  lyd_new_inner(notification, nullptr, "changed-by", 0, &changed);
  if (by.session == 0) {
    lyd_new_term(changed, nullptr, "server", "", 0, nullptr);
    return;
  }
  lyd_new_term(changed, nullptr, "username", by.user.c_str(), 0, nullptr);
  lyd_new_term(changed, nullptr, "session-id", std::to_string(by.session).c_str(), 0, nullptr);
  if (!by.host.empty()) {
    lyd_new_term(changed, nullptr, "source-host", by.host.c_str(), 0, nullptr);
  }
}

}  // namespace

Tree config_change(const ly_ctx* ctx, const Tree& before, const Tree& after, const Changer& by) {
  const lys_module* module = ly_ctx_get_module_implemented(ctx, "ietf-netconf-notifications");
  lyd_node* raw = nullptr;
  if (module == nullptr || lyd_diff_siblings(before.get(), after.get(), 0, &raw) != LY_SUCCESS) {
    return {};
  }
  const Tree diff(raw);
  std::vector<Edit> edits;
  collect(diff.get(), edits);
  if (edits.empty()) {
    return {};
  }
  if (edits.size() > kMaxToldEdits) {
    edits = {{"/Cisco-IOS-XE-native:native", "merge"}};
  }
  lyd_node* notification = nullptr;
  lyd_new_inner(nullptr, module, "netconf-config-change", 0, &notification);
  add_changer(notification, by);
  lyd_new_term(notification, nullptr, "datastore", "running", 0, nullptr);
  for (const Edit& edit : edits) {
    lyd_node* entry = nullptr;
    lyd_new_list(notification, nullptr, "edit", 0, &entry);
    lyd_new_term(entry, nullptr, "target", edit.target.c_str(), 0, nullptr);
    lyd_new_term(entry, nullptr, "operation", edit.operation.c_str(), 0, nullptr);
  }
  return Tree(notification);
}

}  // namespace wanwise::router
