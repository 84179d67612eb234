#include "sim/router/options.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>

namespace wanwise::router {
namespace {

constexpr int kUsage = 2;  // exit codes of all wanwise programs: 0 ok, 1 failed, 2 usage

const std::map<std::string, TraceKind> kTraces = {{"lte-driving", TraceKind::lte_driving},
                                                  {"nr-static", TraceKind::nr_static},
                                                  {"constant", TraceKind::constant}};
const std::map<std::string, Datastore> kDatastores = {{"candidate", Datastore::candidate},
                                                      {"running", Datastore::running}};

Datastore usual_datastore(Release release) {
  return release == Release::r17_9 ? Datastore::running : Datastore::candidate;
}

struct Raw {
  Options options;
  std::string trace = "lte-driving";
  std::string datastore;  ///< empty: the release's
  std::int64_t scenario_seconds = 90;
  std::string release = "17.15";
  bool no_push = false;
  bool no_archive = false;
  bool confirmed_commit = false;
  bool no_confirmed_commit = false;
  std::vector<std::string> faults;
};

template <class Value>
std::vector<std::string> names_of(const std::map<std::string, Value>& values) {
  std::vector<std::string> out;
  for (const auto& [name, value] : values) {
    out.push_back(name);
  }
  return out;
}

void add_site_options(CLI::App& app, Raw& raw) {
  SiteRequest& o = raw.options.site;
  app.add_option("-p,--policy", o.documents, "Site documents; without them no traffic flows");
  app.add_option("--site", o.site, "Which site, where the documents have several");
  app.add_option("--router", o.router, "Which router of the site; the first is the default");
  app.add_option("--trace", raw.trace, "What cellular links go through without recordings")
      ->check(CLI::IsMember(names_of(kTraces)))
      ->capture_default_str();
  app.add_option("--radio", o.radio_file, "Recording of radio values (FjordLink, CICV5G)");
  app.add_option("--rate", o.rate_file, "Recording of the uplink's rate (mahimahi)");
  app.add_option("--scenario", o.scenario_file, "What happens to the site (sim/scenarios/)");
  app.add_option("--scenario-seconds", raw.scenario_seconds, "What its percentages are shares of")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--seed", o.seed, "Seed of the data plane")->capture_default_str();
  app.add_option("--door-port", o.door_port, "Port of the simulated cluster; 0: a free one");
}

void add_server_options(CLI::App& app, Raw& raw) {
  Options& o = raw.options;
  ServerSettings& s = o.server;
  s.host_key_file = "wanwise-router.key";
  s.user = "admin";
  app.add_option("--listen", s.listen, "IPv4 address")->capture_default_str();
  app.add_option("--port", s.port, "NETCONF port; 0: a free one")->capture_default_str();
  app.add_option("--host-key", s.host_key_file, "Private key; made when absent")
      ->capture_default_str();
  app.add_flag("--show-host-key", o.show_host_key, "Print the key's fingerprint and end");
  app.add_option("--user", s.user, "Who may log in")->capture_default_str();
  app.add_option("--password-file", o.password_file, "First line is the password");
  app.add_option("--authorized-key", s.authorized_key_file, "Public key that may log in");
}

void add_device_options(CLI::App& app, Raw& raw) {
  Options& o = raw.options;
  o.yang = WANWISE_YANG_DIR;
  app.add_option("--release", raw.release, "Which IOS XE it plays")
      ->check(CLI::IsMember(release_names()))
      ->capture_default_str();
  app.add_option("--datastore", raw.datastore,
                 "What clients may edit; 17.9: running, else candidate")
      ->check(CLI::IsMember(names_of(kDatastores)));
  CLI::Option* with = app.add_flag("--confirmed-commit", raw.confirmed_commit,
                                   "Offer it beside candidate, where the release does not");
  app.add_flag("--no-confirmed-commit", raw.no_confirmed_commit, "Offer candidate without it")
      ->excludes(with);
  app.add_flag("--no-archive", raw.no_archive, "Refuse checkpoint and rollback: no archive path");
  app.add_flag("--no-push", raw.no_push, "Know no subscriptions, as an old box");
  app.add_option(
      "--fault", raw.faults,
      "negative-counters, speed, no-radio, opaque, sla-milliseconds, busy-cpu, full-iox, "
      "refuse-edit, "
      "slow-reply=MS, hang-commit[=MS]");
  app.add_option("--fault-script", o.fault_script,
                 "What goes wrong at which request or second; SIGHUP reads it again");
  app.add_option("--startup-config", o.device.startup_file,
                 "XML read at start, written by save-config");
  app.add_option("--yang", o.yang, "Folder with iosxe/ and ietf/ modules")->capture_default_str();
  app.add_option("--seconds", o.seconds, "End after so many; 0: at a signal")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--ready-file", o.ready_file, "JSON written once the router serves");
}

// What the words mean; empty when all is well.
std::string complete(Raw& raw) {
  Options& o = raw.options;
  auto faults = parse_faults(raw.faults);
  if (!faults) {
    return faults.error().message;
  }
  if (!o.show_host_key && o.password_file.empty() && o.server.authorized_key_file.empty()) {
    return "nobody could log in (allowed: --password-file FILE, --authorized-key FILE, or both)";
  }
  o.device.faults = *faults;
  o.device.release = parse_release(raw.release).value_or(Release::r17_15);
  o.device.datastore =
      raw.datastore.empty() ? usual_datastore(o.device.release) : kDatastores.at(raw.datastore);
  // The hello of 17.12 that was published lists no confirmed-commit.
  o.modules = {.datastore = o.device.datastore,
               .confirmed_commit = raw.confirmed_commit || (!raw.no_confirmed_commit &&
                                                            o.device.release != Release::r17_12),
               .push = !raw.no_push};
  o.device.push = o.modules.push;
  o.device.archive = !raw.no_archive;
  o.site.trace = kTraces.at(raw.trace);
  o.site.scenario_length = core::seconds(raw.scenario_seconds);
  o.site.schema_dir = o.yang;
  o.site.door_address = o.server.listen;
  return "";
}

}  // namespace

std::variant<Options, int> parse_options(int argc, char** argv) {
  Raw raw;
  CLI::App app("wanwise-router: an IR1101 emulator, NETCONF over SSH in front of a simulated site");
  add_site_options(app, raw);
  add_server_options(app, raw);
  add_device_options(app, raw);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  if (const std::string complaint = complete(raw); !complaint.empty()) {
    std::fprintf(stderr, "wanwise-router: %s\n", complaint.c_str());
    return kUsage;
  }
  return std::move(raw.options);
}

}  // namespace wanwise::router
