// Bytes an interface has sent, as a function of time: a short history of a cumulative counter.
// Late, repeated and crowded samples are ignored; a counter that fell is a reset and starts anew.
// Value type; one owner.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "engine/core/units.hpp"

namespace wanwise::core {

class TxMeter {
 public:
  enum class Taken : std::uint8_t { ignored, started, measured };

  /// `measured`: there is a new rate. `started`: first sample, or first after a reset.
  Taken observe(Instant at, std::uint64_t bytes);

  [[nodiscard]] bool has_rate() const { return m_size >= 2; }
  /// Bits per second over the last two samples; 0 before there are two.
  [[nodiscard]] double rate() const;
  [[nodiscard]] Instant last_at() const { return newest().at; }  ///< of the last sample taken
  [[nodiscard]] Instant period_start() const;                    ///< of the one before it
  [[nodiscard]] Micros period() const { return last_at() - period_start(); }
  [[nodiscard]] bool empty() const { return m_size == 0; }

  /// Bits sent between two moments, interpolated; past the newest sample at the last rate. Nothing
  /// when the history does not reach back to `from` or `to` is not later.
  [[nodiscard]] std::optional<double> bits_between(Instant from, Instant to) const;

  [[nodiscard]] std::uint64_t resets() const { return m_resets; }

 private:
  struct Sample {
    Instant at;
    std::uint64_t bytes = 0;
  };
  // 64 samples are 32 s at the usual two a second: longer than any probe that still comes back
  // (IP SLA's default timeout is 5 s), so a late probe finds the bytes sent before it.
  static constexpr std::size_t kHistory = 64;

  [[nodiscard]] const Sample& at(std::size_t age) const {
    return m_ring[(m_next + kHistory - 1 - age) % kHistory];
  }
  [[nodiscard]] const Sample& newest() const { return at(0); }
  [[nodiscard]] std::optional<double> bits_since_oldest(Instant when) const;

  std::array<Sample, kHistory> m_ring{};
  std::size_t m_next = 0;
  std::size_t m_size = 0;
  std::uint64_t m_resets = 0;
};

}  // namespace wanwise::core
