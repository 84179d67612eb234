// Why a workload runs where it runs: every option that was considered, each rule with what was
// wanted and what was found. A broken or missing input is `unknown`, never "no".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/forecast.hpp"
#include "engine/core/latency_parts.hpp"
#include "engine/core/model.hpp"
#include "engine/core/place.hpp"
#include "engine/core/prediction.hpp"

namespace wanwise::core {

enum class Verdict : std::uint8_t {
  chosen,
  possible,  ///< holds every rule, but another option was better
  rejected,  ///< breaks a rule
  unknown,   ///< cannot be judged: an input is missing or stale
  held,      ///< better, but a stability rule says not yet
};

struct Finding {
  std::string rule;    ///< "latency p99", "memory", "residency", "min-dwell", "link up" …
  std::string wanted;  ///< "≤ 100 ms"
  std::string got;     ///< "142 ms"
  bool holds = false;
  bool operator==(const Finding&) const = default;
};

struct OptionReport {
  std::optional<TargetName> target;  ///< absent: suspended
  std::optional<LinkName> link;      ///< absent: on the site's LAN
  std::int32_t rung = 0;
  Verdict verdict = Verdict::possible;
  std::optional<Micros> predicted;  ///< latency at the objective's quantile
  std::optional<Forecast> forecast{};
  std::optional<LatencyParts> parts{};    ///< of `predicted`
  std::optional<Micros> first_request{};  ///< the first one after a move there; absent: it is there
  std::vector<Finding> findings;
  std::optional<Split> split{};          ///< absent: `target` serves all
  std::optional<LinkName> split_link{};  ///< to the split's target; absent: on the site's LAN
  bool operator==(const OptionReport&) const = default;
};

/// One input, and the value of it that would change the answer, everything else staying as it is.
struct WhatIf {
  std::string input;    ///< "uplink of lte", "demand", "tx2"
  std::string bound;    ///< "≥ 9.2 Mbps", "dead"; where nothing changes, how far was looked
  std::string now;      ///< "6.1 Mbps", "alive"
  std::string outcome;  ///< "cloud over lte, 84 ms at p99"; empty: no change up to the bound
  bool operator==(const WhatIf&) const = default;
};

struct Explanation {
  WorkloadName workload;
  Instant decided_at;
  std::string summary;       ///< one line: where, and the reason that decided
  std::string would_change;  ///< which event would change the answer
  std::vector<OptionReport> options;
  std::vector<WhatIf> what_if{};              ///< empty in a Step: worked out for who asks
  std::optional<PredictionRecord> present{};  ///< its stay where it runs now, likewise
  bool operator==(const Explanation&) const = default;
};

}  // namespace wanwise::core
