#include "engine/policy/yaml_reader.hpp"

#include <gtest/gtest.h>

namespace wanwise::policy {
namespace {

/// All findings, one line each.
std::string findings(const std::string& text) {
  Report report;
  (void)read_yaml({"f", text}, report);
  std::string told;
  for (const Diagnostic& diagnostic : report.take()) told += to_string(diagnostic) + '\n';
  return told;
}

YamlFile read(const std::string& text) {
  Report report;
  YamlFile file = read_yaml({"f", text}, report);
  EXPECT_EQ(report.size(), 0U) << text;
  return file;
}

TEST(YamlReader, KeepsTheOrderPlaceAndQuotingOfEverything) {
  const YamlFile file = read("a: 1\nb:\n  - x\n  - 'y'\nc: {d: \"e\"}\n");
  ASSERT_EQ(file.documents.size(), 1U);
  const YamlNode& root = file.documents[0];
  ASSERT_EQ(root.items.size(), 3U);
  EXPECT_EQ(root.items[0].key, "a");
  EXPECT_TRUE(root.items[0].plain);
  const YamlNode& list = *root.find("b");
  ASSERT_EQ(list.items.size(), 2U);
  EXPECT_EQ(list.items[1].text, "y");
  EXPECT_FALSE(list.items[1].plain);
  EXPECT_EQ(list.items[1].mark.line, 4);
  EXPECT_EQ(list.items[1].mark.column, 5);
  EXPECT_EQ(root.find("c")->find("d")->mark.column, 8);
  EXPECT_EQ(root.find("z"), nullptr);
}

TEST(YamlReader, CountsColumnsInBytesAfterOtherAlphabets) {
  const YamlFile file = read("{n: \"\xc3\xbc\", a: 1}\n");
  EXPECT_EQ(file.documents[0].find("a")->key_mark.column, 11);
}

TEST(YamlReader, ReadsSeveralDocuments) {
  const YamlFile file = read("---\na: 1\n---\nb: 2\n...\n");
  ASSERT_EQ(file.documents.size(), 2U);
  EXPECT_NE(file.documents[1].find("b"), nullptr);
}

TEST(YamlReader, TakesWindowsLinesAndAByteOrderMark) {
  const YamlFile file = read(
      "\xef\xbb\xbf"
      "a: 1\r\nb: 2\r\n");
  EXPECT_EQ(file.documents[0].find("b")->key_mark.line, 2);
  EXPECT_EQ(file.documents[0].find("a")->text, "1");
}

TEST(YamlReader, NeverGuessesTypes) {
  const YamlFile file = read("a: no\nb: 010\nc: 0x1f\nd: 1_000\ne: .inf\n");
  const std::vector<std::string> texts{"no", "010", "0x1f", "1_000", ".inf"};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(file.documents[0].items[i].kind, YamlNode::Kind::scalar);
    EXPECT_EQ(file.documents[0].items[i].text, texts[i]);
  }
}

TEST(YamlReader, TellsNoValueFromAnEmptyText) {
  const YamlFile file = read("a:\nb: ~\nc: null\nd: ''\n");
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(file.documents[0].items[i].kind, YamlNode::Kind::null);
    EXPECT_EQ(file.documents[0].items[i].mark.line, static_cast<int>(i) + 1);
  }
  EXPECT_EQ(file.documents[0].items[3].kind, YamlNode::Kind::scalar);
}

TEST(YamlReader, RefusesAnchorsAliasesAndMergeKeys) {
  EXPECT_EQ(findings("a: &x 1\nb: 2\n"), "f:1:4: anchor 'x' is not allowed\n");
  EXPECT_EQ(findings("a: &x [1]\nb: *x\n"),
            "f:1:4: anchor 'x' is not allowed\n"
            "f:2:4: aliases are not allowed; write the value again\n");
  EXPECT_EQ(findings("a: {<<: {b: 1}}\n"),
            "f:1:5: merge key '<<' is not allowed; write the keys again\n");
  EXPECT_EQ(findings("a: *nobody\n"), "f:1:4: not YAML: the referenced anchor is not defined\n");
}

TEST(YamlReader, AnAliasInsideItsOwnAnchorEnds) {
  EXPECT_EQ(findings("a: &x [*x, *x]\n"),
            "f:1:4: anchor 'x' is not allowed\n"
            "f:1:8: aliases are not allowed; write the value again\n"
            "f:1:12: aliases are not allowed; write the value again\n");
}

