// Why a workload runs where it runs: every option that was considered, each rule with what was
// wanted and what was found. A broken or missing input is `unknown`, never "no".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/forecast.hpp"
#include "engine/core/model.hpp"
#include "engine/core/place.hpp"

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
  std::vector<Finding> findings;
  std::optional<Split> split{};          ///< absent: `target` serves all
  std::optional<LinkName> split_link{};  ///< to the split's target; absent: on the site's LAN
  bool operator==(const OptionReport&) const = default;
};

struct Explanation {
  WorkloadName workload;
  Instant decided_at;
  std::string summary;       ///< one line: where, and the reason that decided
  std::string would_change;  ///< which event would change the answer
  std::vector<OptionReport> options;
  bool operator==(const Explanation&) const = default;
};

}  // namespace wanwise::core
