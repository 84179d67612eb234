// The one main of all GoogleTest programs: runs the tests and says how many ran.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  testing::InitGoogleMock(&argc, argv);
  const int result = RUN_ALL_TESTS();
  std::printf("cases: %d\n", testing::UnitTest::GetInstance()->test_to_run_count());
  return result;
}
