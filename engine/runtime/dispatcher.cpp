#include "engine/runtime/dispatcher.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace wanwise::runtime {
namespace {

core::ActionDone overdue(core::ActionId id, const std::string& reason) {
  return {id, core::Outcome::unknown, reason, "the adapter gave no answer"};
}

}  // namespace

Dispatcher::Dispatcher(std::map<core::RouterName, ports::Router*> routers, ports::Cluster* cluster)
    : m_routers(std::move(routers)), m_cluster(cluster) {}

void Dispatcher::submit(const core::Action& action) {
  ++m_counters.submitted;
  if (m_open.size() == kMaxInFlight) {
    const auto oldest = m_open.begin();
    m_ready.push_back(overdue(oldest->first, "too-many-in-flight"));
    m_open.erase(oldest);
    ++m_counters.overdue;
  }
  // Open before it is handed over: a port may answer from within submit().
  m_open[action.id] = action.deadline + kAnswerGrace;
  if (hand_over(action)) return;
  m_open.erase(action.id);
  m_ready.push_back({action.id, core::Outcome::refused, "unknown-port",
                     "no adapter serves this router or cluster"});
  ++m_counters.refused;
}

bool Dispatcher::hand_over(const core::Action& action) {
  if (const auto* qos = std::get_if<core::ApplyQos>(&action.body)) {
    const auto router = m_routers.find(qos->desired.router);
    if (router == m_routers.end()) return false;
    router->second->submit(action.id, *qos, action.deadline);
    return true;
  }
  if (m_cluster == nullptr) return false;
  m_cluster->submit(action.id, std::get<core::PlaceWorkload>(action.body), action.deadline,
                    action.why);
  return true;
}

bool Dispatcher::settle(const core::ActionDone& done) {
  if (m_open.erase(done.id) == 1) return true;
  ++m_counters.late_dropped;
  return false;
}

std::vector<core::ActionDone> Dispatcher::take_due(core::Instant now) {
  std::vector<core::ActionDone> due = std::exchange(m_ready, {});
  for (auto open = m_open.begin(); open != m_open.end();) {
    if (open->second > now) {
      ++open;
      continue;
    }
    due.push_back(overdue(open->first, "deadline-passed"));
    ++m_counters.overdue;
    open = m_open.erase(open);
  }
  return due;
}

std::optional<core::Instant> Dispatcher::next_due() const {
  if (!m_ready.empty()) return core::Instant{INT64_MIN};
  const auto first =
      std::min_element(m_open.begin(), m_open.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  if (first == m_open.end()) return std::nullopt;
  return first->second;
}

std::vector<core::ActionDone> Dispatcher::abandon(const std::string& reason) {
  std::vector<core::ActionDone> due = std::exchange(m_ready, {});
  for (const auto& [id, when] : m_open) due.push_back(overdue(id, reason));
  m_counters.overdue += m_open.size();
  m_open.clear();
  return due;
}

}  // namespace wanwise::runtime
