// The write side in one place: core::RouterQos -> the XML and the CLI of IOS XE, and a get-config
// -> what is observed. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/iosxe/config.hpp"
#include "adapters/iosxe/mqc/mqc.hpp"
#include "adapters/iosxe/mqc/names.hpp"
#include "adapters/iosxe/provision/probe_numbers.hpp"
#include "adapters/iosxe/provision/qos_provision.hpp"
#include "adapters/iosxe/xml/xml.hpp"
#include "engine/core/expected.hpp"
#include "engine/core/qos.hpp"

namespace wanwise::iosxe {

/// What a get-config of the router said, in all three views.
struct ObservedConfig {
  Mqc own;
  std::optional<core::RouterQos> qos;
  /// "Cellular0/1/0 output OPERATOR-POLICY": on the side of an interface that wanwise would use;
  /// "ip sla 900 to 909 …": no number is left for the probe of a link.
  std::vector<std::string> foreign;
  TakenNumbers taken;  ///< the numbers of wanwise's ranges that others use, in all of them
};

/// Names of the configured links and classes; name-collision where two could not be told apart.
[[nodiscard]] core::Expected<NameTable> name_table(const RouterConfig& config);

/// `data` is the <data> of the reply to get_config().
[[nodiscard]] ObservedConfig observe(const XmlNode& data, const RouterConfig& config,
                                     const NameTable& names);

/// What of others stands where `desired` would put its own: policies and route maps of interfaces,
/// tracked objects with the same number. Operations are not: `desired` has numbers that are free.
[[nodiscard]] std::vector<std::string> in_the_way(const XmlNode& data, const RouterConfig& config,
                                                  const Mqc& desired);

/// <get-config> of `datastore` ("running", "candidate") with everything observe() reads.
[[nodiscard]] std::string get_config(const std::string& datastore);

/// The whole desired configuration as the content of <config>.
[[nodiscard]] core::Expected<std::string> render_xml(const core::RouterQos& qos,
                                                     const LinkPaths& paths = {});
/// The same as its CLI, for people.
[[nodiscard]] core::Expected<std::string> render_cli(const core::RouterQos& qos,
                                                     const LinkPaths& paths = {});

}  // namespace wanwise::iosxe
