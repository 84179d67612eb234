// A site in the best state it can be in: everything alive and idle, each device in its fastest
// power mode, each uplink at its ceiling. What does not hold there holds in no state. Latencies are
// the engine's own prediction (core/decide/latency.hpp) without a queue; loads are sums of declared
// demand. One owner; the Model must outlive it.
//
// Values are bounded by the ranges of the YANG modules: a rate below 1e8 mHz, a service below 1 min
// times 100, a message below 64 MB. Work is then below 6e17 and 256 workloads' shares below 2e17:
// nothing here can overflow.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/decide/latency/latency.hpp"
#include "engine/core/decide/path/topology.hpp"
#include "engine/core/decide/situation.hpp"
#include "engine/core/model.hpp"

namespace wanwise::policy {

/// Why a workload cannot keep its objective at a target, mildest first.
enum class Obstacle : std::uint8_t {
  none,
  declared,      ///< too slow with declared round trips and service; what is measured may be faster
  latency,       ///< too slow even by what is certain: see Prospect::bare
  priority_cap,  ///< sends more than its priority class may
  uplink,        ///< sends more than the link's ceiling
  downlink,      ///< receives more than the link carries
  accelerator,   ///< keeps more than the whole device busy
  unreachable,   ///< no way leads there from all its sources
};

/// What a workload can have at one target on one rung.
struct Prospect {
  Obstacle obstacle = Obstacle::unreachable;
  core::Index target = core::kNone;
  core::Index link = core::kNone;
  core::Micros least;         ///< with declared round trips
  core::Micros fixed;         ///< of that: LAN or round trip
  core::Micros service;       ///< at the objective's quantile
  core::Micros transmission;  ///< of request and response, one after the other
  /// Least, without WAN round trips, which are measured and may be shorter. A profile gives p99 and
  /// mean, so of any other quantile of the service nothing is certain: there it counts as zero.
  core::Micros bare;
  core::Ppm busy;  ///< share of the target's accelerators
  core::Bps up;
  core::Bps down;

  [[nodiscard]] bool holds() const { return obstacle == Obstacle::none; }
  /// In no state of the site.
  [[nodiscard]] bool never() const { return obstacle > Obstacle::declared; }
};

class BestSite {
 public:
  explicit BestSite(const core::Model& model);

  /// By the link that suits best. `rung` must not be a suspended one.
  [[nodiscard]] Prospect prospect(core::Index workload, core::Index rank, core::Index rung);

  /// Share of the target's accelerators that this rung keeps busy.
  [[nodiscard]] core::Ppm busy(core::Index workload, core::Index target, core::Index rung) const;
  [[nodiscard]] bool reachable(core::Index workload, core::Index target);

 private:
  [[nodiscard]] core::Option make_option(core::Index workload, core::Index rank, core::Index rung,
                                         const core::Path& path) const;
  [[nodiscard]] Prospect measure(core::Index workload, const core::Option& option,
                                 const core::Path& bare) const;
  [[nodiscard]] Obstacle overload(core::Index workload, const Prospect& prospect) const;

  const core::Model& m_model;
  core::Situation m_situation;
  core::Load m_idle;
  core::Topology m_declared;
  core::Topology m_bare;  ///< every WAN round trip is zero
};

/// Bits per second of messages of that size, headers included.
[[nodiscard]] core::Bps wire_rate(core::MilliHz rate, core::Bytes message);

/// Priority cap of the workload's class on the link's ceiling.
[[nodiscard]] core::Bps cap_of(const core::Model& model, core::Index workload,
                               const core::Link& link);
/// Of a workload that overloads something at that rate: the rate that just does not.
[[nodiscard]] core::MilliHz most_rate(const core::Model& model, core::Index workload,
                                      const Prospect& prospect, core::MilliHz rate);

/// "tx2: at least 65.64ms (LAN 1ms, service 64.64ms)", or what else stands in the way.
[[nodiscard]] std::string explain(const core::Model& model, core::Index workload,
                                  const Prospect& prospect);

}  // namespace wanwise::policy
