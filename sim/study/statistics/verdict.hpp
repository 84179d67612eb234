// Claims against evidence. A claim speaks of all cells it names and all policies it names, so it is
// supported only if every comparison holds; that needs no correction (an intersection-union test:
// Berger, Technometrics 24 (1982)). It is refuted if one comparison contradicts it, and there every
// further comparison is a further chance to err: contradictions are Holm-corrected within the
// claim. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/expected.hpp"
#include "sim/study/statistics/samples.hpp"
#include "sim/study/statistics/stats.hpp"

namespace wanwise::sim {

enum class Verdict : std::uint8_t { supported, refuted, inconclusive };
[[nodiscard]] const char* to_text(Verdict verdict);

struct Comparison {
  std::size_t cell = 0;
  std::size_t against = 0;  ///< position in policies
  Paired difference;        ///< of the claim's policy less the other
  double p = 1;             ///< two-sided, of the difference being exactly the claim's margin
  double p_holm = 1;        ///< the same, corrected for the claim's comparisons
  /// supported: the interval is where the claim wants it. refuted: it is wholly on the other side,
  /// and still after the correction.
  Verdict verdict = Verdict::inconclusive;
};

struct Evidence {
  std::size_t claim = 0;  ///< position in claims
  std::size_t metric = 0;
  Verdict verdict = Verdict::inconclusive;
  std::vector<Comparison> comparisons;
  std::optional<std::size_t> worst;  ///< the comparison nearest to, or farthest into, contradiction
  std::size_t holding = 0, contradicting = 0;
  bool indicative = false;  ///< too few seeds for the metric
  std::string words;        ///< one or two plain sentences
};

/// Fails on a claim that names a metric, policy, factor, level, class or workload that is not
/// there.
[[nodiscard]] core::Expected<std::vector<Evidence>> weigh_claims(const Samples& samples);

}  // namespace wanwise::sim
