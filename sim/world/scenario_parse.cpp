#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>

#include "sim/world/kernel/text_file.hpp"
#include "sim/world/scenario.hpp"

namespace wanwise::sim {
namespace {

// A story is written by hand; more is a mistake.
constexpr std::size_t kMaxSteps = 10'000;
constexpr std::size_t kMaxText = std::size_t{1} << 20;
// Largest factor of a demand or a slowdown.
constexpr double kMaxFactor = 100;
// Longest delay of telemetry: beyond it a run of minutes to hours hears nothing at all, which is
// what an unreachable API is for.
constexpr core::Micros kMaxDelay = core::seconds(3600);

/// Collects what is wrong; the parser goes on, so that everything is told at once.
class Diagnostics {
 public:
  explicit Diagnostics(std::string file) : m_file(std::move(file)) {}

  [[nodiscard]] std::string place(const YAML::Mark& mark) const {
    return m_file + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1);
  }
  void add(const YAML::Mark& mark, const std::string& message) {
    m_lines.emplace_back(std::pair{mark.line, mark.column}, place(mark) + ": " + message);
  }
  [[nodiscard]] bool empty() const { return m_lines.empty(); }
  [[nodiscard]] std::string text() {
    std::stable_sort(m_lines.begin(), m_lines.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::string all;
    for (const auto& [at, line] : m_lines) all += (all.empty() ? "" : "\n") + line;
    return all;
  }

 private:
  std::string m_file;
  std::vector<std::pair<std::pair<int, int>, std::string>> m_lines;
};

std::optional<double> decimal(std::string_view text) {
  double value = 0;
  const auto [end, problem] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (problem != std::errc{} || end != text.data() + text.size() || !std::isfinite(value) ||
      value < 0)
    return std::nullopt;
  return value;
}

/// 18s, 500ms or 2min.
std::optional<core::Micros> duration(const std::string& text) {
  const auto unit = std::min(text.find_first_not_of("0123456789."), text.size());
  const auto value = decimal(std::string_view(text).substr(0, unit));
  const std::string suffix = text.substr(unit);
  const double scale = suffix == "s" ? 1e6 : suffix == "ms" ? 1e3 : suffix == "min" ? 60e6 : 0;
  if (!value || scale == 0 || *value * scale >= 1e15) return std::nullopt;
  return core::Micros{std::llround(*value * scale)};
}

class Parser {
 public:
  explicit Parser(const std::string& file) : m_diagnostics(file) {}

  Scenario scenario(const YAML::Node& root) {
    Scenario result;
    if (!check_keys(root, "the document", {"scenario", "steps"})) return result;
    result.name = scalar(root, "scenario", "the document");
    const YAML::Node steps = root["steps"];
    if (!steps) {
      m_diagnostics.add(root.Mark(), "'steps' is missing");
    } else if (!steps.IsSequence()) {
      m_diagnostics.add(steps.Mark(), "'steps' is no list");
    } else if (steps.size() > kMaxSteps) {
      m_diagnostics.add(steps.Mark(), "more than " + std::to_string(kMaxSteps) + " steps");
    } else {
      for (const auto& node : steps) step(node, result);
    }
    return result;
  }

  Diagnostics& diagnostics() { return m_diagnostics; }

 private:
  static constexpr std::array<const char*, 9> kKinds{"demand",     "uplink",      "power-mode",
                                                     "throttle",   "target",      "link",
                                                     "router-api", "cluster-api", "telemetry"};

  bool check_keys(const YAML::Node& node, const std::string& what,
                  const std::set<std::string>& allowed) {
    if (!node.IsMap()) {
      m_diagnostics.add(node.Mark(), what + " is no mapping");
      return false;
    }
    std::set<std::string> seen;
    for (const auto& entry : node) {
      const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "";
      if (allowed.count(key) == 0) {
        std::string list;
        for (const auto& name : allowed) list += (list.empty() ? "" : ", ") + name;
        m_diagnostics.add(entry.first.Mark(),
                          "unknown key " + quoted(key) + " (allowed: " + list + ")");
      } else if (!seen.insert(key).second) {
        m_diagnostics.add(entry.first.Mark(), "key " + quoted(key) + " stands here twice");
      }
    }
    return true;
  }

  std::string scalar(const YAML::Node& map, const char* key, const std::string& what) {
    const YAML::Node node = map[key];
    if (!node) {
      m_diagnostics.add(map.Mark(), quoted(key) + " of " + what + " is missing");
      return {};
    }
    if (!node.IsScalar() || node.Scalar().empty()) {
      m_diagnostics.add(node.Mark(), quoted(key) + " is no plain value");
      return {};
    }
    return node.Scalar();
  }

  /// 0.08, 1.8 or 8%.
  core::Ppm factor(const YAML::Node& map, const std::string& what, bool may_be_zero) {
    const std::string text = scalar(map, "factor", what);
    if (text.empty()) return core::kWhole;
    const bool percent = text.back() == '%';
    const auto value = decimal(percent ? std::string_view(text).substr(0, text.size() - 1) : text);
    const double share = value.value_or(-1) * (percent ? 0.01 : 1);
    if (!value || share > kMaxFactor || (share <= 0 && !may_be_zero)) {
      m_diagnostics.add(map["factor"].Mark(), quoted(text) + " is no factor (allowed: " +
                                                  (may_be_zero ? "0" : "above 0") +
                                                  " to 100, or per cent such as 8%)");
      return core::kWhole;
    }
    return core::Ppm{std::llround(share * 1e6)};
  }

