// Reads the documents a subcommand is given and picks its site; says on stderr what is wrong with
// them.
#pragma once

#include <optional>
#include <vector>

#include "adapters/cli/commands.hpp"
#include "engine/policy/load.hpp"

namespace wanwise::cli {

struct Input {
  std::vector<policy::SourceText> documents;
  policy::SiteBundle bundle;
};

/// Nothing when it failed; the reasons are on stderr then.
[[nodiscard]] std::optional<Input> load_site(const Common& common, const SiteChoice& choice);

void print_diagnostics(const std::vector<policy::Diagnostic>& diagnostics);
void print_error(const core::Error& error);

}  // namespace wanwise::cli
