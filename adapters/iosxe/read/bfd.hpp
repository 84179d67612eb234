// Cisco-IOS-XE-bfd-oper -> PathAlarm of a WAN link, on each change. A link is alarmed while it has
// BFD sessions and none of them is up. No I/O; belongs to one router's reader.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "adapters/iosxe/config.hpp"
#include "adapters/iosxe/xml/xml.hpp"
#include "engine/core/event.hpp"

namespace wanwise::iosxe {

class BfdReader {
 public:
  explicit BfdReader(const RouterConfig& config) : m_config(&config) {}

  /// <bfd-state>. `complete`: an interface without a session in it has none (a poll); otherwise
  /// only the interfaces that are named say anything.
  void read(const XmlNode& state, bool complete, core::Instant at,
            std::vector<core::EventBody>& events);
  void reset() { m_raised.clear(); }

 private:
  const RouterConfig* m_config;
  std::map<std::string, bool, std::less<>> m_raised;  ///< by interface of a link with sessions
};

}  // namespace wanwise::iosxe
