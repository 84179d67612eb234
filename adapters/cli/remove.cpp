#include <fmt/core.h>

#include <boost/json.hpp>
#include <chrono>
#include <map>
#include <utility>

#include "adapters/cli/commands.hpp"
#include "adapters/cli/open_site.hpp"
#include "adapters/cli/removal.hpp"
#include "adapters/cli/table.hpp"

namespace wanwise::cli {
namespace {

/// Waits for each router's configuration, has it emptied of what is wanwise's, and hears how that
/// ended. One thread.
class Remover final : public ports::EventSink {
 public:
  Remover(SitePorts& ports, core::Instant deadline) : m_ports(ports), m_deadline(deadline) {}

  void post(core::EventBody body) override {
    if (const auto* session = std::get_if<core::RouterSession>(&body)) {
      if (session->state == core::SessionState::disconnected && !m_asked.contains(session->router))
        m_ended[session->router] = {0, core::Outcome::failed, session->reason, session->detail};
    }
    if (const auto* found = std::get_if<core::RouterQosObserved>(&body)) ask(found->router);
    if (const auto* done = std::get_if<core::ActionDone>(&body)) {
      for (const auto& [router, id] : m_asked) {
        if (id == done->id) m_ended[router] = *done;
      }
    }
  }

  [[nodiscard]] bool finished() const { return m_ended.size() == m_ports.routers.size(); }
  [[nodiscard]] const std::map<core::RouterName, core::ActionDone>& ended() const {
    return m_ended;
  }

 private:
  void ask(const core::RouterName& name) {
    if (m_asked.contains(name)) return;
    m_ended.erase(name);  // it answered after all
    const core::ActionId id = m_asked.size() + 1;
    m_asked[name] = id;
    for (SitePorts::Router& router : m_ports.routers) {
      if (router.name == name) router.port->submit(id, {nothing_on(name)}, m_deadline);
    }
  }

  SitePorts& m_ports;
  core::Instant m_deadline;
  std::map<core::RouterName, core::ActionId> m_asked;
  std::map<core::RouterName, core::ActionDone> m_ended;
};

const char* outcome_name(core::Outcome outcome) {
  switch (outcome) {
    case core::Outcome::done:
      return "removed";
    case core::Outcome::refused:
      return "refused";
    case core::Outcome::failed:
      return "failed";
    case core::Outcome::unknown:
      return "unknown";
  }
  return "unknown";
}

void print(const Common& common, const Remover& remover) {
  boost::json::array list;
  std::vector<Row> rows;
  for (const auto& [router, done] : remover.ended()) {
    const bool good = done.outcome == core::Outcome::done;
    const std::string why = good ? "" : done.reason + ": " + done.detail;
    list.push_back({{"router", router.text},
                    {"outcome", outcome_name(done.outcome)},
                    {"reason", done.reason},
                    {"detail", done.detail}});
    rows.push_back(
        {Cell{outcome_name(done.outcome), good ? Tone::good : Tone::bad}, router.text, why});
  }
  if (common.json) {
    fmt::print("{}\n", boost::json::serialize(boost::json::object{{"routers", std::move(list)}}));
  } else {
    fmt::print("{}", table(rows, 0, Style{common.colour}));
  }
}

}  // namespace

int remove(const Common& common, const RemoveOptions& options) {
  const auto site = open_site(common, options.choice);
  if (!site) return kFailed;

  const core::Micros patience = core::seconds(options.patience_s);
  const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(patience.count);
  Remover remover(site->ports, site->clock.now() + patience);
  for (const SitePorts::Router& router : site->ports.routers) router.port->start(remover);
  while (!remover.finished() && site->io.run_one_until(end) > 0) {
  }
  for (const SitePorts::Router& router : site->ports.routers) router.port->stop();
  print(common, remover);
  for (const auto& [router, done] : remover.ended()) {
    if (done.outcome != core::Outcome::done) return kFailed;
  }
  if (remover.finished()) return kOk;
  print_error({"no-answer", "not every router answered in time"});
  return kFailed;
}

}  // namespace wanwise::cli
