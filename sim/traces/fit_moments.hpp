// The parts of a fit that are moments of the recording itself. Internal to sim/traces; pure.
#pragma once

#include "sim/traces/fit.hpp"

namespace wanwise::sim {

/// Pauses of at least half a second: failures below two seconds, holes above. Handovers are too
/// short to be told from the spacing of packets; their length stays the start law's.
void fit_pauses(const TraceFile& recording, LinkFit& fit);
/// How often the cell changes, and the access most readings have.
void fit_handovers(const TraceFile& recording, LinkFit& fit);
/// Which share of the slow part both directions have in common.
void fit_shared(const TraceFile& recording, LinkFit& fit);
/// False when there is no radio value.
bool fit_radio(const TraceFile& recording, LinkFit& fit);

/// Exponent of a Pareto law between two ends, by maximum likelihood; nothing for fewer than three
/// lengths.
[[nodiscard]] std::optional<double> pareto_exponent(const std::vector<double>& lengths,
                                                    double shortest, double longest);

}  // namespace wanwise::sim
