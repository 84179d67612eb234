#include "adapters/jetson/tegrastats.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace wanwise::jetson {
namespace {

constexpr double kKibi = 1'024;
constexpr double kMebi = 1'048'576;
/// What exporters and drivers say of a sensor that is off.
constexpr double kSensorOff = -256;

/// The label's value under the first of the names that the series has; empty: under none.
std::string_view label_of(const Series& series, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (const std::string* value = series.label(name)) return *value;
  }
  return {};
}

bool begins_with_ignoring_case(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() &&
         std::equal(lower.begin(), lower.end(), text.begin(), [](char a, char b) {
           return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
         });
}

class Reader {
 public:
  void take(const Series& series) {
    if (!take_load(series) && !take_heat(series) && !take_memory(series) && !take_clock(series))
      take_power_mode(series);
  }

  NodeReading finish() {
    m_reading.temperature_c = m_gpu_heat ? m_gpu_heat : m_heat;
    m_reading.clock_ratio = clock_ratio(m_clock, m_full_clock);
    if (m_total && m_used && *m_used <= *m_total) {
      m_reading.memory_free = core::Bytes{*m_total - *m_used};
    }
    return std::move(m_reading);
  }

 private:
  bool take_load(const Series& series) {
    double whole = 100;
    if (series.name == "jetson_usage_gpu") {
      const std::string_view what = label_of(series, {"gpu"});
      if (what != "val" && what != "load") return true;  // clocks, in units that differ
    } else if (series.name == "gpu_average_load1s") {
      whole = 1;
    } else if (series.name != "jetson_gpu_usage_percent" &&
               series.name != "tegrastats_gr3d_freq_percent") {
      return false;
    }
    if (const auto load = scaled(series.value, 0, whole, 1e6 / whole)) {
      keep_largest(m_reading.load, core::Ppm{*load});
    } else {
      m_reading.not_understood.add(series);
    }
    return true;
  }

  bool take_heat(const Series& series) {
    constexpr std::string_view kPrefix = "tegrastats_";
    constexpr std::string_view kSuffix = "_temp_celsius";
    std::string_view zone;
    const std::string_view name = series.name;
    if (name == "jetson_temperature_celsius" || name == "jetson_temperatures" ||
        name == "temperature_C") {
      zone = label_of(series, {"zone", "sensor", "temperature", "device", "statistic"});
    } else if (name.size() > kPrefix.size() + kSuffix.size() && name.starts_with(kPrefix) &&
               name.ends_with(kSuffix)) {
      zone = name.substr(kPrefix.size(), name.size() - kPrefix.size() - kSuffix.size());
    } else {
      return false;
    }
    if (begins_with_ignoring_case(zone, "pmic")) return true;
    if (series.value == kSensorOff || series.value == 0) return true;
    const auto degrees = scaled(series.value, kColdest, kHottest, 1);
    if (!degrees) {
      m_reading.not_understood.add(series);
      return true;
    }
    const auto heat = static_cast<std::int32_t>(*degrees);
    keep_largest(begins_with_ignoring_case(zone, "gpu") ? m_gpu_heat : m_heat, heat);
    return true;
  }

  bool take_memory(const Series& series) {
    const std::string_view name = series.name;
    if (name == "jetson_gpu_memory_free_bytes") {
      std::optional<std::int64_t> free;
      keep_memory(series, free, 1);
      if (free) m_reading.memory_free = core::Bytes{*free};
      return true;
    }
    if (name == "jetson_memory_ram_bytes") return take_ram(series, label_of(series, {"type"}), 1);
    if (name == "ram_kB") return take_ram(series, label_of(series, {"statistic"}), kKibi);
    if (name == "jetson_ram_total_mb" || name == "tegrastats_ram_max_megabytes")
      return take_ram(series, "total", kMebi);
    if (name == "jetson_ram_used_mb" || name == "tegrastats_ram_usage_megabytes")
      return take_ram(series, "used", kMebi);
    return false;
  }

  bool take_ram(const Series& series, std::string_view what, double unit) {
    if (what == "total") keep_memory(series, m_total, unit);
    if (what == "used") keep_memory(series, m_used, unit);
    return true;
  }

  void keep_memory(const Series& series, std::optional<std::int64_t>& kept, double unit) {
    const auto bytes = scaled(series.value, 0, kMostMemory / unit, unit);
    if (bytes) {
      kept = bytes;
    } else {
      m_reading.not_understood.add(series);
    }
  }

  bool take_clock(const Series& series) {
    std::string_view what;
    if (series.name == "jetson_gpu_frequency_hz") {
      what = label_of(series, {"type"});
    } else if (series.name == "gpu_utilization_percentage_Hz") {
      what = label_of(series, {"nvidia_gpu"});
    } else {
      return false;
    }
    if (!(series.value >= 0)) {
      m_reading.not_understood.add(series);
    } else if (what == "current" || what == "freq") {
      keep_smallest(m_clock, series.value);
    } else if (what == "max" || what == "max_freq") {
      keep_largest(m_full_clock, series.value);
    }
    return true;
  }

  /// An info metric: the series of what is true now has the value 1.
  void take_power_mode(const Series& series) {
    if (series.name != "jetson_nvpmodel_info" || series.value == 0) return;
    const std::string_view mode = label_of(series, {"mode", "profile"});
    if (mode.empty() || series.value != 1) {
      m_reading.not_understood.add(series);
    } else {
      m_reading.power_mode = std::string{mode};
    }
  }

  NodeReading m_reading;
  std::optional<std::int32_t> m_gpu_heat;
  std::optional<std::int32_t> m_heat;
  std::optional<std::int64_t> m_total;
  std::optional<std::int64_t> m_used;
  std::optional<double> m_clock;
  std::optional<double> m_full_clock;
};

}  // namespace

NodeReading read_tegrastats(const std::vector<Series>& page) {
  Reader reader;
  for (const Series& series : page) reader.take(series);
  return reader.finish();
}

}  // namespace wanwise::jetson
