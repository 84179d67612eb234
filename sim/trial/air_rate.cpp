#include "sim/trial/air_rate.hpp"

#include <algorithm>
#include <variant>

#include "sim/world/network/packet.hpp"

namespace wanwise::sim {
namespace {

/// Opportunities before `at`, counted over the repetitions of the trace.
std::int64_t opportunities_before(const RateTrace& trace, core::Micros at) {
  const std::int64_t rounds = at.count / trace.period.count;
  const core::Micros offset{at.count % trace.period.count};
  const auto within =
      std::lower_bound(trace.opportunities.begin(), trace.opportunities.end(), offset) -
      trace.opportunities.begin();
  return rounds * static_cast<std::int64_t>(trace.opportunities.size()) + within;
}

}  // namespace

AirRate::AirRate(const WorldConfig& config) {
  for (const LinkTraces& link : config.links) m_links.push_back({link.link, &link.uplink});
}

void AirRate::disturb(const Disturbance& what) {
  const auto* change = std::get_if<UplinkChange>(&what);
  if (change == nullptr) return;
  for (LinkAir& link : m_links)
    if (link.link == change->link) link.factor = change->factor;
}

core::Bps AirRate::between(core::Micros from, core::Micros to) const {
  std::int64_t bits_per_second = 0;
  for (const LinkAir& link : m_links) {
    const std::int64_t count =
        opportunities_before(*link.uplink, to) - opportunities_before(*link.uplink, from);
    const std::int64_t bits = count * kMtu * 8;
    const double rate = static_cast<double>(bits) * 1e6 / static_cast<double>((to - from).count);
    bits_per_second +=
        static_cast<std::int64_t>(rate * static_cast<double>(link.factor.count) * 1e-6);
  }
  return core::Bps{bits_per_second};
}

}  // namespace wanwise::sim
