// The shipped policies on the shipped site, each with its workloads placed: what the predictions
// are tried on. Reads the policies of the source tree.
#pragma once

#include <string>
#include <vector>

#include "tests/acceptance/prediction/cell.hpp"

namespace wanwise::prediction {

/// policies/NAME.yaml on the site harbour.
[[nodiscard]] core::Model shipped(const std::string& policy);
inline const std::vector<std::string> kPolicies = {"collision-avoidance",    "image-recognition",
                                                   "predictive-maintenance", "smart-city",
                                                   "video-surveillance",     "voice-recognition"};

/// What may run on the node does.
[[nodiscard]] Cell on_node(const std::string& policy, double utilisation);
/// What may leave the site does, to a cloud that never makes anybody wait; a priority class only as
/// long as it stays below its cap.
[[nodiscard]] Cell on_uplink(const std::string& policy, double utilisation);
/// The same with requests and responses exchanged, and a downlink as slow as the uplink.
[[nodiscard]] Cell on_downlink(const std::string& policy, double utilisation);
/// Everything in the cloud, behind links without a limit.
[[nodiscard]] Cell in_cloud(const std::string& policy, double utilisation);

}  // namespace wanwise::prediction
