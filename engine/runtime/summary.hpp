// What a run was worth, from its journal alone: the object of `sim/demo.sh --json` and the table
// under it. Pure but for the reader; any one thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/action.hpp"
#include "engine/core/expected.hpp"
#include "engine/runtime/journal_reader.hpp"

namespace wanwise::runtime {

struct Move {
  std::int64_t at_ms = 0;  ///< of the cluster's "done", since the journal began
  core::WorkloadName workload;
  std::optional<core::TargetName> from;  ///< absent: ran nowhere
  std::optional<core::TargetName> to;    ///< absent: suspended
  std::int32_t rung = 0;
  std::string why;
  std::optional<core::Split> split{};  ///< absent: `to` serves all
};

struct Summary {
  std::int64_t micros = 0;    ///< from the journal's origin to its last event
  std::uint64_t samples = 0;  ///< telemetry: what routers, targets and workloads measured
  std::uint64_t decisions = 0;
  std::vector<Move> moves;
  std::uint64_t router_commits = 0;
  std::uint64_t router_refusals = 0;  ///< refused or failed
  core::LinkName shaper_link;  ///< whose shaper `shaper_bps` is: the one that was changed most
  std::vector<std::pair<std::int64_t, std::int64_t>> shaper_bps;  ///< ms since the origin, rate
  std::map<core::WorkloadName, std::int64_t> objective_met_ppm;   ///< of workloads with requests
  std::optional<std::int64_t> reaction_p50_us;  ///< sample in, router's commit acknowledged
  std::optional<std::int64_t> reaction_p99_us;
  std::uint64_t rss_kib = 0;  ///< the largest noted; 0: not noted
  std::vector<std::string>
      notes;  ///< what was worked around, or why recording ended; the first ones
};

[[nodiscard]] core::Expected<Summary> summarise(JournalReader& journal);
[[nodiscard]] core::Expected<Summary> summarise_file(const std::string& path);

/// One JSON object; its keys are a contract with those who run the demo in scripts.
[[nodiscard]] std::string to_json(const Summary& summary, bool replay_digest_equal);
[[nodiscard]] std::string to_text(const Summary& summary, bool replay_digest_equal);

}  // namespace wanwise::runtime
