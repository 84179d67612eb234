#include <charconv>

#include "sim/study/study_reading.hpp"

namespace wanwise::sim {
namespace {

using policy::Unit;
using policy::YamlNode;

// As in sim/world/scenario: a story is written by hand.
constexpr std::size_t kMaxSteps = 10'000;
constexpr Range kFactors{0, 100'000'000};
constexpr Range kSlowdowns{10'000, 100'000'000};
const std::vector<std::string> kKinds{"demand", "uplink", "power-mode", "throttle", "target"};

class StoryReader {
 public:
  explicit StoryReader(Reading& reading) : m_reading(reading) {}

  std::optional<ScenarioStep> step(const YamlNode& node, const std::string& path) {
    std::vector<std::string> keys{"at", "say"};
    keys.insert(keys.end(), kKinds.begin(), kKinds.end());
    Section section(m_reading, node, path, "a step", keys);
    section.need({"at"});
    ScenarioStep step;
    step.place = m_reading.file + ':' + std::to_string(node.mark.line) + ':' +
                 std::to_string(node.mark.column);
    step.say = section.text("say").value_or("");
    moment(section, step);
    std::vector<std::string> chosen;
    for (const std::string& kind : kKinds)
      if (section.node(kind) != nullptr) chosen.push_back(kind);
    if (chosen.size() != 1) {
      section.refuse_all("a step has exactly one thing that happens", policy::listed(kKinds));
      return std::nullopt;
    }
    auto what = disturbance(chosen.front(), section);
    if (!what) return std::nullopt;
    step.what = std::move(*what);
    return step;
  }

 private:
  void moment(Section& section, ScenarioStep& step) {
    const YamlNode* at = section.node("at");
    if (at == nullptr) return;
    if (at->text.ends_with('%')) {
      if (const auto share = section.quantity("at", Unit::share, {0, 1'000'000}))
        step.share = core::Ppm{*share};
    } else if (const auto time = section.quantity("at", Unit::duration)) {
      step.time = core::Micros{*time};
    }
  }

  std::optional<Disturbance> disturbance(const std::string& kind, Section& step) {
    const bool alive = kind == "target";
    const std::string who = kind == "demand"   ? "workload"
                            : kind == "uplink" ? "link"
                            : alive            ? "name"
                                               : "target";
    const std::string how = kind == "power-mode" ? "mode" : alive ? "alive" : "factor";
    Section section(m_reading, *step.node(kind), step.path_of(kind), "'" + kind + "'", {who, how});
    section.need({who, how});
    const auto name = section.text(who);
    if (kind == "power-mode") {
      const auto mode = section.text(how);
      if (!name || !mode) return std::nullopt;
      return PowerModeChange{core::TargetName{*name}, core::PowerModeName{*mode}};
    }
    if (alive) {
      const auto word = section.word(how, {"true", "false"});
      if (!name || !word) return std::nullopt;
      return AliveChange{core::TargetName{*name}, *word == "true"};
    }
    const auto factor = section.factor(how, kind == "throttle" ? kSlowdowns : kFactors);
    if (!name || !factor) return std::nullopt;
    if (kind == "demand") return DemandChange{core::WorkloadName{*name}, core::Ppm{*factor}};
    if (kind == "uplink") return UplinkChange{core::LinkName{*name}, core::Ppm{*factor}};
    return ThrottleChange{core::TargetName{*name}, core::Ppm{*factor}};
  }

  Reading& m_reading;
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
  Scenario scenario;
  StoryReader reader(r.reading);
  const auto& items = section.list("steps");
  if (items.size() > kMaxSteps) {
    section.refuse("steps", "more than " + std::to_string(kMaxSteps) + " steps");
    return std::nullopt;
  }
  for (std::size_t i = 0; i < items.size(); ++i)
    if (auto step = reader.step(items[i], item_path(section.path_of("steps"), items[i], i)))
      scenario.steps.push_back(std::move(*step));
  return scenario;
}

}  // namespace wanwise::sim
