// NVIDIA Triton Inference Server: what it counts for each model, and what happened between two
// scrapes of it. Pure; any thread.
// Source: triton-inference-server/server docs/user_guide/metrics.md.
//
// | name | is | becomes |
// |---|---|---|
// | nv_inference_request_success | counter | completed |
// | nv_inference_request_failure, by reason or not | counter | missed, and arrived |
// | nv_inference_request_duration_us | µs of the successful, counter | mean latency |
// | nv_inference_pending_request_count | gauge | its change: arrived and not yet finished |
// | nv_inference_request_summary_us{quantile} | µs | latency at the objective's quantile, and late
// | | nv_gpu_utilization, 0 to 1; nv_gpu_memory_total_bytes, _used_bytes | | load, free memory |
//
// Each series has labels `model` and `version`; all versions count together. Summaries are there
// with `--metrics-config summary_latencies=true` only, and their quantiles are those of a window of
// Triton's own that is longer than ours, so lateness follows with a delay. Without them Triton does
// not tell how many requests were late: only failed ones are missed. All latencies are inside the
// server, so neither the LAN nor the client's side is in them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/jetson/reading.hpp"
#include "engine/core/event.hpp"
#include "engine/core/model.hpp"

namespace wanwise::jetson {

/// Cumulative, of one version of a model.
struct TritonCounters {
  std::int64_t succeeded = 0;
  std::int64_t failed = 0;
  std::optional<std::int64_t> duration_us;  ///< absent: the server does not count it
};

struct TritonModel {
  std::map<std::string, TritonCounters> versions;
  std::int64_t pending = 0;                     ///< 0 where the server does not tell
  std::map<core::Ppm, core::Micros> quantiles;  ///< of the slowest version
};

struct TritonReading {
  NodeReading node;
  std::map<std::string, TritonModel> models;
};

[[nodiscard]] TritonReading read_triton(const std::vector<Series>& page);

/// From one scrape to the next of one model. One owner.
class TritonWindow {
 public:
  /// What came to pass before that is no news.
  static constexpr core::Micros kLongestWindow = core::seconds(60);

  TritonWindow(core::WorkloadName workload, core::TargetName node, core::Objective objective);

  /// What happened since the scrape before. Nothing after the first, after a counter went back (the
  /// server was restarted, the model reloaded), or when the window would be longer than the
  /// longest.
  [[nodiscard]] std::optional<core::WorkloadSample> next(const TritonModel& model,
                                                         core::Instant at);
  /// The server no longer has the model.
  void forget() { m_last.reset(); }

 private:
  struct Last {
    core::Instant at;
    TritonModel model;
  };

  [[nodiscard]] std::int64_t late_of(std::int64_t completed, const TritonModel& model);

  core::WorkloadName m_workload;
  core::TargetName m_node;
  core::Objective m_objective;
  std::optional<Last> m_last;
  std::int64_t m_late_rest = 0;  ///< millionths of a late request, carried to the next window
};

}  // namespace wanwise::jetson
