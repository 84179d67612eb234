// What a journal is made of, in the core's own types. Value types; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/core/engine.hpp"
#include "engine/core/event.hpp"
#include "engine/core/names.hpp"
#include "engine/core/units.hpp"
#include "engine/policy/load.hpp"

namespace wanwise::runtime {

/// Stands first: with these texts the engine was built.
struct JournalHeader {
  std::string wanwise_version;
  core::SiteName site;   ///< which of the documents' sites this journal is about
  core::Instant origin;  ///< the engine's time at which the journal begins
  std::vector<policy::SourceText> documents;
};

struct StepRecord {
  core::Step step;
  std::uint64_t digest = 0;  ///< of the engine after the step
};

/// For people; replay ignores it.
struct JournalNote {
  core::Instant at;
  std::optional<std::uint64_t> rss_kib;
  std::optional<std::string> wall_clock;  ///< RFC 3339
  std::optional<std::string> text;        ///< kebab-case code first
  bool operator==(const JournalNote&) const = default;
};

/// Stands last where the process ended in order.
struct JournalTrailer {
  std::uint64_t events = 0;
  std::uint64_t steps = 0;
  std::uint64_t digest = 0;
  bool operator==(const JournalTrailer&) const = default;
};

using JournalRecord =
    std::variant<JournalHeader, core::Event, StepRecord, JournalNote, JournalTrailer>;

}  // namespace wanwise::runtime
