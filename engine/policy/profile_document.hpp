// A device profile document: its shape, the checks inside it and the core's form. Pure; any thread.
#pragma once

#include "engine/core/model.hpp"
#include "engine/policy/document.hpp"

namespace wanwise::policy {

const Shape& profile_shape();
void check_profile(Document& document, Report& report);
/// Only for a document without findings.
[[nodiscard]] core::DeviceProfile make_profile(const Value& root);

}  // namespace wanwise::policy
