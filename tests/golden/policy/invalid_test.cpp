// Every document of policies/invalid gives exactly the diagnostics of its .expected file, be they
// errors or warnings. The
// comment in a document's first line, `# with: policy site profiles`, names the valid documents of
// policies/invalid/with it is loaded together with. WANWISE_UPDATE_GOLDEN=1 rewrites what is
// expected.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "engine/policy/load.hpp"

namespace wanwise::policy {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path{WANWISE_SOURCE_DIR} / "policies/invalid";
const std::string kSchemas = std::string{WANWISE_SOURCE_DIR} + "/yang";

std::string slurp(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// The document under its file name, and its companions.
std::vector<SourceText> with_companions(const std::string& name) {
  const std::string text = slurp(kFolder / name);
  std::vector<SourceText> texts{{name, text}};
  const std::string intro = "# with:";
  if (!text.starts_with(intro)) return texts;
  std::istringstream words(text.substr(intro.size(), text.find('\n') - intro.size()));
  for (std::string word; words >> word;) {
    const std::string file = "with/" + word + ".yaml";
    texts.push_back({file, slurp(kFolder / file)});
  }
  return texts;
}

class InvalidDocument : public testing::TestWithParam<std::string> {};

TEST_P(InvalidDocument, GivesExactlyTheExpectedDiagnostics) {
  const auto loaded = load(with_companions(GetParam()), kSchemas);
  const std::vector<Diagnostic>& diagnostics = loaded ? loaded->warnings : loaded.error();
  ASSERT_FALSE(diagnostics.empty()) << "taken for valid";
  std::string told;
  for (const Diagnostic& diagnostic : diagnostics) told += to_string(diagnostic) + '\n';
  fs::path expected = kFolder / GetParam();
  expected.replace_extension(".expected");
  if (std::getenv("WANWISE_UPDATE_GOLDEN") != nullptr) {
    std::ofstream{expected, std::ios::binary} << told;
  }
  EXPECT_EQ(told, slurp(expected));
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param.substr(0, info.param.find('.'));
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Policies, InvalidDocument, testing::ValuesIn(cases()), test_name);

TEST(InvalidDocuments, AreAtLeastSixtyAndEachHasItsExpectation) {
  EXPECT_GE(cases().size(), 60U);
  if (std::getenv("WANWISE_UPDATE_GOLDEN") != nullptr) return;
  for (const std::string& name : cases()) {
    EXPECT_TRUE(fs::exists((kFolder / name).replace_extension(".expected"))) << name;
  }
}

TEST(InvalidDocuments, HaveValidCompanions) {
  const auto texts = read_documents({(kFolder / "with").string()});
  ASSERT_TRUE(texts.has_value());
  const auto loaded = load(*texts, kSchemas);
  if (!loaded) FAIL() << to_string(loaded.error().front());
  EXPECT_EQ(loaded->sites.size(), 1U);
  for (const Diagnostic& warning : loaded->warnings) ADD_FAILURE() << to_string(warning);
}

}  // namespace
}  // namespace wanwise::policy
