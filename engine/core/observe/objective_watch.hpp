// Does a workload live up to its objective where it runs? Two sequential tests over its requests, a
// quick one for what breaks down and a patient one for what is steadily too often late, tell a real
// violation from the odd late request at any request rate, in constant memory. One owner.
//
// Each is Page's cumulative sum (Biometrika 41, 1954) of the log-likelihood ratio "misses are as
// many as allowed" against "their odds are R times that", R = 20 and 3. At exactly the allowed
// share a false alarm comes after at least exp(limit) requests on average (Lorden, Ann. Math. Stat.
// 42, 1971); the limit makes that ten hours of the declared demand, whatever its rate. An alarm
// stays until the same ratio, summed the other way, says that it is over.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "engine/core/event.hpp"
#include "engine/core/model.hpp"

namespace wanwise::core {

class ObjectiveWatch {
 public:
  /// `rate`: the declared demand, which turns hours into requests. `window`: misses nearer to each
  /// other than this may have one cause.
  ObjectiveWatch(Objective objective, MilliHz rate, Micros window);

  void observe(const WorkloadSample& sample);
  /// The workload runs somewhere else now: the past says nothing about it.
  void reset();

  /// More misses than the quantile allows, beyond chance, and it goes on.
  [[nodiscard]] bool violated() const { return m_quick.alarmed || m_patient.alarmed; }
  [[nodiscard]] std::optional<Micros> latency() const { return m_latency; }

  /// So many misses in a row are a violation.
  [[nodiscard]] std::int64_t misses_to_tell() const;

 private:
  /// Of one request, in thousandths of a nat; both positive.
  struct Scores {
    std::int64_t miss;
    std::int64_t hit;
  };
  struct Test {
    Scores scores;
    std::int64_t limit;        ///< alarm
    std::int64_t relief;       ///< of the opposite sum: all clear
    std::int64_t most;         ///< that one window may add
    std::int64_t sum = 0;      ///< 0 .. limit; 0 .. relief while alarmed
    std::int64_t before = 0;   ///< the sum at the window's beginning
    std::int64_t in_window{};  ///< added since then, uncut
    bool alarmed = false;

    void add(std::int64_t hits, std::int64_t misses);
    void begin_window();
    void forget();
  };
  /// The scores of an objective that allows at most this share of misses.
  struct Row {
    std::int64_t allowed_ppm;
    Scores quick;
    Scores patient;
  };

  static const std::array<Row, 3> kRows;
  static const Row& row_of(Objective objective);

  Micros m_window;
  Micros m_silence;  ///< without demand for so long: what was known is of another time
  Test m_quick;
  Test m_patient;
  std::optional<Instant> m_window_ends;
  std::optional<Instant> m_asked_at;  ///< the last sample with any demand
  std::optional<Micros> m_latency;
};

}  // namespace wanwise::core
