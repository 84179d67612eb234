// Cisco-IOS-XE-ip-sla-oper: the entries that the site document names and those that are configured
// and scheduled. The unit of every value is the accuracy beside it, which differs between
// operations and must be read.
#include <algorithm>
#include <limits>

#include "sim/router/oper/oper_data.hpp"

namespace wanwise::router {
namespace {

std::timespec wall_time(core::Instant instant, const OperInput& input) {
  const std::int64_t ago = (input.reading.at - instant).count;
  std::int64_t micros =
      static_cast<std::int64_t>(input.now.tv_sec) * 1'000'000 + input.now.tv_nsec / 1000 - ago;
  std::timespec out{};
  out.tv_sec = static_cast<std::time_t>(micros / 1'000'000);
  out.tv_nsec = static_cast<long>(micros % 1'000'000) * 1000;
  return out;
}

std::uint64_t counter32(std::uint64_t count) {
  return count & std::numeric_limits<std::uint32_t>::max();
}

// In the unit of the operation, rounded.
std::uint64_t in_unit(core::Micros time, bool milliseconds) {
  return static_cast<std::uint64_t>(milliseconds ? (time.count + 500) / 1000 : time.count);
}

const char* accuracy_of(bool milliseconds) {
  return milliseconds ? "accuracy-milliseconds" : "accuracy-microseconds";
}

struct Rounds {
  std::uint64_t count = 1;
  core::Micros min, avg, max;
};

void add_rtt(lyd_node* entry, const Rounds& rounds, bool milliseconds) {
  lyd_node* latest = DataBuilder::inner(DataBuilder::inner(entry, "rtt-info"), "latest-rtt");
  DataBuilder::leaf(latest, "rtt", in_unit(rounds.avg, milliseconds));
  lyd_node* stats = DataBuilder::inner(DataBuilder::inner(entry, "stats"), "rtt");
  DataBuilder::leaf(stats, "rtt-count", rounds.count);
  lyd_node* values = DataBuilder::inner(stats, "sla-time-values");
  DataBuilder::leaf(values, "min", in_unit(rounds.min, milliseconds));
  DataBuilder::leaf(values, "avg", in_unit(rounds.avg, milliseconds));
  DataBuilder::leaf(values, "max", in_unit(rounds.max, milliseconds));
  DataBuilder::leaf(values, "accuracy", accuracy_of(milliseconds));
}

void add_unknown(lyd_node* entry) {
  lyd_node* latest = DataBuilder::inner(DataBuilder::inner(entry, "rtt-info"), "latest-rtt");
  DataBuilder::leaf(latest, "unknown", "");
}

lyd_node* add_entry(lyd_node* top, std::uint32_t number, bool jitter, std::uint64_t successes,
                    std::uint64_t failures, bool answered) {
  lyd_node* entry = DataBuilder::entry(top, "sla-oper-entry", {std::to_string(number)});
  DataBuilder::leaf(entry, "oper-type", jitter ? "oper-type-udp-jitter" : "oper-type-icmp-echo");
  DataBuilder::leaf(entry, "latest-return-code",
                    successes + failures == 0 ? "ret-code-unknown"
                    : answered                ? "ret-code-ok"
                                              : "ret-code-timeout");
  DataBuilder::leaf(entry, "success-count", counter32(successes));
  DataBuilder::leaf(entry, "failure-count", counter32(failures));
  return entry;
}

void add_site_probe(lyd_node* top, const sim::ProbeReading& probe, const OperInput& input) {
  lyd_node* entry =
      add_entry(top, probe.entry, false, probe.successes, probe.failures, probe.rtt.has_value());
  if (probe.successes + probe.failures == 0) return;
  DataBuilder::leaf(entry, "latest-oper-start-time",
                    date_and_time(wall_time(probe.started_at, input)));
  if (probe.rtt) {
    add_rtt(entry, {1, *probe.rtt, *probe.rtt, *probe.rtt}, input.faults.sla_milliseconds);
  } else {
    add_unknown(entry);
  }
}

// The way there and back are one round trip here: both directions show its jitter, and what was
// lost is shown as lost on the way there.
void add_jitter(lyd_node* entry, const sim::OperationReading& reading, bool milliseconds) {
  lyd_node* stats = DataBuilder::inner(entry, "stats");
  if (stats == nullptr) return;
  lyd_node* jitter = DataBuilder::inner(stats, "jitter");
  const std::uint64_t back = reading.packets - reading.lost;
  if (reading.jitter) {
    DataBuilder::leaf(jitter, "sd-sample-count", back - 1);
    DataBuilder::leaf(jitter, "ds-sample-count", back - 1);
    for (const char* direction : {"sd", "ds"}) {
      lyd_node* values = DataBuilder::inner(jitter, direction);
      DataBuilder::leaf(values, "avg", in_unit(*reading.jitter, milliseconds));
      DataBuilder::leaf(values, "accuracy", accuracy_of(milliseconds));
    }
    DataBuilder::leaf(jitter, "avg-jitter", in_unit(*reading.jitter, milliseconds));
  }
  lyd_node* loss = DataBuilder::inner(stats, "packet-loss");
  DataBuilder::leaf(loss, "sd-count", std::uint64_t{reading.lost});
  DataBuilder::leaf(loss, "ds-count", std::uint64_t{0});
  DataBuilder::leaf(loss, "drops", std::uint64_t{0});
  DataBuilder::leaf(loss, "late-arrivals", std::uint64_t{0});
}

void add_operation(lyd_node* top, const SlaOperation& operation,
                   const sim::OperationReading& reading, const OperInput& input) {
  const bool milliseconds = operation.milliseconds || input.faults.sla_milliseconds;
  lyd_node* entry = add_entry(top, operation.run.entry, operation.jitter, reading.successes,
                              reading.failures, reading.avg.has_value());
  if (reading.successes + reading.failures == 0) return;
  DataBuilder::leaf(entry, "latest-oper-start-time",
                    date_and_time(wall_time(reading.started_at, input)));
  if (reading.avg && reading.min && reading.max) {
    add_rtt(entry, {reading.packets - reading.lost, *reading.min, *reading.avg, *reading.max},
            milliseconds);
  } else {
    add_unknown(entry);
  }
  if (operation.jitter) add_jitter(entry, reading, milliseconds);
}

sim::OperationReading reading_of(const OperInput& input, std::uint32_t entry) {
  for (const sim::OperationReading& reading : input.reading.operations) {
    if (reading.entry == entry) return reading;
  }
  return {};
}

bool is_configured(const OperInput& input, std::uint32_t entry) {
  return std::any_of(input.sla.begin(), input.sla.end(),
                     [&](const SlaOperation& one) { return one.run.entry == entry; });
}

}  // namespace

void add_probes(DataBuilder& build, const OperInput& input) {
  lyd_node* top = build.top("Cisco-IOS-XE-ip-sla-oper", "ip-sla-stats");
  for (const sim::ProbeReading& probe : input.reading.probes) {
    if (!is_configured(input, probe.entry)) add_site_probe(top, probe, input);
  }
  for (const SlaOperation& operation : input.sla) {
    if (operation.scheduled)
      add_operation(top, operation, reading_of(input, operation.run.entry), input);
  }
}

}  // namespace wanwise::router
