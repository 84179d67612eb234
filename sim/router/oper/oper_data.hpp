// The operational state of the router as YANG data: interfaces and their queues, the modem, the
// probes, itself. Pure; any thread.
#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <vector>

#include "sim/router/config/archive.hpp"
#include "sim/router/faults/faults.hpp"
#include "sim/router/netconf/personality.hpp"
#include "sim/router/netconf/roots.hpp"
#include "sim/router/oper/data_builder.hpp"
#include "sim/router/plant/plant.hpp"

namespace wanwise::router {

/// A subscription as the router lists it.
struct SubscriptionState {
  std::uint32_t id = 0;
  std::string stream;
  std::string path;
  std::optional<std::uint32_t> period_centiseconds;  ///< absent: on change
};

struct TelemetryState {
  std::uint64_t limit = 0;
  std::vector<SubscriptionState> subscriptions;
};

/// A NETCONF session as the router lists it.
struct SessionState {
  std::uint32_t id = 0;
  std::string user;
  std::string host;
  std::timespec login{};
};

struct OperInput {
  PlantReading reading;
  sim::QosConfig qos;             ///< names of the attached policies
  std::vector<SlaOperation> sla;  ///< as configured
  std::timespec now{};            ///< wall clock of `reading.at`
  std::timespec started{};        ///< when the counters began
  Faults faults;
  Release release = Release::r17_15;
  Roots roots;                          ///< what is asked for; the rest may be left out
  std::vector<Archive::File> archives;  ///< oldest first
  std::vector<SessionState> sessions;
  std::optional<TelemetryState> telemetry;  ///< absent: no subscriptions on this box
};

[[nodiscard]] Tree oper_data(const ly_ctx* ctx, const OperInput& input);

/// The parts of oper_data(), one file each.
void add_interfaces(DataBuilder& build, const OperInput& input);
void add_cellular(DataBuilder& build, const OperInput& input);
void add_probes(DataBuilder& build, const OperInput& input);
void add_platform(DataBuilder& build, const OperInput& input);
void add_bfd(DataBuilder& build, const OperInput& input);
void add_telemetry(DataBuilder& build, const OperInput& input);
void add_netconf_state(DataBuilder& build, const OperInput& input);

/// yang:date-and-time.
[[nodiscard]] std::string date_and_time(const std::timespec& time);

}  // namespace wanwise::router
