// What an accelerator is beyond the engine's model of it: discipline, batching, heat, power, and a
// cloud's autoscaler. The engine is not told; it sees samples. Value types; any thread.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/core/names.hpp"
#include "engine/core/units.hpp"

namespace wanwise::sim {

enum class Discipline : std::uint8_t {
  fifo,               ///< c servers, first come first served
  processor_sharing,  ///< GPU time slicing: everybody at once, each at its share
};

/// Shape of service times around the profile's mean.
enum class ServiceShape : std::uint8_t {
  lognormal,    ///< by the profile's mean and p99
  exponential,  ///< for comparison with closed forms
  constant,
};

/// Dynamic batching as inference servers do it (Triton's max_batch_size, max_queue_delay): a server
/// that falls free takes up to `largest` waiting jobs of one model; a batch of n lasts
/// single * (1 + (n - 1) * marginal).
struct Batching {
  std::int32_t largest = 8;      ///< 1 to 128
  core::Micros longest_wait{0};  ///< how long a server waits for a batch to fill
  core::Ppm marginal{300'000};   ///< cost of each further job, of the first
};

/// First-order heat: the temperature tends to ambient + rise * load with one time constant; above
/// `throttle_at` service slows by `slowdown` until the temperature is below `release_at`.
struct Heat {
  std::int32_t ambient_c = 25;
  std::int32_t rise_c = 60;  ///< at full load, MAX-N
  core::Micros time_constant = core::seconds(120);
  std::int32_t throttle_at_c = 80;
  std::int32_t release_at_c = 75;
  core::Ppm slowdown{1'500'000};
};

/// Milliwatts of the whole module: idle, and added while a server works. The latter at full clocks:
/// it falls with the square of a power mode's slowdown and of throttling.
struct Power {
  std::int64_t idle_mw = 0;
  std::int64_t busy_mw = 0;  ///< per busy server
};

/// Kubernetes' HorizontalPodAutoscaler on the busy share.
struct Autoscale {
  std::int32_t least = 1, most = 1;                 ///< accelerators, as Cloud::servers counts
  core::Ppm target_load{700'000};                   ///< averageUtilization
  core::Micros period = core::seconds(15);          ///< --horizontal-pod-autoscaler-sync-period
  core::Micros start = core::seconds(30);           ///< a new server is ready after this
  core::Micros stabilisation = core::seconds(300);  ///< scale-down window
};

struct TargetTuning {
  core::TargetName target;
  Discipline discipline = Discipline::fifo;
  ServiceShape shape = ServiceShape::lognormal;
  std::optional<Batching> batching;  ///< fifo only
  std::optional<Heat> heat;
  std::optional<Power> power;
  std::optional<Autoscale> autoscale;  ///< clouds only; fifo only
};

}  // namespace wanwise::sim
