#include "sim/router/oper/oper_data.hpp"

namespace wanwise::router {

std::string date_and_time(const std::timespec& time) {
  char* text = nullptr;
  ly_time_ts2str(&time, &text);
  return take_text(text);
}

Tree oper_data(const ly_ctx* ctx, const OperInput& input) {
  DataBuilder build(ctx);
  if (input.roots.has("interfaces")) add_interfaces(build, input);
  if (input.roots.has("cellwan-oper-data")) add_cellular(build, input);
  if (input.roots.has("ip-sla-stats")) add_probes(build, input);
  add_platform(build, input);
  add_bfd(build, input);
  add_telemetry(build, input);
  add_netconf_state(build, input);
  return build.take();
}

}  // namespace wanwise::router
