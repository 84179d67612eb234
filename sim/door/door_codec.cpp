#include "sim/door/door_codec.hpp"

#include <array>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "engine/core/check.hpp"
#include "sim/door/json_fields.hpp"

namespace wanwise::sim {
namespace {

namespace json = boost::json;

constexpr std::array<const char*, 4> kOutcomes{"done", "refused", "failed", "unknown"};

template <class Name>
json::value name_or_null(const std::optional<Name>& name) {
  if (!name) return nullptr;
  return json::value(name->text);
}

template <class Quantity>
json::value count_or_null(const std::optional<Quantity>& quantity) {
  if (!quantity) return nullptr;
  return quantity->count;
}

std::string line(const json::object& object) {
  return json::serialize(object) + '\n';
}

// ---- events out

/// Two members, for a split only.
void add_split(json::object& object, const std::optional<core::Split>& split) {
  if (!split) return;
  object["split_target"] = split->target.text;
  object["split_share_ppm"] = split->share.count;
}

json::object write(const core::PlacementObserved& e, core::Instant now) {
  json::object out{{"type", "placement"},
                   {"workload", e.workload.text},
                   {"age_us", (now - e.observed_at).count},
                   {"target", name_or_null(e.target)},
                   {"rung", e.rung},
                   {"ready", e.ready}};
  add_split(out, e.split);
  return out;
}

json::object write(const core::WorkloadSample& e, core::Instant now) {
  return {{"type", "workload"},
          {"workload", e.workload.text},
          {"age_us", (now - e.observed_at).count},
          {"target", e.target.text},
          {"window_us", e.window.count},
          {"arrived", e.arrived},
          {"completed", e.completed},
          {"missed", e.missed},
          {"latency_us", count_or_null(e.latency)},
          {"mean_latency_us", count_or_null(e.mean_latency)}};
}

json::object write(const core::TargetSample& e, core::Instant now) {
  return {{"type", "target"},
          {"target", e.target.text},
          {"age_us", (now - e.observed_at).count},
          {"reachable", e.reachable},
          {"power_mode", name_or_null(e.power_mode)},
          {"throttle_ppm", count_or_null(e.throttle)},
          {"load_ppm", count_or_null(e.load)},
          {"temperature_c", e.temperature_c ? json::value(*e.temperature_c) : json::value(nullptr)},
          {"memory_free_bytes", count_or_null(e.memory_free)}};
}

json::object write(const core::ActionDone& e, core::Instant) {
  return {{"type", "done"},
          {"id", e.id},
          {"outcome", kOutcomes[static_cast<std::size_t>(e.outcome)]},
          {"reason", e.reason},
          {"detail", e.detail}};
}

template <class Other>
json::object write(const Other&, core::Instant) {
  WANWISE_CHECK(!"a kind of event that does not cross the door");
  return {};
}

// ---- events in

/// An age of a year is as wrong as one from the future; both would only be clamped later.
core::Instant observed_at(JsonFields& in, core::Instant now) {
  constexpr std::int64_t kMostAge = std::int64_t{366} * 86'400 * 1'000'000;
  const std::int64_t age = in.number("age_us");
  if (age < 0 || age > kMostAge) in.fail("\"age_us\" is not within 0 and a year");
  return in.good() ? now - core::Micros{age} : now;
}

template <class Name>
std::optional<Name> maybe_name(std::optional<std::string> text) {
  if (!text) return std::nullopt;
  return Name{std::move(*text)};
}

template <class Quantity>
std::optional<Quantity> maybe_count(std::optional<std::int64_t> count) {
  if (!count) return std::nullopt;
  return Quantity{*count};
}

std::optional<core::Split> read_split(JsonFields& in) {
  auto target = in.text_or_null("split_target");
  const auto share = in.number_or_null("split_share_ppm");
  if (target.has_value() != share.has_value()) in.fail("half of a split");
  if (!target || !share) return std::nullopt;
  if (*share <= 0 || *share >= core::kWhole.count) in.fail("\"split_share_ppm\" is no part");
  return core::Split{core::TargetName{std::move(*target)}, core::Ppm{*share}};
}

core::EventBody read_placement(JsonFields& in, core::Instant now) {
  core::PlacementObserved out;
  out.workload = core::WorkloadName{in.text("workload")};
  out.observed_at = observed_at(in, now);
  out.target = maybe_name<core::TargetName>(in.text_or_null("target"));
  out.rung = in.small("rung");
  out.ready = in.flag("ready");
  out.split = read_split(in);
  return out;
}

core::EventBody read_workload(JsonFields& in, core::Instant now) {
  core::WorkloadSample out;
  out.workload = core::WorkloadName{in.text("workload")};
  out.observed_at = observed_at(in, now);
  out.target = core::TargetName{in.text("target")};
  out.window = core::Micros{in.number("window_us")};
  out.arrived = in.number("arrived");
  out.completed = in.number("completed");
  out.missed = in.number("missed");
  out.latency = maybe_count<core::Micros>(in.number_or_null("latency_us"));
  out.mean_latency = maybe_count<core::Micros>(in.number_or_null("mean_latency_us"));
  if (out.window.count < 0 || out.arrived < 0 || out.completed < 0 || out.missed < 0) {
    in.fail("a negative count");
  }
  return out;
}

core::EventBody read_target(JsonFields& in, core::Instant now) {
  core::TargetSample out;
  out.target = core::TargetName{in.text("target")};
  out.observed_at = observed_at(in, now);
  out.reachable = in.flag("reachable");
  out.power_mode = maybe_name<core::PowerModeName>(in.text_or_null("power_mode"));
  out.throttle = maybe_count<core::Ppm>(in.number_or_null("throttle_ppm"));
  out.load = maybe_count<core::Ppm>(in.number_or_null("load_ppm"));
  out.temperature_c = in.small_or_null("temperature_c");
  out.memory_free = maybe_count<core::Bytes>(in.number_or_null("memory_free_bytes"));
  return out;
}

core::EventBody read_done(JsonFields& in) {
  core::ActionDone out;
  out.id = in.id("id");
  const std::string outcome = in.text("outcome");
  std::size_t at = 0;
  while (at < kOutcomes.size() && outcome != kOutcomes[at]) ++at;
  if (at == kOutcomes.size()) {
    in.fail("outcome \"" + outcome + "\" (allowed: done, refused, failed, unknown)");
  } else {
    out.outcome = static_cast<core::Outcome>(at);
  }
  out.reason = in.text("reason");
  out.detail = in.text("detail");
  return out;
}

DoorMessage read_message(JsonFields& in, core::Instant now) {
  const std::string type = in.text("type");
  if (type == "hello") return DoorHello{in.number("version"), core::SiteName{in.text("site")}};
  if (type == "placement") return read_placement(in, now);
  if (type == "workload") return read_workload(in, now);
  if (type == "target") return read_target(in, now);
  if (type == "done") return read_done(in);
  in.fail("type \"" + type + "\" (allowed: hello, placement, workload, target, done)");
  return DoorHello{};
}

}  // namespace

std::string encode(const DoorHello& hello) {
  return line({{"type", "hello"}, {"version", hello.version}, {"site", hello.site.text}});
}

std::string encode(const DoorPlace& place) {
  json::object out{{"type", "place"},
                   {"id", place.id},
                   {"workload", place.action.workload.text},
                   {"from", name_or_null(place.action.from)},
                   {"target", name_or_null(place.action.to)},
                   {"rung", place.action.rung},
                   {"within_us", place.within.count}};
  add_split(out, place.action.split);
  return line(out);
}

std::string encode(const core::EventBody& body, core::Instant now) {
  return line(std::visit([now](const auto& e) { return write(e, now); }, body));
}

core::Expected<DoorMessage> decode_message(std::string_view text, core::Instant now) {
  JsonFields in(text);
  DoorMessage message = in.good() ? read_message(in, now) : DoorMessage{};
  if (!in.good()) return core::Unexpected<core::Error>{in.error()};
  return message;
}

core::Expected<DoorPlace> decode_request(std::string_view text) {
  JsonFields in(text);
  DoorPlace out;
  const std::string type = in.text("type");
  if (type != "place") in.fail("type \"" + type + "\" (allowed: place)");
  out.id = in.id("id");
  out.action.workload = core::WorkloadName{in.text("workload")};
  out.action.from = maybe_name<core::TargetName>(in.text_or_null("from"));
  out.action.to = maybe_name<core::TargetName>(in.text_or_null("target"));
  out.action.rung = in.small("rung");
  out.action.split = read_split(in);
  out.within = core::Micros{in.number("within_us")};
  // An hour: what takes longer than this is not a start of a workload.
  if (out.within.count < 0 || out.within > core::seconds(3'600)) {
    in.fail("\"within_us\" is not within 0 and an hour");
  }
  if (!in.good()) return core::Unexpected<core::Error>{in.error()};
  return out;
}

}  // namespace wanwise::sim
