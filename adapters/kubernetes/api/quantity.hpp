// Kubernetes quantities. Pure; any thread.
// Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace wanwise::kubernetes {

/// Thousandths of the unit: of a core, of a byte, of a GPU. "100m" -> 100, "1Gi" -> 1024^3 * 1000,
/// "2e3" -> 2'000'000; finer parts are rounded up, what is beyond the type stays at its end.
[[nodiscard]] std::optional<std::int64_t> parse_quantity(std::string_view text);

/// By resource: "cpu", "memory", "nvidia.com/gpu"; thousandths.
using Resources = std::map<std::string, std::int64_t, std::less<>>;

}  // namespace wanwise::kubernetes
