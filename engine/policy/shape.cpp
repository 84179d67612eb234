#include "engine/policy/shape.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace wanwise::policy {
namespace {

std::string join(const std::string& path, std::string_view key) {
  return path.empty() ? std::string{key} : path + '/' + std::string{key};
}

/// Decimal without sign tricks, leading zeros, hex, octal or underscores.
std::optional<std::int64_t> parse_integer(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.empty() || (digits.size() > 1 && digits[0] == '0')) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

class Reader {
 public:
  Reader(const std::string& file, Report& report) : m_file(file), m_report(report) {}

  Value read_group(const YamlNode& node, const Shape& shape, std::string path) {
    Value group{.path = std::move(path), .mark = node.mark};
    std::vector<std::string> guessed;  // known keys that a misspelt one stands for
    for (const YamlNode& entry : node.items) {
      const auto field =
          std::find_if(shape.fields.begin(), shape.fields.end(),
                       [&](const Field& candidate) { return candidate.key == entry.key; });
      if (field == shape.fields.end()) {
        guessed.push_back(unknown_key(node, entry, shape, group.path));
        // A key nobody could mean hides nothing.
        group.partial = group.partial || !guessed.back().empty();
      } else if (auto value = read(entry, *field, join(group.path, entry.key))) {
        value->key = entry.key;
        group.items.push_back(std::move(*value));
      } else {
        group.partial = true;
      }
    }
    check_missing(node, shape, group.path, guessed);
    for (const OneOf& choice : shape.one_of) check_choice(node, choice, group, guessed);
    return group;
  }

 private:
  void error(Mark mark, const std::string& path, std::string message, std::string allowed = {}) {
    m_report.add(m_file, mark, path, std::move(message), std::move(allowed));
  }

  std::string unknown_key(const YamlNode& node, const YamlNode& entry, const Shape& shape,
                          const std::string& path) {
    std::vector<std::string> known;
    std::vector<std::string> unused;
    for (const Field& field : shape.fields) {
      known.emplace_back(field.key);
      if (node.find(field.key) == nullptr) unused.emplace_back(field.key);
    }
    error(entry.key_mark, join(path, entry.key),
          "unknown key " + in_quotes(entry.key) + " in " + std::string{shape.what} +
              did_you_mean(entry.key, unused),
          listed(known));
    return nearest(entry.key, unused);
  }

  void check_missing(const YamlNode& node, const Shape& shape, const std::string& path,
                     const std::vector<std::string>& guessed) {
    for (const Field& field : shape.fields) {
      if (!field.required || node.find(field.key) != nullptr) continue;
      if (std::find(guessed.begin(), guessed.end(), field.key) != guessed.end()) continue;
      error(node.mark, join(path, field.key),
            std::string{shape.what} + " needs the key '" + std::string{field.key} + "'");
    }
  }

  void check_choice(const YamlNode& node, const OneOf& choice, Value& group,
                    const std::vector<std::string>& guessed) {
    const auto is_choice = [&](const std::string& key) {
      return std::find(choice.keys.begin(), choice.keys.end(), key) != choice.keys.end();
    };
    const YamlNode* chosen = nullptr;
    bool ambiguous = false;
    for (const YamlNode& entry : node.items) {
      if (!is_choice(entry.key)) continue;
      if (chosen == nullptr) {
        chosen = &entry;
        continue;
      }
      ambiguous = true;
      error(entry.key_mark, join(group.path, entry.key),
            "only one of these keys may be given; '" + chosen->key + "' is there already",
            listed(choice.keys));
    }
    for (Value& member : group.items) {
      if (ambiguous && is_choice(member.key)) member.refused = true;
    }
    // Where a key was misspelt, or all of them were, that is the mistake.
    const bool misspelt = std::any_of(guessed.begin(), guessed.end(), is_choice) ||
                          (!guessed.empty() && guessed.size() == node.items.size());
    if (chosen == nullptr && choice.required && !misspelt) {
      error(node.mark, group.path, "one of these keys is needed", listed(choice.keys));
    }
  }

