// Objectives against what each target can give at best.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/policy/reason/checks.hpp"

namespace wanwise::policy {
namespace {

using core::at;
using core::count;
using core::Index;

/// Texts that name targets, at most so many; the rest are counted.
constexpr std::size_t kMostNamed = 6;

/// One workload: what it can have at each target on each rung that serves.
class Outlook {
 public:
  Outlook(Case& c, Index workload) : m_case(c), m_workload(workload) {
    const core::Workload& w = model();
    for (Index rung = 0; rung < count(w.ladder); ++rung) {
      if (suspends(at(w.ladder, rung))) continue;
      m_rungs.push_back(rung);
      std::vector<Prospect> row;
      for (Index rank = 0; rank < count(w.targets); ++rank) {
        row.push_back(c.best.prospect(workload, rank, rung));
      }
      m_prospects.push_back(std::move(row));
    }
  }

  void tell() {
    if (all(&Prospect::never)) {
      m_case.hopeless[static_cast<std::size_t>(m_workload)] = 1;
      m_case.notes.error(document(), place(), "can never hold, whatever the site does: " + why(0),
                         allowed());
    } else if (none_holds()) {
      m_case.notes.warn(document(), objective_value(value()),
                        "cannot hold if site and profiles are right: " + why(0), allowed());
    } else {
      tell_rungs();
      tell_targets();
    }
  }

 private:
  [[nodiscard]] const core::Workload& model() const {
    return at(m_case.subject.model.policy.workloads, m_workload);
  }
  [[nodiscard]] const Value& value() const { return *at(m_case.subject.workloads, m_workload); }
  [[nodiscard]] const Document& document() const { return m_case.subject.policy; }

  template <class Property>
  [[nodiscard]] bool all(Property property) const {
    return std::all_of(m_prospects.begin(), m_prospects.end(), [&](const auto& row) {
      return std::all_of(row.begin(), row.end(),
                         [&](const Prospect& p) { return (p.*property)(); });
    });
  }
  [[nodiscard]] bool holds_on(std::size_t row) const {
    return std::any_of(m_prospects[row].begin(), m_prospects[row].end(),
                       [](const Prospect& p) { return p.holds(); });
  }
  [[nodiscard]] bool none_holds() const {
    for (std::size_t row = 0; row < m_prospects.size(); ++row) {
      if (holds_on(row)) return false;
    }
    return true;
  }

  [[nodiscard]] std::string why(std::size_t row) const {
    std::string text;
    std::size_t named = 0;
    for (const Prospect& prospect : m_prospects[row]) {
      if (named++ == kMostNamed) return text + "; ...";
      if (!text.empty()) text += "; ";
      text += explain(m_case.subject.model, m_workload, prospect);
    }
    return text;
  }

  /// What is to blame when nothing holds: the objective, the demand or the targets.
  [[nodiscard]] const Value& place() const {
    const Prospect& mildest = mildest_of();
    switch (mildest.obstacle) {
      case Obstacle::none:
      case Obstacle::declared:
      case Obstacle::latency:
        return objective_value(value());
      case Obstacle::priority_cap:
      case Obstacle::uplink:
      case Obstacle::downlink:
      case Obstacle::accelerator:
        return deepest(value(), "demand", "rate");
      case Obstacle::unreachable:
        return deepest(value(), "placement", "prefer");
    }
    return value();
  }

  /// The most promising target on the last rung, which asks for least.
  [[nodiscard]] const Prospect& mildest_of() const {
    const auto& row = m_prospects.back();
    return *std::min_element(row.begin(), row.end(), [](const Prospect& a, const Prospect& b) {
      return std::pair{a.obstacle, a.least} < std::pair{b.obstacle, b.least};
    });
  }

  [[nodiscard]] std::string allowed() const {
    const Prospect& mildest = mildest_of();
    const auto slow = [](const Prospect& p) {
      return p.obstacle == Obstacle::latency || p.obstacle == Obstacle::declared;
    };
    if (slow(mildest)) {
      core::Micros least = mildest.least;
      for (const auto& row : m_prospects) {
        for (const Prospect& p : row) least = slow(p) ? std::min(least, p.least) : least;
      }
      constexpr std::int64_t kMillisecond = 1'000;
      const std::int64_t whole = (least.count + kMillisecond - 1) / kMillisecond;
      return objective_value(value()).key + " of at least " +
             text_of(core::Micros{whole * kMillisecond});
    }
    if (mildest.obstacle == Obstacle::unreachable) {
      const auto names = reachable();
      return names.empty() ? "a node on the LAN of its sources" : listed(names);
    }
    const core::MilliHz rate = at(model().ladder, m_rungs.back()).rate;
    std::int64_t most = 0;
    for (const Prospect& prospect : m_prospects.back()) {
      most = std::max(most, most_rate(m_case.subject.model, m_workload, prospect, rate).count);
    }
    return "a rate of at most " + format_quantity(Unit::request_rate, most);
  }

  [[nodiscard]] std::vector<std::string> reachable() const {
    std::vector<std::string> names;
    const core::Model& m = m_case.subject.model;
    for (Index t = 0; t < core::target_count(m); ++t) {
      const bool kept = model().residency == core::Residency::any || !core::is_cloud(m, t);
      if (kept && m_case.best.reachable(m_workload, t)) {
        names.push_back(core::target_name(m, t).text);
      }
    }
    return names;
  }

  void tell_rungs() {
    std::size_t first = 0;
    while (!holds_on(first)) ++first;
    if (first > 0) {
      m_case.notes.warn(document(), objective_value(value()),
                        "never holds on the full demand, only from degrade[" +
                            std::to_string(m_rungs[first]) + "] on: " + why(0));
    }
    for (std::size_t row = 1; row < m_rungs.size(); ++row) {
      if (holds_on(row)) continue;
      m_case.notes.warn(document(), rung_value(value(), m_rungs[row]),
                        "the step is useless, the objective does not hold on it: " + why(row));
    }
  }

  void tell_targets() {
    for (Index rank = 0; rank < count(model().targets); ++rank) {
      const auto column = static_cast<std::size_t>(rank);
      const bool holds = std::any_of(m_prospects.begin(), m_prospects.end(),
                                     [&](const auto& row) { return row[column].holds(); });
      if (holds) continue;
      const Prospect& last = m_prospects.back()[column];
      const bool never = std::all_of(m_prospects.begin(), m_prospects.end(),
                                     [&](const auto& row) { return row[column].never(); });
      m_case.notes.warn(
          document(), target_value(value(), rank),
          std::string{never ? "the objective can never hold here: "
                            : "the objective cannot hold here if site and profiles are right: "} +
              explain(m_case.subject.model, m_workload, last));
    }
  }

  Case& m_case;
  Index m_workload;
  std::vector<Index> m_rungs;  ///< those that serve
  std::vector<std::vector<Prospect>> m_prospects;
};

}  // namespace

void check_objectives(Case& c) {
  for (const Index workload : c.subject.in_order) Outlook(c, workload).tell();
}

}  // namespace wanwise::policy
