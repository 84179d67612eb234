// Every case directory below tests/golden/engine/cases is one test.
#include <gtest/gtest.h>

#include "tests/support/golden_runner.hpp"

namespace wanwise::testing {
namespace {

const std::filesystem::path kCases =
    std::filesystem::path(WANWISE_SOURCE_DIR) / "tests/golden/engine/cases";

class GoldenEngine : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(GoldenEngine, DoesWhatItsStepsSay) {
  const auto differences = run_golden_case(
      GetParam(), std::filesystem::path(WANWISE_SOURCE_DIR) / "yang", golden_update_wanted());
  for (const std::string& difference : differences) {
    ADD_FAILURE() << GetParam().filename().string() << "/" << difference;
  }
}

std::string case_name(const ::testing::TestParamInfo<std::filesystem::path>& one) {
  std::string name = one.param.filename().string();
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(, GoldenEngine, ::testing::ValuesIn(golden_cases(kCases)), case_name);

}  // namespace
}  // namespace wanwise::testing
