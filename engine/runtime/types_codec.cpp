#include "engine/runtime/types_codec.hpp"

#include <cstdint>
#include <limits>
#include <variant>

namespace wanwise::runtime {
namespace {

/// `value` when it is at most `max`, else a fault.
template <class Out>
Out bounded(std::uint32_t value, std::uint32_t max, const char* name, Fault& fault) {
  if (value > max) {
    fault.note(std::string(name) + " " + std::to_string(value) + " (allowed: 0.." +
               std::to_string(max) + ")");
    return Out{};
  }
  return static_cast<Out>(value);
}

core::Dscp dscp_from_wire(std::uint32_t value, Fault& fault) {
  return core::Dscp{bounded<std::uint8_t>(value, 63, "dscp", fault)};  // RFC 2474: six bits
}

void to_wire(core::Ipv4Prefix in, v1::Prefix& out) {
  out.set_address(in.address);
  out.set_length(in.length);
}

core::Ipv4Prefix from_wire(const v1::Prefix& in, Fault& fault) {
  return {in.address(), bounded<std::uint8_t>(in.length(), 32, "prefix length", fault)};
}

void to_wire(const core::FlowMatch& in, v1::FlowMatch& out) {
  out.set_transport(enum_to_wire<v1::Transport>(in.transport));
  to_wire(in.source, *out.mutable_source());
  to_wire(in.destination, *out.mutable_destination());
  out.set_port(in.port);
}

core::FlowMatch from_wire(const v1::FlowMatch& in, Fault& fault) {
  core::FlowMatch out;
  out.transport = enum_from_wire(in.transport(), core::Transport::udp, "flow transport", fault);
  out.source = from_wire(in.source(), fault);
  out.destination = from_wire(in.destination(), fault);
  out.port = bounded<std::uint16_t>(in.port(), std::numeric_limits<std::uint16_t>::max(),
                                    "flow port", fault);
  return out;
}

void to_wire(const core::MarkingRule& in, v1::MarkingRule& out) {
  out.set_service_class(in.service_class.text);
  out.set_dscp(in.dscp.value);
  for (const core::FlowMatch& flow : in.flows) to_wire(flow, *out.add_flows());
}

core::MarkingRule from_wire(const v1::MarkingRule& in, Fault& fault) {
  core::MarkingRule out;
  out.service_class = core::ClassName{in.service_class()};
  out.dscp = dscp_from_wire(in.dscp(), fault);
  for (const v1::FlowMatch& wire : in.flows()) out.flows.push_back(from_wire(wire, fault));
  return out;
}

void to_wire(const core::WanQos& in, v1::WanQos& out) {
  out.set_link(in.link.text);
  out.set_interface(in.interface);
  out.set_shaper_bps(in.shaper.count);
  for (const core::QueueShare& queue : in.queues) {
    v1::QueueShare& wire = *out.add_queues();
    wire.set_service_class(queue.service_class.text);
    wire.set_dscp(queue.dscp.value);
    wire.set_kind(enum_to_wire<v1::QueueKind>(queue.kind));
    wire.set_percent(queue.percent);
    wire.set_queue_limit(queue.queue_limit);
    wire.set_burst_bytes(queue.burst.count);
  }
  out.set_default_percent(in.default_percent);
  out.set_load_interval_s(in.load_interval);
}

core::WanQos from_wire(const v1::WanQos& in, Fault& fault) {
  core::WanQos out;
  out.link = core::LinkName{in.link()};
  out.interface = in.interface();
  out.shaper = core::Bps{in.shaper_bps()};
  for (const v1::QueueShare& wire : in.queues()) {
    core::QueueShare queue;
    queue.service_class = core::ClassName{wire.service_class()};
    queue.dscp = dscp_from_wire(wire.dscp(), fault);
    queue.kind = enum_from_wire(wire.kind(), core::QueueKind::remaining, "queue kind", fault);
    queue.percent = wire.percent();
    queue.queue_limit = wire.queue_limit();
    queue.burst = core::Bytes{wire.burst_bytes()};
    out.queues.push_back(queue);
  }
  out.default_percent = in.default_percent();
  out.load_interval = in.load_interval_s();
  return out;
}

void to_wire(const core::SteeringRule& in, v1::SteeringRule& out) {
  out.set_via(in.via.text);
  if (in.trunk) out.set_trunk(in.trunk->text);
  if (in.backup) out.set_backup(in.backup->text);
  if (in.backup_trunk) out.set_backup_trunk(in.backup_trunk->text);
  for (const core::FlowMatch& flow : in.flows) to_wire(flow, *out.add_flows());
}

core::SteeringRule from_wire(const v1::SteeringRule& in, Fault& fault) {
  core::SteeringRule out;
  out.via = core::LinkName{in.via()};
  if (in.has_trunk()) out.trunk = core::TrunkName{in.trunk()};
  if (in.has_backup()) out.backup = core::LinkName{in.backup()};
  if (in.has_backup_trunk()) out.backup_trunk = core::TrunkName{in.backup_trunk()};
  for (const v1::FlowMatch& wire : in.flows()) out.flows.push_back(from_wire(wire, fault));
  return out;
}

void to_wire(const core::ProbeRule& in, v1::ProbeRule& out) {
  out.set_link(in.link.text);
  if (in.service_class) out.set_service_class(in.service_class->text);
  out.set_entry(in.entry);
  out.set_kind(enum_to_wire<v1::ProbeKind>(in.kind));
  out.set_target(in.target);
  out.set_port(in.port);
  out.set_source_interface(in.source_interface);
  out.set_dscp(in.dscp.value);
  out.set_period_us(in.period.count);
  out.set_timeout_us(in.timeout.count);
  out.set_tracked(in.tracked);
}

core::ProbeRule from_wire(const v1::ProbeRule& in, Fault& fault) {
  core::ProbeRule out;
  out.link = core::LinkName{in.link()};
  if (in.has_service_class()) out.service_class = core::ClassName{in.service_class()};
  out.entry = in.entry();
  out.kind = enum_from_wire(in.kind(), core::ProbeKind::udp_jitter, "probe kind", fault);
  out.target = in.target();
  if (in.port() > UINT16_MAX) fault.note("port above 65535");
  out.port = static_cast<std::uint16_t>(in.port());
  out.source_interface = in.source_interface();
  out.dscp = dscp_from_wire(in.dscp(), fault);
  out.period = core::Micros{in.period_us()};
  out.timeout = core::Micros{in.timeout_us()};
  out.tracked = in.tracked();
  return out;
}

void to_wire(const core::PlaceWorkload& in, v1::PlaceWorkload& out) {
  out.set_workload(in.workload.text);
  if (in.from) out.set_from(in.from->text);
  if (in.to) out.set_to(in.to->text);
  out.set_rung(in.rung);
  if (in.split) split_to_wire(*in.split, *out.mutable_split());
}

core::PlaceWorkload from_wire(const v1::PlaceWorkload& in) {
  core::PlaceWorkload out;
  out.workload = core::WorkloadName{in.workload()};
  if (in.has_from()) out.from = core::TargetName{in.from()};
  if (in.has_to()) out.to = core::TargetName{in.to()};
  out.rung = in.rung();
  if (in.has_split()) out.split = split_from_wire(in.split());
  return out;
}

core::OptionReport from_wire(const v1::OptionReport& in, Fault& fault) {
  core::OptionReport out;
  if (in.has_target()) out.target = core::TargetName{in.target()};
  if (in.has_link()) out.link = core::LinkName{in.link()};
  out.rung = in.rung();
  out.verdict = enum_from_wire(in.verdict(), core::Verdict::held, "verdict", fault);
  if (in.has_predicted_us()) out.predicted = core::Micros{in.predicted_us()};
  for (const v1::Finding& wire : in.findings()) {
    out.findings.push_back({wire.rule(), wire.wanted(), wire.got(), wire.holds()});
  }
  if (in.has_split()) out.split = split_from_wire(in.split());
  if (in.has_split_link()) out.split_link = core::LinkName{in.split_link()};
  return out;
}

void to_wire(const core::OptionReport& in, v1::OptionReport& out) {
  if (in.target) out.set_target(in.target->text);
  if (in.link) out.set_link(in.link->text);
  out.set_rung(in.rung);
  out.set_verdict(enum_to_wire<v1::Verdict>(in.verdict));
  if (in.predicted) out.set_predicted_us(in.predicted->count);
  for (const core::Finding& finding : in.findings) {
    v1::Finding& wire = *out.add_findings();
    wire.set_rule(finding.rule);
    wire.set_wanted(finding.wanted);
    wire.set_got(finding.got);
    wire.set_holds(finding.holds);
  }
  if (in.split) split_to_wire(*in.split, *out.mutable_split());
  if (in.split_link) out.set_split_link(in.split_link->text);
}

}  // namespace

void split_to_wire(const core::Split& in, v1::Split& out) {
  out.set_target(in.target.text);
  out.set_share_ppm(in.share.count);
}

core::Split split_from_wire(const v1::Split& in) {
  return {core::TargetName{in.target()}, core::Ppm{in.share_ppm()}};
}

void to_wire(const core::RouterQos& in, v1::RouterQos& out) {
  out.set_router(in.router.text);
  out.set_lan_interface(in.lan_interface);
  for (const core::MarkingRule& rule : in.marking) to_wire(rule, *out.add_marking());
  for (const core::WanQos& wan : in.wans) to_wire(wan, *out.add_wans());
  for (const core::SteeringRule& rule : in.steering) to_wire(rule, *out.add_steering());
  for (const core::ProbeRule& rule : in.probes) to_wire(rule, *out.add_probes());
}

core::RouterQos from_wire(const v1::RouterQos& in, Fault& fault) {
  core::RouterQos out;
  out.router = core::RouterName{in.router()};
  out.lan_interface = in.lan_interface();
  for (const v1::MarkingRule& rule : in.marking()) out.marking.push_back(from_wire(rule, fault));
  for (const v1::WanQos& wan : in.wans()) out.wans.push_back(from_wire(wan, fault));
  for (const v1::SteeringRule& rule : in.steering()) {
    out.steering.push_back(from_wire(rule, fault));
  }
  for (const v1::ProbeRule& rule : in.probes()) out.probes.push_back(from_wire(rule, fault));
  return out;
}

void to_wire(const core::Action& in, v1::Action& out) {
  out.set_id(in.id);
  out.set_deadline_us(in.deadline.micros);
  out.set_why(in.why);
  if (const auto* qos = std::get_if<core::ApplyQos>(&in.body)) {
    to_wire(qos->desired, *out.mutable_apply_qos()->mutable_desired());
  } else {
    to_wire(std::get<core::PlaceWorkload>(in.body), *out.mutable_place_workload());
  }
}

core::Action from_wire(const v1::Action& in, Fault& fault) {
  core::Action out;
  out.id = in.id();
  out.deadline = core::Instant{in.deadline_us()};
  out.why = in.why();
  if (in.has_apply_qos()) {
    out.body = core::ApplyQos{from_wire(in.apply_qos().desired(), fault)};
  } else if (in.has_place_workload()) {
    out.body = from_wire(in.place_workload());
  } else {
    fault.note("action without a body");
  }
  return out;
}

void to_wire(const core::ActionDone& in, v1::ActionDone& out) {
  out.set_id(in.id);
  out.set_outcome(enum_to_wire<v1::Outcome>(in.outcome));
  out.set_reason(in.reason);
  out.set_detail(in.detail);
}

core::ActionDone from_wire(const v1::ActionDone& in, Fault& fault) {
  return {in.id(), enum_from_wire(in.outcome(), core::Outcome::unknown, "outcome", fault),
          in.reason(), in.detail()};
}

void to_wire(const core::Explanation& in, v1::Explanation& out) {
  out.set_workload(in.workload.text);
  out.set_decided_at_us(in.decided_at.micros);
  out.set_summary(in.summary);
  out.set_would_change(in.would_change);
  for (const core::OptionReport& option : in.options) to_wire(option, *out.add_options());
}

core::Explanation from_wire(const v1::Explanation& in, Fault& fault) {
  core::Explanation out;
  out.workload = core::WorkloadName{in.workload()};
  out.decided_at = core::Instant{in.decided_at_us()};
  out.summary = in.summary();
  out.would_change = in.would_change();
  for (const v1::OptionReport& option : in.options()) {
    out.options.push_back(from_wire(option, fault));
  }
  return out;
}

}  // namespace wanwise::runtime
