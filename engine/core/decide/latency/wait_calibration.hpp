// How long requests really wait at an edge node, of what the prediction for Poisson arrivals says.
// Cameras send at a steady pace and wait less, motion and bursts wait more, and no policy document
// knows which. Learnt from the mean latencies of what runs there; one for each node, one owner.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/core/decide/situation.hpp"
#include "engine/core/event.hpp"

namespace wanwise::core {

class WaitCalibration {
 public:
  /// The mean wait that is predicted, uncalibrated, for what runs there from now on; absent:
  /// overloaded, nothing to learn.
  void expect(Instant now, std::optional<double> wait_us);
  /// `completed` requests that waited so long on average, in a window that began at `since`.
  void observe(Instant since, double wait_us, std::int64_t completed);

  /// Waits, of those predicted: rounded up, coarse and sticky; kWhole until enough was seen.
  [[nodiscard]] Ppm factor() const { return m_factor; }

 private:
  void conclude();

  double m_expected = 0;
  std::optional<Instant> m_since;  ///< what began before then tells of another load
  double m_wait_sum = 0;
  std::int64_t m_completed = 0;
  std::optional<double> m_ratio;  ///< exponentially weighted
  Ppm m_factor = kWhole;
};

/// The calibrations of a site's nodes: what is expected comes from a decision's situation, what is
/// seen from the workloads' samples.
class WaitLearner {
 public:
  explicit WaitLearner(const Model& model);

  /// Puts what is known into the situation, before it is decided.
  void apply(Situation& situation) const;
  /// What runs now, as the situation has it, is what the next samples tell of.
  void expect(const Situation& situation, Instant now);
  /// True when a factor changed: the decision may come out differently.
  bool learn(const WorkloadSample& sample, const Situation& situation);

 private:
  const Model& m_model;
  std::vector<WaitCalibration> m_nodes;
};

}  // namespace wanwise::core
