// Random numbers that are the same on every machine: named streams (one for each source, size,
// service and loss; none for a decision, so that two policies meet the same world) and
// distributions of our own. The standard library's distributions and libm's log and exp differ
// between implementations, these use only operations that IEEE 754 defines exactly. One owner a
// stream; not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace wanwise::sim {

/// xoshiro256++ (Blackman, Vigna: "Scrambled linear pseudorandom number generators", 2021), seeded
/// by SplitMix64 from the run's seed and the stream's name (FNV-1a).
class Stream {
 public:
  Stream(std::uint64_t seed, std::string_view name);

  std::uint64_t next();
  double uniform();                 ///< in the open interval (0, 1)
  double exponential(double mean);  ///< by inversion: one draw a value
  double normal();                  ///< standard, by inversion: one draw a value
  double gamma(double shape);       ///< scale 1, so its mean is the shape; several draws a value

 private:
  std::array<std::uint64_t, 4> m_state;
};

/// Natural logarithm, x > 0, and exponential function; relative error below 1e-15.
double portable_log(double x);
double portable_exp(double x);
/// Sine of `turns` whole turns, 0 <= turns < 1; absolute error below 1e-15.
double portable_sine(double turns);
/// Inverse of the standard normal distribution function, 0 < p < 1 (Wichura, AS 241, 1988).
double normal_quantile(double p);

/// FNV-1a over 64-bit words: the checksums by which runs are compared.
class Checksum {
 public:
  void add(std::uint64_t word);
  [[nodiscard]] std::uint64_t value() const { return m_value; }

 private:
  std::uint64_t m_value = 14695981039346656037ULL;
};

}  // namespace wanwise::sim
