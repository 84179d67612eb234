#include "adapters/cli/units_text.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace wanwise::cli {
namespace {

using core::Bps;
using core::Bytes;
using core::Micros;
using core::MilliDb;
using core::MilliHz;
using core::NanoUsd;
using core::Ppm;

TEST(UnitsText, DurationsInTheUnitThatReadsBest) {
  EXPECT_EQ(text(Micros{0}), "0 µs");
  EXPECT_EQ(text(Micros{850}), "850 µs");
  EXPECT_EQ(text(Micros{999}), "999 µs");
  EXPECT_EQ(text(Micros{1'000}), "1 ms");
  EXPECT_EQ(text(Micros{12'500}), "12.5 ms");
  EXPECT_EQ(text(Micros{45'000}), "45 ms");
  EXPECT_EQ(text(Micros{142'400}), "142 ms");
  EXPECT_EQ(text(Micros{999'499}), "999 ms");
  EXPECT_EQ(text(Micros{999'500}), "1 s");
  EXPECT_EQ(text(Micros{2'340'000}), "2.34 s");
  EXPECT_EQ(text(Micros{12'300'000}), "12.3 s");
  EXPECT_EQ(text(Micros{59'940'000}), "59.9 s");
  EXPECT_EQ(text(Micros{59'950'000}), "1 min");
  EXPECT_EQ(text(core::seconds(65)), "1 min 5 s");
  EXPECT_EQ(text(core::seconds(3600)), "1 h");
  EXPECT_EQ(text(core::seconds(3600 + 120 + 3)), "1 h 2 min");
  EXPECT_EQ(text(core::seconds(3 * 86'400 + 4 * 3600)), "3 d 4 h");
  EXPECT_EQ(text(Micros{-45'000}), "-45 ms");
}

TEST(UnitsText, RatesOfLinks) {
  EXPECT_EQ(text(Bps{0}), "0 bps");
  EXPECT_EQ(text(Bps{900}), "900 bps");
  EXPECT_EQ(text(Bps{850'000}), "850 kbps");
  EXPECT_EQ(text(Bps{999'600}), "1 Mbps");
  EXPECT_EQ(text(Bps{7'812'345}), "7.81 Mbps");
  EXPECT_EQ(text(Bps{9'996'000}), "10 Mbps");
  EXPECT_EQ(text(Bps{12'400'000}), "12.4 Mbps");
  EXPECT_EQ(text(Bps{1'200'000'000}), "1.2 Gbps");
  EXPECT_EQ(text(Bps{5'000'000'000'000}), "5000 Gbps");
}

TEST(UnitsText, Sizes) {
  EXPECT_EQ(text(Bytes{512}), "512 B");
  EXPECT_EQ(text(Bytes{45'000}), "45 KB");
  EXPECT_EQ(text(Bytes{900'000'000}), "900 MB");
  EXPECT_EQ(text(Bytes{7'860'000'000}), "7.86 GB");
}

TEST(UnitsText, SharesAndFactors) {
  EXPECT_EQ(text(Ppm{620'000}), "62%");
  EXPECT_EQ(text(Ppm{5'000}), "0.5%");
  EXPECT_EQ(text(Ppm{999'900}), "100%");
  EXPECT_EQ(text(Ppm{0}), "0%");
  EXPECT_EQ(factor_text(core::kWhole), "1x");
  EXPECT_EQ(factor_text(Ppm{1'350'000}), "1.35x");
}

TEST(UnitsText, RequestRates) {
  EXPECT_EQ(text(MilliHz{4'000}), "4/s");
  EXPECT_EQ(text(MilliHz{12'500}), "12.5/s");
  EXPECT_EQ(text(MilliHz{250}), "0.25/s");
  EXPECT_EQ(text(MilliHz{4}), "0.004/s");
  EXPECT_EQ(text(MilliHz{0}), "0/s");
}

TEST(UnitsText, Money) {
  EXPECT_EQ(text(NanoUsd{4'000'000'000}), "4 USD");
  EXPECT_EQ(text(NanoUsd{350'000'000}), "0.35 USD");
  EXPECT_EQ(text(NanoUsd{120'000}), "0.00012 USD");
  EXPECT_EQ(text(NanoUsd{1}), "0.000000001 USD");
  EXPECT_EQ(text(NanoUsd{0}), "0 USD");
}

TEST(UnitsText, SignalLevels) {
  EXPECT_EQ(dbm_text(MilliDb{-97'500}), "-97.5 dBm");
  EXPECT_EQ(db_text(MilliDb{12'000}), "12 dB");
  EXPECT_EQ(db_text(MilliDb{-40}), "0 dB");
}

TEST(UnitsText, TheEndsOfTheRangeAreText) {
  constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  for (const auto count : {kMin, kMax}) {
    EXPECT_FALSE(text(Bps{count}).empty());
    EXPECT_FALSE(text(NanoUsd{count}).empty());
    EXPECT_FALSE(text(Ppm{count}).empty());
  }
  EXPECT_FALSE(text(Micros{kMin}).empty());
  EXPECT_EQ(text(Micros{kMax}), "106751991 d 4 h");
}

TEST(UnitsText, ClockLinesUp) {
  EXPECT_EQ(clock_text(Micros{0}), "   0.0 s");
  EXPECT_EQ(clock_text(Micros{12'340'000}), "  12.3 s");
  EXPECT_EQ(clock_text(core::seconds(3600)), "3600.0 s");
}

}  // namespace
}  // namespace wanwise::cli
