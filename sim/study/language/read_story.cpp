#include <algorithm>
#include <cctype>
#include <charconv>

#include "sim/study/language/study_reading.hpp"

namespace wanwise::sim {
namespace {

using policy::YamlNode;

/// Writes a YAML tree as flow style, each value where it stands in its file as far as there is
/// room, so that the reader of stories tells the right places.
class FlowWriter {
 public:
  void write(const YamlNode& node) {
    switch (node.kind) {
      case YamlNode::Kind::scalar:
        return put_scalar(node.mark, node.text);
      case YamlNode::Kind::list:
        return put_items(node, '[', ']');
      case YamlNode::Kind::mapping:
        return put_items(node, '{', '}');
      case YamlNode::Kind::null:
      case YamlNode::Kind::refused:
        break;
    }
    put("~");
  }
  void put(std::string_view text) {
    m_text += text;
    m_column += static_cast<int>(text.size());
  }
  [[nodiscard]] std::string take() { return std::move(m_text); }

 private:
  void put_items(const YamlNode& node, char open, char close) {
    go_to(node.mark);
    put(std::string_view{&open, 1});
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      if (i > 0) put(",");
      if (node.kind == YamlNode::Kind::mapping) {
        put_scalar(node.items[i].key_mark, node.items[i].key);
        put(": ");
      }
      write(node.items[i]);
    }
    put(std::string_view{&close, 1});
  }
  void put_scalar(policy::Mark mark, const std::string& text) {
    go_to(mark);
    // As written where nothing in it means something in flow style: columns stay as they are.
    const bool safe = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == '%';
    });
    if (safe && text.front() != '-' && text.front() != '%') return put(text);
    put("\"");
    for (const char c : text) {
      if (c == '"' || c == '\\') put("\\");
      put(c == '\n' ? "\\n" : std::string_view{&c, 1});
    }
    put("\"");
  }
  void go_to(policy::Mark mark) {
    for (; m_line < mark.line; ++m_line, m_column = 1) m_text += '\n';
    for (; m_line == mark.line && m_column < mark.column; ++m_column) m_text += ' ';
  }

  std::string m_text;
  int m_line = 1;
  int m_column = 1;
};

/// "FILE:LINE:COL: message"
std::optional<policy::Diagnostic> with_place(const std::string& line) {
  const std::size_t end = line.find(": ");
  if (end == std::string::npos) return std::nullopt;
  const std::size_t second = line.rfind(':', end - 1);
  const std::size_t first =
      second == std::string::npos || second == 0 ? second : line.rfind(':', second - 1);
  if (first == std::string::npos || first == 0) return std::nullopt;
  const auto number = [&](std::size_t from, std::size_t to) {
    int value = 0;
    const auto [rest, problem] = std::from_chars(line.data() + from, line.data() + to, value);
    return problem == std::errc{} && rest == line.data() + to ? value : 0;
  };
  const int row = number(first + 1, second);
  const int column = number(second + 1, end);
  if (row == 0 || column == 0) return std::nullopt;
  return policy::Diagnostic{line.substr(0, first), row, column, "", line.substr(end + 2), ""};
}

std::optional<Scenario> story_of_file(StudyReading& r, Section& section) {
  const auto path = resolve_path(r, section, "file");
  if (!path) return std::nullopt;
  auto scenario = read_scenario(*path);
  if (scenario && hash_file(r, *path)) return *scenario;
  report_lines(r, *section.node("file"), section.path_of("file"),
               scenario ? *path + " cannot be read" : scenario.error().message);
  return std::nullopt;
}

}  // namespace

void report_lines(StudyReading& r, const YamlNode& at, const std::string& path,
                  const std::string& lines) {
  std::string others;  // without a place of their own: one diagnostic
  for (std::size_t from = 0; from < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', from), lines.size());
    const std::string line = lines.substr(from, end - from);
    from = end + 1;
    if (auto placed = with_place(line)) {
      r.reading.report.add(placed->file, {placed->line, placed->column}, "", placed->message);
    } else {
      others += (others.empty() ? "" : "; ") + line;
    }
  }
  if (!others.empty()) r.reading.refuse(at, path, others);
}

std::optional<Scenario> read_story(StudyReading& r, const YamlNode& node, const std::string& path) {
  if (node.kind == YamlNode::Kind::scalar && node.text == "none") return Scenario{};
  Section section(r.reading, node, path, "a story", {"file", "steps"});
  const bool file = section.node("file") != nullptr;
  const bool steps = section.node("steps") != nullptr;
  if (file == steps) {
    if (node.kind == YamlNode::Kind::mapping)
      section.refuse_all(file ? "has a file and steps" : "has neither a file nor steps",
                         "one of file, steps");
    return std::nullopt;
  }
  if (file) return story_of_file(r, section);
  if (section.list("steps").empty()) return std::nullopt;
  FlowWriter writer;
  writer.put("{scenario: inline, steps: ");
  writer.write(*section.node("steps"));
  writer.put("}");
  auto scenario = parse_scenario(writer.take(), r.reading.file);
  if (scenario) return *scenario;
  report_lines(r, *section.node("steps"), section.path_of("steps"), scenario.error().message);
  return std::nullopt;
}

}  // namespace wanwise::sim