  /// Nothing: reported, or refused before.
  std::optional<Value> read(const YamlNode& node, const Field& field, const std::string& path) {
    if (node.kind == YamlNode::Kind::refused) return std::nullopt;
    Value value{.field = &field, .path = path, .mark = node.mark};
    switch (field.kind) {
      case ValueKind::text:
      case ValueKind::word:
      case ValueKind::boolean:
      case ValueKind::integer:
      case ValueKind::quantity:
        return read_scalar(node, field, std::move(value));
      case ValueKind::texts:
        return read_texts(node, field, std::move(value));
      case ValueKind::group: {
        if (!expect(node, YamlNode::Kind::mapping, path, "a mapping")) return std::nullopt;
        Value group = read_group(node, *field.shape, path);
        group.field = &field;
        return group;
      }
      case ValueKind::groups:
      case ValueKind::steps:
        return read_groups(node, field, std::move(value));
      case ValueKind::labels:
        return read_labels(node, std::move(value));
    }
    return std::nullopt;
  }

  bool expect(const YamlNode& node, YamlNode::Kind kind, const std::string& path,
              std::string_view wanted) {
    if (node.kind == kind) return true;
    error(node.mark, path,
          "wants " + std::string{wanted} + ", got " + std::string{kind_name(node)});
    return false;
  }

  std::optional<Value> read_scalar(const YamlNode& node, const Field& field, Value value) {
    if (!expect(node, YamlNode::Kind::scalar, value.path, wanted(field))) return std::nullopt;
    bool good = false;
    switch (field.kind) {
      case ValueKind::text:
        good = read_text(node, value);
        break;
      case ValueKind::word:
        good = read_word(node, field, value);
        break;
      case ValueKind::boolean:
        good = read_boolean(node, value);
        break;
      case ValueKind::integer:
        good = read_integer(node, value);
        break;
      case ValueKind::quantity:
        good = read_quantity(node, field, value);
        break;
      case ValueKind::texts:
      case ValueKind::group:
      case ValueKind::groups:
      case ValueKind::steps:
      case ValueKind::labels:
        break;
    }
    if (!good) return std::nullopt;
    return value;
  }

  static std::string wanted(const Field& field) {
    switch (field.kind) {
      case ValueKind::word:
        return "a word";
      case ValueKind::boolean:
        return "true or false";
      case ValueKind::integer:
        return "a whole number";
      case ValueKind::quantity:
        return std::string{describe(field.unit)};
      case ValueKind::text:
      case ValueKind::texts:
      case ValueKind::group:
      case ValueKind::groups:
      case ValueKind::steps:
      case ValueKind::labels:
        break;
    }
    return "a text";
  }

  bool read_text(const YamlNode& node, Value& value) {
    if (node.plain) {
      if (const auto type = implicit_type(node.text); !type.empty()) {
        error(node.mark, value.path,
              in_quotes(node.text) + " without quotes is " + std::string{type} +
                  " to YAML, a text is wanted",
              "\"" + node.text + "\"");
        return false;
      }
    }
    value.text = node.text;
    return true;
  }

  bool read_word(const YamlNode& node, const Field& field, Value& value) {
    value.text = node.text;
    if (std::find(field.words.begin(), field.words.end(), node.text) != field.words.end()) {
      return true;
    }
    error(node.mark, value.path,
          "unknown word " + in_quotes(node.text) + did_you_mean(node.text, field.words),
          listed(field.words));
    return false;
  }

  bool read_boolean(const YamlNode& node, Value& value) {
    if (node.plain && (node.text == "true" || node.text == "false")) {
      value.number = node.text == "true" ? 1 : 0;
      return true;
    }
    error(node.mark, value.path,
          in_quotes(node.text) + (node.plain ? " is not a boolean" : " in quotes is a text"),
          "true, false");
    return false;
  }

  bool read_integer(const YamlNode& node, Value& value) {
    if (!node.plain) {
      error(node.mark, value.path, in_quotes(node.text) + " in quotes is a text",
            "a whole number without quotes");
      return false;
    }
    const auto number = parse_integer(node.text);
    if (!number) {
      const bool other_base = !implicit_type(node.text).empty();
      error(node.mark, value.path,
            in_quotes(node.text) +
                (other_base ? " is not a plain decimal number" : " is not a whole number"),
            "decimal digits without leading zeros");
      return false;
    }
    value.number = *number;
    return true;
  }

