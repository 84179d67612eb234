// A predicted latency taken apart: what of it is spent where. Pure; any thread.
#pragma once

#include "engine/core/decide/latency/queue_view.hpp"
#include "engine/core/latency_parts.hpp"

namespace wanwise::core {

/// Parts of what combine() says of the same arguments; `service` is the mean inference that is in
/// the demand's base. What is fixed is told as it is; the rest goes to the waits in proportion to
/// what each adds to the sum at the quantile, so the parts add up to the latency whatever rule
/// combine() adds waits by.
[[nodiscard]] LatencyParts split_up(const Demand& demand, Micros service, const Tail& tail,
                                    const Queue& station, const UplinkView* up, const Queue* down,
                                    Bps downlink);

}  // namespace wanwise::core
