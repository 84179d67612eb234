#include "sim/study/runs/record_codec.hpp"

#include "sim/study/runs/json_reader.hpp"

namespace wanwise::sim {
namespace {

namespace json = boost::json;

// Positions in a study, far above read_study()'s limits.
constexpr std::int64_t kMaxPosition = 1'000'000;
// Of one latency bucket: requests of a day at 100 million a second would not fit either.
constexpr std::int64_t kMaxCount = std::int64_t{1} << 53;
// A latency: a day. LatencyHistogram grows with the largest.
constexpr std::int64_t kMaxLatency = std::int64_t{86'400} * 1'000'000 * 16;

json::object encode_histogram(const LatencyHistogram& histogram) {
  json::array buckets;
  for (const auto& [edge, count] : histogram.buckets()) {
    buckets.emplace_back(edge.count);
    buckets.emplace_back(count);
  }
  return {{"sum", histogram.sum().count}, {"max", histogram.max().count}, {"buckets", buckets}};
}

LatencyHistogram decode_histogram(JsonReader reader) {
  const std::int64_t sum = reader.count("sum");
  const std::int64_t max = reader.integer("max", 0, kMaxLatency);
  const json::array& flat = reader.array("buckets");
  std::vector<std::pair<core::Micros, std::int64_t>> buckets;
  std::int64_t last = -1;
  std::int64_t total = 0;
  std::int64_t sum_of_edges = 0;  // what restore() sums before it takes the exact sum
  for (std::size_t i = 0; i + 1 < flat.size(); i += 2) {
    std::int64_t edge = 0;
    std::int64_t count = 0;
    const bool good = to_integer(flat[i], edge) && to_integer(flat[i + 1], count) && edge > last &&
                      edge <= 2 * kMaxLatency && count > 0 && count <= kMaxCount &&
                      (total += count) <= kMaxCount;
    if (!good)
      return reader.refuse("buckets", "are not ascending edges with counts"), LatencyHistogram{};
    if (edge > (std::numeric_limits<std::int64_t>::max() - sum_of_edges) / count)
      return reader.refuse("buckets", "are too full"), LatencyHistogram{};
    sum_of_edges += edge * count;
    last = edge;
    buckets.emplace_back(core::Micros{edge}, count);
  }
  if (flat.size() % 2 != 0) reader.refuse("buckets", "lack a count");
  reader.end();
  return LatencyHistogram::restore(buckets, core::Micros{sum}, core::Micros{max});
}

json::object encode_workload(const WorkloadResult& w) {
  return {{"workload", w.workload.text},
          {"class", w.service_class.text},
          {"generated", w.generated},
          {"skipped", w.skipped},
          {"completed", w.completed},
          {"lost", w.lost},
          {"open", w.open},
          {"late", w.late},
          {"on_site", w.on_site},
          {"in_cloud", w.in_cloud},
          {"latency", encode_histogram(w.latency)}};
}

WorkloadResult decode_workload(JsonReader reader) {
  WorkloadResult w;
  w.workload = core::WorkloadName{reader.text("workload")};
  w.service_class = core::ClassName{reader.text("class")};
  w.generated = reader.count("generated");
  w.skipped = reader.count("skipped");
  w.completed = reader.count("completed");
  w.lost = reader.count("lost");
  w.open = reader.count("open");
  w.late = reader.count("late");
  w.on_site = reader.count("on_site");
  w.in_cloud = reader.count("in_cloud");
  w.latency = decode_histogram(reader.object("latency"));
  reader.end();
  return w;
}

json::object encode_point(const TimelinePoint& p) {
  json::object object{{"at", p.at.count},
                      {"rate", p.uplink_rate.count},
                      {"used", p.uplink_used.count},
                      {"shaper", p.shaper.count},
                      {"ended", p.ended},
                      {"missed", p.missed},
                      {"worst", p.worst.count},
                      {"in_cloud", p.in_cloud}};
  if (!p.events.empty()) {
    json::array events;
    for (const std::string& event : p.events) events.emplace_back(event);
    object["events"] = std::move(events);
  }
  return object;
}

TimelinePoint decode_point(JsonReader reader) {
  TimelinePoint p;
  reader.read("at", p.at);
  reader.read("rate", p.uplink_rate);
  reader.read("used", p.uplink_used);
  reader.read("shaper", p.shaper);
  p.ended = reader.count("ended");
  p.missed = reader.count("missed");
  reader.read("worst", p.worst);
  p.in_cloud = static_cast<std::int32_t>(reader.integer("in_cloud", 0, 1'000'000));
  if (reader.has("events")) {
    for (const json::value& event : reader.array("events")) {
      if (!event.is_string()) return reader.refuse("events", "are no texts"), p;
      p.events.emplace_back(event.get_string());
    }
  }
  reader.end();
  return p;
}

json::array encode_times(const std::vector<core::Micros>& times) {
  json::array list;
  for (const core::Micros time : times) list.emplace_back(time.count);
  return list;
}

std::vector<core::Micros> decode_times(JsonReader& reader, std::string_view key) {
  std::vector<core::Micros> times;
  for (const json::value& value : reader.array(key)) {
    std::int64_t time = 0;
    if (!to_integer(value, time)) return reader.refuse(key, "are no times"), times;
    times.push_back(core::Micros{time});
  }
  return times;
}

json::object encode_result(const TrialResult& r) {
  json::array workloads;
  for (const WorkloadResult& workload : r.workloads) workloads.push_back(encode_workload(workload));
  json::object object{
      {"arrival_hash", r.arrival_hash},     {"checksum", r.checksum},
      {"world_events", r.world_events},     {"controller_events", r.controller_events},
      {"measured", r.measured.count},       {"workloads", std::move(workloads)},
      {"uplink", r.uplink.count},           {"downlink", r.downlink.count},
      {"link_cost", r.link_cost.count},     {"cloud_cost", r.cloud_cost.count},
      {"energy_mj", r.energy_mj},           {"moves", r.moves},
      {"failed_moves", r.failed_moves},     {"router_writes", r.router_writes},
      {"stale_moves", r.stale_moves},       {"fall_backs", encode_times(r.fall_backs)},
      {"returns", encode_times(r.returns)}, {"mser5", r.mser5.count},
      {"conserved", r.conserved},           {"little_error", r.little_error.count}};
  if (!r.timeline.empty()) {
    json::array timeline;
    for (const TimelinePoint& point : r.timeline) timeline.push_back(encode_point(point));
    object["timeline"] = std::move(timeline);
  }
  return object;
}

TrialResult decode_result(JsonReader reader) {
  TrialResult r;
  r.arrival_hash = reader.unsigned_integer("arrival_hash");
  r.checksum = reader.unsigned_integer("checksum");
  r.world_events = reader.unsigned_integer("world_events");
  r.controller_events = reader.unsigned_integer("controller_events");
  reader.read("measured", r.measured);
  const json::array& workloads = reader.array("workloads");
  for (std::size_t i = 0; i < workloads.size(); ++i)
    r.workloads.push_back(decode_workload(reader.item(workloads[i], "workloads", i)));
  reader.read("uplink", r.uplink);
  reader.read("downlink", r.downlink);
  reader.read("link_cost", r.link_cost);
  reader.read("cloud_cost", r.cloud_cost);
  r.energy_mj = reader.count("energy_mj");
  r.moves = reader.count("moves");
  r.failed_moves = reader.count("failed_moves");
  r.router_writes = reader.count("router_writes");
  r.stale_moves = reader.count("stale_moves");
  r.fall_backs = decode_times(reader, "fall_backs");
  r.returns = decode_times(reader, "returns");
  reader.read("mser5", r.mser5);
  r.conserved = reader.boolean("conserved");
  reader.read("little_error", r.little_error);
  if (reader.has("timeline")) {
    const json::array& timeline = reader.array("timeline");
    if (timeline.size() > kMaxRecordItems) reader.refuse("timeline", "is too long");
    for (std::size_t i = 0; i < timeline.size() && timeline.size() <= kMaxRecordItems; ++i)
      r.timeline.push_back(decode_point(reader.item(timeline[i], "timeline", i)));
  }
  reader.end();
  return r;
}

RunRecord decode_run(JsonReader& reader) {
  RunRecord record;
  record.cell = static_cast<std::size_t>(reader.integer("cell", 0, kMaxPosition));
  record.policy = static_cast<std::size_t>(reader.integer("policy", 0, kMaxPosition));
  record.seed = reader.unsigned_integer("seed");
  reader.read("took", record.took);
  record.result = decode_result(reader.object("result"));
  return record;
}

PilotRecord decode_pilot(JsonReader& reader) {
  PilotRecord pilot;
  pilot.cell = static_cast<std::size_t>(reader.integer("cell", 0, kMaxPosition));
  pilot.policy = static_cast<std::size_t>(reader.integer("policy", 0, kMaxPosition));
  pilot.mser5 = core::Micros{reader.count("mser5")};
  return pilot;
}

}  // namespace

std::string encode(const RecordLine& line) {
  json::object object{{"schema", kRecordSchema}, {"study", line.study}};
  if (const auto* run = std::get_if<RunRecord>(&line.body)) {
    object["kind"] = "run";
    object["cell"] = run->cell;
    object["policy"] = run->policy;
    object["seed"] = run->seed;
    object["took"] = run->took.count;
    object["result"] = encode_result(run->result);
  } else {
    const auto& pilot = std::get<PilotRecord>(line.body);
    object["kind"] = "pilot";
    object["cell"] = pilot.cell;
    object["policy"] = pilot.policy;
    object["mser5"] = pilot.mser5.count;
  }
  return json::serialize(object);
}

core::Expected<RecordLine> decode_record(std::string_view text) {
  const auto invalid = [](std::string why) { return core::fail("record-invalid", std::move(why)); };
  if (text.size() > kMaxRecordBytes) return invalid("the line is too long");
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = 8;  // a record needs 6
  const json::value value = json::parse({text.data(), text.size()}, error, {}, options);
  if (error) return invalid("not JSON: " + error.message());
  std::string problem;
  JsonReader reader(value, "", problem);
  const std::int64_t schema = reader.integer("schema");
  if (problem.empty() && schema != kRecordSchema)
    return invalid("schema " + std::to_string(schema) +
                   " (allowed: " + std::to_string(kRecordSchema) + ")");
  RecordLine line;
  line.study = reader.text("study");
  const std::string kind = reader.text("kind");
  if (kind == "run") {
    line.body = decode_run(reader);
  } else if (kind == "pilot") {
    line.body = decode_pilot(reader);
  } else {
    reader.refuse("kind", "is unknown (allowed: run, pilot)");
  }
  reader.end();
  if (!problem.empty()) return invalid(problem);
  return line;
}

}  // namespace wanwise::sim
