#include "sim/study/language/settable.hpp"

#include <algorithm>

namespace wanwise::sim {
namespace {

template <class Items>
std::vector<std::string> names_of(const Items& items) {
  std::vector<std::string> names;
  for (const auto& item : items) names.push_back(item.name.text);
  return names;
}

}  // namespace

const Settable* find_settable(std::string_view name) {
  const auto found = std::find_if(settables().begin(), settables().end(),
                                  [&](const Settable& entry) { return entry.name == name; });
  return found == settables().end() ? nullptr : &*found;
}

std::vector<std::string> settable_names() {
  std::vector<std::string> names;
  for (const Settable& entry : settables()) names.push_back(entry.name);
  return names;
}

std::string selector_key(Subject subject) {
  switch (subject) {
    case Subject::site:
      return {};
    case Subject::workload:
      return "workload";
    case Subject::link:
      return "link";
    case Subject::target:
    case Subject::node:
    case Subject::cloud:
      return "target";
  }
  return {};
}

std::vector<std::string> selectable(const core::Model& model, Subject subject) {
  switch (subject) {
    case Subject::site:
      return {};
    case Subject::workload:
      return names_of(model.policy.workloads);
    case Subject::link:
      return names_of(model.site.links);
    case Subject::node:
      return names_of(model.site.nodes);
    case Subject::cloud:
      return names_of(model.site.clouds);
    case Subject::target:
      break;
  }
  std::vector<std::string> targets = names_of(model.site.nodes);
  for (std::string& name : names_of(model.site.clouds)) targets.push_back(std::move(name));
  return targets;
}

AxisUnit axis_unit(Form form, bool all_long) {
  switch (form) {
    case Form::duration:
      return all_long ? AxisUnit{"s", 1e6} : AxisUnit{"ms", 1e3};
    case Form::rate:
      return {"Mb/s", 1e6};
    case Form::size:
      return {"KB", 1e3};
    case Form::share:
      return {"%", 1e4};
    case Form::request_rate:
      return {"/s", 1e3};
    case Form::usd_per_gb:
      return {"USD/GB", 1e9};
    case Form::usd_per_hour:
      return {"USD/h", 1e9};
    case Form::factor:
      return {"", 1e6};
    case Form::count:
      return {"", 1};
    case Form::word:
    case Form::link_source:
    case Form::story:
      break;
  }
  return {"", 0};
}

std::optional<policy::Unit> policy_unit(Form form) {
  switch (form) {
    case Form::duration:
      return policy::Unit::duration;
    case Form::rate:
      return policy::Unit::rate;
    case Form::size:
      return policy::Unit::size;
    case Form::share:
      return policy::Unit::share;
    case Form::request_rate:
      return policy::Unit::request_rate;
    case Form::usd_per_gb:
      return policy::Unit::usd_per_gb;
    case Form::usd_per_hour:
      return policy::Unit::usd_per_hour;
    case Form::factor:
    case Form::count:
    case Form::word:
    case Form::link_source:
    case Form::story:
      break;
  }
  return std::nullopt;
}

}  // namespace wanwise::sim
