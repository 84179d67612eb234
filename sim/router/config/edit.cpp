#include "sim/router/config/edit.hpp"

#include <cstring>
#include <optional>

#include "sim/router/config/insert_point.hpp"

namespace wanwise::router {
namespace {

using Done = core::Expected<void, RpcError>;
constexpr const char* kNetconf = "urn:ietf:params:xml:ns:netconf:base:1.0";

RpcError edit_error(NC_ERR tag, std::string message, std::string path) {
  RpcError e;
  e.tag = tag;
  e.message = std::move(message);
  e.path = std::move(path);
  return e;
}

std::optional<EditOperation> own_operation(const lyd_node* node) {
  if (const lyd_node_opaq* opaque = as_opaque(node)) {
    for (const lyd_attr* a = opaque->attr; a != nullptr; a = a->next) {
      if (std::strcmp(a->name.name, "operation") == 0 && or_empty(a->name.module_ns) == kNetconf) {
        return parse_edit_operation(or_empty(a->value));
      }
    }
    return std::nullopt;
  }
  const lyd_meta* meta = lyd_find_meta(node->meta, nullptr, "ietf-netconf:operation");
  return meta == nullptr ? std::nullopt : parse_edit_operation(or_empty(lyd_get_meta_value(meta)));
}

// Whether `node` stands in another case of the choice that `own` (a case) belongs to.
bool in_other_case(const lysc_node* node, const lysc_node* own) {
  for (; node->parent != nullptr && (node->parent->nodetype & (LYS_CASE | LYS_CHOICE)) != 0;
       node = node->parent) {
    if (node->parent->nodetype == LYS_CASE && node->parent->parent == own->parent) {
      return node->parent != own;
    }
  }
  return false;
}

class Editor {
 public:
  Editor(const ly_ctx* ctx, Tree work) : m_ctx(ctx), m_work(std::move(work)) {}

  Done apply(lyd_node* parent, const lyd_node* edit, EditOperation inherited);
  Tree take() { return std::move(m_work); }

 private:
  [[nodiscard]] lyd_node* siblings(lyd_node* parent) const {
    return parent == nullptr ? m_work.get() : lyd_child(parent);
  }
  // lyd_find_sibling_first() also compares a leaf's value, which is what an edit changes.
  [[nodiscard]] lyd_node* match(lyd_node* parent, const lyd_node* edit) const;
  lyd_node* add(lyd_node* parent, const lyd_node* edit);
  void erase_other_cases(lyd_node* parent, const lysc_node* schema);
  void erase(lyd_node* node);
  void empty_inner(lyd_node* node);
  void store_value(lyd_node* parent, lyd_node* node, const lyd_node* edit);

  Done apply_opaque(lyd_node* parent, const lyd_node_opaq* edit, EditOperation operation);
  Done apply_children(lyd_node* parent, const lyd_node* edit, EditOperation operation);
  Done write(lyd_node* parent, lyd_node* found, const lyd_node* edit, EditOperation operation);

