// Pages as exporters serve them, cut down to what is read and some of what is not. Written after
// their sources and documentation, with made-up figures: none was recorded on a device.
#pragma once

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "adapters/jetson/exposition.hpp"

namespace wanwise::jetson::pages {

inline std::vector<Series> parsed(std::string_view page) {
  auto series = parse_exposition(page);
  if (series) return std::move(*series);
  ADD_FAILURE() << series.error().message;
  return {};
}

/// A jtop exporter with the names of svcavallar/jetson-stats-grafana-dashboard, on a TX2.
inline constexpr std::string_view kJtop = R"(# HELP jetson_uptime_seconds System uptime in seconds
# TYPE jetson_uptime_seconds gauge
jetson_uptime_seconds 86412.37
# HELP jetson_nvpmodel_info Current NV power model
# TYPE jetson_nvpmodel_info gauge
jetson_nvpmodel_info{mode="MAXP_CORE_ARM"} 1.0
# HELP jetson_gpu_usage_percent GPU usage percentage
# TYPE jetson_gpu_usage_percent gauge
jetson_gpu_usage_percent{gpu="gpu"} 87.4
# TYPE jetson_gpu_frequency_hz gauge
jetson_gpu_frequency_hz{gpu="gpu",type="current"} 828750.0
jetson_gpu_frequency_hz{gpu="gpu",type="min"} 114750.0
jetson_gpu_frequency_hz{gpu="gpu",type="max"} 1122000.0
# TYPE jetson_memory_ram_bytes gauge
jetson_memory_ram_bytes{type="total"} 8.235577344e+09
jetson_memory_ram_bytes{type="used"} 3.235577344e+09
jetson_memory_ram_bytes{type="free"} 1.0e+09
# HELP jetson_temperature_celsius Temperature in Celsius
# TYPE jetson_temperature_celsius gauge
jetson_temperature_celsius{sensor="BCPU"} 71.5
jetson_temperature_celsius{sensor="GPU"} 68.4
jetson_temperature_celsius{sensor="PMIC"} 100.0
jetson_temperature_celsius{sensor="Tboard"} 55.0
jetson_temperature_celsius{sensor="iwlwifi"} -256.0
)";

/// laminair/jetson_stats_node_exporter.
inline constexpr std::string_view kLaminair = R"(# TYPE gpu_utilization_percentage_Hz gauge
gpu_utilization_percentage_Hz{nvidia_gpu="freq",statistic="gpu"} 114750.0
gpu_utilization_percentage_Hz{nvidia_gpu="min_freq",statistic="gpu"} 114750.0
gpu_utilization_percentage_Hz{nvidia_gpu="max_freq",statistic="gpu"} 1300500.0
# TYPE ram_kB gauge
ram_kB{statistic="total"} 8042556.0
ram_kB{statistic="used"} 3042556.0
ram_kB{statistic="buffers"} 90000.0
# TYPE temperature_C gauge
temperature_C{machine_part="",statistic="bcpu",system_critical=""} 41.0
temperature_C{machine_part="",statistic="mcpu",system_critical=""} 43.6
temperature_C{machine_part="",statistic="pmic",system_critical=""} 100.0
)";

/// GDWR/jetson_exporter, which reads tegrastats.
inline constexpr std::string_view kTegrastats = R"(# TYPE tegrastats_gr3d_freq_percent gauge
tegrastats_gr3d_freq_percent 99
tegrastats_ram_usage_megabytes 1800
tegrastats_ram_max_megabytes 7761
tegrastats_cpu_temp_celsius 48.5
tegrastats_gpu_temp_celsius 51
tegrastats_cv1_temp_celsius 0
)";

/// NVIDIA/dcgm-exporter on a node with two GPUs, the second of them hot.
inline constexpr std::string_view kDcgm =
    R"(# HELP DCGM_FI_DEV_SM_CLOCK SM clock frequency (in MHz).
