// What the adapter is told about one node. Values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/model.hpp"
#include "engine/core/names.hpp"
#include "engine/core/units.hpp"

namespace wanwise::jetson {

/// In whose metric names a page tells what it knows: tegrastats.hpp, dcgm.hpp, triton.hpp.
enum class Dialect : std::uint8_t { tegrastats, dcgm, triton };

struct ServedModel {
  core::WorkloadName workload;
  std::string model;  ///< its name on the inference server
  core::Objective objective;
};

struct EndpointConfig {
  std::string url;  ///< "http://192.168.50.20:9100/metrics"
  Dialect dialect = Dialect::tegrastats;
  bool speaks_for_node = true;            ///< its answer means that the node is up
  std::optional<std::string> token_file;  ///< a bearer token, read again for each scrape
  std::vector<ServedModel> models;        ///< of a triton endpoint
};

struct NodeConfig {
  core::TargetName node;
  std::vector<core::PowerModeName> power_modes;  ///< those of its device profile
  core::Micros period = core::milliseconds(500);
  core::Micros deadline = core::milliseconds(500);  ///< of one scrape
  std::optional<std::int32_t> throttles_at_c;
  core::Ppm throttled_slowdown{1'500'000};  ///< where the clocks are not told
  std::vector<EndpointConfig> endpoints;    ///< of what several tell, the first is believed
};

}  // namespace wanwise::jetson
