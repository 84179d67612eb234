// A site in motion: sources send requests, the router marks, queues and shapes their packets into a
// modem whose rate follows a trace, accelerators serve them. Discrete events on a virtual clock,
// packet by packet; deterministic for a seed. Whoever owns it decides how virtual time passes (the
// emulator: with the steady clock; a study: at once). One owner; not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/event.hpp"
#include "engine/core/model.hpp"
#include "sim/world/air/trace.hpp"
#include "sim/world/compute/target_tuning.hpp"
#include "sim/world/network/link_tuning.hpp"
#include "sim/world/network/qos_config.hpp"
#include "sim/world/traffic/arrival_law.hpp"
#include "sim/world/traffic/request_observer.hpp"

namespace wanwise::sim {

/// What one WAN link is made of beyond the model's numbers.
struct LinkTraces {
  core::LinkName link;
  RateTrace uplink;
  RateTrace downlink;
  std::optional<RadioTrace> radio;  ///< absent on wired links
};

/// How finely the WAN is played.
enum class Detail : std::uint8_t {
  packets,   ///< every packet through every queue
  requests,  ///< whole requests through fluid queues: for long studies
};

/// What neither model nor traces say. The derivation of each default stands in
/// sim/world/README.md.
struct WorldTuning {
  core::Micros node_start = core::milliseconds(800);   ///< place() until ready, on a node
  core::Micros cloud_start = core::milliseconds(300);  ///< the same in a cloud: warm standby
  core::Micros modem_depth = core::seconds(1);  ///< modem's FIFO, at the link's expected uplink
  std::optional<core::Micros> modem_discard = core::milliseconds(1500);  ///< PDCP discardTimer
  core::Micros retransmit_after = core::milliseconds(200);  ///< a lost packet, TCP; then doubles
  core::Ppm packet_loss{0};        ///< beyond queues, on each link and direction
  core::Ppm size_spread{100'000};  ///< requests are uniform in the declared size ± this
  std::uint32_t tx_ring = 4;       ///< packets
  core::Micros probe_period = core::seconds(1);
  core::Micros probe_timeout = core::seconds(1);
  Detail detail = Detail::packets;
  std::vector<SourceLaw> sources;     ///< those with a law of their own
  std::vector<TargetTuning> targets;  ///< those that differ from a plain FIFO
  std::vector<LinkTuning> link_tunings;
};

struct WorldConfig {
  core::Model model;
  std::vector<LinkTraces> links;  ///< one for each of the model's
  std::uint64_t seed = 1;
  WorldTuning tuning;
};

/// What became of a workload's requests since the beginning:
/// generated = skipped + completed + lost + in_flight, at any moment.
struct WorkloadTotals {
  std::int64_t generated = 0;  ///< by its sources, whatever was decided
  std::int64_t skipped = 0;    ///< not sent: suspended, or the rung's rate
  std::int64_t completed = 0;
  std::int64_t lost = 0;  ///< refused, timed out, or died with a target
  std::int64_t late = 0;  ///< of the completed: after the objective's latency
  std::int64_t in_flight = 0;
};

/// Requests times time, exactly.
struct RequestTime {
  std::int64_t seconds = 0;
  std::int64_t nanos = 0;  ///< 0 to 999'999'999
  [[nodiscard]] double as_seconds() const {
    return static_cast<double>(seconds) + static_cast<double>(nanos) * 1e-9;
  }
  bool operator==(const RequestTime&) const = default;
};

/// Counters of an interface, as `show interfaces` has them.
struct InterfaceReading {
  std::string interface;
  bool up = false;
  std::uint64_t tx_bytes = 0, rx_bytes = 0, tx_packets = 0, rx_packets = 0, tx_drops = 0;
};

struct QueueReading {
  std::string name;
  std::uint64_t tx_packets = 0, tx_bytes = 0, drop_packets = 0, drop_bytes = 0;
  std::uint64_t queue_packets = 0, queue_bytes = 0;
};

/// The IP SLA entry that measures a link: last finished operation and its counts.
struct ProbeReading {
  std::uint32_t entry = 0;
  std::optional<core::Micros> rtt;  ///< absent: the last operation timed out
  std::uint64_t successes = 0, failures = 0;
  core::Instant started_at;  ///< of the last finished operation
};

/// An IP SLA operation that was configured (OperationConfig): its last finished run and its counts.
struct OperationReading {
  std::uint32_t entry = 0;
  std::optional<core::Micros> min, avg, max;  ///< round trips; absent: no packet came back
  std::optional<core::Micros> jitter;         ///< mean difference of successive round trips
  std::uint32_t packets = 1, lost = 0;        ///< of one run
  std::uint64_t successes = 0, failures = 0;  ///< runs
  core::Instant started_at;                   ///< of the last finished run
};

class World {
 public:
  explicit World(WorldConfig config);
  ~World();

