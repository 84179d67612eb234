// libyang's types with owners. Internal to engine/policy: included by yang_check.cpp only. Each
// object belongs to one load() and thread.
#pragma once

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#include <libyang/libyang.h>
#pragma GCC diagnostic pop

#include <cstdint>
#include <memory>

namespace wanwise::policy {

struct ContextDeleter {
  void operator()(ly_ctx* context) const { ly_ctx_destroy(context); }
};
using Context = std::unique_ptr<ly_ctx, ContextDeleter>;

struct TreeDeleter {
  void operator()(lyd_node* tree) const { lyd_free_all(tree); }
};
using Tree = std::unique_ptr<lyd_node, TreeDeleter>;

/// libyang keeps its errors in the context and prints nothing. For the whole process: libyang drops
/// the thread's own setting (ly_temp_log_options) inside some of its calls.
inline void quieten_libyang() {
  ly_log_level(LY_LLERR);
  ly_log_options(LY_LOSTORE);
}

}  // namespace wanwise::policy
