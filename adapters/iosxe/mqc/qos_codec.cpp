#include "adapters/iosxe/mqc/qos_codec.hpp"

#include "adapters/iosxe/mqc/mqc_edit.hpp"
#include "adapters/iosxe/mqc/mqc_read.hpp"
#include "adapters/iosxe/mqc/qos_mqc.hpp"
#include "engine/core/decide/probe_plan.hpp"

namespace wanwise::iosxe {
namespace {

using Place = std::pair<std::string, Side>;

std::string describe(const Place& place, const std::string& policy) {
  return place.first + (place.second == Side::input ? " input " : " output ") + policy;
}

std::string describe_route_map(const std::string& interface, const std::string& map) {
  return interface + " ip policy route-map " + map;
}

/// Why a link cannot be measured: others have all its numbers.
std::optional<std::string> full_range(const LinkConfig& link, const TakenNumbers& taken) {
  if (!link.probe || !core::is_link_probe(*link.probe)) return std::nullopt;
  const NumberRange range = range_of(*link.probe);
  for (std::uint32_t number = range.first; number < range.first + range.count; ++number) {
    if (!taken.entries.contains(number) && !taken.tracks.contains(number)) return std::nullopt;
  }
  return "ip sla " + std::to_string(range.first) + " to " +
         std::to_string(range.first + range.count - 1) + " for link " + link.name.text;
}

bool is_wanted(const Place& place, const RouterConfig& config) {
  if (place.second == Side::input) return place.first == config.lan_interface;
  for (const LinkConfig& link : config.links) {
    if (link.interface == place.first) return true;
  }
  return false;
}

}  // namespace

core::Expected<NameTable> name_table(const RouterConfig& config) {
  NameTable names;
  for (const core::ClassName& service_class : config.classes) {
    if (auto added = names.add(service_class); !added) return core::Unexpected{added.error()};
  }
  for (const LinkConfig& link : config.links) {
    if (auto added = names.add(link.name); !added) return core::Unexpected{added.error()};
  }
  return names;
}

ObservedConfig observe(const XmlNode& data, const RouterConfig& config, const NameTable& names) {
  ConfigRead read = read_mqc(data, config);
  ObservedConfig observed;
  for (const auto& [place, policy] : read.foreign) {
    if (is_wanted(place, config)) observed.foreign.push_back(describe(place, policy));
  }
  for (const auto& [interface, map] : read.foreign_route_maps) {
    if (config.steers && interface == config.lan_interface)
      observed.foreign.push_back(describe_route_map(interface, map));
  }
  for (const LinkConfig& link : config.links) {
    if (auto full = full_range(link, read.taken)) observed.foreign.push_back(std::move(*full));
  }
  observed.qos = from_mqc(read.own, names, config);
  observed.own = std::move(read.own);
  observed.taken = std::move(read.taken);
  return observed;
}

std::vector<std::string> in_the_way(const XmlNode& data, const RouterConfig& config,
                                    const Mqc& desired) {
  std::vector<std::string> all;
  const ConfigRead read = read_mqc(data, config);
  for (const auto& [place, policy] : read.foreign) {
    if (desired.attachments.contains(place)) all.push_back(describe(place, policy));
  }
  for (const auto& [interface, map] : read.foreign_route_maps) {
    if (desired.steering.interfaces.contains(interface))
      all.push_back(describe_route_map(interface, map));
  }
  for (const std::uint32_t track : read.taken.tracks) {
    if (desired.steering.tracks.contains(track))
      all.push_back("track " + std::to_string(track) + " of another operation");
  }
  return all;
}

std::string get_config(const std::string& datastore) {
  XmlWriter out;
  out.open("get-config").open("source").empty(datastore).close();
  out.open("filter", {}, "type=\"subtree\"").raw(config_filter()).close();
  return out.close().take();
}

core::Expected<std::string> render_xml(const core::RouterQos& qos, const LinkPaths& paths) {
  const auto mqc = to_mqc(qos, paths);
  if (!mqc) return core::Unexpected{mqc.error()};
  return edit_native({}, *mqc).value_or("");
}

core::Expected<std::string> render_cli(const core::RouterQos& qos, const LinkPaths& paths) {
  const auto mqc = to_mqc(qos, paths);
  if (!mqc) return core::Unexpected{mqc.error()};
  return render_cli(*mqc);
}

}  // namespace wanwise::iosxe
