#include "sim/router/oper/oper_data.hpp"

namespace wanwise::router {

std::string date_and_time(const std::timespec& time) {
  char* text = nullptr;
  ly_time_ts2str(&time, &text);
  return take_text(text);
}

Tree oper_data(const ly_ctx* ctx, const OperInput& input) {
  DataBuilder build(ctx);
  add_interfaces(build, input);
  add_cellular(build, input);
  add_probes(build, input);
  return build.take();
}

}  // namespace wanwise::router
