#include "engine/core/uplink/tx_meter.hpp"

namespace wanwise::core {
namespace {

// A rate over less than this is mostly the jitter of the two readings: at 100 ms a reading that is
// 5 ms off makes 5 % of error, below the shaper's dead band.
constexpr Micros kShortestPeriod = milliseconds(100);

double bits_per_second(std::uint64_t bytes, Micros over) {
  return static_cast<double>(bytes) * 8e6 / static_cast<double>(over.count);
}

}  // namespace

TxMeter::Taken TxMeter::observe(Instant when, std::uint64_t bytes) {
  const bool first = m_size == 0;
  if (!first && when <= newest().at) return Taken::ignored;
  const bool reset = !first && bytes < newest().bytes;
  if (!first && !reset && when - newest().at < kShortestPeriod) return Taken::ignored;
  if (reset) {
    ++m_resets;
    m_size = 0;
  }
  m_ring[m_next] = {when, bytes};
  m_next = (m_next + 1) % kHistory;
  if (m_size < kHistory) ++m_size;
  return first || reset ? Taken::started : Taken::measured;
}

double TxMeter::rate() const {
  if (!has_rate()) return 0;
  return bits_per_second(newest().bytes - at(1).bytes, period());
}

Instant TxMeter::period_start() const {
  return has_rate() ? at(1).at : newest().at;
}

std::optional<double> TxMeter::bits_between(Instant from, Instant to) const {
  if (from >= to) return std::nullopt;
  const auto a = bits_since_oldest(from);
  const auto b = bits_since_oldest(to);
  if (!a || !b) return std::nullopt;
  return *b - *a;
}

std::optional<double> TxMeter::bits_since_oldest(Instant when) const {
  if (!has_rate()) return std::nullopt;
  const Sample& oldest = at(m_size - 1);
  if (when < oldest.at) return std::nullopt;
  const auto since_oldest = [&](const Sample& s) {
    return static_cast<double>(s.bytes - oldest.bytes) * 8.0;
  };
  if (when >= newest().at) {
    const double beyond = static_cast<double>((when - newest().at).count) / 1e6;
    return since_oldest(newest()) + rate() * beyond;
  }
  std::size_t age = 1;
  while (at(age).at > when) ++age;
  const Sample& before = at(age);
  const Sample& after = at(age - 1);
  const double share = static_cast<double>((when - before.at).count) /
                       static_cast<double>((after.at - before.at).count);
  return since_oldest(before) + (since_oldest(after) - since_oldest(before)) * share;
}

}  // namespace wanwise::core
