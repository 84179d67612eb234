// The generator's law fitted to a recording. Pauses, radio values and what both directions share
// are moments of the recording; the rate's spread, memory, cap and fades are found by a
// deterministic search for the generated link whose figures are nearest. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/expected.hpp"
#include "sim/traces/statistics.hpp"
#include "sim/world/air/generate.hpp"
#include "sim/world/air/trace_file.hpp"

namespace wanwise::sim {

/// Figures of whole seconds by which two links are compared.
struct RateFigures {
  double mean = 0;  ///< Mb/s
  double cv = 0;
  double p5 = 0, p50 = 0, p95 = 0;                              ///< of the mean
  double after_1 = 0, after_3 = 0, after_10 = 0, after_30 = 0;  ///< autocorrelation
  double dead = 0;  ///< share of seconds without delivery
};
/// Nothing below a minute of known seconds, or without any delivery.
[[nodiscard]] std::optional<RateFigures> figures_of(const Series& seconds);

struct FitOptions {
  std::size_t evaluations = 200;             ///< of the search
  core::Micros total = core::seconds(3600);  ///< of links that one evaluation generates
};

struct LinkFit {
  LinkLaw law;
  std::vector<std::string> taken;    ///< what the recording said
  std::vector<std::string> assumed;  ///< what stayed as the start law has it, and why
};

/// `start`: the law from which the search begins and which fills what the recording lacks.
/// Recordings whose rates are what was carried give their radio values only.
[[nodiscard]] core::Expected<LinkFit> fit_link(const TraceFile& recording, const LinkLaw& start,
                                               const FitOptions& options = {});

}  // namespace wanwise::sim
