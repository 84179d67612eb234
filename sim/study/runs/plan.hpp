// The runs of a study in their fixed order, and which of them a shard takes. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/core/expected.hpp"
#include "sim/study/study.hpp"

namespace wanwise::sim {

/// Positions in cells(), policies and seeds of the study.
struct RunKey {
  std::size_t cell = 0, policy = 0, seed = 0;
  auto operator<=>(const RunKey&) const = default;
};

/// One of `of` parts of a study, from 1.
struct Shard {
  std::size_t index = 1, of = 1;
  bool operator==(const Shard&) const = default;
};

inline constexpr std::size_t kMaxShards = 10'000;

/// Cells x policies x seeds, the last fastest. So a shard has every policy and every cell whenever
/// it has fewer parts than there are seeds, and each part lasts about as long as the others.
[[nodiscard]] std::vector<RunKey> plan_runs(const Study& study);
/// Those whose position modulo `of` is `index` - 1.
[[nodiscard]] std::vector<RunKey> plan_runs(const Study& study, Shard shard);
/// For the warm-up by MSER-5: the first seed, every cell and policy.
[[nodiscard]] std::vector<RunKey> plan_pilots(const Study& study);

/// "c2-p1-s30": positions of cell and policy, and the seed itself.
[[nodiscard]] std::string run_id(const Study& study, const RunKey& key);
/// "load=1.5 uplink=10Mbps, wanwise, seed 30"
[[nodiscard]] std::string run_text(const Study& study, const RunKey& key);

/// "2/4"
[[nodiscard]] core::Expected<Shard> parse_shard(const std::string& text);

/// Warm-up from what pilots proposed: the largest, rounded up to 1 % of the horizon in whole
/// seconds, at most half of it.
[[nodiscard]] core::Micros warm_up_from(const std::vector<core::Micros>& proposed,
                                        core::Micros horizon);

/// The records belong to a run of the study each and none twice; sorted by the plan's order.
void sort_records(const Study& study, std::vector<RunRecord>& records);
/// What makes results worthless, one a line; empty: all good. Each run: requests conserved,
/// Little's law within 0.1 %. Each (cell, seed): the same arrivals for all policies.
[[nodiscard]] std::vector<std::string> violations(const Study& study,
                                                  const std::vector<RunRecord>& records);

}  // namespace wanwise::sim
