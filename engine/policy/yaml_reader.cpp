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
struct Refused : std::runtime_error {
  Refused(Mark where, const std::string& why) : std::runtime_error(why), mark(where) {}
  Mark mark;
};

/// Start of each line in the text.
std::vector<std::size_t> line_starts(std::string_view text) {
  std::vector<std::size_t> starts{0};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') starts.push_back(i + 1);
  }
  return starts;
}

/// The quoted text that begins here ends before its line does. yaml-cpp takes the end of the file
/// for a closing quote.
bool ends_on_its_line(std::string_view line) {
  const char quote = line.empty() ? '\0' : line[0];
  if (quote != '"' && quote != '\'') return true;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (quote == '"' && line[i] == '\\') {
      ++i;
    } else if (line[i] == quote) {
      if (quote == '"' || i + 1 >= line.size() || line[i + 1] != quote) return true;
      ++i;
    }
  }
  return false;
}

class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const std::string& file, std::string_view text, Report& report)
      : m_file(file), m_text(text), m_lines(line_starts(text)), m_report(report) {}

  [[nodiscard]] std::vector<YamlNode> take() { return std::move(m_documents); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    m_stack.clear();
    m_skipping = 0;
    m_documents.emplace_back();
    m_documents.back().mark = to_mark(mark);
    // What is left behind a complete value yaml-cpp takes for a document of its own.
    if (m_documents.size() > 1 && !rest_of_line(to_mark(mark)).starts_with("---")) {
      throw Refused(to_mark(mark),
                    "not YAML: this does not belong to the value above; a new "
                    "document begins with '---'");
    }
    if (m_documents.size() > kMaxDocumentsPerFile) {
      throw Refused({},
                    "more than " + std::to_string(kMaxDocumentsPerFile) + " documents in one file");
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
    refuse(to_mark(mark), "anchor " + in_quotes(name) + " is not allowed");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    if (!check_tag(mark, tag)) {
      return place({.kind = YamlNode::Kind::refused, .mark = to_mark(mark)});
    }
    if (!ends_on_its_line(rest_of_line(to_mark(mark)))) {
      throw Refused(to_mark(mark), "a quoted text must end on its line; is a quote missing?");
    }
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
    std::string key = {};
    Mark key_mark = {};
  };

  void refuse(Mark mark, std::string message) {
    if (m_skipping == 0) m_report.add(m_file, mark, "", std::move(message));
  }

  bool check_tag(const YAML::Mark& mark, const std::string& tag) {
    // yaml-cpp gives a plain scalar the tag "?" and a quoted one "!"; all others but the empty tag
    // were written by the user.
    if (tag.empty() || tag == "?" || tag == "!") return true;
    refuse(to_mark(mark), "tag " + in_quotes(tag) + " is not allowed");
    return false;
  }

  [[nodiscard]] std::string_view rest_of_line(Mark mark) const {
    const auto line = static_cast<std::size_t>(mark.line - 1);
    if (mark.line < 1 || line >= m_lines.size()) return {};
    const std::size_t end = line + 1 < m_lines.size() ? m_lines[line + 1] : m_text.size();
    const std::size_t at = m_lines[line] + static_cast<std::size_t>(mark.column - 1);
    return at < end ? m_text.substr(at, end - at) : std::string_view{};
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
    if (m_stack.size() >= kMaxDepth) {
      throw Refused(to_mark(mark), "nested more than " + std::to_string(kMaxDepth) + " deep");
    }
    if (wants_key()) {
      // place() refuses it as a key; its inside says nothing.
      place({.kind = kind, .mark = to_mark(mark)});
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
      throw Refused({}, "more than " + std::to_string(kMaxNodes) + " values in one file");
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
      // yaml-cpp marks a missing value where the next thing begins.
      if (node.kind == YamlNode::Kind::null && node.mark.line != frame.key_mark.line) {
        node.mark = frame.key_mark;
      }
      node.key = std::move(frame.key);
      node.key_mark = frame.key_mark;
      frame.node.items.push_back(std::move(node));
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
    if (const YamlNode* first = frame.node.find(node.text)) {
      return refuse(node.mark, "duplicate key " + in_quotes(node.text) + ", first on line " +
                                   std::to_string(first->key_mark.line));
    }
    frame.key_refused = false;
    frame.key = std::move(node.text);
    frame.key_mark = node.mark;
  }

  const std::string& m_file;
  std::string_view m_text;
  std::vector<std::size_t> m_lines;
  Report& m_report;
  std::vector<YamlNode> m_documents;
  std::vector<Frame> m_stack;
  std::size_t m_skipping = 0;  ///< open lists and mappings whose inside is ignored
  std::size_t m_nodes = 0;
};

}  // namespace

const YamlNode* YamlNode::find(std::string_view wanted) const {
  if (kind != Kind::mapping) return nullptr;
  const auto it = std::find_if(items.begin(), items.end(),
                               [&](const YamlNode& item) { return item.key == wanted; });
  return it == items.end() ? nullptr : &*it;
}

YamlFile read_yaml(const SourceText& source, Report& report) {
  const std::string_view text = without_bom(source.text);
  if (!check_text(source.file, text, report)) return {};
  TreeBuilder builder(source.file, text, report);
  const auto failed = [&](Mark mark, const std::string& message) {
    report.add(source.file, mark, "", message);
    return YamlFile{};
  };
  try {
    std::istringstream stream{std::string{text}};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Refused& e) {
    return failed(e.mark, e.what());
  } catch (const YAML::Exception& e) {
    return failed(to_mark(e.mark), "not YAML: " + e.msg);
  } catch (const std::exception& e) {
    return failed({}, std::string{"not YAML: "} + e.what());
  }
  YamlFile file{builder.take(), true};
  if (file.documents.empty()) return failed({}, "the file holds no document");
  return file;
}

std::string_view kind_name(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::null:
      return "no value";
    case YamlNode::Kind::scalar:
      return "a single value";
    case YamlNode::Kind::list:
      return "a list";
    case YamlNode::Kind::mapping:
      return "a mapping";
    case YamlNode::Kind::refused:
      break;
  }
  return "a refused value";
}

}  // namespace wanwise::policy