  /// 18s, 500ms, 2min or 20%.
  void moment(const YAML::Node& node, ScenarioStep& step) {
    const std::string text = scalar(node, "at", "the step");
    if (text.empty()) return;
    const auto share = text.back() == '%'
                           ? decimal(std::string_view(text).substr(0, text.size() - 1))
                           : std::nullopt;
    if (share && *share <= 100) {
      step.share = core::Ppm{std::llround(*share * 1e4)};
    } else if (const auto time = duration(text)) {
      step.time = *time;
    } else {
      m_diagnostics.add(node["at"].Mark(), quoted(text) +
                                               " is no moment (allowed: 18s, 500ms, 2min, or a "
                                               "share of the run such as 20%)");
    }
  }

  std::optional<Disturbance> disturbance(const std::string& kind, const YAML::Node& value) {
    const std::string what = quoted(kind);
    if (kind == "demand") {
      if (!check_keys(value, what, {"workload", "factor"})) return std::nullopt;
      return DemandChange{core::WorkloadName{scalar(value, "workload", what)},
                          factor(value, what, true)};
    }
    if (kind == "uplink") {
      if (!check_keys(value, what, {"link", "factor"})) return std::nullopt;
      return UplinkChange{core::LinkName{scalar(value, "link", what)}, factor(value, what, true)};
    }
    if (kind == "power-mode") {
      if (!check_keys(value, what, {"target", "mode"})) return std::nullopt;
      return PowerModeChange{core::TargetName{scalar(value, "target", what)},
                             core::PowerModeName{scalar(value, "mode", what)}};
    }
    if (kind == "throttle") {
      if (!check_keys(value, what, {"target", "factor"})) return std::nullopt;
      return ThrottleChange{core::TargetName{scalar(value, "target", what)},
                            factor(value, what, false)};
    }
    if (kind == "target") {
      if (!check_keys(value, what, {"name", "alive"})) return std::nullopt;
      return AliveChange{core::TargetName{scalar(value, "name", what)}, yes(value, "alive", what)};
    }
    return of_network(kind, value);
  }

  std::optional<Disturbance> of_network(const std::string& kind, const YAML::Node& value) {
    const std::string what = quoted(kind);
    if (kind == "link") {
      if (!check_keys(value, what, {"name", "up"})) return std::nullopt;
      return LinkChange{core::LinkName{scalar(value, "name", what)}, yes(value, "up", what)};
    }
    if (kind == "router-api") {
      if (!check_keys(value, what, {"router", "reachable"})) return std::nullopt;
      return RouterApiChange{core::RouterName{scalar(value, "router", what)},
                             yes(value, "reachable", what)};
    }
    if (kind == "cluster-api") {
      if (!check_keys(value, what, {"reachable"})) return std::nullopt;
      return ClusterApiChange{yes(value, "reachable", what)};
    }
    if (!check_keys(value, what, {"router", "delay"})) return std::nullopt;
    return TelemetryChange{core::RouterName{scalar(value, "router", what)}, delay(value, what)};
  }

  bool yes(const YAML::Node& map, const char* key, const std::string& what) {
    const std::string text = scalar(map, key, what);
    if (!text.empty() && text != "true" && text != "false")
      m_diagnostics.add(map[key].Mark(), quoted(text) + " (allowed: true, false)");
    return text == "true";
  }

  core::Micros delay(const YAML::Node& map, const std::string& what) {
    const std::string text = scalar(map, "delay", what);
    if (text.empty()) return {};
    const auto length = duration(text);
    if (!length || *length > kMaxDelay)
      m_diagnostics.add(map["delay"].Mark(),
                        quoted(text) + " is no delay (allowed: 0s to 60min, such as 30s, 500ms)");
    return length.value_or(core::Micros{});
  }

  void step(const YAML::Node& node, Scenario& result) {
    std::set<std::string> allowed(kKinds.begin(), kKinds.end());
    allowed.insert({"at", "say"});
    if (!check_keys(node, "a step", allowed)) return;
    ScenarioStep parsed;
    parsed.place = m_diagnostics.place(node.Mark());
    moment(node, parsed);
    if (node["say"]) parsed.say = scalar(node, "say", "the step");
    int kinds = 0;
    std::string list;
    for (const char* kind : kKinds) {
      list += (list.empty() ? "" : ", ") + std::string(kind);
      const YAML::Node value = node[kind];
      if (!value) continue;
      ++kinds;
      if (auto what = disturbance(kind, value)) parsed.what = std::move(*what);
    }
    if (kinds != 1) m_diagnostics.add(node.Mark(), "a step has exactly one of: " + list);
    result.steps.push_back(std::move(parsed));
  }

  Diagnostics m_diagnostics;
};

}  // namespace

core::Expected<Scenario> parse_scenario(const std::string& text, const std::string& file) {
  if (text.size() > kMaxText) return core::fail("scenario-invalid", file + ": longer than 1 MiB");
  Parser parser(file);
  try {
    const auto documents = YAML::LoadAll(text);
    if (documents.size() != 1)
      return core::fail("scenario-invalid", file + ": holds " + std::to_string(documents.size()) +
                                                " documents (allowed: one)");
    Scenario scenario = parser.scenario(documents.front());
    if (parser.diagnostics().empty()) return scenario;
  } catch (const YAML::Exception& e) {
    parser.diagnostics().add(e.mark, e.msg);
  }
  return core::fail("scenario-invalid", parser.diagnostics().text());
}

core::Expected<Scenario> read_scenario(const std::string& path) {
  auto text = read_text(path);
  if (!text) return core::fail("scenario-unreadable", text.error().message);
  return parse_scenario(*text, path);
}

}  // namespace wanwise::sim
