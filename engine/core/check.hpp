// WANWISE_CHECK: a programmer's error ends the process with its place, in every build. Never for
// input.
#pragma once

namespace wanwise::core {
[[noreturn]] void check_failed(const char* condition, const char* file, int line);
}

#define WANWISE_CHECK(condition) \
  ((condition) ? void() : ::wanwise::core::check_failed(#condition, __FILE__, __LINE__))
