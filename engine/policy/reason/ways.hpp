// What can only run beyond the WAN, by the links it must share. Values; any thread.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/policy/reason/checks.hpp"
#include "engine/policy/reason/crowd.hpp"

namespace wanwise::policy {

/// Links that a group of workloads shares, and what they carry together.
struct Way {
  std::string name;
  std::vector<core::Index> links;
  core::Bps ceiling;
  core::Bps expected;
  core::Bps downlink;
  std::vector<core::Index> workloads;  ///< confined to clouds; in the document's order
};

/// Links of one router: of one at a time, the best at best, or of all together.
[[nodiscard]] Way way_of(const core::Model& model, const core::Router& router, bool all);

/// One way for each router, of those whose sources stand there only, and one for the whole site,
/// last: what is too much for one router is too much for it. Over a trunk traffic may leave by
/// another router: then only the whole is certain.
[[nodiscard]] std::vector<Way> ways(const Case& c);

[[nodiscard]] bool only_beyond_wan(const core::Model& model, const core::Workload& workload);
/// Where the workload's sources stand.
[[nodiscard]] std::set<core::RouterName> routers_of(const core::Model& model,
                                                    const core::Workload& workload);

/// What the messages of these workloads ask for, bits per second with headers.
[[nodiscard]] std::vector<Asked> asked_of(const core::Model& model,
                                          const std::vector<core::Index>& workloads,
                                          core::Bytes core::Workload::*message);

}  // namespace wanwise::policy
