#include "sim/study/statistics/samples.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/core/check.hpp"

namespace wanwise::sim {
namespace {

std::string run_name(const Study& study, const std::vector<Cell>& cells, const RunRecord& run) {
  return fmt::format("{} / {} / seed {}", cell_name(study, cells[run.cell]),
                     study.policies[run.policy].name, run.seed);
}

std::optional<double> metric_value(const Metric& metric, const PartName& part, const Measured& of,
                                   const TrialResult& run, const RunRecord* baseline) {
  if (part.part != Part::run && metric.whole_run_only) return std::nullopt;
  if (metric.of != nullptr) return metric.of(of);
  if (baseline == nullptr) return std::nullopt;
  return metric.against(run, baseline->result);
}

}  // namespace

std::string cell_name(const Study& study, const Cell& cell) {
  if (study.factors.empty()) return "the one cell";
  std::string out;
  for (std::size_t f = 0; f < study.factors.size(); ++f) {
    const Factor& factor = study.factors[f];
    out += (f == 0 ? "" : ", ") + factor.name + " " + factor.levels[cell.levels[f]].name;
  }
  return out;
}

Samples::Samples(const Study& study)
    : m_study(&study),
      m_cells(study.cells()),
      m_runs(m_cells.size() * study.policies.size() * study.seeds.size()) {
  m_checks.expected = m_runs.size();
}

std::size_t Samples::slot(std::size_t cell, std::size_t policy, std::size_t seed) const {
  return (cell * m_study->policies.size() + policy) * m_study->seeds.size() + seed;
}

core::Expected<Samples> Samples::arrange(const Study& study, const std::vector<RunRecord>& runs) {
  Samples out{study};
  const auto baseline =
      std::find_if(study.policies.begin(), study.policies.end(),
                   [&](const PolicySpec& policy) { return policy.name == study.baseline; });
  if (baseline == study.policies.end()) {
    return core::fail("unknown-baseline", "no policy named \"" + study.baseline + "\"");
  }
  out.m_baseline = static_cast<std::size_t>(baseline - study.policies.begin());
  if (runs.empty()) return core::fail("no-runs", "there is no run to report");
  for (const RunRecord& run : runs) {
    if (auto placed = out.place(run); !placed) return core::Unexpected{placed.error()};
  }
  if (auto same = out.check_arrivals(); !same) return core::Unexpected{same.error()};
  out.check_runs();
  out.name_parts();
  out.m_values.resize(out.m_runs.size() * out.m_parts.size() * metrics().size());
  for (std::size_t cell = 0; cell < out.m_cells.size(); ++cell)
    for (std::size_t policy = 0; policy < study.policies.size(); ++policy)
      for (std::size_t seed = 0; seed < study.seeds.size(); ++seed) out.compute(cell, policy, seed);
  return out;
}

core::Expected<void> Samples::place(const RunRecord& run) {
  const auto seed = std::find(m_study->seeds.begin(), m_study->seeds.end(), run.seed);
  if (run.cell >= m_cells.size() || run.policy >= m_study->policies.size() ||
      seed == m_study->seeds.end()) {
    return core::fail("foreign-run", fmt::format("cell {}, policy {}, seed {} is not of the study",
                                                 run.cell, run.policy, run.seed));
  }
  const auto position = static_cast<std::size_t>(seed - m_study->seeds.begin());
  const RunRecord*& at = m_runs[slot(run.cell, run.policy, position)];
  if (at != nullptr) {
    return core::fail("run-twice", run_name(*m_study, m_cells, run) + " is given twice");
  }
  at = &run;
  ++m_checks.present;
  return {};
}

core::Expected<void> Samples::check_arrivals() {
  for (std::size_t cell = 0; cell < m_cells.size(); ++cell) {
    for (std::size_t seed = 0; seed < m_study->seeds.size(); ++seed) {
      const RunRecord* first = nullptr;
      std::size_t compared = 0;
      for (std::size_t policy = 0; policy < m_study->policies.size(); ++policy) {
        const RunRecord* other = run(cell, policy, seed);
        if (other == nullptr) continue;
        if (first == nullptr) first = other;
        ++compared;
        if (other->result.arrival_hash == first->result.arrival_hash) continue;
        return core::fail(
            "different-arrivals",
            fmt::format("{}: arrivals are {:016x}, under {} they are {:016x}: the policies did not "
                        "meet the same requests, so they can not be compared",
                        run_name(*m_study, m_cells, *other), other->result.arrival_hash,
                        m_study->policies[first->policy].name, first->result.arrival_hash));
      }
      if (compared > 1) ++m_checks.same_arrivals;
    }
  }
  return {};
}

void Samples::check_runs() {
  bool first = true;
  for (const RunRecord* run : m_runs) {
    if (run == nullptr) continue;
    const TrialResult& result = run->result;
    if (!result.conserved) m_checks.not_conserved.push_back(run_name(*m_study, m_cells, *run));
    m_checks.worst_little = std::max(m_checks.worst_little, result.little_error);
    const core::Micros warm_up = m_study->horizon - result.measured;
    m_checks.warm_up = first ? warm_up : std::min(m_checks.warm_up, warm_up);
    if (first || result.mser5 > m_checks.mser5) {
      m_checks.mser5 = result.mser5;
      m_checks.mser5_run = run_name(*m_study, m_cells, *run);
    }
    first = false;
  }
}

void Samples::name_parts() {
  m_parts.push_back({});
  std::vector<PartName> classes, workloads;
  const auto add = [](std::vector<PartName>& to, Part part, const std::string& name) {
    const PartName entry{part, name};
    if (std::find(to.begin(), to.end(), entry) == to.end()) to.push_back(entry);
  };
  for (const RunRecord* run : m_runs) {
    if (run == nullptr) continue;
    for (const WorkloadResult& workload : run->result.workloads) {
      add(classes, Part::service_class, workload.service_class.text);
      add(workloads, Part::workload, workload.workload.text);
    }
  }
  const auto& order = m_study->class_names;
  std::stable_sort(classes.begin(), classes.end(), [&](const PartName& a, const PartName& b) {
    return std::find(order.begin(), order.end(), a.name) <
           std::find(order.begin(), order.end(), b.name);
  });
  m_parts.insert(m_parts.end(), classes.begin(), classes.end());
  m_parts.insert(m_parts.end(), workloads.begin(), workloads.end());
}

void Samples::compute(std::size_t cell, std::size_t policy, std::size_t seed) {
  const RunRecord* of = run(cell, policy, seed);
  if (of == nullptr) return;
  const RunRecord* baseline = run(cell, m_baseline, seed);
  auto out = m_values.begin() + static_cast<std::ptrdiff_t>(slot(cell, policy, seed) *
                                                            m_parts.size() * metrics().size());
  for (const PartName& part : m_parts) {
    const Measured measured = part.part == Part::run ? measure(of->result)
                              : part.part == Part::service_class
                                  ? measure_class(of->result, core::ClassName{part.name})
                                  : measure_workload(of->result, core::WorkloadName{part.name});
    for (const Metric& metric : metrics()) {
      *out++ = metric_value(metric, part, measured, of->result, baseline);
    }
  }
}

const RunRecord* Samples::run(std::size_t cell, std::size_t policy, std::size_t seed) const {
  return m_runs[slot(cell, policy, seed)];
}

std::optional<double> Samples::value(std::size_t cell, std::size_t policy, std::size_t seed,
                                     std::size_t part, std::size_t metric) const {
  WANWISE_CHECK(part < m_parts.size() && metric < metrics().size());
  return m_values[(slot(cell, policy, seed) * m_parts.size() + part) * metrics().size() + metric];
}

std::vector<std::optional<double>> Samples::values(std::size_t cell, std::size_t policy,
                                                   std::size_t part, std::size_t metric) const {
  std::vector<std::optional<double>> out;
  for (std::size_t seed = 0; seed < m_study->seeds.size(); ++seed)
    out.push_back(value(cell, policy, seed, part, metric));
  return out;
}

std::optional<std::size_t> Samples::find_part(Part part, const std::string& name) const {
  const auto found = std::find(m_parts.begin(), m_parts.end(), PartName{part, name});
  if (found == m_parts.end()) return std::nullopt;
  return static_cast<std::size_t>(found - m_parts.begin());
}

}  // namespace wanwise::sim
