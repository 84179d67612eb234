// What a cell of a study is made of before policy and seed are chosen, and the settings by which
// levels change it. Value types; any thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "engine/core/model.hpp"
#include "sim/trial/trial.hpp"
#include "sim/world/air/generate.hpp"
#include "sim/world/scenario.hpp"

namespace wanwise::sim {

/// A recorded link, read once and shared by all runs.
struct Recording {
  RateTrace uplink;
  std::optional<RateTrace> downlink;  ///< absent: constant
  std::optional<RadioTrace> radio;
};

/// Where the rate of a link comes from.
struct LinkSource {
  enum class Kind : std::uint8_t { constant, lte_driving, nr_static, recording };
  Kind kind = Kind::constant;
  core::Bps uplink, downlink;  ///< constant or mean; recording: downlink where none was recorded
  std::shared_ptr<const Recording> recording;  ///< of that kind only
};

struct Draft {
  core::Model model;  ///< the world's and what the policies believe
  std::map<core::LinkName, LinkSource> links;
  WorldTuning tuning;
  Telemetry telemetry;
  Scenario story;
  // On top of the story, from its beginning on.
  std::map<core::WorkloadName, core::Ppm> demand;
  std::map<core::LinkName, core::Ppm> uplink_factor;
  std::map<core::TargetName, core::Ppm> slowdown;
};

/// Changes one thing of a draft. What it returns is why that makes no sense there; empty: done.
struct Setting {
  std::string what;  ///< "rtt of lte", for messages
  std::function<std::string(Draft&)> apply;
};

}  // namespace wanwise::sim
