#include <fmt/core.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <exception>
#include <map>
#include <utility>
#include <vector>

#include "adapters/cli/commands.hpp"
#include "adapters/cli/open_site.hpp"
#include "adapters/cli/rehearsal.hpp"
#include "adapters/cli/site_ports.hpp"
#include "adapters/cli/table.hpp"
#include "adapters/iosxe/session/sessions.hpp"
#include "adapters/iosxe/survey/bootstrap.hpp"
#include "adapters/iosxe/survey/survey.hpp"

namespace wanwise::cli {
namespace {

using iosxe::Health;

struct Check {
  std::string subject;
  std::string what;
  Health health = Health::unknown;
  std::string found;
  std::string mend;  ///< empty when it passes
};

const char* health_name(Health health) {
  switch (health) {
    case Health::pass:
      return "PASS";
    case Health::fail:
      return "FAIL";
    case Health::unknown:
      return "UNKNOWN";
  }
  return "UNKNOWN";
}

Tone tone_of(Health health) {
  switch (health) {
    case Health::pass:
      return Tone::good;
    case Health::fail:
      return Tone::bad;
    case Health::unknown:
      return Tone::doubtful;
  }
  return Tone::plain;
}

using Surveys = std::map<core::RouterName, std::vector<iosxe::Finding>>;

/// All routers at once, each on a session of its own.
Surveys survey_all(boost::asio::io_context& io, const policy::SiteBundle& bundle,
                   const std::string& yang_dir, std::chrono::seconds patience) {
  Surveys found;
  const iosxe::SessionFactory factory = iosxe::sessions(yang_dir);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  std::vector<iosxe::RouterConfig> configs;
  for (const policy::RouterAccess& access : bundle.routers)
    configs.push_back(router_config(bundle, access));
  for (const iosxe::RouterConfig& config : configs) {
    boost::asio::co_spawn(
        io, iosxe::survey(factory, config, deadline, std::chrono::system_clock::now),
        [&found, &config](const std::exception_ptr&, std::vector<iosxe::Finding> findings) {
          found[config.router] = std::move(findings);
        });
  }
  io.run();
  io.restart();
  return found;
}

class Doctor {
 public:
  Doctor(const policy::SiteBundle& bundle, const SitePorts& ports, const Surveys& surveys,
         const Observations& observed)
      : m_bundle(bundle), m_ports(ports), m_surveys(surveys), m_observed(observed) {}

  std::vector<Check> run() {
    for (const SitePorts::Router& router : m_ports.routers) check_router(router);
    for (const core::Link& link : m_bundle.model.site.links) check_link(link);
    for (const core::Node& node : m_bundle.model.site.nodes) check_node(node);
    check_cluster();
    return std::move(m_checks);
  }

 private:
  void add(std::string subject, std::string what, Health health, std::string found,
           std::string mend) {
    if (health == Health::pass) mend.clear();
    m_checks.push_back(
        {std::move(subject), std::move(what), health, std::move(found), std::move(mend)});
  }

  bool connected(const core::RouterName& name) const {
    const auto session = m_observed.sessions.find(name);
    return session != m_observed.sessions.end() &&
           session->second.state == core::SessionState::connected;
  }

  void check_router(const SitePorts::Router& router) {
    const std::string& name = router.name.text;
    for (const iosxe::Finding& f : m_surveys.at(router.name))
      add(name, f.topic, f.health, f.found, f.mend);
    check_configuration(router);
    for (const auto& [code, degradation] : router.port->degradations()) {
      add(name, code, Health::unknown, degradation.detail,
          "see adapters/iosxe/README.md on " + code);
    }
  }

  void check_configuration(const SitePorts::Router& router) {
    const auto found = m_observed.qos.find(router.name);
    if (found == m_observed.qos.end()) {
      add(router.name.text, "configuration readable", Health::unknown, "not read",
          "the user needs privilege 15 to read the configuration");
      return;
    }
    const core::RouterQosObserved& qos = found->second;
    add(router.name.text, "configuration readable", Health::pass,
        qos.qos ? "wanwise's QoS is there" : "nothing of wanwise's is there yet", "");
    const bool free = qos.foreign.empty();
    add(router.name.text, "interfaces free for wanwise", free ? Health::pass : Health::fail,
        free ? "no other service-policy is in the way" : qos.foreign.front(),
        "remove that service-policy, or leave the link out of the site");
  }

