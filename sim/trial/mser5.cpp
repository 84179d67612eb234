#include "sim/trial/mser5.hpp"

#include <limits>

namespace wanwise::sim {
namespace {
constexpr std::size_t kBatch = 5;
}

void Mser5::add(core::Micros at, core::Micros latency) {
  const auto second = static_cast<std::size_t>(at.count / 1'000'000);
  if (second >= m_seconds.size()) m_seconds.resize(second + 1);
  m_seconds[second].sum += static_cast<double>(latency.count);
  ++m_seconds[second].count;
}

core::Micros Mser5::truncation() const {
  std::vector<double> means;  // of batches; an empty one repeats its predecessor
  for (std::size_t i = 0; i + kBatch <= m_seconds.size(); i += kBatch) {
    Second batch;
    for (std::size_t j = i; j < i + kBatch; ++j) {
      batch.sum += m_seconds[j].sum;
      batch.count += m_seconds[j].count;
    }
    if (batch.count > 0)
      means.push_back(batch.sum / static_cast<double>(batch.count));
    else
      means.push_back(means.empty() ? 0 : means.back());
  }
  // Sums from the end: the statistic of every truncation in one pass.
  double sum = 0, squares = 0, best = std::numeric_limits<double>::infinity();
  std::size_t cut = 0;
  for (std::size_t i = means.size(); i-- > 0;) {
    sum += means[i];
    squares += means[i] * means[i];
    const auto n = static_cast<double>(means.size() - i);
    const double statistic = (squares - sum * sum / n) / (n * n);
    if (2 * i <= means.size() && statistic <= best) {
      best = statistic;
      cut = i;
    }
  }
  return core::seconds(static_cast<std::int64_t>(cut * kBatch));
}

}  // namespace wanwise::sim
