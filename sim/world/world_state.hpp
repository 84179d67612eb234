// The inside of World: its parts and how requests travel between them. Included by the world_*.cpp
// files only. One owner; not thread-safe.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/world/compute/accelerator.hpp"
#include "sim/world/compute/autoscaler.hpp"
#include "sim/world/compute/energy_meter.hpp"
#include "sim/world/compute/heat_state.hpp"
#include "sim/world/compute/service_time.hpp"
#include "sim/world/kernel/census.hpp"
#include "sim/world/kernel/event_queue.hpp"
#include "sim/world/kernel/random.hpp"
#include "sim/world/network/site_network.hpp"
#include "sim/world/network/wan_link.hpp"
#include "sim/world/traffic/meter.hpp"
#include "sim/world/traffic/request_table.hpp"
#include "sim/world/traffic/source.hpp"
#include "sim/world/world.hpp"

namespace wanwise::sim {

struct World::State final : StationOwner, ArrivalSink, WanLinkOwner, SiteNetworkOwner, PacketSink {
  explicit State(WorldConfig config);

  // ---- parts

  /// A second target, and the part of the requests that it serves.
  struct Spill {
    std::uint32_t target = 0;
    core::Ppm share;
    bool operator==(const Spill&) const = default;
  };
  struct Instance {
    std::uint32_t target = 0;
    std::uint32_t rung = 0;
    std::optional<Spill> spill{};
    [[nodiscard]] bool on(std::uint32_t which) const {
      return which == target || (spill && which == spill->target);
    }
    [[nodiscard]] std::uint32_t other_than(std::uint32_t which) const {
      return spill && which == target ? spill->target : target;
    }
    bool operator==(const Instance&) const = default;
  };
  struct WorkloadState {
    std::vector<std::size_t> sources;  ///< of m_sources
    core::MilliHz offered;             ///< declared rate times demand
    Meter meter;
    Meter spilled;  ///< of the requests to a split's second target; `meter` has the others
    Stream service;
    std::optional<Instance> serving;
    std::optional<Instance> starting;        ///< becomes `serving` when it is ready
    std::optional<std::uint32_t> returning;  ///< of a split's targets: was dead, starts again
    core::Ppm spill_credit;                  ///< owed to the second target; below the whole
    std::uint64_t start = 0;                 ///< counts starts: an earlier one's event is stale
    std::vector<bool> cold;                  ///< by target: the next inference is the first
    Nanos patience = 0;
    std::deque<std::pair<Nanos, std::uint64_t>> deadlines;  ///< in order; at most the live requests
    bool deadline_armed = false;
  };
  struct SourceState {
    std::uint32_t workload = 0;
    std::uint32_t source = 0;              ///< of the model
    std::vector<core::Dscp> marks;         ///< by cloud: what the LAN side makes of its packets
    std::vector<std::uint32_t> wan_links;  ///< of its router, best metric first
    std::size_t router = 0;
    std::int64_t credit = 0;   ///< of the rung's rate, in mHz
    std::uint64_t serial = 0;  ///< of the next request, sent or not
    std::unique_ptr<ArrivalSource> process;
  };
  /// What a target's servers had done at a moment.
  struct WorkMark {
    Nanos at = 0, busy = 0, capacity = 0;
  };
  struct TargetState {
    core::TargetName name;
    bool cloud = false;
    std::size_t at = 0;  ///< index in site.nodes or site.clouds
    const core::DeviceProfile* profile = nullptr;
    core::PowerModeName mode_name;
    core::Ppm slowdown = core::kWhole;
    core::Ppm throttle = core::kWhole;  ///< set from outside
    std::unique_ptr<Accelerator> station;
    std::vector<std::vector<std::optional<ServiceLaw>>> laws;  ///< by workload and rung
    std::vector<std::vector<std::size_t>> models;  ///< by workload and rung: of the profile's
    std::array<WorkMark, 2> busy_marks{};          ///< older first
    std::optional<HeatState> heat;
    WorkMark heat_mark;  ///< at its last step
    std::optional<EnergyMeter> energy;
    std::optional<Autoscaler> autoscaler;  ///< counts accelerators, each of profile->servers
    core::Micros sync_period, server_start;
    WorkMark sync_mark;  ///< at its last sync
    /// What heat does to service: by itself, or as set from outside, whichever is more.
    [[nodiscard]] core::Ppm throttling() const {
      return std::max(throttle, heat ? heat->slowdown() : core::kWhole);
    }
  };
  struct LanCounters {
    std::uint64_t rx_bytes = 0, rx_packets = 0, tx_bytes = 0, tx_packets = 0;
  };
  /// Hands an event to one of State's own functions.
  class Call final : public EventHandler {
   public:
    using Function = void (State::*)(Nanos, std::uint64_t);
    Call(State& state, Function function) : m_state(state), m_function(function) {}
    void on_event(Nanos now, std::uint64_t argument) override {
      (m_state.*m_function)(now, argument);
    }

   private:
    State& m_state;
    Function m_function;
  };

  // ---- building (world_build.cpp)

  void build_targets();
  void build_compute(std::uint32_t target, const TargetTuning& tuning);
  void build_workloads();
  void build_source(std::uint32_t workload, const core::SourceName& name);

  // ---- requests (world_requests.cpp)

