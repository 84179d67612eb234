// The modules in yang/ are good YANG by themselves, and load() says so when they are not there.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/unit/policy/documents.hpp"

namespace wanwise::policy {
namespace {

TEST(Schemas, AreAcceptedByYanglint) {
  if (std::system("command -v yanglint >/dev/null 2>&1") != 0) {
    GTEST_SKIP() << "yanglint is not installed (Debian package libyang2-tools)";
  }
  for (const char* module :
       {"wanwise-types", "wanwise-policy", "wanwise-site", "wanwise-profile"}) {
    const std::string command =
        "test -z \"$(yanglint -p '" + kSchemas + "' '" + kSchemas + '/' + module + ".yang' 2>&1)\"";
    EXPECT_EQ(std::system(command.c_str()), 0) << module << " gives warnings or errors";
  }
}

TEST(Schemas, AMissingFolderIsOneDiagnostic) {
  const auto loaded = load({{"p", valid("policy")}}, "/nowhere/yang");
  ASSERT_FALSE(loaded.has_value());
  ASSERT_EQ(loaded.error().size(), 1U);
  EXPECT_EQ(to_string(loaded.error()[0]), "/nowhere/yang: not a folder with YANG modules");
}

TEST(Schemas, AFolderWithoutTheModulesIsOneDiagnostic) {
  const auto loaded = load({{"p", valid("policy")}}, std::string{WANWISE_SOURCE_DIR} + "/policies");
  ASSERT_FALSE(loaded.has_value());
  ASSERT_EQ(loaded.error().size(), 1U);
  EXPECT_EQ(loaded.error()[0].message, "YANG module wanwise-policy cannot be loaded");
}

}  // namespace
}  // namespace wanwise::policy
