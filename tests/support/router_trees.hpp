// Trees for tests of sim/router: the projection's modules once a process, and XML to trees as the
// server gets them (unknown and valueless elements stay as opaque nodes).
#pragma once

#include <string>

#include "sim/router/config/datastores.hpp"
#include "sim/router/netconf/netconf_c.hpp"
#include "sim/router/netconf/yang_context.hpp"

namespace wanwise::test {

const ly_ctx* router_context();

/// Content of <config>, not validated.
router::Tree parse_edit(const std::string& xml);
/// A valid configuration with its defaults; ends the test program when it is not valid.
router::Tree parse_config(const std::string& xml);
std::string print(const router::Tree& tree);

/// `<native>…</native>` with the namespaces nc (NETCONF), yang and the default of native.
std::string native(const std::string& inside);
std::string acl(const std::string& name);
/// Matches a DSCP name.
std::string dscp_class(const std::string& name, const std::string& dscp);
std::string acl_class(const std::string& name, const std::string& acl_name);
std::string policy_map(const std::string& name, const std::string& classes);
/// `actions` as below.
std::string policy_class(const std::string& name, const std::string& actions);
std::string set_dscp(const std::string& dscp);
std::string priority_percent(int percent);
std::string remaining_percent(int percent);
std::string shape(const std::string& bps);
std::string child_policy(const std::string& name);
std::string attach(const std::string& type, const std::string& number, const std::string& direction,
                   const std::string& policy);

/// What the client of wanwise writes: one ACL, marking on Vlan1, child and shaper on Cellular.
std::string whole_qos();

}  // namespace wanwise::test
