// Chances that depend on what they are for and not on when they are asked: counter-based draws
// (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC'11). Whether a request's packet
// is lost is a function of seed, purpose, packet and resend, so two policies meet the same losses.
// Value type; any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/core/units.hpp"
#include "sim/world/kernel/random.hpp"

namespace wanwise::sim {

/// SplitMix64's output function (Steele, Lea, Flood, OOPSLA'14): every bit of the argument changes
/// every bit of the result with probability 1/2.
constexpr std::uint64_t mixed(std::uint64_t z) {
  z += 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

/// Key of a request's first packet from what no decision changes: its source and its number there.
constexpr std::uint64_t request_key(std::uint64_t source, std::uint64_t serial) {
  return mixed(mixed(source) ^ serial);
}

/// The draws of one purpose, such as "loss/lte/up".
class PacketDraw {
 public:
  PacketDraw(std::uint64_t seed, std::string_view purpose) : m_salt(Stream(seed, purpose).next()) {}

  /// Uniform in [0, 1) in steps of 2^-32.
  [[nodiscard]] double at(std::uint64_t key, std::uint32_t resends) const {
    return static_cast<double>(mixed(mixed(key ^ m_salt) + resends) >> 32) * 0x1p-32;
  }
  [[nodiscard]] bool below(core::Ppm chance, std::uint64_t key, std::uint32_t resends) const {
    return chance.count > 0 && at(key, resends) * 1e6 < static_cast<double>(chance.count);
  }

 private:
  std::uint64_t m_salt;
};

}  // namespace wanwise::sim
