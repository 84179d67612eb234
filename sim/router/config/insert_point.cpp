#include "sim/router/config/insert_point.hpp"

#include <optional>

namespace wanwise::router {
namespace {

std::string attribute(const lyd_node* node, const char* name) {
  const lyd_meta* meta = lyd_find_meta(node->meta, nullptr, name);
  return meta == nullptr ? "" : or_empty(lyd_get_meta_value(meta));
}

lyd_node* first_instance(const lyd_node* node) {
  for (lyd_node* s = lyd_first_sibling(node); s != nullptr; s = s->next) {
    if (s->schema == node->schema) {
      return s;
    }
  }
  return nullptr;
}

lyd_node* last_instance(const lyd_node* node) {
  lyd_node* last = nullptr;
  for (lyd_node* s = lyd_first_sibling(node); s != nullptr; s = s->next) {
    if (s->schema == node->schema) {
      last = s;
    }
  }
  return last;
}

bool has_keys(const lyd_node* entry, const std::vector<std::pair<std::string, std::string>>& keys) {
  for (const auto& [name, value] : keys) {
    bool same = false;
    for (const lyd_node* key = lyd_child(entry); key != nullptr; key = key->next) {
      same = same || (name == LYD_NAME(key) && value == or_empty(lyd_get_value(key)));
    }
    if (!same) {
      return false;
    }
  }
  return true;
}

lyd_node* find_anchor(const lyd_node* node, const lyd_node* edit) {
  const bool leaf_list = node->schema->nodetype == LYS_LEAFLIST;
  const auto keys = parse_key_predicate(attribute(edit, "yang:key"));
  for (lyd_node* s = lyd_first_sibling(node); s != nullptr; s = s->next) {
    if (s->schema != node->schema || s == node) {
      continue;
    }
    if (leaf_list ? attribute(edit, "yang:value") == or_empty(lyd_get_value(s))
                  : keys && has_keys(s, *keys)) {
      return s;
    }
  }
  return nullptr;
}

std::optional<std::string> quoted(const std::string& text, std::size_t& at) {
  if (at >= text.size() || (text[at] != '\'' && text[at] != '"')) {
    return std::nullopt;
  }
  const std::size_t end = text.find(text[at], at + 1);
  if (end == std::string::npos) {
    return std::nullopt;
  }
  std::string out = text.substr(at + 1, end - at - 1);
  at = end + 1;
  return out;
}

}  // namespace

std::optional<std::vector<std::pair<std::string, std::string>>> parse_key_predicate(
    const std::string& text) {
  std::vector<std::pair<std::string, std::string>> out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t equals = text.find('=', at);
    if (text[at] != '[' || equals == std::string::npos) {
      return std::nullopt;
    }
    std::string name = text.substr(at + 1, equals - at - 1);
    if (const std::size_t colon = name.find(':'); colon != std::string::npos) {
      name.erase(0, colon + 1);
    }
    at = equals + 1;
    auto value = quoted(text, at);
    if (name.empty() || !value || at >= text.size() || text[at] != ']') {
      return std::nullopt;
    }
    out.emplace_back(std::move(name), std::move(*value));
    ++at;
  }
  return out.empty() ? std::nullopt : std::make_optional(std::move(out));
}

core::Expected<void, RpcError> place_entry(lyd_node* node, const lyd_node* edit) {
  const std::string insert = attribute(edit, "yang:insert");
  if (insert.empty() || !lysc_is_userordered(node->schema)) {
    return {};
  }
  if (insert == "first") {
    if (lyd_node* first = first_instance(node); first != node) {
      lyd_insert_before(first, node);
    }
    return {};
  }
  if (insert == "last") {
    if (lyd_node* last = last_instance(node); last != node) {
      lyd_insert_after(last, node);
    }
    return {};
  }
  lyd_node* anchor = find_anchor(node, edit);
  if (anchor == nullptr) {
    // RFC 7950 section 15.7.
    RpcError error;
    error.tag = NC_ERR_BAD_ATTR;
    error.message = "insert " + insert + ": the named entry does not exist";
    error.path = path_of(node);
    error.app_tag = "missing-instance";
    return core::Unexpected<RpcError>{std::move(error)};
  }
  if (insert == "before") {
    lyd_insert_before(anchor, node);
  } else {
    lyd_insert_after(anchor, node);
  }
  return {};
}

}  // namespace wanwise::router
