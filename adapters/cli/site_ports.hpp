// The composition root's core: a site's ports, made from its documents. The one place that names
// concrete adapters.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <vector>

#include "adapters/cli/lack_watch.hpp"
#include "adapters/iosxe/router_port.hpp"
#include "adapters/jetson/metrics_port.hpp"
#include "adapters/kubernetes/cluster_port.hpp"
#include "engine/core/expected.hpp"
#include "engine/policy/load.hpp"
#include "engine/ports/clock.hpp"
#include "engine/runtime/loop.hpp"
#include "sim/door/door_client.hpp"

namespace wanwise::cli {

/// What the IOS XE adapter is told about one router of the site.
[[nodiscard]] iosxe::RouterConfig router_config(const policy::SiteBundle& bundle,
                                                const policy::RouterAccess& access);

/// What the Jetson adapter is told about one node of the site.
[[nodiscard]] jetson::NodeConfig node_config(const core::Model& model,
                                             const policy::NodeScrape& scrape);

struct SitePorts {
  struct Router {
    core::RouterName name;
    std::unique_ptr<iosxe::RouterPort> port;
  };

  std::vector<Router> routers;
  std::vector<std::unique_ptr<jetson::MetricsPort>> metrics;  ///< of the nodes that are scraped
  std::unique_ptr<sim::DoorClient> door;                      ///< null: no simulated cluster
  std::unique_ptr<kubernetes::ClusterPort> kubernetes;        ///< null: no Kubernetes cluster

  [[nodiscard]] runtime::LoopPorts loop_ports() const;
  /// What the adapters work around: values outside their type, refused push, failed scrapes …
  [[nodiscard]] std::vector<Lack> lacks() const;
};

[[nodiscard]] core::Expected<SitePorts> make_site_ports(boost::asio::io_context& io,
                                                        const ports::Clock& clock,
                                                        const policy::SiteBundle& bundle,
                                                        const std::string& yang_dir);

}  // namespace wanwise::cli
