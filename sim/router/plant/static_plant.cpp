#include "sim/router/plant/static_plant.hpp"

#include <utility>

namespace wanwise::router {
namespace {

InterfaceState quiet_interface(const char* name, std::uint64_t speed_bps) {
  InterfaceState out;
  out.counters.interface = name;
  out.counters.up = true;
  out.speed_bps = speed_bps;
  return out;
}

}  // namespace

StaticPlant::StaticPlant() {
  InterfaceState modem = quiet_interface("Cellular0/1/0", 50'000'000);
  modem.cellular = true;
  sim::RadioReading radio;
  radio.access = core::RadioAccess::lte;
  radio.in_service = true;
  radio.rssi_dbm = -65;
  radio.rsrp_dbm = -95;
  radio.rsrq_db = -10;
  radio.sinr = core::MilliDb{12'000};
  radio.band = 3;
  radio.cell = 26'378'753;
  modem.radio = radio;
  m_reading.interfaces = {quiet_interface("GigabitEthernet0/0/0", 1'000'000'000), modem,
                          quiet_interface("Vlan1", 1'000'000'000)};
}

PlantReading StaticPlant::read() {
  const std::lock_guard lock(m_mutex);
  return m_reading;
}

void StaticPlant::configure(const PlantConfig& config) {
  const std::lock_guard lock(m_mutex);
  m_config = config.qos;
}

bool StaticPlant::set_interface(const std::string& name, bool up) {
  const std::lock_guard lock(m_mutex);
  for (InterfaceState& state : m_reading.interfaces) {
    if (state.counters.interface != name) continue;
    state.counters.up = up;
    return true;
  }
  return false;
}

void StaticPlant::set(PlantReading reading) {
  const std::lock_guard lock(m_mutex);
  m_reading = std::move(reading);
}

std::optional<sim::QosConfig> StaticPlant::configured() const {
  const std::lock_guard lock(m_mutex);
  return m_config;
}

}  // namespace wanwise::router
