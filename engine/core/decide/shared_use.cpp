#include "engine/core/decide/shared_use.hpp"

#include "engine/core/decide/latency.hpp"

namespace wanwise::core {

SiteUse use_of(const Situation& situation, const Assignment& assignment) {
  Load load(situation);
  for (Index w = 0; w < count(assignment); ++w) {
    if (at(assignment, w) == kNone) continue;
    const WorkloadInput& input = at(situation.workloads, w);
    load.add(input, at(input.options, at(assignment, w)));
  }
  SiteUse use;
  for (Index t = 0; t < count(situation.targets); ++t) {
    use.targets.push_back(load.busy_servers(t).count);
  }
  for (Index l = 0; l < count(situation.links); ++l) {
    use.links.push_back(load.link_load(l).count);
  }
  return use;
}

void charge_tolls(Situation& situation, const SiteTolls& tolls) {
  for (Index t = 0; t < count(situation.targets); ++t) {
    at(situation.targets, t).toll = tolls.targets.empty() ? Toll{} : at(tolls.targets, t);
  }
  for (Index l = 0; l < count(situation.links); ++l) {
    at(situation.links, l).toll = tolls.links.empty() ? Toll{} : at(tolls.links, l);
  }
}

}  // namespace wanwise::core
