// Does our projection of IOS XE agree with the real modules, node by node, in every release that is
// at hand? They are not ours to ship: WANWISE_YANG_XE names their folders, ../shared/yang-xe is
// looked at without it, and without either the tests are skipped.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "tests/conformance/iosxe/comparison.hpp"
#include "tests/conformance/iosxe/exceptions.hpp"
#include "tests/conformance/iosxe/release.hpp"

namespace wanwise::iosxe::conformance {
namespace {

const std::string kOurs = WANWISE_SOURCE_DIR "/yang/iosxe";
const std::string kIetf = WANWISE_SOURCE_DIR "/yang/ietf";

/// A module of types alone is imported: it is not among the implemented.
bool has_nodes(const ly_ctx* context, const std::string& name) {
  const lys_module* module = ly_ctx_get_module_implemented(context, name.c_str());
  return module != nullptr &&
         (module->compiled->data != nullptr || module->compiled->rpcs != nullptr ||
          module->compiled->notifs != nullptr);
}

std::vector<Difference> differences_of(const LoadedRelease& release, const std::string& folder) {
  const ContextPtr ours = load_projection({folder, kIetf});
  if (ours == nullptr) return {{folder, "does not compile", ""}};
  Compared compared =
      compare(ours.get(), release.context.get(), projection_modules(folder), release.absent);
  EXPECT_GT(compared.nodes, 250U);
  for (const std::string& name : release.absent) {
    // Listed by the device: the folder is not complete, which says nothing about the release.
    if (!release.device.contains(name)) compared.differences.push_back({name, "no file", ""});
  }
  for (const std::string& name : projection_modules(folder)) {
    if (!has_nodes(ours.get(), name) || !release.device.contains("Cisco-IOS-XE-native")) continue;
    if (!release.device.contains(name))
      compared.differences.push_back({name, "not of the IR1101", ""});
  }
  return compared.differences;
}

class Conformance : public testing::TestWithParam<Release> {
 protected:
  void SetUp() override { ASSERT_NE(loaded(GetParam()), nullptr); }
};

TEST_P(Conformance, EveryNodeOfTheProjectionIsOnTheDevice) {
  const LoadedRelease& release = *loaded(GetParam());
  const Verdict verdict = judge(release, differences_of(release, kOurs));
  for (const std::string& note : release.notes) std::cout << "note: " << note << "\n";
  for (const std::string& one : verdict.excused) std::cout << "excused: " << one << "\n";
  for (const std::string& fault : verdict.faults) ADD_FAILURE() << fault;
}

/// The control: a projection with mistakes must be caught at each of them.
TEST_P(Conformance, AWrongProjectionIsCaught) {
  const std::string folder = testing::TempDir() + "/wanwise-wrong-projection";
  std::filesystem::remove_all(folder);
  std::filesystem::copy(kOurs, folder);
  const auto spoil = [&](const std::string& file, const std::string& what,
                         const std::string& with) {
    std::ifstream in{folder + "/" + file};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    const std::size_t at = text.find(what);
    ASSERT_NE(at, std::string::npos) << what;
    std::ofstream{folder + "/" + file} << text.replace(at, what.size(), with);
  };
  spoil("Cisco-IOS-XE-native.yang", "leaf hostname {", "leaf hostnames {");
  spoil("Cisco-IOS-XE-policy.yang", "enum ef { value 46; }", "enum eff { value 46; }");
  spoil("Cisco-IOS-XE-policy.yang", "range \"1..65536\"", "range \"1..65537\"");
  spoil("Cisco-IOS-XE-sla.yang", "units \"seconds\"", "units \"minutes\"");
  spoil("Cisco-IOS-XE-policy.yang", "length \"1..205\"", "length \"1..2050\"");
  spoil("Cisco-IOS-XE-cellwan-oper.yang", "type int16;", "type int32;");
  const auto found = differences_of(*loaded(GetParam()), folder);
  const auto caught = [&](const std::string& path, const std::string& what,
                          const std::string& detail) {
    return std::any_of(found.begin(), found.end(), [&](const Difference& difference) {
      return difference.path.find(path) != std::string::npos && difference.what == what &&
             difference.detail.find(detail) != std::string::npos;
    });
  };
  EXPECT_TRUE(caught("hostnames", "absent", ""));
  EXPECT_TRUE(caught("dscp", "enum", "eff"));
  EXPECT_TRUE(caught("ratio", "range", "65537"));
  EXPECT_TRUE(caught("frequency", "units", "seconds"));
  EXPECT_TRUE(caught("class-map/name", "range", "2050"));
  EXPECT_TRUE(caught("cellwan", "base type", ""));
  std::filesystem::remove_all(folder);
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Conformance);
INSTANTIATE_TEST_SUITE_P(Release, Conformance, testing::ValuesIn(find_releases()),
                         name_of_instance);

TEST(ConformanceReleases, AreAtHand) {
  if (find_releases().empty()) GTEST_SKIP() << kNoReleases;
}

}  // namespace
}  // namespace wanwise::iosxe::conformance
