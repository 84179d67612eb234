#include "adapters/kubernetes/schedule/pod_to_bind.hpp"

#include "adapters/kubernetes/api/json_read.hpp"

namespace wanwise::kubernetes {
namespace {

namespace json = boost::json;

std::string text_at(const json::value& from, JsonPath path) {
  return std::string{string_at(from, path)};
}

std::vector<Requirement> requirements_at(const json::value& term, std::string_view which) {
  std::vector<Requirement> all;
  for (const json::value& one : array_at(term, {which})) {
    Requirement requirement{text_at(one, {"key"}), text_at(one, {"operator"}), {}};
    for (const json::value& value : array_at(one, {"values"})) {
      if (value.is_string()) requirement.values.emplace_back(value.get_string());
    }
    all.push_back(std::move(requirement));
  }
  return all;
}

std::vector<PreferredTerm> preferred_of(const json::value& spec) {
  std::vector<PreferredTerm> all;
  for (const json::value& one : array_at(
           spec, {"affinity", "nodeAffinity", "preferredDuringSchedulingIgnoredDuringExecution"})) {
    const json::value* term = find_at(one, {"preference"});
    if (term == nullptr) continue;
    all.push_back(
        {integer_at(one, {"weight"}).value_or(0),
         {requirements_at(*term, "matchExpressions"), requirements_at(*term, "matchFields")}});
  }
  return all;
}

bool wants_host_ports(const json::value& spec) {
  for (const char* list : {"containers", "initContainers"}) {
    for (const json::value& container : array_at(spec, {list})) {
      for (const json::value& port : array_at(container, {"ports"})) {
        if (integer_at(port, {"hostPort"}).value_or(0) != 0) return true;
      }
    }
  }
  return false;
}

bool wants_claims(const json::value& spec) {
  for (const json::value& volume : array_at(spec, {"volumes"})) {
    if (find_at(volume, {"persistentVolumeClaim"}) != nullptr ||
        find_at(volume, {"ephemeral"}) != nullptr) {
      return true;
    }
  }
  return false;
}

std::string beyond(const json::value& spec) {
  constexpr const char* kRequired = "requiredDuringSchedulingIgnoredDuringExecution";
  if (!array_at(spec, {"affinity", "podAffinity", kRequired}).empty()) return "pod affinity";
  if (!array_at(spec, {"affinity", "podAntiAffinity", kRequired}).empty()) {
    return "pod anti-affinity";
  }
  for (const json::value& spread : array_at(spec, {"topologySpreadConstraints"})) {
    if (string_at(spread, {"whenUnsatisfiable"}) != "ScheduleAnyway") {
      return "topology spread constraints";
    }
  }
  if (wants_host_ports(spec)) return "host ports";
  if (wants_claims(spec)) return "volume claims";
  return {};
}

/// Lengths stand before texts, so that no two kinds read the same.
void add(std::string& key, std::string_view text) {
  key += std::to_string(text.size());
  key += ':';
  key += text;
}
void add(std::string& key, std::int64_t number) {
  key += std::to_string(number);
  key += ';';
}
void add(std::string& key, const std::vector<Requirement>& requirements) {
  add(key, static_cast<std::int64_t>(requirements.size()));
  for (const Requirement& one : requirements) {
    add(key, one.key);
    add(key, one.op);
    add(key, static_cast<std::int64_t>(one.values.size()));
    for (const std::string& value : one.values) add(key, value);
  }
}
void add(std::string& key, const NodeTerm& term) {
  add(key, term.labels);
  add(key, term.fields);
}

}  // namespace

std::string PodKind::key() const {
  std::string key;
  add(key, static_cast<std::int64_t>(rules.requests.size()));
  for (const auto& [name, amount] : rules.requests) {
    add(key, name);
    add(key, amount);
  }
  add(key, static_cast<std::int64_t>(rules.node_selector.size()));
  for (const auto& [name, value] : rules.node_selector) {
    add(key, name);
    add(key, value);
  }
  add(key, rules.affinity ? static_cast<std::int64_t>(rules.affinity->size()) : -1);
  if (rules.affinity) {
    for (const NodeTerm& term : *rules.affinity) add(key, term);
  }
  add(key, static_cast<std::int64_t>(rules.tolerations.size()));
  for (const Toleration& one : rules.tolerations) {
    for (const std::string* part : {&one.key, &one.op, &one.value, &one.effect}) add(key, *part);
  }
  add(key, static_cast<std::int64_t>(preferred.size()));
  for (const PreferredTerm& one : preferred) {
    add(key, one.weight);
    add(key, one.term);
  }
  add(key, beyond);
  return key;
}

PodToBind read_pod_to_bind(const json::value& object) {
  PodToBind pod;
  pod.name = name_of(object);
  pod.uid = text_at(object, {"metadata", "uid"});
  pod.version = text_at(object, {"metadata", "resourceVersion"});
  pod.created = text_at(object, {"metadata", "creationTimestamp"});
  for (const json::value& condition : array_at(object, {"status", "conditions"})) {
    if (string_at(condition, {"type"}) == "PodScheduled" &&
        string_at(condition, {"status"}) == "False") {
      pod.told = text_at(condition, {"message"});
    }
  }
  const std::string_view phase = string_at(object, {"status", "phase"});
  const json::value* spec = find_at(object, {"spec"});
  if (spec == nullptr) return pod;
  pod.scheduler = text_at(*spec, {"schedulerName"});
  pod.node = text_at(*spec, {"nodeName"});
  pod.priority = integer_at(*spec, {"priority"}).value_or(0);
  const bool leaving = find_at(object, {"metadata", "deletionTimestamp"}) != nullptr;
  pod.ended = phase == "Succeeded" || phase == "Failed" || (leaving && pod.node.empty());
  pod.kind.rules = read_rules(*spec);
  // Of a bound pod only its requests matter.
  if (!pod.node.empty()) return pod;
  pod.kind.preferred = preferred_of(*spec);
  pod.kind.beyond = beyond(*spec);
  return pod;
}

}  // namespace wanwise::kubernetes
