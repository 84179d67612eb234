#include "engine/policy/site_metrics.hpp"

#include <algorithm>
#include <map>
#include <string>

namespace wanwise::policy {
namespace {

using Kind = ValueKind;

/// A dead node is known after two failed scrapes: within a second.
constexpr std::int64_t kDefaultPeriod = 500'000;
/// What a TX2 loses between MAX-N's clock of the GPU and MAX-Q's (1.30 and 0.85 GHz), rounded.
constexpr std::int64_t kDefaultThrottledSlowdown = 1'500'000;
constexpr std::int64_t kLargestPort = 65'535;

const Shape& endpoint_shape() {
  static const Shape shape{"an endpoint",
                           {{"url", Kind::text, true},
                            {"dialect", Kind::word, true, {}, {"tegrastats", "dcgm", "triton"}},
                            {"role", Kind::word, false, {}, {"node", "inference"}},
                            {"token-file", Kind::text},
                            {"models", Kind::labels}}};
  return shape;
}

bool is_triton(const Value& endpoint) {
  return endpoint.text_of("dialect") == "triton";
}

/// An inference server may be down while the node is up, so it does not speak for the node unless
/// the site says so.
bool speaks_for_node(const Value& endpoint) {
  const std::string role = endpoint.text_of("role");
  return role.empty() ? !is_triton(endpoint) : role == "node";
}

void check_port(Value& url, Findings& findings) {
  const std::string& text = url.text;
  const std::size_t host = text.find("://");
  if (host == std::string::npos) return;
  const std::size_t colon = text.find(':', host + 3);
  const std::size_t path = text.find('/', host + 3);
  if (colon == std::string::npos || colon > path) return;
  const std::string port =
      text.substr(colon + 1, path == std::string::npos ? path : path - colon - 1);
  const bool digits = port.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || port.empty() || port.size() > 5) return;  // the schema has said so
  if (std::stol(port) > kLargestPort) {
    findings.refuse(url, port + " is no TCP port", "1 to 65535");
  }
}

/// No workload is counted twice, and no request is two workloads'.
void check_models(Value& endpoint, std::map<std::string, std::string>& served, Findings& findings) {
  Value* models = endpoint.get("models");
  if (models == nullptr) return;
  if (!is_triton(endpoint) && endpoint.get("dialect") != nullptr) {
    findings.refuse(*models, "only an inference server has models", "with dialect: triton");
    return;
  }
  std::map<std::string, std::string> workload_of;
  for (Value& model : models->items) {
    if (model.refused) continue;
    const auto [twin, first] = workload_of.try_emplace(model.text, model.key);
    if (!first) {
      findings.refuse(model, "model " + in_quotes(model.text) + " is that of workload " +
                                 in_quotes(twin->second) +
                                 ", and the server does not count their requests apart");
      continue;
    }
    const auto [before, fresh] = served.try_emplace(model.key, endpoint.path);
    if (!fresh) findings.refuse(model, "the workload is told of by " + before->second + " too");
  }
}

void check_endpoints(Value& metrics, Findings& findings) {
  std::vector<Value>& endpoints = metrics.items_of("endpoints");
  std::map<std::string, std::string> served;
  bool node = false;
  for (Value& endpoint : endpoints) {
    node = node || speaks_for_node(endpoint) || endpoint.partial;
    if (Value* url = endpoint.get("url")) check_port(*url, findings);
    check_models(endpoint, served, findings);
    const bool told = endpoint.get_any("models") != nullptr || endpoint.partial;
    if (is_triton(endpoint) && !speaks_for_node(endpoint) && !told) {
      findings.refuse(endpoint, "nothing is read of an inference server without models",
                      "models: {WORKLOAD: MODEL}");
    }
  }
  refuse_duplicates(
      endpoints, "url", "url",
      [](const Value& endpoint) {
        return UniqueKey{"", endpoint.text_of("url")};
      },
      findings);
  Value* list = metrics.get("endpoints");
  if (!node && list != nullptr && !list->partial) {
    findings.refuse(*list, "no endpoint speaks for the node itself, so nothing tells when it is up",
                    "one of dialect tegrastats or dcgm, or role: node");
  }
}

MetricsDialect dialect_of(const Value& endpoint) {
  const std::string name = endpoint.text_of("dialect");
  if (name == "dcgm") return MetricsDialect::dcgm;
  return name == "triton" ? MetricsDialect::triton : MetricsDialect::tegrastats;
}

NodeScrape make_scrape(const Value& node, const Value& metrics) {
  NodeScrape scrape;
  scrape.node = core::TargetName{node.text_of("name")};
  scrape.period = core::Micros{metrics.number_of("period", kDefaultPeriod)};
  scrape.deadline = core::Micros{metrics.number_of("deadline", scrape.period.count)};
  if (const Value* heat = metrics.get("throttles-at")) {
    scrape.throttles_at_c = static_cast<std::int32_t>(heat->number);
  }
  scrape.throttled_slowdown =
      core::Ppm{metrics.number_of("throttled-slowdown", kDefaultThrottledSlowdown)};
  for (const Value& value : metrics.items_of("endpoints")) {
    MetricsEndpoint endpoint;
    endpoint.url = value.text_of("url");
    endpoint.dialect = dialect_of(value);
    endpoint.speaks_for_node = speaks_for_node(value);
    if (const Value* token = value.get("token-file")) endpoint.token_file = token->text;
    for (const Value& model : value.items_of("models")) {
      endpoint.models.push_back({core::WorkloadName{model.key}, model.text});
    }
    scrape.endpoints.push_back(std::move(endpoint));
  }
  return scrape;
}

}  // namespace

