// How far links of a law are from a recording: figure by figure, beside what links of the same
// length scatter by chance, and the two distributions of the rate. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/traces/statistics.hpp"
#include "sim/world/air/generate.hpp"
#include "sim/world/air/trace_file.hpp"

namespace wanwise::sim {

enum class Verdict {
  agrees,  ///< the recording lies among nine tenths of the generated links, or within a tenth
  near,    ///< within a quarter (for shares and correlations: 0.1)
  off,
};
[[nodiscard]] const char* name_of(Verdict verdict);

struct FigureFit {
  std::string name;
  std::string unit;
  double recorded = 0;
  double generated = 0;                  ///< mean of the generated links
  double low = 0, high = 0;              ///< 5th and 95th percentile of them
  std::optional<double> relative_error;  ///< nothing where the recorded one is 0
  Verdict verdict = Verdict::off;
};

struct DirectionFit {
  std::string name;
  std::vector<FigureFit> figures;
  double recorded_size = 0;  ///< independent seconds the recording is worth
  double generated_size = 0;
  std::optional<KolmogorovSmirnov> ks;
};

struct Goodness {
  std::size_t links = 0;  ///< generated, of seeds the fit has not seen
  double link_seconds = 0;
  std::vector<DirectionFit> rates;
  std::vector<FigureFit> radio;
};

struct GoodnessOptions {
  std::size_t links = 20;
  std::uint64_t first_seed = 1001;
  core::Micros longest = core::seconds(1800);  ///< of one link; longer recordings are as good
};

[[nodiscard]] Goodness goodness_of(const TraceFile& recording, const LinkLaw& law,
                                   const GoodnessOptions& options = {});

}  // namespace wanwise::sim
