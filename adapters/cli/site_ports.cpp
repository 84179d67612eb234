#include "adapters/cli/site_ports.hpp"

#include <algorithm>
#include <boost/asio/ip/host_name.hpp>
#include <utility>

#include "adapters/iosxe/session/sessions.hpp"
#include "adapters/kubernetes/auth/in_cluster.hpp"
#include "adapters/kubernetes/auth/kubeconfig.hpp"
#include "engine/core/decide/probe_plan.hpp"

namespace wanwise::cli {
namespace {

iosxe::Secret secret_of(const policy::SecretRef& ref) {
  switch (ref.from) {
    case policy::SecretRef::From::file:
      return {iosxe::Secret::From::file, ref.name};
    case policy::SecretRef::From::environment:
      return {iosxe::Secret::From::environment, ref.name};
  }
  return {};
}

/// The operations that wanwise sets up for the classes on a link.
std::vector<iosxe::ProbeEntry> class_probes(const core::Model& model, const core::Link& link) {
  std::vector<iosxe::ProbeEntry> probes;
  for (const core::Router& router : model.site.routers) {
    if (router.name != link.router) continue;
    for (const core::ProbeRule& rule : core::plan_probes(model, router)) {
      if (rule.link == link.name && rule.service_class)
        probes.push_back({rule.entry, rule.service_class});
    }
  }
  return probes;
}

iosxe::NetconfStack stack_of(policy::NetconfStack stack) {
  switch (stack) {
    case policy::NetconfStack::libssh:
      return iosxe::NetconfStack::libssh;
    case policy::NetconfStack::libnetconf2:
      return iosxe::NetconfStack::libnetconf2;
  }
  return {};
}

jetson::Dialect dialect_of(policy::MetricsDialect dialect) {
  switch (dialect) {
    case policy::MetricsDialect::tegrastats:
      return jetson::Dialect::tegrastats;
    case policy::MetricsDialect::dcgm:
      return jetson::Dialect::dcgm;
    case policy::MetricsDialect::triton:
      return jetson::Dialect::triton;
  }
  return {};
}

core::Objective objective_of(const core::Model& model, const core::WorkloadName& name) {
  for (const core::Workload& workload : model.policy.workloads) {
    if (workload.name == name) return workload.objective;
  }
  return {};
}

/// Power modes of the node's device profile.
std::vector<core::PowerModeName> power_modes(const core::Model& model,
                                             const core::TargetName& name) {
  std::vector<core::PowerModeName> modes;
  for (const core::Node& node : model.site.nodes) {
    const auto profile = model.profiles.find(node.device);
    if (node.name != name || profile == model.profiles.end()) continue;
    for (const core::PowerMode& mode : profile->second.power_modes) modes.push_back(mode.name);
  }
  return modes;
}

kubernetes::ObjectName object_name(const std::string& deployment) {
  const std::size_t slash = deployment.find('/');
  return {deployment.substr(0, slash), deployment.substr(slash + 1)};
}

std::vector<kubernetes::ClusterTarget> cluster_targets(const policy::SiteBundle& bundle) {
  std::vector<kubernetes::ClusterTarget> targets;
  for (const core::Node& node : bundle.model.site.nodes) {
    targets.push_back({node.name, "kubernetes.io/hostname", node.name.text});
  }
  for (const auto& [cloud, label] : bundle.kubernetes->clouds) {
    const std::size_t equals = label.find('=');
    targets.push_back({cloud, label.substr(0, equals), label.substr(equals + 1)});
  }
  return targets;
}

core::Expected<std::unique_ptr<kubernetes::ClusterPort>> make_kubernetes(
    boost::asio::io_context& io, const ports::Clock& clock, const policy::SiteBundle& bundle) {
  const policy::KubernetesAccess& from = *bundle.kubernetes;
  auto access = from.kubeconfig.empty()
                    ? kubernetes::in_cluster()
                    : kubernetes::read_kubeconfig(from.kubeconfig, from.context);
  if (!access) return core::Unexpected{access.error()};
  kubernetes::ClusterConfig config;
  config.access = std::move(*access);
  config.instance = boost::asio::ip::host_name();
  config.targets = cluster_targets(bundle);
  config.binds_pods = from.binds_pods;
  for (const core::Workload& workload : bundle.model.policy.workloads) {
    config.workloads.push_back({workload.name, object_name(workload.deployment),
                                static_cast<std::int32_t>(workload.ladder.size())});
  }
  return kubernetes::ClusterPort::create(io.get_executor(), clock, std::move(config));
}

}  // namespace

jetson::NodeConfig node_config(const core::Model& model, const policy::NodeScrape& scrape) {
  jetson::NodeConfig config;
  config.node = scrape.node;
  config.power_modes = power_modes(model, scrape.node);
  config.period = scrape.period;
  config.deadline = scrape.deadline;
  config.throttles_at_c = scrape.throttles_at_c;
  config.throttled_slowdown = scrape.throttled_slowdown;
  for (const policy::MetricsEndpoint& endpoint : scrape.endpoints) {
    jetson::EndpointConfig made{endpoint.url,
                                dialect_of(endpoint.dialect),
                                endpoint.speaks_for_node,
                                endpoint.token_file,
                                {}};
    for (const auto& [workload, served] : endpoint.models) {
      made.models.push_back({workload, served, objective_of(model, workload)});
    }
    config.endpoints.push_back(std::move(made));
  }
  return config;
}

iosxe::RouterConfig router_config(const policy::SiteBundle& bundle,
                                  const policy::RouterAccess& access) {
  iosxe::RouterConfig config;
  config.router = access.router;
  config.access = {access.host,     access.port, access.user,
                   access.host_key, {},          access.private_key_file};
  config.access.legacy_algorithms = access.legacy_algorithms;
  config.access.stack = stack_of(access.netconf_stack);
  if (access.password) config.access.password = secret_of(*access.password);
  for (const core::Router& router : bundle.model.site.routers) {
    if (router.name != access.router) continue;
    config.lan_interface = router.lan_interface;
    config.steers = router.steers;
  }
  for (const core::Link& link : bundle.model.site.links) {
    if (link.router != access.router) continue;
    config.links.push_back({link.name, link.interface, link.kind, link.probe, link.next_hop,
                            class_probes(bundle.model, link), link.probe_setup.has_value()});
  }
  for (const core::Node& node : bundle.model.site.nodes) {
    if (node.router != access.router || node.port.empty()) continue;
    config.node_ports.push_back({node.name, node.port});
  }
  for (const core::ServiceClass& service_class : bundle.model.policy.classes) {
    config.classes.push_back(service_class.name);
  }
  config.period = access.period;
  config.save_config = access.save_config;
  return config;
}

core::Expected<SitePorts> make_site_ports(boost::asio::io_context& io, const ports::Clock& clock,
                                          const policy::SiteBundle& bundle,
                                          const std::string& yang_dir) {
  auto schema = iosxe::Schema::load(yang_dir);
  if (!schema) return core::Unexpected{schema.error()};
  SitePorts ports;
  for (const policy::RouterAccess& access : bundle.routers) {
    auto port = iosxe::RouterPort::create(io.get_executor(), clock, router_config(bundle, access),
                                          *schema, iosxe::sessions(yang_dir));
    if (!port) return core::Unexpected{port.error()};
    ports.routers.push_back({access.router, std::move(*port)});
  }
  for (const policy::NodeScrape& scrape : bundle.scrapes) {
    auto port =
        jetson::MetricsPort::create(io.get_executor(), clock, node_config(bundle.model, scrape));
    if (!port) return core::Unexpected{port.error()};
    ports.metrics.push_back(std::move(*port));
  }
  if (bundle.kubernetes) {
    auto cluster = make_kubernetes(io, clock, bundle);
    if (!cluster) return core::Unexpected{cluster.error()};
    ports.kubernetes = std::move(*cluster);
  }
  if (bundle.simulated) {
    ports.door = std::make_unique<sim::DoorClient>(io, clock, bundle.simulated->host,
                                                   bundle.simulated->port);
  }
  return ports;
}

runtime::LoopPorts SitePorts::loop_ports() const {
  runtime::LoopPorts ports;
  for (const Router& router : routers) ports.routers.emplace(router.name, router.port.get());
  for (const auto& node : metrics) ports.metrics.push_back(node.get());
  if (kubernetes) ports.cluster = kubernetes.get();
  if (door) {
    ports.cluster = &door->cluster();
    ports.metrics.push_back(&door->metrics());
  }
  return ports;
}

std::vector<Lack> SitePorts::lacks() const {
  std::vector<Lack> all;
  for (const Router& router : routers) {
    for (const auto& [code, degradation] : router.port->degradations()) {
      all.push_back({{code, router.name.text, degradation.detail}, degradation.count});
    }
  }
  if (kubernetes) {
    for (const auto& [code, trouble] : kubernetes->troubles()) {
      all.push_back({{code, "kubernetes", trouble.detail}, trouble.count});
    }
  }
  for (const auto& port : metrics) {
    for (const auto& [code, trouble] : port->troubles()) {
      all.push_back({{code, port->node().text, trouble.detail}, trouble.count});
    }
  }
  return all;
}

}  // namespace wanwise::cli
