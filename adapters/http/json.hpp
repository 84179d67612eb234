// The northbound API's JSON: what wanwise knows, as values with kebab-case keys that carry their
// unit ("uplink-low-bps", "observed-us"), described in README.md; and back again for the client.
// An absent optional is null, so an object always has the same keys. Pure; safe from any thread.
#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/source.hpp"
#include "engine/core/action.hpp"
#include "engine/core/expected.hpp"
#include "engine/core/explain.hpp"
#include "engine/core/status.hpp"

namespace wanwise::http {

[[nodiscard]] boost::json::value to_json(const core::Status& status);
[[nodiscard]] boost::json::value to_json(const core::Explanation& explanation);
[[nodiscard]] boost::json::value to_json(const core::RouterQos& qos);
[[nodiscard]] boost::json::value to_json(const core::Action& action);
[[nodiscard]] boost::json::value to_json(const std::vector<Move>& moves);
/// The places of one workload, oldest first.
[[nodiscard]] boost::json::value to_json(const core::WorkloadName& workload,
                                         const std::vector<core::PredictionRecord>& places);
/// {"code", "message", "allowed": […]}
[[nodiscard]] boost::json::value to_json(const core::Error& error,
                                         const std::vector<std::string>& allowed);

/// A status of the largest site the engine takes is some 100 KiB; beyond this a text is not ours.
inline constexpr std::size_t kMaxJsonBytes = 8 * 1024 * 1024;

/// Unknown keys are passed over (a newer daemon may say more); a missing or mistyped one is the
/// error `bad-json`, whose message names its path.
[[nodiscard]] core::Expected<core::Status> parse_status(std::string_view text);
[[nodiscard]] core::Expected<core::Explanation> parse_explanation(std::string_view text);
[[nodiscard]] core::Expected<std::vector<Move>> parse_history(std::string_view text);
[[nodiscard]] core::Expected<std::vector<core::PredictionRecord>> parse_places(
    std::string_view text);

}  // namespace wanwise::http
