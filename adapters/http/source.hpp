// What the northbound server asks the daemon. Implemented by the composition root; called on the
// thread that runs the server's io_context only, so an implementation on the runtime's thread needs
// no lock. Must outlive the server, or its stop().
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/action.hpp"
#include "engine/core/counters.hpp"
#include "engine/core/explain.hpp"
#include "engine/core/names.hpp"
#include "engine/core/prediction.hpp"
#include "engine/core/status.hpp"

namespace wanwise::http {

/// One placement wanwise asked for, and what became of it.
struct Move {
  core::Instant at;
  core::WorkloadName workload;
  std::optional<core::TargetName> from;
  std::optional<core::TargetName> to;  ///< absent: suspended
  std::int32_t rung = 0;
  std::optional<core::Outcome> outcome;  ///< absent: under way
  std::string why;
  std::optional<core::Split> split{};  ///< absent: `to` serves all
  bool operator==(const Move&) const = default;
};

/// A counter of some other part (the queue's overflows, a session's reconnects) for /metrics.
struct NamedCounter {
  std::string name;  ///< "wanwise_queue_overflows_total": [a-z_]+, unique
  std::string help;
  std::uint64_t value = 0;
};

class Source {
 public:
  virtual ~Source() = default;
  [[nodiscard]] virtual core::Status status() const = 0;
  /// Nothing when there is no such workload, or no decision about it yet.
  [[nodiscard]] virtual std::optional<core::Explanation> explain(
      const core::WorkloadName& workload) const = 0;
  [[nodiscard]] virtual core::Counters counters() const = 0;
  /// The last moves, oldest first; bounded by the implementation.
  [[nodiscard]] virtual std::vector<Move> history() const = 0;
  /// What a workload's places were chosen for and what became of it, oldest first; nothing when
  /// there is no such workload.
  [[nodiscard]] virtual std::optional<std::vector<core::PredictionRecord>> predictions(
      const core::WorkloadName& workload) const = 0;
  /// Takes a target out of use, or gives it back; false when there is no such target.
  [[nodiscard]] virtual bool drain(const core::TargetName& target, bool drain) = 0;
  /// The carrier's word on what a link's data plan has used, and how long its period still lasts;
  /// false when there is no such link or it has no data plan.
  [[nodiscard]] virtual bool usage(const core::LinkName& link, core::Bytes used,
                                   core::Micros left) = 0;
  [[nodiscard]] virtual std::vector<NamedCounter> more_counters() const { return {}; }
};

}  // namespace wanwise::http
