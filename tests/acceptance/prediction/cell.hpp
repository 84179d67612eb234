// One cell of the comparison of predictions with the simulator: a site, where each of its workloads
// stands, and how much of one resource they ask for. The same cell is forecast by the engine's Load
// and played by the world. Pure functions of the cell; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/forecast.hpp"
#include "engine/core/model.hpp"
#include "sim/world/world.hpp"

namespace wanwise::prediction {

enum class Arrivals : std::uint8_t {
  poisson,
  cameras,  ///< each source at a steady pace, 5 % jitter (the world's default)
};

/// What the demand is scaled to a given utilisation of.
enum class Resource : std::uint8_t { node, uplink, downlink, cloud };

struct Cell {
  std::string family;  ///< rows of one family share a tolerance
  std::string name;
  core::Model model;
  std::vector<core::TargetName> places;  ///< by workload of the model
  Resource resource = Resource::node;
  double utilisation = 0.5;  ///< of that resource: first node, first link, first cloud
  Arrivals arrivals = Arrivals::poisson;
  core::Bps shaper;   ///< in force all the time; 0: 95 % of the uplink
  bool roomy = true;  ///< no queue is ever full and no policer drops: what the forecast assumes
  std::uint32_t tx_ring = 4;
  core::PowerModeName power_mode;        ///< of the node; empty: the model's
  core::Ppm throttle = core::kWhole;     ///< heat on the node
  core::Ppm wait_factor = core::kWhole;  ///< of the node
  sim::Detail detail = sim::Detail::packets;
  std::int64_t requests = 100'000;  ///< played, all workloads together, over all seeds
  std::int32_t seeds = 8;           ///< runs, each with its own phases
};

/// One workload of a cell.
struct Row {
  std::string workload;
  core::Forecast predicted;
  core::Forecast simulated;
  double p99_error = 0;  ///< relative standard error of the simulated p99, from the seeds
  std::int64_t completed = 0;
  std::int64_t lost = 0;
};

struct Outcome {
  std::vector<Row> rows;
  std::uint64_t drops = 0;  ///< packets that the router's queues refused
  double wait_ratio = 1;    ///< mean waits on the node, of those that Poisson arrivals would have
};

[[nodiscard]] Outcome run(const Cell& cell);

}  // namespace wanwise::prediction
