#include <algorithm>
#include <utility>

#include "engine/core/check.hpp"
#include "sim/world/compute/batching_station.hpp"
#include "sim/world/compute/sharing_station.hpp"
#include "sim/world/compute/station.hpp"
#include "sim/world/compute/tuning_check.hpp"
#include "sim/world/traffic/law_source.hpp"
#include "sim/world/world_state.hpp"

namespace wanwise::sim {
namespace {

// Cameras deliver up to 30 frames a second; a source that is faster stands for many senders, and
// the sum of many independent streams tends to a Poisson stream (Palm, Khinchine).
constexpr core::MilliHz kFastestCamera{30'000};
// A client gives up after ten times what it was promised, at least a second.
constexpr std::int64_t kPatienceFactor = 10;
constexpr core::Micros kLeastPatience = core::seconds(1);
// The retransmission timer doubles each time (RFC 6298 §5.5); after six times it is 12.6 s since
// the first loss, and with the default timer no client waits longer than that for its next packet.
constexpr std::int64_t kMaxResends = 6;
// Window of TargetSample::load: between one and two of these.
constexpr Nanos kBusyMarkPeriod = kNanosPerSecond;

template <class Items, class Name>
std::size_t position_of(const Items& items, const Name& name) {
  const auto at =
      std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.name == name; });
  WANWISE_CHECK(at != items.end());
  return static_cast<std::size_t>(at - items.begin());
}

std::unique_ptr<Accelerator> make_station(EventQueue& events, StationOwner& owner,
                                          std::size_t index, std::int32_t servers,
                                          const TargetTuning& how) {
  if (how.batching)
    return std::make_unique<BatchingStation>(events, owner, index, servers, *how.batching);
  std::unique_ptr<Accelerator> station;
  switch (how.discipline) {
    case Discipline::fifo:
      station = std::make_unique<Station>(events, owner, index, servers);
      break;
    case Discipline::processor_sharing:
      station = std::make_unique<SharingStation>(events, owner, index, servers);
      break;
  }
  return station;
}

LinkTuning tuning_of(const core::Link& link, const std::vector<LinkTuning>& tunings) {
  const auto mine = [&](const LinkTuning& tuning) { return tuning.link == link.name; };
  WANWISE_CHECK(std::count_if(tunings.begin(), tunings.end(), mine) <= 1);
  const auto at = std::find_if(tunings.begin(), tunings.end(), mine);
  return at == tunings.end() ? LinkTuning{} : *at;
}

}  // namespace

World::State::State(WorldConfig config)
    : model(std::move(config.model)),
      tuning(config.tuning),
      seed(config.seed),
      put_on_lan_call(*this, &State::put_on_lan),
      reach_node_call(*this, &State::reach_node),
      reach_cloud_call(*this, &State::reach_cloud),
      respond_call(*this, &State::respond),
      finish_call(*this, &State::finish),
      started_call(*this, &State::started),
      expire_call(*this, &State::expire),
      mark_busy_call(*this, &State::mark_busy),
      heat_step_call(*this, &State::heat_step),
      sync_servers_call(*this, &State::sync_servers),
      server_started_call(*this, &State::server_started),
      network(events, model.site, *this) {
  WANWISE_CHECK(check_compute(model, tuning).has_value());
  for (const auto& special : tuning.link_tunings) (void)link_index(special.link);  // known ones
  for (std::int64_t i = 0; i < kMaxResends; ++i)
    resends.push_back(std::make_unique<Pipe>(
        events, to_nanos(tuning.retransmit_after) * (std::int64_t{1} << i), *this));
  for (const auto& link : model.site.links) {
    const auto at = std::find_if(config.links.begin(), config.links.end(),
                                 [&](const LinkTraces& t) { return t.link == link.name; });
    WANWISE_CHECK(at != config.links.end());
    links.push_back(make_wan_link(
        events, *this,
        {links.size(), link, *at, tuning_of(link, tuning.link_tunings), tuning, seed}));
  }
  for (const auto& router : model.site.routers) lans[router.name.text];
  build_targets();
  build_workloads();
  events.schedule(kBusyMarkPeriod, mark_busy_call);
}

