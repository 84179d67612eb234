// The only file access of engine/policy.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <system_error>

#include "engine/policy/limits.hpp"
#include "engine/policy/load.hpp"

namespace wanwise::policy {
namespace {

namespace fs = std::filesystem;

class Collector {
 public:
  void add_path(const std::string& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (fs::is_directory(status)) {
      add_folder(path);
    } else if (fs::is_regular_file(status)) {
      add_file(path);
    } else {
      fail(path, fs::exists(status) ? "neither a file nor a folder" : "no such file or folder");
    }
  }

  std::vector<SourceText> texts;
  std::vector<Diagnostic> diagnostics;

 private:
  void fail(const fs::path& path, std::string message) {
    diagnostics.push_back({path.string(), 0, 0, "", std::move(message), ""});
  }

  void add_folder(const fs::path& folder) {
    std::size_t found = 0;
    for (const fs::path& part : {folder, folder / "sites", folder / "profiles"}) {
      std::vector<fs::path> files;
      std::error_code error;
      for (fs::directory_iterator it(part, error), end; !error && it != end; it.increment(error)) {
        std::error_code ignored;
        if (it->path().extension() == ".yaml" && it->is_regular_file(ignored)) {
          files.push_back(it->path());
        }
      }
      const bool optional = part != folder && error == std::errc::no_such_file_or_directory;
      if (error && !optional) fail(part, "cannot be listed: " + error.message());
      std::sort(files.begin(), files.end());
      for (const fs::path& file : files) add_file(file);
      found += files.size();
    }
    if (found == 0) fail(folder, "the folder holds no *.yaml file");
  }

  /// A file that is named twice, say by its folder and by itself, counts once.
  void add_file(const fs::path& path) {
    std::error_code error;
    const fs::path real = fs::canonical(path, error);
    if (!m_seen.insert(error ? path : real).second) return;
    if (texts.size() >= kMaxFiles) {
      if (texts.size() == kMaxFiles && !m_too_many) {
        m_too_many = true;
        fail(path, "more than " + std::to_string(kMaxFiles) + " files");
      }
      return;
    }
    std::ifstream stream(path, std::ios::binary);
    // One byte over the limit is enough for load() to refuse the file.
    std::string text(kMaxFileBytes + 1, '\0');
    if (stream) stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!stream.is_open() || stream.bad()) return fail(path, "cannot be read");
    text.resize(static_cast<std::size_t>(stream.gcount()));
    texts.push_back({path.string(), std::move(text)});
  }

  std::set<fs::path> m_seen;
  bool m_too_many = false;
};

}  // namespace

core::Expected<std::vector<SourceText>, std::vector<Diagnostic>> read_documents(
    const std::vector<std::string>& paths) {
  Collector collector;
  for (const std::string& path : paths) collector.add_path(path);
  if (!collector.diagnostics.empty()) return core::Unexpected{std::move(collector.diagnostics)};
  return std::move(collector.texts);
}

}  // namespace wanwise::policy
