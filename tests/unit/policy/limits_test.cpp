#include "engine/policy/limits.hpp"

#include <gtest/gtest.h>

#include "engine/policy/yaml_reader.hpp"
#include "tests/unit/policy/documents.hpp"

namespace wanwise::policy {
namespace {

std::string repeat(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(Limits, AFileThatIsTooBigIsNotParsed) {
  const std::string text = "a: " + std::string(kMaxFileBytes - 3, 'x');
  Report report;
  EXPECT_TRUE(read_yaml({"f", text}, report).complete);
  EXPECT_EQ(diagnose({{"f", text + 'x'}}),
            "f: the file has 262145 bytes (allowed: at most 262144)\n");
}

TEST(Limits, NestingEndsAtTheNamedDepth) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']') + "\n";
  };
  Report report;
  EXPECT_TRUE(read_yaml({"f", nested(kMaxDepth)}, report).complete);
  EXPECT_FALSE(read_yaml({"f", nested(kMaxDepth + 1)}, report).complete);
  EXPECT_FALSE(read_yaml({"f", std::string(100'000, '[')}, report).complete);
  EXPECT_FALSE(read_yaml({"f", repeat("{a: ", 30'000)}, report).complete);
  EXPECT_FALSE(read_yaml({"f", repeat("- ", 100'000)}, report).complete);
}

TEST(Limits, ValuesInAFileAreCounted) {
  Report report;
  EXPECT_FALSE(read_yaml({"f", "[" + repeat("a,", kMaxNodes + 1) + "]\n"}, report).complete);
  EXPECT_EQ(to_string(report.take()[0]), "f: more than 65536 values in one file");
}

TEST(Limits, DocumentsInAFileAreCounted) {
  EXPECT_EQ(diagnose({{"f", repeat("---\n{}\n", kMaxDocumentsPerFile + 1)}}),
            "f: more than 64 documents in one file\n");
}

TEST(Limits, FilesAreCounted) {
  EXPECT_EQ(diagnose(std::vector<SourceText>(kMaxFiles + 1, {"f", "{}"})),
            "f: more than 256 files\n");
}

TEST(Limits, DiagnosticsEndAtTheNamedNumberAndTheRestIsCounted) {
  std::string text = "wanwise: policy/1\n";
  for (std::size_t i = 0; i < kMaxDiagnostics + 10; ++i) {
    text += "k" + std::to_string(i) + ": 1\n";
  }
  const auto loaded = load({{"f", text}}, kSchemas);
  ASSERT_FALSE(loaded.has_value());
  EXPECT_EQ(loaded.error().size(), kMaxDiagnostics + 1);
  // 510 unknown keys and three missing ones.
  EXPECT_EQ(loaded.error().back().message, "and 13 more diagnostics");
}

TEST(Limits, WhatAUserWroteIsRepeatedOnlyInPart) {
  const std::string told = diagnose_policy(with(valid("policy"), "demo", std::string(5'000, 'x')));
  EXPECT_LT(told.size(), 200U);
}

}  // namespace
}  // namespace wanwise::policy