  bool read_quantity(const YamlNode& node, const Field& field, Value& value) {
    const auto count = parse_quantity(field.unit, node.text);
    if (!count) {
      error(node.mark, value.path, in_quotes(node.text) + ' ' + count.error().message,
            count.error().allowed);
      return false;
    }
    value.number = *count;
    value.text = node.text;
    return true;
  }

  /// Lists of at least one item where the field is required.
  bool expect_list(const YamlNode& node, const Field& field, const std::string& path) {
    if (!expect(node, YamlNode::Kind::list, path, "a list")) return false;
    if (!node.items.empty() || !field.required) return true;
    error(node.mark, path, "the list is empty", "one or more");
    return false;
  }

  std::optional<Value> read_texts(const YamlNode& node, const Field& field, Value value) {
    if (!expect_list(node, field, value.path)) return std::nullopt;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const YamlNode& item = node.items[i];
      if (item.kind == YamlNode::Kind::refused) continue;
      Value text{.field = &field,
                 .path = value.path + '[' + std::to_string(i + 1) + ']',
                 .mark = item.mark};
      if (!expect(item, YamlNode::Kind::scalar, text.path, "a text") || !read_text(item, text)) {
        continue;
      }
      const bool twice = std::any_of(value.items.begin(), value.items.end(),
                                     [&](const Value& v) { return v.text == text.text; });
      if (twice) {
        error(item.mark, text.path, in_quotes(text.text) + " is in the list twice");
        continue;
      }
      value.items.push_back(std::move(text));
    }
    return value;
  }

  std::optional<Value> read_groups(const YamlNode& node, const Field& field, Value value) {
    if (!expect_list(node, field, value.path)) return std::nullopt;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const YamlNode& item = node.items[i];
      if (item.kind == YamlNode::Kind::refused) {
        value.partial = true;
        continue;
      }
      const std::string place = value.path + '[' + item_name(item, field, i) + ']';
      if (item.kind == YamlNode::Kind::scalar && !field.words.empty()) {
        Value step{.field = &field, .path = place, .mark = item.mark};
        if (read_word(item, field, step)) {
          value.items.push_back(std::move(step));
        } else {
          value.partial = true;
        }
      } else if (expect(item, YamlNode::Kind::mapping, place, field.shape->what)) {
        Value group = read_group(item, *field.shape, place);
        group.field = &field;
        value.items.push_back(std::move(group));
      } else {
        value.partial = true;
      }
    }
    return value;
  }

  static std::string item_name(const YamlNode& item, const Field& field, std::size_t index) {
    const YamlNode* name = field.kind == ValueKind::groups ? item.find("name") : nullptr;
    const bool readable = name != nullptr && name->kind == YamlNode::Kind::scalar &&
                          !name->text.empty() && name->text.size() <= 63;
    if (!readable) return std::to_string(index + 1);
    const std::string shown = in_quotes(name->text);
    return shown.substr(1, shown.size() - 2);
  }

  std::optional<Value> read_labels(const YamlNode& node, Value value) {
    if (!expect(node, YamlNode::Kind::mapping, value.path, "a mapping of labels")) {
      return std::nullopt;
    }
    for (const YamlNode& entry : node.items) {
      Value label{.key = entry.key,
                  .field = value.field,
                  .path = join(value.path, entry.key),
                  .mark = entry.mark};
      if (entry.kind != YamlNode::Kind::refused &&
          expect(entry, YamlNode::Kind::scalar, label.path, "a text") && read_text(entry, label)) {
        value.items.push_back(std::move(label));
      } else {
        value.partial = true;
      }
    }
    return value;
  }

  const std::string& m_file;
  Report& m_report;
};

}  // namespace

Value read_shape(const std::string& file, const YamlNode& node, const Shape& shape,
                 Report& report) {
  return Reader(file, report).read_group(node, shape, "");
}

}  // namespace wanwise::policy
