// include_fence ROOT: reads every #include below ROOT and reports each that crosses the dependency
// directions of engine/ARCHITECTURE.md. Exit 0 when none does.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace fs = std::filesystem;

namespace {

/// What files below `folder` may include of ours (path prefixes), and which third-party prefixes
/// they may use.
struct Rule {
  std::string_view folder;
  std::vector<std::string_view> ours;
  std::vector<std::string_view> foreign;
  std::vector<std::string_view> never = {};  ///< of ours, though a prefix above allows it
};

/// The longest matching folder decides.
const std::vector<Rule>& rules() {
  static const std::vector<Rule> table{
      {"engine/core", {"engine/core/"}, {"boost/graph/", "boost/property_map/"}},
      {"engine/core/uplink", {"engine/core/"}, {}, {"engine/core/observe/", "engine/core/decide/"}},
      {"engine/core/observe", {"engine/core/"}, {}, {"engine/core/decide/"}},
      {"engine/policy", {"engine/core/", "engine/policy/"}, {"yaml-cpp/", "libyang/", "fmt/"}},
      {"engine/ports", {"engine/core/", "engine/ports/"}, {}},
      {"engine/runtime",
       {"engine/core/", "engine/ports/", "engine/policy/", "engine/proto/", "engine/runtime/"},
       {"boost/asio", "boost/system", "boost/json", "google/protobuf/", "fmt/"}},
      {"adapters/iosxe",
       {"engine/core/", "engine/ports/", "adapters/iosxe/"},
       {"boost/asio", "boost/system", "libssh/", "libyang/", "nc_client.h", "fmt/"}},
      {"adapters/jetson",
       {"engine/core/", "engine/ports/", "adapters/jetson/"},
       {"boost/asio", "boost/beast", "boost/system", "fmt/"}},
      {"adapters/kubernetes",
       {"engine/core/", "engine/ports/", "adapters/kubernetes/"},
       {"boost/", "openssl/", "yaml-cpp/", "fmt/"}},
      {"adapters/http",
       {"engine/core/", "engine/ports/", "engine/proto/", "adapters/http/"},
       {"boost/", "google/protobuf/", "fmt/"}},
      {"adapters/cli", {"engine/", "adapters/", "sim/"}, {"boost/", "CLI/", "fmt/"}},
      {"sim/world",
       {"engine/core/", "engine/ports/", "engine/policy/", "sim/world/"},
       {"yaml-cpp/", "fmt/", "zlib.h"}},
      {"sim/door",
       {"engine/core/", "engine/ports/", "engine/policy/", "engine/runtime/", "sim/world/",
        "sim/door/"},
       {"boost/asio", "boost/system", "boost/json", "fmt/"}},
      {"sim/router",
       {"engine/core/", "engine/ports/", "engine/policy/", "engine/runtime/", "sim/"},
       {"boost/json", "boost/asio", "boost/system", "libyang/", "libssh/", "libnetconf2/",
        "nc_server.h", "CLI/", "fmt/", "openssl/"}},
      {"sim/study",
       {"engine/core/", "engine/policy/", "sim/world/", "sim/baselines/", "sim/trial/",
        "sim/study/"},
       {"yaml-cpp/", "boost/json", "boost/math", "fmt/"}},
      {"sim",
       {"engine/core/", "engine/ports/", "engine/policy/", "engine/runtime/", "sim/"},
       {"fmt/"}},
  };
  return table;
}

constexpr std::string_view kOurRoots[] = {"engine/", "adapters/", "sim/", "tests/"};
/// Third-party headers this fence watches; everything else is the standard library or POSIX.
constexpr std::string_view kWatched[] = {
    "boost/",   "yaml-cpp/", "libyang/", "libssh/", "libnetconf2/", "nc_server.h", "nc_client.h",
    "openssl/", "CLI/",      "fmt/",     "spdlog/", "google/",      "zlib.h",      "benchmark/"};

template <class Range>
bool starts_with_any(std::string_view text, const Range& prefixes) {
  return std::any_of(std::begin(prefixes), std::end(prefixes),
                     [&](std::string_view prefix) { return text.starts_with(prefix); });
}

const Rule* rule_for(std::string_view file) {
  const Rule* best = nullptr;
  for (const Rule& rule : rules()) {
    const bool inside =
        file.starts_with(rule.folder) && file.substr(rule.folder.size()).starts_with('/');
    if (inside && (best == nullptr || rule.folder.size() > best->folder.size())) best = &rule;
  }
  return best;
}

/// The included path of an #include line, without its brackets; empty for other lines.
std::string_view included_path(std::string_view line) {
  const auto hash = line.find_first_not_of(" \t");
  if (hash == std::string_view::npos || line[hash] != '#') return {};
  const auto word = line.find("include", hash);
  if (word == std::string_view::npos) return {};
  const auto open = line.find_first_of("<\"", word);
  if (open == std::string_view::npos) return {};
  const auto close = line.find_first_of(">\"", open + 1);
  return close == std::string_view::npos ? std::string_view{}
                                         : line.substr(open + 1, close - open - 1);
}

bool allowed(const Rule& rule, std::string_view path) {
  if (starts_with_any(path, kOurRoots)) {
    return starts_with_any(path, rule.ours) && !starts_with_any(path, rule.never);
  }
  if (starts_with_any(path, kWatched)) return starts_with_any(path, rule.foreign);
  return true;
}

int check_file(const fs::path& root, const std::string& file) {
  const Rule* rule = rule_for(file);
  if (rule == nullptr) return 0;
  std::ifstream in(root / file);
  int broken = 0;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const std::string_view path = included_path(line);
    if (path.empty() || allowed(*rule, path)) continue;
    std::printf("%s:%d: %s may not include %s\n", file.c_str(), number,
                std::string{rule->folder}.c_str(), std::string{path}.c_str());
    ++broken;
  }
  return broken;
}

}  // namespace

int main(int argc, char** argv) {
  const fs::path root = argc > 1 ? argv[1] : ".";
  std::vector<std::string> files;
  for (const char* top : {"engine", "adapters", "sim"}) {
    if (!fs::exists(root / top)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      const auto extension = entry.path().extension();
      if (extension == ".hpp" || extension == ".cpp") {
        files.push_back(fs::relative(entry.path(), root).generic_string());
      }
    }
  }
  std::sort(files.begin(), files.end());
  int broken = 0;
  for (const std::string& file : files) broken += check_file(root, file);
  std::printf("files: %zu, broken rules: %d\n", files.size(), broken);
  return files.empty() || broken > 0 ? 1 : 0;
}
