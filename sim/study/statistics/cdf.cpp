#include "sim/study/statistics/cdf.hpp"

namespace wanwise::sim {
namespace {

double percent(core::Ppm share) {
  return static_cast<double>(share.count) / 1e4;
}

}  // namespace

const std::vector<core::Ppm>& cdf_shares() {
  static const std::vector<core::Ppm> shares = [] {
    std::vector<core::Ppm> out;
    for (std::int64_t share = 5'000; share <= 990'000; share += 5'000) out.emplace_back(share);
    for (const std::int64_t share :
         {992'000, 994'000, 996'000, 998'000, 999'000, 999'500, 999'900, 1'000'000}) {
      out.emplace_back(share);
    }
    return out;
  }();
  return shares;
}

std::vector<CdfPoint> cdf(const Measured& part) {
  std::vector<CdfPoint> out;
  if (part.latency.count() == 0 || part.generated == 0) return out;
  const double completed =
      static_cast<double>(part.completed) / static_cast<double>(part.generated);
  for (const core::Ppm share : cdf_shares()) {
    out.push_back({percent(share), percent(share) * completed,
                   static_cast<double>(part.latency.quantile(share).count) / 1e3});
  }
  return out;
}

}  // namespace wanwise::sim
