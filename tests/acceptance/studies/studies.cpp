// studies [--full] [--update] [--traces DIR] STUDY.yaml...: runs shipped studies and holds their
// results against the `expected.json` beside them, each number within its tolerance and each claim
// with its verdict. Small versions unless --full. --update writes what was found as expected. Exit
// 0 when all is as expected.
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "engine/core/check.hpp"
#include "sim/study/language/read_study.hpp"
#include "sim/study/report/write_results.hpp"
#include "sim/study/runs/run_study.hpp"
#include "sim/trial/trial.hpp"

namespace wanwise::sim {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

/// What is held against expectations, and how far it may be off: another seed moves a ratio by
/// about a point, a mean by some per cent and a tail by twice that.
struct Held {
  const char* metric;
  double relative;
  double absolute;
};
constexpr Held kHeld[]{{"miss-ratio", 0.1, 1.0},
                       {"latency-mean", 0.1, 1.0},
                       {"latency-p99", 0.2, 5.0},
                       {"total-cost", 0.15, 0.05}};

struct Arguments {
  bool full = false, update = false;
  std::string traces;
  std::vector<std::string> studies;
};

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// A folder of its own that goes when this does.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "wanwise-studies-XXXXXX").string();
    WANWISE_CHECK(::mkdtemp(name.data()) != nullptr);
    m_path = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return m_path; }

 private:
  fs::path m_path;
};

/// results.json of the study; null where it did not run, and why is told.
json::value results_of(const std::string& study, const Arguments& arguments) {
  ReadOptions options;
  options.schema_dir = std::string{WANWISE_SOURCE_DIR} + "/yang";
  options.traces_dir = arguments.traces;
  options.small = !arguments.full;
  options.check_policy = check;
  const auto loaded = read_study(study, options);
  if (!loaded) {
    for (const auto& d : loaded.error()) std::printf("%s\n", policy::to_string(d).c_str());
    return nullptr;
  }
  const Folder folder;
  RunStudyOptions run;
  run.dir = folder.path().string();
  run.jobs = std::max(1U, std::thread::hardware_concurrency());
  const auto outcome =
      run_study(*loaded, run, [](const TrialConfig& config) { return run_trial(config); });
  if (!outcome) return std::printf("%s\n", outcome.error().message.c_str()), nullptr;
  const auto written = write_results(outcome->study, outcome->records, run.dir);
  if (!written) return std::printf("%s\n", written.error().message.c_str()), nullptr;
  return json::parse(read_file(folder.path() / "results.json"));
}

json::object found_in(const json::value& results) {
  json::array rows;
  for (const json::value& cell : results.at("cells").as_array()) {
    for (const json::value& policy : cell.at("policies").as_array()) {
      const json::object& metrics = policy.at("parts").as_array().front().at("metrics").as_object();
      json::object row{{"cell", cell.at("levels")}, {"policy", policy.at("policy")}};
      for (const Held& held : kHeld)
        if (const auto* metric = metrics.if_contains(held.metric))
          if (const auto* mean = metric->as_object().if_contains("mean"))
            row[held.metric] = std::round(mean->to_number<double>() * 1e4) / 1e4;
      rows.push_back(std::move(row));
    }
  }
  json::object claims;
  for (const json::value& claim : results.at("claims").as_array())
    claims[claim.at("id").as_string()] = claim.at("verdict");
  return {{"results", std::move(rows)}, {"claims", std::move(claims)}};
}

int compare_rows(const json::array& expected, const json::array& found) {
  if (expected.size() != found.size())
    return std::printf("  %zu rows, expected %zu\n", found.size(), expected.size()), 1;
  int wrong = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const json::object& want = expected[i].as_object();
    const json::object& got = found[i].as_object();
    for (const Held& held : kHeld) {
      const auto* a = want.if_contains(held.metric);
      const auto* b = got.if_contains(held.metric);
      if (a == nullptr && b == nullptr) continue;
      const double x = a != nullptr ? a->to_number<double>() : NAN;
      const double y = b != nullptr ? b->to_number<double>() : NAN;
      if (std::abs(x - y) <= held.relative * std::abs(x) + held.absolute) continue;
      std::printf("  %s %s: %s is %g, expected %g\n", json::serialize(got.at("cell")).c_str(),
                  got.at("policy").as_string().c_str(), held.metric, y, x);
      ++wrong;
    }
  }
  return wrong;
}

int compare_claims(const json::object& expected, const json::object& found) {
  int wrong = 0;
  for (const auto& [id, verdict] : found) {
    const auto* want = expected.if_contains(id);
    if (want != nullptr && *want == verdict) continue;
    std::printf("  claim %s is %s, expected %s\n", std::string{id}.c_str(),
                verdict.as_string().c_str(),
                want != nullptr ? want->as_string().c_str() : "nothing");
    ++wrong;
  }
  return wrong;
}

/// One row a line: a change shows where it is.
std::string print(const json::object& book) {
  std::string text = "{";
  for (const auto& [key, value] : book) {
    text += std::string{text.size() > 1 ? "," : ""} + "\n \"" + std::string{key} +
            "\": {\n  \"claims\": " + json::serialize(value.at("claims")) + ",\n  \"results\": [";
    std::string gap = "\n   ";
    for (const json::value& row : value.at("results").as_array()) {
      text += gap + json::serialize(row);
      gap = ",\n   ";
    }
    text += "]}";
  }
  return text + "\n}\n";
}

int run(const std::string& study, const Arguments& arguments) {
  std::printf("%s (%s)\n", study.c_str(), arguments.full ? "full" : "small");
  const json::value results = results_of(study, arguments);
  if (results.is_null()) return 1;
  const json::object found = found_in(results);
  const fs::path path = fs::path{study}.parent_path() / "expected.json";
  json::object book = fs::exists(path) ? json::parse(read_file(path)).as_object() : json::object{};
  const std::string key = fs::path{study}.stem().string() + (arguments.full ? "" : " --small");
  if (arguments.update) {
    book[key] = found;
    std::ofstream{path, std::ios::binary} << print(book);
    return 0;
  }
  const auto* expected = book.if_contains(key);
  if (expected == nullptr) return std::printf("  nothing is expected of it\n"), 1;
  return compare_rows(expected->at("results").as_array(), found.at("results").as_array()) +
         compare_claims(expected->at("claims").as_object(), found.at("claims").as_object());
}

}  // namespace
}  // namespace wanwise::sim

int main(int argc, char** argv) {
  wanwise::sim::Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--full") {
      arguments.full = true;
    } else if (word == "--update") {
      arguments.update = true;
    } else if (word == "--traces" && i + 1 < argc) {
      arguments.traces = argv[++i];
    } else {
      arguments.studies.push_back(word);
    }
  }
  int wrong = 0;
  for (const std::string& study : arguments.studies) wrong += wanwise::sim::run(study, arguments);
  std::printf("cases: %zu\n", arguments.studies.size());
  return wrong == 0 ? 0 : 1;
}
