// A node in the names of NVIDIA's DCGM exporter, which are DCGM's field identifiers. Pure; any
// thread. Source: NVIDIA/dcgm-exporter etc/default-counters.csv and dcgm_fields.h.
//
// | name | unit | becomes |
// |---|---|---|
// | DCGM_FI_DEV_GPU_UTIL | % | load |
// | DCGM_FI_DEV_GPU_TEMP | °C | temperature |
// | DCGM_FI_DEV_FB_FREE | MiB | free memory |
// | DCGM_FI_DEV_CLOCKS_EVENT_REASONS, before DCGM 3.3 _CLOCK_THROTTLE_REASONS | bits | throttled |
// | DCGM_FI_DEV_SM_CLOCK, DCGM_FI_DEV_MAX_SM_CLOCK | MHz | clock ratio |
//
// The reasons and the largest clock are not among the exporter's default counters. Throttled is by
// hardware slowdown (0x08), software heat (0x20), hardware heat (0x40) or power brake (0x80); the
// hardware's reasons mean "a factor of 2 or more" (dcgm_structs.h). The power cap (0x04) is not
// heat but the board's setting, so it counts as none. A field without a value comes as
// 9223372036854775794 or near it (DCGM_INT64_BLANK): out of range.
#pragma once

#include <vector>

#include "adapters/jetson/reading.hpp"

namespace wanwise::jetson {

[[nodiscard]] NodeReading read_dcgm(const std::vector<Series>& page);

}  // namespace wanwise::jetson
