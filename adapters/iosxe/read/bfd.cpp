#include "adapters/iosxe/read/bfd.hpp"

#include <string_view>

namespace wanwise::iosxe {
namespace {

/// The sessions of one interface, both address families.
struct Sessions {
  int up = 0;
  int broken = 0;
  std::string detail;
};

void count(const XmlNode& neighbour, Sessions& sessions) {
  const std::string_view state = neighbour.child("state").text();
  if (state == "up") {
    ++sessions.up;
  } else if (state == "down" || state == "fail" || state == "init") {
    ++sessions.broken;
    sessions.detail =
        "BFD with " + std::string{neighbour.child("ip").text()} + " is " + std::string{state};
  }
  // admindown and invalid: nobody watches.
}

}  // namespace

void BfdReader::read(const XmlNode& state, bool complete, core::Instant at,
                     std::vector<core::EventBody>& events) {
  std::map<std::string, Sessions, std::less<>> found;
  for (const XmlNode& session : state.child("sessions").children("session")) {
    for (const XmlNode& neighbour : session.child("bfd-nbrs").children("bfd-nbr"))
      count(neighbour, found[std::string{neighbour.child("interface").text()}]);
  }
  for (const LinkConfig& link : m_config->links) {
    const auto sessions = found.find(link.interface);
    const auto known = m_raised.find(link.interface);
    const bool was_raised = known != m_raised.end() && known->second;
    if (sessions == found.end()) {
      if (!complete || known == m_raised.end()) continue;
      m_raised.erase(known);
      if (was_raised)
        events.emplace_back(core::PathAlarm{link.name, at, core::PathAlarm::Source::bfd, false,
                                            "BFD is not configured any more"});
      continue;
    }
    const bool raised = sessions->second.up == 0 && sessions->second.broken > 0;
    const bool first = known == m_raised.end();
    m_raised.insert_or_assign(link.interface, raised);
    // The first word of a session is told in any case: an alarm of the last one may still stand.
    if (!first && raised == was_raised) continue;
    events.emplace_back(core::PathAlarm{link.name, at, core::PathAlarm::Source::bfd, raised,
                                        raised ? sessions->second.detail : "BFD is up"});
  }
}

}  // namespace wanwise::iosxe
