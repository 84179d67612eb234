// A site document: its shape, the checks inside it and the core's form of it. Pure; any thread.
#pragma once

#include <optional>
#include <vector>

#include "engine/core/model.hpp"
#include "engine/policy/document.hpp"

namespace wanwise::policy {

const Shape& site_shape();
void check_site(Document& document, Report& report);

// Only for a document without findings; sorted by name.

/// Power modes that are not given stay empty: the profile's first, which resolve() knows.
[[nodiscard]] core::Site make_site(const Value& root);
[[nodiscard]] std::vector<RouterAccess> make_access(const Value& root);
[[nodiscard]] std::optional<SimulatedCluster> make_simulated(const Value& root);
[[nodiscard]] std::optional<KubernetesAccess> make_kubernetes(const Value& root);

}  // namespace wanwise::policy
