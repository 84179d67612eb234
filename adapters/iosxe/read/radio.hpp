// Cisco-IOS-XE-cellwan-oper -> RadioSample. The three lists of a modem may come one by one; each
// sample joins what they said last. Identities of the modem or the SIM, numbers, cells and
// positions are never asked for and never looked at. No I/O; belongs to one router's reader.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/iosxe/config.hpp"
#include "adapters/iosxe/read/values.hpp"
#include "engine/core/event.hpp"

namespace wanwise::iosxe {

class RadioReader {
 public:
  RadioReader(const RouterConfig& config, Values& values) : m_config(&config), m_values(&values) {}

  /// <cellwan-oper-data>.
  void read(const XmlNode& oper, core::Instant at, std::vector<core::EventBody>& events);
  void reset() { m_modems.clear(); }

 private:
  /// What the three lists of a modem say, each at its own time.
  struct Modem {
    bool radio_seen = false;
    bool online = true;
    std::string rat;
    std::optional<std::int64_t> band, nr_band;
    std::optional<core::MilliDb> rsrp, rsrq, sinr, nr_rsrp, nr_rsrq, nr_sinr;
    bool nr_carrier = false;
    std::optional<bool> service, registered, session;
  };
  using Events = std::vector<core::EventBody>;

  const LinkConfig* link_at(std::string_view interface) const;
  void read_radio(const XmlNode& node, Modem& modem);
  static core::RadioSample sample_of(const Modem& modem, const core::LinkName& link,
                                     core::Instant at);

  const RouterConfig* m_config;
  Values* m_values;
  std::map<std::string, Modem, std::less<>> m_modems;  ///< by interface of a configured link
};

}  // namespace wanwise::iosxe
