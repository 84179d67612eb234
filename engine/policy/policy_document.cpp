#include "engine/policy/policy_document.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace wanwise::policy {
namespace {

using Kind = ValueKind;

const std::vector<std::string> kPriorityWords{"critical", "high", "normal", "low"};

/// RFC 4594 section 1.3, without default, cs6 and cs7: unmarked and network control traffic.
const std::vector<std::string> kDscpWords{"ef",   "cs1",  "cs2",  "cs3",  "cs4",  "cs5",
                                          "af11", "af12", "af13", "af21", "af22", "af23",
                                          "af31", "af32", "af33", "af41", "af42", "af43"};

const Shape& queue_shape() {
  static const Shape shape{"a queue",
                           {{"priority", Kind::quantity, false, Unit::percent},
                            {"guarantee", Kind::quantity, false, Unit::percent}},
                           {{{"priority", "guarantee"}}}};
  return shape;
}

const Shape& class_shape() {
  static const Shape shape{"a class",
                           {{"name", Kind::text, true},
                            {"dscp", Kind::word, true, {}, kDscpWords},
                            {"queue", Kind::group, true, {}, {}, &queue_shape()}}};
  return shape;
}

const Shape& demand_shape() {
  static const Shape shape{"a demand",
                           {{"rate", Kind::quantity, true, Unit::request_rate},
                            {"request", Kind::quantity, true, Unit::size},
                            {"response", Kind::quantity, true, Unit::size},
                            {"from", Kind::texts, true}}};
  return shape;
}

const Shape& objective_shape() {
  static const Shape shape{"an objective",
                           {{"p50", Kind::quantity, false, Unit::duration},
                            {"p95", Kind::quantity, false, Unit::duration},
                            {"p99", Kind::quantity, false, Unit::duration}},
                           {{{"p50", "p95", "p99"}}}};
  return shape;
}

const Shape& placement_shape() {
  static const Shape shape{"a placement",
                           {{"prefer", Kind::texts, true},
                            {"fall-back", Kind::texts},
                            {"residency", Kind::word, false, {}, {"any", "site"}},
                            {"split", Kind::word, false, {}, {"never", "allowed"}}}};
  return shape;
}

const Shape& step_shape() {
  static const Shape shape{
      "a step of degradation: {rate: 5/s}, {model: NAME} or suspend",
      {{"rate", Kind::quantity, false, Unit::request_rate}, {"model", Kind::text}}};
  return shape;
}

const Shape& workload_shape() {
  static const Shape shape{"a workload",
                           {{"name", Kind::text, true},
                            {"deployment", Kind::text, true},
                            {"model", Kind::text, true},
                            {"class", Kind::text, true},
                            {"priority", Kind::word, false, {}, kPriorityWords},
                            {"demand", Kind::group, true, {}, {}, &demand_shape()},
                            {"objective", Kind::group, true, {}, {}, &objective_shape()},
                            {"placement", Kind::group, true, {}, {}, &placement_shape()},
                            {"replicas", Kind::integer},
                            {"memory", Kind::quantity, true, Unit::size},
                            {"port", Kind::integer},
                            {"transport", Kind::word, false, {}, {"tcp", "udp"}},
                            {"degrade", Kind::steps, false, {}, {"suspend"}, &step_shape()}}};
  return shape;
}

const Shape& stability_shape() {
  static const Shape shape{"stability",
                           {{"fall-back-after", Kind::quantity, false, Unit::duration},
                            {"return-after", Kind::quantity, false, Unit::duration},
                            {"min-dwell", Kind::quantity, false, Unit::duration},
                            {"min-gain", Kind::quantity, false, Unit::share},
                            {"max-moves-per-hour", Kind::integer},
                            {"move-within", Kind::quantity, false, Unit::duration}}};
  return shape;
}

const Shape& blind_shape() {
  static const Shape shape{"when-blind",
                           {{"after", Kind::quantity, false, Unit::duration},
                            {"then", Kind::word, false, {}, {"hold", "local"}}}};
  return shape;
}

// ---- checks ------------------------------------------------------------------------------------

void check_queues(std::vector<Value>& classes, Findings& findings) {
  std::int64_t sum = 0;
  bool too_much = false;
  std::string priority_class;
  for (Value& service_class : classes) {
    Value* queue = service_class.get("queue");
    if (queue == nullptr) continue;
    Value* priority = queue->get("priority");
    Value* share = priority != nullptr ? priority : queue->get("guarantee");
    if (share == nullptr) continue;
    sum += share->number;
    if (priority != nullptr && !priority_class.empty()) {
      findings.refuse(*priority, "class " + in_quotes(priority_class) +
                                     " has the priority queue already; an interface has one");
    } else if (sum > kMaxQueuePercent && !std::exchange(too_much, true)) {
      findings.refuse(*share,
                      "shares up to here take " + std::to_string(sum) +
                          "% together; class-default needs the rest",
                      "at most " + std::to_string(kMaxQueuePercent) + "% in all classes");
    }
    if (priority != nullptr) priority_class = service_class.text_of("name");
  }
}

void check_targets(Value& workload, Findings& findings) {
  Value* placement = workload.get("placement");
  if (placement == nullptr) return;
  const auto& preferred = placement->items_of("prefer");
  for (Value& target : placement->items_of("fall-back")) {
    const bool both = std::any_of(preferred.begin(), preferred.end(), [&](const Value& other) {
      return !other.refused && other.text == target.text;
    });
    if (both) findings.refuse(target, in_quotes(target.text) + " is in 'prefer' already");
  }
}

/// A share of a split is some of the replicas, on some of the targets. Where those could not be
/// read, that is told already, and the split with them counts as absent.
void check_split(Value& workload, Findings& findings) {
  Value* placement = workload.get("placement");
  Value* split = placement != nullptr ? placement->get("split") : nullptr;
  if (split == nullptr || split->text != "allowed") return;
  const Value* replicas = workload.get_any("replicas");
  bool known = replicas != nullptr ? !replicas->refused : !workload.partial;
  std::size_t targets = 0;
  for (const char* list : {"prefer", "fall-back"}) {
    const auto& items = placement->items_of(list);
    targets += items.size();
    known = known && std::none_of(items.begin(), items.end(),
                                  [](const Value& target) { return target.refused; });
  }
  const std::int64_t count = workload.number_of("replicas", 1);
  if (!known || placement->partial) {
    split->refused = true;
  } else if (count < 2) {
    findings.refuse(*split,
                    "a split is by whole replicas, and the workload has " + std::to_string(count),
                    "split never, or replicas 2 and more");
  } else if (targets < 2) {
    findings.refuse(*split, "a split is between two targets, and the workload has one",
                    "split never, or one more target in 'fall-back'");
  }
}

/// Each step gives something up, the rate never rises and nothing follows suspend.
void check_ladder(Value& workload, Findings& findings) {
  const Value* demand = workload.get("demand");
  std::int64_t rate = demand != nullptr ? demand->number_of("rate") : 0;
  std::string model = workload.text_of("model");
  bool suspended = false;
  for (Value& step : workload.items_of("degrade")) {
    if (step.refused) continue;
    if (suspended) {
      findings.refuse(step, "nothing can follow 'suspend'");
      return;
    }
    suspended = step.text == "suspend";
    if (!suspended && step.items.empty() && !step.partial) {
      findings.refuse(step, "the step changes nothing", "{rate: 5/s}, {model: NAME}, suspend");
      continue;
    }
    if (Value* lower = step.get("rate")) {
      if (rate != 0 && lower->number >= rate) {
        findings.refuse(*lower, "a step must lower the rate; before it the rate is " +
                                    format_quantity(Unit::request_rate, rate));
      }
      rate = lower->number;
    }
    if (Value* other = step.get("model")) {
      if (other->text == model) {
        findings.refuse(*other, "the step keeps model " + in_quotes(model));
      }
      model = other->text;
    }
  }
}

/// On the wire a request is known by source, destination and port: where those are the same, the
/// class must be too.
void check_ports(std::vector<Value>& workloads, Findings& findings) {
  const auto overlap = [](const std::vector<Value>& a, const std::vector<Value>& b) {
    return std::any_of(a.begin(), a.end(), [&](const Value& left) {
      return std::any_of(b.begin(), b.end(),
                         [&](const Value& right) { return left.text == right.text; });
    });
  };
  const auto targets = [](const Value& workload) {
    std::vector<Value> all;
    if (const Value* placement = workload.get("placement")) {
      for (const char* list : {"prefer", "fall-back"}) {
        const auto& items = placement->items_of(list);
        all.insert(all.end(), items.begin(), items.end());
      }
    }
    return all;
  };
  const auto sources = [](const Value& workload) {
    const Value* demand = workload.get("demand");
    return demand != nullptr ? demand->items_of("from") : std::vector<Value>{};
  };
  for (std::size_t i = 0; i < workloads.size(); ++i) {
    Value& workload = workloads[i];
    for (std::size_t j = 0; j < i; ++j) {
      const Value& other = workloads[j];
      const bool same_door =
          workload.number_of("port", kDefaultPort) == other.number_of("port", kDefaultPort) &&
          workload.text_of("transport", "tcp") == other.text_of("transport", "tcp");
      const std::string service_class = workload.text_of("class");
      const std::string other_class = other.text_of("class");
      if (!same_door || service_class.empty() || other_class.empty() ||
          service_class == other_class || !overlap(sources(workload), sources(other)) ||
          !overlap(targets(workload), targets(other))) {
        continue;
      }
      Value* place = workload.get("port");
      if (place == nullptr) place = workload.get("name");
      if (place == nullptr) place = &workload;
      findings.refuse(*place,
                      "port " + std::to_string(workload.number_of("port", kDefaultPort)) +
                          " is that of workload " + in_quotes(other.text_of("name")) +
                          " in another class, with common sources and targets: the router could "
                          "not tell their packets apart");
      break;
    }
  }
}

// ---- core --------------------------------------------------------------------------------------

core::ServiceClass make_class(const Value& value) {
  const Value& queue = *value.get("queue");
  const bool priority = queue.get("priority") != nullptr;
  return {core::ClassName{value.text_of("name")},
          core::parse_dscp(value.text_of("dscp")).value_or(core::Dscp{}),
          priority ? core::QueueKind::priority : core::QueueKind::remaining,
          static_cast<std::uint32_t>(queue.number_of(priority ? "priority" : "guarantee"))};
}

core::Objective make_objective(const Value& value) {
  static constexpr std::array<std::pair<std::string_view, std::int64_t>, 3> kQuantiles{
      {{"p50", 500'000}, {"p95", 950'000}, {"p99", 990'000}}};
  for (const auto& [key, quantile] : kQuantiles) {
    if (const Value* latency = value.get(key)) {
      return {core::Ppm{quantile}, core::Micros{latency->number}};
    }
  }
  return {};
}

/// Index of the word in the list: enumerators stand in the order of their words.
template <class Enum>
Enum make_enum(const std::string& word, const std::vector<std::string>& words) {
  const auto it = std::find(words.begin(), words.end(), word);
  return static_cast<Enum>(it - words.begin());
}

std::vector<core::Rung> make_ladder(const Value& value, core::MilliHz rate) {
  std::vector<core::Rung> ladder{{rate, core::ModelName{value.text_of("model")}}};
  for (const Value& step : value.items_of("degrade")) {
    core::Rung rung = ladder.back();
    if (step.text == "suspend") rung.rate = core::MilliHz{0};
    if (const Value* lower = step.get("rate")) rung.rate = core::MilliHz{lower->number};
    if (const Value* model = step.get("model")) rung.model = core::ModelName{model->text};
    ladder.push_back(std::move(rung));
  }
  return ladder;
}

core::Workload make_workload(const Value& value) {
  const Value& demand = *value.get("demand");
  const Value& placement = *value.get("placement");
  core::Workload workload;
  workload.name = core::WorkloadName{value.text_of("name")};
  workload.deployment = value.text_of("deployment");
  workload.service_class = core::ClassName{value.text_of("class")};
  workload.priority =
      make_enum<core::Priority>(value.text_of("priority", "normal"), kPriorityWords);
  for (const Value& source : demand.items_of("from")) {
    workload.sources.emplace_back(source.text);
  }
  std::sort(workload.sources.begin(), workload.sources.end());
  workload.transport =
      value.text_of("transport", "tcp") == "udp" ? core::Transport::udp : core::Transport::tcp;
  workload.port = static_cast<std::uint16_t>(value.number_of("port", kDefaultPort));
  workload.rate = core::MilliHz{demand.number_of("rate")};
  workload.request = core::Bytes{demand.number_of("request")};
  workload.response = core::Bytes{demand.number_of("response")};
  workload.memory = core::Bytes{value.number_of("memory")};
  workload.objective = make_objective(*value.get("objective"));
  for (const char* list : {"prefer", "fall-back"}) {
    for (const Value& target : placement.items_of(list)) workload.targets.emplace_back(target.text);
  }
  workload.residency = placement.text_of("residency", "any") == "site" ? core::Residency::site
                                                                       : core::Residency::any;
  workload.ladder = make_ladder(value, workload.rate);
  workload.replicas = static_cast<std::int32_t>(value.number_of("replicas", 1));
  workload.may_split = placement.text_of("split", "never") == "allowed";
  return workload;
}

core::Stability make_stability(const Value& value) {
  core::Stability stability;
  const auto micros = [&](std::string_view key, core::Micros absent) {
    return core::Micros{value.number_of(key, absent.count)};
  };
  stability.fall_back_after = micros("fall-back-after", stability.fall_back_after);
  stability.return_after = micros("return-after", stability.return_after);
  stability.min_dwell = micros("min-dwell", stability.min_dwell);
  stability.min_gain = core::Ppm{value.number_of("min-gain", stability.min_gain.count)};
  stability.max_moves_per_hour = static_cast<std::int32_t>(
      value.number_of("max-moves-per-hour", stability.max_moves_per_hour));
  stability.move_within = micros("move-within", stability.move_within);
  return stability;
}

core::WhenBlind make_when_blind(const Value& value) {
  core::WhenBlind when_blind;
  when_blind.after = core::Micros{value.number_of("after", when_blind.after.count)};
  when_blind.then =
      value.text_of("then", "hold") == "local" ? core::BlindAction::local : core::BlindAction::hold;
  return when_blind;
}

}  // namespace

const Shape& policy_shape() {
  static const Shape shape{"a policy",
                           {{"wanwise", Kind::text, true},
                            {"name", Kind::text, true},
                            {"applies-to", Kind::labels},
                            {"classes", Kind::groups, true, {}, {}, &class_shape()},
                            {"workloads", Kind::groups, true, {}, {}, &workload_shape()},
                            {"stability", Kind::group, false, {}, {}, &stability_shape()},
                            {"when-blind", Kind::group, false, {}, {}, &blind_shape()},
                            {"on-drift", Kind::word, false, {}, {"repair", "report"}}}};
  return shape;
}

void check_policy(Document& document, Report& report) {
  Findings findings(document.file, report);
  auto& classes = document.root.items_of("classes");
  auto& workloads = document.root.items_of("workloads");
  const bool classes_known =
      document.root.get_any("classes") != nullptr && names_known(document.root, "classes");
  const std::vector<std::string> class_names = names_of(classes);
  refuse_duplicate_names(classes, "class", findings);
  refuse_duplicates(
      classes, "dscp", "code point",
      [](const Value& c) {
        return UniqueKey{"", c.text_of("dscp")};
      },
      findings);
  check_queues(classes, findings);
  refuse_duplicate_names(workloads, "workload", findings);
  refuse_duplicates(
      workloads, "deployment", "deployment",
      [](const Value& w) {
        return UniqueKey{"", w.text_of("deployment")};
      },
      findings);
  for (Value& workload : workloads) {
    if (classes_known) refuse_unknown(workload.get("class"), "class", class_names, findings);
    check_targets(workload, findings);
    check_split(workload, findings);
    check_ladder(workload, findings);
  }
  check_ports(workloads, findings);
}

core::Policy make_policy(const Value& root) {
  core::Policy policy;
  policy.name = core::PolicyName{root.text_of("name")};
  for (const Value& value : root.items_of("classes")) policy.classes.push_back(make_class(value));
  for (const Value& value : root.items_of("workloads")) {
    policy.workloads.push_back(make_workload(value));
  }
  const auto by_name = [](const auto& a, const auto& b) { return a.name < b.name; };
  std::sort(policy.classes.begin(), policy.classes.end(), by_name);
  std::sort(policy.workloads.begin(), policy.workloads.end(), by_name);
  if (const Value* stability = root.get("stability")) policy.stability = make_stability(*stability);
  if (const Value* blind = root.get("when-blind")) policy.when_blind = make_when_blind(*blind);
  if (root.text_of("on-drift") == "report") policy.on_drift = core::OnDrift::report;
  return policy;
}

}  // namespace wanwise::policy
