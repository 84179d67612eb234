// Cisco-IOS-XE-interfaces-oper: counters as IOS XE has them (out-octets wraps at 32 bits, its twin
// out-octets-64 does not) and the queues of the attached output policy.
#include <string_view>

#include "sim/router/oper/oper_data.hpp"

namespace wanwise::router {
namespace {

constexpr const char* kDefaultClass = "class-default";
constexpr std::string_view kGigabit = "GigabitEthernet";

void add_statistics(DataBuilder& build, lyd_node* entry, const InterfaceState& state,
                    const OperInput& input) {
  lyd_node* s = DataBuilder::inner(entry, "statistics");
  const sim::InterfaceReading& c = state.counters;
  DataBuilder::leaf(s, "discontinuity-time", date_and_time(input.started));
  DataBuilder::leaf(s, "in-octets", c.rx_bytes);
  if (input.faults.negative_counters) {
    build.raw(s, "in-unicast-pkts", "-324");  // seen on devices: a uint64 printed as signed
    build.raw(s, "out-octets-64", "-1");
  } else {
    DataBuilder::leaf(s, "in-unicast-pkts", c.rx_packets);
    DataBuilder::leaf(s, "out-octets-64", c.tx_bytes);
  }
  DataBuilder::leaf(s, "in-discards", std::uint64_t{0});
  DataBuilder::leaf(s, "in-errors", std::uint64_t{0});
  DataBuilder::leaf(s, "out-octets", c.tx_bytes & 0xFFFFFFFFULL);
  DataBuilder::leaf(s, "out-unicast-pkts", c.tx_packets);
  DataBuilder::leaf(s, "out-discards", c.tx_drops);
  DataBuilder::leaf(s, "out-errors", std::uint64_t{0});
  DataBuilder::leaf(s, "num-flaps", std::uint64_t{0});
  DataBuilder::leaf(s, "in-discards-64", std::uint64_t{0});
  DataBuilder::leaf(s, "in-errors-64", std::uint64_t{0});
  if (input.release >= Release::r17_18) {
    DataBuilder::leaf(s, "bw-up-util", "0.00");
    DataBuilder::leaf(s, "bw-down-util", "0.00");
  }
}

void add_queue_counters(lyd_node* stats, const sim::QueueReading& q) {
  DataBuilder::leaf(stats, "output-pkts", q.tx_packets);
  DataBuilder::leaf(stats, "output-bytes", q.tx_bytes);
  DataBuilder::leaf(stats, "queue-size-pkts", q.queue_packets);
  DataBuilder::leaf(stats, "queue-size-bytes", q.queue_bytes);
  DataBuilder::leaf(stats, "drop-pkts", q.drop_packets);
  DataBuilder::leaf(stats, "drop-bytes", q.drop_bytes);
}

void add_class(lyd_node* info, const sim::QueueReading& q, const std::string& parent_path) {
  lyd_node* entry =
      DataBuilder::entry(info, "diffserv-target-classifier-stats", {q.name, parent_path});
  lyd_node* classified = DataBuilder::inner(entry, "classifier-entry-stats");
  DataBuilder::leaf(classified, "classified-pkts", q.tx_packets + q.drop_packets + q.queue_packets);
  DataBuilder::leaf(classified, "classified-bytes", q.tx_bytes + q.drop_bytes + q.queue_bytes);
  add_queue_counters(DataBuilder::inner(entry, "queuing-stats"), q);
}

void add_to(sim::QueueReading& sum, const sim::QueueReading& q) {
  sum.tx_packets += q.tx_packets;
  sum.tx_bytes += q.tx_bytes;
  sum.drop_packets += q.drop_packets;
  sum.drop_bytes += q.drop_bytes;
  sum.queue_packets += q.queue_packets;
  sum.queue_bytes += q.queue_bytes;
}

bool is_priority(const sim::OutputPolicy& policy, const std::string& name) {
  for (const sim::QueueConfig& queue : policy.queues) {
    if (queue.name == name) {
      return queue.kind == core::QueueKind::priority;
    }
  }
  return false;
}

// A hierarchical policy shows its parent's class-default, which is the sum of all, and below it the
// child's classes; parent-path tells the two class-defaults apart.
void add_diffserv(lyd_node* entry, const InterfaceState& state, const sim::OutputPolicy& policy) {
  lyd_node* info = DataBuilder::entry(entry, "diffserv-info", {"qos-outbound", policy.parent});
  sim::QueueReading all;
  sim::QueueReading priority;
  all.name = kDefaultClass;
  for (const sim::QueueReading& q : state.queues) {
    add_to(all, q);
    if (is_priority(policy, q.name)) {
      add_to(priority, q);
    }
  }
  const bool nested = !policy.child.empty();
  if (nested) {
    add_class(info, all, policy.parent);
  }
  const std::string path =
      nested ? policy.parent + " " + kDefaultClass + " " + policy.child : policy.parent;
  bool any_priority = false;
  for (const sim::QueueReading& q : state.queues) {
    add_class(info, q, path);
    any_priority = any_priority || is_priority(policy, q.name);
  }
  if (any_priority) {
    lyd_node* level = DataBuilder::entry(info, "priority-oper-list", {"1"});
    add_queue_counters(DataBuilder::inner(level, "agg-priority-stats"), priority);
  }
}

std::uint64_t speed_of(const InterfaceState& state, const Faults& faults) {
  const bool gigabit =
      std::string_view(state.counters.interface).substr(0, kGigabit.size()) == kGigabit;
  return faults.speed && gigabit ? 1'024'000'000 : state.speed_bps;
}

}  // namespace

void add_interfaces(DataBuilder& build, const OperInput& input) {
  lyd_node* top = build.top("Cisco-IOS-XE-interfaces-oper", "interfaces");
  for (const InterfaceState& state : input.reading.interfaces) {
    lyd_node* entry = DataBuilder::entry(top, "interface", {state.counters.interface});
    DataBuilder::leaf(entry, "admin-status", "if-state-up");
    DataBuilder::leaf(entry, "oper-status",
                      state.counters.up ? "if-oper-state-ready" : "if-oper-state-no-pass");
    DataBuilder::leaf(entry, "last-change", date_and_time(input.started));
    DataBuilder::leaf(entry, "speed", speed_of(state, input.faults));
    if (input.faults.opaque) {
      build.raw(entry, "fortyfive-gig-media", "if-media-unheard-of");
    }
    add_statistics(build, entry, state, input);
    for (const sim::InterfaceQos& qos : input.qos.interfaces) {
      if (qos.interface == state.counters.interface && qos.output) {
        add_diffserv(entry, state, *qos.output);
      }
    }
  }
}

}  // namespace wanwise::router
