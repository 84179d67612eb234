#include "engine/core/decide/explain/what_if.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "engine/core/decide/explain/explainer.hpp"
#include "engine/core/decide/latency/latency.hpp"
#include "engine/core/decide/path/topology.hpp"
#include "engine/core/decide/situation_builder.hpp"
#include "engine/core/model_index.hpp"
#include "engine/core/text.hpp"

namespace wanwise::core {
namespace {

/// How far inputs are moved where nothing physical ends them: the radio's 10x within seconds is
/// covered by the link's own floor and ceiling; a demand or a round trip that grows eightfold is
/// another site.
constexpr std::int64_t kFarther = 8;
/// A TX2 in its slowest power mode takes about 3 times as long as in its fastest; heat comes on
/// top.
constexpr Ppm kSlowest{4'000'000};
/// Values are told to 2 %: finer than any of these inputs is known.
constexpr std::int64_t kGrainsPerValue = 50;

/// What a workload gets in a situation that was solved.
struct Outcome {
  Index target = kNone;
  Index link = kNone;
  Index spill = kNone;
  std::int64_t spilt = 0;  ///< share of it, ppm
  std::int32_t rung = -1;  ///< -1: it runs nowhere
  std::string told;

  [[nodiscard]] bool same_place(const Outcome& other) const {
    return std::tie(target, link, spill, spilt, rung) ==
           std::tie(other.target, other.link, other.spill, other.spilt, other.rung);
  }
};

/// One input as a number.
struct Axis {
  std::string input;
  std::int64_t now = 0;
  std::int64_t end = 0;   ///< how far it is moved
  std::int64_t unit = 1;  ///< the finest that people are shown
  std::function<void(Views&, std::int64_t)> set;
  std::function<std::string(std::int64_t)> text;
};

/// The 1, 2 or 5 times a power of ten below 2 % of the value, that people can be shown.
std::int64_t grain(std::int64_t value, std::int64_t unit) {
  std::int64_t step = unit;
  for (int i = 0; step * kGrainsPerValue < value; ++i) {
    const std::int64_t next = i % 3 == 1 ? step / 2 * 5 : step * 2;
    if (next * kGrainsPerValue > value) break;
    step = next;
  }
  return step;
}

/// A round value strictly between two others, about their geometric middle.
std::optional<std::int64_t> middle(std::int64_t a, std::int64_t b, std::int64_t unit) {
  const std::int64_t low = std::min(a, b);
  const std::int64_t high = std::max(a, b);
  const auto mean = static_cast<std::int64_t>(
      std::sqrt(static_cast<double>(std::max<std::int64_t>(low, 1)) * static_cast<double>(high)));
  const std::int64_t step = grain(mean, unit);
  const std::int64_t rounded = (mean + step / 2) / step * step;
  if (rounded > low && rounded < high) return rounded;
  const std::int64_t above = (low / step + 1) * step;
  return above < high ? std::optional{above} : std::nullopt;
}

std::string times_text(std::int64_t ppm) {
  const std::string hundredths = std::to_string(ppm / 10'000 % 100);
  return std::to_string(ppm / 1'000'000) + "." + (hundredths.size() < 2 ? "0" : "") + hundredths +
         "x";
}

class Asker {
 public:
  Asker(const Observed& observed, const Decision& decision, const Situation& decided_on,
        Index workload, SolveLimits limits)
      : m_model(observed.model),
        m_views(observed.views),
        m_moving(observed.moving),
        m_finish(observed.finish),
        m_workload(workload),
        m_limits(limits),
        m_topology(m_model),
        m_builder(m_model, m_topology, LinkChoice::steered) {
    m_here = outcome(decided_on, decision.chosen);
    Views views = m_views;
    m_wished = solved(views);
    m_alternative = alternative(m_builder.build(views, m_counters));
  }

  WhatIfs run() && {
    losses();
    recoveries();
    axes();
    m_out.rows.insert(m_out.rows.end(), m_unchanged.begin(), m_unchanged.end());
    return std::move(m_out);
  }

 private:
  Outcome outcome(const Situation& situation, const Assignment& chosen) const {
    Outcome out;
    const WorkloadInput& input = at(situation.workloads, m_workload);
    const Index index = at(chosen, m_workload);
    if (index == kNone) {
      out.told = "nowhere to run";
      return out;
    }
    const Option& option = at(input.options, index);
    out.target = option.target;
    out.link = option.link;
    out.spill = option.splits() ? option.spill.target : kNone;
    out.spilt = option.splits() ? option.spill.share.count : 0;
    out.rung = option.rung;
    out.told = place_text(m_model, m_workload, option);
    if (option.target == kNone) return out;
    const Micros latency = at(predict(situation, chosen), m_workload);
    out.told += ", " + text(latency) + " at " + quantile_text(input.quantile);
    if (latency > input.objective) out.told += " (wanted " + text(input.objective) + ")";
    return out;
  }

  /// The joint choice under these views; moves under way stay under way.
  Outcome solved(const Views& views) {
    ++m_out.solves;
    Situation situation = m_builder.build(views, m_counters);
    m_finish(situation);
    for (Index w = 0; w < count(situation.workloads); ++w) {
      WorkloadInput& input = at(situation.workloads, w);
      if (!m_moving[static_cast<std::size_t>(w)] || input.current == kNone) continue;
      input.options = {at(input.options, input.current)};
      input.current = 0;
    }
    Assignment chosen = solve(situation, m_limits, m_counters).chosen;
    for (Index w = 0; w < count(chosen); ++w) {
      if (at(chosen, w) == kNone) at(chosen, w) = at(situation.workloads, w).current;
    }
    return outcome(situation, chosen);
  }

  /// The place people would ask about: the most preferred other one for the full demand.
  std::optional<Option> alternative(const Situation& situation) const {
    std::optional<Option> best;
    for (const Option& option : at(situation.workloads, m_workload).options) {
      const bool same = option.target == m_wished.target && option.link == m_wished.link;
      if (same || option.rung != 0 || option.target == kNone) continue;
      if (!best || option.rank < best->rank) best = option;
    }
    return best;
  }

  bool budget() {
    m_out.exhausted = m_out.exhausted || m_out.solves >= kMostWhatIfSolves;
    return !m_out.exhausted;
  }

  [[nodiscard]] std::string told(const Outcome& outcome) const {
    const bool stays = !m_wished.same_place(m_here) && outcome.same_place(m_here);
    return stays ? "stays: " + outcome.told : outcome.told;
  }

  void event(const std::string& input, const std::string& becomes, const std::string& now,
             const std::function<void(Views&)>& set, bool even_without_change) {
    if (!budget()) return;
    Views views = m_views;
    set(views);
    const Outcome then = solved(views);
    if (!then.same_place(m_wished)) {
      m_out.rows.push_back({input, becomes, now, told(then)});
    } else if (even_without_change) {
      m_unchanged.push_back({input, becomes, now, {}});
    }
  }

  /// Who takes over from what it uses now.
  void losses() {
    for (const Index target : {m_wished.target, m_wished.spill}) {
      if (target == kNone || at(m_views.targets, target).health == Health::dead) continue;
      event(
          target_name(m_model, target).text, "dead", "alive",
          [&](Views& v) { at(v.targets, target).health = Health::dead; }, true);
    }
    if (m_wished.link == kNone) return;
    event(
        at(m_model.site.links, m_wished.link).name.text, "down", "up",
        [&](Views& v) { at(v.links, m_wished.link).availability = Availability::down; }, true);
  }

  /// What is out of use now and would be taken were it back.
  void recoveries() {
    for (const TargetName& name : at(m_model.policy.workloads, m_workload).targets) {
      const Index target = target_index(m_model, name);
      const TargetView& view = at(m_views.targets, target);
      if (view.health == Health::alive && !view.draining) continue;
      const char* now = view.draining ? "drained" : view.health == Health::dead ? "dead" : "silent";
      event(
          name.text, "back in use", now,
          [&](Views& v) {
            at(v.targets, target).health = Health::alive;
            at(v.targets, target).draining = false;
          },
          true);
    }
    for (Index l = 0; l < count(m_views.links); ++l) {
      const Availability is = at(m_views.links, l).availability;
      if (is == Availability::up) continue;
      event(
          at(m_model.site.links, l).name.text, "up again",
          is == Availability::down ? "down" : "unknown",
          [&](Views& v) { at(v.links, l).availability = Availability::up; }, false);
    }
  }

  void axes() {
    const Index other_target = m_alternative ? m_alternative->target : kNone;
    const Index other_link = m_alternative ? m_alternative->link : kNone;
    demand(m_workload, kFarther, 1);
    if (m_wished.link != kNone) link(m_wished.link, false);
    if (m_wished.target != kNone) slowdown(m_wished.target, false);
    if (other_link != kNone) link(other_link, true);
    if (other_target != kNone && other_target != m_wished.target) slowdown(other_target, true);
    others_demand(1, kFarther);
    demand(m_workload, 1, kFarther);
    others_demand(kFarther, 1);
  }

  void link(Index index, bool better) {
    const LinkView& view = at(m_views.links, index);
    const Link& spec = at(m_model.site.links, index);
    if (view.availability != Availability::up || view.uplink.count <= 0) return;
    Axis uplink{"uplink of " + spec.name.text,
                view.uplink.count,
                spec.uplink_floor.count,
                1'000,
                [index, view](Views& v, std::int64_t value) {
                  // The shaper follows the estimate.
                  const double factor =
                      static_cast<double>(value) / static_cast<double>(view.uplink.count);
                  at(v.links, index).uplink = Bps{value};
                  at(v.links, index).planned =
                      Bps{std::llround(static_cast<double>(view.planned.count) * factor)};
                },
                [](std::int64_t value) { return text(Bps{value}); }};
    if (better) uplink.end = std::max(spec.uplink_ceiling.count, view.uplink.count);
    uplink.unit = view.uplink.count >= 1'000'000 ? 100'000 : 1'000;
    search(uplink);
    Axis rtt{"round trip of " + spec.name.text,
             view.rtt.count,
             better ? 1'000 : std::max(view.rtt.count * kFarther, seconds(1).count),
             1'000,
             [index](Views& v, std::int64_t value) { at(v.links, index).rtt = Micros{value}; },
             [](std::int64_t value) { return text(Micros{value}); }};
    search(rtt);
  }

  void slowdown(Index target, bool better) {
    if (is_cloud(m_model, target)) return;  // nobody measures it
    const Ppm now = at(m_views.targets, target).slowdown;
    const auto& modes = target_profile(m_model, target).power_modes;
    Ppm least = kWhole;
    for (const PowerMode& mode : modes) least = std::min(least, mode.slowdown);
    const Ppm end = better ? std::min(now, least) : std::max(now, kSlowest);
    search({"service time on " + target_name(m_model, target).text, now.count, end.count, 10'000,
            [target](Views& v, std::int64_t value) { at(v.targets, target).slowdown = Ppm{value}; },
            [&modes, better, now](std::int64_t value) {
              std::string told = times_text(value);
              if (better || value == now.count) return told;
              for (const PowerMode& mode : modes) {
                if (mode.slowdown.count < value) continue;
                return told + " (" + mode.name.text + " is " + times_text(mode.slowdown.count) +
                       ")";
              }
              return told;
            }});
  }

  void demand(Index workload, std::int64_t times, std::int64_t by) {
    const std::int64_t now = at(m_views.workloads, workload).demand.count;
    search({"demand", now, std::max<std::int64_t>(now * times / by, 100), 100,
            [workload](Views& v, std::int64_t value) {
              at(v.workloads, workload).demand = MilliHz{value};
            },
            [](std::int64_t value) { return text(MilliHz{value}); }});
  }

  void others_demand(std::int64_t times, std::int64_t by) {
    if (m_views.workloads.size() < 2) return;
    const std::int64_t whole = kWhole.count;
    search({"demand of the others", whole, whole * times / by, 10'000,
            [this](Views& v, std::int64_t ppm) {
              for (Index w = 0; w < count(v.workloads); ++w) {
                if (w == m_workload) continue;
                MilliHz& rate = at(v.workloads, w).demand;
                rate = MilliHz{std::llround(static_cast<double>(rate.count) *
                                            static_cast<double>(ppm) * 1e-6)};
              }
            },
            [](std::int64_t ppm) { return text(Ppm{ppm}); }});
  }

  void search(const Axis& axis) {
    if (axis.end == axis.now || !budget()) return;
    const bool up = axis.end > axis.now;
    const auto try_at = [&](std::int64_t value) {
      Views views = m_views;
      axis.set(views, value);
      return solved(views);
    };
    Outcome there = try_at(axis.end);
    if (there.same_place(m_wished)) {
      m_unchanged.push_back({axis.input,
                             (up ? "up to " : "down to ") + axis.text(axis.end),
                             axis.text(axis.now),
                             {}});
      return;
    }
    std::int64_t same = axis.now;
    std::int64_t other = axis.end;
    while (const auto value = middle(same, other, axis.unit)) {
      if (!budget()) break;
      Outcome found = try_at(*value);
      if (found.same_place(m_wished)) {
        same = *value;
      } else {
        other = *value;
        there = std::move(found);
      }
    }
    m_out.rows.push_back(
        {axis.input, (up ? "≥ " : "≤ ") + axis.text(other), axis.text(axis.now), told(there)});
  }

  const Model& m_model;
  const Views& m_views;
  const std::vector<bool>& m_moving;
  const std::function<void(Situation&)>& m_finish;
  Index m_workload;
  SolveLimits m_limits;
  Topology m_topology;
  SituationBuilder m_builder;
  Counters m_counters;
  Outcome m_here;    ///< where it is to run now
  Outcome m_wished;  ///< where it would be but for stability rules
  std::optional<Option> m_alternative;
  WhatIfs m_out;
  std::vector<WhatIf> m_unchanged;
};

}  // namespace

WhatIfs what_if(const Observed& observed, const Decision& decision, const Situation& decided_on,
                Index workload, SolveLimits limits) {
  return Asker{observed, decision, decided_on, workload, limits}.run();
}

std::string first_change(const std::vector<WhatIf>& rows) {
  for (const WhatIf& row : rows) {
    const bool a_number = row.bound.starts_with("≥") || row.bound.starts_with("≤");
    if (!a_number || row.outcome.empty()) continue;
    return row.outcome + ", if " + row.input + " " + row.bound + " (now " + row.now + ")";
  }
  return {};
}

}  // namespace wanwise::core
