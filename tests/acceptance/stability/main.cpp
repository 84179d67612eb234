// acceptance_stability [--long] [--verbose] [GoogleTest's options]
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <string_view>

#include "tests/acceptance/stability/options.hpp"

namespace wanwise::acceptance {
namespace {
int g_cases = 0;
}

Options& options() {
  static Options one;
  return one;
}

void count_case() {
  ++g_cases;
}

int cases() {
  return g_cases;
}

}  // namespace wanwise::acceptance

int main(int argc, char** argv) {
  ::testing::InitGoogleMock(&argc, argv);
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--long") wanwise::acceptance::options().whole = true;
    if (word == "--verbose") wanwise::acceptance::options().verbose = true;
  }
  const int result = RUN_ALL_TESTS();
  std::printf("cases: %d\n", wanwise::acceptance::cases());
  return result;
}
