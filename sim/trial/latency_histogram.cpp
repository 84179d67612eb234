#include "sim/trial/latency_histogram.hpp"

#include <algorithm>
#include <bit>

#include "engine/core/check.hpp"

namespace wanwise::sim {
namespace {

// Values below 2^7 have a bucket each; from there every octave has 64.
constexpr unsigned kBits = 6;
constexpr std::uint64_t kPerOctave = std::uint64_t{1} << kBits;

std::size_t bucket_of(core::Micros value) {
  const auto v = static_cast<std::uint64_t>(std::max<std::int64_t>(0, value.count));
  if (v < 2 * kPerOctave) return v;
  const unsigned shift = static_cast<unsigned>(std::bit_width(v)) - 1 - kBits;
  return shift * kPerOctave + (v >> shift);
}

/// The largest value of the bucket.
core::Micros upper_edge(std::size_t bucket) {
  if (bucket < 2 * kPerOctave) return core::Micros{static_cast<std::int64_t>(bucket)};
  const std::uint64_t shift = bucket / kPerOctave - 1;
  const std::uint64_t mantissa = bucket % kPerOctave + kPerOctave;
  return core::Micros{static_cast<std::int64_t>(((mantissa + 1) << shift) - 1)};
}

}  // namespace

void LatencyHistogram::add(core::Micros value, std::int64_t count) {
  const std::size_t bucket = bucket_of(value);
  if (bucket >= m_counts.size()) m_counts.resize(bucket + 1);
  m_counts[bucket] += count;
  m_count += count;
  m_sum += value * count;
  m_max = std::max(m_max, value);
}

void LatencyHistogram::merge(const LatencyHistogram& other) {
  if (other.m_counts.size() > m_counts.size()) m_counts.resize(other.m_counts.size());
  for (std::size_t i = 0; i < other.m_counts.size(); ++i) m_counts[i] += other.m_counts[i];
  m_count += other.m_count;
  m_sum += other.m_sum;
  m_max = std::max(m_max, other.m_max);
}

core::Micros LatencyHistogram::quantile(core::Ppm share) const {
  if (m_count == 0) return {};
  // 9e12 values times a million still fit.
  const std::int64_t rank = std::max<std::int64_t>(
      1, (share.count * m_count + core::kWhole.count - 1) / core::kWhole.count);
  std::int64_t seen = 0;
  for (std::size_t i = 0; i < m_counts.size(); ++i) {
    seen += m_counts[i];
    if (seen >= rank) return std::min(upper_edge(i), m_max);
  }
  return m_max;
}

std::int64_t LatencyHistogram::at_most(core::Micros limit) const {
  if (limit.count < 0) return 0;
  const std::size_t last = std::min(bucket_of(limit) + 1, m_counts.size());
  std::int64_t seen = 0;
  for (std::size_t i = 0; i < last; ++i) seen += m_counts[i];
  return seen;
}

std::vector<std::pair<core::Micros, std::int64_t>> LatencyHistogram::buckets() const {
  std::vector<std::pair<core::Micros, std::int64_t>> out;
  for (std::size_t i = 0; i < m_counts.size(); ++i)
    if (m_counts[i] != 0) out.emplace_back(upper_edge(i), m_counts[i]);
  return out;
}

LatencyHistogram LatencyHistogram::restore(
    const std::vector<std::pair<core::Micros, std::int64_t>>& buckets, core::Micros sum,
    core::Micros max) {
  LatencyHistogram histogram;
  for (const auto& [edge, count] : buckets) histogram.add(edge, count);
  histogram.m_sum = sum;
  histogram.m_max = max;
  return histogram;
}

}  // namespace wanwise::sim
