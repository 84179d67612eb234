// The one place where libyang's headers and its ownership rules live: RAII over ly_ctx and
// lyd_node. Only .cpp files of this folder include it. A context that nobody changes may be shared
// between threads; a tree belongs to whoever holds it.
#pragma once

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#include <libyang/libyang.h>
#pragma GCC diagnostic pop

#include <memory>
#include <string>

namespace wanwise::iosxe {

struct DestroyContext {
  void operator()(ly_ctx* context) const { ly_ctx_destroy(context); }
};
using ContextPtr = std::unique_ptr<ly_ctx, DestroyContext>;

/// Frees the node with all its siblings.
struct FreeTree {
  void operator()(lyd_node* node) const { lyd_free_all(node); }
};
using TreePtr = std::unique_ptr<lyd_node, FreeTree>;

/// libyang prints to stderr by default. Here errors are kept and fetched with last_error(); the
/// thousands of warnings about vendor XPaths are not even made.
inline void silence_libyang() {
  ly_log_level(LY_LLERR);
  ly_log_options(LY_LOSTORE_LAST);
}

inline std::string last_error(const ly_ctx* context) {
  const char* message = ly_errmsg(context);
  std::string text = message != nullptr ? message : "unknown libyang error";
  const char* path = ly_errpath(context);
  if (path != nullptr) text += std::string{" ("} + path + ")";
  return text;
}

}  // namespace wanwise::iosxe
