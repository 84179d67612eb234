// A policy document: its shape, the checks inside it and the core's form of it. Pure; any thread.
#pragma once

#include "engine/core/model.hpp"
#include "engine/policy/document.hpp"

namespace wanwise::policy {

const Shape& policy_shape();

/// What must hold inside one policy and YANG does not tell (see yang_check.hpp).
void check_policy(Document& document, Report& report);

/// Only for a document without findings. Workloads, classes and sources sorted by name.
[[nodiscard]] core::Policy make_policy(const Value& root);

/// Service port when none is given: the unprivileged port for HTTPS, as in yang/wanwise-policy.
inline constexpr std::uint16_t kDefaultPort = 8443;

/// Priority caps and guarantees together take no more than this: class-default and the router's
/// own control traffic (routing, NETCONF, IP SLA) live on the rest.
inline constexpr std::int64_t kMaxQueuePercent = 95;

}  // namespace wanwise::policy
