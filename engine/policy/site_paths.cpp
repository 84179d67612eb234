#include "engine/policy/site_paths.hpp"

#include <map>
#include <string>
#include <utility>

#include "engine/core/decide/probe_plan.hpp"

namespace wanwise::policy {
namespace {

/// Numbers that wanwise gives to its own operations are no names for others.
void check_probe_numbers(std::vector<Value>& links, Findings& findings) {
  for (Value& link : links) {
    Value* probe = link.get("probe");
    if (probe == nullptr || probe->number < 0) continue;
    if (core::is_reserved_probe(static_cast<std::uint32_t>(probe->number))) {
      findings.refuse(
          *probe, std::to_string(probe->number) + " is a number of operations that wanwise sets up",
          "a number outside 900 to 999 and 900000 to 999999, or 'measure'");
    }
  }
}

/// Which way an operation takes is decided by routing, by its target alone: two links of a router
/// that are measured by one target would be one link measured twice.
void check_targets(std::vector<Value>& links, Findings& findings) {
  std::map<std::pair<std::string, std::string>, std::string> seen;
  std::map<std::string, std::uint32_t> before;
  for (Value& link : links) {
    Value* measure = link.get("measure");
    if (measure == nullptr) continue;
    const std::string router = link.text_of("router");
    if (++before[router] > core::kMostMeasuredLinks) {
      findings.refuse(*measure, "more than 10 links of router " + in_quotes(router) +
                                    " are measured by wanwise");
      continue;
    }
    Value* target = measure->get("target");
    if (target == nullptr || router.empty()) continue;
    const auto [at, added] = seen.try_emplace({router, target->text}, link.text_of("name"));
    if (added) continue;
    findings.refuse(*target,
                    "link " + in_quotes(at->second) +
                        " is measured by this target too, and the router takes one way to it",
                    "another host, with a route to it over this link");
  }
}

/// What IOS XE's policy-based routing needs to know of a link, as far as it is missing: it sends to
/// an address while a tracked object says that it is there. `set interface` takes no tracked
/// object, so it is no way out. `next_hops`: of the links before, with their names.
std::string unsteerable(const Value& link, std::map<std::string, std::string>& next_hops) {
  const std::string name = in_quotes(link.text_of("name"));
  if (link.get_any("next-hop") == nullptr) return "link " + name + " has no next-hop";
  if (link.get_any("probe") == nullptr && link.get_any("measure") == nullptr)
    return "link " + name + " has neither measure nor probe, so nothing tells when it is down";
  const std::string next_hop = link.text_of("next-hop");
  const auto [at, added] = next_hops.try_emplace(next_hop, name);
  if (added || next_hop.empty()) return {};
  return "links " + at->second + " and " + name + " have one next-hop";
}

std::string unsteerable(const Value& root, const std::string& router) {
  std::map<std::string, std::string> next_hops;
  std::string all;
  const auto add = [&all](const std::string& problem) {
    if (!problem.empty()) all += (all.empty() ? "" : "; ") + problem;
  };
  for (const Value& link : root.items_of("links")) {
    if (link.text_of("router") == router) add(unsteerable(link, next_hops));
  }
  for (const Value& trunk : root.items_of("trunks")) {
    if (trunk.text_of("router") == router || trunk.text_of("neighbour") == router)
      add("the neighbour's address on trunk " + in_quotes(trunk.text_of("name")) + " is not known");
  }
  return all;
}

}  // namespace

void check_measurements(std::vector<Value>& links, Findings& findings) {
  check_probe_numbers(links, findings);
  check_targets(links, findings);
}

void check_steering(Value& root, Findings& findings) {
  for (Value& router : root.items_of("routers")) {
    if (router.text_of("path-choice") != "policy-based-routing") continue;
    const std::string problems = unsteerable(root, router.text_of("name"));
    if (problems.empty()) continue;
    findings.refuse(*router.get("path-choice"), "flows can not be steered: " + problems, "routing");
  }
}

}  // namespace wanwise::policy
