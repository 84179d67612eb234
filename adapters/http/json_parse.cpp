#include <fmt/format.h>

#include <boost/json.hpp>
#include <limits>
#include <optional>
#include <utility>

#include "adapters/http/json.hpp"
#include "adapters/http/json_names.hpp"

namespace wanwise::http {
namespace {

namespace json = boost::json;

/// A value and where it stands; `value` is null when the key is missing.
struct Node {
  const json::value* value;
  std::string path;
};

const char* kind_name(const json::value* value) {
  if (value == nullptr) return "nothing";
  switch (value->kind()) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return "a boolean";
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_:
      return "a number";
    case json::kind::string:
      return "a string";
    case json::kind::array:
      return "an array";
    case json::kind::object:
      return "an object";
  }
  return "nothing";
}

/// Reads typed values; the first thing that is wrong is kept and everything after it reads as a
/// default, so that callers need not test each step.
class Reader {
 public:
  [[nodiscard]] const std::optional<core::Error>& error() const { return m_error; }

  Node member(const Node& object, std::string_view key) {
    Node node{nullptr,
              object.path.empty() ? std::string{key} : object.path + "." + std::string{key}};
    if (object.value != nullptr && object.value->is_object()) {
      node.value = object.value->get_object().if_contains(key);
    } else {
      wrong(object, "an object");
    }
    return node;
  }

  std::int64_t integer(const Node& node,
                       std::int64_t min = std::numeric_limits<std::int64_t>::min(),
                       std::int64_t max = std::numeric_limits<std::int64_t>::max()) {
    const auto* value = node.value == nullptr ? nullptr : node.value->if_int64();
    if (value != nullptr && *value >= min && *value <= max) return *value;
    wrong(node, fmt::format("a whole number from {} to {}", min, max));
    return 0;
  }

  bool boolean(const Node& node) {
    const auto* value = node.value == nullptr ? nullptr : node.value->if_bool();
    if (value != nullptr) return *value;
    wrong(node, "true or false");
    return false;
  }

  std::string text(const Node& node) {
    const auto* value = node.value == nullptr ? nullptr : node.value->if_string();
    if (value != nullptr) return std::string{value->data(), value->size()};
    wrong(node, "a string");
    return {};
  }

  template <class E, std::size_t N>
  E enumerator(const NameTable<E, N>& table, const Node& node) {
    const std::string name = text(node);
    std::string allowed;
    for (const auto& [value, known] : table) {
      if (known == name) return value;
      allowed += (allowed.empty() ? "" : ", ") + std::string{known};
    }
    wrong(node, "one of " + allowed);
    return table.front().first;
  }

  template <class Read>
  auto optional(const Node& node, Read read) -> std::optional<decltype(read(node))> {
    if (node.value == nullptr || node.value->is_null()) return std::nullopt;
    return read(node);
  }

  template <class Read>
  auto list(const Node& node, Read read) -> std::vector<decltype(read(node))> {
    std::vector<decltype(read(node))> out;
    if (node.value == nullptr || !node.value->is_array()) {
      wrong(node, "an array");
      return out;
    }
    for (const json::value& item : node.value->get_array()) {
      out.push_back(read(Node{&item, fmt::format("{}[{}]", node.path, out.size())}));
    }
    return out;
  }

 private:
  void wrong(const Node& node, std::string_view allowed) {
    if (m_error) return;
    m_error = core::Error{"bad-json", fmt::format("{}: got {} (allowed: {})",
                                                  node.path.empty() ? "document" : node.path,
                                                  kind_name(node.value), allowed)};
  }

  std::optional<core::Error> m_error;
};

/// Readers of one object's members by key.
class Object {
 public:
  Object(Reader& reader, const Node& node) : m_reader(reader), m_node(node) {}

