// ietf-netconf-monitoring (RFC 6022): who is logged in. No counters, no datastores: a client asks
// for the sessions to see how many are left.
#include "sim/router/oper/oper_data.hpp"

namespace wanwise::router {

void add_netconf_state(DataBuilder& build, const OperInput& input) {
  if (!input.roots.has("netconf-state")) return;
  lyd_node* all =
      DataBuilder::inner(build.top("ietf-netconf-monitoring", "netconf-state"), "sessions");
  for (const SessionState& state : input.sessions) {
    lyd_node* entry = DataBuilder::entry(all, "session", {std::to_string(state.id)});
    DataBuilder::leaf(entry, "transport", "ietf-netconf-monitoring:netconf-ssh");
    DataBuilder::leaf(entry, "username", state.user);
    DataBuilder::leaf(entry, "source-host", state.host);
    DataBuilder::leaf(entry, "login-time", date_and_time(state.login));
  }
}

}  // namespace wanwise::router