  const ly_ctx* m_ctx;
  Tree m_work;
};

lyd_node* Editor::match(lyd_node* parent, const lyd_node* edit) const {
  lyd_node* first = siblings(parent);
  lyd_node* found = nullptr;
  if (first == nullptr) {
    return nullptr;
  }
  if ((edit->schema->nodetype & (LYS_LIST | LYS_LEAFLIST)) != 0) {
    return lyd_find_sibling_first(first, edit, &found) == LY_SUCCESS ? found : nullptr;
  }
  return lyd_find_sibling_val(first, edit->schema, nullptr, 0, &found) == LY_SUCCESS ? found
                                                                                     : nullptr;
}

// RFC 7950 section 7.9: creating a node of one case deletes the nodes of all other cases.
void Editor::erase_other_cases(lyd_node* parent, const lysc_node* schema) {
  for (const lysc_node* own = schema->parent; own != nullptr; own = own->parent) {
    if ((own->nodetype & (LYS_CASE | LYS_CHOICE)) == 0) {
      return;
    }
    if (own->nodetype != LYS_CASE) {
      continue;
    }
    for (lyd_node *s = siblings(parent), *next = nullptr; s != nullptr; s = next) {
      next = s->next;
      if (s->schema != nullptr && in_other_case(s->schema, own)) {
        erase(s);
      }
    }
  }
}

// A new instance without children, but for the keys of a list entry.
lyd_node* Editor::add(lyd_node* parent, const lyd_node* edit) {
  erase_other_cases(parent, edit->schema);
  lyd_node* node = nullptr;
  lyd_dup_single(edit, nullptr, LYD_DUP_NO_META, &node);
  if (parent != nullptr) {
    lyd_insert_child(parent, node);
  } else {
    lyd_insert_sibling(m_work.get(), node, m_work.slot());
  }
  return node;
}

void Editor::erase(lyd_node* node) {
  if (*m_work.slot() == node) {
    *m_work.slot() = node->next;
  }
  lyd_free_tree(node);
}

void Editor::empty_inner(lyd_node* node) {
  for (lyd_node *c = lyd_child_no_keys(node), *next = nullptr; c != nullptr; c = next) {
    next = c->next;
    lyd_free_tree(c);
  }
}

void Editor::store_value(lyd_node* parent, lyd_node* node, const lyd_node* edit) {
  if (node->schema->nodetype == LYS_LEAF) {
    lyd_change_term(node, lyd_get_value(edit));
    node->flags &= ~static_cast<std::uint32_t>(LYD_DEFAULT);
  } else if ((node->schema->nodetype & (LYS_ANYDATA | LYS_ANYXML)) != 0) {
    erase(node);
    add(parent, edit);
  }
}

// An element libyang could not put into the schema: unknown, without a value, or without its keys.
Done Editor::apply_opaque(lyd_node* parent, const lyd_node_opaq* edit, EditOperation operation) {
  const std::string above = parent == nullptr ? "" : path_of(parent);
  const std::string name = or_empty(edit->name.name);
  const lys_module* module = edit->name.module_ns == nullptr
                                 ? nullptr
                                 : ly_ctx_get_module_implemented_ns(m_ctx, edit->name.module_ns);
  const lysc_node* schema = module == nullptr
                                ? nullptr
                                : lys_find_child(parent == nullptr ? nullptr : parent->schema,
                                                 module, name.c_str(), 0, 0, 0);
  if (schema == nullptr) {
    RpcError e = edit_error(NC_ERR_UNKNOWN_ELEM, "unknown element: " + name, above + "/" + name);
    e.bad_element = name;
    return core::Unexpected<RpcError>{std::move(e)};
  }
  const std::string path = above + "/" + std::string(schema->module->name) + ":" + name;
  if (operation != EditOperation::erase && operation != EditOperation::remove) {
    return core::Unexpected<RpcError>{edit_error(
        NC_ERR_INVALID_VALUE, "\"" + or_empty(edit->value) + "\" is not a valid value.", path)};
  }
  // <leaf operation="delete"/> carries no value; a list entry without keys means all of them.
  bool any = false;
  for (lyd_node *s = siblings(parent), *next = nullptr; s != nullptr; s = next) {
    next = s->next;
    if (s->schema == schema && (s->flags & LYD_DEFAULT) == 0) {
      erase(s);
      any = true;
    }
  }
  if (!any && operation == EditOperation::erase) {
    return core::Unexpected<RpcError>{edit_error(NC_ERR_DATA_MISSING, "data does not exist", path)};
  }
  return {};
}

Done Editor::apply_children(lyd_node* parent, const lyd_node* edit, EditOperation operation) {
  for (const lyd_node* c = lyd_child_no_keys(edit); c != nullptr; c = c->next) {
    if (Done done = apply(parent, c, operation); !done) {
      return done;
    }
  }
  // RFC 7950 section 7.5.1: such a container has no meaning of its own; a device shows none.
  if (lysc_is_np_cont(parent->schema) && lyd_child(parent) == nullptr) {
    erase(parent);
  }
  return {};
}

Done Editor::write(lyd_node* parent, lyd_node* found, const lyd_node* edit,
                   EditOperation operation) {
  const bool inner = (edit->schema->nodetype & LYD_NODE_INNER) != 0;
  if (found == nullptr) {
    found = add(parent, edit);
  } else if (!inner) {
    store_value(parent, found, edit);
    return (edit->schema->nodetype == LYS_LEAFLIST) ? place_entry(found, edit) : Done{};
  } else if (operation == EditOperation::replace) {
    empty_inner(found);  // in place: an entry of a user-ordered list keeps its position
  }
  if (Done placed = place_entry(found, edit); !placed) {
    return placed;
  }
  if (!inner) {
    return {};
  }
  found->flags &= ~static_cast<std::uint32_t>(LYD_DEFAULT);
  return apply_children(found, edit, operation);
}

Done Editor::apply(lyd_node* parent, const lyd_node* edit, EditOperation inherited) {
  const EditOperation operation = own_operation(edit).value_or(inherited);
  if (const lyd_node_opaq* opaque = as_opaque(edit)) {
    return apply_opaque(parent, opaque, operation);
  }
  lyd_node* found = match(parent, edit);
  // Defaults that validation added count as absent (RFC 6243 section 2.3.3: explicit).
  const bool present = found != nullptr && (found->flags & LYD_DEFAULT) == 0;
  switch (operation) {
    case EditOperation::erase:
      if (!present) {
        return core::Unexpected<RpcError>{
            edit_error(NC_ERR_DATA_MISSING, "data does not exist", path_of(edit))};
      }
      erase(found);
      return {};
    case EditOperation::remove:
      if (found != nullptr) {
        erase(found);
      }
      return {};
    case EditOperation::create:
      if (present) {
        return core::Unexpected<RpcError>{
            edit_error(NC_ERR_DATA_EXISTS, "object already exists", path_of(edit))};
      }
      return write(parent, found, edit, operation);
    case EditOperation::none:
      if (found == nullptr) {
        return core::Unexpected<RpcError>{
            edit_error(NC_ERR_DATA_MISSING, "data does not exist", path_of(edit))};
      }
      return apply_children(found, edit, operation);
    case EditOperation::merge:
    case EditOperation::replace:
      return write(parent, found, edit, operation);
  }
  return {};
}

}  // namespace

std::optional<EditOperation> parse_edit_operation(const std::string& text) {
  if (text == "merge") return EditOperation::merge;
  if (text == "replace") return EditOperation::replace;
  if (text == "create") return EditOperation::create;
  if (text == "delete") return EditOperation::erase;
  if (text == "remove") return EditOperation::remove;
  if (text == "none") return EditOperation::none;
  return std::nullopt;
}

core::Expected<Tree, RpcError> apply_edit(const ly_ctx* ctx, const Tree& base, const lyd_node* edit,
                                          EditOperation default_operation) {
  Editor editor(ctx, base.copy());
  for (const lyd_node* node = edit; node != nullptr; node = node->next) {
    if (Done done = editor.apply(nullptr, node, default_operation); !done) {
      return core::Unexpected<RpcError>{done.error()};
    }
  }
  return editor.take();
}

core::Expected<void, RpcError> validate_config(const ly_ctx* ctx, Tree& tree) {
  ly_err_clean(const_cast<ly_ctx*>(ctx), nullptr);
  if (lyd_validate_all(tree.slot(), ctx, LYD_VALIDATE_NO_STATE | LYD_VALIDATE_PRESENT, nullptr) !=
      LY_SUCCESS) {
    return core::Unexpected<RpcError>{validation_error(ctx)};
  }
  return {};
}

}  // namespace wanwise::router
