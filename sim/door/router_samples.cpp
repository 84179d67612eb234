#include "sim/door/router_samples.hpp"

#include <utility>

namespace wanwise::sim {
namespace {

std::optional<core::MilliDb> milli(std::optional<std::int32_t> whole) {
  if (!whole) return std::nullopt;
  return core::MilliDb{std::int64_t{*whole} * 1'000};
}

core::RadioSample radio_sample(const core::Link& link, core::Instant now,
                               const RadioReading& reading) {
  core::RadioSample sample;
  sample.link = link.name;
  sample.observed_at = now;
  sample.access = reading.access;
  sample.in_service = reading.in_service;
  sample.rsrp = milli(reading.rsrp_dbm);
  sample.rsrq = milli(reading.rsrq_db);
  sample.sinr = reading.sinr;
  sample.band = reading.band;
  return sample;
}

void add_classes(const World& world, const core::Link& link, std::vector<core::EventBody>& out) {
  for (const QueueReading& queue : world.queues(link.interface)) {
    core::ClassCounters counters;
    counters.link = link.name;
    counters.service_class = core::ClassName{queue.name};
    counters.observed_at = world.now();
    counters.tx_bytes = queue.tx_bytes;
    counters.drop_bytes = queue.drop_bytes;
    counters.queue_bytes = queue.queue_bytes;
    out.emplace_back(std::move(counters));
  }
}

void add_probe(const World& world, const core::Link& link,
               std::map<std::uint32_t, std::uint64_t>& probes_seen,
               std::vector<core::EventBody>& out) {
  if (!link.probe) return;
  const auto probe = world.probe(*link.probe);
  if (!probe) return;
  const std::uint64_t finished = probe->successes + probe->failures;
  if (std::exchange(probes_seen[*link.probe], finished) == finished) return;
  out.emplace_back(core::ProbeSample{link.name, probe->started_at, probe->rtt});
}

QueueConfig to_queue(const core::QueueShare& share) {
  return {share.service_class.text, {share.dscp},     share.kind, share.percent,
          share.queue_limit,        share.burst.count};
}

}  // namespace

// In the order in which the IOS XE adapter tells them: an estimate is made when the counters come,
// what explains them comes before.
std::vector<core::EventBody> read_router(const World& world, const std::vector<core::Link>& links,
                                         std::map<std::uint32_t, std::uint64_t>& probes_seen) {
  std::vector<core::EventBody> out;
  for (const core::Link& link : links) add_probe(world, link, probes_seen, out);
  for (const core::Link& link : links) {
    if (const auto radio = world.radio(link.name))
      out.emplace_back(radio_sample(link, world.now(), *radio));
    add_classes(world, link, out);
  }
  for (const core::Link& link : links) {
    const InterfaceReading port = world.interface(link.interface);
    out.emplace_back(core::LinkCounters{link.name, world.now(), port.up, port.tx_bytes,
                                        port.rx_bytes, port.tx_drops});
  }
  return out;
}

QosConfig to_qos_config(const std::map<core::RouterName, core::RouterQos>& routers) {
  QosConfig config;
  for (const auto& [name, router] : routers) {
    for (const core::MarkingRule& rule : router.marking)
      for (const core::FlowMatch& flow : rule.flows) config.marks.push_back({flow, rule.dscp});
    for (const core::SteeringRule& rule : router.steering)
      for (const core::FlowMatch& flow : rule.flows)
        config.steering.push_back(
            {name, flow, rule.via, rule.trunk, rule.backup, rule.backup_trunk});
    for (const core::WanQos& wan : router.wans) {
      OutputPolicy policy{
          "wanwise-" + wan.link.text, "wanwise-queues", wan.shaper, {}, wan.default_percent};
      for (const core::QueueShare& share : wan.queues) policy.queues.push_back(to_queue(share));
      config.interfaces.push_back({wan.interface, std::move(policy)});
    }
  }
  return config;
}

}  // namespace wanwise::sim
