#include "adapters/jetson/dcgm.hpp"

#include <string_view>

namespace wanwise::jetson {
namespace {

constexpr double kMebi = 1'048'576;
constexpr double kMostReasons = 0xffff;  ///< NVML has nine bits so far
constexpr double kMostMegahertz = 100'000;
constexpr std::int64_t kSoftwareHeat = 0x20;
constexpr std::int64_t kHardwareReasons = 0x08 | 0x40 | 0x80;
constexpr core::Ppm kHardwareSlowdown{2'000'000};

}  // namespace

NodeReading read_dcgm(const std::vector<Series>& page) {
  NodeReading reading;
  std::optional<double> clock;
  std::optional<double> full_clock;
  for (const Series& series : page) {
    const std::string_view name = series.name;
    std::optional<std::int64_t> value;
    if (name == "DCGM_FI_DEV_GPU_UTIL") {
      value = scaled(series.value, 0, 100, 1e4);
      if (value) keep_largest(reading.load, core::Ppm{*value});
    } else if (name == "DCGM_FI_DEV_GPU_TEMP") {
      value = scaled(series.value, kColdest, kHottest, 1);
      if (value) keep_largest(reading.temperature_c, static_cast<std::int32_t>(*value));
    } else if (name == "DCGM_FI_DEV_FB_FREE") {
      value = scaled(series.value, 0, kMostMemory / kMebi, kMebi);
      if (value) keep_smallest(reading.memory_free, core::Bytes{*value});
    } else if (name == "DCGM_FI_DEV_CLOCKS_EVENT_REASONS" ||
               name == "DCGM_FI_DEV_CLOCK_THROTTLE_REASONS") {
      value = scaled(series.value, 0, kMostReasons, 1);
      if (value) {
        const bool by_hardware = (*value & kHardwareReasons) != 0;
        keep_largest(reading.throttled, by_hardware || (*value & kSoftwareHeat) != 0);
        if (by_hardware) reading.least_slowdown = kHardwareSlowdown;
      }
    } else if (name == "DCGM_FI_DEV_SM_CLOCK" || name == "DCGM_FI_DEV_MAX_SM_CLOCK") {
      value = scaled(series.value, 0, kMostMegahertz, 1);
      if (value && name == "DCGM_FI_DEV_SM_CLOCK") keep_smallest(clock, series.value);
      if (value && name == "DCGM_FI_DEV_MAX_SM_CLOCK") keep_largest(full_clock, series.value);
    } else {
      continue;
    }
    if (!value) reading.not_understood.add(series);
  }
  reading.clock_ratio = clock_ratio(clock, full_clock);
  return reading;
}

}  // namespace wanwise::jetson
