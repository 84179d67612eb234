#include "sim/study/report/write_results.hpp"

#include <filesystem>
#include <fstream>

#include "sim/study/report/csv_files.hpp"
#include "sim/study/report/report_html.hpp"
#include "sim/study/report/results_json.hpp"
#include "sim/study/statistics/analysis.hpp"

namespace wanwise::sim {
namespace {

namespace fs = std::filesystem;

/// Under another name first: who looks meanwhile never reads half a file.
core::Expected<void> write_file(const fs::path& path, const std::string& text) {
  fs::path part = path;
  part += ".part";
  std::ofstream out(part, std::ios::binary | std::ios::trunc);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (!out) return core::fail("write-failed", "can not write " + part.string());
  std::error_code error;
  fs::rename(part, path, error);
  if (error) return core::fail("write-failed", path.string() + ": " + error.message());
  return {};
}

}  // namespace

core::Expected<void> write_results(const Study& study, const std::vector<RunRecord>& runs,
                                   const std::string& dir, const Provenance& provenance) {
  const auto samples = Samples::arrange(study, runs);
  if (!samples) return core::Unexpected{samples.error()};
  const auto analysis = analyse(*samples);
  if (!analysis) return core::Unexpected{analysis.error()};
  std::error_code error;
  fs::create_directories(dir, error);
  if (error) return core::fail("write-failed", dir + ": " + error.message());
  const std::pair<const char*, std::string> files[] = {
      {"results.json", results_json(*analysis, provenance)},
      {"runs.csv", runs_csv(*analysis)},
      {"summary.csv", summary_csv(*analysis)},
      {"per_class.csv", per_class_csv(*analysis)},
      {"cdf.csv", cdf_csv(*analysis)},
      {"timeline.csv", timeline_csv(*analysis)},
      {"report.html", report_html(*analysis, provenance)},
  };
  for (const auto& [name, text] : files) {
    if (auto written = write_file(fs::path{dir} / name, text); !written) {
      return core::Unexpected{written.error()};
    }
  }
  return {};
}

}  // namespace wanwise::sim