  std::string text(std::string_view key) { return m_reader.text(at(key)); }
  bool boolean(std::string_view key) { return m_reader.boolean(at(key)); }
  std::int32_t small(std::string_view key) {
    return static_cast<std::int32_t>(
        m_reader.integer(at(key), 0, std::numeric_limits<std::int32_t>::max()));
  }
  core::Instant instant(std::string_view key) { return core::Instant{m_reader.integer(at(key))}; }
  template <class Q>
  Q quantity(std::string_view key) {
    return Q{m_reader.integer(at(key))};
  }
  template <class Q>
  std::optional<Q> maybe_quantity(std::string_view key) {
    return m_reader.optional(at(key), [&](const Node& node) { return Q{m_reader.integer(node)}; });
  }
  template <class N>
  N name(std::string_view key) {
    return N{text(key)};
  }
  template <class N>
  std::optional<N> maybe_name(std::string_view key) {
    return m_reader.optional(at(key), [&](const Node& node) { return N{m_reader.text(node)}; });
  }
  template <class Read>
  auto maybe_object(std::string_view key, Read read) {
    return m_reader.optional(at(key), [&](const Node& node) {
      return read(Object{m_reader, node});
    });
  }
  template <class Table>
  auto enumerator(std::string_view key, const Table& table) {
    return m_reader.enumerator(table, at(key));
  }
  template <class Table>
  auto maybe_enumerator(std::string_view key, const Table& table) {
    return m_reader.optional(at(key),
                             [&](const Node& node) { return m_reader.enumerator(table, node); });
  }
  std::int64_t count(std::string_view key) { return m_reader.integer(at(key), 0); }
  std::optional<bool> maybe_boolean(std::string_view key) {
    return m_reader.optional(at(key), [&](const Node& node) { return m_reader.boolean(node); });
  }
  std::optional<std::string> maybe_text(std::string_view key) {
    return m_reader.optional(at(key), [&](const Node& node) { return m_reader.text(node); });
  }
  std::optional<core::Split> maybe_split(std::string_view key) {
    return m_reader.optional(at(key), [&](const Node& node) {
      Object split{m_reader, node};
      return core::Split{split.name<core::TargetName>("target"),
                         split.quantity<core::Ppm>("share-ppm")};
    });
  }
  template <class Read>
  auto list(std::string_view key, Read read) {
    return m_reader.list(at(key), [&](const Node& node) { return read(Object{m_reader, node}); });
  }

 private:
  Node at(std::string_view key) { return m_reader.member(m_node, key); }