# TYPE DCGM_FI_DEV_SM_CLOCK gauge
DCGM_FI_DEV_SM_CLOCK{gpu="0",UUID="GPU-604ac76c",device="nvidia0",modelName="Tesla T4"} 1590
DCGM_FI_DEV_SM_CLOCK{gpu="1",UUID="GPU-9f0be2aa",device="nvidia1",modelName="Tesla T4"} 1060
DCGM_FI_DEV_MAX_SM_CLOCK{gpu="0",UUID="GPU-604ac76c",device="nvidia0",modelName="Tesla T4"} 1590
DCGM_FI_DEV_MAX_SM_CLOCK{gpu="1",UUID="GPU-9f0be2aa",device="nvidia1",modelName="Tesla T4"} 1590
# TYPE DCGM_FI_DEV_MEMORY_TEMP gauge
DCGM_FI_DEV_MEMORY_TEMP{gpu="0",UUID="GPU-604ac76c",device="nvidia0"} 9223372036854775794
# TYPE DCGM_FI_DEV_GPU_TEMP gauge
DCGM_FI_DEV_GPU_TEMP{gpu="0",UUID="GPU-604ac76c",device="nvidia0",modelName="Tesla T4"} 54
DCGM_FI_DEV_GPU_TEMP{gpu="1",UUID="GPU-9f0be2aa",device="nvidia1",modelName="Tesla T4"} 86
# TYPE DCGM_FI_DEV_GPU_UTIL gauge
DCGM_FI_DEV_GPU_UTIL{gpu="0",UUID="GPU-604ac76c",device="nvidia0",modelName="Tesla T4"} 12
DCGM_FI_DEV_GPU_UTIL{gpu="1",UUID="GPU-9f0be2aa",device="nvidia1",modelName="Tesla T4"} 97
# TYPE DCGM_FI_DEV_FB_FREE gauge
DCGM_FI_DEV_FB_FREE{gpu="0",UUID="GPU-604ac76c",device="nvidia0",modelName="Tesla T4"} 14900
DCGM_FI_DEV_FB_FREE{gpu="1",UUID="GPU-9f0be2aa",device="nvidia1",modelName="Tesla T4"} 2048
# TYPE DCGM_FI_DEV_CLOCK_THROTTLE_REASONS gauge
DCGM_FI_DEV_CLOCK_THROTTLE_REASONS{gpu="0",UUID="GPU-604ac76c",device="nvidia0"} 1
DCGM_FI_DEV_CLOCK_THROTTLE_REASONS{gpu="1",UUID="GPU-9f0be2aa",device="nvidia1"} 32
)";

/// Triton with summaries on: two versions of one model, and a model without requests.
inline constexpr std::string_view kTriton =
    R"(# HELP nv_inference_request_success Number of successful inference requests, all batch sizes
# TYPE nv_inference_request_success counter
nv_inference_request_success{model="resnet50",version="1"} 1000
nv_inference_request_success{model="resnet50",version="2"} 200
nv_inference_request_success{model="voice",version="1"} 0
# TYPE nv_inference_request_failure counter
nv_inference_request_failure{model="resnet50",reason="REJECTED",version="1"} 3
nv_inference_request_failure{model="resnet50",reason="CANCELED",version="1"} 1
nv_inference_request_failure{model="resnet50",reason="OTHER",version="2"} 0
# TYPE nv_inference_count counter
nv_inference_count{model="resnet50",version="1"} 4000
# TYPE nv_inference_request_duration_us counter
nv_inference_request_duration_us{model="resnet50",version="1"} 20000000
nv_inference_request_duration_us{model="resnet50",version="2"} 3000000
# TYPE nv_inference_queue_duration_us counter
nv_inference_queue_duration_us{model="resnet50",version="1"} 4000000
# TYPE nv_inference_pending_request_count gauge
nv_inference_pending_request_count{model="resnet50",version="1"} 2
nv_inference_pending_request_count{model="resnet50",version="2"} 0
# TYPE nv_inference_request_summary_us summary
nv_inference_request_summary_us_count{model="resnet50",version="1"} 1000
nv_inference_request_summary_us_sum{model="resnet50",version="1"} 20000000
nv_inference_request_summary_us{model="resnet50",version="1",quantile="0.5"} 16000
nv_inference_request_summary_us{model="resnet50",version="1",quantile="0.9"} 40000
nv_inference_request_summary_us{model="resnet50",version="1",quantile="0.99"} 90000
nv_inference_request_summary_us{model="resnet50",version="2",quantile="0.99"} 60000
nv_inference_request_summary_us{model="voice",version="1",quantile="0.99"} Nan
# TYPE nv_gpu_utilization gauge
nv_gpu_utilization{gpu_uuid="GPU-604ac76c"} 0.625
nv_gpu_memory_total_bytes{gpu_uuid="GPU-604ac76c"} 15843721216.000000
nv_gpu_memory_used_bytes{gpu_uuid="GPU-604ac76c"} 5843721216.000000
)";

}  // namespace wanwise::jetson::pages
