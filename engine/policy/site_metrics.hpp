// `metrics` of a site's nodes: which exporters tell about a node, in whose names, and which
// workloads its inference server serves. Pure; any thread.
#pragma once

#include <vector>

#include "engine/policy/document.hpp"

namespace wanwise::policy {

const Shape& node_metrics_shape();
void check_node_metrics(Value& root, Findings& findings);
/// The workloads that a site's inference servers are said to serve are the policy's.
void check_served_workloads(Document& site, const Document& policy, Report& report);
/// Only for a document without findings; by node name.
[[nodiscard]] std::vector<NodeScrape> make_scrapes(const Value& root);

}  // namespace wanwise::policy