TEST(YamlReader, ABombOfAliasesCostsNothing) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 30; ++i) {
    const std::string last = std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 9; ++j) bomb += "*a" + last + (j < 8 ? ", " : "]\n");
  }
  EXPECT_NE(findings(bomb).find("aliases are not allowed"), std::string::npos);
}

TEST(YamlReader, RefusesTags) {
  EXPECT_EQ(findings("a: !!int 3\n"), "f:1:4: tag 'tag:yaml.org,2002:int' is not allowed\n");
  EXPECT_EQ(findings("a: !mine {b: 1}\n"), "f:1:4: tag '!mine' is not allowed\n");
}

TEST(YamlReader, RefusesDuplicateAndNonScalarKeys) {
  EXPECT_EQ(findings("a: 1\nb: 2\na: 3\n"), "f:3:1: duplicate key 'a', first on line 1\n");
  const std::string no_word = ": a key must be a word, not a list, a mapping or null\n";
  EXPECT_EQ(findings("? [a, b]\n: 1\n"), "f:1:3" + no_word);
  EXPECT_EQ(findings("{{a: b}: 1}\n"), "f:1:2" + no_word);
  EXPECT_EQ(findings("~: 1\n"), "f:1:1" + no_word);
}

TEST(YamlReader, KeepsTheFirstOfTwoEqualKeys) {
  Report report;
  const YamlFile file = read_yaml({"f", "a: 1\na: 2\n"}, report);
  ASSERT_EQ(file.documents[0].items.size(), 1U);
  EXPECT_EQ(file.documents[0].items[0].text, "1");
}

TEST(YamlReader, RefusesTabsThatIndent) {
  EXPECT_EQ(findings("a:\n\tb: 1\n"), "f:2:1: a tab in the indentation; use spaces\n");
  EXPECT_EQ(findings("a:\n  \tb: 1\n\tc: 2\n"),
            "f:2:3: a tab in the indentation; use spaces\n"
            "f:3:1: a tab in the indentation; use spaces\n");
  EXPECT_EQ(findings("a: 1\t# a tab before a comment\n"), "");
}

TEST(YamlReader, RefusesBytesThatAreNoText) {
  EXPECT_EQ(findings(std::string("a: x\0y\n", 7)), "f:1:5: a control character, 0x00\n");
  EXPECT_EQ(findings("a: \x1b[0m\n"), "f:1:4: a control character, 0x1b\n");
  EXPECT_EQ(findings("a: 1\rb: 2\n"), "f:1:5: a carriage return without a line feed\n");
  const std::string no_utf8 = ": a byte that is no UTF-8\n";
  for (const char* bytes : {"\xff", "\xc0\xaf", "\xc3", "\xe0\x80\xaf", "\xed\xa0\x80",
                            "\xf4\x90\x80\x80", "\xf0\x80\x80\x80", "\x80"}) {
    EXPECT_EQ(findings("a: " + std::string{bytes} + "\n"), "f:1:4" + no_utf8);
  }
  EXPECT_EQ(findings("a: \xf0\x9f\x9a\xa2\n"), "");
}

TEST(YamlReader, RefusesDirectives) {
  EXPECT_EQ(findings("%YAML 1.1\n---\na: 1\n"), "f:1:1: YAML directives are not allowed\n");
}

TEST(YamlReader, EndsAtTheFirstWrongSyntaxWithItsPlace) {
  for (const char* text : {"a: [1, 2\n", "a: {b: 1\n", "a: 1\n b: 2\n", "- a\nb: 1\n", "a: ]\n"}) {
    Report report;
    EXPECT_FALSE(read_yaml({"f", text}, report).complete) << text;
    EXPECT_EQ(report.size(), 1U) << text;
  }
}

TEST(YamlReader, WantsAQuoteClosedOnItsLine) {
  const std::string told = "f:1:4: a quoted text must end on its line; is a quote missing?\n";
  EXPECT_EQ(findings("a: \"b\nc: d\n"), told);
  EXPECT_EQ(findings("a: 'b''\nc: d'\n"), told);
  EXPECT_EQ(findings("a: \"b\\\"\nc: d\"\n"), told);
  EXPECT_EQ(findings("a: 'it''s'\nb: \"\\\"\"\n"), "");
}

TEST(YamlReader, RefusesFilesWithoutADocument) {
  EXPECT_EQ(findings(""), "f: the file holds no document\n");
  EXPECT_EQ(findings("# nothing\n"), "f: the file holds no document\n");
}

}  // namespace
}  // namespace wanwise::policy
