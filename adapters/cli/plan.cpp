#include <fmt/core.h>

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <utility>

#include "adapters/cli/commands.hpp"
#include "adapters/cli/input.hpp"
#include "adapters/cli/plan_view.hpp"
#include "adapters/cli/rehearsal.hpp"
#include "adapters/cli/site_ports.hpp"
#include "adapters/http/json.hpp"
#include "adapters/iosxe/mqc/mqc_edit.hpp"
#include "adapters/iosxe/mqc/qos_mqc.hpp"
#include "engine/core/engine.hpp"
#include "engine/runtime/steady_clock.hpp"

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

PlanView view_of(const Planner& planner, const Observations& observed) {
  PlanView view;
  view.actions = planner.actions();
  for (const auto& [name, placement] : observed.placements) view.placements.push_back(placement);
  for (const auto& [name, found] : observed.qos) {
    if (found.qos) view.routers.push_back(*found.qos);
  }
  return view;
}

/// What the router's <edit-config> would carry.
core::Expected<std::string> edit_for(const core::RouterQos& desired, const Observations& observed) {
  iosxe::Mqc before;
  const auto found = observed.qos.find(desired.router);
  if (found != observed.qos.end() && found->second.qos) {
    auto mqc = iosxe::to_mqc(*found->second.qos);
    if (!mqc) return core::Unexpected{mqc.error()};
    before = std::move(*mqc);
  }
  const auto after = iosxe::to_mqc(desired);
  if (!after) return core::Unexpected{after.error()};
  return iosxe::edit_native(before, *after).value_or("");
}

bool write_edits(const std::string& folder, const Planner& planner, const Observations& observed) {
  std::filesystem::create_directories(folder);
  for (const core::Action& action : planner.actions()) {
    const auto* body = std::get_if<core::ApplyQos>(&action.body);
    if (body == nullptr) continue;
    const auto edit = edit_for(body->desired, observed);
    if (!edit) return print_error(edit.error()), false;
    const std::string file = folder + "/" + body->desired.router.text + ".xml";
    std::ofstream out(file);
    out << "<config xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\">\n"
        << *edit << "\n</config>\n";
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

void print_json(const Planner& planner) {
  boost::json::array actions;
  for (const core::Action& action : planner.actions()) actions.push_back(http::to_json(action));
  fmt::print("{}\n", boost::json::serialize(boost::json::object{{"actions", std::move(actions)}}));
}

}  // namespace

int plan(const Common& common, const PlanOptions& options) {
  const auto input = load_site(common, options.choice);
  if (!input) return kFailed;
  boost::asio::io_context io{1};
  const runtime::SteadyClock clock;
  auto ports = make_site_ports(io, clock, input->bundle, common.yang_dir);
  if (!ports) return print_error(ports.error()), kFailed;

  Rehearsal rehearsal(io, *ports, clock);
  Planner planner(input->bundle.model);
  rehearsal.listen(core::seconds(options.patience_s),
                   [&] { return planner.take(rehearsal.events()); });
  if (!routers_answered(input->bundle, rehearsal.observed())) return kFailed;
  planner.insist(clock.now());

  if (common.json) {
    print_json(planner);
  } else {
    fmt::print("{}", render_plan(view_of(planner, rehearsal.observed()), Style{common.colour}));
  }
  const std::string& folder = options.edit_config_dir;
  if (!folder.empty() && !write_edits(folder, planner, rehearsal.observed())) return kFailed;
  return planner.actions().empty() ? kOk : kWouldChange;
}

}  // namespace wanwise::cli
