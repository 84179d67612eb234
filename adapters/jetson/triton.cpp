#include "adapters/jetson/triton.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>
#include <utility>

namespace wanwise::jetson {
namespace {

constexpr double kMostRequests = 1e12;                     ///< a thousand a second for 30 years
constexpr double kLongestTotal = 9'007'199'254'740'992.0;  ///< 2^53: beyond, doubles skip numbers
constexpr double kLongestLatency = 3.6e9;                  ///< an hour, in microseconds

/// One model's change over a window; nothing when a counter went back.
struct Change {
  std::int64_t succeeded = 0;
  std::int64_t failed = 0;
  std::int64_t duration_us = 0;
  bool timed = true;  ///< every version counts durations
};

std::optional<Change> change_between(const TritonModel& before, const TritonModel& now) {
  Change change;
  for (const auto& [version, counters] : now.versions) {
    const auto found = before.versions.find(version);
    if (found == before.versions.end()) continue;  // loaded meanwhile: counted from here on
    const TritonCounters& last = found->second;
    if (counters.succeeded < last.succeeded || counters.failed < last.failed) return std::nullopt;
    change.succeeded += counters.succeeded - last.succeeded;
    change.failed += counters.failed - last.failed;
    if (!counters.duration_us || !last.duration_us) {
      change.timed = false;
    } else if (*counters.duration_us < *last.duration_us) {
      return std::nullopt;
    } else {
      change.duration_us += *counters.duration_us - *last.duration_us;
    }
  }
  return change;
}

class Reader {
 public:
  void take(const Series& series) {
    const std::string_view name = series.name;
    if (name == "nv_gpu_utilization") return take_load(series);
    if (name == "nv_gpu_memory_total_bytes") return take_memory(series, m_total);
    if (name == "nv_gpu_memory_used_bytes") return take_memory(series, m_used);
    if (name == "nv_inference_request_summary_us") return take_quantile(series);
    if (name == "nv_inference_request_success") {
      if (const auto found = count(series)) version(series).succeeded += *found;
    } else if (name == "nv_inference_request_failure") {
      if (const auto found = count(series)) version(series).failed += *found;
    } else if (name == "nv_inference_request_duration_us") {
      if (const auto found = count(series, kLongestTotal)) version(series).duration_us = *found;
    } else if (name == "nv_inference_pending_request_count") {
      if (const auto found = count(series)) model(series).pending += *found;
    }
  }

  TritonReading finish() {
    if (m_total && m_used && *m_used <= *m_total)
      m_reading.node.memory_free = core::Bytes{*m_total - *m_used};
    return std::move(m_reading);
  }

 private:
  void refuse(const Series& series) { m_reading.node.not_understood.add(series); }

  std::optional<std::int64_t> count(const Series& series, double most = kMostRequests) {
    auto found = scaled(series.value, 0, most, 1);
    if (series.label("model") == nullptr) found.reset();
    if (!found) refuse(series);
    return found;
  }

  TritonModel& model(const Series& series) { return m_reading.models[*series.label("model")]; }

  TritonCounters& version(const Series& series) {
    const std::string* name = series.label("version");
    return model(series).versions[name != nullptr ? *name : std::string{}];
  }

  void take_load(const Series& series) {
    const auto load = scaled(series.value, 0, 1, 1e6);
    if (!load) return refuse(series);
    keep_largest(m_reading.node.load, core::Ppm{*load});
  }

  void take_memory(const Series& series, std::optional<std::int64_t>& kept) {
    const auto bytes = scaled(series.value, 0, kMostMemory, 1);
    if (!bytes) return refuse(series);
    kept = kept.value_or(0) + *bytes;
  }

  /// NaN is the quantile of no request at all.
  void take_quantile(const Series& series) {
    if (std::isnan(series.value)) return;
    const std::string* text = series.label("quantile");
    double quantile = -1;
    if (text != nullptr) std::from_chars(text->data(), text->data() + text->size(), quantile);
    const auto ppm = scaled(quantile, 0, 1, 1e6);
    const auto latency = scaled(series.value, 0, kLongestLatency, 1);
    if (!ppm || !latency || series.label("model") == nullptr) return refuse(series);
    core::Micros& slowest = model(series).quantiles[core::Ppm{*ppm}];
    slowest = std::max(slowest, core::Micros{*latency});
  }

  TritonReading m_reading;
  std::optional<std::int64_t> m_total;
  std::optional<std::int64_t> m_used;
};

/// Share of the requests that took longer than `limit`, between the quantiles on a straight line;
/// none beyond the last, which may hide as many as are above it.
core::Ppm share_above(const std::map<core::Ppm, core::Micros>& quantiles, core::Micros limit) {
  core::Ppm below;
  core::Micros fastest;
  for (const auto& [quantile, latency] : quantiles) {
    if (latency > limit) {
      const core::Ppm part =
          (quantile - below) * (limit - fastest).count / (latency - fastest).count;
      return core::kWhole - below - part;
    }
    below = quantile;
    fastest = latency;
  }
  return {};
}

}  // namespace

TritonReading read_triton(const std::vector<Series>& page) {
  Reader reader;
  for (const Series& series : page) reader.take(series);
  return reader.finish();
}

TritonWindow::TritonWindow(core::WorkloadName workload, core::TargetName node,
                           core::Objective objective)
    : m_workload(std::move(workload)), m_node(std::move(node)), m_objective(objective) {}

std::int64_t TritonWindow::late_of(std::int64_t completed, const TritonModel& model) {
  m_late_rest += completed * share_above(model.quantiles, m_objective.latency).count;
  const std::int64_t late = m_late_rest / core::kWhole.count;
  m_late_rest -= late * core::kWhole.count;
  return late;
}

std::optional<core::WorkloadSample> TritonWindow::next(const TritonModel& model, core::Instant at) {
  const std::optional<Last> last = std::exchange(m_last, Last{at, model});
  if (!last || at <= last->at || at - last->at > kLongestWindow) return std::nullopt;
  const auto change = change_between(last->model, model);
  if (!change) {
    m_late_rest = 0;
    return std::nullopt;
  }
  core::WorkloadSample sample;
  sample.workload = m_workload;
  sample.observed_at = at;
  sample.target = m_node;
  sample.window = at - last->at;
  sample.completed = change->succeeded;
  const std::int64_t waiting_more = model.pending - last->model.pending;
  sample.arrived = std::max<std::int64_t>(0, change->succeeded + change->failed + waiting_more);
  sample.missed = change->failed + late_of(change->succeeded, model);
  if (change->succeeded == 0) return sample;
  if (change->timed) sample.mean_latency = core::Micros{change->duration_us / change->succeeded};
  const auto at_quantile = model.quantiles.find(m_objective.quantile);
  if (at_quantile != model.quantiles.end()) sample.latency = at_quantile->second;
  return sample;
}

}  // namespace wanwise::jetson
