// Drives an Engine as a healthy site would: everything reports every second, actions are carried
// out at once. A test changes one thing and looks at what the engine wants.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/engine.hpp"

namespace wanwise::test {

class SiteDriver {
 public:
  explicit SiteDriver(core::Model model);

  // What the world does; each holds until it is changed.
  bool router_connected = true;
  bool counters_flow = true;
  bool node_reachable = true;
  bool node_reports = true;
  bool cluster_reports = true;
  bool link_answers = true;
  std::map<std::string, std::int64_t> demand_per_s;  ///< overrides the declared rate
  std::map<std::string, double> miss_share;          ///< of what arrives, where it runs now
  std::vector<std::string> silent_parts;             ///< targets whose part of a split is not told
  std::optional<core::PowerModeName> power_mode;
  std::vector<std::string> foreign;
  core::Outcome move_outcome = core::Outcome::done;
  core::Outcome write_outcome = core::Outcome::done;

  /// One second: every source reports, ticks come when they are due.
  void second();
  void run(int seconds);
  /// One event now.
  core::Step apply(core::EventBody body);

  [[nodiscard]] std::optional<std::string> place(const std::string& workload) const;
  [[nodiscard]] std::int32_t rung(const std::string& workload) const;
  [[nodiscard]] std::optional<core::Split> split(const std::string& workload) const;
  [[nodiscard]] int moves(const std::string& workload) const;
  [[nodiscard]] bool degraded(const std::string& code) const;
  [[nodiscard]] core::Instant now() const { return m_now; }
  [[nodiscard]] core::Engine& engine() { return m_engine; }
  [[nodiscard]] const std::vector<core::Action>& actions() const { return m_actions; }
  [[nodiscard]] const std::optional<core::RouterQos>& on_router() const { return m_on_router; }

 private:
  struct Placed {
    std::optional<core::TargetName> target;
    std::int32_t rung = 0;
    std::optional<core::Split> split{};
  };

  void report_router();
  void report_links();
  void report_targets();
  void report_workloads();
  /// What the target's share of the requests lived through.
  void report_part(const core::Workload& workload, const core::TargetName& target, core::Ppm share);
  void carry_out(const core::Step& step);

  core::Engine m_engine;
  core::Instant m_now{1'000'000};
  std::vector<core::Action> m_actions;
  std::map<std::string, Placed> m_placed;
  std::map<std::string, int> m_moves;
  std::optional<core::RouterQos> m_on_router;
  std::optional<bool> m_said_connected;
  std::uint64_t m_tx_bytes = 0;
};

}  // namespace wanwise::test