  void advance_to(core::Instant now);
  [[nodiscard]] core::Instant now() const;

  // What wanwise can change.
  void configure(QosConfig config);
  /// The names exist, the rung is of the workload's ladder, and the target's profile knows the
  /// rung's model. To be asked before place() where the wish comes from outside.
  [[nodiscard]] bool can_place(const core::WorkloadName& workload, const core::TargetName& target,
                               std::int32_t rung) const;
  /// Starts the workload at its new place (cold) and sends requests there once it is ready; absent:
  /// suspended. `split`: another target serves that share of the requests, by turns; the new shares
  /// hold once both are ready. Needs can_place() of each target.
  void place(const core::WorkloadName& workload, std::optional<core::TargetName> target,
             std::int32_t rung, const std::optional<core::Split>& split = {});

  // What happens to a site.
  void set_demand(const core::WorkloadName& workload, core::Ppm of_declared);
  void set_uplink_factor(const core::LinkName& link, core::Ppm of_trace);
  /// Administratively up or down; down: no route leads there, and what is inside is lost.
  void set_link(const core::LinkName& link, bool up);
  void set_power_mode(const core::TargetName& target, const core::PowerModeName& mode);
  void set_alive(const core::TargetName& target, bool alive);
  void set_throttle(const core::TargetName& target, core::Ppm slowdown);  ///< heat

  // What can be read.
  [[nodiscard]] InterfaceReading interface(const std::string& name) const;
  [[nodiscard]] std::vector<QueueReading> queues(const std::string& interface) const;
  [[nodiscard]] std::optional<RadioReading> radio(const core::LinkName& link) const;
  [[nodiscard]] std::optional<ProbeReading> probe(std::uint32_t entry) const;
  /// Of all links, in no particular order.
  [[nodiscard]] std::vector<OperationReading> operations() const;
  [[nodiscard]] core::TargetSample target(const core::TargetName& name) const;
  [[nodiscard]] core::PlacementObserved placement(const core::WorkloadName& workload) const;
  /// What the workload lived through since the last call, as a whole.
  [[nodiscard]] core::WorkloadSample take_sample(const core::WorkloadName& workload);
  /// The same, told by target: two samples while it is split, one else. Requests that were sent
  /// before a move count to where it is now.
  [[nodiscard]] std::vector<core::WorkloadSample> take_samples(const core::WorkloadName& workload);
  [[nodiscard]] WorkloadTotals totals(const core::WorkloadName& workload) const;

  /// Millijoules since the beginning; 0 without a Power.
  [[nodiscard]] std::int64_t energy_mj(const core::TargetName& target) const;
  /// Servers that take requests now: autoscaling changes it.
  [[nodiscard]] std::int32_t servers(const core::TargetName& target) const;

  // How runs are compared and measured.
  /// Requests of all workloads that were sent and have not ended.
  [[nodiscard]] std::int64_t in_flight() const;
  /// The integral of in_flight() over time, since the beginning. By Little's law it is the sum of
  /// the sojourns of all requests that ended (RequestEnd::ended - created) and of age_in_flight().
  [[nodiscard]] RequestTime request_time() const;
  /// Sum over the requests in flight of the time since they were created. Looks at each.
  [[nodiscard]] RequestTime age_in_flight() const;
  /// One at most; must outlive the world, or be taken back with nullptr.
  void observe(RequestObserver* observer);
  /// Of every request generated so far: time, source, size, service draw. Equal for all decisions.
  [[nodiscard]] std::uint64_t arrival_hash() const;
  /// Of everything that happened to the requests. Equal for equal inputs only.
  [[nodiscard]] std::uint64_t checksum() const;
  [[nodiscard]] std::uint64_t events() const;  ///< processed

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace wanwise::sim
