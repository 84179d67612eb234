// Checks of a site document on how links are measured and how flows are steered over them: what
// IOS XE could not hold is told here, at its place, and not when a router refuses it. Pure; any
// thread.
#pragma once

#include <vector>

#include "engine/policy/document.hpp"

namespace wanwise::policy {

void check_measurements(std::vector<Value>& links, Findings& findings);
void check_steering(Value& root, Findings& findings);

}  // namespace wanwise::policy