const Shape& node_metrics_shape() {
  static const Shape shape{"metrics of a node",
                           {{"period", Kind::quantity, false, Unit::duration},
                            {"deadline", Kind::quantity, false, Unit::duration},
                            {"throttles-at", Kind::integer},
                            {"throttled-slowdown", Kind::quantity, false, Unit::factor},
                            {"endpoints", Kind::steps, true, {}, {}, &endpoint_shape()}}};
  return shape;
}

void check_node_metrics(Value& root, Findings& findings) {
  const Value* cluster = root.get("cluster");
  const bool simulated = cluster != nullptr && cluster->get("simulated") != nullptr;
  for (Value& node : root.items_of("nodes")) {
    Value* metrics = node.get("metrics");
    if (metrics == nullptr) continue;
    if (simulated) {
      findings.refuse(*metrics,
                      "the cluster is simulated, and the simulation tells about its nodes itself",
                      "either metrics, or cluster: {simulated: …}");
      continue;
    }
    check_endpoints(*metrics, findings);
  }
}

void check_served_workloads(Document& site, const Document& policy, Report& report) {
  if (!names_known(policy.root, "workloads")) return;
  Findings findings(site.file, report);
  const std::vector<std::string> workloads = names_of(policy.root.items_of("workloads"));
  for (Value& node : site.root.items_of("nodes")) {
    Value* metrics = node.get("metrics");
    if (metrics == nullptr) continue;
    for (Value& endpoint : metrics->items_of("endpoints")) {
      for (Value& model : endpoint.items_of("models")) {
        const bool known =
            std::find(workloads.begin(), workloads.end(), model.key) != workloads.end();
        if (model.refused || known) continue;
        findings.refuse(model,
                        "policy " + in_quotes(policy.root.text_of("name")) + " has no workload " +
                            in_quotes(model.key) + did_you_mean(model.key, workloads),
                        listed(workloads));
      }
    }
  }
}

std::vector<NodeScrape> make_scrapes(const Value& root) {
  std::vector<NodeScrape> scrapes;
  for (const Value& node : root.items_of("nodes")) {
    if (const Value* metrics = node.get("metrics")) scrapes.push_back(make_scrape(node, *metrics));
  }
  std::sort(scrapes.begin(), scrapes.end(),
            [](const auto& a, const auto& b) { return a.node < b.node; });
  return scrapes;
}

}  // namespace wanwise::policy
