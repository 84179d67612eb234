// The operational state of the router as YANG data: interfaces and their queues, the modem, the
// probes. Pure; any thread.
#pragma once

#include <ctime>

#include "sim/router/faults/faults.hpp"
#include "sim/router/oper/data_builder.hpp"
#include "sim/router/plant/plant.hpp"

namespace wanwise::router {

struct OperInput {
  PlantReading reading;
  sim::QosConfig qos;       ///< names of the attached policies
  std::timespec now{};      ///< wall clock of `reading.at`
  std::timespec started{};  ///< when the counters began
  Faults faults;
};

[[nodiscard]] Tree oper_data(const ly_ctx* ctx, const OperInput& input);

/// The parts of oper_data(), one file each.
void add_interfaces(DataBuilder& build, const OperInput& input);
void add_cellular(DataBuilder& build, const OperInput& input);
void add_probes(DataBuilder& build, const OperInput& input);

/// yang:date-and-time.
[[nodiscard]] std::string date_and_time(const std::timespec& time);

}  // namespace wanwise::router
