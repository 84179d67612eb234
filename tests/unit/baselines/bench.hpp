// Drives one policy as a site would: everything reports once a second, wake-ups come when they are
// due, actions are answered at once or after a while. A test changes one thing and looks at when
// the policy does what. Checks on the way what no policy may do: two actions of a workload in the
// air, a target that is not allowed, wake-ups in the past.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/baselines/catalogue.hpp"

namespace wanwise::sim::test {

/// The shipped demo: policies/smart-city.yaml at policies/sites/harbour.yaml.
[[nodiscard]] core::Model demo_site();
/// The same in motion on links of constant rate.
[[nodiscard]] WorldConfig demo_world(const core::Model& model, std::uint64_t seed = 1);

inline constexpr core::Instant kBegin{1'000'000};

struct Move {
  std::int64_t at_s = 0;  ///< since the bench began
  std::string workload;
  std::string to;  ///< "" suspended
  std::int32_t rung = 0;
};

class Bench {
 public:
  Bench(const std::string& policy, core::Model model,
        std::map<std::string, std::string> parameters = {}, const Foresight& foresight = {});

  // What the site is like; each holds until it is changed.
  std::map<std::string, bool> reachable;      ///< targets; true at first
  std::map<std::string, std::int64_t> load;   ///< per cent; 10 at first
  std::map<std::string, std::int64_t> per_s;  ///< measured requests a second
  bool link_up = true;
  bool in_service = true;
  std::optional<std::int64_t> rtt_ms = 50;  ///< nothing: lost
  std::optional<std::int64_t> rsrp_dbm = -90;
  std::int64_t tx_bps = 1'000'000;
  core::Outcome outcome = core::Outcome::done;
  std::int64_t answer_after_s = 0;

  /// Places every workload there without a word to the policy before its first second.
  void begin_at(const std::string& target);
  void run(std::int64_t seconds);
  /// One event now.
  std::vector<core::Action> apply(core::EventBody body);

  [[nodiscard]] std::string place(const std::string& workload) const;
  [[nodiscard]] std::vector<Move> moves(const std::string& workload) const;
  [[nodiscard]] const std::vector<Move>& moves() const { return m_moves; }
  [[nodiscard]] const std::vector<core::Action>& actions() const { return m_actions; }
  [[nodiscard]] const std::optional<core::RouterQos>& on_router() const { return m_on_router; }
  [[nodiscard]] int writes() const { return m_writes; }
  [[nodiscard]] std::int64_t now_s() const { return m_seconds; }
  [[nodiscard]] Controller& controller() { return *m_controller; }
  [[nodiscard]] core::Instant now() const { return m_now; }

 private:
  struct InTheAir {
    core::Action action;
    core::Instant due;
  };

  void report();
  void advance_to(core::Instant to);
  void take(const std::vector<core::Action>& actions);
  void answer(const core::Action& action);

  core::Model m_model;
  std::unique_ptr<Controller> m_controller;
  core::Instant m_now = kBegin;
  std::int64_t m_seconds = 0;
  bool m_said_connected = false;
  std::map<std::string, std::optional<core::TargetName>> m_placed;
  std::map<std::string, std::int32_t> m_rungs;
  std::vector<InTheAir> m_air;
  std::vector<Move> m_moves;
  std::vector<core::Action> m_actions;
  std::optional<core::RouterQos> m_on_router;
  int m_writes = 0;
  std::uint64_t m_tx_bytes = 0;
};

/// Residency, the workload's own targets, and models: what every action must keep.
void expect_allowed(const core::Model& model, const core::Action& action);

}  // namespace wanwise::sim::test
