#include "engine/core/digest.hpp"

#include <optional>
#include <type_traits>
#include <vector>

namespace wanwise::core {
namespace {

constexpr std::uint64_t kFnvPrime = 0x100000001b3;

template <class T>
requires std::is_integral_v<T> || std::is_enum_v<T>
void hash(Digest& d, T value) {
  d.add_number(static_cast<std::uint64_t>(value));
}
void hash(Digest& d, const std::string& text) {
  d.add_text(text);
}
template <class Tag>
void hash(Digest& d, const Name<Tag>& name) {
  d.add_text(name.text);
}
template <class Tag>
void hash(Digest& d, Quantity<Tag> quantity) {
  hash(d, quantity.count);
}
void hash(Digest& d, Instant instant) {
  hash(d, instant.micros);
}
void hash(Digest& d, Dscp dscp) {
  hash(d, dscp.value);
}

template <class T>
void hash(Digest& d, const std::optional<T>& value);
template <class T>
void hash(Digest& d, const std::vector<T>& values);
void hash(Digest& d, const Ipv4Prefix& prefix);
void hash(Digest& d, const FlowMatch& flow);
void hash(Digest& d, const MarkingRule& rule);
void hash(Digest& d, const QueueShare& share);
void hash(Digest& d, const WanQos& wan);
void hash(Digest& d, const SteeringRule& rule);
void hash(Digest& d, const ProbeRule& rule);
void hash(Digest& d, const RouterQos& qos);
void hash(Digest& d, const ClosedPlace& closed);

template <class... Fields>
void hash_all(Digest& d, const Fields&... fields) {
  (hash(d, fields), ...);
}

template <class T>
void hash(Digest& d, const std::optional<T>& value) {
  hash(d, value.has_value());
  if (value) hash(d, *value);
}
template <class T>
void hash(Digest& d, const std::vector<T>& values) {
  hash(d, values.size());
  for (const T& value : values) hash(d, value);
}

void hash(Digest& d, const Ipv4Prefix& p) {
  hash_all(d, p.address, p.length);
}
void hash(Digest& d, const FlowMatch& f) {
  hash_all(d, f.transport, f.source, f.destination, f.port);
}
void hash(Digest& d, const MarkingRule& r) {
  hash_all(d, r.service_class, r.dscp, r.flows);
}
void hash(Digest& d, const QueueShare& s) {
  hash_all(d, s.service_class, s.dscp, s.kind, s.percent, s.queue_limit, s.burst);
}
void hash(Digest& d, const WanQos& w) {
  hash_all(d, w.link, w.interface, w.shaper, w.queues, w.default_percent);
  if (w.load_interval != 0) hash(d, w.load_interval);
}
void hash(Digest& d, const SteeringRule& r) {
  hash_all(d, r.via, r.trunk, r.backup, r.backup_trunk, r.flows);
}
void hash(Digest& d, const ProbeRule& r) {
  hash_all(d, r.link, r.service_class, r.entry, r.kind, r.target, r.port, r.source_interface,
           r.dscp, r.period, r.timeout, r.tracked);
}
void hash(Digest& d, const RouterQos& q) {
  hash_all(d, q.router, q.lan_interface, q.marking, q.wans);
  // What is absent adds nothing: journals from before there was any keep their digests.
  if (!q.steering.empty()) hash(d, q.steering);
  if (!q.probes.empty()) hash(d, q.probes);
}

/// An absent split adds nothing: journals from before there were any keep their digests.
void hash_split(Digest& d, const std::optional<Split>& split) {
  if (split) hash_all(d, split->target, split->share);
}

void hash(Digest& d, const LinkCounters& e) {
  hash_all(d, e.link, e.observed_at, e.up, e.tx_bytes, e.rx_bytes, e.tx_drops);
}
void hash(Digest& d, const ClassCounters& e) {
  hash_all(d, e.link, e.service_class, e.observed_at, e.tx_bytes, e.drop_bytes, e.queue_bytes);
}
void hash(Digest& d, const RadioSample& e) {
  hash_all(d, e.link, e.observed_at, e.access, e.in_service, e.rsrp, e.rsrq, e.sinr, e.band);
}
void hash(Digest& d, const ProbeSample& e) {
  hash_all(d, e.link, e.observed_at, e.rtt);
  if (e.service_class || e.jitter || e.loss) hash_all(d, e.service_class, e.jitter, e.loss);
}
void hash(Digest& d, const PathAlarm& e) {
  hash_all(d, e.link, e.observed_at, e.source, e.raised, e.detail);
}
void hash(Digest& d, const RouterHealth& e) {
  hash_all(d, e.router, e.observed_at, e.cpu, e.memory_free, e.app_cpu_free, e.app_memory_free);
}
void hash(Digest& d, const RouterSession& e) {
  hash_all(d, e.router, e.state, e.reason, e.detail);
}
void hash(Digest& d, const RouterQosObserved& e) {
  hash_all(d, e.router, e.observed_at, e.qos, e.foreign);
  if (!e.altered.empty()) hash(d, e.altered);
}
void hash(Digest& d, const TargetSample& e) {
  hash_all(d, e.target, e.observed_at, e.reachable, e.power_mode, e.throttle, e.load,
           e.temperature_c, e.memory_free);
}
void hash(Digest& d, const NodePort& e) {
  hash_all(d, e.target, e.observed_at, e.up);
}
void hash(Digest& d, const NodeObserved& e) {
  hash_all(d, e.target, e.observed_at, e.ready, e.heartbeat_age);
}
void hash(Digest& d, const ClosedPlace& c) {
  hash_all(d, c.target, c.code, c.detail);
}
void hash(Digest& d, const PlacementLimits& e) {
  hash_all(d, e.workload, e.observed_at, e.closed, e.may_split);
}
void hash(Digest& d, const WorkloadSample& e) {
  hash_all(d, e.workload, e.observed_at, e.target, e.window, e.arrived, e.completed, e.missed,
           e.latency, e.mean_latency);
}
void hash(Digest& d, const PlacementObserved& e) {
  hash_all(d, e.workload, e.observed_at, e.target, e.rung, e.ready);
  hash_split(d, e.split);
}
void hash(Digest& d, const ActionDone& e) {
  hash_all(d, e.id, e.outcome, e.reason, e.detail);
}
void hash(Digest& d, const DrainRequested& e) {
  hash_all(d, e.target, e.drain);
}
void hash(Digest&, const Tick&) {}
void hash(Digest& d, const TollsSet& e) {
  d.add_number(e.tolls.targets.size());
  for (const auto& [name, toll] : e.tolls.targets) hash_all(d, name, toll.level, toll.amount);
  for (const auto& [name, toll] : e.tolls.links) hash_all(d, name, toll.level, toll.amount);
}
void hash(Digest& d, const LinkUsage& e) {
  hash_all(d, e.link, e.observed_at, e.used, e.left);
}

void hash(Digest& d, const ApplyQos& a) {
  hash(d, a.desired);
}
void hash(Digest& d, const PlaceWorkload& a) {
  hash_all(d, a.workload, a.from, a.to, a.rung);
  hash_split(d, a.split);
}

}  // namespace

void Digest::add_number(std::uint64_t number) {
  // A whole word a step, not a byte: divergence is found as well, at an eighth of the work.
  m_hash = (m_hash ^ number) * kFnvPrime;
}

void Digest::add_text(std::string_view text) {
  add_number(text.size());
  for (const char c : text) m_hash = (m_hash ^ static_cast<unsigned char>(c)) * kFnvPrime;
}

void Digest::add(const Event& event) {
  hash_all(*this, event.at, event.body.index());
  std::visit([this](const auto& body) { hash(*this, body); }, event.body);
}

void Digest::add(const Action& action) {
  hash_all(*this, action.id, action.deadline, action.body.index());
  std::visit([this](const auto& body) { hash(*this, body); }, action.body);
}

}  // namespace wanwise::core
