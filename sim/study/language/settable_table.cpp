#include "sim/study/language/settable.hpp"

#include <algorithm>

#include "engine/core/check.hpp"

namespace wanwise::sim {
namespace {

using Value = SettingValue;

constexpr std::int64_t kMillisecond = 1'000;
constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kHour = 3'600 * kSecond;
constexpr std::int64_t kWholeShare = 1'000'000;
// The same as the largest factor of a story.
constexpr std::int64_t kMaxFactor = 100 * kWholeShare;
// Rates as in wanwise-types.yang.
constexpr Range kRates{8'000, 10'000'000'000};

template <class Items>
auto& by_name(Items& items, const std::string& name) {
  const auto found = std::find_if(items.begin(), items.end(),
                                  [&](const auto& item) { return item.name.text == name; });
  WANWISE_CHECK(found != items.end());
  return *found;
}

core::Workload& workload(Draft& d, const std::string& name) {
  return by_name(d.model.policy.workloads, name);
}
core::Link& link(Draft& d, const std::string& name) {
  return by_name(d.model.site.links, name);
}
core::Cloud& cloud(Draft& d, const std::string& name) {
  return by_name(d.model.site.clouds, name);
}
LinkTuning& link_tuning(Draft& d, const std::string& name) {
  for (LinkTuning& tuning : d.tuning.link_tunings)
    if (tuning.link.text == name) return tuning;
  d.tuning.link_tunings.push_back({core::LinkName{name}, {}, {}, {}});
  return d.tuning.link_tunings.back();
}

template <auto Field>
std::string set_telemetry(Draft& d, const std::string&, const Value& v) {
  (d.telemetry.*Field).count = v.number;
  return {};
}

template <auto Field>
std::string set_tuning(Draft& d, const std::string&, const Value& v) {
  (d.tuning.*Field).count = v.number;
  return {};
}

template <auto Field>
std::string set_stability(Draft& d, const std::string&, const Value& v) {
  (d.model.policy.stability.*Field).count = v.number;
  return {};
}

std::string set_modem_discard(Draft& d, const std::string&, const Value& v) {
  d.tuning.modem_discard = core::Micros{v.number};
  return {};
}

std::string set_tx_ring(Draft& d, const std::string&, const Value& v) {
  d.tuning.tx_ring = static_cast<std::uint32_t>(v.number);
  return {};
}

std::string set_max_moves(Draft& d, const std::string&, const Value& v) {
  d.model.policy.stability.max_moves_per_hour = static_cast<std::int32_t>(v.number);
  return {};
}

std::string set_blind_after(Draft& d, const std::string&, const Value& v) {
  d.model.policy.when_blind.after = core::Micros{v.number};
  return {};
}

std::string set_uplink(Draft& d, const std::string& name, const Value& v) {
  LinkSource& source = d.links.at(core::LinkName{name});
  if (source.kind == LinkSource::Kind::recording)
    return "link " + name + " is recorded; scale it by uplink-factor";
  source.uplink = core::Bps{v.number};
  return {};
}

std::string set_downlink(Draft& d, const std::string& name, const Value& v) {
  LinkSource& source = d.links.at(core::LinkName{name});
  if (source.recording && source.recording->downlink)
    return "the downlink of " + name + " is recorded";
  source.downlink = core::Bps{v.number};
  return {};
}

std::string set_expected_uplink(Draft& d, const std::string& name, const Value& v) {
  core::Link& l = link(d, name);
  l.uplink = core::Bps{v.number};
  l.uplink_floor = std::min(l.uplink_floor, l.uplink);
  l.uplink_ceiling = std::max(l.uplink_ceiling, l.uplink);
  return {};
}

std::string set_power_mode(Draft& d, const std::string& name, const Value& v) {
  const auto set = [&](auto& items) {
    for (auto& item : items) {
      if (item.name.text != name) continue;
      const core::DeviceProfile& profile = d.model.profiles.at(item.device);
      std::vector<std::string> modes;
      for (const core::PowerMode& mode : profile.power_modes) modes.push_back(mode.name.text);
      if (std::find(modes.begin(), modes.end(), v.text) == modes.end())
        return name + " has no power mode " + policy::in_quotes(v.text) + "; it has " +
               policy::listed(modes);
      item.power_mode = core::PowerModeName{v.text};
    }
    return std::string{};
  };
  const std::string problem = set(d.model.site.nodes);
  return problem.empty() ? set(d.model.site.clouds) : problem;
}

/// The profile of every target the workload may use knows the model.
std::string set_model(Draft& d, const std::string& name, const Value& v) {
  core::Workload& w = workload(d, name);
  const core::ModelName model{v.text};
  const auto knows = [&](const core::TargetName& target) {
    for (const core::Node& node : d.model.site.nodes)
      if (node.name == target) return d.model.profiles.at(node.device).models.contains(model);
    return d.model.profiles.at(cloud(d, target.text).device).models.contains(model);
  };
  for (const core::TargetName& target : w.targets)
    if (!knows(target))
      return "the profile of " + target.text + " has no model " + policy::in_quotes(v.text);
  const core::ModelName before = w.ladder.front().model;
  for (core::Rung& rung : w.ladder)
    if (rung.model == before) rung.model = model;
  return {};
}

std::string set_arrival_cv(Draft& d, const std::string& name, const Value& v) {
  const core::Workload& w = workload(d, name);
  std::erase_if(d.tuning.sources, [&](const SourceLaw& law) { return law.workload == w.name; });
  for (const core::SourceName& source : w.sources)
    d.tuning.sources.push_back({w.name, source, {GammaArrivals{v.number / 1000}, {}}});
  return {};
}

std::vector<Settable> workload_settables() {
  return {
      {"demand",
       Subject::workload,
       Form::factor,
       {0, kMaxFactor},
       "what comes, of the declared rate; the policies are not told",
       [](Draft& d, const std::string& name, const Value& v) {
         d.demand[core::WorkloadName{name}] = core::Ppm{v.number};
         return std::string{};
       }},
      {"rate",
       Subject::workload,
       Form::request_rate,
       {1, 100'000'000},
       "the declared rate",
       [](Draft& d, const std::string& name, const Value& v) {
         core::Workload& w = workload(d, name);
         w.rate = core::MilliHz{v.number};
         w.ladder.front().rate = w.rate;
         return std::string{};
       }},
      {"request-size",
       Subject::workload,
       Form::size,
       {1, 64'000'000},
       "bytes of a request",
       [](Draft& d, const std::string& name, const Value& v) {
         return workload(d, name).request = core::Bytes{v.number}, std::string{};
       }},
      {"response-size",
       Subject::workload,
       Form::size,
       {1, 64'000'000},
       "bytes of a response",
       [](Draft& d, const std::string& name, const Value& v) {
         return workload(d, name).response = core::Bytes{v.number}, std::string{};
       }},
      {"objective",
       Subject::workload,
       Form::duration,
       {kMillisecond, 60 * kSecond},
       "latency of its objective",
       [](Draft& d, const std::string& name, const Value& v) {
         return workload(d, name).objective.latency = core::Micros{v.number}, std::string{};
       }},
      {"model", Subject::workload, Form::word, {}, "the inference model it serves", set_model},
      {"arrival-cv",
       Subject::workload,
       Form::factor,
       {50'000, 20 * kWholeShare},
       "its arrivals are gamma, with this coefficient of variation",
       set_arrival_cv},
  };
}

std::vector<Settable> link_settables() {
  return {
      {"uplink", Subject::link, Form::rate, kRates, "rate, or mean rate where it is generated",
       set_uplink},
      {"downlink", Subject::link, Form::rate, kRates, "the same of the other direction",
       set_downlink},
      {"uplink-factor",
       Subject::link,
       Form::factor,
       {0, kMaxFactor},
       "of the rate there is",
       [](Draft& d, const std::string& name, const Value& v) {
         d.uplink_factor[core::LinkName{name}] = core::Ppm{v.number};
         return std::string{};
       }},
      {"expected-uplink", Subject::link, Form::rate, kRates,
       "what the operator promised; the modem's queue is as deep as this", set_expected_uplink},
      {"rtt",
       Subject::link,
       Form::duration,
       {0, 10 * kSecond},
       "to the probe's target while idle",
       [](Draft& d, const std::string& name, const Value& v) {
         return link(d, name).rtt = core::Micros{v.number}, std::string{};
       }},
      {"loss",
       Subject::link,
       Form::share,
       {0, kWholeShare / 2},
       "of packets, each direction",
       [](Draft& d, const std::string& name, const Value& v) {
         if (v.number == 0 && d.tuning.packet_loss.count > 0)
           return std::string{"zero has no effect beside packet-loss"};
         return link_tuning(d, name).loss = core::Ppm{v.number}, std::string{};
       }},
      {"price-per-gb",
       Subject::link,
       Form::usd_per_gb,
       {0, 1'000'000'000'000},
       "of both directions",
       [](Draft& d, const std::string& name, const Value& v) {
         return link(d, name).price_per_gb = core::NanoUsd{v.number}, std::string{};
       }},
      {"source",
       Subject::link,
       Form::link_source,
       {},
       "where its rate comes from, as in links",
       nullptr},
  };
}

std::vector<Settable> target_settables() {
  return {
      {"power-mode", Subject::target, Form::word, {}, "of its device's profile", set_power_mode},
      {"slowdown",
       Subject::target,
       Form::factor,
       {10'000, kMaxFactor},
       "of its service time; the policies are not told",
       [](Draft& d, const std::string& name, const Value& v) {
         d.slowdown[core::TargetName{name}] = core::Ppm{v.number};
         return std::string{};
       }},
      {"lan-delay",
       Subject::node,
       Form::duration,
       {0, 10 * kSecond},
       "one way, source to node",
       [](Draft& d, const std::string& name, const Value& v) {
         by_name(d.model.site.nodes, name).lan_delay = core::Micros{v.number};
         return std::string{};
       }},
      {"servers",
       Subject::cloud,
       Form::count,
       {1, 1'000},
       "accelerators behind the service",
       [](Draft& d, const std::string& name, const Value& v) {
         return cloud(d, name).servers = static_cast<std::int32_t>(v.number), std::string{};
       }},
      {"beyond-probe",
       Subject::cloud,
       Form::duration,
       {0, 10 * kSecond},
       "round trip from the probe's target to it",
       [](Draft& d, const std::string& name, const Value& v) {
         return cloud(d, name).beyond_probe = core::Micros{v.number}, std::string{};
       }},
      {"price-per-hour",
       Subject::cloud,
       Form::usd_per_hour,
       {0, 1'000'000'000'000},
       "while at least one workload runs there",
       [](Draft& d, const std::string& name, const Value& v) {
         return cloud(d, name).price_per_hour = core::NanoUsd{v.number}, std::string{};
       }},
  };
}

std::vector<Settable> telemetry_settables() {
  return {
      {"telemetry-period",
       Subject::site,
       Form::duration,
       {100 * kMillisecond, kHour},
       "of router counters, radio and probe",
       set_telemetry<&Telemetry::period>},
      {"telemetry-delay",
       Subject::site,
       Form::duration,
       {0, kHour},
       "read on the device until it is an event",
       set_telemetry<&Telemetry::delay>},
      {"cluster-period",
       Subject::site,
       Form::duration,
       {100 * kMillisecond, kHour},
       "of workload and target samples",
       set_telemetry<&Telemetry::cluster_period>},
      {"write-time",
       Subject::site,
       Form::duration,
       {0, 60 * kSecond},
       "a change of the router's QoS, to its answer",
       set_telemetry<&Telemetry::write>},
  };
}

std::vector<Settable> tuning_settables() {
  return {
      {"node-start",
       Subject::site,
       Form::duration,
       {0, kHour},
       "of a workload on a node",
       set_tuning<&WorldTuning::node_start>},
      {"cloud-start",
       Subject::site,
       Form::duration,
       {0, kHour},
       "the same in a cloud",
       set_tuning<&WorldTuning::cloud_start>},
      {"modem-depth",
       Subject::site,
       Form::duration,
       {kMillisecond, 60 * kSecond},
       "modem's queue, at the expected uplink",
       set_tuning<&WorldTuning::modem_depth>},
      {"modem-discard",
       Subject::site,
       Form::duration,
       {10 * kMillisecond, 60 * kSecond},
       "a packet that waited so long in the modem is dropped",
       set_modem_discard},
      {"retransmit-after",
       Subject::site,
       Form::duration,
       {kMillisecond, 60 * kSecond},
       "a lost packet, TCP; then doubles",
       set_tuning<&WorldTuning::retransmit_after>},
      {"packet-loss",
       Subject::site,
       Form::share,
       {0, kWholeShare / 2},
       "beyond queues, on each link and direction",
       set_tuning<&WorldTuning::packet_loss>},
      {"size-spread",
       Subject::site,
       Form::share,
       {0, 900'000},
       "of requests, to either side",
       set_tuning<&WorldTuning::size_spread>},
      {"tx-ring",
       Subject::site,
       Form::count,
       {0, 4'096},
       "packets; with detail: packets only",
       set_tx_ring},
      {"probe-period",
       Subject::site,
       Form::duration,
       {100 * kMillisecond, kHour},
       "of IP SLA",
       set_tuning<&WorldTuning::probe_period>},
      {"probe-timeout",
       Subject::site,
       Form::duration,
       {10 * kMillisecond, kHour},
       "of IP SLA, at most its period",
       set_tuning<&WorldTuning::probe_timeout>},
  };
}

// Ranges as in wanwise-policy.yang.
std::vector<Settable> policy_settables() {
  return {
      {"fall-back-after",
       Subject::site,
       Form::duration,
       {100'000, 600'000'000},
       "of stability",
       set_stability<&core::Stability::fall_back_after>},
      {"return-after",
       Subject::site,
       Form::duration,
       {100'000, 3'600'000'000},
       "of stability",
       set_stability<&core::Stability::return_after>},
      {"min-dwell",
       Subject::site,
       Form::duration,
       {0, 3'600'000'000},
       "of stability",
       set_stability<&core::Stability::min_dwell>},
      {"min-gain",
       Subject::site,
       Form::share,
       {0, 500'000},
       "of stability",
       set_stability<&core::Stability::min_gain>},
      {"max-moves-per-hour", Subject::site, Form::count, {1, 3'600}, "of stability", set_max_moves},
      {"blind-after",
       Subject::site,
       Form::duration,
       {1'000'000, 3'600'000'000},
       "of when-blind",
       set_blind_after},
      {"story", Subject::site, Form::story, {}, "what happens to the site, as story", nullptr},
  };
}

}  // namespace

const std::vector<Settable>& settables() {
  static const std::vector<Settable> all = [] {
    std::vector<Settable> table;
    for (auto part : {workload_settables, link_settables, target_settables, telemetry_settables,
                      tuning_settables, policy_settables})
      for (Settable& entry : part()) table.push_back(std::move(entry));
    std::sort(table.begin(), table.end(),
              [](const Settable& a, const Settable& b) { return a.name < b.name; });
    return table;
  }();
  return all;
}

}  // namespace wanwise::sim
