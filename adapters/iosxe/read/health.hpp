// Load and room of the router itself -> RouterHealth: Cisco-IOS-XE-process-cpu-oper,
// -platform-software-oper and -app-hosting-oper. No I/O; belongs to one router's reader.
#pragma once

#include <optional>
#include <vector>

#include "adapters/iosxe/config.hpp"
#include "adapters/iosxe/read/values.hpp"
#include "engine/core/event.hpp"

namespace wanwise::iosxe {

class HealthReader {
 public:
  HealthReader(const RouterConfig& config, Values& values) : m_config(&config), m_values(&values) {}

  /// The roots of the three models in `data`, if any: one event with what they say together.
  void read(const XmlNode& data, core::Instant at, std::vector<core::EventBody>& events);

 private:
  std::optional<core::Ppm> cpu(const XmlNode& usage);
  std::optional<core::Bytes> memory(const XmlNode& platform);
  void read_app_hosting(const XmlNode& oper, core::RouterHealth& health);

  const RouterConfig* m_config;
  Values* m_values;
};

}  // namespace wanwise::iosxe
