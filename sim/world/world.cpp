#include "sim/world/world.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/check.hpp"
#include "sim/world/network/flow_match.hpp"
#include "sim/world/world_state.hpp"

namespace wanwise::sim {
World::World(WorldConfig config) : m_state(std::make_unique<State>(std::move(config))) {}
World::~World() = default;

void World::advance_to(core::Instant now) {
  m_state->events.run_until(to_nanos(now));
}

core::Instant World::now() const {
  return to_instant(m_state->events.now());
}

void World::configure(QosConfig config) {
  m_state->remark(config.marks);
  m_state->network.steer(std::move(config.steering));
  for (const auto& link : m_state->links) {
    link->run(config.operations);
    const auto at =
        std::find_if(config.interfaces.begin(), config.interfaces.end(),
                     [&](const auto& i) { return i.interface == link->link().interface; });
    link->configure(m_state->events.now(),
                    at == config.interfaces.end() ? std::nullopt : std::move(at->output));
  }
}

void World::State::remark(const std::vector<MarkRule>& marks) {
  for (auto& source : sources) {
    for (std::size_t cloud = 0; cloud < source.marks.size(); ++cloud) {
      const core::FlowMatch flow = flow_of(source, cloud);
      const auto matches = [&](const MarkRule& rule) { return covers(rule.flow, flow); };
      const auto rule = std::find_if(marks.begin(), marks.end(), matches);
      source.marks[cloud] = rule == marks.end() ? core::Dscp{0} : rule->dscp;
    }
  }
}

core::FlowMatch World::State::flow_of(const SourceState& source, std::size_t cloud) const {
  const auto& workload = model.policy.workloads[source.workload];
  return {workload.transport, model.site.sources[source.source].prefix,
          model.site.clouds[cloud].address, workload.port};
}

bool World::can_place(const core::WorkloadName& workload, const core::TargetName& target,
                      std::int32_t rung) const {
  const auto named = [](const auto& items, const auto& name) {
    return std::find_if(items.begin(), items.end(),
                        [&](const auto& item) { return item.name == name; });
  };
  const auto& workloads = m_state->model.policy.workloads;
  const auto w = named(workloads, workload);
  const auto t = named(m_state->targets, target);
  if (w == workloads.end() || t == m_state->targets.end() || rung < 0) return false;
  const auto& laws = t->laws[static_cast<std::size_t>(w - workloads.begin())];
  return static_cast<std::size_t>(rung) < laws.size() &&
         laws[static_cast<std::size_t>(rung)].has_value();
}

void World::place(const core::WorkloadName& workload, std::optional<core::TargetName> target,
                  std::int32_t rung, const std::optional<core::Split>& split) {
  std::optional<State::Instance> wanted;
  if (target) {
    WANWISE_CHECK(rung >= 0);
    wanted = {m_state->target_index(*target), static_cast<std::uint32_t>(rung)};
  }
  if (split) {
    WANWISE_CHECK(target && *target != split->target && split->share > core::Ppm{0} &&
                  split->share < core::kWhole);
    wanted->spill = State::Spill{m_state->target_index(split->target), split->share};
  }
  m_state->place(m_state->events.now(), m_state->workload_index(workload), wanted);
}

void World::set_demand(const core::WorkloadName& workload, core::Ppm of_declared) {
  WANWISE_CHECK(of_declared.count >= 0);
  const std::uint32_t at = m_state->workload_index(workload);
  auto& state = m_state->workloads[at];
  const core::MilliHz declared = m_state->model.policy.workloads[at].rate;
  state.offered = declared * of_declared.count / core::kWhole.count;
  for (const std::size_t source : state.sources)
    m_state->sources[source].process->set_demand(m_state->events.now(), of_declared);
}

void World::set_uplink_factor(const core::LinkName& link, core::Ppm of_trace) {
  WANWISE_CHECK(of_trace.count >= 0);
  m_state->links[m_state->link_index(link)]->set_uplink_factor(m_state->events.now(), of_trace);
}

void World::set_link(const core::LinkName& link, bool up) {
  m_state->links[m_state->link_index(link)]->set_up(m_state->events.now(), up);
}

void World::set_power_mode(const core::TargetName& target, const core::PowerModeName& mode) {
  auto& state = m_state->targets[m_state->target_index(target)];
  const auto& modes = state.profile->power_modes;
  const auto at =
      std::find_if(modes.begin(), modes.end(), [&](const auto& m) { return m.name == mode; });
  WANWISE_CHECK(at != modes.end());
  m_state->account_energy(m_state->events.now(), state);
  state.mode_name = mode;
  state.slowdown = at->slowdown;
}

void World::set_alive(const core::TargetName& target, bool alive) {
  m_state->set_alive(m_state->events.now(), m_state->target_index(target), alive);
}

void World::set_throttle(const core::TargetName& target, core::Ppm slowdown) {
  WANWISE_CHECK(slowdown.count > 0);
  auto& state = m_state->targets[m_state->target_index(target)];
  m_state->account_energy(m_state->events.now(), state);
  state.throttle = slowdown;
}

InterfaceReading World::interface(const std::string& name) const {
  for (const auto& link : m_state->links)
    if (link->link().interface == name) return link->reading(m_state->events.now());
  for (const auto& router : m_state->model.site.routers) {
    if (router.lan_interface != name) continue;
    const auto& lan = m_state->lans.at(router.name.text);
    return {name, true, lan.tx_bytes, lan.rx_bytes, lan.tx_packets, lan.rx_packets, 0};
  }
  return {name};
}

std::vector<QueueReading> World::queues(const std::string& interface) const {
  for (const auto& link : m_state->links)
    if (link->link().interface == interface) return link->queues(m_state->events.now());
  return {};
}

std::optional<RadioReading> World::radio(const core::LinkName& link) const {
  return m_state->links[m_state->link_index(link)]->radio(m_state->events.now());
}

std::optional<ProbeReading> World::probe(std::uint32_t entry) const {
  for (const auto& link : m_state->links)
    if (link->probe() && link->probe()->reading().entry == entry) return link->probe()->reading();
  return std::nullopt;
}

std::vector<OperationReading> World::operations() const {
  std::vector<OperationReading> out;
  for (const auto& link : m_state->links) {
    for (const auto& operation : link->operations()) out.push_back(operation->reading());
  }
  return out;
}

core::TargetSample World::target(const core::TargetName& name) const {
  return m_state->sample(m_state->events.now(), m_state->target_index(name));
}

core::PlacementObserved World::placement(const core::WorkloadName& workload) const {
  return m_state->placement(m_state->events.now(), m_state->workload_index(workload));
}

core::WorkloadSample World::State::take(Nanos now, std::uint32_t workload, Meter& meter,
                                        std::optional<core::TargetName> target) {
  const Meter::Window window = meter.take(now);
  core::WorkloadSample sample;
  sample.workload = model.policy.workloads[workload].name;
  sample.observed_at = to_instant(now);
  if (target) sample.target = std::move(*target);
  sample.window = window.length;
  sample.arrived = window.arrived;
  sample.completed = window.completed;
  sample.missed = window.missed;
  sample.latency = window.latency;
  sample.mean_latency = window.mean;
  return sample;
}

core::WorkloadSample World::take_sample(const core::WorkloadName& workload) {
  const Nanos now = m_state->events.now();
  const std::uint32_t at = m_state->workload_index(workload);
  auto& state = m_state->workloads[at];
  state.meter.absorb(state.spilled);
  (void)state.spilled.take(now);
  return m_state->take(now, at, state.meter, m_state->placement(now, at).target);
}

std::vector<core::WorkloadSample> World::take_samples(const core::WorkloadName& workload) {
  const Nanos now = m_state->events.now();
  const std::uint32_t at = m_state->workload_index(workload);
  auto& state = m_state->workloads[at];
  const core::PlacementObserved placed = m_state->placement(now, at);
  if (!placed.split) return {take_sample(workload)};
  return {m_state->take(now, at, state.meter, placed.target),
          m_state->take(now, at, state.spilled, placed.split->target)};
}

WorkloadTotals World::totals(const core::WorkloadName& workload) const {
  const auto& state = m_state->workloads[m_state->workload_index(workload)];
  WorkloadTotals sum = state.meter.totals();
  const WorkloadTotals& spilled = state.spilled.totals();
  sum.completed += spilled.completed;
  sum.lost += spilled.lost;
  sum.late += spilled.late;
  sum.in_flight += spilled.in_flight;
  return sum;
}

std::int64_t World::energy_mj(const core::TargetName& target) const {
  return m_state->energy_mj(m_state->events.now(), m_state->target_index(target));
}

std::int32_t World::servers(const core::TargetName& target) const {
  return m_state->targets[m_state->target_index(target)].station->servers();
}

std::int64_t World::in_flight() const {
  return m_state->census.count();
}

RequestTime World::request_time() const {
  return m_state->census.total(m_state->events.now());
}

RequestTime World::age_in_flight() const {
  return m_state->requests.ages(m_state->events.now());
}

void World::observe(RequestObserver* observer) {
  m_state->observer = observer;
}

std::uint64_t World::arrival_hash() const {
  return m_state->arrivals.value();
}

std::uint64_t World::checksum() const {
  return m_state->outcomes.value();
}

std::uint64_t World::events() const {
  return m_state->events.processed();
}

}  // namespace wanwise::sim
