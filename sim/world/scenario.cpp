#include "sim/world/scenario.hpp"

#include <algorithm>

namespace wanwise::sim {
namespace {

template <class... Functions>
struct Overload : Functions... {
  using Functions::operator()...;
};
template <class... Functions>
Overload(Functions...) -> Overload<Functions...>;

/// Millionths as a decimal number.
std::string decimal(std::int64_t millionths) {
  std::string digits = std::to_string(millionths % 1'000'000 + 1'000'000).substr(1);
  digits.erase(digits.find_last_not_of('0') + 1);
  const std::string whole = std::to_string(millionths / 1'000'000);
  return digits.empty() ? whole : whole + "." + digits;
}

std::string times(core::Ppm factor) {
  return " x " + decimal(factor.count);
}

template <class Items, class Name>
std::string unknown(const Items& items, const char* what, const Name& name) {
  std::string allowed;
  for (const auto& item : items) {
    if (item.name == name) return {};
    allowed += (allowed.empty() ? "" : ", ") + item.name.text;
  }
  return std::string(what) + " '" + name.text + "' is not of this site (allowed: " + allowed + ")";
}

const core::DeviceProfile* profile_of(const core::Model& model, const core::TargetName& target) {
  const auto find = [&](const auto& items) -> const core::DeviceProfile* {
    for (const auto& item : items) {
      const auto at = item.name == target ? model.profiles.find(item.device) : model.profiles.end();
      if (at != model.profiles.end()) return &at->second;
    }
    return nullptr;
  };
  const auto* node = find(model.site.nodes);
  return node != nullptr ? node : find(model.site.clouds);
}

std::string unknown_target(const core::Model& model, const core::TargetName& target) {
  if (unknown(model.site.clouds, "target", target).empty()) return {};
  return unknown(model.site.nodes, "target", target);
}

std::string unknown_mode(const core::Model& model, const PowerModeChange& change) {
  const auto* profile = profile_of(model, change.target);
  if (profile == nullptr) return unknown_target(model, change.target);
  return unknown(profile->power_modes, "power mode", change.mode);
}

std::string unknown_router(const core::Model& model, const core::RouterName& router) {
  return unknown(model.site.routers, "router", router);
}

/// What is wrong with the names; empty: nothing.
std::string wrong_name(const core::Model& model, const Disturbance& what) {
  return std::visit(
      Overload{
          [&](const DemandChange& c) {
            return unknown(model.policy.workloads, "workload", c.workload);
          },
          [&](const UplinkChange& c) { return unknown(model.site.links, "link", c.link); },
          [&](const PowerModeChange& c) { return unknown_mode(model, c); },
          [&](const ThrottleChange& c) { return unknown_target(model, c.target); },
          [&](const AliveChange& c) { return unknown_target(model, c.target); },
          [&](const LinkChange& c) { return unknown(model.site.links, "link", c.link); },
          [&](const RouterApiChange& c) { return unknown_router(model, c.router); },
          [](const ClusterApiChange&) { return std::string{}; },
          [&](const TelemetryChange& c) { return unknown_router(model, c.router); },
      },
      what);
}

}  // namespace

core::Expected<std::vector<TimedDisturbance>> schedule(const Scenario& scenario,
                                                       core::Micros length,
                                                       const core::Model& model) {
  std::vector<TimedDisturbance> timed;
  std::string problems;
  const auto problem = [&](const ScenarioStep& step, const std::string& text) {
    problems += (problems.empty() ? "" : "\n") + step.place + ": " + text;
  };
  for (const auto& step : scenario.steps) {
    const double share = static_cast<double>(step.share.count) * 1e-6;
    const core::Micros at = step.time.value_or(
        core::Micros{static_cast<std::int64_t>(share * static_cast<double>(length.count))});
    if (at > length) problem(step, "comes after the end of the run");
    if (const auto wrong = wrong_name(model, step.what); !wrong.empty()) problem(step, wrong);
    timed.push_back({at, step.what, step.say.empty() ? describe(step.what) : step.say});
  }
  if (!problems.empty()) return core::fail("scenario-invalid", problems);
  std::stable_sort(timed.begin(), timed.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  return timed;
}

bool concerns_ports(const Disturbance& what) {
  return std::holds_alternative<RouterApiChange>(what) ||
         std::holds_alternative<ClusterApiChange>(what) ||
         std::holds_alternative<TelemetryChange>(what);
}

void apply(World& world, const Disturbance& what) {
  std::visit(Overload{
                 [&](const DemandChange& c) { world.set_demand(c.workload, c.factor); },
                 [&](const UplinkChange& c) { world.set_uplink_factor(c.link, c.factor); },
                 [&](const PowerModeChange& c) { world.set_power_mode(c.target, c.mode); },
                 [&](const ThrottleChange& c) { world.set_throttle(c.target, c.factor); },
                 [&](const AliveChange& c) { world.set_alive(c.target, c.alive); },
                 [&](const LinkChange& c) { world.set_link(c.link, c.up); },
                 [](const RouterApiChange&) {},
                 [](const ClusterApiChange&) {},
                 [](const TelemetryChange&) {},
             },
             what);
}

std::string describe(const Disturbance& what) {
  return std::visit(
      Overload{
          [](const DemandChange& c) { return "demand of " + c.workload.text + times(c.factor); },
          [](const UplinkChange& c) { return "uplink of " + c.link.text + times(c.factor); },
          [](const PowerModeChange& c) {
            return c.target.text + " runs in power mode " + c.mode.text;
          },
          [](const ThrottleChange& c) {
            return "service time of " + c.target.text + times(c.factor) + " (heat)";
          },
          [](const AliveChange& c) { return c.target.text + (c.alive ? " is back" : " dies"); },
          [](const LinkChange& c) {
            return "link " + c.link.text + (c.up ? " is up again" : " is shut down");
          },
          [](const RouterApiChange& c) {
            return "API of " + c.router.text + (c.reachable ? " answers again" : " is unreachable");
          },
          [](const ClusterApiChange& c) {
            return std::string("API of the cluster") +
                   (c.reachable ? " answers again" : " is unreachable");
          },
          [](const TelemetryChange& c) {
            return "telemetry of " + c.router.text + " is " + decimal(c.delay.count) + " s late";
          },
      },
      what);
}

}  // namespace wanwise::sim
