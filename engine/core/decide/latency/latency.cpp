#include "engine/core/decide/latency/latency.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/core/decide/latency/latency_split.hpp"

namespace wanwise::core {
namespace {
std::size_t at(Index index) {
  WANWISE_CHECK(index >= 0);
  return static_cast<std::size_t>(index);
}

/// Same target and same service time: the model that is loaded there now. An Option knows no names.
bool runs_warm(const WorkloadInput& workload, const Option& option) {
  if (workload.current == kNone) {
    return false;
  }
  const Option& now = workload.options[at(workload.current)];
  return now.target == option.target && now.service_mean == option.service_mean &&
         now.service_p99 == option.service_p99;
}

/// Time of `bytes` at `rate`, rounded up.
std::int64_t transmission(Bytes bytes, Bps rate) {
  return static_cast<std::int64_t>(static_cast<double>(wire_bytes(bytes)) * 8e6 /
                                   static_cast<double>(rate.count)) +
         1;
}
}  // namespace

Micros first_request(const Situation& situation, Index workload, Index option) {
  const WorkloadInput& input = situation.workloads[at(workload)];
  const Option& chosen = input.options[at(option)];
  if (chosen.target == kNone) {
    return {};
  }
  const Ppm cold =
      runs_warm(input, chosen) ? kWhole : situation.targets[at(chosen.target)].cold_start;
  const auto service =
      static_cast<double>(chosen.service_mean.count) * static_cast<double>(cold.count) * 1e-6;
  if (service >= static_cast<double>(kNever.count)) {
    return kNever;
  }
  const Micros local = chosen.fixed + Micros{static_cast<std::int64_t>(service)};
  if (chosen.link == kNone) {
    return local;
  }
  const LinkInput& link = situation.links[at(chosen.link)];
  const Bps uplink = std::min(link.uplink, link.shaper);
  if (uplink.count <= 0 || link.downlink.count <= 0) {
    return kNever;
  }
  return local + link.jitter +
         Micros{transmission(input.request, uplink) + transmission(input.response, link.downlink)};
}

Load::Load(const Situation& situation)
    : m_situation(situation),
      m_memory(situation.targets.size()),
      m_stations(situation.targets.size()),
      m_up(situation.links.size() * slots()),
      m_down(situation.links.size()),
      m_quota(situation.links.size()) {}

void Load::add(const WorkloadInput& workload, const Option& option) {
  add_leg(demand_of(m_situation, workload, option));
  if (const auto spill = spill_of(m_situation, workload, option, tail_of(workload.quantile))) {
    add_leg(*spill);
  }
}

void Load::remove(const WorkloadInput& workload, const Option& option) {
  remove_leg(demand_of(m_situation, workload, option));
  if (const auto spill = spill_of(m_situation, workload, option, tail_of(workload.quantile))) {
    remove_leg(*spill);
  }
}

void Load::add_leg(const Demand& demand) {
  if (!demand.serves) {
    return;
  }
  m_memory[at(demand.target)] += demand.memory;
  m_stations[at(demand.target)].add(demand.station);
  if (demand.link != kNone) {
    const std::size_t slot = at(demand.link) * slots() + at(demand.slot);
    m_up[slot].add(demand.up);
    m_down[at(demand.link)].add(demand.down);
    m_quota[at(demand.link)] += quota_rate(demand);
  }
}

void Load::remove_leg(const Demand& demand) {
  if (!demand.serves) {
    return;
  }
  m_memory[at(demand.target)] -= demand.memory;
  m_stations[at(demand.target)].remove(demand.station);
  if (demand.link != kNone) {
    const std::size_t slot = at(demand.link) * slots() + at(demand.slot);
    m_up[slot].remove(demand.up);
    m_down[at(demand.link)].remove(demand.down);
    m_quota[at(demand.link)] -= quota_rate(demand);
  }
}

bool Load::memory_fits(Index target) const {
  return m_memory[at(target)] <= m_situation.targets[at(target)].memory.count;
}

Micros Load::latency(const WorkloadInput& workload, const Option& option) const {
  return latency_at(workload.quantile, workload, option);
}

Forecast Load::forecast(const WorkloadInput& workload, const Option& option) const {
  return {latency_at(Ppm{500'000}, workload, option), latency_at(Ppm{950'000}, workload, option),
          latency_at(Ppm{990'000}, workload, option)};
}

Micros Load::latency_at(Ppm quantile, const WorkloadInput& workload, const Option& option) const {
  const Tail tail = tail_of(quantile);
  const Micros first = leg_latency(tail, demand_of(m_situation, workload, option, tail));
  const auto spill = spill_of(m_situation, workload, option, tail);
  return spill ? std::max(first, leg_latency(tail, *spill)) : first;
}

template <class With>
auto Load::along(const Demand& demand, With with) const {
  const std::size_t target = at(demand.target);
  const Queue station = station_view(m_stations[target], m_situation.targets[target]);
  if (demand.link == kNone) {
    return with(station, nullptr, nullptr, Bps{});
  }
  const LinkInput& link = m_situation.links[at(demand.link)];
  const std::span<const Flow> flows(m_up.data() + at(demand.link) * slots(), slots());
  const UplinkView up = uplink_view(link, m_situation.classes, flows, demand.slot);
  const Queue down = downlink_view(m_down[at(demand.link)], link.downlink);
  return with(station, &up, &down, link.downlink);
}

Micros Load::leg_latency(const Tail& tail, const Demand& demand) const {
  if (!demand.serves) {
    return {};
  }
  return along(demand,
               [&](const Queue& station, const UplinkView* up, const Queue* down, Bps downlink) {
                 return combine(demand, tail, station, up, down, downlink);
               });
}

LatencyParts Load::leg_parts(const Tail& tail, const Demand& demand, Micros service) const {
  if (!demand.serves) {
    return {};
  }
  return along(demand,
               [&](const Queue& station, const UplinkView* up, const Queue* down, Bps downlink) {
                 return split_up(demand, service, tail, station, up, down, downlink);
               });
}

LatencyParts Load::parts(const WorkloadInput& workload, const Option& option) const {
  const Tail tail = tail_of(workload.quantile);
  const Demand first = demand_of(m_situation, workload, option, tail);
  const auto spill = spill_of(m_situation, workload, option, tail);
  if (spill && leg_latency(tail, *spill) > leg_latency(tail, first)) {
    return leg_parts(tail, *spill, option.spill.service_mean);
  }
  return leg_parts(tail, first, option.service_mean);
}

std::optional<double> Load::poisson_wait(Index target) const {
  TargetInput uncalibrated = m_situation.targets[at(target)];
  uncalibrated.wait_factor = kWhole;
  const Queue queue = station_view(m_stations[at(target)], uncalibrated);
  if (queue.overloaded) return std::nullopt;
  return queue.wait.mean;
}

Bps Load::uplink_load(Index link, Index service_class) const {
  const std::size_t slot = service_class == kNone ? slots() - 1 : at(service_class);
  return Bps{m_up[at(link) * slots() + slot].work / 1'000};
}

Bps Load::uplink_load(Index link) const {
  std::int64_t work = 0;
  for (std::size_t slot = 0; slot < slots(); ++slot) {
    work += m_up[at(link) * slots() + slot].work;
  }
  return Bps{work / 1'000};
}

Bps Load::link_load(Index link) const {
  return uplink_load(link) + Bps{m_down[at(link)].work / 1'000};
}

Ppm Load::busy_servers(Index target) const {
  return Ppm{m_stations[at(target)].work / 1'000};
}

std::int64_t Load::over_quota() const {
  std::int64_t over = 0;
  for (std::size_t l = 0; l < m_quota.size(); ++l) {
    over += excess(m_quota[l], m_situation.links[l].quota);
  }
  return over;
}

Ppm Load::target_utilisation(Index target) const {
  const std::int64_t servers = std::max(m_situation.targets[at(target)].servers, 1);
  return Ppm{m_stations[at(target)].work / 1'000 / servers};
}

Load load_of(const Situation& situation, const Assignment& assignment) {
  WANWISE_CHECK(assignment.size() == situation.workloads.size());
  Load load(situation);
  for (std::size_t w = 0; w < assignment.size(); ++w) {
    if (assignment[w] == kNone) continue;
    const WorkloadInput& input = situation.workloads[w];
    load.add(input, core::at(input.options, assignment[w]));
  }
  return load;
}

}  // namespace wanwise::core
