// The subcommands of `wanwise`: what each is asked for, and its exit code. main.cpp fills these
// from the command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/http/client.hpp"

namespace wanwise::cli {

/// Exit codes of every subcommand.
inline constexpr int kOk = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;
inline constexpr int kWouldChange = 3;  ///< `plan` only

/// What all subcommands share.
struct Common {
  bool json = false;     ///< --output json
  bool colour = false;   ///< stdout is a terminal
  std::string yang_dir;  ///< our yang/ folder
};

/// Which documents, and which of their sites.
struct SiteChoice {
  std::vector<std::string> paths;
  std::string site;  ///< empty: the only one
};

struct ValidateOptions {
  std::vector<std::string> paths;
  bool strict = false;  ///< a warning fails too
};

struct RunOptions {
  SiteChoice choice;
  std::string journal;  ///< empty: none is kept
  std::string state;    ///< folder of what outlives the daemon; empty: nothing does
  std::string api_address = "127.0.0.1";
  std::uint16_t api_port = http::kDefaultPort;
  std::string ready_file;               ///< written once the engine has started
  std::optional<std::int64_t> seconds;  ///< stop after so long
  bool timeline = false;
};

struct PlanOptions {
  SiteChoice choice;
  std::string edit_config_dir;  ///< --edit-config: one XML file a router
  std::int64_t patience_s = 15;
  bool remove = false;    ///< plan the removal of everything that is wanwise's
  bool commands = false;  ///< tell the change as IOS commands
};

struct RemoveOptions {
  SiteChoice choice;
  std::int64_t patience_s = 60;
};

struct DoctorOptions {
  SiteChoice choice;
  bool bootstrap = false;  ///< print the commands that prepare the routers, ask nobody
  std::int64_t patience_s = 10;
};

struct ReplayOptions {
  std::string journal;
  std::string summary_file;  ///< the summary as JSON
};

struct StudyOptions {
  std::string study;      ///< the YAML
  std::string out;        ///< folder of records and results
  std::int64_t jobs = 0;  ///< threads; 0: one a core
  std::string shard;      ///< "i/n"; empty: the whole
  bool small = false;
  std::string traces;  ///< what "traces:" stands for
};

struct StudyMergeOptions {
  std::vector<std::string> dirs;
  std::string out;
};

int validate(const Common& common, const ValidateOptions& options);
int run(const Common& common, const RunOptions& options);
int plan(const Common& common, const PlanOptions& options);
int doctor(const Common& common, const DoctorOptions& options);
/// Takes everything of wanwise's off the site's routers.
int remove(const Common& common, const RemoveOptions& options);
int replay(const Common& common, const ReplayOptions& options);
int study(const Common& common, const StudyOptions& options);
int study_merge(const Common& common, const StudyMergeOptions& options);
/// The catalogue of what a study can compare.
int study_policies(const Common& common);

// These ask the running daemon.
int status(const Common& common, const http::Endpoint& daemon);
int explain(const Common& common, const http::Endpoint& daemon, const std::string& workload);
/// Of one workload, what was predicted and what came of it; with an empty name, everybody's moves.
int history(const Common& common, const http::Endpoint& daemon, const std::string& workload);
int drain(const Common& common, const http::Endpoint& daemon, const std::string& target,
          bool drain);
/// The carrier's word on a data plan: "12.3GB" used, a period that ends in "216h".
int usage(const Common& common, const http::Endpoint& daemon, const std::string& link,
          const std::string& used, const std::string& left);

}  // namespace wanwise::cli
