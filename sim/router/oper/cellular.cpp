// Cisco-IOS-XE-cellwan-oper. There is no leaf for non-standalone 5G in any release: a device shows
// LTE as the selected technology and fills the nr5g leaves. Identities of SIM and modem (IMEI,
// IMSI, ICCID, MSISDN) are never made up.
#include <cstdio>

#include "sim/router/oper/oper_data.hpp"

namespace wanwise::router {
namespace {

struct RadioLeaves {
  const char *band, *rssi, *rsrp, *rsrq, *snr;
};
constexpr RadioLeaves kLte{"radio-band", "radio-rssi", "radio-rsrp", "radio-rsrq", "radio-snr"};
constexpr RadioLeaves kNr{"nr5g-band", "nr5g-rssi", "nr5g-rsrp", "nr5g-rsrq", "nr5g-snr"};

const char* system_mode(core::RadioAccess access, Release release) {
  switch (access) {
    case core::RadioAccess::none:
      return "system-mode-none";
    case core::RadioAccess::gsm:
      return "system-mode-edge";
    case core::RadioAccess::umts:
      return "system-mode-umts";
    case core::RadioAccess::lte:
    case core::RadioAccess::nr_nsa:
      return "system-mode-lte-fdd";
    case core::RadioAccess::nr_sa:
      return release >= Release::r17_15 ? "system-mode-nr5g-sa" : "system-mode-unknown";
  }
  return "system-mode-unknown";
}

std::string decimal_db(core::MilliDb value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", static_cast<double>(value.count) / 1000.0);
  return text;
}

void add_values(lyd_node* entry, const RadioLeaves& names, const sim::RadioReading& radio) {
  const auto number = [&](const char* name, const std::optional<std::int32_t>& value) {
    if (value) {
      DataBuilder::leaf(entry, name, std::to_string(*value));
    }
  };
  number(names.band, radio.band);
  number(names.rssi, radio.rssi_dbm);
  number(names.rsrp, radio.rsrp_dbm);
  number(names.rsrq, radio.rsrq_db);
  if (radio.sinr) {
    DataBuilder::leaf(entry, names.snr, decimal_db(*radio.sinr));
  }
}

void add_radio(DataBuilder& build, lyd_node* top, const InterfaceState& state,
               const OperInput& input) {
  const sim::RadioReading& radio = *state.radio;
  lyd_node* entry = DataBuilder::entry(top, "cellwan-radio", {state.counters.interface});
  const bool nr =
      radio.access == core::RadioAccess::nr_nsa || radio.access == core::RadioAccess::nr_sa;
  DataBuilder::leaf(entry, "radio-power-mode", "radio-power-mode-online");
  DataBuilder::leaf(entry, "bandwidth", nr ? "bandwidth-unknown" : "bandwidth-20-mhz");
  if (input.faults.opaque) {
    build.raw(entry, "radio-rat-selected", "system-mode-6g-maybe");
    build.raw(entry, "radio-rsrp-next", "-80");
  } else {
    DataBuilder::leaf(entry, "radio-rat-selected", system_mode(radio.access, input.release));
  }
  // The 5G leaves came with 17.15 (cellwan-oper 2024-03-01); before it a 5G modem shows nothing.
  if (input.release >= Release::r17_15) {
    add_values(entry, nr ? kNr : kLte, radio);
    DataBuilder::leaf(entry, "nr5g-bw", nr ? "nr5g-bw-40-mhz" : "nr5g-bw-invalid");
  } else if (!nr) {
    add_values(entry, kLte, radio);
  }
}

void add_network(lyd_node* top, const InterfaceState& state) {
  const sim::RadioReading& radio = *state.radio;
  lyd_node* entry = DataBuilder::entry(top, "cellwan-network", {state.counters.interface});
  const bool on = radio.in_service;
  DataBuilder::leaf(entry, "current-service-status",
                    on ? "service-status-normal" : "service-status-no-service");
  DataBuilder::leaf(entry, "current-service-type",
                    on ? "service-type-packet-switched" : "service-type-unknown");
  DataBuilder::leaf(entry, "current-roaming-status", "Home");
  DataBuilder::leaf(entry, "network-name", "WANWISE-SIM");
  // 001-01 is the test network of ITU-T E.212.
  DataBuilder::leaf(entry, "mobile-country-code", std::uint64_t{1});
  DataBuilder::leaf(entry, "mobile-network-code", std::uint64_t{1});
  DataBuilder::leaf(entry, "packet-switch-domain-state", on ? "Attached" : "Detached");
  DataBuilder::leaf(entry, "registration-state",
                    on ? "reg-status-registered" : "reg-status-searching");
  if (radio.cell) {
    DataBuilder::leaf(entry, "cell-id", std::to_string(*radio.cell));
  }
}

void add_connection(lyd_node* top, const InterfaceState& state, const OperInput& input) {
  lyd_node* entry = DataBuilder::entry(top, "cellwan-connection", {state.counters.interface});
  DataBuilder::leaf(entry, "active-profile", std::uint64_t{1});
  DataBuilder::leaf(
      entry, "cellular-packet-status",
      state.radio->in_service ? "packet-session-status-active" : "packet-session-status-inactive");
  DataBuilder::leaf(entry, "tx-packets", state.counters.tx_packets);
  DataBuilder::leaf(entry, "rx-packets", state.counters.rx_packets);
  DataBuilder::leaf(entry, "tx-bytes", state.counters.tx_bytes);
  DataBuilder::leaf(entry, "rx-bytes", state.counters.rx_bytes);
  if (input.release >= Release::r17_18) {
    DataBuilder::leaf(entry, "link-uptime", date_and_time(input.started));
    DataBuilder::leaf(entry, "profile-apn", "wanwise.example");
  }
}

void add_hardware(lyd_node* top, const InterfaceState& state) {
  lyd_node* entry = DataBuilder::entry(top, "cellwan-hardware", {state.counters.interface});
  DataBuilder::leaf(entry, "cellular-modem-status", "modem-status-online");
  DataBuilder::leaf(entry, "cellular-modem-temperature", std::uint64_t{41});
}

}  // namespace

void add_cellular(DataBuilder& build, const OperInput& input) {
  lyd_node* top = build.top("Cisco-IOS-XE-cellwan-oper", "cellwan-oper-data");
  for (const InterfaceState& state : input.reading.interfaces) {
    if (!state.cellular || !state.radio || input.faults.no_radio) {
      continue;
    }
    add_hardware(top, state);
    add_radio(build, top, state, input);
    add_network(top, state);
    add_connection(top, state, input);
  }
}

}  // namespace wanwise::router
