// Single stations against their closed forms.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/acceptance/formulas.hpp"
#include "tests/acceptance/ledger.hpp"
#include "tests/acceptance/station_run.hpp"

namespace wanwise::acceptance {
namespace {

/// A 99th percentile varies about three times as much as the mean.
constexpr double kTail = 3;

std::string at(const char* what, double rho) {
  char text[60];
  std::snprintf(text, sizeof text, "%s, rho %g", what, rho);
  return text;
}

TEST(Stations, MM1) {
  struct Case {
    double rho, sojourn, p99;
  };
  for (const Case& c :
       {Case{.5, 2, 9.2103}, Case{.8, 5, 23.0259}, Case{.9, 10, 46.0517}, Case{.95, 20, 92.1034}}) {
    formula_gives(at("M/M/1 T", c.rho), c.sojourn, 1 / (1 - c.rho));
    formula_gives(at("M/M/1 p99 of T", c.rho), c.p99, std::log(100) / (1 - c.rho));
    const auto seen = run_station({1, c.rho, exponential_service, customers(c.rho, kTail), {}});
    compare(at("M/M/1 T", c.rho), c.sojourn, seen.sojourn);
    compare(at("M/M/1 W", c.rho), c.sojourn - 1, seen.wait);
    compare(at("M/M/1 p99 of T", c.rho), c.p99, seen.sojourn_p99);
    compare(at("M/M/1 utilisation", c.rho), c.rho, seen.utilisation, usual() / 2);
  }
}

TEST(Stations, MG1) {
  struct Case {
    const char* name;
    ServiceDraw service;
    double scv, wait, spread;
  };
  constexpr double kRho = .8;
  for (const Case& c :
       {Case{"M/D/1 W", constant_service, 0, 2, .5}, Case{"M/M/1 W", exponential_service, 1, 4, 1},
        // The variance of a wait's estimate grows with the third moment: about six times here.
        Case{"M/H2/1 (C^2 = 4) W", hyper_service, 4, 10, 6}}) {
    formula_gives(at(c.name, kRho), c.wait, pollaczek_wait(kRho, c.scv));
    const auto seen = run_station({1, kRho, c.service, customers(kRho, c.spread), {}}, 8);
    compare(at(c.name, kRho), c.wait, seen.wait);
  }
}

TEST(Stations, MD1Tail) {
  struct Case {
    double rho, p99;
  };
  for (const Case& c : {Case{.5, 3.3363}, Case{.7, 6.4855}, Case{.8, 10.3559}, Case{.9, 21.8982}}) {
    formula_gives(at("M/D/1 p99 of W", c.rho), c.p99, md1_wait_quantile(c.rho, .99), 2e-5);
    const auto seen = run_station({1, c.rho, constant_service, customers(c.rho, kTail), {}}, 9);
    compare(at("M/D/1 p99 of W", c.rho), c.p99, seen.wait_p99);
    compare(at("M/D/1 p99 of T", c.rho), c.p99 + 1, seen.sojourn_p99);
  }
}

TEST(Stations, MMcErlangC) {
  struct Case {
    std::int32_t servers;
    double rho, probability, wait, sojourn, p99;
  };
  for (const Case& c : {Case{2, .5, .333333, .333333, 1.333333, 5.666},
                        Case{2, .8, .711111, 1.777778, 2.777778, 11.937},
                        Case{4, .8, .596432, .745541, 1.745541, 6.893},
                        Case{5, .7, .377838, .251892, 1.251892, 5.134},
                        Case{10, .8, .409180, .204590, 1.204590, 4.946},
                        Case{10, .9, .668732, .668732, 1.668732, 6.250},
                        Case{20, .9, .550769, .275385, 1.275385, 5.042}}) {
    const std::string name = at(("M/M/" + std::to_string(c.servers)).c_str(), c.rho);
    formula_gives(name + ", C", c.probability, erlang_c(c.servers, c.rho), 2e-6);
    formula_gives(name + ", W", c.wait, mmc_wait(c.servers, c.rho), 4e-6);
    formula_gives(name + ", p99 of T", c.p99, mmc_sojourn_quantile(c.servers, c.rho, .99), 1e-4);
    // Waits of many servers are rarer and vary more against their mean.
    const auto seen =
        run_station({c.servers, c.rho, exponential_service, customers(c.rho, 2), {}}, 10);
    compare(name + ", C", c.probability, seen.waited);
    compare(name + ", W", c.wait, seen.wait);
    compare(name + ", T", c.sojourn, seen.sojourn);
    compare(name + ", p99 of T", c.p99, seen.sojourn_p99);
  }
}

// T(x) = x / (1 - rho), whatever the distribution of x.
TEST(Stations, MG1ProcessorSharing) {
  struct Law {
    const char* name;
    ServiceDraw service;
  };
  for (const double rho : {.5, .8})
    for (const Law& law :
         {Law{"M/M/1-PS T", exponential_service}, Law{"M/D/1-PS T", constant_service},
          Law{"M/H2/1-PS (C^2 = 4) T", hyper_service}}) {
      StationCase the_case{1, rho, law.service, customers(rho, kTail), {}};
      the_case.shared = true;
      compare(at(law.name, rho), 1 / (1 - rho), run_station(the_case, 12).sojourn);
    }
}

TEST(Stations, MMccErlangBWhateverTheServiceTime) {
  struct Case {
    std::int32_t servers;
    double a, blocking;
  };
  struct Law {
    const char* name;
    ServiceDraw service;
  };
  for (const Case& c : {Case{1, .5, .333333}, Case{2, 1, .2}, Case{5, 3, .110054},
                        Case{10, 8, .121661}, Case{20, 16, .064411}}) {
    const std::string name =
        "/" + std::to_string(c.servers) + "/" + std::to_string(c.servers) + " blocking";
    formula_gives("M/M" + name, c.blocking, erlang_b(c.servers, c.a), 2e-5);
    for (const Law& law : {Law{"M/M", exponential_service}, Law{"M/D", constant_service},
                           Law{"M/H2", hyper_service}}) {
      const auto n = by_effort<std::uint64_t>(400'000, 12'000'000);
      const auto seen = run_station({c.servers, c.a / c.servers, law.service, n, c.servers}, 11);
      compare(law.name + name, c.blocking, seen.turned_away);
      EXPECT_EQ(seen.wait, 0);
    }
  }
}

}  // namespace
}  // namespace wanwise::acceptance
