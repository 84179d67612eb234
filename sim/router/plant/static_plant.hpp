// A data plane without traffic whose values a test sets, and the one an emulator without a site
// document shows: an IR1101 with a wired WAN, a modem and a LAN. Thread-safe.
#pragma once

#include <mutex>
#include <optional>

#include "sim/router/plant/plant.hpp"

namespace wanwise::router {

class StaticPlant : public Plant {
 public:
  StaticPlant();

  [[nodiscard]] PlantReading read() override;
  void configure(const PlantConfig& config) override;
  [[nodiscard]] bool set_interface(const std::string& name, bool up) override;

  void set(PlantReading reading);
  [[nodiscard]] std::optional<sim::QosConfig> configured() const;

 private:
  mutable std::mutex m_mutex;
  PlantReading m_reading;
  std::optional<sim::QosConfig> m_config;
};

}  // namespace wanwise::router
