// A small site for the world's tests:
//
//   cameras --- Vlan1 --- edge -+- lte   (Cellular0/1/0, 20 Mb/s up, 40 ms) -+- +10 ms -- cloud
//   tx2 (MAX-N) --+             +- wired (GigabitEthernet0/0/0, 50 Mb/s, 20 ms) -+
#pragma once

#include <string>

#include "sim/world/world.hpp"

namespace wanwise::sim::testing {

inline core::DeviceProfile device(const std::string& name, std::int64_t mean_us,
                                  std::int64_t p99_us) {
  core::DeviceProfile profile;
  profile.name = core::DeviceName{name};
  profile.power_modes = {{core::PowerModeName{"MAX-N"}, core::kWhole},
                         {core::PowerModeName{"MAX-Q"}, core::Ppm{1'500'000}}};
  profile.models[core::ModelName{"resnet-50"}] = {core::Micros{mean_us}, core::Micros{p99_us}};
  profile.models[core::ModelName{"small"}] = {core::Micros{mean_us / 4}, core::Micros{p99_us / 4}};
  profile.cold_start = core::Ppm{3'000'000};
  return profile;
}

inline core::Workload workload(const std::string& name, std::int64_t per_second,
                               std::uint16_t port) {
  core::Workload w;
  w.name = core::WorkloadName{name};
  w.deployment = "test/" + name;
  w.service_class = core::ClassName{"video"};
  w.sources = {core::SourceName{"cameras"}};
  w.port = port;
  w.rate = core::MilliHz{per_second * 1000};
  w.request = core::Bytes{45'000};
  w.response = core::Bytes{2'000};
  w.memory = core::Bytes{900'000'000};
  w.objective = {core::Ppm{990'000}, core::milliseconds(100)};
  w.targets = {core::TargetName{"tx2"}, core::TargetName{"cloud"}};
  w.ladder = {{w.rate, core::ModelName{"resnet-50"}},
              {w.rate / 2, core::ModelName{"resnet-50"}},
              {w.rate, core::ModelName{"small"}}};
  return w;
}

inline core::Site site() {
  core::Site s;
  s.name = core::SiteName{"test"};
  s.routers = {{core::RouterName{"edge"}, "Vlan1"}};
  core::Link lte;
  lte.name = core::LinkName{"lte"};
  lte.router = core::RouterName{"edge"};
  lte.interface = "Cellular0/1/0";
  lte.metric = 1;
  lte.uplink = core::Bps{20'000'000};
  lte.uplink_floor = core::Bps{500'000};
  lte.uplink_ceiling = core::Bps{50'000'000};
  lte.downlink = core::Bps{60'000'000};
  lte.rtt = core::milliseconds(40);
  lte.probe = 10;
  core::Link wired = lte;
  wired.name = core::LinkName{"wired"};
  wired.interface = "GigabitEthernet0/0/0";
  wired.kind = core::LinkKind::wired;
  wired.metric = 2;
  wired.uplink = core::Bps{50'000'000};
  wired.rtt = core::milliseconds(20);
  wired.probe = 11;
  s.links = {lte, wired};
  s.nodes = {{core::TargetName{"tx2"}, core::RouterName{"edge"}, core::DeviceName{"jetson-tx2"},
              core::PowerModeName{"MAX-N"}, core::Bytes{6'000'000'000}, core::milliseconds(1)}};
  core::Cloud cloud;
  cloud.name = core::TargetName{"cloud"};
  cloud.device = core::DeviceName{"cloud-t4"};
  cloud.power_mode = core::PowerModeName{"MAX-N"};
  cloud.servers = 4;
  cloud.address = *core::parse_ipv4_prefix("203.0.113.10");
  cloud.beyond_probe = core::milliseconds(10);
  s.clouds = {cloud};
  s.sources = {{core::SourceName{"cameras"}, core::RouterName{"edge"},
                *core::parse_ipv4_prefix("192.168.50.0/24")}};
  return s;
}

/// Workloads "a" (10/s) and "b" (10/s); constant links; nothing is placed.
inline WorldConfig config(std::uint64_t seed = 1) {
  WorldConfig c;
  c.model.site = site();
  c.model.policy.name = core::PolicyName{"test"};
  c.model.policy.classes = {
      {core::ClassName{"video"}, core::Dscp{34}, core::QueueKind::remaining, 50}};
  c.model.policy.workloads = {workload("a", 10, 8001), workload("b", 10, 8002)};
  c.model.profiles[core::DeviceName{"jetson-tx2"}] = device("jetson-tx2", 15'000, 20'000);
  c.model.profiles[core::DeviceName{"cloud-t4"}] = device("cloud-t4", 3'000, 4'000);
  for (const auto& link : c.model.site.links)
    c.links.push_back({link.name, constant_rate(link.uplink), constant_rate(link.downlink), {}});
  c.seed = seed;
  return c;
}

inline const core::WorkloadName kA{"a"};
inline const core::WorkloadName kB{"b"};
inline const core::TargetName kTx2{"tx2"};
inline const core::TargetName kCloud{"cloud"};
inline const core::LinkName kLte{"lte"};
inline const std::string kCellular = "Cellular0/1/0";

inline core::Instant at_ms(std::int64_t ms) {
  return core::Instant{ms * 1000};
}

/// Marks workload a with EF and b with AF41; LLQ 30 %, AF41 60 % of the rest.
inline QosConfig qos(core::Bps shaper) {
  const auto rule = [](std::uint16_t port, std::uint8_t dscp) {
    return MarkRule{{core::Transport::tcp, *core::parse_ipv4_prefix("192.168.50.0/24"),
                     *core::parse_ipv4_prefix("203.0.113.10"), port},
                    core::Dscp{dscp}};
  };
  OutputPolicy policy;
  policy.parent = "WANWISE-PARENT";
  policy.child = "WANWISE-CHILD";
  policy.shaper = shaper;
  policy.queues = {{"WANWISE-REALTIME", {core::Dscp{46}}, core::QueueKind::priority, 30},
                   {"WANWISE-VIDEO", {core::Dscp{34}}, core::QueueKind::remaining, 60}};
  policy.default_percent = 40;
  return {{rule(8001, 46), rule(8002, 34)}, {{kCellular, policy}}};
}

}  // namespace wanwise::sim::testing
