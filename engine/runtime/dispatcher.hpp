// Hands actions to the ports that carry them out, and sees to it that each gets exactly one answer:
// an adapter that stays silent past the deadline is answered for with `unknown`, and what it says
// later is dropped and counted. Owns nothing but its list of open actions; the loop's thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "engine/core/action.hpp"
#include "engine/ports/cluster.hpp"
#include "engine/ports/router.hpp"

namespace wanwise::runtime {

/// How long after an action's deadline its adapter may still answer. The adapter's own timer fires
/// at the deadline, then the answer crosses one thread and the queue: milliseconds, a tenth of a
/// second on a loaded router's core; and well under the policy's usual fall-back-after of 2 s.
inline constexpr core::Micros kAnswerGrace = core::milliseconds(500);

/// Actions without an answer. The engine keeps one for each router and workload in the air; a site
/// has tens. Beyond this the oldest is given up to make room.
inline constexpr std::size_t kMaxInFlight = 1'024;

struct DispatchCounters {
  std::uint64_t submitted = 0;
  std::uint64_t refused = 0;       ///< no such port
  std::uint64_t overdue = 0;       ///< answered for by the watchdog
  std::uint64_t late_dropped = 0;  ///< second or unasked answers
  bool operator==(const DispatchCounters&) const = default;
};

class Dispatcher {
 public:
  Dispatcher(std::map<core::RouterName, ports::Router*> routers, ports::Cluster* cluster);

  void submit(const core::Action& action);

  /// An answer came. False: nobody waits for it (late, twice, or never asked).
  [[nodiscard]] bool settle(const core::ActionDone& done);

  /// Answers in place of the ports: refusals, and actions overdue at `now`. Each is settled.
  [[nodiscard]] std::vector<core::ActionDone> take_due(core::Instant now);
  /// When take_due() will next have something; nothing while no action is open.
  [[nodiscard]] std::optional<core::Instant> next_due() const;
  /// Gives every open action up, with this reason.
  [[nodiscard]] std::vector<core::ActionDone> abandon(const std::string& reason);

  [[nodiscard]] std::size_t in_flight() const { return m_open.size(); }
  [[nodiscard]] const DispatchCounters& counters() const { return m_counters; }

 private:
  bool hand_over(const core::Action& action);

  const std::map<core::RouterName, ports::Router*> m_routers;
  ports::Cluster* const m_cluster;
  std::map<core::ActionId, core::Instant> m_open;  ///< when the watchdog answers
  std::vector<core::ActionDone> m_ready;  ///< answered already; at most one for each submit()
  DispatchCounters m_counters;
};

}  // namespace wanwise::runtime
