#include "sim/router/config/qos_extract.hpp"

#include <limits>
#include <utility>

#include "sim/router/config/config_view.hpp"

namespace wanwise::router {
namespace {

constexpr const char* kDefaultClass = "class-default";

std::optional<core::Ipv4Prefix> network(const lyd_node* rule, const char* address,
                                        const char* wildcard) {
  const auto base = core::parse_ipv4_prefix(child_text(rule, address));
  const auto mask = core::parse_ipv4_prefix(child_text(rule, wildcard));
  if (!base || !mask) {
    return std::nullopt;
  }
  // A wildcard mask has its set bits at the end: 0.0.0.255 is /24. Others are no prefix.
  const std::uint32_t free_bits = mask->address;
  if ((free_bits & (free_bits + 1)) != 0) {
    return std::nullopt;
  }
  std::uint8_t length = 32;
  while (length > 0 && ((free_bits >> (32 - length)) & 1U) != 0) {
    --length;
  }
  return core::Ipv4Prefix{base->address & ~free_bits, length};
}

std::optional<core::Ipv4Prefix> source_of(const lyd_node* rule) {
  if (child(rule, "any") != nullptr) {
    return core::Ipv4Prefix{0, 0};
  }
  if (child(rule, "host-address") != nullptr) {
    return core::parse_ipv4_prefix(child_text(rule, "host-address"));
  }
  return network(rule, "ipv4-address", "mask");
}

std::optional<core::Ipv4Prefix> destination_of(const lyd_node* rule) {
  if (child(rule, "dst-any") != nullptr) {
    return core::Ipv4Prefix{0, 0};
  }
  if (child(rule, "dst-host-address") != nullptr) {
    return core::parse_ipv4_prefix(child_text(rule, "dst-host-address"));
  }
  return network(rule, "dest-ipv4-address", "dest-mask");
}

std::optional<core::FlowMatch> flow_of(const lyd_node* rule) {
  const std::string protocol = child_text(rule, "protocol");
  const auto source = source_of(rule);
  const auto destination = destination_of(rule);
  const auto port = child_number(rule, "dst-eq");
  if (child_text(rule, "action") != "permit" || !source || !destination || !port ||
      *port > std::numeric_limits<std::uint16_t>::max() ||
      (protocol != "tcp" && protocol != "udp")) {
    return std::nullopt;
  }
  return core::FlowMatch{
      .transport = protocol == "tcp" ? core::Transport::tcp : core::Transport::udp,
      .source = *source,
      .destination = *destination,
      .port = static_cast<std::uint16_t>(*port)};
}

std::vector<core::FlowMatch> flows_of(const lyd_node* native, const lyd_node* class_map) {
  std::vector<core::FlowMatch> out;
  const lyd_node* match = descend(class_map, {"match", "access-group"});
  for (const lyd_node* group : children(match, "name")) {
    for (const core::FlowMatch& flow : flows_of_list(native, text(group))) {
      out.push_back(flow);
    }
  }
  return out;
}

void add_marks(const lyd_node* native, const lyd_node* policy, std::vector<sim::MarkRule>& out) {
  for (const lyd_node* entry : children(policy, "class")) {
    const lyd_node* dscp = descend(action(entry, "set"), {"dscp", "dscp-val"});
    const auto value = core::parse_dscp(text(dscp));
    if (dscp == nullptr || !value) {
      continue;
    }
    const lyd_node* class_map =
        named(child(native, "policy"), "class-map", child_text(entry, "name"));
    for (const core::FlowMatch& flow : flows_of(native, class_map)) {
      out.push_back({.flow = flow, .dscp = *value});
    }
  }
}

sim::QueueConfig queue_of(const lyd_node* native, const lyd_node* entry) {
  sim::QueueConfig out;
  out.name = child_text(entry, "name");
  const lyd_node* class_map = named(child(native, "policy"), "class-map", out.name);
  for (const lyd_node* dscp : children(child(class_map, "match"), "dscp")) {
    if (auto value = core::parse_dscp(text(dscp))) {
      out.dscps.push_back(*value);
    }
  }
  const lyd_node* bandwidth = action(entry, "bandwidth");
  if (const lyd_node* priority = action(entry, "priority")) {
    out.kind = core::QueueKind::priority;
    out.percent = static_cast<std::uint32_t>(child_number(priority, "percent").value_or(0));
    out.burst = static_cast<std::int64_t>(child_number(priority, "burst").value_or(0));
  } else if (auto share = child_number(child(bandwidth, "remaining"), "percent")) {
    out.percent = static_cast<std::uint32_t>(*share);
  } else {
    out.percent = static_cast<std::uint32_t>(child_number(bandwidth, "percent").value_or(0));
  }
  const lyd_node* limit = action(entry, "queue-limit");
  const std::string unit = child_text(limit, "queue-limit-type");
  if (unit.empty() || unit == "packets")  // the data plane counts packets alone
    out.queue_limit =
        static_cast<std::uint32_t>(child_number(limit, "queue-limit-value").value_or(0));
  return out;
}

void add_queues(const lyd_node* native, const lyd_node* policy, sim::OutputPolicy& out) {
  for (const lyd_node* entry : children(policy, "class")) {
    sim::QueueConfig queue = queue_of(native, entry);
    if (queue.name == kDefaultClass) {
      out.default_percent = queue.percent;
    } else {
      out.queues.push_back(std::move(queue));
    }
  }
}

sim::OutputPolicy output_of(const lyd_node* native, const std::string& name) {
  sim::OutputPolicy out;
  out.parent = name;
  const lyd_node* policies = child(native, "policy");
  const lyd_node* parent = named(policies, "policy-map", name);
  const lyd_node* everything = named(parent, "class", kDefaultClass);
  const auto rate = child_number(descend(action(everything, "shape"), {"average"}), "bit-rate");
  if (rate) {
    out.shaper = core::Bps{static_cast<std::int64_t>(*rate)};
  }
  out.child = text(action(everything, "service-policy"));
  add_queues(native, out.child.empty() ? parent : named(policies, "policy-map", out.child), out);
  return out;
}

}  // namespace

std::vector<core::FlowMatch> flows_of_list(const lyd_node* native, const std::string& name) {
  std::vector<core::FlowMatch> out;
  const lyd_node* list = named(descend(native, {"ip", "access-list"}), "extended", name);
  for (const lyd_node* entry : children(list, "access-list-seq-rule")) {
    if (auto flow = flow_of(child(entry, "ace-rule"))) {
      out.push_back(*flow);
    }
  }
  return out;
}

sim::QosConfig extract_qos(const Tree& running) {
  sim::QosConfig out;
  const lyd_node* native = native_of(running);
  const lyd_node* policies = child(native, "policy");
  for (const ConfiguredInterface& port : interfaces_of(native)) {
    if (!port.input.empty()) {
      add_marks(native, named(policies, "policy-map", port.input), out.marks);
    }
    sim::InterfaceQos qos{.interface = port.name, .output = std::nullopt};
    if (!port.output.empty()) {
      qos.output = output_of(native, port.output);
    }
    out.interfaces.push_back(std::move(qos));
  }
  return out;
}

}  // namespace wanwise::router
