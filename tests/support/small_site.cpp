#include "tests/support/small_site.hpp"

namespace wanwise::testing {
namespace {

core::Workload detector() {
  core::Workload out;
  out.name = core::WorkloadName{"detector"};
  out.deployment = "vision/detector";
  out.service_class = core::ClassName{"video"};
  out.sources = {core::SourceName{"cameras"}};
  out.port = 8000;
  out.rate = core::MilliHz{10'000};
  out.request = core::Bytes{20'000};
  out.response = core::Bytes{1'000};
  out.memory = core::Bytes{500'000'000};
  out.objective = {core::Ppm{990'000}, core::milliseconds(200)};
  out.targets = {core::TargetName{"tx2"}, core::TargetName{"cloud"}};
  out.ladder = {{core::MilliHz{10'000}, core::ModelName{"resnet-50"}},
                {core::MilliHz{5'000}, core::ModelName{"resnet-50"}}};
  out.replicas = 4;
  out.may_split = true;
  return out;
}

core::Workload big() {
  core::Workload out = detector();
  out.name = core::WorkloadName{"big"};
  out.deployment = "vision/big";
  out.port = 8001;
  out.rate = core::MilliHz{1'000};
  out.targets = {core::TargetName{"cloud"}};
  out.ladder = {{core::MilliHz{1'000}, core::ModelName{"giant"}}};
  out.may_split = false;
  return out;
}

core::DeviceProfile profile(const char* name, std::int64_t resnet_ms, bool has_giant) {
  core::DeviceProfile out;
  out.name = core::DeviceName{name};
  out.power_modes = {{core::PowerModeName{"MAX-N"}, core::kWhole}};
  out.models[core::ModelName{"resnet-50"}] = {core::milliseconds(resnet_ms),
                                              core::milliseconds(resnet_ms + 2)};
  if (has_giant) {
    out.models[core::ModelName{"giant"}] = {core::milliseconds(40), core::milliseconds(50)};
  }
  return out;
}

core::Link lte() {
  core::Link out;
  out.name = core::LinkName{"lte"};
  out.router = core::RouterName{"ir1101"};
  out.interface = "Cellular0/1/0";
  out.uplink = core::Bps{20'000'000};
  out.uplink_floor = core::Bps{500'000};
  out.uplink_ceiling = core::Bps{50'000'000};
  out.downlink = core::Bps{60'000'000};
  out.rtt = core::milliseconds(40);
  out.probe = 1;
  return out;
}

}  // namespace

core::Model small_site() {
  core::Model model;
  core::Site& site = model.site;
  site.name = core::SiteName{"plant"};
  site.routers = {{core::RouterName{"ir1101"}, "Vlan1"}};
  site.links = {lte()};
  site.nodes = {{core::TargetName{"tx2"}, core::RouterName{"ir1101"},
                 core::DeviceName{"jetson-tx2"}, core::PowerModeName{"MAX-N"},
                 core::Bytes{6'000'000'000}, core::Micros{300}}};
  core::Cloud cloud;
  cloud.name = core::TargetName{"cloud"};
  cloud.device = core::DeviceName{"t4"};
  cloud.power_mode = core::PowerModeName{"MAX-N"};
  cloud.address = *core::parse_ipv4_prefix("203.0.113.10");
  cloud.beyond_probe = core::milliseconds(2);
  site.clouds = {cloud};
  site.sources = {{core::SourceName{"cameras"}, core::RouterName{"ir1101"},
                   *core::parse_ipv4_prefix("192.168.50.0/24")}};
  model.policy.name = core::PolicyName{"plant"};
  model.policy.classes = {
      {core::ClassName{"video"}, {34}, core::QueueKind::remaining, 40}};  // AF41
  model.policy.workloads = {big(), detector()};
  for (auto& one : {profile("jetson-tx2", 14, false), profile("t4", 3, true)}) {
    model.profiles[one.name] = one;
  }
  return model;
}

sim::WorldConfig small_world() {
  sim::WorldConfig config;
  config.model = small_site();
  const core::Link& link = config.model.site.links.front();
  config.links = {
      {link.name, sim::constant_rate(link.uplink), sim::constant_rate(link.downlink), {}}};
  return config;
}

}  // namespace wanwise::testing
