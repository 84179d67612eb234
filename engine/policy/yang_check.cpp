#include "engine/policy/yang_check.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/policy/libyang_raii.hpp"

namespace wanwise::policy {
namespace {

constexpr const char* kModules[] = {"wanwise-policy", "wanwise-site", "wanwise-profile"};

struct Wrong {
  std::string message;
  std::string allowed;
};

/// What the text of a leaf should be, from the compiled schema.
Wrong wrong_text(const std::string& text, const lysc_type_str& type) {
  const std::size_t length = text.size();
  if (type.length != nullptr && LY_ARRAY_COUNT(type.length->parts) == 1) {
    const auto& part = type.length->parts[0];
    if (length < part.min_u64 || length > part.max_u64) {
      return {in_quotes(text) + " has " + std::to_string(length) + " characters",
              std::to_string(part.min_u64) + " to " + std::to_string(part.max_u64)};
    }
  }
  std::string allowed;
  for (LY_ARRAY_COUNT_TYPE i = 0; i < LY_ARRAY_COUNT(type.patterns); ++i) {
    const lysc_pattern& pattern = *type.patterns[i];
    allowed = pattern.emsg != nullptr ? pattern.emsg : pattern.expr;
  }
  return {in_quotes(text) + " is not valid here", allowed};
}

std::string bound(const Field& field, std::int64_t count) {
  if (field.kind == ValueKind::quantity) return format_quantity(field.unit, count);
  return std::to_string(count);
}

/// A number outside its range; the range in the unit people write.
Wrong wrong_number(const Value& value, const lysc_type_num& type) {
  Wrong wrong{(value.text.empty() ? std::to_string(value.number) : in_quotes(value.text)) +
                  " is out of range",
              ""};
  const bool is_unsigned = type.basetype < LY_TYPE_DEC64;
  if (type.range == nullptr || LY_ARRAY_COUNT(type.range->parts) != 1) {
    // The only plain integer without a range of its own is uint8.
    wrong.allowed = type.basetype == LY_TYPE_UINT8 ? "0 to 255" : "";
    return wrong;
  }
  const auto& part = type.range->parts[0];
  const auto low = is_unsigned ? static_cast<std::int64_t>(part.min_u64) : part.min_64;
  const auto high = is_unsigned ? static_cast<std::int64_t>(part.max_u64) : part.max_64;
  wrong.allowed = bound(*value.field, low) + " to " + bound(*value.field, high);
  return wrong;
}

Wrong describe_wrong(const Value& value, const lysc_node* schema) {
  if (schema == nullptr || (schema->nodetype & (LYS_LEAF | LYS_LEAFLIST)) == 0) {
    return {"the schema has no such value", ""};
  }
  const lysc_type* type = reinterpret_cast<const lysc_node_leaf*>(schema)->type;
  if (type->basetype == LY_TYPE_STRING) {
    return wrong_text(value.text, *reinterpret_cast<const lysc_type_str*>(type));
  }
  const bool number = type->basetype >= LY_TYPE_UINT8 && type->basetype <= LY_TYPE_UINT64;
  if (number || (type->basetype >= LY_TYPE_INT8 && type->basetype <= LY_TYPE_INT64)) {
    return wrong_number(value, *reinterpret_cast<const lysc_type_num*>(type));
  }
  return {in_quotes(value.text) + " is not valid here", ""};
}

bool is_reference(const lysc_node* schema) {
  return schema != nullptr && schema->nodetype == LYS_LEAF &&
         reinterpret_cast<const lysc_node_leaf*>(schema)->type->basetype == LY_TYPE_LEAFREF;
}

/// The lexical form of a leaf (RFC 7950 section 9).
std::string lexical(const Value& value) {
  switch (value.field->kind) {
    case ValueKind::boolean:
      return value.number != 0 ? "true" : "false";
    case ValueKind::integer:
    case ValueKind::quantity:
      return std::to_string(value.number);
    case ValueKind::text:
    case ValueKind::word:
    case ValueKind::texts:
    case ValueKind::group:
    case ValueKind::groups:
    case ValueKind::steps:
    case ValueKind::labels:
      break;
  }
  return value.text;
}

/// Builds the libyang tree of a document. Values libyang does not take are reported and refused.
class TreeMaker {
 public:
  TreeMaker(ly_ctx* context, const std::string& file, Report* report)
      : m_context(context), m_file(file), m_report(report) {}

