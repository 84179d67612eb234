// Poisson customers at one Station, measured: means, 99th percentiles, Little's law, conservation.
// A job's id is the moment of its arrival, so memory does not grow with the run. One owner.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "sim/world/compute/station.hpp"
#include "sim/world/kernel/random.hpp"

namespace wanwise::acceptance {

/// Mean service of every station case: 1 ms.
inline constexpr double kUnit = 1e6;

/// Draws a service time of mean 1.
using ServiceDraw = double (*)(sim::Stream&);
double exponential_service(sim::Stream& stream);
double constant_service(sim::Stream& stream);
/// Balanced hyperexponential with squared coefficient of variation 4.
double hyper_service(sim::Stream& stream);

/// Counts values up to 400 in steps of 0.002: a quantile to a fifth of a per cent of the mean
/// service, whatever the length of the run.
class Quantiles {
 public:
  void add(double value);
  [[nodiscard]] double at(double share) const;

 private:
  static constexpr double kStep = 0.002;
  std::vector<std::uint64_t> m_counts = std::vector<std::uint64_t>(200'000);
  std::uint64_t m_count = 0;
};

struct StationCase {
  std::int32_t servers = 1;
  double rho = 0.5;  ///< offered load a server
  ServiceDraw service = exponential_service;
  std::uint64_t customers = 0;
  std::optional<std::int32_t> room;  ///< customers inside at most; more are turned away
  bool shared = false;               ///< processor sharing instead of first come first served
};

/// In units of the mean service.
struct StationResult {
  double wait = 0, sojourn = 0, wait_p99 = 0, sojourn_p99 = 0;
  double waited = 0;       ///< share of those served that had to wait
  double turned_away = 0;  ///< share of all
  double utilisation = 0;
};

/// Also expects Little's law and the conservation of customers.
[[nodiscard]] StationResult run_station(const StationCase& the_case, std::uint64_t seed = 7);

}  // namespace wanwise::acceptance
