#include "sim/router/netconf/yang_patch.hpp"

#include <cstring>
#include <string>
#include <vector>

namespace wanwise::router {
namespace {

constexpr const char* kPatch = "urn:ietf:params:xml:ns:yang:ietf-yang-patch";
constexpr const char* kCounters[] = {"statistics", "diffserv-info", "last-change"};

struct Change {
  const lyd_node* node;
  const char* operation;  ///< of RFC 8072
};

bool is_counter(const lyd_node* node) {
  for (const char* name : kCounters) {
    if (std::strcmp(LYD_NAME(node), name) == 0) return true;
  }
  return false;
}

const char* operation_of(const lyd_node* node) {
  const lyd_meta* meta = lyd_find_meta(node->meta, nullptr, "yang:operation");
  const std::string own = meta == nullptr ? "" : or_empty(lyd_get_meta_value(meta));
  if (own == "create" || own == "replace") return "merge";
  return own == "delete" ? "delete" : nullptr;
}

void collect(const lyd_node* first, std::vector<Change>& out) {
  for (const lyd_node* node = first; node != nullptr; node = node->next) {
    if (node->schema == nullptr || is_counter(node)) continue;
    if (const char* operation = operation_of(node)) {
      out.push_back({node, operation});
    } else {
      collect(lyd_child_no_keys(node), out);
    }
  }
}

lyd_node* element(const ly_ctx* ctx, lyd_node* parent, const char* name, const char* value) {
  lyd_node* out = nullptr;
  lyd_new_opaq2(parent, ctx, name, value, nullptr, kPatch, &out);
  return out;
}

// Of the changed node: text of a leaf alone, which is all that interfaces change in.
void add_value(const ly_ctx* ctx, lyd_node* edit, const lyd_node* node) {
  lyd_node* value = element(ctx, edit, "value", nullptr);
  lyd_new_opaq2(value, ctx, LYD_NAME(node), lyd_get_value(node), nullptr, node->schema->module->ns,
                nullptr);
}

}  // namespace

Tree yang_patch(const ly_ctx* ctx, const Tree& before, const Tree& after) {
  lyd_node* raw = nullptr;
  if (lyd_diff_siblings(before.get(), after.get(), 0, &raw) != LY_SUCCESS) return {};
  const Tree diff(raw);
  std::vector<Change> changes;
  collect(diff.get(), changes);
  if (changes.empty()) return {};
  lyd_node* patch = element(ctx, nullptr, "yang-patch", nullptr);
  element(ctx, patch, "patch-id", "null");
  std::size_t number = 0;
  for (const Change& change : changes) {
    lyd_node* edit = element(ctx, patch, "edit", nullptr);
    element(ctx, edit, "edit-id", ("edit" + std::to_string(++number)).c_str());
    element(ctx, edit, "operation", change.operation);
    element(ctx, edit, "target", path_of(change.node).c_str());
    if (std::strcmp(change.operation, "delete") != 0) add_value(ctx, edit, change.node);
  }
  return Tree(patch);
}

}  // namespace wanwise::router
