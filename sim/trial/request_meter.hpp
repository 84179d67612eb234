// What the requests of a run lived through, counted from the end of the warm-up on; and the whole
// run's mean latency in time, from which MSER-5 tells how long the warm-up should have been. One
// owner; not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/core/model.hpp"
#include "sim/trial/bad_spells.hpp"
#include "sim/trial/mser5.hpp"
#include "sim/trial/trial.hpp"
#include "sim/world/traffic/request_observer.hpp"

namespace wanwise::sim {

class RequestMeter final : public RequestObserver {
 public:
  RequestMeter(const core::Model& model, core::Micros warm_up);

  void on_end(const RequestEnd& request) override;

  struct Second {
    std::int64_t ended = 0, missed = 0;
    core::Micros worst;  ///< of the completed
  };
  /// What ended since the last call, all workloads together; to be called every second.
  Second take_second();

  /// By workload; `generated` and `open` are the caller's to fill in.
  [[nodiscard]] const std::vector<WorkloadResult>& results() const { return m_results; }
  /// Since the very beginning, by RequestFate.
  using Fates = std::array<std::int64_t, 3>;
  [[nodiscard]] const Fates& fates(std::size_t workload) const { return m_fates[workload]; }
  /// Time in the system of all ended requests together.
  [[nodiscard]] double sojourn_seconds() const { return m_sojourn; }
  [[nodiscard]] const Mser5& warm_up_check() const { return m_mser5; }
  [[nodiscard]] BadSpells& spells(std::size_t workload) { return m_spells[workload]; }

 private:
  [[nodiscard]] bool missed(const RequestEnd& request) const;
  void count(const RequestEnd& request, bool missed);

  const std::size_t m_nodes;
  const Nanos m_warm_up;
  std::vector<core::Micros> m_limits;  ///< objectives' latencies, by workload
  std::vector<WorkloadResult> m_results;
  std::vector<Fates> m_fates;
  std::vector<BadSpells> m_spells;
  std::vector<BadSpells::Second> m_seconds;
  Second m_second;
  double m_sojourn = 0;
  Mser5 m_mser5;
};

}  // namespace wanwise::sim
