#include <gtest/gtest.h>

#include "engine/policy/yaml_reader.hpp"

namespace wanwise::policy {
namespace {

TEST(ImplicitType, KnowsTheWordsThatYamlTakesForBooleans) {
  for (const char* word : {"y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No", "NO", "true",
                           "True", "false", "FALSE", "on", "On", "OFF", "off"}) {
    EXPECT_EQ(implicit_type(word), "a boolean") << word;
  }
}

TEST(ImplicitType, KnowsTheFormsThatYamlTakesForNumbers) {
  for (const char* text :
       {"0",     "7",    "-7",   "+7",    "010",      "0o17",        "0x1f",  "0b101",
        "1_000", "1.5",  "1.",   ".5",    "1e3",      "1.5e-3",      "-.inf", ".inf",
        ".INF",  ".nan", ".NaN", "12:30", "12:30:45", "190:20:30.15"}) {
    EXPECT_EQ(implicit_type(text), "a number") << text;
  }
}

TEST(ImplicitType, KnowsDates) {
  for (const char* text : {"2026-11-01", "2026-1-1", "2026-11-01T10:00:00Z", "2026-11-01 10:00"}) {
    EXPECT_EQ(implicit_type(text), "a date") << text;
  }
}

TEST(ImplicitType, LeavesPlainTextsAlone) {
  for (const char* text : {"", "nobody", "yes-man", "resnet-50-v1", "policy/1", "1x", "100ms",
                           "192.168.50.0/24", "203.0.113.10", "0x", "1-2", "MAX-N", "e3", "."}) {
    EXPECT_EQ(implicit_type(text), "") << text;
  }
}

}  // namespace
}  // namespace wanwise::policy
