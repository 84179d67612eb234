#include "adapters/iosxe/mqc/qos_codec.hpp"

#include "adapters/iosxe/mqc/mqc_edit.hpp"
#include "adapters/iosxe/mqc/mqc_read.hpp"
#include "adapters/iosxe/mqc/qos_mqc.hpp"

namespace wanwise::iosxe {
namespace {

using Place = std::pair<std::string, Side>;

std::string describe(const Place& place, const std::string& policy) {
  return place.first + (place.second == Side::input ? " input " : " output ") + policy;
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
  ConfigRead read = read_mqc(data);
  ObservedConfig observed;
  for (const auto& [place, policy] : read.foreign) {
    if (is_wanted(place, config)) observed.foreign.push_back(describe(place, policy));
  }
  observed.qos = from_mqc(read.own, names, config.router, config.lan_interface);
  observed.own = std::move(read.own);
  return observed;
}

std::vector<std::string> in_the_way(const XmlNode& data, const Mqc& desired) {
  std::vector<std::string> all;
  for (const auto& [place, policy] : read_mqc(data).foreign) {
    if (desired.attachments.contains(place)) all.push_back(describe(place, policy));
  }
  return all;
}

std::string get_config(const std::string& datastore) {
  XmlWriter out;
  out.open("get-config").open("source").empty(datastore).close();
  out.open("filter", {}, "type=\"subtree\"").raw(config_filter()).close();
  return out.close().take();
}

core::Expected<std::string> render_xml(const core::RouterQos& qos) {
  const auto mqc = to_mqc(qos);
  if (!mqc) return core::Unexpected{mqc.error()};
  return edit_native({}, *mqc).value_or("");
}

core::Expected<std::string> render_cli(const core::RouterQos& qos) {
  const auto mqc = to_mqc(qos);
  if (!mqc) return core::Unexpected{mqc.error()};
  return render_cli(*mqc);
}

}  // namespace wanwise::iosxe
