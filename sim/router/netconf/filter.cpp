#include "sim/router/netconf/filter.hpp"

#include <cstring>

namespace wanwise::router {
namespace {

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first == std::string::npos
             ? ""
             : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string value_of(const lyd_node* node) {
  if (const lyd_node_opaq* opaque = as_opaque(node)) {
    return trimmed(or_empty(opaque->value));
  }
  return (node->schema->nodetype & LYD_NODE_TERM) != 0 ? trimmed(or_empty(lyd_get_value(node)))
                                                       : "";
}

std::string namespace_of(const lyd_node* node) {
  if (const lyd_node_opaq* opaque = as_opaque(node)) {
    return or_empty(opaque->name.module_ns);
  }
  return node->schema->module->ns;
}

bool same_name(const lyd_node* filter, const lyd_node* data) {
  if (filter->schema != nullptr && data->schema != nullptr) {
    return filter->schema == data->schema;
  }
  const std::string wanted = namespace_of(filter);
  return std::strcmp(LYD_NAME(filter), LYD_NAME(data)) == 0 &&
         (wanted.empty() || wanted == namespace_of(data));
}

// RFC 6241 section 6.2.5: a leaf with text selects its parent by equality.
bool is_content_match(const lyd_node* filter) {
  return lyd_child(filter) == nullptr && !value_of(filter).empty();
}

bool matches_content(const lyd_node* data, const lyd_node* match) {
  for (const lyd_node* c = lyd_child(data); c != nullptr; c = c->next) {
    if (same_name(match, c) && value_of(c) == value_of(match)) {
      return true;
    }
  }
  return false;
}

lyd_node* copy_of(const lyd_node* node, std::uint32_t depth) {
  lyd_node* out = nullptr;
  lyd_dup_single(node, nullptr, depth | LYD_DUP_WITH_FLAGS, &out);
  return out;
}

// The child of `parent` that stands for the same data as `node`.
lyd_node* same_instance(const lyd_node* parent, const lyd_node* node) {
  lyd_node* found = nullptr;
  if (node->schema != nullptr) {
    lyd_find_sibling_first(lyd_child(parent), node, &found);
  }
  return found;
}

// Takes over what `more`, selected from the same data, has beyond `part`. (libyang merges top-level
// trees only.)
void unite(lyd_node* part, lyd_node* more) {
  for (lyd_node *c = lyd_child(more), *next = nullptr; c != nullptr; c = next) {
    next = c->next;
    if (lyd_node* known = same_instance(part, c)) {
      unite(known, c);
    } else {
      lyd_unlink_tree(c);
      lyd_insert_child(part, c);
    }
  }
}

lyd_node* select(const lyd_node* data, const lyd_node* filter);

// Adds to `out` what the filters below `filter` select of `child`. True: something was selected,
// even if it is a key that `out` has already.
bool select_child(lyd_node* out, const lyd_node* child, const lyd_node* filter) {
  bool any = false;
  const bool key = child->schema != nullptr && lysc_is_key(child->schema);
  lyd_node* part = nullptr;
  for (const lyd_node* f = lyd_child(filter); f != nullptr; f = f->next) {
    if (!same_name(f, child)) {
      continue;
    }
    if (key) {
      any = true;
    } else if (is_content_match(f)) {
      any = true;
      lyd_free_tree(part);
      part = copy_of(child, 0);
    } else if (lyd_node* selected = select(child, f)) {
      any = true;
      if (part == nullptr) {
        part = selected;
      } else {
        unite(part, selected);
        lyd_free_tree(selected);
      }
    }
  }
  if (part != nullptr) {
    lyd_insert_child(out, part);
  }
  return any;
}

// `data` has the name of `filter`: a copy of what the filter selects of it, or null.
lyd_node* select(const lyd_node* data, const lyd_node* filter) {
  bool selects_parts = false;
  for (const lyd_node* f = lyd_child(filter); f != nullptr; f = f->next) {
    if (!is_content_match(f)) {
      selects_parts = true;
    } else if (!matches_content(data, f)) {
      return nullptr;
    }
  }
  if (!selects_parts) {
    return copy_of(data, LYD_DUP_RECURSIVE);
  }
  lyd_node* out = copy_of(data, 0);
  bool any = false;
  for (const lyd_node* c = lyd_child(data); c != nullptr; c = c->next) {
    any = select_child(out, c, filter) || any;
  }
  if (!any) {
    lyd_free_tree(out);
    return nullptr;
  }
  return out;
}

RpcError bad_xpath(const ly_ctx* ctx) {
  RpcError e;
  e.tag = NC_ERR_INVALID_VALUE;
  e.message = "XPath filter: " + or_empty(ly_errmsg(ctx));
  return e;
}

}  // namespace

Tree filter_subtree(const Tree& data, const lyd_node* filter) {
  Tree out;
  for (; filter != nullptr; filter = filter->next) {
    for (const lyd_node* d = data.get(); d != nullptr; d = d->next) {
      if (!same_name(filter, d)) {
        continue;
      }
      if (lyd_node* selected = select(d, filter)) {
        lyd_merge_tree(out.slot(), selected, LYD_MERGE_DESTRUCT);
      }
    }
  }
  return out;
}

core::Expected<Tree, RpcError> filter_xpath(const ly_ctx* ctx, const Tree& data,
                                            const std::string& path) {
  Tree out;
  if (!data) {
    return out;
  }
  ly_set* found = nullptr;
  if (lyd_find_xpath(data.get(), path.c_str(), &found) != LY_SUCCESS) {
    return core::Unexpected<RpcError>{bad_xpath(ctx)};
  }
  for (std::uint32_t i = 0; i < found->count; ++i) {
    lyd_node* copy = nullptr;
    lyd_dup_single(found->dnodes[i], nullptr,
                   LYD_DUP_RECURSIVE | LYD_DUP_WITH_PARENTS | LYD_DUP_WITH_FLAGS, &copy);
    while (copy != nullptr && copy->parent != nullptr) {
      copy = lyd_parent(copy);
    }
    lyd_merge_siblings(out.slot(), copy, LYD_MERGE_DESTRUCT);
  }
  ly_set_free(found, nullptr);
  return out;
}

}  // namespace wanwise::router
