// The seam between the management plane and the data plane of the emulated router: what the data
// plane shows now, and the queueing it shall do. Thread-safe: NETCONF threads read and configure
// while the plant's own time goes on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/router/config/sla_extract.hpp"
#include "sim/world/network/qos_config.hpp"
#include "sim/world/world.hpp"

namespace wanwise::router {

struct InterfaceState {
  sim::InterfaceReading counters;
  std::uint64_t speed_bps = 0;  ///< nominal, as the device reports it
  bool cellular = false;
  std::vector<sim::QueueReading> queues;  ///< by class-map name; empty without an output policy
  std::optional<sim::RadioReading> radio;
};

struct PlantReading {
  core::Instant at;
  std::vector<InterfaceState> interfaces;
  std::vector<sim::ProbeReading> probes;  ///< of the operations that the site document names
  std::vector<sim::OperationReading> operations;  ///< of those that are configured
};

struct PlantConfig {
  sim::QosConfig qos;  ///< qos.steering is empty: it names links, which a router's configuration
                       ///< does not
  std::vector<RouteWish> routes;
};

class Plant {
 public:
  virtual ~Plant() = default;
  [[nodiscard]] virtual PlantReading read() = 0;
  virtual void configure(const PlantConfig& config) = 0;
  /// The line of a WAN interface goes down or comes back; false: there is no such interface.
  [[nodiscard]] virtual bool set_interface(const std::string& name, bool up) = 0;
};

}  // namespace wanwise::router
