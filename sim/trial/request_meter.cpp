#include "sim/trial/request_meter.hpp"

#include <algorithm>
#include <utility>

namespace wanwise::sim {

RequestMeter::RequestMeter(const core::Model& model, core::Micros warm_up)
    : m_nodes(model.site.nodes.size()), m_warm_up(to_nanos(warm_up)) {
  for (const core::Workload& workload : model.policy.workloads) {
    m_limits.push_back(workload.objective.latency);
    WorkloadResult& result = m_results.emplace_back();
    result.workload = workload.name;
    result.service_class = workload.service_class;
  }
  m_fates.resize(m_results.size());
  m_spells.resize(m_results.size());
  m_seconds.resize(m_results.size());
}

bool RequestMeter::missed(const RequestEnd& request) const {
  if (request.fate != RequestFate::completed) return true;
  return to_micros(request.ended - request.created) > m_limits[request.workload];
}

void RequestMeter::on_end(const RequestEnd& request) {
  const core::Micros latency = to_micros(request.ended - request.created);
  const bool miss = missed(request);
  ++m_fates[request.workload][static_cast<std::size_t>(request.fate)];
  m_sojourn += static_cast<double>(request.ended - request.created) / kNanosPerSecond;
  ++m_second.ended;
  m_second.missed += miss ? 1 : 0;
  if (request.fate == RequestFate::completed) {
    m_second.worst = std::max(m_second.worst, latency);
    m_mser5.add(to_micros(request.ended), latency);
  }
  BadSpells::Second& second = m_seconds[request.workload];
  ++second.ended;
  if (miss) {
    ++second.missed;
    const core::Instant sent = to_instant(request.created);
    second.first_miss = std::min(second.first_miss.value_or(sent), sent);
  }
  if (request.created >= m_warm_up) count(request, miss);
}

void RequestMeter::count(const RequestEnd& request, bool miss) {
  WorkloadResult& result = m_results[request.workload];
  switch (request.fate) {
    case RequestFate::skipped:
      ++result.skipped;
      break;
    case RequestFate::lost:
      ++result.lost;
      break;
    case RequestFate::completed:
      ++result.completed;
      result.late += miss ? 1 : 0;
      ++(*request.target < m_nodes ? result.on_site : result.in_cloud);
      result.latency.add(to_micros(request.ended - request.created));
      break;
  }
}

RequestMeter::Second RequestMeter::take_second() {
  for (std::size_t i = 0; i < m_seconds.size(); ++i)
    m_spells[i].second(std::exchange(m_seconds[i], {}));
  return std::exchange(m_second, {});
}

}  // namespace wanwise::sim
