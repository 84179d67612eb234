#include "engine/policy/units.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace wanwise::policy {
namespace {

constexpr std::array kUnits{Unit::duration,   Unit::rate,         Unit::size,
                            Unit::share,      Unit::percent,      Unit::request_rate,
                            Unit::usd_per_gb, Unit::usd_per_hour, Unit::factor};

struct Good {
  Unit unit;
  std::string text;
  std::int64_t count;
};

TEST(Units, AreReadAsPeopleWriteThem) {
  const std::vector<Good> table{
      {Unit::duration, "0us", 0},
      {Unit::duration, "1us", 1},
      {Unit::duration, "500us", 500},
      {Unit::duration, "100ms", 100'000},
      {Unit::duration, "12.5ms", 12'500},
      {Unit::duration, "0.001ms", 1},
      {Unit::duration, "1.0s", 1'000'000},
      {Unit::duration, "2s", 2'000'000},
      {Unit::duration, "2 s", 2'000'000},
      {Unit::duration, "1.5min", 90'000'000},
      {Unit::duration, "1h", 3'600'000'000},
      {Unit::duration, "2562047788h", 9'223'372'036'800'000'000},
      {Unit::rate, "9600bps", 9'600},
      {Unit::rate, "256kbps", 256'000},
      {Unit::rate, "20Mbps", 20'000'000},
      {Unit::rate, "20 Mbps", 20'000'000},
      {Unit::rate, "0.5Gbps", 500'000'000},
      {Unit::size, "1B", 1},
      {Unit::size, "45KB", 45'000},
      {Unit::size, "1KiB", 1'024},
      {Unit::size, "0.5KiB", 512},
      {Unit::size, "250MiB", 262'144'000},
      {Unit::size, "900MB", 900'000'000},
      {Unit::size, "6GB", 6'000'000'000},
      {Unit::size, "1.5GiB", 1'610'612'736},
      {Unit::share, "0%", 0},
      {Unit::share, "10%", 100'000},
      {Unit::share, "0.0001%", 1},
      {Unit::share, "12.5%", 125'000},
      {Unit::percent, "30%", 30},
      {Unit::percent, "100%", 100},
      {Unit::request_rate, "10/s", 10'000},
      {Unit::request_rate, "0.5/s", 500},
      {Unit::request_rate, "0.001/s", 1},
      {Unit::request_rate, "30/min", 500},
      {Unit::request_rate, "20/min", 333},  // 333.33
      {Unit::request_rate, "1/min", 17},    // 16.67
      {Unit::request_rate, "3600/h", 1'000},
      {Unit::request_rate, "5/h", 1},  // 1.39
      {Unit::request_rate, "1/h", 0},  // 0.28: out of every range
      {Unit::usd_per_gb, "4 USD/GB", 4'000'000'000},
      {Unit::usd_per_gb, "4USD/GB", 4'000'000'000},
      {Unit::usd_per_gb, "0.000000001 USD/GB", 1},
      {Unit::usd_per_hour, "0.53 USD/h", 530'000'000},
      {Unit::factor, "1x", 1'000'000},
      {Unit::factor, "1.53x", 1'530'000},
      {Unit::factor, "7.5x", 7'500'000},
  };
  for (const Good& row : table) {
    const auto count = parse_quantity(row.unit, row.text);
    ASSERT_TRUE(count.has_value()) << row.text << ' ' << count.error().message;
    EXPECT_EQ(*count, row.count) << row.text;
  }
}

struct Bad {
  Unit unit;
  std::string text;
  std::string message;
};

TEST(Units, RefuseWhatIsNotExactlyAQuantity) {
  const std::vector<Bad> table{
      {Unit::duration, "", "is not a duration"},
      {Unit::duration, "ms", "is not a duration"},
      {Unit::duration, "100", "has no unit"},
      {Unit::duration, "100 ", "has no unit"},
      {Unit::duration, "-1ms", "is negative"},
      {Unit::duration, "+1ms", "is not a duration"},
      {Unit::duration, "1,5ms", "has unknown unit ',5ms'"},
      {Unit::duration, "1.ms", "is not a duration"},
      {Unit::duration, ".5ms", "is not a duration"},
      {Unit::duration, "1.2.3ms", "is not a duration"},
      {Unit::duration, "0100ms", "is not a duration"},
      {Unit::duration, "00ms", "is not a duration"},
      {Unit::duration, "1_000ms", "has unknown unit '_000ms'"},
      {Unit::duration, "1e3ms", "has unknown unit 'e3ms'"},
      {Unit::duration, "0x1fms", "has unknown unit 'x1fms'"},
      {Unit::duration, "1  ms", "has unknown unit ' ms'; did you mean 'ms'?"},
      {Unit::duration, "1ms ", "has unknown unit 'ms '; did you mean 'ms'?"},
      {Unit::duration, "1MS", "has unknown unit 'MS'; did you mean 'ms'?"},
      {Unit::duration, "1m", "has unknown unit 'm'"},
      {Unit::duration, "1ms2us", "has unknown unit 'ms2us'"},
      {Unit::duration, "0.5us", "is finer than 1us"},
      {Unit::duration, "0.0001ms", "is finer than 1us"},
      {Unit::duration, "2562047789h", "is too large"},
      {Unit::duration, "999999999999999999h", "is too large"},
      {Unit::duration, "1000000000000000000us", "is not a duration"},
      {Unit::duration, "12345678901234567890123456789012345678901us", "is not a duration"},
      {Unit::rate, "20mbps", "has unknown unit 'mbps'; did you mean"},
      {Unit::rate, "20MB/s", "has unknown unit 'MB/s'"},
      {Unit::rate, "0.5bps", "is finer than 1bps"},
      {Unit::size, "45kB", "has unknown unit 'kB'; did you mean 'KB'?"},
      {Unit::size, "45K", "has unknown unit 'K'"},
      {Unit::size, "0.3KiB", "is finer than 1B"},
      {Unit::share, "0.1", "has no unit"},
      {Unit::share, "10 percent", "has unknown unit 'percent'"},
      {Unit::share, "0.00001%", "is finer than 0.0001%"},
      {Unit::percent, "12.5%", "is finer than 1%"},
      {Unit::request_rate, "10Hz", "has unknown unit 'Hz'"},
      {Unit::request_rate, "10/sec", "has unknown unit '/sec'"},
      {Unit::request_rate, "0.0001/s", "is finer than 0.001/s"},
      {Unit::usd_per_gb, "4 EUR/GB", "has unknown unit 'EUR/GB'"},
      {Unit::usd_per_gb, "$4/GB", "is not a price per gigabyte"},
      {Unit::usd_per_gb, "0.0000000001 USD/GB", "is finer than 0.000000001 USD/GB"},
      {Unit::usd_per_hour, "4 USD/GB", "has unknown unit 'USD/GB'"},
      {Unit::factor, "1.5", "has no unit"},
      {Unit::factor, "150%", "has unknown unit '%'"},
      {Unit::factor, "0.0000001x", "is finer than 0.000001x"},
  };
  for (const Bad& row : table) {
    const auto count = parse_quantity(row.unit, row.text);
    ASSERT_FALSE(count.has_value()) << row.text << " is " << *count;
    EXPECT_TRUE(count.error().message.starts_with(row.message))
        << row.text << ": " << count.error().message;
    EXPECT_FALSE(count.error().allowed.empty()) << row.text;
  }
}

TEST(Units, FormatsShortAndExactly) {
  EXPECT_EQ(format_quantity(Unit::duration, 0), "0us");
  EXPECT_EQ(format_quantity(Unit::duration, 1'500'000), "1500ms");
  EXPECT_EQ(format_quantity(Unit::duration, 60'000'000), "1min");
  EXPECT_EQ(format_quantity(Unit::rate, 10'000'000'000), "10Gbps");
  EXPECT_EQ(format_quantity(Unit::size, 1'024), "1KiB");
  EXPECT_EQ(format_quantity(Unit::share, 125'000), "12.5%");
  EXPECT_EQ(format_quantity(Unit::request_rate, 1), "0.001/s");
  EXPECT_EQ(format_quantity(Unit::usd_per_gb, 530'000'000), "0.53 USD/GB");
  EXPECT_EQ(format_quantity(Unit::factor, 1'530'000), "1.53x");
}

TEST(Units, WhatIsFormattedIsReadBackAsTheSame) {
  for (const Unit unit : kUnits) {
    for (std::int64_t count = 0; count < 4'000'000'000'000; count = count * 7 + 1) {
      const auto back = parse_quantity(unit, format_quantity(unit, count));
      ASSERT_TRUE(back.has_value()) << format_quantity(unit, count);
      EXPECT_EQ(*back, count);
    }
  }
}

}  // namespace
}  // namespace wanwise::policy