  Reader& m_reader;
  Node m_node;
};

core::RouterHealth read_health(Object in) {
  core::RouterHealth out;
  out.cpu = in.maybe_quantity<core::Ppm>("cpu-ppm");
  out.memory_free = in.maybe_quantity<core::Bytes>("memory-free-bytes");
  out.app_cpu_free = in.maybe_quantity<core::Ppm>("app-cpu-free-ppm");
  out.app_memory_free = in.maybe_quantity<core::Bytes>("app-memory-free-bytes");
  return out;
}

core::RouterStatus read_router(Object in) {
  core::RouterStatus out;
  out.name = in.name<core::RouterName>("name");
  out.connected = in.boolean("connected");
  out.qos_in_place = in.boolean("qos-in-place");
  out.change_in_flight = in.boolean("change-in-flight");
  out.health = in.maybe_object("health", read_health);
  return out;
}

core::DataPlanStatus read_data_plan(Object in) {
  core::DataPlanStatus out;
  out.cap = in.quantity<core::Bytes>("cap-bytes");
  out.used = in.quantity<core::Bytes>("used-bytes");
  out.left = in.quantity<core::Micros>("left-us");
  out.pace = in.quantity<core::Bps>("pace-bps");
  out.told = in.boolean("told");
  return out;
}

core::ClassPathStatus read_class_path(Object in) {
  return {in.name<core::ClassName>("class"), in.maybe_quantity<core::Micros>("rtt-us"),
          in.maybe_quantity<core::Micros>("jitter-us"), in.maybe_quantity<core::Ppm>("loss-ppm")};
}

core::LinkStatus read_link(Object in) {
  core::LinkStatus out;
  out.name = in.name<core::LinkName>("name");
  out.known = in.boolean("known");
  out.up = in.boolean("up");
  out.uplink_low = in.quantity<core::Bps>("uplink-low-bps");
  out.uplink_high = in.quantity<core::Bps>("uplink-high-bps");
  out.uplink_age = in.maybe_quantity<core::Micros>("uplink-age-us");
  out.shaper = in.quantity<core::Bps>("shaper-bps");
  out.tx_rate = in.quantity<core::Bps>("tx-rate-bps");
  out.rtt = in.maybe_quantity<core::Micros>("rtt-us");
  out.rtt_base = in.maybe_quantity<core::Micros>("rtt-base-us");
  out.access = in.enumerator("access", kAccessNames);
  out.rsrp = in.maybe_quantity<core::MilliDb>("rsrp-millidbm");
  out.sinr = in.maybe_quantity<core::MilliDb>("sinr-millidb");
  out.data_plan = in.maybe_object("data-plan", read_data_plan);
  out.classes = in.list("classes", read_class_path);
  return out;
}

core::TargetStatus read_target(Object in) {
  core::TargetStatus out;
  out.name = in.name<core::TargetName>("name");
  out.known = in.boolean("known");
  out.alive = in.boolean("alive");
  out.draining = in.boolean("draining");
  out.load = in.maybe_quantity<core::Ppm>("load-ppm");
  out.slowdown = in.quantity<core::Ppm>("slowdown-ppm");
  out.port_up = in.maybe_boolean("port-up");
  out.node_ready = in.maybe_boolean("node-ready");
  out.heartbeat_age = in.maybe_quantity<core::Micros>("heartbeat-age-us");
  return out;
}

core::Forecast read_forecast(Object in) {
  return {in.quantity<core::Micros>("p50-us"), in.quantity<core::Micros>("p95-us"),
          in.quantity<core::Micros>("p99-us")};
}

core::WorkloadStatus read_workload(Object in) {
  core::WorkloadStatus out;
  out.name = in.name<core::WorkloadName>("name");
  out.target = in.maybe_name<core::TargetName>("target");
  out.rung = in.small("rung");
  out.moving = in.boolean("moving");
  out.met = in.boolean("met");
  out.demand = in.quantity<core::MilliHz>("demand-millihz");
  out.predicted = in.maybe_quantity<core::Micros>("predicted-us");
  out.observed = in.maybe_quantity<core::Micros>("observed-us");
  out.forecast = in.maybe_object("forecast", read_forecast);
  out.prediction_ratio = in.maybe_quantity<core::Ppm>("prediction-ratio-ppm");
  out.split = in.maybe_split("split");
  return out;
}

core::Degradation read_degradation(Object in) {
  return {in.text("code"), in.text("subject"), in.text("detail")};
}

core::Finding read_finding(Object in) {
  return {in.text("rule"), in.text("wanted"), in.text("got"), in.boolean("holds")};
}

core::LatencyParts read_parts(Object in) {
  core::LatencyParts out;
  out.path = in.quantity<core::Micros>("path-us");
  out.uplink_wait = in.quantity<core::Micros>("uplink-wait-us");
  out.uplink_send = in.quantity<core::Micros>("uplink-send-us");
  out.downlink = in.quantity<core::Micros>("downlink-us");
  out.target_wait = in.quantity<core::Micros>("target-wait-us");
  out.service = in.quantity<core::Micros>("service-us");
  return out;
}

core::WhatIf read_what_if(Object in) {
  return {in.text("input"), in.text("bound"), in.text("now"),
          in.maybe_text("outcome").value_or("")};
}

core::PredictionRecord read_record(Object in) {
  core::PredictionRecord out;
  out.decided_at = in.instant("decided-at-us");
  out.since = in.instant("since-us");
  out.place.target = in.maybe_name<core::TargetName>("target");
  out.place.rung = in.small("rung");
  out.place.split = in.maybe_split("split");
  out.quantile = in.quantity<core::Ppm>("quantile-ppm");
  out.objective = in.quantity<core::Micros>("objective-us");
  out.predicted = in.maybe_object("predicted", read_forecast);
  out.requests = in.count("requests");
  out.late = in.count("late");
  out.samples = in.count("samples");
  out.typical = in.maybe_quantity<core::Micros>("typical-us");
  out.worst = in.maybe_quantity<core::Micros>("worst-us");
  if (const auto ended = in.maybe_quantity<core::Micros>("ended-at-us")) {
    out.ended_at = core::Instant{ended->count};
  }
  out.end = in.enumerator("end", kStayEndNames);
  return out;
}

core::OptionReport read_option(Object in) {
  core::OptionReport out;
  out.target = in.maybe_name<core::TargetName>("target");
  out.link = in.maybe_name<core::LinkName>("link");
  out.rung = in.small("rung");
  out.verdict = in.enumerator("verdict", kVerdictNames);
  out.predicted = in.maybe_quantity<core::Micros>("predicted-us");
  out.forecast = in.maybe_object("forecast", read_forecast);
  out.parts = in.maybe_object("parts", read_parts);
  out.first_request = in.maybe_quantity<core::Micros>("first-request-us");
  out.findings = in.list("findings", read_finding);
  out.split = in.maybe_split("split");
  out.split_link = in.maybe_name<core::LinkName>("split-link");
  return out;
}

core::DecisionStatus read_decision(Object in) {
  return {in.instant("at-us"), in.boolean("proved"), in.quantity<core::Ppm>("gap-ppm")};
}

core::Status read_status(Object in) {
  core::Status out;
  out.at = in.instant("at-us");
  out.started = in.boolean("started");
  out.decision = in.maybe_object("decision", read_decision);
  out.routers = in.list("routers", read_router);
  out.links = in.list("links", read_link);
  out.targets = in.list("targets", read_target);
  out.workloads = in.list("workloads", read_workload);
  out.degradations = in.list("degradations", read_degradation);
  return out;
}

core::Explanation read_explanation(Object in) {
  core::Explanation out;
  out.workload = in.name<core::WorkloadName>("workload");
  out.decided_at = in.instant("decided-at-us");
  out.summary = in.text("summary");
  out.would_change = in.text("would-change");
  out.what_if = in.list("what-if", read_what_if);
  out.present = in.maybe_object("present", read_record);
  out.options = in.list("options", read_option);
  return out;
}

Move read_move(Object in) {
  Move out;
  out.at = in.instant("at-us");
  out.workload = in.name<core::WorkloadName>("workload");
  out.from = in.maybe_name<core::TargetName>("from");
  out.to = in.maybe_name<core::TargetName>("to");
  out.rung = in.small("rung");
  out.outcome = in.maybe_enumerator("outcome", kOutcomeNames);
  out.why = in.text("why");
  out.split = in.maybe_split("split");
  return out;
}

std::vector<Move> read_history(Object in) {
  return in.list("moves", read_move);
}

std::vector<core::PredictionRecord> read_places(Object in) {
  return in.list("places", read_record);
}

template <class Read>
auto parse_document(std::string_view text, Read read)
    -> core::Expected<decltype(read(std::declval<Object>()))> {
  if (text.size() > kMaxJsonBytes) {
    return core::fail("bad-json", fmt::format("document of {} bytes (allowed: up to {})",
                                              text.size(), kMaxJsonBytes));
  }
  json::error_code ec;
  const json::value document = json::parse(text, ec);
  if (ec) return core::fail("bad-json", "document: " + ec.message());
  Reader reader;
  auto value = read(Object{reader, Node{&document, {}}});
  if (reader.error()) return core::Unexpected<core::Error>{*reader.error()};
  return value;
}

}  // namespace

core::Expected<core::Status> parse_status(std::string_view text) {
  return parse_document(text, read_status);
}

core::Expected<core::Explanation> parse_explanation(std::string_view text) {
  return parse_document(text, read_explanation);
}

core::Expected<std::vector<Move>> parse_history(std::string_view text) {
  return parse_document(text, read_history);
}

core::Expected<std::vector<core::PredictionRecord>> parse_places(std::string_view text) {
  return parse_document(text, read_places);
}

}  // namespace wanwise::http
