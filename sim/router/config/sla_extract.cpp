#include "sim/router/config/sla_extract.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "sim/router/config/config_view.hpp"
#include "sim/router/config/qos_extract.hpp"

namespace wanwise::router {
namespace {

core::Micros seconds_in(const lyd_node* parent, const char* name, std::int64_t usual) {
  return core::seconds(static_cast<std::int64_t>(
      child_number(parent, name).value_or(static_cast<std::uint64_t>(usual))));
}

core::Micros millis_in(const lyd_node* parent, const char* name, std::int64_t usual) {
  return core::milliseconds(static_cast<std::int64_t>(
      child_number(parent, name).value_or(static_cast<std::uint64_t>(usual))));
}

const lyd_node* numbered(const lyd_node* parent, const char* list, const char* key,
                         const std::string& number) {
  for (const lyd_node* entry : children(parent, list)) {
    if (child_text(entry, key) == number) return entry;
  }
  return nullptr;
}

// Consecutive timeouts after which somebody is told; 0: nobody.
std::uint32_t reaction_of(const lyd_node* sla, const std::string& number) {
  const lyd_node* timeout = descend(numbered(sla, "reaction-configuration", "entry-number", number),
                                    {"react", "timeout"});
  const std::string action = child_text(timeout, "action-type");
  const bool told = action == "trapOnly" || action == "trapAndTrigger";
  if (!told || descend(sla, {"enable", "reaction-alerts"}) == nullptr) return 0;
  const lyd_node* type = child(timeout, "threshold-type");
  if (child(type, "immediate") != nullptr) return 1;
  constexpr std::uint64_t kUsual = 5;  // IOS: consecutive without a number
  const lyd_node* consecutive = child(type, "consecutive");
  return consecutive == nullptr
             ? 0
             : static_cast<std::uint32_t>(
                   child_number(consecutive, "consecutive-val").value_or(kUsual));
}

SlaOperation operation_of(const lyd_node* sla, const lyd_node* entry) {
  const std::string number = child_text(entry, "number");
  const lyd_node* echo = child(entry, "icmp-echo");
  const lyd_node* jitter = child(entry, "udp-jitter");
  const lyd_node* kind = jitter != nullptr ? jitter : echo;
  SlaOperation out;
  out.jitter = jitter != nullptr;
  out.milliseconds = out.jitter && child_text(jitter, "precision") != "microseconds";
  out.run.entry = static_cast<std::uint32_t>(child_number(entry, "number").value_or(0));
  out.run.interface = child_text(kind, "source-interface");
  out.run.dscp = core::Dscp{static_cast<std::uint8_t>(child_number(kind, "tos").value_or(0) >> 2)};
  out.run.period = seconds_in(kind, "frequency", 60);
  out.run.timeout = millis_in(kind, "timeout", 5'000);
  if (out.jitter) {
    const auto packets =
        static_cast<std::uint32_t>(child_number(jitter, "num-packets").value_or(10));
    out.run.packets = std::clamp(packets, 1U, sim::kMaxOperationPackets);
    out.run.interval = millis_in(jitter, "interval", 20);
  }
  const lyd_node* schedule = numbered(sla, "schedule", "entry-number", number);
  out.scheduled = kind != nullptr && out.run.timeout.count > 0 &&
                  descend(schedule, {"start-time", "now-config"}) != nullptr;
  out.give_up = reaction_of(sla, number);
  return out;
}

// Next hops of one entry of a route map, by their order.
std::vector<std::string> next_hops_of(const lyd_node* entry) {
  const lyd_node* way = descend(entry, {"set", "ip", "next-hop", "verify-availability"});
  std::vector<std::pair<std::uint64_t, std::string>> ordered;
  for (const lyd_node* hop : children(way, "ipv4")) {
    ordered.emplace_back(child_number(hop, "range").value_or(0), child_text(hop, "ipv4"));
  }
  std::sort(ordered.begin(), ordered.end());
  std::vector<std::string> out;
  for (auto& [order, hop] : ordered) out.push_back(std::move(hop));
  return out;
}

// Access lists that an entry matches; devices have two places for them, for one command.
std::set<std::string> lists_of(const lyd_node* entry) {
  const lyd_node* address = descend(entry, {"match", "ip", "address"});
  std::set<std::string> out;
  for (const char* leaf : {"access-list", "access-list-ordered"}) {
    for (const lyd_node* list : children(address, leaf)) out.insert(text(list));
  }
  return out;
}

void add_routes(const lyd_node* native, const lyd_node* route_map, std::vector<RouteWish>& out) {
  std::vector<std::pair<std::uint64_t, const lyd_node*>> entries;
  for (const lyd_node* entry : children(route_map, "route-map-without-order-seq")) {
    if (child_text(entry, "operation") != "deny") {
      entries.emplace_back(child_number(entry, "seq_no").value_or(0), entry);
    }
  }
  std::sort(entries.begin(), entries.end());
  for (const auto& [sequence, entry] : entries) {
    const std::vector<std::string> hops = next_hops_of(entry);
    if (hops.empty()) continue;
    for (const std::string& list : lists_of(entry)) {
      for (const core::FlowMatch& flow : flows_of_list(native, list)) {
        out.push_back({flow, hops});
      }
    }
  }
}

}  // namespace

std::vector<SlaOperation> extract_sla(const Tree& running) {
  std::vector<SlaOperation> out;
  const lyd_node* sla = descend(native_of(running), {"ip", "sla"});
  for (const lyd_node* entry : children(sla, "entry")) out.push_back(operation_of(sla, entry));
  return out;
}

std::vector<RouteWish> extract_routes(const Tree& running) {
  std::vector<RouteWish> out;
  const lyd_node* native = native_of(running);
  const lyd_node* ports = child(native, "interface");
  if (ports == nullptr) return out;
  for (const lyd_node* port = lyd_child(ports); port != nullptr; port = port->next) {
    const std::string name = text(descend(port, {"ip", "policy", "route-map"}));
    if (!name.empty()) add_routes(native, named(native, "route-map", name), out);
  }
  return out;
}

}  // namespace wanwise::router
