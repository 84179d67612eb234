#include <fmt/core.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <utility>

#include "adapters/cli/commands.hpp"
#include "adapters/cli/open_site.hpp"
#include "adapters/cli/plan_view.hpp"
#include "adapters/cli/rehearsal.hpp"
#include "adapters/cli/removal.hpp"
#include "adapters/http/json.hpp"
#include "engine/core/engine.hpp"

namespace wanwise::cli {
namespace {

/// Feeds what the site says to an engine of its own, whose actions nobody carries out.
class Planner {
 public:
  explicit Planner(core::Model model) : m_engine(std::move(model)) {}

  /// True once the engine has decided.
  bool take(const std::vector<core::Event>& events) {
    for (; m_taken < events.size() && !decided(); ++m_taken) apply(events[m_taken]);
    return decided();
  }
  /// Decides with what there is.
  void insist(core::Instant now) {
    if (decided()) return;
    if (const auto wake = m_engine.next_wakeup()) apply({std::max(now, *wake), core::Tick{}});
  }
  [[nodiscard]] bool decided() const { return m_engine.totals().decisions > 0; }
  [[nodiscard]] const std::vector<core::Action>& actions() const { return m_actions; }

 private:
  void apply(const core::Event& event) {
    core::Step step = m_engine.apply(event);
    for (core::Action& action : step.actions) m_actions.push_back(std::move(action));
  }

  core::Engine m_engine;
  std::size_t m_taken = 0;
  std::vector<core::Action> m_actions;
};

PlanView view_of(std::vector<core::Action> actions, const Observations& observed) {
  PlanView view;
  view.actions = std::move(actions);
  for (const auto& [name, placement] : observed.placements) view.placements.push_back(placement);
  for (const auto& [name, found] : observed.qos) {
    if (found.qos) view.routers.push_back(*found.qos);
  }
  return view;
}

/// What leaving each router would change there.
std::vector<core::Action> removals(const Observations& observed) {
  std::vector<core::Action> actions;
  for (const auto& [router, found] : observed.qos) {
    if (!found.qos && found.altered.empty()) continue;
    core::Action action;
    action.why = "everything of wanwise's goes";
    action.body = core::ApplyQos{nothing_on(router)};
    actions.push_back(std::move(action));
  }
  return actions;
}

/// The exact change of each router.
core::Expected<std::map<core::RouterName, iosxe::Preview>> changes_of(
    const std::vector<core::Action>& actions, const SitePorts& ports) {
  std::map<core::RouterName, iosxe::Preview> changes;
  for (const core::Action& action : actions) {
    const auto* body = std::get_if<core::ApplyQos>(&action.body);
    if (body == nullptr) continue;
    for (const SitePorts::Router& router : ports.routers) {
      if (router.name != body->desired.router) continue;
      auto change = router.port->preview(body->desired);
      if (!change) return core::Unexpected{change.error()};
      changes.emplace(router.name, std::move(*change));
    }
  }
  return changes;
}

bool write_edits(const std::string& folder,
                 const std::map<core::RouterName, iosxe::Preview>& changes) {
  std::filesystem::create_directories(folder);
  for (const auto& [router, change] : changes) {
    const std::string file = folder + "/" + router.text + ".xml";
    std::ofstream out(file);
    out << "<config xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\">\n"
        << change.edit << "\n</config>\n";
    if (!out.flush()) return print_error({"write-failed", file + " cannot be written"}), false;
  }
  return true;
}

/// Without its router a plan would be a guess.
bool routers_answered(const policy::SiteBundle& bundle, const Observations& observed) {
  for (const policy::RouterAccess& access : bundle.routers) {
    if (observed.qos.contains(access.router)) continue;
    const auto session = observed.sessions.find(access.router);
    const bool told = session != observed.sessions.end();
    print_error({told ? session->second.reason : "no-answer",
                 "router " + access.router.text +
                     (told ? ": " + session->second.detail : " did not answer in time")});
    return false;
  }
  return true;
}

void print_json(const std::vector<core::Action>& actions) {
  boost::json::array list;
  for (const core::Action& action : actions) list.push_back(http::to_json(action));
  fmt::print("{}\n", boost::json::serialize(boost::json::object{{"actions", std::move(list)}}));
}

}  // namespace

int plan(const Common& common, const PlanOptions& options) {
  const auto site = open_site(common, options.choice);
  if (!site) return kFailed;
  const policy::SiteBundle& bundle = site->input.bundle;

  Rehearsal rehearsal(site->io, site->ports, site->clock);
  Planner planner(bundle.model);
  const Observations& observed = rehearsal.observed();
  rehearsal.listen(core::seconds(options.patience_s), [&] {
    return options.remove ? observed.qos.size() == bundle.routers.size()
                          : planner.take(rehearsal.events());
  });
  if (!routers_answered(bundle, observed)) return kFailed;
  planner.insist(site->clock.now());

  const std::vector<core::Action> actions = options.remove ? removals(observed) : planner.actions();
  const auto changes = changes_of(actions, site->ports);
  if (!changes) return print_error(changes.error()), kFailed;
  if (common.json) {
    print_json(actions);
  } else {
    fmt::print("{}", render_plan(view_of(actions, observed), Style{common.colour}));
  }
  if (options.commands) {
    for (const auto& [router, change] : *changes)
      fmt::print("\n! router {}\n{}", router.text, change.commands);
  }
  const std::string& folder = options.edit_config_dir;
  if (!folder.empty() && !write_edits(folder, *changes)) return kFailed;
  return actions.empty() ? kOk : kWouldChange;
}

}  // namespace wanwise::cli
