// A single server with preemptive-resume priorities, for the closed form's sake: neither a router's
// port nor an accelerator interrupts what it has begun, so the world has no such station. It uses
// the world's event queue and streams only.
#pragma once

#include <cstdint>
#include <vector>

namespace wanwise::acceptance {

/// Mean sojourn of each class in ms; mean service 1 ms, `parts` of the load by class, highest
/// first.
[[nodiscard]] std::vector<double> preemptive_resume(double rho, const std::vector<double>& parts,
                                                    bool exponential_sizes,
                                                    std::uint64_t customers);

}  // namespace wanwise::acceptance
