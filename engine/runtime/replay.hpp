// Decides a journal's events again and compares: the proof that the engine is a function of its
// events. The first step whose digest differs ends the replay. Any one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/core/engine.hpp"
#include "engine/core/expected.hpp"
#include "engine/runtime/journal_reader.hpp"

namespace wanwise::runtime {

/// The first place where the replayed engine went another way.
struct Difference {
  std::uint64_t record = 0;  ///< of the step; the header is 1
  core::Instant at;          ///< of the event that led to it
  std::uint64_t recorded_digest = 0;
  std::uint64_t replayed_digest = 0;
  std::string detail;  ///< which part differs, for people
};

struct ReplayReport {
  core::SiteName site;
  std::string recorded_by;  ///< wanwise version that wrote the journal
  std::uint64_t events = 0;
  std::uint64_t steps = 0;   ///< compared
  std::uint64_t digest = 0;  ///< of the replayed engine at the end
  bool closed = false;       ///< the journal ends with its trailer
  bool truncated = false;    ///< the journal ends inside a record
  std::optional<Difference> first_difference;

  [[nodiscard]] bool equal() const { return !first_difference; }
};

/// With an engine made from the same documents.
[[nodiscard]] core::Expected<ReplayReport> replay(JournalReader& journal, core::Engine engine);

/// With an engine made from the documents in the journal's header, through policy::load.
/// `schema_dir` holds our yang/wanwise-*.yang modules.
[[nodiscard]] core::Expected<ReplayReport> replay_file(const std::string& path,
                                                       const std::string& schema_dir);

}  // namespace wanwise::runtime
