// Builds the small models that engine tests speak of:
//
//   cameras ── r1 ──lte (Cellular0/1/0, probe 9101)── cloud (T4 x servers)
//               └── tx2
//
// Every value has a harmless default; a test states only what it is about.
#pragma once

#include <string>
#include <vector>

#include "engine/core/model.hpp"

namespace wanwise::test {

struct WorkloadSpec {
  std::string name;
  core::Priority priority = core::Priority::normal;
  std::string model = "detector";  ///< 50 ms on the tx2, 5 ms in the cloud
  std::int64_t rate_per_s = 4;
  core::Micros objective = core::milliseconds(400);
  std::vector<std::string> targets = {"tx2", "cloud"};
  core::Residency residency = core::Residency::any;
  core::Bytes request{20'000};
  std::vector<std::int64_t> degraded_rates =
      {};  ///< rungs below the full demand, requests per second; 0 suspends
  std::string service_class = "video";
  std::int32_t split_replicas = 1;  ///< more: it may split
};

class ModelBuilder {
 public:
  ModelBuilder();

  ModelBuilder& workload(const WorkloadSpec& spec);
  ModelBuilder& stability(core::Stability stability);
  ModelBuilder& when_blind(core::WhenBlind when_blind);
  ModelBuilder& link(core::Link link);
  ModelBuilder& node(core::Node node);
  ModelBuilder& cloud(core::Cloud cloud);

  /// Sorted as Model wants it.
  [[nodiscard]] core::Model build() const;

 private:
  core::Model m_model;
};

/// The link `lte` that a ModelBuilder starts with: 12 Mbps expected, floor 200 kbps, ceiling 40
/// Mbps.
[[nodiscard]] core::Link lte_link();

}  // namespace wanwise::test
