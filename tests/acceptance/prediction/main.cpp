// Predicted against simulated latency.
//   prediction           short form (a ctest case): seconds
//   prediction --long    20 times the requests: the simulated p99 is good to 2 %
#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>

#include "tests/acceptance/prediction/effort.hpp"

namespace wanwise::prediction {
namespace {
Effort& chosen() {
  static Effort only = Effort::brief;
  return only;
}
}  // namespace

void set_effort(Effort effort) {
  chosen() = effort;
}

Effort effort() {
  return chosen();
}

}  // namespace wanwise::prediction

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i < argc; ++i)
    if (std::strcmp(argv[i], "--long") == 0)
      wanwise::prediction::set_effort(wanwise::prediction::Effort::full);
  std::printf(
      "| where | utilisation | workload | p50 ratio | p99 predicted / simulated, ms | p99 ratio | "
      "its error |\n");
  const int result = RUN_ALL_TESTS();
  const int cases = ::testing::UnitTest::GetInstance()->test_to_run_count();
  std::printf("cases: %d\n", cases);
  return result != 0 || cases == 0 ? 1 : 0;
}
