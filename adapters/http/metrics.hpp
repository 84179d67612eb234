// What wanwise knows in the Prometheus text exposition format 0.0.4
// (prometheus.io/docs/instrumenting/exposition_formats). Base units as Prometheus wants them:
// seconds, ratios, bits per second; an absent value is an absent series. Pure; safe from any
// thread.
#pragma once

#include <string>
#include <vector>

#include "adapters/http/source.hpp"
#include "engine/core/counters.hpp"
#include "engine/core/status.hpp"

namespace wanwise::http {

inline constexpr const char* kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";

[[nodiscard]] std::string to_prometheus(const core::Status& status, const core::Counters& counters,
                                        const std::vector<NamedCounter>& more = {});

}  // namespace wanwise::http
