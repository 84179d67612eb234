// A Jetson board in the names of the exporters that people run on it. There is no official one;
// all of them wrap NVIDIA's `tegrastats` or rbonghi/jetson_stats ("jtop"), so the values mean the
// same under different names. Pure; any thread.
//
// | what | names | exporter |
// |---|---|---|
// | load | jetson_gpu_usage_percent | jtop and tegrastats exporters, commonly |
// | | jetson_usage_gpu{gpu="val"|"load"}, percent | svcavallar/jetson-stats-grafana-dashboard |
// | | tegrastats_gr3d_freq_percent: GR3D_FREQ's first number, a load | GDWR/jetson_exporter |
// | | gpu_average_load1s, 0 to 1 | waggle-sensor/jetson-exporter |
// | heat | jetson_temperature_celsius{zone|sensor}, jetson_temperatures{temperature|sensor|device}
// | | | temperature_C{statistic} | laminair/jetson_stats_node_exporter | | |
// tegrastats_ZONE_temp_celsius | GDWR | | free RAM | jetson_memory_ram_bytes{type="total"|"used"} |
// svcavallar, later | | | ram_kB{statistic="total"|"used"}, KiB of /proc/meminfo | laminair | | |
// jetson_gpu_memory_free_bytes | jtop exporters | | | jetson_ram_used_mb, jetson_ram_total_mb;
// tegrastats_ram_usage_megabytes, _max_: MiB | | power mode | jetson_nvpmodel_info{mode|profile},
// NVIDIA's name as `nvpmodel -q` prints it | | GPU clock |
// jetson_gpu_frequency_hz{type="current"|"max"} | svcavallar, later | | |
// gpu_utilization_percentage_Hz{nvidia_gpu="freq"|"max_freq"}: clocks, in spite of the name |
//
// Of the thermal zones the GPU's counts ("GPU-therm", "gpu"), else the hottest, but never the
// PMIC's, whose driver says 100 °C all the time, nor one that is off (-256, or 0 where an exporter
// fills gaps). None of these exporters says whether the clocks are lowered: the site's
// `throttles-at` and the clock do.
#pragma once

#include <vector>

#include "adapters/jetson/reading.hpp"

namespace wanwise::jetson {

[[nodiscard]] NodeReading read_tegrastats(const std::vector<Series>& page);

}  // namespace wanwise::jetson
