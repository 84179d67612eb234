#include "tests/unit/baselines/bench.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "engine/policy/load.hpp"
#include "sim/baselines/site_view.hpp"

namespace wanwise::sim::test {

core::Model demo_site() {
  const std::string root = WANWISE_SOURCE_DIR;
  auto texts =
      policy::read_documents({root + "/policies/smart-city.yaml",
                              root + "/policies/sites/harbour.yaml", root + "/policies/profiles"});
  return policy::load(*texts, root + "/yang")->sites.at(0).model;
}

WorldConfig demo_world(const core::Model& model, std::uint64_t seed) {
  WorldConfig config;
  config.model = model;
  config.seed = seed;
  RadioReading reading;
  reading.access = core::RadioAccess::lte;
  reading.in_service = true;
  reading.rsrp_dbm = -90;
  reading.rsrq_db = -10;
  reading.sinr = core::MilliDb{12'000};
  for (const core::Link& link : model.site.links) {
    config.links.push_back({link.name, constant_rate(link.uplink), constant_rate(link.downlink),
                            RadioTrace{{{core::Micros{0}, reading}}, core::seconds(3'600)}});
  }
  return config;
}

void expect_allowed(const core::Model& model, const core::Action& action) {
  const auto* move = std::get_if<core::PlaceWorkload>(&action.body);
  if (move == nullptr || !move->to) return;
  const core::Index w = core::index_of(model.policy.workloads, move->workload);
  ASSERT_NE(w, core::kNone);
  const core::Index target = core::target_index(model, *move->to);
  ASSERT_NE(target, core::kNone);
  EXPECT_TRUE(admissible(model, w, target, move->rung))
      << move->workload.text << " to " << move->to->text;
}

Bench::Bench(const std::string& policy, core::Model model,
             std::map<std::string, std::string> parameters, const Foresight& foresight)
    : m_model(std::move(model)) {
  const PolicySpec spec{policy, policy, std::move(parameters)};
  const auto checked = check(spec);
  EXPECT_TRUE(checked.has_value()) << (checked ? "" : checked.error().message);
  m_controller = make_controller(spec, m_model, foresight);
  for (const core::Workload& w : m_model.policy.workloads) m_placed[w.name.text] = std::nullopt;
}

void Bench::begin_at(const std::string& target) {
  for (auto& [name, place] : m_placed) place = core::TargetName{target};
}

std::vector<core::Action> Bench::apply(core::EventBody body) {
  std::vector<core::Action> actions = m_controller->on_event({m_now, std::move(body)});
  take(actions);
  return actions;
}

void Bench::take(const std::vector<core::Action>& actions) {
  for (const core::Action& action : actions) {
    expect_allowed(m_model, action);
    EXPECT_GT(action.deadline, m_now);
    m_actions.push_back(action);
    if (const auto* move = std::get_if<core::PlaceWorkload>(&action.body)) {
      for (const InTheAir& other : m_air) {
        const auto* same = std::get_if<core::PlaceWorkload>(&other.action.body);
        EXPECT_FALSE(same != nullptr && same->workload == move->workload)
            << move->workload.text << " has two actions in the air";
      }
      const std::int64_t at_s = (m_now - kBegin).count / 1'000'000;
      m_moves.push_back({at_s, move->workload.text, move->to ? move->to->text : "", move->rung});
    } else {
      ++m_writes;
    }
    if (answer_after_s == 0) {
      answer(action);
    } else {
      m_air.push_back({action, m_now + core::seconds(answer_after_s)});
    }
  }
}

void Bench::answer(const core::Action& action) {
  if (outcome == core::Outcome::done) {
    if (const auto* move = std::get_if<core::PlaceWorkload>(&action.body)) {
      m_placed[move->workload.text] = move->to;
      m_rungs[move->workload.text] = move->rung;
      apply(core::PlacementObserved{move->workload, m_now, move->to, move->rung, true});
    } else {
      m_on_router = std::get<core::ApplyQos>(action.body).desired;
    }
  }
  apply(core::ActionDone{action.id, outcome, "", ""});
}

void Bench::report() {
  if (!std::exchange(m_said_connected, true)) {
    for (const core::Router& router : m_model.site.routers) {
      apply(core::RouterSession{router.name, core::SessionState::connected, "", ""});
      apply(core::RouterQosObserved{router.name, m_now, std::nullopt, {}});
    }
    for (const auto& [name, target] : m_placed) {
      apply(core::PlacementObserved{core::WorkloadName{name}, m_now, target, 0, true});
    }
  }
  m_tx_bytes += static_cast<std::uint64_t>(tx_bps / 8);
  for (const core::Link& link : m_model.site.links) {
    apply(core::LinkCounters{link.name, m_now, link_up, m_tx_bytes, 0, 0});
    core::RadioSample radio{link.name, m_now, core::RadioAccess::lte, in_service, {}, {}, {}, {}};
    if (rsrp_dbm) radio.rsrp = core::MilliDb{*rsrp_dbm * 1'000};
    apply(radio);
    core::ProbeSample probe{link.name, m_now, std::nullopt};
    if (rtt_ms) {
      probe.rtt = core::milliseconds(*rtt_ms);
      probe.observed_at = m_now - *probe.rtt;  // told when it is back, stamped when it left
    }
    apply(probe);
  }
  for (core::Index t = 0; t < core::target_count(m_model); ++t) {
    const core::TargetName name = core::target_name(m_model, t);
    core::TargetSample sample{name, m_now, true, {}, {}, {}, {}, {}};
    if (const auto it = reachable.find(name.text); it != reachable.end())
      sample.reachable = it->second;
    const auto busy = load.find(name.text);
    sample.load = core::Ppm{(busy == load.end() ? 10 : busy->second) * 10'000};
    apply(sample);
  }
  for (const auto& [name, rate] : per_s) {
    core::WorkloadSample sample;
    sample.workload = core::WorkloadName{name};
    sample.observed_at = m_now;
    sample.target = core::TargetName{place(name)};
    sample.window = core::seconds(1);
    sample.arrived = sample.completed = rate;
    apply(sample);
  }
}

void Bench::advance_to(core::Instant to) {
  for (int ticks = 0;; ++ticks) {
    ASSERT_LT(ticks, 1'000) << "wakes up without end";
    std::optional<core::Instant> next = m_controller->next_wakeup();
    const auto first =
        std::min_element(m_air.begin(), m_air.end(),
                         [](const InTheAir& a, const InTheAir& b) { return a.due < b.due; });
    const bool answers = first != m_air.end() && first->due <= to && (!next || first->due <= *next);
    if (answers) {
      m_now = std::max(m_now, first->due);
      const core::Action action = first->action;
      m_air.erase(first);
      answer(action);
    } else if (next && *next <= to) {
      EXPECT_GT(*next, m_now) << "a wake-up that is not later";
      m_now = std::max(m_now, *next);
      apply(core::Tick{});
    } else {
      break;
    }
  }
  m_now = to;
}

void Bench::run(std::int64_t seconds) {
  for (std::int64_t i = 0; i < seconds; ++i) {
    report();
    advance_to(m_now + core::seconds(1));
    ++m_seconds;
  }
}

std::string Bench::place(const std::string& workload) const {
  const auto& target = m_placed.at(workload);
  return target ? target->text : "";
}

std::vector<Move> Bench::moves(const std::string& workload) const {
  std::vector<Move> found;
  for (const Move& move : m_moves) {
    if (move.workload == workload) found.push_back(move);
  }
  return found;
}

}  // namespace wanwise::sim::test