  Tree make(const std::string& kind, Value& root) {
    m_module = ly_ctx_get_module_implemented(m_context, ("wanwise-" + kind).c_str());
    lyd_node* tree = nullptr;
    if (m_module == nullptr ||
        lyd_new_inner(nullptr, m_module, kind.c_str(), 0, &tree) != LY_SUCCESS) {
      return nullptr;
    }
    Tree owner(tree);
    m_values[tree] = &root;
    add_members(tree, root, {});
    return owner;
  }

  [[nodiscard]] const std::map<const lyd_node*, Value*>& values() const { return m_values; }

  /// The value that a node was made from, or its nearest ancestor's.
  [[nodiscard]] Value* value_of(const lyd_node* node) const {
    for (; node != nullptr; node = lyd_parent(node)) {
      if (const auto it = m_values.find(node); it != m_values.end()) return it->second;
    }
    return nullptr;
  }

 private:
  void add_members(lyd_node* parent, Value& group, std::string_view but) {
    for (Value& member : group.items) {
      if (!member.refused && member.key != but) add(parent, member);
    }
  }

  void add(lyd_node* parent, Value& value) {
    check_count(parent, value);
    switch (value.field->kind) {
      case ValueKind::text:
      case ValueKind::word:
      case ValueKind::boolean:
      case ValueKind::integer:
      case ValueKind::quantity:
        return add_leaf(parent, value);
      case ValueKind::texts:
        for (Value& item : value.items) {
          item.key = value.key;
          if (!item.refused) add_leaf(parent, item);
        }
        return;
      case ValueKind::group:
        if (lyd_node* node = add_inner(parent, value)) add_members(node, value, {});
        return;
      case ValueKind::groups:
        for (Value& item : value.items) add_entry(parent, value.key, item);
        return;
      case ValueKind::steps:
        for (std::size_t i = 0; i < value.items.size(); ++i) {
          add_step(parent, value.key, value.items[i], i + 1);
        }
        return;
      case ValueKind::labels:
        return add_labels(parent, value);
    }
  }

  void check_count(const lyd_node* parent, Value& value) {
    const lysc_node* schema = lys_find_child(parent->schema, m_module, value.key.c_str(), 0, 0, 0);
    if (schema == nullptr || m_report == nullptr) return;
    std::size_t most = value.items.size();
    if (schema->nodetype == LYS_LIST) {
      most = reinterpret_cast<const lysc_node_list*>(schema)->max;
    } else if (schema->nodetype == LYS_LEAFLIST) {
      most = reinterpret_cast<const lysc_node_leaflist*>(schema)->max;
    }
    if (value.items.size() <= most) return;
    m_report->add(m_file, value.items[most].mark, value.path, "the list is too long",
                  "at most " + std::to_string(most));
    value.items.resize(most);
  }

  lyd_node* add_inner(lyd_node* parent, Value& value) {
    lyd_node* node = nullptr;
    if (lyd_new_inner(parent, m_module, value.key.c_str(), 0, &node) != LY_SUCCESS) return nullptr;
    m_values[node] = &value;
    return node;
  }

  void add_leaf(lyd_node* parent, Value& value) {
    lyd_node* node = nullptr;
    const LY_ERR result =
        lyd_new_term(parent, m_module, value.key.c_str(), lexical(value).c_str(), 0, &node);
    if (result == LY_SUCCESS) {
      m_values[node] = &value;
      return;
    }
    const lysc_node* schema = lys_find_child(parent->schema, m_module, value.key.c_str(), 0, 0, 0);
    // A reference to a name that is itself wrong, or is not there: told where the name is checked.
    if (!is_reference(schema)) refuse(value, schema);
  }

