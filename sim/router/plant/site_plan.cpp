#include <utility>

#include "engine/policy/load.hpp"
#include "sim/router/plant/simulated_site.hpp"
#include "sim/world/air/generate.hpp"

namespace wanwise::router {
namespace {

using core::Error;
using core::Expected;
using core::Unexpected;

// Long enough that a demonstration sees no repetition, short enough to be made in milliseconds.
constexpr core::Micros kGenerated = core::seconds(300);

Unexpected<Error> all_diagnostics(const std::vector<policy::Diagnostic>& diagnostics) {
  std::string text;
  for (const policy::Diagnostic& one : diagnostics) {
    text += (text.empty() ? "" : "\n") + policy::to_string(one);
  }
  return core::fail("bad-documents", text);
}

Expected<core::Model> load_model(const SiteRequest& request) {
  const auto texts = policy::read_documents(request.documents);
  if (!texts) {
    return all_diagnostics(texts.error());
  }
  auto loaded = policy::load(*texts, request.schema_dir, policy::Reasoning::off);
  if (!loaded) {
    return all_diagnostics(loaded.error());
  }
  std::string names;
  for (policy::SiteBundle& bundle : loaded->sites) {
    const std::string& name = bundle.model.site.name.text;
    if (name == request.site || (request.site.empty() && loaded->sites.size() == 1)) {
      return std::move(bundle.model);
    }
    names += (names.empty() ? "" : ", ") + name;
  }
  return core::fail("no-such-site",
                    "--site " + request.site + ": not in the documents (allowed: " + names + ")");
}

Expected<core::RouterName> find_router(const core::Model& model, const std::string& wanted) {
  for (const core::Router& router : model.site.routers) {
    if (wanted.empty() || router.name.text == wanted) {
      return router.name;
    }
  }
  return core::fail("no-such-router", "--router " + wanted + ": the site has no such router");
}

sim::GeneratedLink generated(const core::Link& link, const SiteRequest& request) {
  switch (request.trace) {
    case TraceKind::lte_driving:
      return sim::generate(sim::lte_driving(link.uplink, link.downlink), kGenerated, request.seed);
    case TraceKind::nr_static:
      return sim::generate(sim::nr_static(link.uplink, link.downlink), kGenerated, request.seed);
    case TraceKind::constant:
      break;
  }
  sim::RadioReading calm;
  calm.access = core::RadioAccess::lte;
  calm.in_service = true;
  calm.rssi_dbm = -65;
  calm.rsrp_dbm = -95;
  calm.rsrq_db = -10;
  calm.sinr = core::MilliDb{12'000};
  calm.band = 3;
  return {.uplink = sim::constant_rate(link.uplink),
          .downlink = sim::constant_rate(link.downlink),
          .radio = {.points = {{.offset = core::Micros{0}, .reading = calm}},
                    .period = core::seconds(1)}};
}

sim::LinkTraces traces_of(const core::Link& link, const SiteRequest& request) {
  if (link.kind == core::LinkKind::wired) {
    return {.link = link.name,
            .uplink = sim::constant_rate(link.uplink),
            .downlink = sim::constant_rate(link.downlink),
            .radio = std::nullopt};
  }
  sim::GeneratedLink made = generated(link, request);
  return {.link = link.name,
          .uplink = std::move(made.uplink),
          .downlink = std::move(made.downlink),
          .radio = std::move(made.radio)};
}

// Recordings replace what was generated, on every cellular link.
Expected<void> use_recordings(SitePlan& plan, const SiteRequest& request) {
  for (sim::LinkTraces& link : plan.traces) {
    if (link.radio && !request.rate_file.empty()) {
      auto rate = sim::read_rate_trace(request.rate_file);
      if (!rate) {
        return Unexpected<Error>{rate.error()};
      }
      link.uplink = std::move(rate->trace);
      plan.notes.insert(plan.notes.end(), rate->notes.lines.begin(), rate->notes.lines.end());
    }
    if (link.radio && !request.radio_file.empty()) {
      auto radio = sim::read_radio_trace(request.radio_file);
      if (!radio) {
        return Unexpected<Error>{radio.error()};
      }
      link.radio = std::move(radio->trace);
      plan.notes.insert(plan.notes.end(), radio->notes.lines.begin(), radio->notes.lines.end());
    }
  }
  return {};
}

// Here the management interfaces are real ones: what disturbs them belongs to studies, which have
// the ports in the same process.
std::string unplayable(const sim::Scenario& scenario) {
  std::string problems;
  for (const sim::ScenarioStep& step : scenario.steps) {
    if (sim::concerns_ports(step.what)) {
      problems += (problems.empty() ? "" : "\n") + step.place + ": '" + sim::describe(step.what) +
                  "' can not be played by the emulated router (allowed: demand, uplink, "
                  "power-mode, throttle, target, link)";
    }
  }
  return problems;
}

Expected<std::vector<sim::TimedDisturbance>> load_scenario(const core::Model& model,
                                                           const SiteRequest& request) {
  if (request.scenario_file.empty()) {
    return std::vector<sim::TimedDisturbance>{};
  }
  const auto scenario = sim::read_scenario(request.scenario_file);
  if (!scenario) {
    return Unexpected<Error>{scenario.error()};
  }
  if (auto problems = unplayable(*scenario); !problems.empty()) {
    return core::fail("scenario-invalid", problems);
  }
  return sim::schedule(*scenario, request.scenario_length, model);
}

}  // namespace

Expected<SitePlan> plan_site(const SiteRequest& request) {
  auto model = load_model(request);
  if (!model) {
    return Unexpected<Error>{model.error()};
  }
  SitePlan plan;
  plan.model = std::move(*model);
  auto router = find_router(plan.model, request.router);
  auto scenario = load_scenario(plan.model, request);
  if (!router || !scenario) {
    return Unexpected<Error>{router ? scenario.error() : router.error()};
  }
  plan.router = *router;
  plan.scenario = std::move(*scenario);
  for (const core::Link& link : plan.model.site.links) {
    plan.traces.push_back(traces_of(link, request));
  }
  if (auto used = use_recordings(plan, request); !used) {
    return Unexpected<Error>{used.error()};
  }
  return plan;
}

}  // namespace wanwise::router
