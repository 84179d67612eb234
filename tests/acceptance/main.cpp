// Acceptance: the numbers of queueing theory and of other simulators that the simulator must meet.
//   acceptance                      short form (the ctest cases)
//   acceptance --long [--csv FILE] [--markdown FILE]
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "tests/acceptance/ledger.hpp"

int main(int argc, char** argv) {
  ::testing::InitGoogleMock(&argc, argv);
  wanwise::acceptance::begin(argc, argv);
  const int result = RUN_ALL_TESTS();
  const bool written = wanwise::acceptance::finish();
  const int cases = ::testing::UnitTest::GetInstance()->test_to_run_count();
  std::printf("cases: %d\n", cases);
  return result != 0 || !written || cases == 0 ? 1 : 0;  // a filter that matches nothing is a slip
}