  void refuse(Value& value, const lysc_node* schema) {
    value.refused = true;
    if (m_report == nullptr) return;
    Wrong wrong = describe_wrong(value, schema);
    m_report->add(m_file, value.mark, value.path, std::move(wrong.message),
                  std::move(wrong.allowed));
  }

  /// A list entry; one without a usable name gets a stand-in, so that its members are checked.
  void add_entry(lyd_node* parent, const std::string& list, Value& entry) {
    if (entry.refused) return;
    Value* name = entry.get("name");
    lyd_node* node = nullptr;
    if (name != nullptr && new_list(parent, list, name->text, node) != LY_SUCCESS) {
      const lysc_node* schema = lys_find_child(parent->schema, m_module, list.c_str(), 0, 0, 0);
      refuse(*name,
             schema == nullptr ? nullptr : lys_find_child(schema, m_module, "name", 0, 0, 0));
      name = nullptr;
    }
    if (name == nullptr) {
      const std::string stand_in = "unnamed-" + std::to_string(++m_stand_ins);
      if (new_list(parent, list, stand_in, node) != LY_SUCCESS) return;
    } else {
      m_values[lyd_child(node)] = name;
    }
    m_values[node] = &entry;
    add_members(node, entry, "name");
  }

  LY_ERR new_list(lyd_node* parent, const std::string& list, const std::string& key,
                  lyd_node*& node) {
    return lyd_new_list(parent, m_module, list.c_str(), 0, &node, key.c_str());
  }

  void add_step(lyd_node* parent, const std::string& list, Value& step, std::size_t place) {
    lyd_node* node = nullptr;
    if (step.refused) return;
    // More steps than a uint8 counts are beyond max-elements by far.
    if (new_list(parent, list, std::to_string(std::min<std::size_t>(place, 255)), node) !=
        LY_SUCCESS) {
      return;
    }
    m_values[node] = &step;
    if (!step.text.empty()) {
      lyd_new_term(node, m_module, step.text.c_str(), nullptr, 0, nullptr);
    }
    add_members(node, step, {});
  }

  void add_labels(lyd_node* parent, Value& labels) {
    lyd_node* container = add_inner(parent, labels);
    if (container == nullptr) return;
    const lysc_node* list = lys_find_child(container->schema, m_module, "label", 0, 0, 0);
    for (Value& label : labels.items) {
      lyd_node* node = nullptr;
      if (label.refused) continue;
      if (new_list(container, "label", label.key, node) != LY_SUCCESS) {
        label.refused = true;
        Value name = label;
        name.text = label.key;
        refuse(name, lys_find_child(list, m_module, "name", 0, 0, 0));
        continue;
      }
      m_values[node] = &label;
      if (lyd_new_term(node, m_module, "value", label.text.c_str(), 0, nullptr) != LY_SUCCESS) {
        refuse(label, lys_find_child(list, m_module, "value", 0, 0, 0));
      }
    }
  }

