// Cisco-IOS-XE-ip-sla-oper: icmp-echo entries. The unit of every value is the accuracy beside it,
// which differs between operations and must be read.
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

void add_rtt(lyd_node* entry, std::uint64_t rtt, const char* accuracy) {
  lyd_node* latest = DataBuilder::inner(DataBuilder::inner(entry, "rtt-info"), "latest-rtt");
  DataBuilder::leaf(latest, "rtt", rtt);
  lyd_node* stats = DataBuilder::inner(DataBuilder::inner(entry, "stats"), "rtt");
  DataBuilder::leaf(stats, "rtt-count", std::uint64_t{1});
  lyd_node* values = DataBuilder::inner(stats, "sla-time-values");
  for (const char* name : {"min", "avg", "max"}) {
    DataBuilder::leaf(values, name, rtt);
  }
  DataBuilder::leaf(values, "accuracy", accuracy);
}

}  // namespace

void add_probes(DataBuilder& build, const OperInput& input) {
  lyd_node* top = build.top("Cisco-IOS-XE-ip-sla-oper", "ip-sla-stats");
  for (const sim::ProbeReading& probe : input.reading.probes) {
    lyd_node* entry = DataBuilder::entry(top, "sla-oper-entry", {std::to_string(probe.entry)});
    const bool never = probe.successes + probe.failures == 0;
    DataBuilder::leaf(entry, "oper-type", "oper-type-icmp-echo");
    DataBuilder::leaf(entry, "latest-return-code",
                      never       ? "ret-code-unknown"
                      : probe.rtt ? "ret-code-ok"
                                  : "ret-code-timeout");
    DataBuilder::leaf(entry, "success-count", counter32(probe.successes));
    DataBuilder::leaf(entry, "failure-count", counter32(probe.failures));
    if (never) {
      continue;
    }
    DataBuilder::leaf(entry, "latest-oper-start-time",
                      date_and_time(wall_time(probe.started_at, input)));
    if (!probe.rtt) {
      lyd_node* latest = DataBuilder::inner(DataBuilder::inner(entry, "rtt-info"), "latest-rtt");
      DataBuilder::leaf(latest, "unknown", "");
    } else if (input.faults.sla_milliseconds) {
      add_rtt(entry, static_cast<std::uint64_t>((probe.rtt->count + 500) / 1000),
              "accuracy-milliseconds");
    } else {
      add_rtt(entry, static_cast<std::uint64_t>(probe.rtt->count), "accuracy-microseconds");
    }
  }
}

}  // namespace wanwise::router
