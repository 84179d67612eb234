// Runs one golden case of the engine: a directory of steps NN-input.jsonl with what the engine made
// of each in NN-actions.jsonl and NN-explain.txt (tests/golden/README.md). With
// WANWISE_UPDATE_GOLDEN=1 in the environment the expectations are rewritten instead of compared.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace wanwise::testing {

/// The case directories below `root`, sorted.
[[nodiscard]] std::vector<std::filesystem::path> golden_cases(const std::filesystem::path& root);

/// What differs, each as "FILE: what"; empty when all is as expected. `schema_dir`: our YANG
/// modules.
[[nodiscard]] std::vector<std::string> run_golden_case(const std::filesystem::path& folder,
                                                       const std::filesystem::path& schema_dir,
                                                       bool update);

/// The environment asks for new expectations.
[[nodiscard]] bool golden_update_wanted();

}  // namespace wanwise::testing
