#include "tests/acceptance/prediction/sites.hpp"

#include <stdexcept>
#include <utility>

#include "engine/core/decide/latency/demand.hpp"
#include "engine/core/model_index.hpp"
#include "engine/policy/load.hpp"

namespace wanwise::prediction {
namespace {

const core::TargetName kNode{"tx2"};
const core::TargetName kCloud{"cloud"};
constexpr std::int32_t kEndlessServers = 512;
constexpr core::Bps kEndlessRate{20'000'000'000};
// Of its cap: above, a policer's drops are what a priority class lives on.
constexpr double kMostOfCap = 0.7;

bool may_use(const core::Workload& workload, const core::TargetName& target) {
  for (const core::TargetName& name : workload.targets)
    if (name == target) return true;
  return false;
}

double bits_of(const core::Workload& workload) {
  return static_cast<double>(core::wire_bytes(workload.request)) * 8e-3 *
         static_cast<double>(workload.rate.count);
}

/// Share of the shaper that a class has when all that may leave fills `utilisation` of it.
double class_share(const core::Policy& policy, const core::ClassName& name, double utilisation) {
  double own = 0;
  double all = 0;
  for (const core::Workload& workload : policy.workloads) {
    if (workload.residency == core::Residency::site) continue;
    all += bits_of(workload);
    own += workload.service_class == name ? bits_of(workload) : 0;
  }
  return all > 0 ? own / all * utilisation : 0;
}

bool within_cap(const core::Policy& policy, const core::Workload& workload, double utilisation) {
  const core::ServiceClass& own =
      at(policy.classes, core::index_of(policy.classes, workload.service_class));
  return own.queue != core::QueueKind::priority ||
         class_share(policy, own.name, utilisation) < own.percent * 1e-2 * kMostOfCap;
}

Cell cell_of(const std::string& family, const std::string& policy, double utilisation) {
  Cell cell;
  cell.family = family;
  cell.name = policy;
  cell.model = shipped(policy);
  cell.utilisation = utilisation;
  return cell;
}

}  // namespace

core::Model shipped(const std::string& policy) {
  const std::string root = WANWISE_SOURCE_DIR;
  auto texts =
      policy::read_documents({root + "/policies/" + policy + ".yaml",
                              root + "/policies/sites/harbour.yaml", root + "/policies/profiles"});
  if (!texts) throw std::runtime_error("policies/ cannot be read");
  const std::string label = "use: smart-city}";
  for (auto& document : *texts) {
    const auto place = document.text.find("labels: {" + label);
    if (place != std::string::npos)
      document.text.replace(place + 9, label.size(), "use: " + policy + "}");
  }
  const auto loaded = policy::load(*texts, root + "/yang");
  if (!loaded || loaded->sites.size() != 1) throw std::runtime_error(policy + " is not valid");
  return loaded->sites.front().model;
}

Cell on_node(const std::string& policy, double utilisation) {
  Cell cell = cell_of("node", policy, utilisation);
  cell.detail = sim::Detail::requests;  // the uplink is not what is looked at
  for (const core::Workload& workload : cell.model.policy.workloads)
    cell.places.push_back(may_use(workload, kNode) ? kNode : kCloud);
  return cell;
}

Cell on_uplink(const std::string& policy, double utilisation) {
  Cell cell = cell_of("uplink", policy, utilisation);
  cell.resource = Resource::uplink;
  cell.model.site.clouds.front().servers = kEndlessServers;
  for (const core::Workload& workload : cell.model.policy.workloads) {
    const bool leaves =
        may_use(workload, kCloud) && within_cap(cell.model.policy, workload, utilisation);
    cell.places.push_back(leaves ? kCloud : kNode);
  }
  return cell;
}

Cell on_downlink(const std::string& policy, double utilisation) {
  Cell cell = on_uplink(policy, utilisation);
  cell.family = "downlink";
  cell.resource = Resource::downlink;
  core::Link& link = cell.model.site.links.front();
  link.downlink = core::Bps{12'000'000};
  for (core::Workload& workload : cell.model.policy.workloads)
    std::swap(workload.request, workload.response);
  return cell;
}

Cell in_cloud(const std::string& policy, double utilisation) {
  Cell cell = cell_of("cloud", policy, utilisation);
  cell.resource = Resource::cloud;
  cell.detail = sim::Detail::requests;
  core::Link& link = cell.model.site.links.front();
  link.uplink = kEndlessRate;
  link.uplink_ceiling = kEndlessRate;
  link.downlink = kEndlessRate;
  for (const core::Workload& workload : cell.model.policy.workloads)
    cell.places.push_back(may_use(workload, kCloud) ? kCloud : kNode);
  return cell;
}

}  // namespace wanwise::prediction
