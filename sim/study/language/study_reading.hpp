// The parts read_study() consists of, each a section of the YAML. They share the study that
// becomes, the report and the files that were read. One owner; not thread-safe.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/study/language/input_hash.hpp"
#include "sim/study/language/read_study.hpp"
#include "sim/study/language/section.hpp"
#include "sim/study/language/settable.hpp"

namespace wanwise::sim {

/// As written; becomes a time once the horizon is known.
struct WarmUpText {
  WarmUpRule rule = WarmUpRule::fixed;
  std::optional<core::Micros> time;
  core::Ppm share{100'000};  ///< where no time is given
};

struct StudyReading {
  Reading reading;
  const ReadOptions& options;
  std::string folder;  ///< of the study file, where relative paths begin
  InputHash hash;
  LoadedStudy loaded;
  /// Where each level stands, for what only shows when a cell is put together.
  std::vector<std::vector<const policy::YamlNode*>> level_nodes;
  WarmUpText warm_up;
};

/// The path to open: relative to the study, or below the folder of traces. Reports a "traces:"
/// without that folder.
[[nodiscard]] std::optional<std::string> resolve_path(StudyReading& r, Section& section,
                                                      std::string_view key);
/// Adds a file that was read to the hash; false when it cannot be read (not reported here).
bool hash_file(StudyReading& r, const std::string& path);
/// "FILE:LINE:COL: message" lines of another reader, as diagnostics.
void report_lines(StudyReading& r, const policy::YamlNode& at, const std::string& path,
                  const std::string& lines);
/// Refuses a name the site does not have.
bool known(Section& section, std::string_view key, const std::string& name, std::string_view what,
           const std::vector<std::string>& names);

// What a link's rate comes from, as `links` has it and as a level.
inline const std::vector<std::string> kLinkSourceKeys{
    "generate", "constant", "uplink", "downlink", "uplink-file", "downlink-file", "radio-file"};
[[nodiscard]] std::optional<LinkSource> read_link_source(StudyReading& r, Section& section,
                                                         const core::Link& link);
void read_links(StudyReading& r, Section& root);

// What happens to the site.
[[nodiscard]] std::optional<Scenario> read_story(StudyReading& r, const policy::YamlNode& node,
                                                 const std::string& path);

// Knobs of the table in settable.hpp.
void read_tuning(StudyReading& r, Section& root);
void read_settings(StudyReading& r, Section& root);
void read_factors(StudyReading& r, Section& root);

// Laws that are no single number.
void read_sources(StudyReading& r, Section& root);
void read_targets(StudyReading& r, Section& root);
void read_link_tuning(StudyReading& r, Section& root);

// What is compared, how often, how long.
void read_horizon(StudyReading& r, Section& section);
void read_warm_up(StudyReading& r, Section& section);
void read_seeds(StudyReading& r, Section& section);
void read_policies(StudyReading& r, Section& root);
void read_claims(StudyReading& r, Section& root);
/// Checked always, applied when options.small says so.
void read_small(StudyReading& r, Section& root);

}  // namespace wanwise::sim
