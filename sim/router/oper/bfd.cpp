// Cisco-IOS-XE-bfd-oper: one session with the next hop on each wired WAN interface, up while the
// interface is. The neighbours' addresses are of RFC 5737's documentation networks.
#include "sim/router/oper/oper_data.hpp"

namespace wanwise::router {
namespace {

constexpr std::uint64_t kInterval = 50'000;  // µs, the least that IOS takes, three times
constexpr std::uint64_t kMultiplier = 3;

bool has_session(const InterfaceState& state) {
  return state.counters.interface.find("Ethernet") != std::string::npos;
}

void add_session(lyd_node* neighbours, const InterfaceState& state, std::size_t number) {
  const bool up = state.counters.up;
  lyd_node* entry = DataBuilder::entry(
      neighbours, "bfd-nbr", {"192.0.2." + std::to_string(number), state.counters.interface});
  DataBuilder::leaf(entry, "ld", number);
  DataBuilder::leaf(entry, "rd", number);
  DataBuilder::leaf(entry, "remote-state", up ? "remote-up" : "remote-down");
  DataBuilder::leaf(entry, "state", up ? "up" : "down");
  DataBuilder::leaf(entry, "remote-min-rx-int", kInterval);
  DataBuilder::leaf(entry, "local-min-tx-int", kInterval);
  DataBuilder::leaf(entry, "local-multiplier", kMultiplier);
  DataBuilder::leaf(entry, "local-diag", up ? "bfd-diag-no-diag" : "bfd-diag-ctrl-time-exp");
  DataBuilder::leaf(entry, "hold-down-interval", kMultiplier * kInterval);
}

}  // namespace

void add_bfd(DataBuilder& build, const OperInput& input) {
  if (!input.roots.has("bfd-state")) return;
  lyd_node* top = build.top("Cisco-IOS-XE-bfd-oper", "bfd-state");
  lyd_node* kind = DataBuilder::entry(DataBuilder::inner(top, "sessions"), "session", {"ipv4"});
  lyd_node* neighbours = DataBuilder::inner(kind, "bfd-nbrs");
  std::uint64_t all = 0;
  std::uint64_t up = 0;
  for (const InterfaceState& state : input.reading.interfaces) {
    if (!has_session(state)) continue;
    add_session(neighbours, state, ++all);
    up += state.counters.up ? 1 : 0;
  }
  lyd_node* info = DataBuilder::inner(top, "bfd-session-info");
  DataBuilder::leaf(info, "total-session", all);
  DataBuilder::leaf(info, "down-session", all - up);
  DataBuilder::leaf(info, "up-session", up);
}

}  // namespace wanwise::router