  ly_ctx* m_context;
  const std::string& m_file;
  Report* m_report;  ///< null: what is wrong was told before
  const lys_module* m_module = nullptr;
  std::map<const lyd_node*, Value*> m_values;
  std::size_t m_stand_ins = 0;
};

bool has_refused(const Value& value) {
  return value.refused || std::any_of(value.items.begin(), value.items.end(), has_refused);
}

/// The data path inside libyang's account of the place: `Data location "/a:b/c", ...`; empty when
/// it tells a schema path only.
std::string data_path(const char* path) {
  const std::string_view text = path != nullptr ? path : "";
  const std::string_view intro = "Data location \"";
  const auto at = text.find(intro);
  if (at == std::string_view::npos) return {};
  const auto rest = text.substr(at + intro.size());
  // Names never hold a double quote: their patterns refuse it.
  return std::string{rest.substr(0, rest.find('"'))};
}

/// The first `must` of the node that does not hold; libyang's own validation would stop at the
/// first of the whole document, or at a mandatory value that was refused before.
const lysc_must* broken_must(const lyd_node* node) {
  const lysc_must* musts = lysc_node_musts(node->schema);
  for (LY_ARRAY_COUNT_TYPE i = 0; i < LY_ARRAY_COUNT(musts); ++i) {
    ly_bool holds = 0;
    const LY_ERR result = lyd_eval_xpath(node, lyxp_get_expr(musts[i].cond), &holds);
    if (result == LY_SUCCESS && holds == 0) return &musts[i];
  }
  return nullptr;
}

}  // namespace

struct YangCheck::State {
  Context context;
};

YangCheck::YangCheck(const std::string& schema_dir, Report& report)
    : m_state(std::make_unique<State>()) {
  quieten_libyang();
  ly_ctx* raw = nullptr;
  constexpr std::uint16_t kOptions = LY_CTX_NO_YANGLIBRARY | LY_CTX_DISABLE_SEARCHDIR_CWD;
  if (ly_ctx_new(schema_dir.c_str(), kOptions, &raw) != LY_SUCCESS) {
    report.add(schema_dir, {}, "", "not a folder with YANG modules");
    return;
  }
  Context context(raw);
  for (const char* module : kModules) {
    if (ly_ctx_load_module(context.get(), module, nullptr, nullptr) == nullptr) {
      report.add(schema_dir, {}, "", std::string{"YANG module "} + module + " cannot be loaded");
      return;
    }
  }
  m_state->context = std::move(context);
}

YangCheck::~YangCheck() = default;

bool YangCheck::ok() const {
  return m_state->context != nullptr;
}

void YangCheck::check_values(const std::string& file, const std::string& kind, Value& root,
                             Report& report) {
  if (ok()) TreeMaker(m_state->context.get(), file, &report).make(kind, root);
}

void YangCheck::check_document(const std::string& file, const std::string& kind, Value& root,
                               bool clean, Report& report) {
  if (!ok()) return;
  TreeMaker maker(m_state->context.get(), file, nullptr);
  Tree tree = maker.make(kind, root);
  const std::size_t before = report.size();
  lyd_node* top = tree.release();
  // Relations hold for values that are left to their defaults too.
  lyd_new_implicit_all(&top, m_state->context.get(), 0, nullptr);
  tree.reset(top);
  for (const auto& [node, value] : maker.values()) {
    const lysc_must* must = broken_must(node);
    // A step whose only value was refused looks empty.
    const bool step = value->field != nullptr && value->field->kind == ValueKind::steps;
    if (must == nullptr || (step && (value->partial || has_refused(*value)))) continue;
    report.add(file, value->mark, value->path,
               must->emsg != nullptr ? must->emsg : lyxp_get_expr(must->cond));
  }
  if (!clean || report.size() != before) return;
  lyd_node* raw = tree.release();
  const LY_ERR result =
      lyd_validate_all(&raw, m_state->context.get(), LYD_VALIDATE_PRESENT, nullptr);
  tree.reset(raw);
  if (result == LY_SUCCESS) return;
  const ly_err_item* error = ly_err_first(m_state->context.get());
  const std::string path = error != nullptr ? data_path(error->path) : std::string{};
  lyd_node* node = tree.get();
  if (!path.empty() && node != nullptr) lyd_find_path(tree.get(), path.c_str(), 0, &node);
  const Value* value = maker.value_of(node);
  if (value == nullptr) value = &root;
  report.add(file, value->mark, value->path,
             error != nullptr && error->msg != nullptr ? error->msg : "the schema refuses it");
}

}  // namespace wanwise::policy
