#include "engine/core/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace wanwise::core {

void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "wanwise: check failed: %s (%s:%d)\n", condition, file, line);
  std::abort();
}

}  // namespace wanwise::core
