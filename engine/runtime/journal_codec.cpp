#include "engine/runtime/journal_codec.hpp"

#include <utility>
#include <variant>

#include "engine/runtime/types_codec.hpp"
#include "engine/runtime/wire.hpp"

namespace wanwise::runtime {
namespace {

using core::Instant;

// Each event body has a pair: write() fills its message in the event's oneof, read() the inverse.

void write(const core::LinkCounters& in, v1::Event& event) {
  v1::LinkCounters& out = *event.mutable_link_counters();
  out.set_link(in.link.text);
  out.set_observed_at_us(in.observed_at.micros);
  out.set_up(in.up);
  out.set_tx_bytes(in.tx_bytes);
  out.set_rx_bytes(in.rx_bytes);
  out.set_tx_drops(in.tx_drops);
}

core::EventBody read(const v1::LinkCounters& in) {
  return core::LinkCounters{core::LinkName{in.link()},
                            Instant{in.observed_at_us()},
                            in.up(),
                            in.tx_bytes(),
                            in.rx_bytes(),
                            in.tx_drops()};
}

void write(const core::ClassCounters& in, v1::Event& event) {
  v1::ClassCounters& out = *event.mutable_class_counters();
  out.set_link(in.link.text);
  out.set_service_class(in.service_class.text);
  out.set_observed_at_us(in.observed_at.micros);
  out.set_tx_bytes(in.tx_bytes);
  out.set_drop_bytes(in.drop_bytes);
  out.set_queue_bytes(in.queue_bytes);
}

core::EventBody read(const v1::ClassCounters& in) {
  return core::ClassCounters{core::LinkName{in.link()},
                             core::ClassName{in.service_class()},
                             Instant{in.observed_at_us()},
                             in.tx_bytes(),
                             in.drop_bytes(),
                             in.queue_bytes()};
}

void write(const core::RadioSample& in, v1::Event& event) {
  v1::RadioSample& out = *event.mutable_radio_sample();
  out.set_link(in.link.text);
  out.set_observed_at_us(in.observed_at.micros);
  out.set_access(enum_to_wire<v1::RadioAccess>(in.access));
  out.set_in_service(in.in_service);
  if (in.rsrp) out.set_rsrp_mdbm(in.rsrp->count);
  if (in.rsrq) out.set_rsrq_mdb(in.rsrq->count);
  if (in.sinr) out.set_sinr_mdb(in.sinr->count);
  if (in.band) out.set_band(*in.band);
}

core::EventBody read(const v1::RadioSample& in, Fault& fault) {
  core::RadioSample out;
  out.link = core::LinkName{in.link()};
  out.observed_at = Instant{in.observed_at_us()};
  out.access = enum_from_wire(in.access(), core::RadioAccess::nr_sa, "radio access", fault);
  out.in_service = in.in_service();
  if (in.has_rsrp_mdbm()) out.rsrp = core::MilliDb{in.rsrp_mdbm()};
  if (in.has_rsrq_mdb()) out.rsrq = core::MilliDb{in.rsrq_mdb()};
  if (in.has_sinr_mdb()) out.sinr = core::MilliDb{in.sinr_mdb()};
  if (in.has_band()) out.band = in.band();
  return out;
}

void write(const core::ProbeSample& in, v1::Event& event) {
  v1::ProbeSample& out = *event.mutable_probe_sample();
  out.set_link(in.link.text);
  out.set_observed_at_us(in.observed_at.micros);
  if (in.rtt) out.set_rtt_us(in.rtt->count);
  if (in.service_class) out.set_service_class(in.service_class->text);
  if (in.jitter) out.set_jitter_us(in.jitter->count);
  if (in.loss) out.set_loss_ppm(in.loss->count);
}

core::EventBody read(const v1::ProbeSample& in) {
  core::ProbeSample out{core::LinkName{in.link()}, Instant{in.observed_at_us()}, {}};
  if (in.has_rtt_us()) out.rtt = core::Micros{in.rtt_us()};
  if (in.has_service_class()) out.service_class = core::ClassName{in.service_class()};
  if (in.has_jitter_us()) out.jitter = core::Micros{in.jitter_us()};
  if (in.has_loss_ppm()) out.loss = core::Ppm{in.loss_ppm()};
  return out;
}

void write(const core::PathAlarm& in, v1::Event& event) {
  v1::PathAlarm& out = *event.mutable_path_alarm();
  out.set_link(in.link.text);
  out.set_observed_at_us(in.observed_at.micros);
  out.set_source(enum_to_wire<v1::PathAlarmSource>(in.source));
  out.set_raised(in.raised);
  out.set_detail(in.detail);
}

core::EventBody read(const v1::PathAlarm& in, Fault& fault) {
  return core::PathAlarm{
      core::LinkName{in.link()}, Instant{in.observed_at_us()},
      enum_from_wire(in.source(), core::PathAlarm::Source::probe_reaction, "alarm source", fault),
      in.raised(), in.detail()};
}

void write(const core::RouterHealth& in, v1::Event& event) {
  v1::RouterHealth& out = *event.mutable_router_health();
  out.set_router(in.router.text);
  out.set_observed_at_us(in.observed_at.micros);
  if (in.cpu) out.set_cpu_ppm(in.cpu->count);
  if (in.memory_free) out.set_memory_free_bytes(in.memory_free->count);
  if (in.app_cpu_free) out.set_app_cpu_free_ppm(in.app_cpu_free->count);
  if (in.app_memory_free) out.set_app_memory_free_bytes(in.app_memory_free->count);
}

core::EventBody read(const v1::RouterHealth& in) {
  core::RouterHealth out;
  out.router = core::RouterName{in.router()};
  out.observed_at = Instant{in.observed_at_us()};
  if (in.has_cpu_ppm()) out.cpu = core::Ppm{in.cpu_ppm()};
  if (in.has_memory_free_bytes()) out.memory_free = core::Bytes{in.memory_free_bytes()};
  if (in.has_app_cpu_free_ppm()) out.app_cpu_free = core::Ppm{in.app_cpu_free_ppm()};
  if (in.has_app_memory_free_bytes()) out.app_memory_free = core::Bytes{in.app_memory_free_bytes()};
  return out;
}

void write(const core::NodePort& in, v1::Event& event) {
  v1::NodePort& out = *event.mutable_node_port();
  out.set_target(in.target.text);
  out.set_observed_at_us(in.observed_at.micros);
  out.set_up(in.up);
}

core::EventBody read(const v1::NodePort& in) {
  return core::NodePort{core::TargetName{in.target()}, Instant{in.observed_at_us()}, in.up()};
}

void write(const core::NodeObserved& in, v1::Event& event) {
  v1::NodeObserved& out = *event.mutable_node_observed();
  out.set_target(in.target.text);
  out.set_observed_at_us(in.observed_at.micros);
  out.set_ready(in.ready);
  if (in.heartbeat_age) out.set_heartbeat_age_us(in.heartbeat_age->count);
}

core::EventBody read(const v1::NodeObserved& in) {
  core::NodeObserved out;
  out.target = core::TargetName{in.target()};
  out.observed_at = Instant{in.observed_at_us()};
  out.ready = in.ready();
  if (in.has_heartbeat_age_us()) out.heartbeat_age = core::Micros{in.heartbeat_age_us()};
  return out;
}

void write(const core::PlacementLimits& in, v1::Event& event) {
  v1::PlacementLimits& out = *event.mutable_placement_limits();
  out.set_workload(in.workload.text);
  out.set_observed_at_us(in.observed_at.micros);
  for (const core::ClosedPlace& closed : in.closed) {
    v1::ClosedPlace& one = *out.add_closed();
    if (closed.target) one.set_target(closed.target->text);
    one.set_code(closed.code);
    one.set_detail(closed.detail);
  }
  out.set_may_split(in.may_split);
}

core::EventBody read(const v1::PlacementLimits& in) {
  core::PlacementLimits out;
  out.workload = core::WorkloadName{in.workload()};
  out.observed_at = Instant{in.observed_at_us()};
  for (const v1::ClosedPlace& one : in.closed()) {
    core::ClosedPlace closed{{}, one.code(), one.detail()};
    if (one.has_target()) closed.target = core::TargetName{one.target()};
    out.closed.push_back(std::move(closed));
  }
  out.may_split = in.may_split();
  return out;
}

void write(const core::RouterSession& in, v1::Event& event) {
  v1::RouterSession& out = *event.mutable_router_session();
  out.set_router(in.router.text);
  out.set_state(enum_to_wire<v1::SessionState>(in.state));
  out.set_reason(in.reason);
  out.set_detail(in.detail);
}

core::EventBody read(const v1::RouterSession& in, Fault& fault) {
  return core::RouterSession{
      core::RouterName{in.router()},
      enum_from_wire(in.state(), core::SessionState::disconnected, "session state", fault),
      in.reason(), in.detail()};
}

void write(const core::RouterQosObserved& in, v1::Event& event) {
  v1::RouterQosObserved& out = *event.mutable_router_qos_observed();
  out.set_router(in.router.text);
  out.set_observed_at_us(in.observed_at.micros);
  if (in.qos) to_wire(*in.qos, *out.mutable_qos());
  for (const std::string& line : in.foreign) out.add_foreign(line);
  for (const std::string& line : in.altered) out.add_altered(line);
}

core::EventBody read(const v1::RouterQosObserved& in, Fault& fault) {
  core::RouterQosObserved out;
  out.router = core::RouterName{in.router()};
  out.observed_at = Instant{in.observed_at_us()};
  if (in.has_qos()) out.qos = from_wire(in.qos(), fault);
  out.foreign.assign(in.foreign().begin(), in.foreign().end());
  out.altered.assign(in.altered().begin(), in.altered().end());
  return out;
}

void write(const core::TargetSample& in, v1::Event& event) {
  v1::TargetSample& out = *event.mutable_target_sample();
  out.set_target(in.target.text);
  out.set_observed_at_us(in.observed_at.micros);
  out.set_reachable(in.reachable);
  if (in.power_mode) out.set_power_mode(in.power_mode->text);
  if (in.throttle) out.set_throttle_ppm(in.throttle->count);
  if (in.load) out.set_load_ppm(in.load->count);
  if (in.temperature_c) out.set_temperature_c(*in.temperature_c);
  if (in.memory_free) out.set_memory_free_bytes(in.memory_free->count);
}

core::EventBody read(const v1::TargetSample& in) {
  core::TargetSample out;
  out.target = core::TargetName{in.target()};
  out.observed_at = Instant{in.observed_at_us()};
  out.reachable = in.reachable();
  if (in.has_power_mode()) out.power_mode = core::PowerModeName{in.power_mode()};
  if (in.has_throttle_ppm()) out.throttle = core::Ppm{in.throttle_ppm()};
  if (in.has_load_ppm()) out.load = core::Ppm{in.load_ppm()};
  if (in.has_temperature_c()) out.temperature_c = in.temperature_c();
  if (in.has_memory_free_bytes()) out.memory_free = core::Bytes{in.memory_free_bytes()};
  return out;
}

void write(const core::WorkloadSample& in, v1::Event& event) {
  v1::WorkloadSample& out = *event.mutable_workload_sample();
  out.set_workload(in.workload.text);
  out.set_observed_at_us(in.observed_at.micros);
  out.set_target(in.target.text);
  out.set_window_us(in.window.count);
  out.set_arrived(in.arrived);
  out.set_completed(in.completed);
  out.set_missed(in.missed);
  if (in.latency) out.set_latency_us(in.latency->count);
  if (in.mean_latency) out.set_mean_latency_us(in.mean_latency->count);
}

core::EventBody read(const v1::WorkloadSample& in) {
  core::WorkloadSample out;
  out.workload = core::WorkloadName{in.workload()};
  out.observed_at = Instant{in.observed_at_us()};
  out.target = core::TargetName{in.target()};
  out.window = core::Micros{in.window_us()};
  out.arrived = in.arrived();
  out.completed = in.completed();
  out.missed = in.missed();
  if (in.has_latency_us()) out.latency = core::Micros{in.latency_us()};
  if (in.has_mean_latency_us()) out.mean_latency = core::Micros{in.mean_latency_us()};
  return out;
}

void write(const core::PlacementObserved& in, v1::Event& event) {
  v1::PlacementObserved& out = *event.mutable_placement_observed();
  out.set_workload(in.workload.text);
  out.set_observed_at_us(in.observed_at.micros);
  if (in.target) out.set_target(in.target->text);
  out.set_rung(in.rung);
  out.set_ready(in.ready);
  if (in.split) split_to_wire(*in.split, *out.mutable_split());
}

core::EventBody read(const v1::PlacementObserved& in) {
  core::PlacementObserved out;
  out.workload = core::WorkloadName{in.workload()};
  out.observed_at = Instant{in.observed_at_us()};
  if (in.has_target()) out.target = core::TargetName{in.target()};
  out.rung = in.rung();
  out.ready = in.ready();
  if (in.has_split()) out.split = split_from_wire(in.split());
  return out;
}

void write(const core::ActionDone& in, v1::Event& event) {
  to_wire(in, *event.mutable_action_done());
}

void write(const core::DrainRequested& in, v1::Event& event) {
  event.mutable_drain_requested()->set_target(in.target.text);
  event.mutable_drain_requested()->set_drain(in.drain);
}

void write(const core::LinkUsage& in, v1::Event& event) {
  v1::LinkUsage& out = *event.mutable_link_usage();
  out.set_link(in.link.text);
  out.set_observed_at_us(in.observed_at.micros);
  out.set_used_bytes(in.used.count);
  out.set_left_us(in.left.count);
}

template <class Tolls, class Wire>
void write_tolls(const Tolls& tolls, Wire& out) {
  for (const auto& [name, toll] : tolls) {
    v1::Toll& one = *out.Add();
    one.set_name(name.text);
    one.set_level(static_cast<int>(toll.level));
    one.set_amount(toll.amount);
  }
}

void write(const core::TollsSet& in, v1::Event& event) {
  write_tolls(in.tolls.targets, *event.mutable_tolls_set()->mutable_targets());
  write_tolls(in.tolls.links, *event.mutable_tolls_set()->mutable_links());
}

template <class Name, class Wire>
std::map<Name, core::Toll> read_tolls(const Wire& in, Fault& fault) {
  std::map<Name, core::Toll> tolls;
  for (const v1::Toll& toll : in) {
    if (toll.level() < 0 || toll.level() > static_cast<int>(core::TollLevel::critical)) {
      fault.note("toll of an unknown level");
      continue;
    }
    tolls[Name{toll.name()}] = {static_cast<core::TollLevel>(toll.level()), toll.amount()};
  }
  return tolls;
}

void write(const core::Tick&, v1::Event& event) {
  event.mutable_tick();
}

core::EventBody read_body(const v1::Event& in, Fault& fault) {
  switch (in.body_case()) {
    case v1::Event::kLinkCounters:
      return read(in.link_counters());
    case v1::Event::kClassCounters:
      return read(in.class_counters());
    case v1::Event::kRadioSample:
      return read(in.radio_sample(), fault);
    case v1::Event::kProbeSample:
      return read(in.probe_sample());
    case v1::Event::kRouterSession:
      return read(in.router_session(), fault);
    case v1::Event::kRouterQosObserved:
      return read(in.router_qos_observed(), fault);
    case v1::Event::kTargetSample:
      return read(in.target_sample());
    case v1::Event::kWorkloadSample:
      return read(in.workload_sample());
    case v1::Event::kPlacementObserved:
      return read(in.placement_observed());
    case v1::Event::kActionDone:
      return from_wire(in.action_done(), fault);
    case v1::Event::kDrainRequested:
      return core::DrainRequested{core::TargetName{in.drain_requested().target()},
                                  in.drain_requested().drain()};
    case v1::Event::kTick:
      return core::Tick{};
    case v1::Event::kLinkUsage:
      return core::LinkUsage{
          core::LinkName{in.link_usage().link()}, Instant{in.link_usage().observed_at_us()},
          core::Bytes{in.link_usage().used_bytes()}, core::Micros{in.link_usage().left_us()}};
    case v1::Event::kTollsSet:
      return core::TollsSet{{read_tolls<core::TargetName>(in.tolls_set().targets(), fault),
                             read_tolls<core::LinkName>(in.tolls_set().links(), fault)}};
    case v1::Event::kPathAlarm:
      return read(in.path_alarm(), fault);
    case v1::Event::kRouterHealth:
      return read(in.router_health());
    case v1::Event::kNodePort:
      return read(in.node_port());
    case v1::Event::kNodeObserved:
      return read(in.node_observed());
    case v1::Event::kPlacementLimits:
      return read(in.placement_limits());
    case v1::Event::BODY_NOT_SET:
      break;
  }
  fault.note("event of an unknown kind");
  return core::Tick{};
}

StepRecord read_step(const v1::Step& in, Fault& fault) {
  StepRecord out;
  for (const v1::Action& action : in.actions()) {
    out.step.actions.push_back(from_wire(action, fault));
  }
  for (const v1::Explanation& explanation : in.explanations()) {
    out.step.explanations.push_back(from_wire(explanation, fault));
  }
  const v1::Counters& counters = in.counters();
  out.step.counters = {counters.events(), counters.decisions(), counters.nodes_visited(),
                       counters.options_evaluated(), counters.paths_computed()};
  out.digest = in.digest();
  return out;
}

JournalHeader read_header(const v1::Header& in, Fault& fault) {
  if (in.format_version() != kJournalFormat) {
    fault.note("journal format " + std::to_string(in.format_version()) +
               " (allowed: " + std::to_string(kJournalFormat) + ")");
  }
  JournalHeader out;
  out.wanwise_version = in.wanwise_version();
  out.site = core::SiteName{in.site()};
  out.origin = Instant{in.origin_us()};
  for (const v1::Document& document : in.documents()) {
    out.documents.push_back({document.file(), document.text()});
  }
  return out;
}

JournalNote read_note(const v1::Note& in) {
  JournalNote out;
  out.at = Instant{in.at_us()};
  if (in.has_rss_kib()) out.rss_kib = in.rss_kib();
  if (in.has_wall_clock()) out.wall_clock = in.wall_clock();
  if (in.has_text()) out.text = in.text();
  return out;
}

JournalRecord read_record(const v1::Record& in, Fault& fault) {
  switch (in.kind_case()) {
    case v1::Record::kHeader:
      return read_header(in.header(), fault);
    case v1::Record::kEvent:
      return core::Event{Instant{in.event().at_us()}, read_body(in.event(), fault)};
    case v1::Record::kStep:
      return read_step(in.step(), fault);
    case v1::Record::kNote:
      return read_note(in.note());
    case v1::Record::kTrailer:
      return JournalTrailer{in.trailer().events(), in.trailer().steps(), in.trailer().digest()};
    case v1::Record::KIND_NOT_SET:
      break;
  }
  fault.note("record of an unknown kind");
  return JournalNote{};
}

}  // namespace

std::string encode_record(const JournalHeader& header) {
  v1::Record record;
  v1::Header& out = *record.mutable_header();
  out.set_format_version(kJournalFormat);
  out.set_wanwise_version(header.wanwise_version);
  out.set_site(header.site.text);
  out.set_origin_us(header.origin.micros);
  for (const policy::SourceText& document : header.documents) {
    v1::Document& wire = *out.add_documents();
    wire.set_file(document.file);
    wire.set_text(document.text);
  }
  return record.SerializeAsString();
}

std::string encode_record(const core::Event& event) {
  v1::Record record;
  v1::Event& out = *record.mutable_event();
  out.set_at_us(event.at.micros);
  std::visit([&out](const auto& body) { write(body, out); }, event.body);
  return record.SerializeAsString();
}

std::string encode_record(const core::Step& step, std::uint64_t digest) {
  v1::Record record;
  v1::Step& out = *record.mutable_step();
  for (const core::Action& action : step.actions) to_wire(action, *out.add_actions());
  for (const core::Explanation& explanation : step.explanations) {
    to_wire(explanation, *out.add_explanations());
  }
  v1::Counters& counters = *out.mutable_counters();
  counters.set_events(step.counters.events);
  counters.set_decisions(step.counters.decisions);
  counters.set_nodes_visited(step.counters.nodes_visited);
  counters.set_options_evaluated(step.counters.options_evaluated);
  counters.set_paths_computed(step.counters.paths_computed);
  out.set_digest(digest);
  return record.SerializeAsString();
}

std::string encode_record(const JournalNote& note) {
  v1::Record record;
  v1::Note& out = *record.mutable_note();
  out.set_at_us(note.at.micros);
  if (note.rss_kib) out.set_rss_kib(*note.rss_kib);
  if (note.wall_clock) out.set_wall_clock(*note.wall_clock);
  if (note.text) out.set_text(*note.text);
  return record.SerializeAsString();
}

std::string encode_record(const JournalTrailer& trailer) {
  v1::Record record;
  record.mutable_trailer()->set_events(trailer.events);
  record.mutable_trailer()->set_steps(trailer.steps);
  record.mutable_trailer()->set_digest(trailer.digest);
  return record.SerializeAsString();
}

core::Expected<JournalRecord> decode_record(std::string_view bytes) {
  if (bytes.size() > kMaxRecordBytes) {
    return core::fail("record-too-long", std::to_string(bytes.size()) + " bytes (allowed: " +
                                             std::to_string(kMaxRecordBytes) + ")");
  }
  v1::Record record;
  if (!record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return core::fail("record-malformed", "the bytes are not a protobuf message");
  }
  Fault fault;
  JournalRecord out = read_record(record, fault);
  if (fault.found()) return core::fail("record-invalid", fault.what());
  return out;
}

void append_length(std::size_t length, std::string& out) {
  while (length >= 0x80) {
    out.push_back(static_cast<char>((length & 0x7f) | 0x80));
    length >>= 7;
  }
  out.push_back(static_cast<char>(length));
}

Frame next_frame(std::string_view bytes) {
  // 4 MiB needs four groups of seven bits.
  constexpr std::size_t kMaxPrefix = 4;
  std::size_t length = 0;
  for (std::size_t i = 0; i < kMaxPrefix; ++i) {
    if (i == bytes.size()) return {Frame::State::more, 0, 0};
    const auto byte = static_cast<unsigned char>(bytes[i]);
    length |= static_cast<std::size_t>(byte & 0x7f) << (7 * i);
    if ((byte & 0x80) != 0) continue;
    if (length > kMaxRecordBytes) break;
    const bool whole = bytes.size() - (i + 1) >= length;
    return {whole ? Frame::State::whole : Frame::State::more, i + 1, length};
  }
  return {Frame::State::bad, 0, 0};
}

}  // namespace wanwise::runtime
