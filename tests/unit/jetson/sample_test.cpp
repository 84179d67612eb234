#include "adapters/jetson/sample.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "adapters/jetson/token.hpp"
#include "adapters/jetson/url.hpp"

namespace wanwise::jetson {
namespace {

NodeConfig tx2() {
  NodeConfig config;
  config.node = core::TargetName{"tx2"};
  config.power_modes = {core::PowerModeName{"MAX-N"}, core::PowerModeName{"MAX-P"},
                        core::PowerModeName{"MAX-Q"}};
  config.throttles_at_c = 90;
  return config;
}

std::optional<core::Ppm> throttle(const NodeConfig& config, const NodeReading& reading) {
  return make_sample(config, reading, {}).throttle;
}

TEST(Sample, SaysWhatWasRead) {
  NodeReading reading;
  reading.power_mode = "MAXQ";
  reading.load = core::Ppm{300'000};
  reading.temperature_c = 61;
  reading.memory_free = core::Bytes{5};
  core::TargetSample wanted;
  wanted.target = core::TargetName{"tx2"};
  wanted.observed_at = {7};
  wanted.reachable = true;
  wanted.power_mode = core::PowerModeName{"MAX-Q"};
  wanted.throttle = core::kWhole;
  wanted.load = core::Ppm{300'000};
  wanted.temperature_c = 61;
  wanted.memory_free = core::Bytes{5};
  EXPECT_EQ(make_sample(tx2(), reading, {7}), wanted);
}

TEST(Sample, HotAndNothingElseKnownTakesTheSitesFigure) {
  NodeReading reading;
  reading.temperature_c = 90;
  EXPECT_EQ(throttle(tx2(), reading), core::Ppm{1'500'000});
  reading.temperature_c = 89;
  EXPECT_EQ(throttle(tx2(), reading), core::kWhole);
  reading.temperature_c.reset();
  EXPECT_EQ(throttle(tx2(), reading), std::nullopt);
}

TEST(Sample, ClocksTellTheSlowdownOfABusyDeviceOnly) {
  NodeReading reading;
  reading.temperature_c = 95;
  reading.clock_ratio = core::Ppm{1'800'000};
  EXPECT_EQ(throttle(tx2(), reading), core::Ppm{1'500'000}) << "load unknown";
  reading.load = core::Ppm{499'999};
  EXPECT_EQ(throttle(tx2(), reading), core::Ppm{1'500'000}) << "it may be saving power";
  reading.load = kBusy;
  EXPECT_EQ(throttle(tx2(), reading), core::Ppm{1'800'000});
  reading.temperature_c = 50;
  EXPECT_EQ(throttle(tx2(), reading), core::kWhole) << "cool: the clocks are not heat's doing";
}

TEST(Sample, TheDevicesOwnWordNeedsNoThreshold) {
  NodeConfig config = tx2();
  config.throttles_at_c.reset();
  NodeReading reading;
  EXPECT_EQ(throttle(config, reading), std::nullopt);
  reading.throttled = false;
  EXPECT_EQ(throttle(config, reading), core::kWhole);
  reading.throttled = true;
  EXPECT_EQ(throttle(config, reading), core::Ppm{1'500'000});
  reading.least_slowdown = core::Ppm{2'000'000};
  EXPECT_EQ(throttle(config, reading), core::Ppm{2'000'000});
}

TEST(Sample, TheFirstPageThatKnowsIsBelieved) {
  NodeReading first;
  first.load = core::Ppm{1};
  NodeReading second;
  second.load = core::Ppm{2};
  second.temperature_c = 40;
  first.fill_from(second);
  EXPECT_EQ(first.load, core::Ppm{1});
  EXPECT_EQ(first.temperature_c, 40);
}

TEST(Sample, PowerModesByTheirLettersAndDigits) {
  const auto known = tx2().power_modes;
  EXPECT_EQ(profile_name("MAXN", known).text, "MAX-N");
  EXPECT_EQ(profile_name("Max-Q", known).text, "MAX-Q");
  EXPECT_EQ(profile_name("MAXP_CORE_ALL", known).text, "MAX-P");
  EXPECT_EQ(profile_name("MAXP_CORE_DENVER", known).text, "MAX-P");
  EXPECT_EQ(profile_name("MAXN_SUPER", known).text, "MAXN_SUPER") << "another mode";
  EXPECT_EQ(profile_name("15W", known).text, "15W");
  EXPECT_EQ(profile_name("--", known).text, "--");
}

TEST(Url, Parts) {
  const auto url = parse_url("http://tx2.yard.example:9100/node/metrics?all=1");
  ASSERT_TRUE(url);
  EXPECT_EQ(*url, (HttpUrl{"tx2.yard.example", 9100, "/node/metrics?all=1"}));
  EXPECT_EQ(*parse_url("http://192.0.2.7"), (HttpUrl{"192.0.2.7", 80, "/metrics"}));
  EXPECT_EQ(*parse_url("http://192.0.2.7:81/"), (HttpUrl{"192.0.2.7", 81, "/"}));
}

TEST(Url, WhatIsNone) {
  for (const char* text :
       {"", "https://a/metrics", "http://", "http:///metrics", "http://a:0/", "http://a:65536/",
        "http://a:/", "http://a:1x/", "http://user@a/", "http://a/b c", "http://a/b\r\nX: y",
        "http://a/b#c", "http://[::1]/", "ftp://a/"}) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().code, "bad-url");
  }
  EXPECT_FALSE(parse_url("http://a/" + std::string(600, 'b')));
}

class Token : public testing::Test {
 protected:
  [[nodiscard]] std::string holding(const std::string& text) const {
    std::ofstream{m_file, std::ios::binary} << text;
    return m_file;
  }
  std::string m_file = testing::TempDir() + "wanwise-token-" +
                       testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(Token, IsTheFirstLine) {
  EXPECT_EQ(*read_token(holding("abc.def-1")), "abc.def-1");
  EXPECT_EQ(*read_token(holding("abc\r\nsecond line\n")), "abc");
}

TEST_F(Token, WhatIsNoTokenIsRefusedWithoutTellingIt) {
  for (const std::string& text : {std::string{}, std::string{"\n"}, std::string{"a b"},
                                  std::string{"a\x01"}, std::string(kMaxTokenBytes + 1, 'a')}) {
    const auto token = read_token(holding(text));
    ASSERT_FALSE(token);
    EXPECT_EQ(token.error().code, "credential-missing");
    EXPECT_EQ(token.error().message.find("a b"), std::string::npos);
  }
  EXPECT_FALSE(read_token(m_file + "-that-is-not-there"));
}

}  // namespace
}  // namespace wanwise::jetson
