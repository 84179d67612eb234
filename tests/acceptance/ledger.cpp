#include "tests/acceptance/ledger.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <vector>

namespace wanwise::acceptance {
namespace {

struct Row {
  std::string suite, what, kind;
  double expected = 0, seen = 0, error = 0, limit = 0;
};

struct State {
  Effort effort = Effort::brief;
  std::string csv, markdown;
  std::vector<Row> rows;
};

State& state() {
  static State only;
  return only;
}

std::string suite() {
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  return test == nullptr ? "" : std::string(test->test_suite_name()) + "." + test->name();
}

void add(const std::string& what, const char* kind, double expected, double seen, double error,
         double limit) {
  state().rows.push_back({suite(), what, kind, expected, seen, error, limit});
}

std::string number(double x) {
  char text[40];
  std::snprintf(text, sizeof text, "%.6g", x);
  return text;
}

std::string per_cent(double x) {
  char text[40];
  std::snprintf(text, sizeof text, "%.3f %%", 100 * x);
  return text;
}

std::string off(const Row& row) {
  if (row.kind == "bound") return "";
  return row.kind == "absolute" ? number(row.error) : per_cent(row.error);
}

std::string allowed(const Row& row) {
  if (row.kind == "bound") return "never exceeded";
  if (row.kind == "factor") return "factor " + number(row.limit);
  return row.kind == "absolute" ? "+-" + number(row.limit) : per_cent(row.limit);
}

void write_table(std::FILE* out, const std::vector<Row>& rows) {
  std::fprintf(out, "| case | expected | simulated | error | allowed |\n|---|---|---|---|---|\n");
  std::string last;
  for (const Row& row : rows) {
    if (row.suite != last) std::fprintf(out, "| **%s** | | | | |\n", row.suite.c_str());
    last = row.suite;
    std::fprintf(out, "| %s | %s%s | %s | %s | %s |\n", row.what.c_str(),
                 row.kind == "bound" ? "<= " : "", number(row.expected).c_str(),
                 number(row.seen).c_str(), off(row).c_str(), allowed(row).c_str());
  }
}

/// One line a test: how many numbers, and the one that is farthest off.
void write_summary(std::FILE* out, const std::vector<Row>& rows) {
  std::fprintf(out, "| test | numbers | farthest off | error | allowed |\n|---|---|---|---|---|\n");
  for (std::size_t from = 0; from < rows.size();) {
    std::size_t to = from, count = 0;
    const Row* worst = nullptr;
    for (; to < rows.size() && rows[to].suite == rows[from].suite; ++to) {
      if (rows[to].kind == "formula") continue;
      ++count;
      const auto strain = [](const Row& row) {
        return row.kind == "bound" ? row.seen / row.expected
               : row.kind == "factor"
                   ? std::fabs(std::log(row.seen / row.expected)) / std::log(row.limit)
               : row.limit == 0 ? 0
                                : std::fabs(row.error) / row.limit;
      };
      if (worst == nullptr || strain(rows[to]) > strain(*worst)) worst = &rows[to];
    }
    if (worst != nullptr)
      std::fprintf(out, "| %s | %zu | %s: %s%s, got %s | %s | %s |\n", rows[from].suite.c_str(),
                   count, worst->what.c_str(), worst->kind == "bound" ? "at most " : "",
                   number(worst->expected).c_str(), number(worst->seen).c_str(),
                   off(*worst).c_str(), allowed(*worst).c_str());
    from = to;
  }
}

bool write_csv(const std::string& path, const std::vector<Row>& rows) {
  std::ofstream out(path);
  out << "suite,case,kind,expected,simulated,error,allowed\n";
  for (const Row& row : rows)
    out << row.suite << ",\"" << row.what << "\"," << row.kind << ',' << number(row.expected) << ','
        << number(row.seen) << ',' << number(row.error) << ',' << number(row.limit) << '\n';
  return static_cast<bool>(out);
}

bool write_markdown(const std::string& path, const std::vector<Row>& rows) {
  std::FILE* out = std::fopen(path.c_str(), "w");
  if (out == nullptr) return false;
  write_summary(out, rows);
  std::fputs("\n", out);
  write_table(out, rows);
  return std::fclose(out) == 0;
}

}  // namespace

void begin(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--long") == 0) state().effort = Effort::full;
    if (i + 1 == argc) continue;
    if (std::strcmp(argv[i], "--csv") == 0) state().csv = argv[i + 1];
    if (std::strcmp(argv[i], "--markdown") == 0) state().markdown = argv[i + 1];
  }
}

bool finish() {
  const auto& rows = state().rows;
  std::vector<Row> simulated;
  for (const Row& row : rows)
    if (row.kind == "simulated") simulated.push_back(row);
  write_table(stdout, rows);
  std::printf("\n");
  write_summary(stdout, rows);
  const auto worst = std::max_element(
      simulated.begin(), simulated.end(),
      [](const Row& a, const Row& b) { return std::fabs(a.error) < std::fabs(b.error); });
  if (worst != simulated.end())
    std::printf("\nnumbers: %zu (%zu simulated); worst: %s, %s: %s\n", rows.size(),
                simulated.size(), worst->suite.c_str(), worst->what.c_str(),
                per_cent(worst->error).c_str());
  const bool csv = state().csv.empty() || write_csv(state().csv, rows);
  const bool markdown = state().markdown.empty() || write_markdown(state().markdown, rows);
  return csv && markdown;
}

Effort effort() {
  return state().effort;
}

std::uint64_t customers(double rho, double spread) {
  const double idle = 1 - rho;
  const double variance = rho * (2 + 5 * rho - 4 * rho * rho + rho * rho * rho) / std::pow(idle, 4);
  const double wait = rho / idle;
  // 1.96 standard deviations are 1 %.
  const double one_per_cent = std::pow(1.96 / 0.01, 2) * variance / (wait * wait) * spread;
  const double wanted = by_effort(one_per_cent * std::pow(3 / 1.96 / 7, 2), one_per_cent);
  return std::max<std::uint64_t>(by_effort<std::uint64_t>(200'000, 1'000'000),
                                 static_cast<std::uint64_t>(wanted));
}

double usual() {
  return by_effort(0.07, 0.022);
}

void compare(const std::string& what, double expected, double seen, double tolerance) {
  const double error = seen / expected - 1;
  add(what, "simulated", expected, seen, error, tolerance);
  EXPECT_LE(std::fabs(error), tolerance) << what << ": expected " << expected << ", got " << seen;
}

void compare_within(const std::string& what, double expected, double seen, double slack) {
  add(what, "absolute", expected, seen, seen - expected, slack);
  EXPECT_LE(std::fabs(seen - expected), slack)
      << what << ": expected " << expected << ", got " << seen;
}

void compare_factor(const std::string& what, double expected, double seen, double factor) {
  add(what, "factor", expected, seen, seen / expected - 1, factor);
  EXPECT_LE(seen, expected * factor) << what;
  EXPECT_GE(seen, expected / factor) << what;
}

void formula_gives(const std::string& what, double published, double formula, double relative) {
  const double error = formula / published - 1;
  add(what, "formula", published, formula, error, relative);
  EXPECT_LE(std::fabs(error), relative)
      << what << ": published " << published << ", our formula gives " << formula;
}

void never_above(const std::string& what, double bound, double seen) {
  add(what, "bound", bound, seen, 0, 0);
  EXPECT_LE(seen, bound) << what;
}

}  // namespace wanwise::acceptance
