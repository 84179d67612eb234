#include "sim/router/options.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>

namespace wanwise::router {
namespace {

constexpr int kUsage = 2;  // exit codes of all wanwise programs: 0 ok, 1 failed, 2 usage

struct Raw {
  Options options;
  std::string datastore = "candidate";
  bool no_push = false;
  bool no_confirmed_commit = false;
  std::vector<std::string> faults;
};

void add_site_options(CLI::App& app, Options& o) {
  app.add_option("-p,--policy", o.policy, "Site documents; without them no traffic flows");
  app.add_option("--site", o.site, "Which site, where the documents have several");
  app.add_option("--radio", o.radio, "Recording of radio values (FjordLink CSV, CICV5G text)");
  app.add_option("--rate", o.rate, "Recording of the uplink's rate (mahimahi)");
  app.add_option("--scenario", o.scenario, "What happens to the site, and when (README.md)");
  app.add_option("--seed", o.seed, "Seed of the data plane")->capture_default_str();
  app.add_option("--door-port", o.door_port, "Port of the simulated cluster; 0: a free one");
}

void add_server_options(CLI::App& app, Raw& raw) {
  Options& o = raw.options;
  app.add_option("--listen", o.listen, "IPv4 address")->capture_default_str();
  app.add_option("--port", o.port, "NETCONF port; 0: a free one")->capture_default_str();
  app.add_option("--host-key", o.host_key, "Private key; made when absent")->capture_default_str();
  app.add_option("--user", o.user, "Who may log in")->capture_default_str();
  app.add_option("--password-file", o.password_file, "First line is the password");
  app.add_option("--authorized-key", o.authorized_key, "Public key that may log in");
  app.add_option("--datastore", raw.datastore, "What clients may edit")
      ->check(CLI::IsMember({"candidate", "running"}))
      ->capture_default_str();
  app.add_flag("--no-confirmed-commit", raw.no_confirmed_commit, "Offer candidate without it");
  app.add_flag("--no-push", raw.no_push, "Know no subscriptions, as an old box");
  app.add_option("--fault", raw.faults,
                 "negative-counters, speed, no-radio, opaque, sla-milliseconds, refuse-edit, "
                 "slow-reply=MS, hang-commit[=MS]");
  app.add_option("--startup-config", o.startup, "XML read at start, written by save-config");
  app.add_option("--yang", o.yang, "Folder with iosxe/ and ietf/ modules")->capture_default_str();
  app.add_option("--seconds", o.seconds, "End after so many; 0: at a signal");
  app.add_option("--ready-file", o.ready_file, "JSON written once the router serves");
}

}  // namespace

std::variant<Options, int> parse_options(int argc, char** argv) {
  Raw raw;
  raw.options.yang = WANWISE_YANG_DIR;
  CLI::App app("wanwise-router: an IR1101 emulator, NETCONF over SSH in front of a simulated site");
  add_site_options(app, raw.options);
  add_server_options(app, raw);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  auto faults = parse_faults(raw.faults);
  if (!faults) {
    std::fprintf(stderr, "wanwise-router: %s\n", faults.error().message.c_str());
    return kUsage;
  }
  if (raw.options.password_file.empty() && raw.options.authorized_key.empty()) {
    std::fprintf(stderr,
                 "wanwise-router: nobody could log in (allowed: --password-file FILE, "
                 "--authorized-key FILE, or both)\n");
    return kUsage;
  }
  raw.options.faults = *faults;
  raw.options.push = !raw.no_push;
  raw.options.confirmed_commit = !raw.no_confirmed_commit;
  raw.options.datastore = raw.datastore == "candidate" ? Datastore::candidate : Datastore::running;
  return raw.options;
}

}  // namespace wanwise::router
