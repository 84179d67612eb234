// STUDY.yaml -> a study that can be run, or every diagnostic at once. The language is told in
// sim/study/README.md. Reads the file and what it names; any thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/core/expected.hpp"
#include "engine/policy/load.hpp"
#include "sim/study/language/draft.hpp"
#include "sim/study/study.hpp"

namespace wanwise::sim {

// Named limits: a study beyond them is a slip of the pen.
inline constexpr std::size_t kMaxPolicies = 256;
inline constexpr std::size_t kMaxFactors = 8;
inline constexpr std::size_t kMaxLevels = 1'000;
inline constexpr std::size_t kMaxCells = 10'000;
inline constexpr std::size_t kMaxSeeds = 10'000;
inline constexpr std::size_t kMaxRuns = 1'000'000;
inline constexpr std::size_t kMaxClaims = 1'000;
/// generate() makes links of ten seconds to a day.
inline constexpr core::Micros kShortestRun = core::seconds(10);
inline constexpr core::Micros kLongestRun = core::seconds(86'400);

struct ReadOptions {
  std::string schema_dir;  ///< our yang/wanwise-*.yang modules
  std::string traces_dir;  ///< what "traces:" stands for; empty: not given
  bool small = false;      ///< with the overrides of `small`
  std::function<core::Expected<void>(const PolicySpec&)> check_policy = check;
  /// Of the metric a claim names; empty: not checked.
  std::function<core::Expected<void>(const std::string&)> check_metric;
};

struct LoadedStudy {
  Study study;
  Draft base;
  /// What each level of each factor does, as Study::factors has them.
  std::vector<std::vector<std::vector<Setting>>> settings;
  std::vector<std::string> notes;  ///< what readers of recordings and policies noticed
};

/// The text of a study; paths in it are relative to its file.
[[nodiscard]] core::Expected<LoadedStudy, std::vector<policy::Diagnostic>> parse_study(
    const policy::SourceText& source, const ReadOptions& options);
[[nodiscard]] core::Expected<LoadedStudy, std::vector<policy::Diagnostic>> read_study(
    const std::string& path, const ReadOptions& options);

}  // namespace wanwise::sim
