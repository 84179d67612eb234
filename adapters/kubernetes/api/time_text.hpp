// Points of the wall clock as the API writes them (RFC 3339). Pure; any thread. Only for people and
// for the API server: nothing is decided by them.
#pragma once

#include <chrono>
#include <string>

namespace wanwise::kubernetes {

/// meta/v1 Time: "2026-11-24T14:28:48Z".
[[nodiscard]] std::string time_text(std::chrono::system_clock::time_point at);
/// meta/v1 MicroTime: "2026-11-24T14:28:48.000123Z".
[[nodiscard]] std::string micro_time_text(std::chrono::system_clock::time_point at);

}  // namespace wanwise::kubernetes
