#include "sim/router/oper/data_builder.hpp"

namespace wanwise::router {
namespace {

bool has_child(const lyd_node* parent, const char* name) {
  return parent != nullptr &&
         lys_find_child(parent->schema, parent->schema->module, name, 0, 0, 0) != nullptr;
}

}  // namespace

lyd_node* DataBuilder::top(const char* module, const char* name) {
  const lys_module* found = ly_ctx_get_module_implemented(m_ctx, module);
  lyd_node* node = nullptr;
  if (found == nullptr || lyd_new_inner(nullptr, found, name, 0, &node) != LY_SUCCESS) {
    return nullptr;
  }
  lyd_insert_sibling(m_tree.get(), node, m_tree.slot());
  return node;
}

lyd_node* DataBuilder::inner(lyd_node* parent, const char* name) {
  lyd_node* node = nullptr;
  if (has_child(parent, name)) {
    lyd_new_inner(parent, nullptr, name, 0, &node);
  }
  return node;
}

lyd_node* DataBuilder::entry(lyd_node* parent, const char* name,
                             const std::vector<std::string>& keys) {
  lyd_node* node = nullptr;
  if (!has_child(parent, name)) {
    return node;
  }
  const lysc_node* list = lys_find_child(parent->schema, parent->schema->module, name, 0, 0, 0);
  std::string predicate;
  const lysc_node* key = nullptr;
  for (const std::string& value : keys) {
    key = lys_getnext(key, list, nullptr, 0);
    if (key == nullptr || !lysc_is_key(key)) {
      return nullptr;
    }
    const char quote = value.find('\'') == std::string::npos ? '\'' : '"';
    predicate += std::string("[") + key->name + "=" + quote + value + quote + "]";
  }
  lyd_new_list2(parent, nullptr, name, predicate.c_str(), 0, &node);
  return node;
}

void DataBuilder::leaf(lyd_node* parent, const char* name, const std::string& value) {
  if (has_child(parent, name)) {
    lyd_new_term(parent, nullptr, name, value.c_str(), 0, nullptr);
  }
}

void DataBuilder::leaf(lyd_node* parent, const char* name, std::uint64_t value) {
  leaf(parent, name, std::to_string(value));
}

void DataBuilder::raw(lyd_node* parent, const char* name, const std::string& value) {
  if (parent != nullptr) {
    lyd_new_opaq2(parent, m_ctx, name, value.c_str(), nullptr, parent->schema->module->ns, nullptr);
  }
}

}  // namespace wanwise::router
