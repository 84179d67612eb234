// A site with its policy as the reasoning sees them: the model it computes with, and the documents
// it points at. Borrowed references; pure functions; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/core/model.hpp"
#include "engine/core/model_index.hpp"
#include "engine/policy/document.hpp"
#include "engine/policy/load.hpp"

namespace wanwise::policy {

struct Subject {
  const core::Model& model;
  const std::vector<RouterAccess>& routers;
  const Document& policy;
  const Document& site;
  std::vector<const Value*> workloads;  ///< of the policy document, in the model's order
  std::vector<core::Index> in_order;    ///< workloads of the model in the document's order
};

/// Documents without findings only; all must outlive the result.
[[nodiscard]] Subject make_subject(const SiteBundle& bundle, const Document& policy,
                                   const Document& site);

/// The entry of a list that has this name.
[[nodiscard]] const Value& entry(const Value& root, std::string_view list, const std::string& name);
/// What stands at "a/b", or as far as that is written down.
[[nodiscard]] const Value& deepest(const Value& value, std::string_view first,
                                   std::string_view second);
/// The workload's p50, p95 or p99.
[[nodiscard]] const Value& objective_value(const Value& workload);
/// The target of that rank in `prefer` and `fall-back`.
[[nodiscard]] const Value& target_value(const Value& workload, core::Index rank);
/// The step that leads to this rung; the first is 1.
[[nodiscard]] const Value& rung_value(const Value& workload, core::Index rung);

[[nodiscard]] inline bool suspends(const core::Rung& rung) {
  return rung.rate.count == 0;
}

// Numbers for people.
[[nodiscard]] std::string text_of(core::Micros duration);  ///< "64.64ms"
[[nodiscard]] std::string text_of(core::Bps rate);         ///< "1.484Mbps"
[[nodiscard]] std::string text_of(core::Ppm share);        ///< "62.5%"
[[nodiscard]] std::string text_of(core::Bytes size);       ///< "6500MB"

}  // namespace wanwise::policy
