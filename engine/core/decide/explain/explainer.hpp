// Turns a decision into explanations: every option of a workload, each rule with wanted and got,
// computed against the other workloads as they were decided. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/decide/decide.hpp"
#include "engine/core/decide/situation.hpp"
#include "engine/core/decide/situation_builder.hpp"
#include "engine/core/explain.hpp"
#include "engine/core/model.hpp"

namespace wanwise::core {

/// `rejected`: what SituationBuilder::rejections() said of the same workload.
[[nodiscard]] Explanation explain(const Model& model, const Situation& situation,
                                  const Decision& decision, Index workload,
                                  const std::vector<Rejection>& rejected, Instant decided_at);

/// "cloud over lte", "tx2, degraded to 2/s of tiny", "suspended".
[[nodiscard]] std::string place_text(const Model& model, Index workload, const Option& option);
/// "p99"
[[nodiscard]] std::string quantile_text(Ppm quantile);

/// Why the workload leaves where it runs, in one line; or why it starts where it starts.
[[nodiscard]] std::string move_reason(const Explanation& explanation,
                                      const std::optional<Place>& from);

}  // namespace wanwise::core
