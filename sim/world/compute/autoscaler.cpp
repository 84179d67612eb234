#include "sim/world/compute/autoscaler.hpp"

#include <algorithm>
#include <cstdlib>

namespace wanwise::sim {
namespace {

// --horizontal-pod-autoscaler-tolerance, 0.1: no change while load / target is within 10 % of 1.
constexpr std::int64_t kToleranceParts = 10;
// Default behaviour for scaling up: the larger of 100 % and 4 pods every 15 s.
constexpr std::int32_t kMostAtOnce = 4;

bool tolerable(std::int64_t load, std::int64_t target) {
  return std::abs(load - target) * kToleranceParts <= target;
}

}  // namespace

Autoscaler::Autoscaler(const Autoscale& rule, std::int32_t servers)
    : m_rule(rule), m_ready(std::clamp(servers, rule.least, rule.most)), m_measured(m_ready) {
  m_wishes.emplace_back(0, m_ready);  // the controller records what it finds as its first wish
}

// replica_calculator.go: a server that starts, or was not ready for a whole period, has no measured
// load. Where more seem needed it counts as idle; where that turns the answer around, nothing
// changes.
std::int32_t Autoscaler::wanted(core::Ppm load) const {
  const std::int64_t target = m_rule.target_load.count;
  const std::int32_t current = ready() + starting();
  std::int64_t share = load.count;
  std::int64_t counted = m_measured;
  if (m_measured < current && share > target) {
    share = share * m_measured / current;
    counted = current;
    if (share < target) return current;
  }
  if (tolerable(share, target)) return current;
  const auto servers = static_cast<std::int32_t>((counted * share + target - 1) / target);
  return load.count > target ? std::max(servers, current) : servers;
}

std::int32_t Autoscaler::stabilised(Nanos now, std::int32_t wanted) {
  const Nanos window = to_nanos(m_rule.stabilisation);
  while (!m_wishes.empty() && now - m_wishes.front().first >= window) m_wishes.pop_front();
  while (!m_wishes.empty() && m_wishes.back().second <= wanted) m_wishes.pop_back();
  m_wishes.emplace_back(now, wanted);
  const std::int32_t current = ready() + starting();
  return wanted >= current ? wanted : std::min(current, m_wishes.front().second);
}

Autoscaler::Starts Autoscaler::sync(Nanos now, core::Ppm load) {
  const std::int32_t current = ready() + starting();
  const std::int32_t limit = std::max(2 * current, current + kMostAtOnce);
  const std::int32_t next =
      std::clamp(std::min(stabilised(now, wanted(load)), limit), m_rule.least, m_rule.most);
  Starts starts{m_next_number, std::max(0, next - current)};
  for (std::int32_t i = 0; i < starts.count; ++i) m_starting.push_back(m_next_number++);
  for (std::int32_t surplus = current - next; surplus > 0; --surplus) {
    if (m_starting.empty()) {
      --m_ready;
    } else {
      m_starting.pop_back();
    }
  }
  m_measured = m_ready;
  return starts;
}

bool Autoscaler::started(std::uint64_t number) {
  const auto at = std::find(m_starting.begin(), m_starting.end(), number);
  if (at == m_starting.end()) return false;
  m_starting.erase(at);
  ++m_ready;
  return true;
}

}  // namespace wanwise::sim
