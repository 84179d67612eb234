#include "tests/acceptance/formulas.hpp"

#include <cmath>
#include <functional>

namespace wanwise::acceptance {
namespace {

/// Where an ascending function crosses `value`, by bisection to the last bits.
double solve(const std::function<double(double)>& ascending, double value, double low,
             double high) {
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    (ascending(middle) < value ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace

double pollaczek_wait(double rho, double scv) {
  return rho * (1 + scv) / (2 * (1 - rho));
}

double md1_wait_cdf(double rho, double t) {
  // Terms alternate and grow like e^(rho t): long double keeps 6 digits up to t = 30.
  long double sum = 0;
  for (int k = 0; k <= static_cast<int>(std::floor(t)); ++k) {
    const long double x = static_cast<long double>(rho) * (k - static_cast<long double>(t));
    sum += std::pow(x, k) / std::tgamma(static_cast<long double>(k + 1)) * std::exp(-x);
  }
  return static_cast<double>((1 - static_cast<long double>(rho)) * sum);
}

double md1_wait_quantile(double rho, double share) {
  return solve([&](double t) { return md1_wait_cdf(rho, t); }, share, 0, 30);
}

double erlang_b(std::int32_t servers, double a) {
  double b = 1;
  for (std::int32_t k = 1; k <= servers; ++k) b = a * b / (k + a * b);
  return b;
}

double erlang_c(std::int32_t servers, double rho) {
  const double b = erlang_b(servers, rho * servers);
  return b / (1 - rho * (1 - b));
}

double mmc_wait(std::int32_t servers, double rho) {
  return erlang_c(servers, rho) / (servers * (1 - rho));
}

double mmc_sojourn_quantile(std::int32_t servers, double rho, double share) {
  const double wait = erlang_c(servers, rho);
  const double drain = servers * (1 - rho);
  const auto cdf = [&](double t) {
    // T = S + W with W exponential of rate `drain` with probability `wait`; mu = 1.
    const double both = std::fabs(drain - 1) < 1e-9
                            ? (1 + t) * std::exp(-t)
                            : (drain * std::exp(-t) - std::exp(-drain * t)) / (drain - 1);
    return 1 - (1 - wait) * std::exp(-t) - wait * both;
  };
  return solve(cdf, share, 0, 1e4);
}

FiniteQueue mm1k(double rho, std::int32_t room) {
  double sum = 0, number = 0, p = 1;
  for (std::int32_t n = 0; n <= room; ++n, p *= rho) {
    sum += p;
    number += n * p;
  }
  FiniteQueue queue;
  queue.loss = std::pow(rho, room) / sum;
  queue.sojourn = number / sum / (rho * (1 - queue.loss));
  return queue;
}

std::vector<double> cobham_waits(const std::vector<PriorityClass>& classes) {
  double residual = 0, above = 0;
  for (const auto& c : classes) residual += c.rate * c.second_moment / 2;
  std::vector<double> waits;
  for (const auto& c : classes) {
    const double with = above + c.rate * c.mean;
    waits.push_back(residual / ((1 - above) * (1 - with)));
    above = with;
  }
  return waits;
}

std::vector<double> preemptive_sojourns(const std::vector<PriorityClass>& classes) {
  double residual = 0, above = 0;
  std::vector<double> sojourns;
  for (const auto& c : classes) {
    residual += c.rate * c.second_moment / 2;
    const double with = above + c.rate * c.mean;
    sojourns.push_back(c.mean / (1 - above) + residual / ((1 - above) * (1 - with)));
    above = with;
  }
  return sojourns;
}

double inversion_load(std::int32_t sites, double farther) {
  return solve([&](double rho) { return rho / (1 - rho) - mmc_wait(sites, rho); }, farther, 1e-9,
               1 - 1e-9);
}

}  // namespace wanwise::acceptance
