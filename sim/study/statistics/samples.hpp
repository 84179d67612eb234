// The runs of a study, arranged and checked: every metric's value of every run, of the whole and of
// each class and workload, and what must hold before two policies may be compared. Refers to the
// study and the records, which must outlive it. Immutable; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/expected.hpp"
#include "sim/study/statistics/metrics.hpp"
#include "sim/study/study.hpp"

namespace wanwise::sim {

/// The whole, a class or a workload.
struct PartName {
  Part part = Part::run;
  std::string name;
  bool operator==(const PartName&) const = default;
};

/// What was looked at in all runs.
struct RunChecks {
  std::size_t expected = 0, present = 0;   ///< runs
  std::size_t same_arrivals = 0;           ///< cells and seeds with two policies or more, all equal
  std::vector<std::string> not_conserved;  ///< "cell / policy / seed"
  core::Ppm worst_little;
  core::Micros warm_up;   ///< the shortest used: horizon less what was measured
  core::Micros mser5;     ///< the longest truncation proposed
  std::string mser5_run;  ///< by which
};

class Samples {
 public:
  /// Fails on runs that are not of the study, runs given twice, no run at all, an unknown baseline,
  /// and on arrivals that differ between the policies of a cell and seed: such runs are different
  /// experiments, and no difference of theirs means anything.
  static core::Expected<Samples> arrange(const Study& study, const std::vector<RunRecord>& runs);

  [[nodiscard]] const Study& study() const { return *m_study; }
  [[nodiscard]] const std::vector<Cell>& cells() const { return m_cells; }
  [[nodiscard]] std::size_t baseline() const { return m_baseline; }
  /// [0] is the whole; then classes in the study's order, then workloads.
  [[nodiscard]] const std::vector<PartName>& parts() const { return m_parts; }
  [[nodiscard]] const RunChecks& checks() const { return m_checks; }

  /// Null where it was not run.
  [[nodiscard]] const RunRecord* run(std::size_t cell, std::size_t policy, std::size_t seed) const;
  [[nodiscard]] std::optional<double> value(std::size_t cell, std::size_t policy, std::size_t seed,
                                            std::size_t part, std::size_t metric) const;
  /// One a seed, in the study's order.
  [[nodiscard]] std::vector<std::optional<double>> values(std::size_t cell, std::size_t policy,
                                                          std::size_t part,
                                                          std::size_t metric) const;
  [[nodiscard]] std::optional<std::size_t> find_part(Part part, const std::string& name) const;

 private:
  explicit Samples(const Study& study);
  [[nodiscard]] std::size_t slot(std::size_t cell, std::size_t policy, std::size_t seed) const;
  core::Expected<void> place(const RunRecord& run);
  core::Expected<void> check_arrivals();
  void check_runs();
  void name_parts();
  void compute(std::size_t cell, std::size_t policy, std::size_t seed);

  const Study* m_study;
  std::vector<Cell> m_cells;
  std::size_t m_baseline = 0;
  std::vector<PartName> m_parts;
  std::vector<const RunRecord*> m_runs;         ///< by slot
  std::vector<std::optional<double>> m_values;  ///< by slot, part, metric
  RunChecks m_checks;
};

/// "uplink 10 Mb/s, load high"; a study without factors: "the one cell".
[[nodiscard]] std::string cell_name(const Study& study, const Cell& cell);

}  // namespace wanwise::sim