void World::State::build_targets() {
  const TargetTuning plain;
  const auto add = [&](const core::TargetName& name, bool cloud, std::size_t at,
                       const core::DeviceName& device, const core::PowerModeName& mode,
                       std::optional<std::int32_t> servers) {
    const auto profile = model.profiles.find(device);
    WANWISE_CHECK(profile != model.profiles.end());
    TargetState target;
    target.name = name;
    target.cloud = cloud;
    target.at = at;
    target.profile = &profile->second;
    target.mode_name = mode;
    target.slowdown =
        profile->second.power_modes[position_of(profile->second.power_modes, mode)].slowdown;
    const auto tuned = std::find_if(tuning.targets.begin(), tuning.targets.end(),
                                    [&](const TargetTuning& t) { return t.target == name; });
    const TargetTuning& how = tuned == tuning.targets.end() ? plain : *tuned;
    std::int32_t count = servers.value_or(1);
    if (how.autoscale) count = target.autoscaler.emplace(*how.autoscale, count).ready();
    target.station =
        make_station(events, *this, targets.size(), count * target.profile->servers, how);
    for (const auto& workload : model.policy.workloads) {
      auto& laws = target.laws.emplace_back();
      auto& models = target.models.emplace_back();
      for (const auto& rung : workload.ladder) {
        const auto time = profile->second.models.find(rung.model);
        laws.push_back(time == profile->second.models.end()
                           ? std::nullopt
                           : std::optional<ServiceLaw>(ServiceLaw(time->second, how.shape)));
        models.push_back(
            static_cast<std::size_t>(std::distance(profile->second.models.begin(), time)));
      }
    }
    targets.push_back(std::move(target));
    build_compute(static_cast<std::uint32_t>(targets.size() - 1), how);
  };
  for (std::size_t i = 0; i < model.site.nodes.size(); ++i) {
    const auto& node = model.site.nodes[i];
    add(node.name, false, i, node.device, node.power_mode, std::nullopt);
  }
  for (std::size_t i = 0; i < model.site.clouds.size(); ++i) {
    const auto& cloud = model.site.clouds[i];
    add(cloud.name, true, i, cloud.device, cloud.power_mode, cloud.servers);
  }
}

void World::State::build_workloads() {
  for (const auto& workload : model.policy.workloads) {
    WANWISE_CHECK(!workload.sources.empty() && !workload.ladder.empty());
    WorkloadState state{.sources = {},
                        .offered = workload.rate,
                        .meter = Meter(workload.objective),
                        .spilled = Meter(workload.objective),
                        .service = Stream(seed, "service/" + workload.name.text),
                        .serving = {},
                        .starting = {},
                        .returning = {},
                        .spill_credit = {},
                        .cold = std::vector<bool>(targets.size(), true),
                        .deadlines = {}};
    state.patience =
        to_nanos(std::max(workload.objective.latency * kPatienceFactor, kLeastPatience));
    workloads.push_back(std::move(state));
    for (const auto& name : workload.sources)
      build_source(static_cast<std::uint32_t>(workloads.size() - 1), name);
  }
}

void World::State::build_source(std::uint32_t workload, const core::SourceName& name) {
  const auto& w = model.policy.workloads[workload];
  const auto share = static_cast<std::int64_t>(w.sources.size());
  SourceState state;
  state.workload = workload;
  state.source = static_cast<std::uint32_t>(position_of(model.site.sources, name));
  state.marks.resize(model.site.clouds.size());
  const auto& router = model.site.sources[state.source].router;
  state.router = position_of(model.site.routers, router);
  for (std::size_t i = 0; i < links.size(); ++i)
    if (links[i]->link().router == router) state.wan_links.push_back(static_cast<std::uint32_t>(i));
  std::stable_sort(state.wan_links.begin(), state.wan_links.end(), [&](auto a, auto b) {
    return links[a]->link().metric < links[b]->link().metric;
  });
  SourceSettings settings;
  settings.name = w.name.text + "/" + name.text;
  settings.rate = w.rate / share;
  settings.bytes = w.request.count;
  settings.size_spread = tuning.size_spread;
  settings.kind = settings.rate > kFastestCamera ? ArrivalKind::poisson : ArrivalKind::periodic;
  const auto law =
      std::find_if(tuning.sources.begin(), tuning.sources.end(),
                   [&](const SourceLaw& l) { return l.workload == w.name && l.source == name; });
  if (law != tuning.sources.end()) {
    state.process = std::make_unique<LawSource>(events, *this, sources.size(), seed,
                                                std::move(settings), law->law);
  } else {
    state.process =
        std::make_unique<Source>(events, *this, sources.size(), seed, std::move(settings));
  }
  workloads[workload].sources.push_back(sources.size());
  sources.push_back(std::move(state));
}

std::uint32_t World::State::workload_index(const core::WorkloadName& name) const {
  return static_cast<std::uint32_t>(position_of(model.policy.workloads, name));
}

std::uint32_t World::State::target_index(const core::TargetName& name) const {
  return static_cast<std::uint32_t>(position_of(targets, name));
}

std::size_t World::State::link_index(const core::LinkName& name) const {
  return position_of(model.site.links, name);
}

}  // namespace wanwise::sim
