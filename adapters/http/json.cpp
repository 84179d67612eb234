#include "adapters/http/json.hpp"

#include <boost/json.hpp>
#include <optional>
#include <utility>
#include <variant>

#include "adapters/http/json_names.hpp"
#include "adapters/http/utf8.hpp"

namespace wanwise::http {
namespace {

namespace json = boost::json;

json::value text(std::string_view value) {
  return json::string(valid_utf8(value));
}

template <class Tag>
json::value text(const core::Name<Tag>& name) {
  return text(name.text);
}

template <class Tag>
json::value text_or_null(const std::optional<core::Name<Tag>>& name) {
  return name ? text(*name) : json::value(nullptr);
}

template <class Tag>
json::value count_or_null(const std::optional<core::Quantity<Tag>>& quantity) {
  return quantity ? json::value(quantity->count) : json::value(nullptr);
}

json::value flag_or_null(std::optional<bool> flag) {
  return flag ? json::value(*flag) : json::value(nullptr);
}

template <class Items, class Each>
json::array array_of(const Items& items, Each each) {
  json::array out;
  out.reserve(items.size());
  for (const auto& item : items) out.push_back(each(item));
  return out;
}

json::value health_json(const std::optional<core::RouterHealth>& health) {
  if (!health) return nullptr;
  return json::object{{"cpu-ppm", count_or_null(health->cpu)},
                      {"memory-free-bytes", count_or_null(health->memory_free)},
                      {"app-cpu-free-ppm", count_or_null(health->app_cpu_free)},
                      {"app-memory-free-bytes", count_or_null(health->app_memory_free)}};
}

json::value router_json(const core::RouterStatus& router) {
  return json::object{{"name", text(router.name)},
                      {"connected", router.connected},
                      {"qos-in-place", router.qos_in_place},
                      {"change-in-flight", router.change_in_flight},
                      {"health", health_json(router.health)}};
}

json::value data_plan_json(const std::optional<core::DataPlanStatus>& plan) {
  if (!plan) return nullptr;
  return json::object{{"cap-bytes", plan->cap.count},
                      {"used-bytes", plan->used.count},
                      {"left-us", plan->left.count},
                      {"pace-bps", plan->pace.count},
                      {"told", plan->told}};
}

json::value class_path_json(const core::ClassPathStatus& path) {
  return json::object{{"class", text(path.service_class)},
                      {"rtt-us", count_or_null(path.rtt)},
                      {"jitter-us", count_or_null(path.jitter)},
                      {"loss-ppm", count_or_null(path.loss)}};
}

json::value link_json(const core::LinkStatus& link) {
  return json::object{{"name", text(link.name)},
                      {"known", link.known},
                      {"up", link.up},
                      {"uplink-low-bps", link.uplink_low.count},
                      {"uplink-high-bps", link.uplink_high.count},
                      {"uplink-age-us", count_or_null(link.uplink_age)},
                      {"shaper-bps", link.shaper.count},
                      {"tx-rate-bps", link.tx_rate.count},
                      {"rtt-us", count_or_null(link.rtt)},
                      {"rtt-base-us", count_or_null(link.rtt_base)},
                      {"access", name_of(kAccessNames, link.access)},
                      {"rsrp-millidbm", count_or_null(link.rsrp)},
                      {"sinr-millidb", count_or_null(link.sinr)},
                      {"data-plan", data_plan_json(link.data_plan)},
                      {"classes", array_of(link.classes, class_path_json)}};
}

json::value target_json(const core::TargetStatus& target) {
  return json::object{{"name", text(target.name)},
                      {"known", target.known},
                      {"alive", target.alive},
                      {"draining", target.draining},
                      {"load-ppm", count_or_null(target.load)},
                      {"slowdown-ppm", target.slowdown.count},
                      {"port-up", flag_or_null(target.port_up)},
                      {"node-ready", flag_or_null(target.node_ready)},
                      {"heartbeat-age-us", count_or_null(target.heartbeat_age)}};
}

json::value forecast_json(const std::optional<core::Forecast>& forecast) {
  if (!forecast) return nullptr;
  return json::object{{"p50-us", forecast->p50.count},
                      {"p95-us", forecast->p95.count},
                      {"p99-us", forecast->p99.count}};
}

/// "split" stands there for a split only.
json::value with_split(json::object out, const std::optional<core::Split>& split) {
  if (split) {
    out["split"] = json::object{{"target", text(split->target)}, {"share-ppm", split->share.count}};
  }
  return out;
}

json::value decision_json(const std::optional<core::DecisionStatus>& decision) {
  if (!decision) return nullptr;
  return json::object{{"at-us", decision->at.micros},
                      {"proved", decision->proved},
                      {"gap-ppm", decision->gap.count}};
}

json::value workload_json(const core::WorkloadStatus& workload) {
  return with_split({{"name", text(workload.name)},
                     {"target", text_or_null(workload.target)},
                     {"rung", workload.rung},
                     {"moving", workload.moving},
                     {"met", workload.met},
                     {"demand-millihz", workload.demand.count},
                     {"predicted-us", count_or_null(workload.predicted)},
                     {"observed-us", count_or_null(workload.observed)},
                     {"forecast", forecast_json(workload.forecast)},
                     {"prediction-ratio-ppm", count_or_null(workload.prediction_ratio)}},
                    workload.split);
}

json::value degradation_json(const core::Degradation& degradation) {
  return json::object{{"code", text(degradation.code)},
                      {"subject", text(degradation.subject)},
                      {"detail", text(degradation.detail)}};
}

json::value finding_json(const core::Finding& finding) {
  return json::object{{"rule", text(finding.rule)},
                      {"wanted", text(finding.wanted)},
                      {"got", text(finding.got)},
                      {"holds", finding.holds}};
}

json::value parts_json(const std::optional<core::LatencyParts>& parts) {
  if (!parts) return nullptr;
  return json::object{{"path-us", parts->path.count},
                      {"uplink-wait-us", parts->uplink_wait.count},
                      {"uplink-send-us", parts->uplink_send.count},
                      {"downlink-us", parts->downlink.count},
                      {"target-wait-us", parts->target_wait.count},
                      {"service-us", parts->service.count}};
}

json::value what_if_json(const core::WhatIf& what_if) {
  return json::object{
      {"input", text(what_if.input)},
      {"bound", text(what_if.bound)},
      {"now", text(what_if.now)},
      {"outcome", what_if.outcome.empty() ? json::value(nullptr) : text(what_if.outcome)}};
}

json::value record_json(const core::PredictionRecord& record) {
  const json::value ended =
      record.ended_at ? json::value(record.ended_at->micros) : json::value(nullptr);
  return with_split({{"decided-at-us", record.decided_at.micros},
                     {"since-us", record.since.micros},
                     {"target", text_or_null(record.place.target)},
                     {"rung", record.place.rung},
                     {"quantile-ppm", record.quantile.count},
                     {"objective-us", record.objective.count},
                     {"predicted", forecast_json(record.predicted)},
                     {"requests", record.requests},
                     {"late", record.late},
                     {"samples", record.samples},
                     {"typical-us", count_or_null(record.typical)},
                     {"worst-us", count_or_null(record.worst)},
                     {"ended-at-us", ended},
                     {"end", name_of(kStayEndNames, record.end)}},
                    record.place.split);
}

json::value option_json(const core::OptionReport& option) {
  json::object out{{"target", text_or_null(option.target)},
                   {"link", text_or_null(option.link)},
                   {"rung", option.rung},
                   {"verdict", name_of(kVerdictNames, option.verdict)},
                   {"predicted-us", count_or_null(option.predicted)},
                   {"forecast", forecast_json(option.forecast)},
                   {"parts", parts_json(option.parts)},
                   {"first-request-us", count_or_null(option.first_request)},
                   {"findings", array_of(option.findings, finding_json)}};
  if (option.split) out["split-link"] = text_or_null(option.split_link);
  return with_split(std::move(out), option.split);
}

json::value flow_json(const core::FlowMatch& flow) {
  return json::object{{"transport", name_of(kTransportNames, flow.transport)},
                      {"source", core::to_string(flow.source)},
                      {"destination", core::to_string(flow.destination)},
                      {"port", flow.port}};
}

json::value marking_json(const core::MarkingRule& rule) {
  return json::object{{"class", text(rule.service_class)},
                      {"dscp", core::dscp_name(rule.dscp)},
                      {"flows", array_of(rule.flows, flow_json)}};
}

json::value queue_json(const core::QueueShare& queue) {
  json::object out{{"class", text(queue.service_class)},
                   {"dscp", core::dscp_name(queue.dscp)},
                   {"queue", name_of(kQueueNames, queue.kind)},
                   {"percent", queue.percent}};
  if (queue.queue_limit > 0) out["queue-limit-packets"] = queue.queue_limit;
  if (queue.burst.count > 0) out["burst-bytes"] = queue.burst.count;
  return out;
}

json::value wan_json(const core::WanQos& wan) {
  return json::object{{"link", text(wan.link)},
                      {"interface", text(wan.interface)},
                      {"shaper-bps", wan.shaper.count},
                      {"queues", array_of(wan.queues, queue_json)},
                      {"default-percent", wan.default_percent}};
}

json::value steering_json(const core::SteeringRule& rule) {
  return json::object{{"via", text(rule.via)},
                      {"trunk", text_or_null(rule.trunk)},
                      {"backup", text_or_null(rule.backup)},
                      {"backup-trunk", text_or_null(rule.backup_trunk)},
                      {"flows", array_of(rule.flows, flow_json)}};
}

json::value move_json(const Move& move) {
  const json::value outcome =
      move.outcome ? json::value(name_of(kOutcomeNames, *move.outcome)) : json::value(nullptr);
  return with_split({{"at-us", move.at.micros},
                     {"workload", text(move.workload)},
                     {"from", text_or_null(move.from)},
                     {"to", text_or_null(move.to)},
                     {"rung", move.rung},
                     {"outcome", outcome},
                     {"why", text(move.why)}},
                    move.split);
}

void add_body(json::object& out, const core::ApplyQos& body) {
  out["kind"] = "apply-qos";
  out["desired"] = to_json(body.desired);
}

void add_body(json::object& out, const core::PlaceWorkload& body) {
  out["kind"] = "place-workload";
  out["workload"] = text(body.workload);
  out["from"] = text_or_null(body.from);
  out["to"] = text_or_null(body.to);
  out["rung"] = body.rung;
  if (body.split) {
    out["split"] =
        json::object{{"target", text(body.split->target)}, {"share-ppm", body.split->share.count}};
  }
}

}  // namespace

json::value to_json(const core::Status& status) {
  return json::object{{"at-us", status.at.micros},
                      {"started", status.started},
                      {"decision", decision_json(status.decision)},
                      {"routers", array_of(status.routers, router_json)},
                      {"links", array_of(status.links, link_json)},
                      {"targets", array_of(status.targets, target_json)},
                      {"workloads", array_of(status.workloads, workload_json)},
                      {"degradations", array_of(status.degradations, degradation_json)}};
}

json::value to_json(const core::Explanation& explanation) {
  return json::object{
      {"workload", text(explanation.workload)},
      {"decided-at-us", explanation.decided_at.micros},
      {"summary", text(explanation.summary)},
      {"would-change", text(explanation.would_change)},
      {"what-if", array_of(explanation.what_if, what_if_json)},
      {"present", explanation.present ? record_json(*explanation.present) : json::value(nullptr)},
      {"options", array_of(explanation.options, option_json)}};
}

json::value to_json(const core::RouterQos& qos) {
  return json::object{{"router", text(qos.router)},
                      {"lan-interface", text(qos.lan_interface)},
                      {"marking", array_of(qos.marking, marking_json)},
                      {"wans", array_of(qos.wans, wan_json)},
                      {"steering", array_of(qos.steering, steering_json)}};
}

json::value to_json(const core::Action& action) {
  json::object out{
      {"id", action.id}, {"deadline-us", action.deadline.micros}, {"why", text(action.why)}};
  std::visit([&](const auto& body) { add_body(out, body); }, action.body);
  return out;
}

json::value to_json(const std::vector<Move>& moves) {
  return json::object{{"moves", array_of(moves, move_json)}};
}

json::value to_json(const core::WorkloadName& workload,
                    const std::vector<core::PredictionRecord>& places) {
  return json::object{{"workload", text(workload)}, {"places", array_of(places, record_json)}};
}

json::value to_json(const core::Error& error, const std::vector<std::string>& allowed) {
  return json::object{{"code", text(error.code)},
                      {"message", text(error.message)},
                      {"allowed", array_of(allowed, [](const auto& item) { return text(item); })}};
}

}  // namespace wanwise::http