  void check_link(const core::Link& link) {
    const bool up = connected(link.router);
    const auto missing = up ? Health::fail : Health::unknown;
    const auto counters = m_observed.links.find(link.name);
    const bool counted = counters != m_observed.links.end();
    add(link.name.text, "interface counters", counted ? Health::pass : missing,
        counted ? (counters->second.up ? "up" : "present, not up") : "none",
        "is " + link.interface + " the interface's name on the router?");
    check_probe(link, missing);
    if (link.kind != core::LinkKind::cellular) return;
    const auto radio = m_observed.radios.find(link.name);
    const bool heard = radio != m_observed.radios.end();
    add(link.name.text, "radio values", heard ? Health::pass : missing,
        heard ? (radio->second.in_service ? "in service" : "present, not in service") : "none",
        "Cisco-IOS-XE-cellwan-oper must be on the router; without it the estimate has no prior");
  }

  void check_probe(const core::Link& link, Health missing) {
    if (!link.probe) {
      add(link.name.text, "IP SLA probe", Health::unknown, "the site names none",
          "let wanwise measure the link ('measure:'), or name an icmp-echo operation as 'probe'");
      return;
    }
    const auto probe = m_observed.probes.find(link.name);
    const bool heard = probe != m_observed.probes.end();
    const bool answered = heard && probe->second.rtt.has_value();
    const bool to_come = link.probe_setup && !heard;
    add(link.name.text, "IP SLA probe",
        answered  ? Health::pass
        : to_come ? Health::unknown
                  : missing,
        answered ? "answers"
        : heard  ? "gets no answer"
                 : "no finished operation seen",
        to_come
            ? "nothing to do: 'wanwise run' sets it up"
            : "ip sla " + std::to_string(*link.probe) + " must be an icmp-echo that is scheduled");
  }

  void check_node(const core::Node& node) {
    const auto sample = m_observed.targets.find(node.name);
    const bool seen = sample != m_observed.targets.end();
    const bool alive = seen && sample->second.reachable;
    add(node.name.text, "metrics",
        alive  ? Health::pass
        : seen ? Health::fail
               : Health::unknown,
        alive  ? "reachable"
        : seen ? "does not answer"
               : "no scrape seen",
        "is the node's metrics exporter running and reachable?");
  }

  void check_cluster() {
    const std::size_t wanted = m_bundle.model.policy.workloads.size();
    const std::size_t known = m_observed.placements.size();
    const bool all = known == wanted;
    add("cluster", "workloads",
        all            ? Health::pass
        : m_ports.door ? Health::fail
                       : Health::unknown,
        fmt::format("{} of {} known", known, wanted),
        m_ports.door ? "is the cluster reachable, and do the deployments exist?"
                     : "the site names no cluster");
  }

  const policy::SiteBundle& m_bundle;
  const SitePorts& m_ports;
  const Surveys& m_surveys;
  const Observations& m_observed;
  std::vector<Check> m_checks;
};

void print(const Common& common, const std::vector<Check>& checks) {
  if (common.json) {
    boost::json::array list;
    for (const Check& c : checks) {
      list.push_back({{"subject", c.subject},
                      {"check", c.what},
                      {"result", health_name(c.health)},
                      {"found", c.found},
                      {"mend", c.mend}});
    }
    fmt::print("{}\n", boost::json::serialize(boost::json::object{{"checks", std::move(list)}}));
    return;
  }
  std::vector<Row> rows;
  for (const Check& c : checks) {
    rows.push_back({Cell{health_name(c.health), tone_of(c.health)}, c.subject, c.what,
                    c.mend.empty() ? c.found : c.found + " -> " + c.mend});
  }
  fmt::print("{}", table(rows, 0, Style{common.colour}));
}

}  // namespace

int doctor(const Common& common, const DoctorOptions& options) {
  auto input = load_site(common, options.choice);
  if (!input) return kFailed;
  if (options.bootstrap) {
    for (const policy::RouterAccess& access : input->bundle.routers)
      fmt::print("{}", iosxe::bootstrap(router_config(input->bundle, access)));
    return kOk;
  }
  const auto site = open_site(common, std::move(*input));
  if (!site) return kFailed;
  const policy::SiteBundle& bundle = site->input.bundle;

  const Surveys surveys =
      survey_all(site->io, bundle, common.yang_dir, std::chrono::seconds{options.patience_s});
  Rehearsal rehearsal(site->io, site->ports, site->clock);
  const core::Site& model = bundle.model.site;
  rehearsal.listen(core::seconds(options.patience_s), [&] {
    const Observations& seen = rehearsal.observed();
    return seen.qos.size() == model.routers.size() && seen.links.size() == model.links.size() &&
           seen.probes.size() == model.links.size() && seen.targets.size() >= model.nodes.size() &&
           seen.placements.size() == bundle.model.policy.workloads.size();
  });
  const std::vector<Check> checks =
      Doctor{bundle, site->ports, surveys, rehearsal.observed()}.run();
  print(common, checks);
  for (const Check& check : checks) {
    if (check.health == Health::fail) return kFailed;
  }
  return kOk;
}

}  // namespace wanwise::cli
