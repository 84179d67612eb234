#include "adapters/kubernetes/place/standing.hpp"

#include <boost/json/object.hpp>
#include <charconv>

namespace wanwise::kubernetes {
namespace {

namespace json = boost::json;

std::string text_of(const Labels& labels, const char* key) {
  const auto found = labels.find(key);
  return found == labels.end() ? std::string{} : found->second;
}

std::optional<std::int32_t> number_of(const std::string& text) {
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

/// "tx2/1"; "/0" when wanwise had said nothing; "tx2/0/3" when three replicas were suspended.
std::string to_text(const Standing& standing) {
  std::string text = standing.target + "/" + std::to_string(standing.rung);
  if (standing.suspended) text += "/" + std::to_string(*standing.suspended);
  return text;
}

}  // namespace

Standing standing_of(const DeploymentObject& deployment) {
  Standing standing;
  standing.target = text_of(deployment.template_annotations, kTargetKey);
  standing.rung = number_of(text_of(deployment.template_annotations, kRungKey)).value_or(0);
  standing.suspended = number_of(text_of(deployment.annotations, kReplicasKey));
  return standing;
}

std::optional<Standing> moving_from(const DeploymentObject& deployment) {
  const std::string text = text_of(deployment.annotations, kMovingFromKey);
  const std::size_t first = text.find('/');
  if (first == std::string::npos) return std::nullopt;
  const std::size_t second = text.find('/', first + 1);
  const std::size_t length = second == std::string::npos ? second : second - first - 1;
  Standing standing;
  standing.target = text.substr(0, first);
  standing.rung = number_of(text.substr(first + 1, length)).value_or(0);
  if (second != std::string::npos) standing.suspended = number_of(text.substr(second + 1));
  return standing;
}

json::value apply_body(const DeploymentObject& deployment, const Wish& wish,
                       const ClusterConfig& config) {
  const Standing& standing = wish.standing;
  json::object annotations, marks, selector;
  for (const ClusterTarget& target : config.targets) {
    if (target.name.text != standing.target) continue;
    annotations[kTargetKey] = standing.target;
    marks[kTargetKey] = standing.target;
    selector[target.label_key] = target.label_value;
  }
  if (standing.rung != 0) marks[kRungKey] = std::to_string(standing.rung);
  if (standing.suspended) annotations[kReplicasKey] = std::to_string(*standing.suspended);
  if (wish.from) annotations[kMovingFromKey] = to_text(*wish.from);
  if (!annotations.empty() && !wish.reason.empty()) annotations[kReasonKey] = wish.reason;
  json::object metadata{{"name", deployment.name.name}, {"namespace", deployment.name.name_space}};
  if (!annotations.empty()) metadata["annotations"] = std::move(annotations);
  json::object body{
      {"apiVersion", "apps/v1"}, {"kind", "Deployment"}, {"metadata", std::move(metadata)}};
  if (!marks.empty()) {
    json::object inner;
    inner["metadata"] = json::object{{"annotations", std::move(marks)}};
    if (!selector.empty()) inner["spec"] = json::object{{"nodeSelector", std::move(selector)}};
    body["spec"] = json::object{{"template", std::move(inner)}};
  }
  return json::value(std::move(body));
}

std::optional<std::int32_t> replicas_of(const Standing& before, const Standing& wish) {
  if (wish.suspended) return 0;
  return before.suspended;
}

}  // namespace wanwise::kubernetes
