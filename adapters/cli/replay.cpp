#include "engine/runtime/replay.hpp"

#include <fmt/core.h>

#include <fstream>

#include "adapters/cli/commands.hpp"
#include "adapters/cli/input.hpp"
#include "engine/runtime/summary.hpp"

namespace wanwise::cli {
namespace {

void print_report(const runtime::ReplayReport& report) {
  fmt::print("journal of site {}, recorded by wanwise {}: {} events, {} steps{}\n",
             report.site.text, report.recorded_by, report.events, report.steps,
             report.truncated ? ", ends inside a record"
             : report.closed  ? ""
                              : ", not closed");
  if (report.equal()) {
    fmt::print("replay: every digest equal, the last is {:016x}\n", report.digest);
    return;
  }
  const runtime::Difference& difference = *report.first_difference;
  fmt::print("replay: differs at record {} ({:.3f} s): recorded {:016x}, replayed {:016x}: {}\n",
             difference.record, static_cast<double>(difference.at.micros) / 1e6,
             difference.recorded_digest, difference.replayed_digest, difference.detail);
}

}  // namespace

int replay(const Common& common, const ReplayOptions& options) {
  const auto report = runtime::replay_file(options.journal, common.yang_dir);
  if (!report) return print_error(report.error()), kFailed;
  const auto summary = runtime::summarise_file(options.journal);
  if (!summary) return print_error(summary.error()), kFailed;
  const std::string json = runtime::to_json(*summary, report->equal());
  if (!options.summary_file.empty()) {
    std::ofstream out(options.summary_file);
    out << json << '\n';
    if (!out.flush()) {
      print_error({"write-failed", options.summary_file + " cannot be written"});
      return kFailed;
    }
  }
  if (common.json) {
    fmt::print("{}\n", json);
  } else {
    fmt::print("{}", runtime::to_text(*summary, report->equal()));
    print_report(*report);
  }
  return report->equal() ? kOk : kFailed;
}

}  // namespace wanwise::cli
