// A site in motion: sources send requests, the router marks, queues and shapes their packets into a
// modem whose rate follows a trace, accelerators serve them. Discrete events on a virtual clock,
// packet by packet; deterministic for a seed. Whoever owns it decides how virtual time passes (the
// emulator: with the steady clock; a study: at once). One owner; not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/event.hpp"
#include "engine/core/model.hpp"
#include "sim/world/qos_config.hpp"
#include "sim/world/trace.hpp"

namespace wanwise::sim {

/// What one WAN link is made of beyond the model's numbers.
struct LinkTraces {
  core::LinkName link;
  RateTrace uplink;
  RateTrace downlink;
  std::optional<RadioTrace> radio;  ///< absent on wired links
};

struct WorldConfig {
  core::Model model;
  std::vector<LinkTraces> links;  ///< one for each of the model's
  std::uint64_t seed = 1;
};

/// Counters of an interface, as `show interfaces` has them.
struct InterfaceReading {
  std::string interface;
  bool up = false;
  std::uint64_t tx_bytes = 0, rx_bytes = 0, tx_packets = 0, rx_packets = 0, tx_drops = 0;
};

struct QueueReading {
  std::string name;
  std::uint64_t tx_packets = 0, tx_bytes = 0, drop_packets = 0, drop_bytes = 0;
  std::uint64_t queue_packets = 0, queue_bytes = 0;
};

/// The IP SLA entry that measures a link: last finished operation and its counts.
struct ProbeReading {
  std::uint32_t entry = 0;
  std::optional<core::Micros> rtt;  ///< absent: the last operation timed out
  std::uint64_t successes = 0, failures = 0;
  core::Instant started_at;  ///< of the last finished operation
};

class World {
 public:
  explicit World(WorldConfig config);
  ~World();

  void advance_to(core::Instant now);
  [[nodiscard]] core::Instant now() const;

  // What wanwise can change.
  void configure(QosConfig config);
  /// Starts the workload at its new place (cold) and sends requests there once it is ready; absent:
  /// suspended.
  void place(const core::WorkloadName& workload, std::optional<core::TargetName> target,
             std::int32_t rung);

  // What happens to a site.
  void set_demand(const core::WorkloadName& workload, core::Ppm of_declared);
  void set_uplink_factor(const core::LinkName& link, core::Ppm of_trace);
  void set_power_mode(const core::TargetName& target, const core::PowerModeName& mode);
  void set_alive(const core::TargetName& target, bool alive);

  // What can be read.
  [[nodiscard]] InterfaceReading interface(const std::string& name) const;
  [[nodiscard]] std::vector<QueueReading> queues(const std::string& interface) const;
  [[nodiscard]] std::optional<RadioReading> radio(const core::LinkName& link) const;
  [[nodiscard]] std::optional<ProbeReading> probe(std::uint32_t entry) const;
  [[nodiscard]] core::TargetSample target(const core::TargetName& name) const;
  [[nodiscard]] core::PlacementObserved placement(const core::WorkloadName& workload) const;
  /// What the workload lived through since the last call.
  [[nodiscard]] core::WorkloadSample take_sample(const core::WorkloadName& workload);

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace wanwise::sim
