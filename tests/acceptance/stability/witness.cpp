#include "tests/acceptance/stability/witness.hpp"

#include <algorithm>

#include "engine/core/observe/objective_watch.hpp"

namespace wanwise::acceptance {
namespace {

using core::Instant;
using core::Micros;
using core::milliseconds;
using core::OptionReport;
using core::seconds;
using core::Verdict;

/// After a move the engine waits this long for a cold accelerator (observe/workload_state).
constexpr Micros kSettling = seconds(3);
/// Misses over a link that fades are waited out for so long (observe/link_state), and its end is
/// seen with the next telemetry.
constexpr Micros kWaitOut = seconds(8);
/// The loop's ticks stand at least this far apart (sim/trial/site_loop); several may come first.
constexpr Micros kTicks = milliseconds(20);
constexpr std::size_t kMostFaults = 20;

bool is_of(const core::Finding& finding, const std::string& beginning) {
  return finding.rule.rfind(beginning, 0) == 0;
}

const OptionReport* report_of(const core::Explanation& why, const core::Place& place) {
  const auto found =
      std::find_if(why.options.begin(), why.options.end(), [&](const OptionReport& one) {
        return one.target == place.target && one.rung == place.rung;
      });
  return found == why.options.end() ? nullptr : &*found;
}

/// Where it stood could not be used at all.
bool unusable(const OptionReport* left) {
  constexpr const char* kGone[] = {"target alive", "target known", "path", "drain", "link known"};
  return left == nullptr ||
         std::any_of(left->findings.begin(), left->findings.end(), [&](const core::Finding& f) {
           return !f.holds && std::any_of(std::begin(kGone), std::end(kGone),
                                          [&](const char* rule) { return f.rule == rule; });
         });
}

/// It broke the objective, predicted or measured.
bool broken(const OptionReport* left) {
  return left != nullptr &&
         std::any_of(left->findings.begin(), left->findings.end(), [](const core::Finding& f) {
           return !f.holds && (is_of(f, "latency") || is_of(f, "observed"));
         });
}

}  // namespace

Witness::Witness(const core::Model& model, Pace pace)
    : m_engine(model),
      m_pace(pace),
      m_workloads(model.policy.workloads.size()),
      m_ledger(model.policy.stability) {
  for (std::size_t w = 0; w < m_workloads.size(); ++w) {
    const core::ObjectiveWatch watch(policy(w).objective, policy(w).rate,
                                     model.policy.stability.fall_back_after);
    m_workloads[w].misses_to_tell = watch.misses_to_tell();
  }
}

std::size_t Witness::index_of(const core::WorkloadName& name) const {
  const auto& all = m_engine.model().policy.workloads;
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
  return static_cast<std::size_t>(found - all.begin());
}

bool Witness::is_at(std::uint32_t target, const core::Place& place) const {
  const core::Site& site = m_engine.model().site;
  const core::TargetName& name = target < site.nodes.size()
                                     ? site.nodes[target].name
                                     : site.clouds[target - site.nodes.size()].name;
  return place.target == name;
}

void Witness::fault(const std::string& line) {
  if (m_faults.size() < kMostFaults) m_faults.push_back(line);
}

void Witness::on_end(const sim::RequestEnd& request) {
  if (request.fate == sim::RequestFate::skipped || !request.target) return;
  Workload& it = m_workloads[request.workload];
  const Instant ended = sim::to_instant(request.ended);
  if (it.moving || ended < it.settled || !is_at(*request.target, it.place)) return;
  const Micros latency = sim::to_micros(request.ended - request.created);
  const bool missed = request.fate == sim::RequestFate::lost ||
                      latency > policy(request.workload).objective.latency;
  if (!missed) {
    if (it.due) ++m_spells.over;
    it.missed = 0;
    it.due.reset();
    return;
  }
  if (it.missed++ == 0) it.first_miss = ended;
  if (it.missed != it.misses_to_tell) return;
  it.told = ended;
  // The sample that counts the last of them comes within a period, or begins with the next one if
  // the workload settled in the middle of it; then the policy's time, and a tick.
  const auto& rules = m_engine.model().policy.stability;
  it.due = ended + m_pace.cluster * 2 + rules.fall_back_after + kTicks;
  const bool over_link = *request.target >= m_engine.model().site.nodes.size();
  if (over_link) it.due = *it.due + kWaitOut + m_pace.telemetry + m_pace.delay;
}

std::vector<core::Action> Witness::on_event(const core::Event& event) {
  check_due(event.at);
  const auto* done = std::get_if<core::ActionDone>(&event.body);
  if (done != nullptr) finished(event.at, *done);
  remember_predictions();
  auto actions = m_engine.apply(event).actions;
  for (const core::Action& action : actions) {
    const auto* move = std::get_if<core::PlaceWorkload>(&action.body);
    if (move != nullptr) submitted(event.at, action, *move);
  }
  return actions;
}

/// As of the decision before: the next one may already assume that neighbours leave too.
void Witness::remember_predictions() {
  const core::Status status = m_engine.status();
  for (const core::WorkloadStatus& it : status.workloads) {
    const std::size_t index = index_of(it.name);
    m_workloads[index].was_broken = it.predicted && *it.predicted > policy(index).objective.latency;
  }
}

void Witness::submitted(Instant at, const core::Action& action, const core::PlaceWorkload& move) {
  const std::size_t index = index_of(move.workload);
  Workload& it = m_workloads[index];
  const auto why = m_engine.explain(move.workload);
  const core::Place to{move.to, move.rung, {}};
  const OptionReport* left = why ? report_of(*why, it.place) : nullptr;
  m_ledger.add(move.workload.text, {at, it.place, to, unusable(left)});
  if (why && it.place.target) check_return(at, it, move, *why);
  if (it.due) {
    ++m_spells.answered;
    m_spells.slowest = std::max(m_spells.slowest, at - it.told);
  }
  if (it.escape) m_slowest_escape = std::max(m_slowest_escape.value_or(Micros{}), at - it.gone);
  it.place = to;
  it.moved = at;
  it.moving = action.id;
  it.missed = 0;
  it.due.reset();
  it.escape.reset();
}

void Witness::finished(Instant at, const core::ActionDone& done) {
  for (std::size_t w = 0; w < m_workloads.size(); ++w) {
    Workload& it = m_workloads[w];
    if (it.moving != done.id) continue;
    it.moving.reset();
    it.settled = at + kSettling;
    if (done.outcome == core::Outcome::done) return;
    it.place = m_ledger.moves().at(policy(w).name.text).back().from;
    m_ledger.undo(policy(w).name.text);
  }
}

void Witness::check_return(Instant at, const Workload& workload, const core::PlaceWorkload& move,
                           const core::Explanation& why) {
  const core::Workload& it = policy(index_of(move.workload));
  const bool home = move.to == it.targets.front() && move.rung == 0;
  const OptionReport* left = report_of(why, workload.place);
  if (!home || unusable(left) || broken(left) || workload.was_broken) return;
  const Instant from = std::max(workload.moved.value_or(Instant{INT64_MIN / 2}),
                                m_back.value_or(Instant{INT64_MIN / 2}));
  const Micros waited = at - from;
  if (waited < m_engine.model().policy.stability.return_after)
    fault(it.name.text + " returned " + std::to_string(waited.count / 1'000) +
          " ms after it moved or a target came back, from rung " +
          std::to_string(workload.place.rung) + ": " + why.summary);
}

void Witness::target_dies(const core::TargetName& target, Instant at) {
  for (Workload& it : m_workloads) {
    if (it.place.target != target) continue;
    it.gone = at;
    // Two failed scrapes; the first up to a period after.
    it.escape = at + m_pace.cluster * 2 + kTicks;
    it.due.reset();
    it.missed = 0;
  }
}

void Witness::link_goes(const core::LinkName&, Instant at) {
  for (std::size_t w = 0; w < m_workloads.size(); ++w) {
    Workload& it = m_workloads[w];
    const auto& nodes = m_engine.model().site.nodes;
    const bool on_site = std::any_of(nodes.begin(), nodes.end(), [&](const core::Node& node) {
      return it.place.target == node.name;
    });
    if (!it.place.target || on_site) continue;
    it.gone = at;
    it.escape = at + m_pace.telemetry + m_pace.delay + kTicks;
    it.due.reset();
    it.missed = 0;
  }
}

void Witness::check_due(Instant now) {
  for (std::size_t w = 0; w < m_workloads.size(); ++w) {
    Workload& it = m_workloads[w];
    if (it.due && now > *it.due) judge_spell(it, w);
    if (!it.escape || now <= *it.escape || it.moving) continue;
    it.escape.reset();
    const auto why = m_engine.explain(policy(w).name);
    const bool held =
        why && std::any_of(why->options.begin(), why->options.end(), [](const OptionReport& o) {
          return o.target && o.verdict == Verdict::held;
        });
    if (held) fault(policy(w).name.text + " is held on what is gone: " + why->summary);
  }
}

/// The bound has passed, requests still miss, and it stands where it stood.
void Witness::judge_spell(Workload& workload, std::size_t index) {
  workload.due.reset();
  const auto why = m_engine.explain(policy(index).name);
  if (!why) return;
  for (const OptionReport& option : why->options) {
    if (option.verdict != Verdict::held) continue;
    const bool limited =
        std::any_of(option.findings.begin(), option.findings.end(), [](const core::Finding& f) {
          return !f.holds && (f.rule == "min-dwell" || f.rule == "max-moves-per-hour");
        });
    const bool falls =
        std::any_of(option.findings.begin(), option.findings.end(),
                    [](const core::Finding& f) { return f.rule == "fall-back-after"; });
    if (limited || !falls) {
      ++(falls ? m_spells.limited : m_spells.nowhere);
      return;
    }
    ++m_spells.late;
    std::string rules;
    for (const core::Finding& f : option.findings)
      if (!f.holds) rules += "; " + f.rule + " wanted " + f.wanted + " got " + f.got;
    fault(policy(index).name.text + " at " + std::to_string(workload.told.micros / 1'000) +
          " ms is still held: " + why->summary + rules);
    return;
  }
  ++m_spells.nowhere;
}

}  // namespace wanwise::acceptance
