#include "sim/router/scenario.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <sstream>

namespace wanwise::router {
namespace {

// "90s", "1500ms", "2m".
std::optional<core::Instant> parse_time(const std::string& text) {
  std::int64_t value = 0;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  const std::string unit(end, last);
  constexpr std::int64_t kWeekSeconds = 7 * 24 * 3600;
  const std::int64_t scale = unit == "ms" ? 1'000 : unit == "s" ? 1'000'000 : 60'000'000;
  if (error != std::errc{} || value < 0 || (unit != "ms" && unit != "s" && unit != "m") ||
      value > kWeekSeconds * 1'000'000 / scale) {
    return std::nullopt;
  }
  return core::Instant{value * scale};
}

// "35%", "250%".
std::optional<core::Ppm> parse_percent(const std::string& text) {
  std::int64_t value = 0;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  constexpr std::int64_t kMostPercent = 10'000;  // a hundredfold demand
  if (error != std::errc{} || std::string(end, last) != "%" || value < 0 || value > kMostPercent) {
    return std::nullopt;
  }
  return core::Ppm{value * 10'000};
}

template <class Things, class NameType>
bool knows(const Things& things, const NameType& name) {
  return std::any_of(things.begin(), things.end(),
                     [&](const auto& thing) { return thing.name == name; });
}

bool is_target(const core::Model& model, const core::TargetName& name) {
  return knows(model.site.nodes, name) || knows(model.site.clouds, name);
}

bool has_mode(const core::Model& model, const core::TargetName& target,
              const core::PowerModeName& mode) {
  for (const core::Node& node : model.site.nodes) {
    const auto profile = model.profiles.find(node.device);
    if (node.name == target && profile != model.profiles.end()) {
      return knows(profile->second.power_modes, mode);
    }
  }
  return false;
}

struct Line {
  std::string time, what, name, value, rest;
};

using Step = decltype(ScenarioStep::what);

// The step, or what is wrong with the line.
std::variant<Step, std::string> parse_step(const Line& line, const core::Model& model) {
  const auto percent = parse_percent(line.value);
  const core::TargetName target(line.name);
  if (line.what == "demand") {
    const core::WorkloadName workload(line.name);
    if (!knows(model.policy.workloads, workload)) return "no workload " + line.name;
    if (!percent) return "bad share " + line.value + " (allowed: 0% to 10000%)";
    return Step(DemandStep{workload, *percent});
  }
  if (line.what == "uplink") {
    const core::LinkName link(line.name);
    if (!knows(model.site.links, link)) return "no link " + line.name;
    if (!percent) return "bad share " + line.value + " (allowed: 0% to 10000%)";
    return Step(UplinkStep{link, *percent});
  }
  if (line.what != "power" && line.what != "throttle" && line.what != "alive") {
    return "unknown step " + line.what + " (allowed: demand, uplink, power, throttle, alive)";
  }
  if (!is_target(model, target)) return "no target " + line.name;
  if (line.what == "power") {
    const core::PowerModeName mode(line.value);
    if (!has_mode(model, target, mode)) return line.name + " has no power mode " + line.value;
    return Step(PowerStep{target, mode});
  }
  if (line.what == "throttle") {
    if (!percent || *percent < core::kWhole) {
      return "bad slowdown " + line.value + " (allowed: 100% to 10000%)";
    }
    return Step(ThrottleStep{target, *percent});
  }
  if (line.value != "yes" && line.value != "no") {
    return "bad value " + line.value + " (allowed: yes, no)";
  }
  return Step(AliveStep{target, line.value == "yes"});
}

std::optional<Line> split(std::string text) {
  text.erase(std::min(text.find('#'), text.size()));
  std::istringstream in(text);
  Line out;
  in >> out.time >> out.what >> out.name >> out.value >> out.rest;
  return out.time.empty() ? std::nullopt : std::make_optional(out);
}

}  // namespace

core::Expected<std::vector<ScenarioStep>> parse_scenario(const std::string& file,
                                                         const std::string& text,
                                                         const core::Model& model) {
  std::vector<ScenarioStep> out;
  std::string bad;
  std::istringstream in(text);
  std::string raw;
  for (int number = 1; std::getline(in, raw); ++number) {
    const auto line = split(raw);
    if (!line) {
      continue;
    }
    const auto at = parse_time(line->time);
    auto step = parse_step(*line, model);
    std::string wrong;
    if (!at) {
      wrong = "bad time " + line->time + " (allowed: 90s, 1500ms, 2m)";
    } else if (line->value.empty() || !line->rest.empty()) {
      wrong = "four words are wanted: TIME WHAT NAME VALUE";
    } else if (const auto* message = std::get_if<std::string>(&step)) {
      wrong = *message;
    } else if (out.size() >= kMaxScenarioSteps) {
      wrong = "more than " + std::to_string(kMaxScenarioSteps) + " steps";
    } else {
      out.push_back({.at = *at, .what = std::get<Step>(step)});
    }
    if (!wrong.empty()) {
      bad += (bad.empty() ? "" : "\n") + file + ":" + std::to_string(number) + ": " + wrong;
    }
    if (out.size() >= kMaxScenarioSteps && !wrong.empty()) {
      break;
    }
  }
  if (!bad.empty()) {
    return core::fail("bad-scenario", bad);
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  return out;
}

void play(sim::World& world, const ScenarioStep& step) {
  struct Player {
    sim::World& world;
    void operator()(const DemandStep& s) const { world.set_demand(s.workload, s.of_declared); }
    void operator()(const UplinkStep& s) const { world.set_uplink_factor(s.link, s.of_trace); }
    void operator()(const PowerStep& s) const { world.set_power_mode(s.target, s.mode); }
    void operator()(const ThrottleStep& s) const { world.set_throttle(s.target, s.slowdown); }
    void operator()(const AliveStep& s) const { world.set_alive(s.target, s.alive); }
  };
  std::visit(Player{world}, step.what);
}

}  // namespace wanwise::router
