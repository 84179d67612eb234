// What `wanwise status`, `explain` and `history` print for people. Pure functions to text; times
// are on the engine's time line, told relative to `at` where there is one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/cli/table.hpp"
#include "adapters/http/source.hpp"
#include "engine/core/explain.hpp"
#include "engine/core/prediction.hpp"
#include "engine/core/status.hpp"

namespace wanwise::cli {

[[nodiscard]] std::string render_status(const core::Status& status, Style style = {});
[[nodiscard]] std::string render_explanation(const core::Explanation& explanation,
                                             Style style = {});
/// The places of one workload, newest last: what was predicted, what was seen, why it left.
[[nodiscard]] std::string render_places(const std::vector<core::PredictionRecord>& places,
                                        Style style = {});
/// Newest last, as a log.
[[nodiscard]] std::string render_history(const std::vector<http::Move>& moves, Style style = {});

/// "full demand", "rung 2"
[[nodiscard]] std::string rung_text(std::int32_t rung);
/// The target's name, or "suspended".
[[nodiscard]] std::string place_text(const std::optional<core::TargetName>& target);
/// "tx2 75%, cloud 25%" of a split.
[[nodiscard]] std::string place_text(const std::optional<core::TargetName>& target,
                                     const std::optional<core::Split>& split);

}  // namespace wanwise::cli
