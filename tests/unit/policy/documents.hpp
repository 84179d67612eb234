// Valid documents that tests change one thing in, and what load() says to them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/policy/load.hpp"

namespace wanwise::policy {

inline const std::string kSchemas = std::string{WANWISE_SOURCE_DIR} + "/yang";

/// policies/invalid/with/NAME.yaml: a minimal valid policy, site or profiles.
std::string valid(const std::string& name);

/// The text with the first `from` replaced; `from` must be there.
std::string with(std::string text, std::string_view from, std::string_view to);

/// What load() says, one line each, warnings too; empty when the documents are right.
std::string diagnose(const std::vector<SourceText>& texts);
/// The policy with valid companions, and so on.
std::string diagnose_policy(const std::string& text);
std::string diagnose_site(const std::string& text);
std::string diagnose_profiles(const std::string& text);

}  // namespace wanwise::policy
