// What can be pushed (Cisco-IOS-XE-mdt-capabilities-oper) and what is (Cisco-IOS-XE-mdt-oper-v2).
// On change only what devices list so: interfaces and applications; radio, IP SLA, BFD, CPU and
// memory are periodic alone.
#include <array>

#include "sim/router/oper/oper_data.hpp"

namespace wanwise::router {
namespace {

constexpr const char* kState = "mdt-cap-notif-state";

constexpr std::array kOnChange = {"/interfaces-ios-xe-oper:interfaces/interface"};
constexpr std::array kPeriodic = {
    "/cellwan-ios-xe-oper:cellwan-oper-data",
    "/ip-sla-ios-xe-oper:ip-sla-stats",
    "/bfd-ios-xe-oper:bfd-state",
    "/process-cpu-ios-xe-oper:cpu-usage",
    "/memory-ios-xe-oper:memory-statistics",
    "/platform-sw-ios-xe-oper:cisco-platform-software",
    "/app-hosting-ios-xe-oper:app-hosting-oper-data",
};

void add_support(lyd_node* parent, bool on_change) {
  lyd_node* caps = DataBuilder::inner(parent, "sub-caps");
  DataBuilder::leaf(caps, "periodic-is-valid", "");
  DataBuilder::leaf(caps, "on-change-is-valid", "");
  DataBuilder::leaf(caps, "periodic-supported", kState);
  DataBuilder::leaf(caps, "on-change-supported", on_change ? kState : "");
}

void add_path(lyd_node* store, std::uint16_t index, const char* path, bool on_change) {
  lyd_node* entry = DataBuilder::entry(store, "mdt-per-node", {std::to_string(index)});
  add_support(entry, on_change);
  DataBuilder::leaf(entry, "xpath", path);
}

void add_capabilities(DataBuilder& build) {
  lyd_node* system = DataBuilder::inner(
      build.top("Cisco-IOS-XE-mdt-capabilities-oper", "mdt-capabilities-oper-data"), "mdt-system");
  add_support(system, false);
  lyd_node* store = DataBuilder::entry(system, "mdt-datastore", {"mdt-cap-ds-running"});
  std::uint16_t index = 0;
  for (const char* path : kOnChange) add_path(store, ++index, path, true);
  for (const char* path : kPeriodic) add_path(store, ++index, path, false);
}

void add_subscription(lyd_node* top, const SubscriptionState& state) {
  lyd_node* entry = DataBuilder::entry(top, "mdt-subscriptions", {std::to_string(state.id)});
  lyd_node* base = DataBuilder::inner(entry, "base");
  DataBuilder::leaf(base, "stream", state.stream);
  DataBuilder::leaf(base, "encoding", "encode-xml");
  if (state.period_centiseconds) {
    DataBuilder::leaf(base, "period", std::uint64_t{*state.period_centiseconds});
  } else {
    DataBuilder::leaf(base, "dampening-period", std::uint64_t{0});
  }
  DataBuilder::leaf(base, "xpath", state.path);
  DataBuilder::leaf(entry, "type", "sub-type-dynamic");
  DataBuilder::leaf(entry, "state", "sub-state-valid");
}

void add_subscriptions(DataBuilder& build, const TelemetryState& telemetry) {
  lyd_node* top = build.top("Cisco-IOS-XE-mdt-oper-v2", "mdt-oper-v2-data");
  for (const SubscriptionState& state : telemetry.subscriptions) add_subscription(top, state);
  lyd_node* status = DataBuilder::inner(top, "mdt-system-status");
  DataBuilder::leaf(status, "subs-max-num", telemetry.limit);
  DataBuilder::leaf(status, "subs-valid-num", std::uint64_t{telemetry.subscriptions.size()});
}

}  // namespace

void add_telemetry(DataBuilder& build, const OperInput& input) {
  if (!input.telemetry) return;  // a box that knows no subscriptions
  if (input.roots.has("mdt-capabilities-oper-data")) add_capabilities(build);
  if (input.roots.has("mdt-oper-v2-data")) add_subscriptions(build, *input.telemetry);
}

}  // namespace wanwise::router
