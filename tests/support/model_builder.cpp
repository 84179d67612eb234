#include "tests/support/model_builder.hpp"

#include <algorithm>

namespace wanwise::test {

using core::Bps;
using core::Bytes;
using core::ClassName;
using core::Cloud;
using core::DeviceName;
using core::DeviceProfile;
using core::Dscp;
using core::kWhole;
using core::Link;
using core::LinkKind;
using core::LinkName;
using core::Micros;
using core::MilliHz;
using core::milliseconds;
using core::Model;
using core::ModelName;
using core::NanoUsd;
using core::Node;
using core::parse_ipv4_prefix;
using core::PolicyName;
using core::PowerMode;
using core::PowerModeName;
using core::Ppm;
using core::QueueKind;
using core::RouterName;
using core::seconds;
using core::SiteName;
using core::SourceName;
using core::Stability;
using core::TargetName;
using core::WhenBlind;
using core::Workload;
using core::WorkloadName;

namespace {

DeviceProfile profile(const std::string& name, std::vector<PowerMode> modes, Micros detector) {
  DeviceProfile p;
  p.name = DeviceName{name};
  p.power_modes = std::move(modes);
  p.models[ModelName{"detector"}] = {detector, detector * 13 / 10};
  p.models[ModelName{"classifier"}] = {detector / 4, detector * 13 / 40};
  p.cold_start = Ppm{7'500'000};
  return p;
}

template <class Items>
void sort_by_name(Items& items) {
  std::sort(items.begin(), items.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
}

}  // namespace

Link lte_link() {
  Link link;
  link.name = LinkName{"lte"};
  link.router = RouterName{"r1"};
  link.interface = "Cellular0/1/0";
  link.kind = LinkKind::cellular;
  link.metric = 10;
  link.uplink = Bps{12'000'000};
  link.uplink_floor = Bps{200'000};
  link.uplink_ceiling = Bps{40'000'000};
  link.downlink = Bps{40'000'000};
  link.rtt = milliseconds(40);
  link.price_per_gb = NanoUsd{4'000'000'000};
  link.probe = 9101;
  return link;
}

ModelBuilder::ModelBuilder() {
  m_model.site.name = SiteName{"harbour"};
  m_model.site.routers = {{RouterName{"r1"}, "Vlan1"}};
  m_model.site.links = {lte_link()};
  m_model.site.nodes = {{TargetName{"tx2"}, RouterName{"r1"}, DeviceName{"jetson-tx2"},
                         PowerModeName{"MAX-N"}, Bytes{6'000'000'000}, Micros{500}}};
  m_model.site.clouds = {{TargetName{"cloud"}, DeviceName{"cloud-t4"}, PowerModeName{"default"}, 2,
                          *parse_ipv4_prefix("203.0.113.10"), milliseconds(8),
                          NanoUsd{530'000'000}}};
  m_model.site.sources = {
      {SourceName{"cameras"}, RouterName{"r1"}, *parse_ipv4_prefix("192.168.50.0/24")}};
  m_model.profiles[DeviceName{"jetson-tx2"}] = profile(
      "jetson-tx2", {{PowerModeName{"MAX-N"}, kWhole}, {PowerModeName{"MAX-Q"}, Ppm{1'530'000}}},
      milliseconds(50));
  m_model.profiles[DeviceName{"cloud-t4"}] =
      profile("cloud-t4", {{PowerModeName{"default"}, kWhole}}, milliseconds(5));
  m_model.policy.name = PolicyName{"test"};
  m_model.policy.classes = {{ClassName{"bulk"}, Dscp{8}, QueueKind::remaining, 5},
                            {ClassName{"realtime"}, Dscp{46}, QueueKind::priority, 30},
                            {ClassName{"video"}, Dscp{34}, QueueKind::remaining, 40}};
  m_model.policy.stability = {seconds(2), seconds(10), seconds(5), Ppm{100'000}, 60};
}

ModelBuilder& ModelBuilder::workload(const WorkloadSpec& spec) {
  Workload w;
  w.name = WorkloadName{spec.name};
  w.deployment = "test/" + spec.name;
  w.service_class = ClassName{spec.service_class};
  w.priority = spec.priority;
  w.sources = {SourceName{"cameras"}};
  w.port = static_cast<std::uint16_t>(8443 + m_model.policy.workloads.size());
  w.rate = MilliHz{spec.rate_per_s * 1'000};
  w.request = spec.request;
  w.response = Bytes{1'000};
  w.memory = Bytes{500'000'000};
  w.objective.latency = spec.objective;
  for (const std::string& target : spec.targets) w.targets.emplace_back(target);
  w.residency = spec.residency;
  w.replicas = spec.split_replicas;
  w.may_split = spec.split_replicas > 1;
  w.ladder = {{w.rate, ModelName{spec.model}}};
  for (const std::int64_t rate : spec.degraded_rates) {
    w.ladder.push_back({MilliHz{rate * 1'000}, ModelName{spec.model}});
  }
  m_model.policy.workloads.push_back(std::move(w));
  return *this;
}

ModelBuilder& ModelBuilder::stability(Stability stability) {
  m_model.policy.stability = stability;
  return *this;
}

ModelBuilder& ModelBuilder::when_blind(WhenBlind when_blind) {
  m_model.policy.when_blind = when_blind;
  return *this;
}

ModelBuilder& ModelBuilder::link(Link link) {
  std::erase_if(m_model.site.links, [&](const Link& l) { return l.name == link.name; });
  m_model.site.links.push_back(std::move(link));
  return *this;
}

ModelBuilder& ModelBuilder::node(Node node) {
  m_model.site.nodes.push_back(std::move(node));
  return *this;
}

ModelBuilder& ModelBuilder::cloud(Cloud cloud) {
  m_model.site.clouds.push_back(std::move(cloud));
  return *this;
}

Model ModelBuilder::build() const {
  Model model = m_model;
  sort_by_name(model.site.links);
  sort_by_name(model.site.nodes);
  sort_by_name(model.site.clouds);
  sort_by_name(model.policy.workloads);
  return model;
}

}  // namespace wanwise::test
