#include "tests/support/qos_json.hpp"

#include <boost/json/array.hpp>

namespace wanwise::testing {

namespace json = boost::json;

namespace {

const char* transport_name(core::Transport transport) {
  return transport == core::Transport::udp ? "udp" : "tcp";
}
const char* queue_name(core::QueueKind kind) {
  return kind == core::QueueKind::priority ? "priority" : "remaining";
}

json::object flow_to_json(const core::FlowMatch& flow) {
  return {{"transport", transport_name(flow.transport)},
          {"source", core::to_string(flow.source)},
          {"destination", core::to_string(flow.destination)},
          {"port", flow.port}};
}

core::Ipv4Prefix prefix(JsonLine& in, const char* name, JsonLine& errors) {
  const std::string text = in.text(name);
  const auto parsed = core::parse_ipv4_prefix(text);
  if (!parsed) errors.fail("\"" + text + "\" is no prefix");
  return parsed.value_or(core::Ipv4Prefix{});
}

core::Dscp dscp(JsonLine& in, JsonLine& errors) {
  const std::string text = in.text("dscp");
  const auto parsed = core::parse_dscp(text);
  if (!parsed) errors.fail("\"" + text + "\" is no code point");
  return parsed.value_or(core::Dscp{});
}

/// The objects of a list; anything else in it is an error.
template <class Read>
void each(const json::array& list, JsonLine& errors, Read read) {
  for (const json::value& value : list) {
    if (!value.is_object()) {
      errors.fail("a list holds something else than objects");
      return;
    }
    JsonLine in(value.get_object());
    read(in);
    if (const std::string wrong = in.done(); !wrong.empty()) errors.fail(wrong);
  }
}

core::FlowMatch flow(JsonLine& one, JsonLine& errors) {
  core::FlowMatch flow;
  if (one.text("transport") == "udp") flow.transport = core::Transport::udp;
  flow.source = prefix(one, "source", errors);
  flow.destination = prefix(one, "destination", errors);
  flow.port = static_cast<std::uint16_t>(one.integer("port", 0));
  return flow;
}

core::MarkingRule marking(JsonLine& in, JsonLine& errors) {
  core::MarkingRule rule{core::ClassName{in.text("class")}, dscp(in, errors), {}};
  each(in.list("flows"), errors, [&](JsonLine& one) { rule.flows.push_back(flow(one, errors)); });
  return rule;
}

template <class Name>
std::optional<Name> maybe_name(JsonLine& in, const char* member) {
  const std::optional<std::string> text = in.maybe_text(member);
  if (!text) return std::nullopt;
  return Name{*text};
}

core::SteeringRule steering(JsonLine& in, JsonLine& errors) {
  core::SteeringRule rule;
  rule.via = core::LinkName{in.text("via")};
  rule.trunk = maybe_name<core::TrunkName>(in, "trunk");
  rule.backup = maybe_name<core::LinkName>(in, "backup");
  rule.backup_trunk = maybe_name<core::TrunkName>(in, "backup_trunk");
  each(in.list("flows"), errors, [&](JsonLine& one) { rule.flows.push_back(flow(one, errors)); });
  return rule;
}

core::ProbeRule probe(JsonLine& in, JsonLine& errors) {
  core::ProbeRule rule;
  rule.link = core::LinkName{in.text("link")};
  rule.service_class = maybe_name<core::ClassName>(in, "class");
  rule.entry = static_cast<std::uint32_t>(in.integer("entry", 0));
  if (in.text("kind") == "udp-jitter") rule.kind = core::ProbeKind::udp_jitter;
  rule.target = prefix(in, "target", errors).address;
  rule.port = static_cast<std::uint16_t>(in.integer("port", 0));
  rule.source_interface = in.text("source_interface");
  rule.dscp = dscp(in, errors);
  rule.period = core::Micros{in.thousandths("period_ms", 0)};
  rule.timeout = core::Micros{in.thousandths("timeout_ms", 0)};
  rule.tracked = in.flag("tracked", false);
  return rule;
}

core::WanQos wan(JsonLine& in, JsonLine& errors) {
  core::WanQos out;
  out.link = core::LinkName{in.text("link")};
  out.interface = in.text("interface");
  out.shaper = core::Bps{in.integer("shaper_bps", 0)};
  out.default_percent = static_cast<std::uint32_t>(in.integer("default_percent", 100));
  out.load_interval = static_cast<std::uint32_t>(in.integer("load_interval_s", 0));
  each(in.list("queues"), errors, [&](JsonLine& one) {
    core::QueueShare queue{core::ClassName{one.text("class")}, dscp(one, errors), {}, 0};
    queue.kind =
        one.text("kind") == "priority" ? core::QueueKind::priority : core::QueueKind::remaining;
    queue.percent = static_cast<std::uint32_t>(one.integer("percent", 0));
    queue.queue_limit = static_cast<std::uint32_t>(one.integer("queue_limit", 0));
    queue.burst = core::Bytes{one.integer("burst_bytes", 0)};
    out.queues.push_back(queue);
  });
  return out;
}

}  // namespace

namespace {

json::array steering_to_json(const std::vector<core::SteeringRule>& rules) {
  json::array out;
  for (const core::SteeringRule& rule : rules) {
    json::array flows;
    for (const core::FlowMatch& one : rule.flows) flows.push_back(flow_to_json(one));
    json::object object{{"via", rule.via.text}};
    if (rule.trunk) object["trunk"] = rule.trunk->text;
    if (rule.backup) object["backup"] = rule.backup->text;
    if (rule.backup_trunk) object["backup_trunk"] = rule.backup_trunk->text;
    object["flows"] = std::move(flows);
    out.push_back(std::move(object));
  }
  return out;
}

json::array probes_to_json(const std::vector<core::ProbeRule>& rules) {
  json::array out;
  for (const core::ProbeRule& rule : rules) {
    json::object object{{"link", rule.link.text}};
    if (rule.service_class) object["class"] = rule.service_class->text;
    object["entry"] = rule.entry;
    object["kind"] = rule.kind == core::ProbeKind::udp_jitter ? "udp-jitter" : "icmp-echo";
    object["target"] = core::to_string(core::Ipv4Prefix{rule.target, 32});
    if (rule.port != 0) object["port"] = rule.port;
    object["source_interface"] = rule.source_interface;
    object["dscp"] = core::dscp_name(rule.dscp);
    object["period_ms"] = rule.period.count / 1000;
    object["timeout_ms"] = rule.timeout.count / 1000;
    if (rule.tracked) object["tracked"] = true;
    out.push_back(std::move(object));
  }
  return out;
}

}  // namespace

json::object qos_to_json(const core::RouterQos& qos) {
  json::array marks;
  for (const core::MarkingRule& rule : qos.marking) {
    json::array flows;
    for (const core::FlowMatch& flow : rule.flows) flows.push_back(flow_to_json(flow));
    marks.push_back(json::object{{"class", rule.service_class.text},
                                 {"dscp", core::dscp_name(rule.dscp)},
                                 {"flows", std::move(flows)}});
  }
  json::array wans;
  for (const core::WanQos& one : qos.wans) {
    json::array queues;
    for (const core::QueueShare& queue : one.queues) {
      json::object made{{"class", queue.service_class.text},
                        {"dscp", core::dscp_name(queue.dscp)},
                        {"kind", queue_name(queue.kind)},
                        {"percent", queue.percent}};
      if (queue.queue_limit > 0) made["queue_limit"] = queue.queue_limit;
      if (queue.burst.count > 0) made["burst_bytes"] = queue.burst.count;
      queues.push_back(std::move(made));
    }
    json::object made{{"link", one.link.text},
                      {"interface", one.interface},
                      {"shaper_bps", one.shaper.count},
                      {"queues", std::move(queues)},
                      {"default_percent", one.default_percent}};
    if (one.load_interval > 0) made["load_interval_s"] = one.load_interval;
    wans.push_back(std::move(made));
  }
  json::object out{{"router", qos.router.text},
                   {"lan_interface", qos.lan_interface},
                   {"marking", std::move(marks)},
                   {"wans", std::move(wans)}};
  if (!qos.steering.empty()) out["steering"] = steering_to_json(qos.steering);
  if (!qos.probes.empty()) out["probes"] = probes_to_json(qos.probes);
  return out;
}

core::RouterQos qos_from_json(const json::object& object, JsonLine& errors) {
  JsonLine in(object);
  core::RouterQos out;
  out.router = core::RouterName{in.text("router")};
  out.lan_interface = in.text("lan_interface");
  each(in.list("marking"), errors,
       [&](JsonLine& one) { out.marking.push_back(marking(one, errors)); });
  each(in.list("wans"), errors, [&](JsonLine& one) { out.wans.push_back(wan(one, errors)); });
  each(in.list("steering"), errors,
       [&](JsonLine& one) { out.steering.push_back(steering(one, errors)); });
  each(in.list("probes"), errors, [&](JsonLine& one) { out.probes.push_back(probe(one, errors)); });
  if (const std::string wrong = in.done(); !wrong.empty()) errors.fail(wrong);
  return out;
}

}  // namespace wanwise::testing
