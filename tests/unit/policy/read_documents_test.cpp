#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "engine/policy/limits.hpp"
#include "tests/unit/policy/documents.hpp"

namespace wanwise::policy {
namespace {

namespace fs = std::filesystem;

/// A folder of its own for each test.
class ReadDocuments : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "wanwise-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_root = pattern;
  }
  void TearDown() override { fs::remove_all(m_root); }

  void write(const fs::path& name, const std::string& text = "x") {
    fs::create_directories((m_root / name).parent_path());
    std::ofstream{m_root / name} << text;
  }

  /// Names below the folder, or the diagnostics.
  std::string read(const std::vector<std::string>& names) {
    std::vector<std::string> paths;
    for (const std::string& name : names) paths.push_back((m_root / name).string());
    const auto texts = read_documents(paths);
    std::string told;
    if (texts) {
      for (const auto& text : *texts) told += fs::relative(text.file, m_root).string() + ' ';
    } else {
      for (const auto& d : texts.error()) {
        told += fs::relative(d.file, m_root).string() + ": " + d.message + '\n';
      }
    }
    return told;
  }

  fs::path m_root;
};

TEST_F(ReadDocuments, AFolderIsItsFilesThenItsSitesThenItsProfiles) {
  write("p/b.yaml");
  write("p/a.yaml");
  write("p/notes.txt");
  write("p/sites/s.yaml");
  write("p/profiles/f.yaml");
  write("p/invalid/001-x.yaml");
  EXPECT_EQ(read({"p"}), "p/a.yaml p/b.yaml p/sites/s.yaml p/profiles/f.yaml ");
}

TEST_F(ReadDocuments, AFileIsItselfWhateverItsName) {
  write("notes.txt", "hello");
  EXPECT_EQ(read({"notes.txt"}), "notes.txt ");
}

TEST_F(ReadDocuments, AFileThatIsNamedTwiceIsReadOnce) {
  write("p/a.yaml");
  fs::create_symlink(m_root / "p/a.yaml", m_root / "p/b.yaml");
  EXPECT_EQ(read({"p", "p/a.yaml", "p/../p/a.yaml"}), "p/a.yaml ");
}

TEST_F(ReadDocuments, WhatIsNotThereIsToldAllAtOnce) {
  fs::create_directories(m_root / "empty");
  EXPECT_EQ(read({"no", "empty", "nor"}),
            "no: no such file or folder\nempty: the folder holds no *.yaml file\n"
            "nor: no such file or folder\n");
}

TEST_F(ReadDocuments, DevicesAreNotRead) {
  const auto texts = read_documents({"/dev/zero"});
  ASSERT_FALSE(texts.has_value());
  EXPECT_EQ(texts.error()[0].message, "neither a file nor a folder");
}

TEST_F(ReadDocuments, AHugeFileIsReadOnlyAsFarAsItTakesToRefuseIt) {
  write("huge.yaml", std::string(4 * kMaxFileBytes, '#'));
  const auto texts = read_documents({(m_root / "huge.yaml").string()});
  ASSERT_TRUE(texts.has_value());
  EXPECT_EQ((*texts)[0].text.size(), kMaxFileBytes + 1);
  EXPECT_FALSE(load(*texts, kSchemas).has_value());
}

TEST_F(ReadDocuments, TooManyFilesAreOneDiagnostic) {
  for (std::size_t i = 0; i < kMaxFiles + 3; ++i) {
    write("p/" + std::to_string(1'000 + i) + ".yaml");
  }
  EXPECT_EQ(read({"p"}), "p/1256.yaml: more than 256 files\n");
}

}  // namespace
}  // namespace wanwise::policy
