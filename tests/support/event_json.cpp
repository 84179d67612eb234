#include "tests/support/event_json.hpp"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "tests/support/json_line.hpp"
#include "tests/support/qos_json.hpp"

namespace wanwise::testing {

namespace json = boost::json;
using core::Instant;

namespace {

constexpr std::array<const char*, 6> kAccess{"none", "gsm", "umts", "lte", "nr-nsa", "nr-sa"};
constexpr std::array<const char*, 2> kSessions{"connected", "disconnected"};
constexpr std::array kAlarmSources{"bfd", "probe-reaction"};
constexpr std::array<const char*, 4> kOutcomes{"done", "refused", "failed", "unknown"};

// ---- out

json::value thousandths(std::int64_t count) {
  if (count % 1'000 == 0) return count / 1'000;
  return static_cast<double>(count) / 1e3;
}

template <class Quantity>
json::value maybe_thousandths(const std::optional<Quantity>& quantity) {
  return quantity ? thousandths(quantity->count) : json::value(nullptr);
}
template <class Quantity>
json::value maybe_count(const std::optional<Quantity>& quantity) {
  return quantity ? json::value(quantity->count) : json::value(nullptr);
}
template <class Name>
json::value maybe_name(const std::optional<Name>& name) {
  return name ? json::value(name->text) : json::value(nullptr);
}
json::value maybe_int(const std::optional<std::int32_t>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

json::object members(const core::LinkCounters& e) {
  return {{"event", "link-counters"}, {"observed_ms", thousandths(e.observed_at.micros)},
          {"link", e.link.text},      {"up", e.up},
          {"tx_bytes", e.tx_bytes},   {"rx_bytes", e.rx_bytes},
          {"tx_drops", e.tx_drops}};
}
json::object members(const core::ClassCounters& e) {
  return {{"event", "class-counters"},   {"observed_ms", thousandths(e.observed_at.micros)},
          {"link", e.link.text},         {"class", e.service_class.text},
          {"tx_bytes", e.tx_bytes},      {"drop_bytes", e.drop_bytes},
          {"queue_bytes", e.queue_bytes}};
}
json::object members(const core::RadioSample& e) {
  return {{"event", "radio"},
          {"observed_ms", thousandths(e.observed_at.micros)},
          {"link", e.link.text},
          {"access", kAccess[static_cast<std::size_t>(e.access)]},
          {"in_service", e.in_service},
          {"rsrp_dbm", maybe_thousandths(e.rsrp)},
          {"rsrq_db", maybe_thousandths(e.rsrq)},
          {"sinr_db", maybe_thousandths(e.sinr)},
          {"band", maybe_int(e.band)}};
}
json::object members(const core::ProbeSample& e) {
  json::object out{{"event", "probe"},
                   {"observed_ms", thousandths(e.observed_at.micros)},
                   {"link", e.link.text},
                   {"rtt_ms", maybe_thousandths(e.rtt)}};
  if (e.service_class) out["class"] = e.service_class->text;
  if (e.jitter) out["jitter_ms"] = thousandths(e.jitter->count);
  if (e.loss) out["loss_ppm"] = e.loss->count;
  return out;
}
json::object members(const core::PathAlarm& e) {
  return {{"event", "path-alarm"}, {"observed_ms", thousandths(e.observed_at.micros)},
          {"link", e.link.text},   {"source", kAlarmSources[static_cast<std::size_t>(e.source)]},
          {"raised", e.raised},    {"detail", e.detail}};
}
json::object members(const core::RouterHealth& e) {
  return {{"event", "router-health"},
          {"observed_ms", thousandths(e.observed_at.micros)},
          {"router", e.router.text},
          {"cpu_ppm", maybe_count(e.cpu)},
          {"memory_free_bytes", maybe_count(e.memory_free)},
          {"app_cpu_free_ppm", maybe_count(e.app_cpu_free)},
          {"app_memory_free_bytes", maybe_count(e.app_memory_free)}};
}
json::object members(const core::RouterSession& e) {
  return {{"event", "router-session"},
          {"router", e.router.text},
          {"state", kSessions[static_cast<std::size_t>(e.state)]},
          {"reason", e.reason},
          {"detail", e.detail}};
}
json::object members(const core::RouterQosObserved& e) {
  json::array foreign;
  for (const std::string& line : e.foreign) foreign.emplace_back(line);
  json::object out{{"event", "router-qos"},
                   {"observed_ms", thousandths(e.observed_at.micros)},
                   {"router", e.router.text},
                   {"qos", e.qos ? json::value(qos_to_json(*e.qos)) : json::value(nullptr)},
                   {"foreign", std::move(foreign)}};
  if (!e.altered.empty()) out["altered"] = json::array(e.altered.begin(), e.altered.end());
  return out;
}
json::object members(const core::TargetSample& e) {
  return {{"event", "target"},
          {"observed_ms", thousandths(e.observed_at.micros)},
          {"target", e.target.text},
          {"reachable", e.reachable},
          {"power_mode", maybe_name(e.power_mode)},
          {"throttle_ppm", maybe_count(e.throttle)},
          {"load_ppm", maybe_count(e.load)},
          {"temperature_c", maybe_int(e.temperature_c)},
          {"memory_free_bytes", maybe_count(e.memory_free)}};
}
json::object members(const core::NodePort& e) {
  return {{"event", "node-port"},
          {"observed_ms", thousandths(e.observed_at.micros)},
          {"target", e.target.text},
          {"up", e.up}};
}
json::object members(const core::NodeObserved& e) {
  return {{"event", "node"},
          {"observed_ms", thousandths(e.observed_at.micros)},
          {"target", e.target.text},
          {"ready", e.ready},
          {"heartbeat_age_ms", maybe_thousandths(e.heartbeat_age)}};
}
json::object members(const core::PlacementLimits& e) {
  json::array closed;
  for (const core::ClosedPlace& one : e.closed) {
    closed.push_back(json::object{
        {"target", maybe_name(one.target)}, {"code", one.code}, {"detail", one.detail}});
  }
  return {{"event", "limits"},
          {"observed_ms", thousandths(e.observed_at.micros)},
          {"workload", e.workload.text},
          {"closed", std::move(closed)},
          {"may_split", e.may_split}};
}
json::object members(const core::WorkloadSample& e) {
  return {{"event", "workload"},
          {"observed_ms", thousandths(e.observed_at.micros)},
          {"workload", e.workload.text},
          {"target", e.target.text},
          {"window_ms", thousandths(e.window.count)},
          {"arrived", e.arrived},
          {"completed", e.completed},
          {"missed", e.missed},
          {"latency_ms", maybe_thousandths(e.latency)},
          {"mean_ms", maybe_thousandths(e.mean_latency)}};
}
/// Two members, for a split only.
void add_split(json::object& out, const std::optional<core::Split>& split) {
  if (!split) return;
  out["split"] = split->target.text;
  out["split_ppm"] = split->share.count;
}
json::object members(const core::PlacementObserved& e) {
  json::object out{{"event", "placement"},
                   {"observed_ms", thousandths(e.observed_at.micros)},
                   {"workload", e.workload.text},
                   {"target", maybe_name(e.target)},
                   {"rung", e.rung},
                   {"ready", e.ready}};
  add_split(out, e.split);
  return out;
}
json::object members(const core::ActionDone& e) {
  return {{"event", "action-done"},
          {"id", e.id},
          {"outcome", kOutcomes[static_cast<std::size_t>(e.outcome)]},
          {"reason", e.reason},
          {"detail", e.detail}};
}
json::object members(const core::DrainRequested& e) {
  return {{"event", "drain"}, {"target", e.target.text}, {"drain", e.drain}};
}
json::object members(const core::LinkUsage& e) {
  return {{"event", "link-usage"},
          {"observed_ms", thousandths(e.observed_at.micros)},
          {"link", e.link.text},
          {"used_bytes", e.used.count},
          {"left_ms", thousandths(e.left.count)}};
}
json::object members(const core::TollsSet& e) {
  const auto list = [](const auto& tolls) {
    json::object out;
    for (const auto& [name, toll] : tolls) {
      out[name.text] = json::array{static_cast<int>(toll.level), toll.amount};
    }
    return out;
  };
  return {{"event", "tolls"}, {"targets", list(e.tolls.targets)}, {"links", list(e.tolls.links)}};
}
json::object members(const core::Tick&) {
  return {{"event", "tick"}};
}

// ---- in

template <std::size_t N>
std::size_t one_of(JsonLine& in, const char* name, const std::array<const char*, N>& allowed,
                   std::size_t otherwise) {
  const std::optional<std::string> text = in.maybe_text(name);
  if (!text) return otherwise;
  for (std::size_t i = 0; i < N; ++i) {
    if (*text == allowed[i]) return i;
  }
  std::string all;
  for (const char* one : allowed) all += std::string(all.empty() ? "" : ", ") + one;
  in.fail(std::string(name) + " \"" + *text + "\" (allowed: " + all + ")");
  return otherwise;
}

template <class Quantity>
std::optional<Quantity> quantity(std::optional<std::int64_t> count) {
  if (!count) return std::nullopt;
  return Quantity{*count};
}
template <class Name>
std::optional<Name> name_of(std::optional<std::string> text) {
  if (!text) return std::nullopt;
  return Name{std::move(*text)};
}
std::optional<std::int32_t> small(std::optional<std::int64_t> value) {
  if (!value) return std::nullopt;
  return static_cast<std::int32_t>(*value);
}

Instant observed(JsonLine& in, Instant at) {
  return Instant{in.thousandths("observed_ms", at.micros)};
}

core::EventBody link_counters(JsonLine& in, Instant at) {
  return core::LinkCounters{
      core::LinkName{in.text("link")}, observed(in, at),       in.flag("up", true),
      in.counter("tx_bytes"),          in.counter("rx_bytes"), in.counter("tx_drops")};
}

core::EventBody class_counters(JsonLine& in, Instant at) {
  return core::ClassCounters{core::LinkName{in.text("link")},
                             core::ClassName{in.text("class")},
                             observed(in, at),
                             in.counter("tx_bytes"),
                             in.counter("drop_bytes"),
                             in.counter("queue_bytes")};
}

core::EventBody radio(JsonLine& in, Instant at) {
  core::RadioSample out;
  out.link = core::LinkName{in.text("link")};
  out.observed_at = observed(in, at);
  out.access = static_cast<core::RadioAccess>(one_of(in, "access", kAccess, 3));
  out.in_service = in.flag("in_service", true);
  out.rsrp = quantity<core::MilliDb>(in.maybe_thousandths("rsrp_dbm"));
  out.rsrq = quantity<core::MilliDb>(in.maybe_thousandths("rsrq_db"));
  out.sinr = quantity<core::MilliDb>(in.maybe_thousandths("sinr_db"));
  out.band = small(in.maybe_integer("band"));
  return out;
}

core::EventBody router_qos(JsonLine& in, Instant at, const EventContext& context) {
  core::RouterQosObserved out;
  out.router = core::RouterName{in.text("router")};
  out.observed_at = observed(in, at);
  for (const json::value& line : in.list("foreign")) {
    if (line.is_string()) out.foreign.emplace_back(line.get_string());
  }
  for (const json::value& line : in.list("altered")) {
    if (line.is_string()) out.altered.emplace_back(line.get_string());
  }
  if (!in.has("qos")) return out;
  // `"qos": "as-applied"`, null, or the whole object.
  JsonLine copy = in;
  if (const auto object = copy.maybe_object("qos")) {
    in.maybe_object("qos");
    out.qos = qos_from_json(*object, in);
  } else if (const auto word = in.maybe_text("qos")) {
    out.qos = context.applied_qos(out.router);
    if (*word != "as-applied") in.fail("qos \"" + *word + "\" (allowed: as-applied, an object)");
    if (!out.qos) in.fail("nothing was applied to \"" + out.router.text + "\" yet");
  }
  return out;
}

core::EventBody limits(JsonLine& in, Instant at) {
  core::PlacementLimits out;
  out.workload = core::WorkloadName{in.text("workload")};
  out.observed_at = observed(in, at);
  for (const json::value& value : in.list("closed")) {
    JsonLine one(json::serialize(value));
    out.closed.push_back({name_of<core::TargetName>(one.maybe_text("target")), one.text("code"),
                          one.maybe_text("detail").value_or("")});
  }
  out.may_split = in.flag("may_split", true);
  return out;
}

core::EventBody target(JsonLine& in, Instant at) {
  core::TargetSample out;
  out.target = core::TargetName{in.text("target")};
  out.observed_at = observed(in, at);
  out.reachable = in.flag("reachable", true);
  out.power_mode = name_of<core::PowerModeName>(in.maybe_text("power_mode"));
  out.throttle = quantity<core::Ppm>(in.maybe_integer("throttle_ppm"));
  out.load = quantity<core::Ppm>(in.maybe_integer("load_ppm"));
  out.temperature_c = small(in.maybe_integer("temperature_c"));
  out.memory_free = quantity<core::Bytes>(in.maybe_integer("memory_free_bytes"));
  return out;
}

core::EventBody workload(JsonLine& in, Instant at) {
  core::WorkloadSample out;
  out.workload = core::WorkloadName{in.text("workload")};
  out.observed_at = observed(in, at);
  out.target = core::TargetName{in.text("target")};
  out.window = core::Micros{in.thousandths("window_ms", 1'000'000)};
  out.arrived = in.integer("arrived", 0);
  out.completed = in.integer("completed", out.arrived);
  out.missed = in.integer("missed", 0);
  out.latency = quantity<core::Micros>(in.maybe_thousandths("latency_ms"));
  out.mean_latency = quantity<core::Micros>(in.maybe_thousandths("mean_ms"));
  return out;
}

core::EventBody placement(JsonLine& in, Instant at) {
  core::PlacementObserved out;
  out.workload = core::WorkloadName{in.text("workload")};
  out.observed_at = observed(in, at);
  out.target = name_of<core::TargetName>(in.maybe_text("target"));
  out.rung = static_cast<std::int32_t>(in.integer("rung", 0));
  out.ready = in.flag("ready", out.target.has_value());
  if (auto split = in.maybe_text("split")) {
    out.split = core::Split{core::TargetName{std::move(*split)},
                            core::Ppm{in.integer("split_ppm", 500'000)}};
  }
  return out;
}

core::EventBody action_done(JsonLine& in, const EventContext& context) {
  core::ActionDone out;
  if (const auto which = in.maybe_text("of")) {
    const auto id = context.action_of(*which);
    if (!id) in.fail("no action \"" + *which + "\" was emitted yet");
    out.id = id.value_or(0);
  } else {
    out.id = in.counter("id");
  }
  out.outcome = static_cast<core::Outcome>(one_of(in, "outcome", kOutcomes, 0));
  out.reason = in.maybe_text("reason").value_or("");
  out.detail = in.maybe_text("detail").value_or("");
  return out;
}

core::EventBody router_session(JsonLine& in) {
  core::RouterSession out;
  out.router = core::RouterName{in.text("router")};
  out.state = static_cast<core::SessionState>(one_of(in, "state", kSessions, 0));
  out.reason = in.maybe_text("reason").value_or("");
  out.detail = in.maybe_text("detail").value_or("");
  return out;
}

core::EventBody read_body(JsonLine& in, Instant at, const EventContext& context) {
  const std::string kind = in.text("event");
  if (kind == "link-counters") return link_counters(in, at);
  if (kind == "class-counters") return class_counters(in, at);
  if (kind == "radio") return radio(in, at);
  if (kind == "router-session") return router_session(in);
  if (kind == "router-qos") return router_qos(in, at, context);
  if (kind == "target") return target(in, at);
  if (kind == "workload") return workload(in, at);
  if (kind == "placement") return placement(in, at);
  if (kind == "action-done") return action_done(in, context);
  if (kind == "drain") {
    return core::DrainRequested{core::TargetName{in.text("target")}, in.flag("drain", true)};
  }
  if (kind == "probe") {
    return core::ProbeSample{core::LinkName{in.text("link")},
                             observed(in, at),
                             quantity<core::Micros>(in.maybe_thousandths("rtt_ms")),
                             name_of<core::ClassName>(in.maybe_text("class")),
                             quantity<core::Micros>(in.maybe_thousandths("jitter_ms")),
                             quantity<core::Ppm>(in.maybe_integer("loss_ppm"))};
  }
  if (kind == "path-alarm") {
    return core::PathAlarm{
        core::LinkName{in.text("link")}, observed(in, at),
        static_cast<core::PathAlarm::Source>(one_of(in, "source", kAlarmSources, 0)),
        in.flag("raised", true), in.maybe_text("detail").value_or("")};
  }
  if (kind == "router-health") {
    return core::RouterHealth{core::RouterName{in.text("router")},
                              observed(in, at),
                              quantity<core::Ppm>(in.maybe_integer("cpu_ppm")),
                              quantity<core::Bytes>(in.maybe_integer("memory_free_bytes")),
                              quantity<core::Ppm>(in.maybe_integer("app_cpu_free_ppm")),
                              quantity<core::Bytes>(in.maybe_integer("app_memory_free_bytes"))};
  }
  if (kind == "node-port") {
    return core::NodePort{core::TargetName{in.text("target")}, observed(in, at),
                          in.flag("up", true)};
  }
  if (kind == "node") {
    return core::NodeObserved{core::TargetName{in.text("target")}, observed(in, at),
                              in.flag("ready", true),
                              quantity<core::Micros>(in.maybe_thousandths("heartbeat_age_ms"))};
  }
  if (kind == "limits") return limits(in, at);
  if (kind == "link-usage") {
    return core::LinkUsage{core::LinkName{in.text("link")}, observed(in, at),
                           core::Bytes{in.integer("used_bytes", 0)},
                           core::Micros{in.thousandths("left_ms", 0)}};
  }
  if (kind != "tick") in.fail("event \"" + kind + "\" is of no known kind");
  return core::Tick{};
}

}  // namespace

core::Expected<core::Event> event_from_json(std::string_view line, const EventContext& context) {
  JsonLine in(line);
  if (!in.has("at_ms")) in.fail("no member \"at_ms\"");
  core::Event event{Instant{in.thousandths("at_ms", 0)}, core::Tick{}};
  event.body = read_body(in, event.at, context);
  if (const std::string wrong = in.done(); !wrong.empty()) return core::fail("event-json", wrong);
  return event;
}

std::string to_json(const core::Event& event) {
  json::object out{{"at_ms", thousandths(event.at.micros)}};
  for (auto& member : std::visit([](const auto& body) { return members(body); }, event.body)) {
    out.emplace(member.key(), std::move(member.value()));
  }
  return json::serialize(out);
}

std::string to_json(const core::Action& action, Instant at) {
  json::object out{{"at_ms", thousandths(at.micros)}, {"id", action.id}};
  if (const auto* qos = std::get_if<core::ApplyQos>(&action.body)) {
    out["action"] = "apply-qos";
    out["deadline_ms"] = thousandths(action.deadline.micros);
    out["why"] = action.why;
    out["qos"] = qos_to_json(qos->desired);
    return json::serialize(out);
  }
  const auto& place = std::get<core::PlaceWorkload>(action.body);
  out["action"] = "place";
  out["workload"] = place.workload.text;
  out["from"] = maybe_name(place.from);
  out["to"] = maybe_name(place.to);
  out["rung"] = place.rung;
  add_split(out, place.split);
  out["deadline_ms"] = thousandths(action.deadline.micros);
  out["why"] = action.why;
  return json::serialize(out);
}

std::string to_json(const core::Counters& counters) {
  return json::serialize(
      json::object{{"counters", json::object{{"events", counters.events},
                                             {"decisions", counters.decisions},
                                             {"nodes_visited", counters.nodes_visited},
                                             {"options_evaluated", counters.options_evaluated},
                                             {"paths_computed", counters.paths_computed}}}});
}

}  // namespace wanwise::testing
