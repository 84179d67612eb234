// The catalogue is complete, and what is wrong with a policy is told all at once.
#include "sim/baselines/catalogue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace wanwise::sim {
namespace {

using testing::HasSubstr;

const PolicyEntry* find(const std::string& name) {
  const auto found = std::find_if(catalogue().begin(), catalogue().end(),
                                  [&](const PolicyEntry& entry) { return entry.name == name; });
  return found == catalogue().end() ? nullptr : &*found;
}

TEST(Catalogue, HasEveryPolicyThatStudiesCompare) {
  for (const char* name : {"always-cloud",
                           "always-edge",
                           "autorate-aimd",
                           "clairvoyant",
                           "diktyo",
                           "hybrid",
                           "ip-sla-track-eem",
                           "karmada-debounce",
                           "kubernetes-defaults",
                           "least-queue",
                           "lowest-rtt",
                           "polaris",
                           "qos-only",
                           "round-robin",
                           "rsrp-threshold",
                           "sdwan-aar",
                           "sdwan-aar-fast",
                           "skippy",
                           "wanwise",
                           "wanwise-no-demand",
                           "wanwise-no-ladder",
                           "wanwise-no-load",
                           "wanwise-no-probe",
                           "wanwise-no-qos",
                           "wanwise-no-queues",
                           "wanwise-no-radio",
                           "wanwise-no-split",
                           "wanwise-no-stability"}) {
    EXPECT_NE(find(name), nullptr) << name;
  }
}

TEST(Catalogue, IsSortedAndSaysWhatEachEntryIs) {
  EXPECT_TRUE(
      std::is_sorted(catalogue().begin(), catalogue().end(),
                     [](const PolicyEntry& a, const PolicyEntry& b) { return a.name < b.name; }));
  std::set<std::string> names;
  for (const PolicyEntry& entry : catalogue()) {
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
    EXPECT_FALSE(entry.stands_for.empty()) << entry.name;
    EXPECT_FALSE(entry.citation.empty()) << entry.name;
    for (const PolicyParameter& parameter : entry.parameters) {
      EXPECT_THAT(parameter.says, HasSubstr("(allowed: ")) << entry.name << parameter.name;
    }
  }
}

TEST(Catalogue, AllowsEveryPublishedValue) {
  for (const PolicyEntry& entry : catalogue()) {
    PolicySpec spec{entry.name, entry.name, {}};
    EXPECT_TRUE(check(spec).has_value()) << entry.name;
    for (const PolicyParameter& parameter : entry.parameters) {
      spec.parameters[parameter.name] = parameter.standard;
    }
    EXPECT_TRUE(check(spec).has_value()) << entry.name;
  }
}

TEST(Catalogue, HasThePublishedValuesOfTheVendors) {
  const auto value = [](const char* policy, const char* parameter) {
    for (const PolicyParameter& it : find(policy)->parameters) {
      if (it.name == parameter) return it.standard;
    }
    return std::string{};
  };
  EXPECT_EQ(value("kubernetes-defaults", "node-monitor-grace-period"), "50s");
  EXPECT_EQ(value("kubernetes-defaults", "toleration"), "300s");
  EXPECT_EQ(value("karmada-debounce", "failure-threshold"), "30s");
  EXPECT_EQ(value("karmada-debounce", "success-threshold"), "30s");
  EXPECT_EQ(value("sdwan-aar", "poll-interval"), "10min");
  EXPECT_EQ(value("sdwan-aar", "multiplier"), "6");
  EXPECT_EQ(value("sdwan-aar-fast", "poll-interval"), "2min");
  EXPECT_EQ(value("ip-sla-track-eem", "frequency"), "60s");
  EXPECT_EQ(value("ip-sla-track-eem", "timeout"), "5s");
  EXPECT_EQ(value("autorate-aimd", "delay-threshold"), "30ms");
  EXPECT_EQ(value("autorate-aimd", "most-down"), "0.75x");
}

TEST(Check, NamesEveryPolicyWhenOneIsUnknown) {
  const auto wrong = check({"sdwan", "x", {}});
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().code, "unknown-policy");
  EXPECT_THAT(wrong.error().message, HasSubstr("unknown policy sdwan (allowed: always-cloud, "));
  EXPECT_THAT(wrong.error().message, HasSubstr("sdwan-aar-fast"));
}

TEST(Check, TellsEveryMistakeWithWhatIsAllowed) {
  const auto wrong = check({"sdwan-aar",
                            "x",
                            {{"poll-interval", "10"},
                             {"multiplier", "7"},
                             {"home", "edge"},
                             {"loss", "101%"},
                             {"poll_interval", "10min"}}});
  ASSERT_FALSE(wrong.has_value());
  const std::string& message = wrong.error().message;
  EXPECT_EQ(std::count(message.begin(), message.end(), '\n'), 4);
  EXPECT_THAT(message, HasSubstr("sdwan-aar: poll-interval: 10 is not allowed (allowed: 1s to "));
  EXPECT_THAT(message, HasSubstr("multiplier: 7 is not allowed (allowed: 1 to 6)"));
  EXPECT_THAT(message, HasSubstr("home: edge is not allowed (allowed: cloud, preference)"));
  EXPECT_THAT(message, HasSubstr("loss: 101% is not allowed (allowed: 0% to 100%)"));
  EXPECT_THAT(message, HasSubstr("unknown parameter poll_interval (allowed: poll-interval, "));
}

TEST(Check, ReadsDecibelsAndRefusesOtherUnits) {
  const auto with = [](const char* threshold) {
    return check({"rsrp-threshold", "x", {{"threshold", threshold}}}).has_value();
  };
  EXPECT_TRUE(with("-115dBm"));
  EXPECT_FALSE(with("-115"));
  EXPECT_FALSE(with("-115dBW"));
  EXPECT_FALSE(with("-30dBm"));
  EXPECT_FALSE(with(""));
}

TEST(Check, SaysThatAPolicyHasNoParameters) {
  const auto wrong = check({"wanwise", "x", {{"speed", "1"}}});
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().message, "wanwise: unknown parameter speed (allowed: none)");
}

}  // namespace
}  // namespace wanwise::sim
