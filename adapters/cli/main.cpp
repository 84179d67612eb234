// `wanwise`: the command line. Fills the option structs of commands.hpp and gives back the
// subcommand's exit code.
#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdlib>
#include <exception>

#include "adapters/cli/commands.hpp"
#include "adapters/cli/trace_commands.hpp"
#include "adapters/cli/version.hpp"
#include "sim/study/runs/run_study.hpp"

namespace wanwise::cli {
namespace {

struct Arguments {
  Common common;
  std::string output = "text";
  ValidateOptions validate;
  RunOptions run;
  PlanOptions plan;
  DoctorOptions doctor;
  RemoveOptions remove;
  ReplayOptions replay;
  StudyOptions study;
  StudyMergeOptions merge;
  TraceOptions trace;
  http::Endpoint daemon;
  std::string workload;
  std::string target;
  std::string link;
  std::string used;
  std::string left;
  bool undo_drain = false;
};

void add_site_choice(CLI::App& command, SiteChoice& choice) {
  command
      .add_option("-p,--policy", choice.paths,
                  "policy, site and profile documents, or folders of them")
      ->required();
  command.add_option("--site", choice.site, "which site, where the documents describe several");
}

void add_daemon(CLI::App& command, http::Endpoint& daemon) {
  command.add_option("--host", daemon.host, "where `wanwise run` serves its API")
      ->capture_default_str();
  command.add_option("--port", daemon.port, "its port")->capture_default_str();
}

void add_run(CLI::App& app, Arguments& a) {
  CLI::App* run = app.add_subcommand("run", "the daemon: read, decide, act");
  add_site_choice(*run, a.run.choice);
  run->add_option("--journal", a.run.journal, "record every event and step in this file");
  run->add_option("--state", a.run.state,
                  "folder that keeps what the links' data plans have used over restarts")
      ->check(CLI::ExistingDirectory);
  run->add_option("--api-address", a.run.api_address, "address of the northbound API")
      ->capture_default_str();
  run->add_option("--api-port", a.run.api_port, "its port; 0: any free")->capture_default_str();
  run->add_option("--ready-file", a.run.ready_file, "write this JSON file once the engine acts");
  run->add_option("--seconds", a.run.seconds, "stop after this many seconds")
      ->check(CLI::PositiveNumber);
  run->add_flag("--timeline", a.run.timeline, "print what happens, a line each");
}

void add_study(CLI::App& app, Arguments& a) {
  CLI::App* study = app.add_subcommand(
      "study", "compare policies on simulated sites, with statistics and a report");
  study->footer(
      "The same command goes on with a study that was interrupted. Shards of one study, say on\n"
      "several machines, are put together by `wanwise study merge`.");
  study->require_subcommand(0, 1);
  study->add_option("STUDY", a.study.study, "what is compared, a YAML file");
  study->add_option("--out", a.study.out, "folder of records and results; kept and gone on with");
  study->add_option("--jobs", a.study.jobs, "runs at a time; default: one a core")
      ->check(CLI::Range(std::int64_t{1}, static_cast<std::int64_t>(sim::kMaxJobs)));
  study->add_option("--shard", a.study.shard, "i/n: only this part of the runs");
  study->add_flag("--small", a.study.small, "the study's own small version");
  study->add_option("--traces", a.study.traces, "folder that 'traces:' in the study stands for");
  CLI::App* merge = study->add_subcommand("merge", "put the shards of a study together");
  merge->add_option("DIR", a.merge.dirs, "folders that `wanwise study --shard` wrote")->required();
  merge->add_option("--out", a.merge.out, "folder of the results")->required();
  study->add_subcommand("list-policies", "what a study can compare");
}

/// Options of the study itself mean nothing beside merge and list-policies.
bool has_idle_option(const CLI::App& study_app) {
  for (const CLI::Option* option : study_app.get_options()) {
    if (option->count() == 0) continue;
    fmt::print(stderr, "wanwise study: {} has no effect here\n", option->get_name());
    return true;
  }
  return false;
}

int dispatch_study(const CLI::App& study_app, const Arguments& a) {
  const bool merge = study_app.got_subcommand("merge");
  const bool list = study_app.got_subcommand("list-policies");
  if ((merge || list) && has_idle_option(study_app)) return kUsage;
  if (list) return study_policies(a.common);
  if (merge) return study_merge(a.common, a.merge);
  if (!a.study.study.empty() && !a.study.out.empty()) return study(a.common, a.study);
  fmt::print(stderr, "wanwise study: {} is required\nRun with --help for more information.\n",
             a.study.study.empty() ? "STUDY" : "--out");
  return kUsage;
}

void add_subcommands(CLI::App& app, Arguments& a) {
  CLI::App* validate = app.add_subcommand("validate", "check documents; every mistake at once");
  validate->add_option("PATH", a.validate.paths, "files or folders")->required();
  validate->add_flag("--strict", a.validate.strict, "warnings fail too");
  CLI::App* plan =
      app.add_subcommand("plan", "what `run` would do first; exit 3 when that is something");
  add_site_choice(*plan, a.plan.choice);
  plan->add_option("--edit-config", a.plan.edit_config_dir,
                   "write each router's XML into this folder");
  plan->add_option("--patience", a.plan.patience_s, "seconds to wait for the site")
      ->capture_default_str();
  plan->add_flag("--remove", a.plan.remove, "plan the removal of everything that is wanwise's");
  plan->add_flag("--commands", a.plan.commands, "tell what routers get as IOS commands");
  add_run(app, a);
  CLI::App* remove = app.add_subcommand(
      "remove", "take everything of wanwise's off the routers; stop `run` first");
  add_site_choice(*remove, a.remove.choice);
  remove->add_option("--patience", a.remove.patience_s, "seconds to wait for the routers")
      ->check(CLI::PositiveNumber);

  CLI::App* doctor = app.add_subcommand("doctor", "what this site can and cannot do for wanwise");
  add_site_choice(*doctor, a.doctor.choice);
  doctor->add_flag("--bootstrap", a.doctor.bootstrap,
                   "print the IOS XE commands that prepare the routers, and ask nobody");
  doctor->add_option("--patience", a.doctor.patience_s, "seconds to wait for the site")
      ->capture_default_str();
  CLI::App* replay = app.add_subcommand("replay", "decide a journal again; prove its digests");
  replay->add_option("JOURNAL", a.replay.journal, "what `run --journal` wrote")->required();
  replay->add_option("--summary", a.replay.summary_file, "write the run's summary as JSON");
  add_study(app, a);
  add_daemon(*app.add_subcommand("status", "what the daemon knows"), a.daemon);
  CLI::App* explain = app.add_subcommand("explain", "why a workload runs where it runs");
  explain->add_option("WORKLOAD", a.workload)->required();
  add_daemon(*explain, a.daemon);
  CLI::App* history = app.add_subcommand(
      "history", "the last moves; of one workload, what was predicted and what came of it");
  history->add_option("WORKLOAD", a.workload);
  add_daemon(*history, a.daemon);
  CLI::App* drain = app.add_subcommand("drain", "take a node or cloud out of use");
  drain->add_option("TARGET", a.target)->required();
  drain->add_flag("--undo", a.undo_drain, "give it back");
  add_daemon(*drain, a.daemon);
  CLI::App* usage = app.add_subcommand("usage", "tell what a link's data plan has used");
  usage->add_option("LINK", a.link)->required();
  usage->add_option("USED", a.used, "in the billing period under way, such as 12.3GB")->required();
  usage->add_option("--left", a.left, "until the period ends, such as 216h")->required();
  add_daemon(*usage, a.daemon);
  add_trace(app, a.trace);
}

int dispatch(const CLI::App& app, const Arguments& a) {
  if (app.got_subcommand("trace")) return trace(app, a.common, a.trace);
  if (app.got_subcommand("validate")) return validate(a.common, a.validate);
  if (app.got_subcommand("run")) return run(a.common, a.run);
  if (app.got_subcommand("plan")) return plan(a.common, a.plan);
  if (app.got_subcommand("remove")) return remove(a.common, a.remove);
  if (app.got_subcommand("doctor")) return doctor(a.common, a.doctor);
  if (app.got_subcommand("replay")) return replay(a.common, a.replay);
  if (app.got_subcommand("study")) return dispatch_study(*app.get_subcommand("study"), a);
  if (app.got_subcommand("status")) return status(a.common, a.daemon);
  if (app.got_subcommand("explain")) return explain(a.common, a.daemon, a.workload);
  if (app.got_subcommand("history")) return history(a.common, a.daemon, a.workload);
  if (app.got_subcommand("usage")) return usage(a.common, a.daemon, a.link, a.used, a.left);
  return drain(a.common, a.daemon, a.target, !a.undo_drain);
}

int main_or_throw(int argc, char** argv) {
  CLI::App app{"wanwise: network-aware scheduling and QoS for edge sites", "wanwise"};
  Arguments a;
  a.common.yang_dir = WANWISE_YANG_DIR;
  app.set_version_flag("--version", std::string{"wanwise "} + kVersion);
  app.add_option("--output", a.output, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  app.add_option("--yang", a.common.yang_dir, "folder of wanwise's YANG modules")
      ->envname("WANWISE_YANG")
      ->capture_default_str();
  app.require_subcommand(1);
  app.fallthrough();
  add_subcommands(app, a);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kOk : kUsage;
  }
  a.common.json = a.output == "json";
  a.common.colour = ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
  return dispatch(app, a);
}

}  // namespace
}  // namespace wanwise::cli

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return wanwise::cli::main_or_throw(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "wanwise: internal-error: {}\n", error.what());
    return wanwise::cli::kFailed;
  }
}
