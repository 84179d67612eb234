#include <gtest/gtest.h>

#include <string>

#include "adapters/jetson/dcgm.hpp"
#include "adapters/jetson/tegrastats.hpp"
#include "tests/unit/jetson/pages.hpp"

namespace wanwise::jetson {
namespace {

NodeReading tegrastats(std::string_view page) {
  return read_tegrastats(pages::parsed(page));
}
NodeReading dcgm(std::string_view page) {
  return read_dcgm(pages::parsed(page));
}

TEST(Tegrastats, AJtopExporter) {
  const NodeReading reading = tegrastats(pages::kJtop);
  EXPECT_EQ(reading.power_mode, "MAXP_CORE_ARM");
  EXPECT_EQ(reading.load, core::Ppm{874'000});
  EXPECT_EQ(reading.temperature_c, 68) << "the GPU's, neither the hotter CPU's nor the PMIC's";
  EXPECT_EQ(reading.memory_free, core::Bytes{5'000'000'000});
  EXPECT_EQ(reading.clock_ratio, core::Ppm{1'353'846});
  EXPECT_EQ(reading.throttled, std::nullopt);
  EXPECT_EQ(reading.not_understood.count, 0U);
}

TEST(Tegrastats, WithoutAGpuZoneTheHottestCounts) {
  const NodeReading reading = tegrastats(pages::kLaminair);
  EXPECT_EQ(reading.temperature_c, 44);
  EXPECT_EQ(reading.memory_free, core::Bytes{5'000'000 * 1'024LL});
  EXPECT_EQ(reading.clock_ratio, core::Ppm{11'333'333});
  EXPECT_EQ(reading.load, std::nullopt) << "its percentages are clocks";
  EXPECT_EQ(reading.power_mode, std::nullopt);
}

TEST(Tegrastats, AnExporterOfTegrastatsItself) {
  const NodeReading reading = tegrastats(pages::kTegrastats);
  EXPECT_EQ(reading.load, core::Ppm{990'000});
  EXPECT_EQ(reading.temperature_c, 51);
  EXPECT_EQ(reading.memory_free, core::Bytes{5'961 * 1'048'576LL});
}

TEST(Tegrastats, OtherNamesOfTheSame) {
  EXPECT_EQ(tegrastats("gpu_average_load1s 0.25\n").load, core::Ppm{250'000});
  EXPECT_EQ(tegrastats("jetson_usage_gpu{gpu=\"val\"} 40\n"
                       "jetson_usage_gpu{gpu=\"frq\"} 1300500\n")
                .load,
            core::Ppm{400'000});
  EXPECT_EQ(tegrastats("jetson_temperatures{temperature=\"GPU\"} 39.5\n").temperature_c, 40);
  EXPECT_EQ(tegrastats("jetson_gpu_memory_free_bytes 1e9\n").memory_free,
            core::Bytes{1'000'000'000});
  EXPECT_EQ(tegrastats("jetson_nvpmodel_info{profile=\"MAXN\"} 1\n").power_mode, "MAXN");
  EXPECT_EQ(tegrastats("jetson_ram_used_mb 1024\njetson_ram_total_mb 7852\n").memory_free,
            core::Bytes{6'828 * 1'048'576LL});
}

TEST(Tegrastats, AStaleModeOfAnInfoMetricIsNotTheMode) {
  EXPECT_EQ(tegrastats("jetson_nvpmodel_info{mode=\"MAXQ\"} 0\n"
                       "jetson_nvpmodel_info{mode=\"MAXN\"} 1\n")
                .power_mode,
            "MAXN");
}

TEST(Tegrastats, WhatIsOutOfRangeIsAbsentAndCounted) {
  const NodeReading reading = tegrastats(
      "jetson_gpu_usage_percent 101\n"
      "jetson_temperature_celsius{zone=\"GPU\"} 151\n"
      "jetson_gpu_memory_free_bytes -1\n"
      "jetson_gpu_frequency_hz{type=\"current\"} NaN\n"
      "jetson_nvpmodel_info 1\n");
  EXPECT_EQ(reading.load, std::nullopt);
  EXPECT_EQ(reading.temperature_c, std::nullopt);
  EXPECT_EQ(reading.memory_free, std::nullopt);
  EXPECT_EQ(reading.clock_ratio, std::nullopt);
  EXPECT_EQ(reading.power_mode, std::nullopt);
  EXPECT_EQ(reading.not_understood.count, 5U);
  EXPECT_EQ(reading.not_understood.first, "jetson_gpu_usage_percent");
}

TEST(Tegrastats, UsedAboveTotalIsNoMemory) {
  EXPECT_EQ(tegrastats("ram_kB{statistic=\"used\"} 2\nram_kB{statistic=\"total\"} 1\n").memory_free,
            std::nullopt);
}

TEST(Tegrastats, ANodeExporterAloneTellsNothing) {
  const NodeReading reading = tegrastats("node_cpu_seconds_total{cpu=\"0\",mode=\"idle\"} 12.5\n");
  EXPECT_EQ(reading.load, std::nullopt);
  EXPECT_EQ(reading.not_understood.count, 0U) << "other names are not ours to understand";
}

TEST(Dcgm, TheWorstOfSeveralGpus) {
  const NodeReading reading = dcgm(pages::kDcgm);
  EXPECT_EQ(reading.load, core::Ppm{970'000});
  EXPECT_EQ(reading.temperature_c, 86);
  EXPECT_EQ(reading.memory_free, core::Bytes{2'147'483'648});
  EXPECT_EQ(reading.throttled, true);
  EXPECT_EQ(reading.least_slowdown, std::nullopt) << "software heat has no known factor";
  EXPECT_EQ(reading.clock_ratio, core::Ppm{1'500'000});
  EXPECT_EQ(reading.not_understood.count, 0U);
}

TEST(Dcgm, ReasonsOfLowerClocks) {
  const auto reasons = [](int bits) {
    return dcgm("DCGM_FI_DEV_CLOCKS_EVENT_REASONS{gpu=\"0\"} " + std::to_string(bits));
  };
  for (const int harmless : {0x00, 0x01, 0x02, 0x04, 0x10, 0x100}) {
    EXPECT_EQ(reasons(harmless).throttled, false) << harmless;
  }
  EXPECT_EQ(reasons(0x20).throttled, true);
  EXPECT_EQ(reasons(0x20).least_slowdown, std::nullopt);
  for (const int hardware : {0x08, 0x40, 0x80, 0xff}) {
    EXPECT_EQ(reasons(hardware).throttled, true) << hardware;
    EXPECT_EQ(reasons(hardware).least_slowdown, core::Ppm{2'000'000}) << hardware;
  }
}

TEST(Dcgm, ABlankFieldIsAbsentAndCounted) {
  const NodeReading reading = dcgm(
      "DCGM_FI_DEV_GPU_TEMP 9223372036854775794\n"
      "DCGM_FI_DEV_FB_FREE 9223372036854775794\n"
      "DCGM_FI_DEV_GPU_UTIL 9223372036854775794\n"
      "DCGM_FI_DEV_SM_CLOCK 9223372036854775794\n"
      "DCGM_FI_DEV_CLOCK_THROTTLE_REASONS 9223372036854775794\n");
  EXPECT_EQ(reading.temperature_c, std::nullopt);
  EXPECT_EQ(reading.memory_free, std::nullopt);
  EXPECT_EQ(reading.load, std::nullopt);
  EXPECT_EQ(reading.throttled, std::nullopt);
  EXPECT_EQ(reading.not_understood.count, 5U);
}

}  // namespace
}  // namespace wanwise::jetson
