// `wanwise study`: reads, runs or merges, and says where the results are.
#include "sim/study/runs/run_study.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <csignal>
#include <thread>

#include "adapters/cli/commands.hpp"
#include "adapters/cli/input.hpp"
#include "adapters/cli/study_progress.hpp"
#include "adapters/cli/table.hpp"
#include "sim/study/language/read_study.hpp"
#include "sim/study/report/write_results.hpp"
#include "sim/study/statistics/metrics.hpp"
#include "sim/trial/trial.hpp"

namespace wanwise::cli {
namespace {

namespace json = boost::json;

std::atomic<bool> g_stop = false;
static_assert(std::atomic<bool>::is_always_lock_free);

/// The first interrupt lets the runs that are under way end; the next one is the system's.
extern "C" void on_interrupt(int signal) {
  g_stop = true;
  std::signal(signal, SIG_DFL);
}

void print_notes(const std::vector<std::string>& notes) {
  for (const std::string& note : notes) fmt::print(stderr, "note: {}\n", plain(note));
}

std::string cells_text(const sim::Study& study) {
  std::string text =
      fmt::format("{} cell{}", study.cells().size(), study.cells().size() == 1 ? "" : "s");
  for (const sim::Factor& factor : study.factors)
    text += fmt::format(", {} {}", factor.name, factor.levels.size());
  return text;
}

int write_report(const Common& common, const sim::StudyOutcome& outcome, const std::string& dir) {
  const auto written = sim::write_results(outcome.study, outcome.records, dir);
  if (!written) return print_error(written.error()), kFailed;
  const sim::Study& study = outcome.study;
  if (common.json) {
    const json::object object{{"study", study.name},
                              {"hash", study.hash},
                              {"runs", outcome.records.size()},
                              {"complete", true},
                              {"results", dir + "/results.json"},
                              {"report", dir + "/report.html"}};
    fmt::print("{}\n", json::serialize(object));
    return kOk;
  }
  fmt::print("study {}, inputs {}: {} runs ({}; {} policies, {} seeds), warm-up {} s of {} s\n",
             study.name, study.hash, outcome.records.size(), cells_text(study),
             study.policies.size(), study.seeds.size(), study.warm_up.count / 1'000'000,
             study.horizon.count / 1'000'000);
  fmt::print("report:  {0}/report.html\nnumbers: {0}/results.json\n", dir);
  return kOk;
}

int say_part(const Common& common, const sim::StudyOutcome& outcome, const StudyOptions& options) {
  const sim::Study& study = outcome.study;
  if (common.json) {
    const json::object object{{"study", study.name},
                              {"hash", study.hash},
                              {"shard", options.shard},
                              {"runs", outcome.records.size()},
                              {"complete", !outcome.stopped}};
    fmt::print("{}\n", json::serialize(object));
  } else {
    fmt::print("shard {} of study {} is complete: {} runs in {}\n", options.shard, study.name,
               outcome.records.size(), options.out);
    fmt::print("when all are: wanwise study merge DIR... --out DIR\n");
  }
  return kOk;
}

}  // namespace

int study(const Common& common, const StudyOptions& options) {
  const auto shard = sim::parse_shard(options.shard.empty() ? "1/1" : options.shard);
  if (!shard) return print_error(shard.error()), kUsage;
  const sim::ReadOptions read{.schema_dir = common.yang_dir,
                              .traces_dir = options.traces,
                              .small = options.small,
                              .check_policy = sim::check,
                              .check_metric = [](const std::string& text) -> core::Expected<void> {
                                if (const auto metric = sim::parse_metric(text); !metric)
                                  return core::Unexpected{metric.error()};
                                return {};
                              }};
  const auto loaded = sim::read_study(options.study, read);
  if (!loaded) return print_diagnostics(loaded.error()), kFailed;
  print_notes(loaded->notes);

  const auto cores = std::max(1U, std::thread::hardware_concurrency());
  StudyProgressPrinter printer(::isatty(STDERR_FILENO) == 1);
  const sim::RunStudyOptions run{
      .dir = options.out,
      .shard = *shard,
      .jobs = options.jobs > 0 ? static_cast<std::size_t>(options.jobs) : cores,
      .stop = &g_stop,
      .progress = [&](const sim::StudyProgress& progress) { printer.show(progress); }};
  std::signal(SIGINT, on_interrupt);
  std::signal(SIGTERM, on_interrupt);
  // A limit on file sizes shall be told like a full disk.
  std::signal(SIGXFSZ, SIG_IGN);
  const auto outcome = sim::run_study(
      *loaded, run, [](const sim::TrialConfig& config) { return sim::run_trial(config); });
  printer.end();
  if (!outcome) return print_error(outcome.error()), kFailed;
  print_notes(outcome->notes);
  if (outcome->stopped) {
    fmt::print(stderr,
               "wanwise: interrupted: what is done is kept in {}; the same command goes on from "
               "there\n",
               options.out);
    return kFailed;
  }
  if (shard->of > 1) return say_part(common, *outcome, options);
  return write_report(common, *outcome, options.out);
}

int study_merge(const Common& common, const StudyMergeOptions& options) {
  const auto outcome = sim::merge_study(options.dirs, options.out);
  if (!outcome) return print_error(outcome.error()), kFailed;
  print_notes(outcome->notes);
  return write_report(common, *outcome, options.out);
}

int study_policies(const Common& common) {
  if (common.json) {
    json::array all;
    for (const sim::PolicyEntry& entry : sim::catalogue()) {
      json::array parameters;
      for (const sim::PolicyParameter& parameter : entry.parameters)
        parameters.push_back(
            {{"name", parameter.name}, {"standard", parameter.standard}, {"says", parameter.says}});
      all.push_back({{"name", entry.name},
                     {"stands_for", entry.stands_for},
                     {"citation", entry.citation},
                     {"parameters", std::move(parameters)}});
    }
    fmt::print("{}\n", json::serialize(all));
    return kOk;
  }
  for (const sim::PolicyEntry& entry : sim::catalogue()) {
    fmt::print("{}\n  {}\n  source: {}\n", entry.name, entry.stands_for, entry.citation);
    std::vector<Row> rows;
    for (const sim::PolicyParameter& parameter : entry.parameters)
      rows.push_back({parameter.name, parameter.standard, parameter.says});
    fmt::print("{}\n", table(rows, 4, Style{common.colour}));
  }
  return kOk;
}

}  // namespace wanwise::cli