  void arrival(Nanos now, std::size_t source, const Arrival& arrival) override;
  bool within_rung(SourceState& source, const WorkloadState& workload);
  void send(Nanos now, SourceState& source, Request request);
  /// Which of its targets the workload's next request goes to.
  [[nodiscard]] static std::uint32_t route(WorkloadState& workload);
  [[nodiscard]] Meter& meter_of(const Request& request);
  void watch_deadline(Nanos now, std::uint32_t workload, Nanos deadline, std::uint64_t id);
  void expire(Nanos now, std::uint64_t workload);
  void send_to_cloud(Nanos now, const SourceState& source, std::uint64_t id, Request& request);
  /// Decides the request's way; false: there is none.
  [[nodiscard]] bool route(Nanos now, const SourceState& source, Request& request);
  void put_on_lan(Nanos now, std::uint64_t id);
  /// A packet of the request leaves its source; a response leaves its WAN link.
  void leave_source(Nanos now, const Request& request, const Packet& packet);
  void reach_source(Nanos now, const Packet& packet);
  void crossed(Nanos now, std::uint32_t line, const Packet& packet) override;
  void lost_on_trunk(Nanos now, const Packet& packet) override;
  /// One way between a source and a node.
  [[nodiscard]] Nanos lan_delay(const SourceState& source, std::size_t node) const;
  /// The next packet of what is left to send, or (Detail::requests) all of it as one train.
  [[nodiscard]] Packet next_packet(std::uint64_t id, const Request& request, std::int64_t whole,
                                   std::int64_t& left) const;
  void reach_node(Nanos now, std::uint64_t id);
  void reach_cloud(Nanos now, std::uint64_t id);
  void respond(Nanos now, std::uint64_t id);
  void finish(Nanos now, std::uint64_t id);
  void lose(Nanos now, std::uint64_t id);
  /// Of a request that was sent.
  void tell_end(Nanos now, const Request& request, RequestFate fate);
  [[nodiscard]] std::uint32_t header(std::uint32_t workload) const;

  Nanos service_time(Nanos now, std::size_t station, JobId job) override;
  void served(Nanos now, std::size_t station, JobId job) override;
  void lost(Nanos now, std::size_t station, JobId job) override;
  std::size_t model_of(std::size_t station, JobId job) override;
  void arrived_far(Nanos now, std::size_t link, const Packet& packet) override;
  void arrived_near(Nanos now, std::size_t link, const Packet& packet) override;
  void lost_on_link(Nanos now, std::size_t link, const Packet& packet) override;
  /// A packet that was lost is sent again.
  void accept(Nanos now, const Packet& packet) override;

  // ---- placement (world_place.cpp)

  void place(Nanos now, std::uint32_t workload, std::optional<Instance> wanted);
  void start(Nanos now, std::uint32_t workload, Instance instance,
             std::optional<std::uint32_t> anew = {});
  void started(Nanos now, std::uint64_t argument);
  /// A target of what it runs on is back.
  void restart(Nanos now, std::uint32_t workload, std::uint32_t target);
  /// What `wanted` needs on the target serves there already.
  [[nodiscard]] bool serves(std::uint32_t workload, std::uint32_t target,
                            const Instance& wanted) const;
  [[nodiscard]] Nanos start_time(std::uint32_t target) const;
  [[nodiscard]] bool all_alive(const Instance& instance) const;
  void set_alive(Nanos now, std::uint32_t target, bool alive);
  [[nodiscard]] core::PlacementObserved placement(Nanos now, std::uint32_t workload) const;
  [[nodiscard]] core::WorkloadSample take(Nanos now, std::uint32_t workload, Meter& meter,
                                          std::optional<core::TargetName> target);
  [[nodiscard]] core::TargetSample sample(Nanos now, std::uint32_t target) const;
  void mark_busy(Nanos now, std::uint64_t);

  // ---- heat, energy, autoscaling (world_compute.cpp)

  [[nodiscard]] static WorkMark work(Nanos now, const TargetState& target);
  /// Busy share since the mark.
  [[nodiscard]] static core::Ppm load_since(Nanos now, const TargetState& target,
                                            const WorkMark& mark);
  /// To be called before slowdown, throttle or liveness of the target change.
  void account_energy(Nanos now, TargetState& target);
  [[nodiscard]] std::int64_t energy_mj(Nanos now, std::uint32_t target) const;
  void heat_step(Nanos now, std::uint64_t target);
  void sync_servers(Nanos now, std::uint64_t target);
  void server_started(Nanos now, std::uint64_t argument);

  // ---- marking

  void remark(const std::vector<MarkRule>& marks);
  [[nodiscard]] core::FlowMatch flow_of(const SourceState& source, std::size_t cloud) const;

  [[nodiscard]] std::uint32_t workload_index(const core::WorkloadName& name) const;
  [[nodiscard]] std::uint32_t target_index(const core::TargetName& name) const;
  [[nodiscard]] std::size_t link_index(const core::LinkName& name) const;

  core::Model model;
  WorldTuning tuning;
  std::uint64_t seed;
  EventQueue events;
  Call put_on_lan_call, reach_node_call, reach_cloud_call, respond_call, finish_call, started_call,
      expire_call, mark_busy_call, heat_step_call, sync_servers_call, server_started_call;
  SiteNetwork network;
  std::vector<SiteRoute> routes;  ///< distinct ones over trunks so far; at most kMaxRoutes
  std::vector<std::unique_ptr<Pipe>> resends;  ///< by the times the packet was lost before
  std::vector<std::unique_ptr<WanLink>> links;
  std::vector<TargetState> targets;  ///< nodes, then clouds
  std::vector<WorkloadState> workloads;
  std::vector<SourceState> sources;
  std::map<std::string, LanCounters> lans;  ///< by router
  RequestTable requests;
  Census census;
  Checksum arrivals;
  Checksum outcomes;
  RequestObserver* observer = nullptr;
};

}  // namespace wanwise::sim
