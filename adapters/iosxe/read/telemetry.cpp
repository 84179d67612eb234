#include "adapters/iosxe/read/telemetry.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <variant>

#include "adapters/iosxe/xml/namespaces.hpp"

namespace wanwise::iosxe {

TelemetryReader::TelemetryReader(const RouterConfig& config, const NameTable& names,
                                 Degradations& degradations)
    : m_config(&config),
      m_values(degradations),
      m_interfaces(config, names, m_values),
      m_radio(config, m_values),
      m_probes(config, m_values),
      m_health(config, m_values),
      m_bfd(config) {}

void TelemetryReader::reset() {
  m_interfaces.reset();
  m_radio.reset();
  m_probes.reset();
  m_bfd.reset();
}

std::vector<core::EventBody> TelemetryReader::read(const XmlNode& data, core::Instant observed_at,
                                                   Extent extent) {
  std::vector<core::EventBody> events;
  for (const XmlNode& root : data.children()) {
    if (root.ns() == ns::kInterfaces) {
      for (const XmlNode& node : root.children("interface"))
        m_interfaces.read(node, observed_at, events);
    } else if (root.ns() == ns::kCellwan) {
      m_radio.read(root, observed_at, events);
    } else if (root.ns() == ns::kIpSla) {
      for (const XmlNode& node : root.children("sla-oper-entry"))
        m_probes.read(node, observed_at, events);
    } else if (root.ns() == ns::kBfd) {
      m_bfd.read(root, extent == Extent::whole, observed_at, events);
    }
  }
  m_health.read(data, observed_at, events);
  // An estimate is made when the counters come: what explains them comes before.
  const auto rank = [](const core::EventBody& event) {
    if (std::holds_alternative<core::ProbeSample>(event)) return 0;
    return std::holds_alternative<core::LinkCounters>(event) ? 2 : 1;
  };
  std::stable_sort(events.begin(), events.end(),
                   [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  return events;
}

TelemetryReader::Reaction TelemetryReader::read_reaction(const XmlNode& update,
                                                         core::Instant observed_at) {
  Reaction reaction;
  reaction.read_again = m_probes.read_reaction(update, observed_at, reaction.events);
  return reaction;
}

void TelemetryReader::note_missing(const XmlNode& data, const FeatureSet& features) {
  const XmlNode interfaces = data.child("interfaces");
  const XmlNode oper = data.child("cellwan-oper-data");
  const XmlNode probes = data.child("ip-sla-stats");
  const auto has = [](const XmlNode& parent, std::string_view list, std::string_view key,
                      std::string_view value) {
    const auto entries = parent.children(list);
    return std::any_of(entries.begin(), entries.end(),
                       [&](const XmlNode& entry) { return entry.child(key).text() == value; });
  };
  for (const NodePortConfig& port : m_config->node_ports) {
    if (features.has(Feature::interface_counters) &&
        !has(interfaces, "interface", "name", port.interface))
      m_values.complain(degraded::kInterfaceMissing, port.interface);
  }
  for (const LinkConfig& link : m_config->links) {
    if (features.has(Feature::interface_counters) &&
        !has(interfaces, "interface", "name", link.interface))
      m_values.complain(degraded::kInterfaceMissing, link.interface);
    if (link.kind == core::LinkKind::cellular && features.has(Feature::lte) &&
        !has(oper, "cellwan-radio", "cellular-interface", link.interface))
      m_values.complain(degraded::kRadioMissing, link.interface);
    for (const ProbeEntry& probe : probes_of(link)) {
      const std::string entry = std::to_string(probe.entry);
      if (features.has(Feature::ip_sla) && !has(probes, "sla-oper-entry", "oper-id", entry))
        m_values.complain(degraded::kProbeMissing, entry);
    }
  }
}

}  // namespace wanwise::iosxe
