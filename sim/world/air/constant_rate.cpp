#include <algorithm>
#include <numeric>

#include "engine/core/check.hpp"
#include "sim/world/air/trace.hpp"
#include "sim/world/network/packet.hpp"

namespace wanwise::sim {
namespace {

constexpr std::int64_t kBitsPerOpportunity = std::int64_t{kMtu} * 8;
// A whole number of opportunities fits a whole number of seconds for any rate in kb/s within 12 s;
// beyond this many opportunities one second is taken and the rate is rounded, by less than 0.06 %.
constexpr std::int64_t kMostOpportunities = 100'000;

}  // namespace

RateTrace constant_rate(core::Bps rate) {
  WANWISE_CHECK(rate.count > 0);
  const std::int64_t exact = kBitsPerOpportunity / std::gcd(rate.count, kBitsPerOpportunity);
  const bool small =
      exact <= 3600 && rate.count * exact / kBitsPerOpportunity <= kMostOpportunities;
  const std::int64_t length = small ? exact : 1;
  const std::int64_t count = std::max<std::int64_t>(
      1, (rate.count * length + kBitsPerOpportunity / 2) / kBitsPerOpportunity);
  RateTrace trace;
  trace.period = core::seconds(length);
  trace.opportunities.reserve(static_cast<std::size_t>(count));
  for (std::int64_t i = 1; i <= count; ++i)
    trace.opportunities.push_back(core::Micros{i * trace.period.count / count});
  return trace;
}

}  // namespace wanwise::sim
