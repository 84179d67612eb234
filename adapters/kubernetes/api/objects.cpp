#include "adapters/kubernetes/api/objects.hpp"

#include <algorithm>
#include <string_view>

#include "adapters/kubernetes/api/fields.hpp"
#include "adapters/kubernetes/api/json_read.hpp"

namespace wanwise::kubernetes {
namespace {

namespace json = boost::json;

Resources resources_at(const json::value& from, JsonPath path) {
  Resources resources;
  for (const auto& [name, value] : object_at(from, path)) {
    const json::string* text = value.if_string();
    if (text == nullptr) continue;
    if (const auto quantity = parse_quantity(*text)) resources.emplace(name, *quantity);
  }
  return resources;
}

/// A limit without a request is the request (the API server's default, kept here for templates).
Resources requests_of_container(const json::value& container) {
  Resources requests = resources_at(container, {"resources", "limits"});
  for (const auto& [name, amount] : resources_at(container, {"resources", "requests"})) {
    requests[name] = amount;
  }
  return requests;
}

/// The scheduler's sum: containers together, or the largest init container, with the overhead.
Resources requests_of(const json::value& spec) {
  Resources sum;
  for (const json::value& container : array_at(spec, {"containers"})) {
    for (const auto& [name, amount] : requests_of_container(container)) sum[name] += amount;
  }
  for (const json::value& container : array_at(spec, {"initContainers"})) {
    for (const auto& [name, amount] : requests_of_container(container)) {
      sum[name] = std::max(sum[name], amount);
    }
  }
  for (const auto& [name, amount] : resources_at(spec, {"overhead"})) sum[name] += amount;
  return sum;
}

bool has_condition(const json::value& object, std::string_view type) {
  for (const json::value& condition : array_at(object, {"status", "conditions"})) {
    if (string_at(condition, {"type"}) == type) return string_at(condition, {"status"}) == "True";
  }
  return false;
}

/// What keeps the pod from being ready: the scheduler's message, or what a container waits for.
std::string trouble_of(const json::value& pod) {
  for (const json::value& container : array_at(pod, {"status", "containerStatuses"})) {
    const std::string reason = text_at(container, {"state", "waiting", "reason"});
    if (reason.empty() || reason == "ContainerCreating" || reason == "PodInitializing") continue;
    const std::string message = text_at(container, {"state", "waiting", "message"});
    return message.empty() ? reason : reason + ": " + message;
  }
  for (const json::value& condition : array_at(pod, {"status", "conditions"})) {
    if (string_at(condition, {"type"}) != "PodScheduled" ||
        string_at(condition, {"status"}) != "False") {
      continue;
    }
    return text_at(condition, {"reason"}) + ": " + text_at(condition, {"message"});
  }
  return {};
}

}  // namespace

ObjectName name_of(const json::value& object) {
  return {text_at(object, {"metadata", "namespace"}), text_at(object, {"metadata", "name"})};
}

NodeObject read_node(const json::value& object) {
  NodeObject node;
  node.name = text_at(object, {"metadata", "name"});
  node.labels = labels_at(object, {"metadata", "labels"});
  for (const json::value& taint : array_at(object, {"spec", "taints"})) {
    node.taints.push_back(
        {text_at(taint, {"key"}), text_at(taint, {"value"}), text_at(taint, {"effect"})});
  }
  node.unschedulable = true_at(object, {"spec", "unschedulable"});
  node.ready = has_condition(object, "Ready");
  node.allocatable = resources_at(object, {"status", "allocatable"});
  return node;
}

PodObject read_pod(const json::value& object) {
  PodObject pod;
  pod.name = name_of(object);
  pod.labels = labels_at(object, {"metadata", "labels"});
  pod.annotations = labels_at(object, {"metadata", "annotations"});
  std::erase_if(pod.annotations,
                [](const auto& one) { return !one.first.starts_with("wanwise.io/"); });
  pod.terminating = find_at(object, {"metadata", "deletionTimestamp"}) != nullptr;
  const json::value* spec = find_at(object, {"spec"});
  if (spec != nullptr) {
    pod.node = text_at(*spec, {"nodeName"});
    pod.requests = requests_of(*spec);
  }
  const std::string_view phase = string_at(object, {"status", "phase"});
  pod.finished = phase == "Succeeded" || phase == "Failed";
  pod.ready = has_condition(object, "Ready") && !pod.finished && !pod.terminating;
  if (!pod.ready) pod.trouble = trouble_of(object);
  return pod;
}

PodRules read_rules(const json::value& spec) {
  PodRules rules;
  rules.node_selector = labels_at(spec, {"nodeSelector"});
  constexpr const char* kRequired = "requiredDuringSchedulingIgnoredDuringExecution";
  if (find_at(spec, {"affinity", "nodeAffinity", kRequired}) != nullptr) {
    rules.affinity.emplace();
    for (const json::value& term :
         array_at(spec, {"affinity", "nodeAffinity", kRequired, "nodeSelectorTerms"})) {
      rules.affinity->push_back(
          {requirements_at(term, {"matchExpressions"}), requirements_at(term, {"matchFields"})});
    }
  }
  for (const json::value& one : array_at(spec, {"tolerations"})) {
    rules.tolerations.push_back({text_at(one, {"key"}), text_at(one, {"operator"}),
                                 text_at(one, {"value"}), text_at(one, {"effect"})});
  }
  rules.requests = requests_of(spec);
  return rules;
}

DeploymentObject read_deployment(const json::value& object) {
  DeploymentObject read;
  read.name = name_of(object);
  read.uid = text_at(object, {"metadata", "uid"});
  read.annotations = labels_at(object, {"metadata", "annotations"});
  read.generation = integer_at(object, {"metadata", "generation"}).value_or(0);
  read.observed_generation = integer_at(object, {"status", "observedGeneration"}).value_or(0);
  read.replicas = static_cast<std::int32_t>(integer_at(object, {"spec", "replicas"}).value_or(1));
  read.paused = true_at(object, {"spec", "paused"});
  read.recreate = string_at(object, {"spec", "strategy", "type"}) == "Recreate";
  read.max_unavailable =
      int_or_percent(find_at(object, {"spec", "strategy", "rollingUpdate", "maxUnavailable"}),
                     read.replicas, false, 0);
  read.max_surge = int_or_percent(
      find_at(object, {"spec", "strategy", "rollingUpdate", "maxSurge"}), read.replicas, true, 1);
  read.match_labels = labels_at(object, {"spec", "selector", "matchLabels"});
  read.match_expressions = requirements_at(object, {"spec", "selector", "matchExpressions"});
  read.template_labels = labels_at(object, {"spec", "template", "metadata", "labels"});
  read.template_annotations = labels_at(object, {"spec", "template", "metadata", "annotations"});
  if (const json::value* spec = find_at(object, {"spec", "template", "spec"})) {
    read.rules = read_rules(*spec);
  }
  return read;
}

}  // namespace wanwise::kubernetes
