#include "adapters/http/utf8.hpp"

#include <gtest/gtest.h>

namespace wanwise::http {
namespace {

TEST(Utf8, KeepsWellFormedText) {
  EXPECT_EQ(valid_utf8("≤ 100 ms, é, \xf0\x9f\x93\xa1"), "≤ 100 ms, é, \xf0\x9f\x93\xa1");
  EXPECT_EQ(valid_utf8(""), "");
}

TEST(Utf8, ReplacesEachByteThatBelongsToNoSequence) {
  const std::string mark = "\xef\xbf\xbd";
  EXPECT_EQ(valid_utf8("a\xff"
                       "b"),
            "a" + mark + "b");
  EXPECT_EQ(valid_utf8("\xc3"), mark);                                   // cut off
  EXPECT_EQ(valid_utf8("\xe2\x89"), mark + mark);                        // cut off
  EXPECT_EQ(valid_utf8("\xc0\xaf"), mark + mark);                        // overlong
  EXPECT_EQ(valid_utf8("\xed\xa0\x80"), mark + mark + mark);             // surrogate
  EXPECT_EQ(valid_utf8("\xf4\x90\x80\x80"), mark + mark + mark + mark);  // above U+10FFFF
}

}  // namespace
}  // namespace wanwise::http
