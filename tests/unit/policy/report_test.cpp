#include "engine/policy/report.hpp"

#include <gtest/gtest.h>

namespace wanwise::policy {
namespace {

TEST(Report, SortsByFileLineAndColumn) {
  Report report;
  report.add("b", {1, 1}, "", "4");
  report.add("a", {10, 1}, "", "3");
  report.add("a", {2, 9}, "", "2");
  report.add("a", {2, 8}, "", "1");
  std::string order;
  for (const Diagnostic& diagnostic : report.take()) order += diagnostic.message;
  EXPECT_EQ(order, "1234");
}

TEST(Report, KeepsTheFirstFindingAboutAPlace) {
  Report report;
  report.add("a", {1, 1}, "x", "cause");
  report.add("a", {1, 1}, "x", "consequence");
  report.add("a", {1, 1}, "y", "other");
  const auto diagnostics = report.take();
  ASSERT_EQ(diagnostics.size(), 2U);
  EXPECT_EQ(diagnostics[0].message, "cause");
}

TEST(Report, PrintsPlacePathMessageAndWhatIsAllowed) {
  EXPECT_EQ(to_string({"f.yaml", 3, 7, "a/b", "is wrong", "x, y"}),
            "f.yaml:3:7: a/b: is wrong (allowed: x, y)");
  EXPECT_EQ(to_string({"f.yaml", 0, 0, "", "cannot be read", ""}), "f.yaml: cannot be read");
}

TEST(Report, ShowsControlCharactersAndShortensTexts) {
  EXPECT_EQ(in_quotes("a\nb\x1b"), "'a\\x0ab\\x1b'");
  EXPECT_EQ(in_quotes(std::string(100, 'a')), '\'' + std::string(60, 'a') + "...'");
}

TEST(Nearest, FindsSlipsOfTheFinger) {
  const std::vector<std::string> known{"priority", "placement", "port", "model"};
  EXPECT_EQ(nearest("pirority", known), "priority");
  EXPECT_EQ(nearest("Priority", known), "priority");
  EXPECT_EQ(nearest("modle", known), "model");
  EXPECT_EQ(nearest("prot", known), "port");
  EXPECT_EQ(nearest("placment", known), "placement");
  EXPECT_EQ(nearest("fall_back", {"fall-back"}), "fall-back");
}

TEST(Nearest, DoesNotGuessWildly) {
  EXPECT_EQ(nearest("colour", {"priority", "port"}), "");
  EXPECT_EQ(nearest("", {"x"}), "");
  EXPECT_EQ(nearest("%", {"x"}), "");
  EXPECT_EQ(nearest(std::string(1'000, 'a'), {"a"}), "");
}

}  // namespace
}  // namespace wanwise::policy
