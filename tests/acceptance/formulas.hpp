// Closed forms. The unit of time is whatever the arguments use. Pure functions.
#pragma once

#include <cstdint>
#include <vector>

namespace wanwise::acceptance {

/// M/G/1 mean wait in units of the mean service (Pollaczek, Khinchine); scv: squared coefficient of
/// variation of the service time.
[[nodiscard]] double pollaczek_wait(double rho, double scv);

/// M/D/1: P(W <= t), t in units of the service time (Erlang 1909), and its quantile.
[[nodiscard]] double md1_wait_cdf(double rho, double t);
[[nodiscard]] double md1_wait_quantile(double rho, double share);

/// M/M/c: probability to wait; blocking of M/M/c/c at load a = lambda / mu.
[[nodiscard]] double erlang_c(std::int32_t servers, double rho);
[[nodiscard]] double erlang_b(std::int32_t servers, double a);

/// M/M/c with mu = 1: mean wait, and the quantile of the sojourn.
[[nodiscard]] double mmc_wait(std::int32_t servers, double rho);
[[nodiscard]] double mmc_sojourn_quantile(std::int32_t servers, double rho, double share);

/// M/M/1/K with mu = 1; K counts the one in service.
struct FiniteQueue {
  double loss = 0, sojourn = 0;
};
[[nodiscard]] FiniteQueue mm1k(double rho, std::int32_t room);

/// One priority class, highest first.
struct PriorityClass {
  double rate = 0;           ///< customers per unit of time
  double mean = 0;           ///< E[S]
  double second_moment = 0;  ///< E[S^2]
};
/// Mean waits without preemption (Cobham 1954) and mean sojourns with preemptive resume.
[[nodiscard]] std::vector<double> cobham_waits(const std::vector<PriorityClass>& classes);
[[nodiscard]] std::vector<double> preemptive_sojourns(const std::vector<PriorityClass>& classes);

/// Utilisation above which k single-server sites are worse on the mean than their pool that is
/// `farther` away (in units of the mean service).
[[nodiscard]] double inversion_load(std::int32_t sites, double farther);

}  // namespace wanwise::acceptance
