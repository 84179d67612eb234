// Releases by their modules: the table, the library's two trees, and the whole library of a device.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "adapters/iosxe/read/feeds.hpp"
#include "adapters/iosxe/release/dialect.hpp"
#include "adapters/iosxe/release/yang_library.hpp"
#include "adapters/iosxe/xml/reply.hpp"
#include "tests/unit/iosxe/samples.hpp"

namespace wanwise::iosxe {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kCellwan = "Cisco-IOS-XE-cellwan-oper";

/// Revisions of the published models (github.com/YangModels/yang, vendor/cisco/xe).
struct Release {
  const char* name;
  const char* cellwan;
  const char* interfaces;
  const char* policy;
  const char* mdt;
  const char* track;
  const char* route_map;
  bool nr5g, apn, limits, newer_words;
};
constexpr std::array<Release, 6> kReleases{{
    {"17.6.1", "2019-05-01", "2021-03-01", "2021-07-01", "2021-07-01", "2020-11-01", "2021-03-01",
     0, 0, 0, 0},
    {"17.9.1", "2019-05-01", "2021-03-01", "2022-07-01", "2022-07-01", "2021-11-01", "2022-07-01",
     0, 0, 1, 0},
    {"17.12.1", "2022-11-01", "2022-11-01", "2023-03-01", "2023-07-01", "2022-11-01", "2023-07-01",
     0, 0, 1, 0},
    {"17.15.1", "2024-03-01", "2024-07-01", "2024-07-01", "2023-11-01", "2024-07-01", "2024-07-01",
     1, 0, 1, 1},
    {"17.18.1", "2024-11-01", "2025-03-01", "2025-07-01", "2023-11-01", "2025-07-01", "2025-03-01",
     1, 1, 1, 1},
    {"26.1.1", "2026-02-01", "2026-02-01", "2026-02-01", "2026-02-01", "2026-02-01", "2026-02-01",
     1, 1, 1, 1},
}};

ModuleRevisions modules_of(const Release& release) {
  return {{kCellwan, release.cellwan},
          {"Cisco-IOS-XE-interfaces-oper", release.interfaces},
          {"Cisco-IOS-XE-policy", release.policy},
          {"Cisco-IOS-XE-mdt-oper-v2", release.mdt},
          {"Cisco-IOS-XE-track", release.track},
          {"Cisco-IOS-XE-route-map", release.route_map}};
}

TEST(Features, FollowTheRevisionsOfEachRelease) {
  for (const Release& release : kReleases) {
    SCOPED_TRACE(release.name);
    const FeatureSet features{modules_of(release)};
    EXPECT_TRUE(features.has(Feature::lte));
    EXPECT_TRUE(features.has(Feature::interface_counters));
    EXPECT_EQ(features.has(Feature::nr5g), release.nr5g);
    EXPECT_EQ(features.has(Feature::active_apn), release.apn);
    const Dialect newer{true, true};
    EXPECT_EQ(dialect_of(features), release.newer_words ? newer : Dialect{});
    EXPECT_EQ(features.has(Feature::subscription_limits), release.limits);
    EXPECT_EQ(release_hint(modules_of(release)), std::string{release.name} + " or later");
  }
}

TEST(Features, AnUnknownRevisionHasWhatTheNewestKnownHas) {
  ModuleRevisions modules = modules_of(kReleases.back());
  for (auto& [name, revision] : modules) revision = "2031-01-01";
  const FeatureSet features{modules};
  EXPECT_TRUE(features.has(Feature::active_apn));
  EXPECT_TRUE(features.has(Feature::tracked_object_v2));
}

TEST(Features, AMissingModuleTakesAwayItsFeatureOnlyAndSaysWhy) {
  ModuleRevisions modules = modules_of(kReleases[3]);
  modules.erase(kCellwan);
  const FeatureSet features{modules};
  EXPECT_FALSE(features.has(Feature::lte));
  EXPECT_THAT(features.state(Feature::lte).reason, HasSubstr("is not on the router"));
  EXPECT_TRUE(features.has(Feature::class_queues));
  const FeatureSet old{modules_of(kReleases[2])};
  EXPECT_EQ(old.state(Feature::nr5g).reason,
            "Cisco-IOS-XE-cellwan-oper 2022-11-01, needs 2024-03-01");
}

TEST(Features, ARouterThatTellsNothingIsTakenForTheOldest) {
  const FeatureSet features;
  EXPECT_TRUE(features.has(Feature::lte));
  EXPECT_TRUE(features.has(Feature::ip_sla));
  EXPECT_TRUE(features.has(Feature::yang_push));
  EXPECT_TRUE(features.has(Feature::bfd));
  EXPECT_FALSE(features.has(Feature::nr5g));
  EXPECT_EQ(dialect_of(features), Dialect{});
}

TEST(Features, TheTableIsInTheOrderOfItsEnum) {
  for (std::size_t i = 0; i < kFeatureCount; ++i) {
    EXPECT_EQ(static_cast<std::size_t>(feature_table().at(i).feature), i);
    EXPECT_EQ(feature_table().at(i).since.size(), 10U);
  }
}

TEST(Features, AsksAnOldRouterForNothingItDoesNotHave) {
  const RouterConfig config = samples::config();
  const FeatureSet old{modules_of(kReleases[2])};
  const std::string request = get_feeds(feeds_of(config, old), old);
  EXPECT_THAT(request, Not(HasSubstr("nr5g")));
  EXPECT_THAT(request, Not(HasSubstr("bfd")));
  const FeatureSet newer{modules_of(kReleases[3])};
  EXPECT_THAT(get_feeds(feeds_of(config, newer), newer), HasSubstr("<nr5g-rsrp/>"));
  const auto missing = missing_features(config, newer);
  EXPECT_THAT(missing, testing::Contains(Feature::bfd));
  EXPECT_THAT(missing, Not(testing::Contains(Feature::lte)));
}

ModuleRevisions read(const std::string& content) {
  const auto document = XmlDocument::parse(
      "<data xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'>" + content + "</data>");
  EXPECT_TRUE(document);
  return read_library(document->root());
}

TEST(YangLibrary, ReadsBothTrees) {
  const std::string module =
      "<module><name>Cisco-IOS-XE-cellwan-oper</name><revision>2024-03-01</revision>"
      "<conformance-type>implement</conformance-type></module>"
      "<module><name>of-somebody-else</name><revision>2024-03-01</revision></module>";
  const ModuleRevisions expected{{kCellwan, "2024-03-01"}};
  EXPECT_EQ(read("<modules-state xmlns='urn:ietf:params:xml:ns:yang:ietf-yang-library'>" + module +
                 "</modules-state>"),
            expected);
  EXPECT_EQ(read("<yang-library xmlns='urn:ietf:params:xml:ns:yang:ietf-yang-library'><module-set>"
                 "<name>all</name>" +
                 module + "</module-set></yang-library>"),
            expected);
}

TEST(YangLibrary, ImportsHaveNoData) {
  EXPECT_THAT(read("<modules-state xmlns='urn:ietf:params:xml:ns:yang:ietf-yang-library'><module>"
                   "<name>Cisco-IOS-XE-cellwan-oper</name><revision>2024-03-01</revision>"
                   "<conformance-type>import</conformance-type></module></modules-state>"),
              IsEmpty());
  EXPECT_THAT(read(""), IsEmpty());
}

TEST(YangLibrary, AsksByName) {
  for (const LibraryTree tree : {LibraryTree::modules_state, LibraryTree::yang_library}) {
    const std::string request = get_library(tree);
    EXPECT_TRUE(XmlDocument::parse("<rpc xmlns='urn:x'>" + request + "</rpc>"));
    EXPECT_THAT(request, HasSubstr("<module><name>Cisco-IOS-XE-cellwan-oper</name><revision/>"));
  }
}

TEST(YangLibrary, ReadsTheWholeLibraryOfADevice) {
  const std::string file = WANWISE_SOURCE_DIR "/../shared/yang-xe/17151/yang-set-ir1101.xml";
  if (!std::filesystem::exists(file))
    GTEST_SKIP() << "the library of an IR1101 with IOS XE 17.15.1 is not at ../shared/yang-xe";
  std::ifstream in{file};
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  const auto reply = Reply::parse(text.substr(text.find("<rpc-reply")));
  ASSERT_TRUE(reply) << reply.error().message;
  const ModuleRevisions modules = read_library(reply->data());
  const FeatureSet features{modules};
  EXPECT_EQ(release_hint(modules), "17.15.1 or later");
  for (const FeatureRule& rule : feature_table()) {
    const bool later = rule.feature == Feature::active_apn;
    EXPECT_EQ(features.has(rule.feature), !later) << rule.name;
  }
}

}  // namespace
}  // namespace wanwise::iosxe
