#include "sim/study/runs/make_trial.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "sim/world/kernel/random.hpp"

namespace wanwise::sim {
namespace {

// The world's largest factor, as in sim/world/scenario.
constexpr core::Ppm kMaxFactor{100'000'000};

template <class Map, class Name>
core::Ppm factor_of(const Map& map, const Name& name) {
  const auto found = map.find(name);
  return found == map.end() ? core::kWhole : found->second;
}

/// Two factors below 100 each: their product fits.
core::Ppm product(core::Ppm a, core::Ppm b) {
  return core::Ppm{a.count * b.count / core::kWhole.count};
}

/// A step of the story meets what the cell's levels say.
void scale(const Draft& draft, Disturbance& what) {
  if (auto* demand = std::get_if<DemandChange>(&what))
    demand->factor = product(demand->factor, factor_of(draft.demand, demand->workload));
  if (auto* uplink = std::get_if<UplinkChange>(&what))
    uplink->factor = product(uplink->factor, factor_of(draft.uplink_factor, uplink->link));
  if (auto* heat = std::get_if<ThrottleChange>(&what))
    heat->factor = product(heat->factor, factor_of(draft.slowdown, heat->target));
}

core::Ppm largest_factor(const Disturbance& what) {
  if (const auto* demand = std::get_if<DemandChange>(&what)) return demand->factor;
  if (const auto* uplink = std::get_if<UplinkChange>(&what)) return uplink->factor;
  if (const auto* heat = std::get_if<ThrottleChange>(&what)) return heat->factor;
  return {};
}

ScenarioStep first_step(Disturbance what) {
  return {core::Micros{0}, {}, std::move(what), {}, {}};
}

/// Where in its recordings a run of this seed begins: the same share for all policies and cells.
core::Micros offset_of(std::uint64_t seed, const core::LinkName& link, core::Micros period) {
  Stream stream(seed, "recording/" + link.text);
  return core::Micros{
      static_cast<std::int64_t>(stream.uniform() * static_cast<double>(period.count))};
}

LinkTraces traces_of(const core::LinkName& link, const LinkSource& source, core::Micros horizon,
                     std::uint64_t seed) {
  switch (source.kind) {
    case LinkSource::Kind::constant:
      return {link, constant_rate(source.uplink), constant_rate(source.downlink), {}};
    case LinkSource::Kind::lte_driving:
    case LinkSource::Kind::nr_static: {
      const LinkLaw law = source.kind == LinkSource::Kind::lte_driving
                              ? lte_driving(source.uplink, source.downlink)
                              : nr_static(source.uplink, source.downlink);
      // Two links of one site have drives of their own.
      Stream stream(seed, "drive/" + link.text);
      GeneratedLink made = generate(law, std::max(horizon, kShortestRun), stream.next());
      return {link, std::move(made.uplink), std::move(made.downlink), std::move(made.radio)};
    }
    case LinkSource::Kind::recording:
      break;
  }
  const Recording& recording = *source.recording;
  const core::Micros offset = offset_of(seed, link, recording.uplink.period);
  LinkTraces traces{link, begin_at(recording.uplink, offset), {}, {}};
  traces.downlink =
      recording.downlink ? begin_at(*recording.downlink, offset) : constant_rate(source.downlink);
  if (recording.radio) traces.radio = begin_at(*recording.radio, offset);
  return traces;
}

}  // namespace

RateTrace begin_at(const RateTrace& trace, core::Micros offset) {
  const core::Micros from{offset.count % trace.period.count};
  if (from.count == 0) return trace;
  RateTrace result;
  result.period = trace.period;
  result.opportunities.reserve(trace.opportunities.size());
  // An opportunity at `from` was the last of the part before it.
  const auto first = std::upper_bound(trace.opportunities.begin(), trace.opportunities.end(), from);
  for (auto it = first; it != trace.opportunities.end(); ++it)
    result.opportunities.push_back(*it - from);
  for (auto it = trace.opportunities.begin(); it != first; ++it)
    result.opportunities.push_back(*it + trace.period - from);
  return result;
}

RadioTrace begin_at(const RadioTrace& trace, core::Micros offset) {
  const core::Micros from{offset.count % trace.period.count};
  if (from.count == 0 || trace.points.empty()) return trace;
  RadioTrace result;
  result.period = trace.period;
  const auto first =
      std::upper_bound(trace.points.begin(), trace.points.end(), from,
                       [](core::Micros at, const RadioPoint& point) { return at < point.offset; });
  // What held before still holds.
  const RadioPoint& before = first == trace.points.begin() ? trace.points.back() : *(first - 1);
  result.points.push_back({core::Micros{0}, before.reading});
  for (auto it = first; it != trace.points.end(); ++it)
    result.points.push_back({it->offset - from, it->reading});
  for (auto it = trace.points.begin(); it != first; ++it)
    if (it->offset < from) result.points.push_back({it->offset + trace.period - from, it->reading});
  return result;
}

core::Expected<std::vector<TimedDisturbance>> story_of(const Draft& draft, core::Micros horizon) {
  Scenario story;
  for (const auto& [workload, factor] : draft.demand)
    if (factor != core::kWhole) story.steps.push_back(first_step(DemandChange{workload, factor}));
  for (const auto& [link, factor] : draft.uplink_factor)
    if (factor != core::kWhole) story.steps.push_back(first_step(UplinkChange{link, factor}));
  for (const auto& [target, factor] : draft.slowdown)
    if (factor != core::kWhole) story.steps.push_back(first_step(ThrottleChange{target, factor}));
  for (ScenarioStep step : draft.story.steps) {
    scale(draft, step.what);
    if (largest_factor(step.what) > kMaxFactor)
      return core::fail("study-invalid", step.place + ": times the level is more than 100");
    story.steps.push_back(std::move(step));
  }
  return schedule(story, horizon, draft.model);
}

core::Expected<Draft, CellProblem> draft_of(const LoadedStudy& loaded, const Cell& cell) {
  Draft draft = loaded.base;
  for (std::size_t factor = 0; factor < cell.levels.size(); ++factor) {
    const std::size_t level = cell.levels[factor];
    for (const Setting& setting : loaded.settings[factor][level]) {
      const std::string problem = setting.apply(draft);
      if (!problem.empty())
        return core::Unexpected{CellProblem{factor, level, {}, setting.what + ": " + problem}};
    }
  }
  const auto whole = [&](const char* path, std::string message) {
    return core::Unexpected{CellProblem{cell.levels.size(), 0, path, std::move(message)}};
  };
  if (draft.tuning.detail == Detail::requests && draft.tuning.tx_ring != WorldTuning{}.tx_ring)
    return whole("tuning", "tx-ring has no effect with detail: requests");
  if (draft.tuning.probe_timeout > draft.tuning.probe_period)
    return whole("tuning", "probe-timeout is above probe-period");
  if (const auto story = story_of(draft, loaded.study.horizon); !story)
    return whole("story", story.error().message);
  return draft;
}

TrialConfig make_trial(const LoadedStudy& loaded, const Cell& cell, const PolicySpec& policy,
                       std::uint64_t seed) {
  const Study& study = loaded.study;
  auto draft = draft_of(loaded, cell);
  WANWISE_CHECK(draft.has_value());
  TrialConfig config;
  config.story = *story_of(*draft, study.horizon);
  config.believed = draft->model;
  config.world.seed = seed;
  config.world.tuning = std::move(draft->tuning);
  for (const auto& [link, source] : draft->links)
    config.world.links.push_back(traces_of(link, source, study.horizon, seed));
  config.world.model = std::move(draft->model);
  config.policy = policy;
  config.telemetry = draft->telemetry;
  config.horizon = study.horizon;
  config.warm_up = study.warm_up;
  return config;
}

}  // namespace wanwise::sim
