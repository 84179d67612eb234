#include "engine/policy/yaml_reader.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "engine/policy/limits.hpp"
#include "engine/policy/yaml_text.hpp"

namespace wanwise::policy {
namespace {

Mark to_mark(const YAML::Mark& mark) {
  return mark.is_null() ? Mark{} : Mark{mark.line + 1, mark.column + 1};
}

/// Ends the parse from inside yaml-cpp's call-backs.
struct TooMuch : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// yaml-cpp marks a plain scalar with the tag "?" and a quoted one with "!"; anything else but the
/// empty tag was written by the user.
bool is_user_tag(const std::string& tag) {
  return !tag.empty() && tag != "?" && tag != "!";
}

class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const std::string& file, Report& report) : m_file(file), m_report(report) {}

  [[nodiscard]] std::vector<YamlNode> take() { return std::move(m_documents); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    m_stack.clear();
    m_skipping = 0;
    m_documents.emplace_back();
    m_documents.back().mark = to_mark(mark);
    if (m_documents.size() > kMaxDocumentsPerFile) {
      throw TooMuch("more than " + std::to_string(kMaxDocumentsPerFile) + " documents in one file");
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    place({.kind = YamlNode::Kind::null, .mark = to_mark(mark)});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse(to_mark(mark), "aliases are not allowed; write the value again");
    place({.kind = YamlNode::Kind::refused, .mark = to_mark(mark)});
  }
  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    refuse(to_mark(mark), "anchor " + quoted(name) + " is not allowed");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    check_tag(mark, tag);
    place({.kind = YamlNode::Kind::scalar,
           .mark = to_mark(mark),
           .text = value,
           .plain = tag == "?"});
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open(YamlNode::Kind::list, mark, tag);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    open(YamlNode::Kind::mapping, mark, tag);
  }
  void OnMapEnd() override { close(); }

 private:
  /// A list or mapping that is still open, with the key that waits for its value.
  struct Frame {
    YamlNode node = {};
    bool has_key = false;
    bool key_refused = false;
    YamlEntry entry = {};
  };

  void refuse(Mark mark, std::string message) {
    if (m_skipping == 0) m_report.add(m_file, mark, "", std::move(message));
  }

  void check_tag(const YAML::Mark& mark, const std::string& tag) {
    if (is_user_tag(tag)) refuse(to_mark(mark), "tag " + quoted(tag) + " is not allowed");
  }

  [[nodiscard]] bool wants_key() const {
    return !m_stack.empty() && m_stack.back().node.kind == YamlNode::Kind::mapping &&
           !m_stack.back().has_key;
  }

  void open(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag) {
    if (m_skipping > 0) {
      ++m_skipping;
      return;
    }
    check_tag(mark, tag);
    const bool too_deep = m_stack.size() >= kMaxDepth;
    if (too_deep) {
      refuse(to_mark(mark), "nested more than " + std::to_string(kMaxDepth) + " deep");
    }
    if (too_deep || wants_key()) {
      // As a key it is refused by place(); either way its inside says nothing.
      place({.kind = too_deep && !wants_key() ? YamlNode::Kind::refused : kind,
             .mark = to_mark(mark)});
      m_skipping = 1;
      return;
    }
    m_stack.push_back({.node = {.kind = kind, .mark = to_mark(mark)}});
  }

  void close() {
    if (m_skipping > 0) {
      --m_skipping;
      return;
    }
    YamlNode node = std::move(m_stack.back().node);
    m_stack.pop_back();
    place(std::move(node));
  }

  void place(YamlNode node) {
    if (m_skipping > 0) return;
    if (++m_nodes > kMaxNodes) {
      throw TooMuch("more than " + std::to_string(kMaxNodes) + " values in one file");
    }
    if (m_stack.empty()) {
      m_documents.back() = std::move(node);
      return;
    }
    Frame& frame = m_stack.back();
    if (frame.node.kind == YamlNode::Kind::list) {
      frame.node.items.push_back(std::move(node));
    } else if (!frame.has_key) {
      take_key(frame, std::move(node));
    } else {
      frame.has_key = false;
      if (frame.key_refused) return;
      frame.entry.value = std::move(node);
      frame.node.entries.push_back(std::move(frame.entry));
    }
  }

  void take_key(Frame& frame, YamlNode node) {
    frame.has_key = true;
    frame.key_refused = true;
    if (node.kind == YamlNode::Kind::refused) return;
    if (node.kind != YamlNode::Kind::scalar) {
      return refuse(node.mark, "a key must be a word, not a list, a mapping or null");
    }
    if (node.text == "<<" && node.plain) {
      return refuse(node.mark, "merge key '<<' is not allowed; write the keys again");
    }
    if (const YamlEntry* first = frame.node.find(node.text)) {
      return refuse(node.mark, "duplicate key " + quoted(node.text) + ", first on line " +
                                   std::to_string(first->mark.line));
    }
    frame.key_refused = false;
    frame.entry = {std::move(node.text), node.plain, node.mark, {}};
  }

  const std::string& m_file;
  Report& m_report;
  std::vector<YamlNode> m_documents;
  std::vector<Frame> m_stack;
  std::size_t m_skipping = 0;  ///< open lists and mappings whose inside is ignored
  std::size_t m_nodes = 0;
};

}  // namespace

const YamlEntry* YamlNode::find(std::string_view key) const {
  const auto it = std::find_if(entries.begin(), entries.end(),
                               [&](const YamlEntry& entry) { return entry.key == key; });
  return it == entries.end() ? nullptr : &*it;
}

YamlFile read_yaml(const SourceText& source, Report& report) {
  const std::string_view text = without_bom(source.text);
  if (!check_text(source.file, text, report)) return {};
  TreeBuilder builder(source.file, report);
  const auto failed = [&](Mark mark, const std::string& message) {
    report.add(source.file, mark, "", message);
    return YamlFile{};
  };
  try {
    std::istringstream stream{std::string{text}};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const TooMuch& e) {
    return failed({}, e.what());
  } catch (const YAML::Exception& e) {
    return failed(to_mark(e.mark), "not YAML: " + e.msg);
  } catch (const std::exception& e) {
    return failed({}, std::string{"not YAML: "} + e.what());
  }
  YamlFile file{builder.take(), true};
  if (file.documents.empty()) return failed({}, "the file holds no document");
  return file;
}

}  // namespace wanwise::policy
