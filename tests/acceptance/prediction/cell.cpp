#include "tests/acceptance/prediction/cell.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "engine/core/check.hpp"
#include "engine/core/decide/latency/latency.hpp"
#include "engine/core/decide/qos_plan.hpp"
#include "engine/core/decide/situation_builder.hpp"
#include "sim/door/router_samples.hpp"

namespace wanwise::prediction {
namespace {

using core::at;
using core::Index;

// Nobody gives up in these runs: what a client's patience cuts off is no prediction's business.
constexpr core::Micros kPatient = core::seconds(3'600);
// Cold first requests and an empty site, at each seed.
constexpr core::Micros kWarmUp = core::seconds(10);

core::Bps air_of(const Cell& cell) {
  return cell.model.site.links.front().uplink;
}

core::Bps shaper_of(const Cell& cell) {
  return cell.shaper.count > 0 ? cell.shaper : air_of(cell) * 95 / 100;
}

core::Ppm mode_slowdown(const Cell& cell) {
  const core::Node& node = cell.model.site.nodes.front();
  const core::PowerModeName& wanted =
      cell.power_mode.text.empty() ? node.power_mode : cell.power_mode;
  for (const core::PowerMode& mode : cell.model.profiles.at(node.device).power_modes)
    if (mode.name == wanted) return mode.slowdown;
  WANWISE_CHECK(false);
  return core::kWhole;
}

core::Views views_of(const Cell& cell, core::Ppm demand) {
  core::Views views;
  const core::Model& model = cell.model;
  for (const core::Link& link : model.site.links) {
    core::LinkView view;
    view.availability = core::Availability::up;
    view.uplink = air_of(cell);
    view.shaper = shaper_of(cell);
    view.planned = view.shaper;
    view.rtt = link.rtt;
    views.links.push_back(view);
  }
  views.targets.resize(model.site.nodes.size() + model.site.clouds.size());
  views.targets.front().slowdown =
      core::Ppm{mode_slowdown(cell).count * cell.throttle.count / core::kWhole.count};
  for (std::size_t w = 0; w < model.policy.workloads.size(); ++w) {
    core::WorkloadView view;
    view.place = core::spot_of(model, {cell.places[w], 0});
    view.demand =
        core::MilliHz{model.policy.workloads[w].rate.count * demand.count / core::kWhole.count};
    views.workloads.push_back(view);
  }
  return views;
}

struct Prepared {
  core::Situation situation;
  core::Load load;

  Prepared(const Cell& cell, core::Ppm demand) : situation(build(cell, demand)), load(situation) {
    for (const core::WorkloadInput& workload : situation.workloads)
      load.add(workload, at(workload.options, workload.current));
  }

 private:
  static core::Situation build(const Cell& cell, core::Ppm demand) {
    core::Topology topology(cell.model);
    core::Counters counters;
    core::SituationBuilder builder(cell.model, topology);
    core::Situation situation = builder.build(views_of(cell, demand), counters);
    situation.targets.front().wait_factor = cell.wait_factor;
    for (const core::WorkloadInput& workload : situation.workloads)
      WANWISE_CHECK(workload.current != core::kNone);
    return situation;
  }
};

/// Demand at which the cell's resource has its utilisation.
core::Ppm demand_of(const Cell& cell) {
  const Prepared declared(cell, core::kWhole);
  double used = 0;
  switch (cell.resource) {
    case Resource::node:
      used = static_cast<double>(declared.load.target_utilisation(0).count) * 1e-6;
      break;
    case Resource::cloud:
      used = static_cast<double>(
                 declared.load.target_utilisation(core::count(cell.model.site.nodes)).count) *
             1e-6;
      break;
    case Resource::uplink:
      used = static_cast<double>(declared.load.uplink_load(0).count) /
             static_cast<double>(std::min(shaper_of(cell), air_of(cell)).count);
      break;
    case Resource::downlink:
      for (const core::WorkloadInput& workload : declared.situation.workloads) {
        const core::Option& option = at(workload.options, workload.current);
        if (option.link == core::kNone) continue;
        used += static_cast<double>(core::wire_bytes(workload.response)) * 8e-3 *
                static_cast<double>(option.rate.count) /
                static_cast<double>(declared.situation.links.front().downlink.count);
      }
      break;
  }
  return core::Ppm{std::llround(cell.utilisation / used * 1e6)};
}

// More than any of these runs ever has in a queue, and passes through a policer at once.
constexpr std::uint32_t kEndlessPackets = 20'000;
constexpr std::int64_t kEndlessBytes = 20'000'000;

void give_room(sim::QueueConfig& queue) {
  queue.queue_limit = kEndlessPackets;
  if (queue.kind == core::QueueKind::priority) queue.burst = kEndlessBytes;
}

sim::QosConfig qos_of(const Cell& cell, const Prepared& prepared) {
  std::vector<core::LinkDemand> links(cell.model.site.links.size());
  for (std::size_t l = 0; l < links.size(); ++l) {
    links[l].shaper = shaper_of(cell);
    for (Index k = 0; k < core::count(cell.model.policy.classes); ++k)
      links[l].load.push_back(prepared.load.uplink_load(static_cast<Index>(l), k));
  }
  std::map<core::RouterName, core::RouterQos> routers;
  for (Index r = 0; r < core::count(cell.model.site.routers); ++r)
    routers[at(cell.model.site.routers, r).name] = plan_qos(cell.model, r, links, nullptr);
  sim::QosConfig config = sim::to_qos_config(routers);
  if (!cell.roomy) return config;
  for (sim::InterfaceQos& interface : config.interfaces)
    for (sim::QueueConfig& queue : interface.output->queues) give_room(queue);
  return config;
}

sim::WorldConfig world_of(const Cell& cell, std::uint64_t seed) {
  sim::WorldConfig config;
  config.model = cell.model;
  for (core::Workload& workload : config.model.policy.workloads)
    workload.objective.latency = kPatient;
  for (const core::Link& link : config.model.site.links) {
    config.links.push_back(
        {link.name, sim::constant_rate(air_of(cell)), sim::constant_rate(link.downlink), {}});
  }
  config.seed = seed;
  config.tuning.tx_ring = cell.tx_ring;
  config.tuning.detail = cell.detail;
  config.tuning.modem_discard.reset();
  if (cell.arrivals == Arrivals::poisson) {
    for (const core::Workload& workload : config.model.policy.workloads)
      for (const core::SourceName& source : workload.sources)
        config.tuning.sources.push_back(
            {workload.name, source, {sim::PoissonArrivals{}, std::nullopt}});
  }
  return config;
}

class Collector final : public sim::RequestObserver {
 public:
  Collector(std::size_t workloads, sim::Nanos since)
      : m_micros(workloads), m_lost(workloads), m_since(since) {}
  void on_end(const sim::RequestEnd& request) override {
    if (request.created < m_since) return;
    if (request.fate == sim::RequestFate::completed)
      m_micros[request.workload].push_back(static_cast<std::int32_t>(
          std::min<sim::Nanos>((request.ended - request.created) / 1'000, INT32_MAX)));
    else
      ++m_lost[request.workload];
  }
  std::vector<std::vector<std::int32_t>>& micros() { return m_micros; }
  [[nodiscard]] std::int64_t lost(std::size_t w) const { return m_lost[w]; }

 private:
  std::vector<std::vector<std::int32_t>> m_micros;
  std::vector<std::int64_t> m_lost;
  sim::Nanos m_since;
};

core::Micros quantile(std::vector<std::int32_t>& values, double share) {
  if (values.empty()) return {};
  const auto rank = std::min(values.size() - 1,
                             static_cast<std::size_t>(share * static_cast<double>(values.size())));
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(values.begin(), place, values.end());
  return core::Micros{*place};
}

core::Forecast distribution(std::vector<std::int32_t>& values) {
  return {quantile(values, 0.5), quantile(values, 0.95), quantile(values, 0.99)};
}

/// Of the mean of the seeds' own quantiles.
double relative_error(const std::vector<double>& samples) {
  const auto n = static_cast<double>(samples.size());
  const double mean = std::accumulate(samples.begin(), samples.end(), 0.0) / n;
  double square = 0;
  for (const double sample : samples) square += (sample - mean) * (sample - mean);
  return n < 2 || mean <= 0 ? 0 : std::sqrt(square / (n - 1) / n) / mean;
}

/// Everything that the runs of a cell gave.
struct Played {
  std::vector<std::vector<std::int32_t>> micros;
  std::vector<std::vector<double>> p99;  ///< by workload, of each seed
  std::vector<std::int64_t> lost;
  std::uint64_t drops = 0;
};

void play(const Cell& cell, core::Ppm demand, const Prepared& prepared, std::uint64_t seed,
          core::Micros length, Played& out) {
  sim::World world(world_of(cell, seed));
  Collector collector(out.micros.size(), sim::to_nanos(kWarmUp));
  world.observe(&collector);
  world.configure(qos_of(cell, prepared));
  const core::TargetName& node = cell.model.site.nodes.front().name;
  if (!cell.power_mode.text.empty()) world.set_power_mode(node, cell.power_mode);
  world.set_throttle(node, cell.throttle);
  for (std::size_t w = 0; w < out.micros.size(); ++w) {
    const core::WorkloadName& name = cell.model.policy.workloads[w].name;
    world.set_demand(name, demand);
    world.place(name, cell.places[w], 0);
  }
  world.advance_to(core::Instant{} + kWarmUp + length);
  for (const core::Link& link : cell.model.site.links)
    out.drops += world.interface(link.interface).tx_drops;
  for (std::size_t w = 0; w < out.micros.size(); ++w) {
    std::vector<std::int32_t>& own = collector.micros()[w];
    if (own.size() >= 1'000) out.p99[w].push_back(static_cast<double>(quantile(own, 0.99).count));
    out.micros[w].insert(out.micros[w].end(), own.begin(), own.end());
    out.lost[w] += collector.lost(w);
  }
}

double mean_of(const std::vector<std::int32_t>& values) {
  return values.empty() ? 0
                        : std::accumulate(values.begin(), values.end(), 0.0) /
                              static_cast<double>(values.size());
}

/// Waited there, on average over the node's requests, of what Poisson arrivals would have.
double wait_ratio(const Prepared& prepared, const Played& played) {
  double waited = 0;
  double completed = 0;
  for (std::size_t w = 0; w < played.micros.size(); ++w) {
    const core::WorkloadInput& workload = prepared.situation.workloads[w];
    const core::Option& option = at(workload.options, workload.current);
    if (option.target != 0) continue;
    const auto own = static_cast<double>(played.micros[w].size());
    waited += own * (mean_of(played.micros[w]) -
                     static_cast<double>((option.fixed + option.service_mean).count));
    completed += own;
  }
  const std::optional<double> poisson = prepared.load.poisson_wait(0);
  return poisson && *poisson > 0 && completed > 0 ? waited / completed / *poisson : 1;
}

}  // namespace

Outcome run(const Cell& cell) {
  const core::Ppm demand = demand_of(cell);
  const Prepared prepared(cell, demand);
  const std::size_t count = cell.model.policy.workloads.size();
  double rate = 0;
  for (const core::WorkloadInput& workload : prepared.situation.workloads)
    rate += static_cast<double>(at(workload.options, workload.current).rate.count) * 1e-3;
  const core::Micros length{
      std::llround(static_cast<double>(cell.requests) / cell.seeds / rate * 1e6)};
  Played played;
  played.micros.resize(count);
  played.p99.resize(count);
  played.lost.resize(count);
  for (std::int32_t s = 0; s < cell.seeds; ++s)
    play(cell, demand, prepared, static_cast<std::uint64_t>(s) + 1, length, played);

  Outcome outcome;
  outcome.drops = played.drops;
  for (std::size_t w = 0; w < count; ++w) {
    const core::WorkloadInput& workload = prepared.situation.workloads[w];
    const core::Option& option = at(workload.options, workload.current);
    Row row;
    row.workload = cell.model.policy.workloads[w].name.text;
    row.predicted = prepared.load.forecast(workload, option);
    row.simulated = distribution(played.micros[w]);
    row.p99_error = relative_error(played.p99[w]);
    row.completed = static_cast<std::int64_t>(played.micros[w].size());
    row.lost = played.lost[w];
    outcome.rows.push_back(row);
  }
  outcome.wait_ratio = wait_ratio(prepared, played);
  return outcome;
}

}  // namespace wanwise::prediction
