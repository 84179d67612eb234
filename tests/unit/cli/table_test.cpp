#include "adapters/cli/table.hpp"

#include <gtest/gtest.h>

namespace wanwise::cli {
namespace {

TEST(Table, LinesUpByWhatIsSeenNotByBytes) {
  EXPECT_EQ(table({{"≤ 100 ms", "x"}, {"é", "", "z"}, {"a"}}, 2, {}),
            "  ≤ 100 ms  x\n"
            "  é            z\n"
            "  a\n");
}

TEST(Table, ColourDoesNotMoveAnything) {
  EXPECT_EQ(table({{Cell{"up", Tone::good}, "x"}, {Cell{"down", Tone::bad}, "y"}}, 0, {true}),
            "\x1b[32mup\x1b[0m    x\n"
            "\x1b[31mdown\x1b[0m  y\n");
}

TEST(Table, NoColourUnlessAsked) {
  EXPECT_EQ(painted("up", Tone::good, {}), "up");
  EXPECT_EQ(painted("up", Tone::plain, {true}), "up");
}

TEST(Plain, ATerminalObeysNothingInIt) {
  EXPECT_EQ(plain("bad\x1b[2J"), "bad?[2J");
  EXPECT_EQ(plain("two\nlines\tand\rmore"), "two lines and more");
  EXPECT_EQ(plain("\xc2\x9b"
                  "31m"),
            "?31m");  // C1's CSI
  EXPECT_EQ(plain("\xff\x7f"), "??");
  EXPECT_EQ(plain("≤ é \xc2\xb5s"), "≤ é µs");
}

TEST(Table, EmptyIsEmpty) {
  EXPECT_EQ(table({}, 2, {}), "");
}

}  // namespace
}  // namespace wanwise::cli
