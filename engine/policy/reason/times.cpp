// Rules about time, against each other and against the pace of the site's telemetry.
#include <algorithm>
#include <string>

#include "engine/policy/reason/checks.hpp"

namespace wanwise::policy {
namespace {

constexpr core::Micros kHour = core::seconds(3'600);

/// The router that tells about its links least often.
const RouterAccess& slowest(const std::vector<RouterAccess>& routers) {
  return *std::max_element(
      routers.begin(), routers.end(),
      [](const RouterAccess& a, const RouterAccess& b) { return a.period < b.period; });
}

/// A link is blind from the moment its newest sample is `after` old, so a sample a period leaves it
/// blind for the rest of each.
void check_blindness(Case& c, const RouterAccess& router) {
  const core::Micros after = c.subject.model.policy.when_blind.after;
  if (after >= router.period) return;
  const std::string text = "links of router " + in_quotes(router.router.text) + " are blind for " +
                           text_of(router.period - after) + " of every " + text_of(router.period) +
                           ": when-blind after " + text_of(after) +
                           " is shorter than its period of telemetry";
  const Value& root = c.subject.policy.root;
  const Value* blind = root.get("when-blind");
  if (blind != nullptr && blind->get("after") != nullptr) {
    c.notes.warn(c.subject.policy, *blind->get("after"), text,
                 "at least " + text_of(router.period));
  } else {
    c.notes.warn(c.subject.site,
                 deepest(entry(c.subject.site.root, "routers", router.router.text), "period", ""),
                 text, "at most " + text_of(after));
  }
}

/// The gate's clock starts with the sample that shows a link's fault; below one period no other
/// sample can take it back.
void check_detection(Case& c, const RouterAccess& router) {
  const Value* stability = c.subject.policy.root.get("stability");
  const Value* given = stability != nullptr ? stability->get("fall-back-after") : nullptr;
  const core::Micros after = c.subject.model.policy.stability.fall_back_after;
  if (given == nullptr || after >= router.period) return;
  c.notes.warn(c.subject.policy, *given,
               "no second sample of a link can confirm or deny the first within " + text_of(after) +
                   ": router " + in_quotes(router.router.text) + " tells every " +
                   text_of(router.period),
               "at least " + text_of(router.period));
}

}  // namespace

void check_times(Case& c) {
  if (c.subject.routers.empty()) return;
  const RouterAccess& router = slowest(c.subject.routers);
  check_blindness(c, router);
  check_detection(c, router);
}

/// Moves that are min-dwell apart, in the hour before one: those at 1, 2, ... dwells before it.
/// Whoever is not told here is not certain: a dead target overrides both rules.
void check_move_budget(const Document& policy, const core::Stability& rules, Notes& notes) {
  const Value* stability = policy.root.get("stability");
  if (stability == nullptr) return;
  const Value* budget = stability->get("max-moves-per-hour");
  if (budget == nullptr) return;
  if (rules.min_dwell.count > 0) {
    const std::int64_t others = (kHour.count + rules.min_dwell.count - 1) / rules.min_dwell.count;
    if (rules.max_moves_per_hour > others + 1) {
      notes.warn(policy, *budget,
                 "is never reached, dead targets aside: min-dwell " + text_of(rules.min_dwell) +
                     " leaves room for " + std::to_string(others) + " moves an hour",
                 "at most " + std::to_string(others));
      return;
    }
  }
  // The last move of the budget is kept for a fall (MoveGate::budget): with two, the one that a
  // return may use is the fall before it, with one it is the same.
  constexpr std::int32_t kFewestForReturn = 3;
  const Value* given = stability->get("return-after");
  if (given != nullptr && rules.max_moves_per_hour < kFewestForReturn &&
      rules.return_after < kHour) {
    notes.warn(policy, *given,
               "never decides when to return from a fall: with max-moves-per-hour " +
                   std::to_string(rules.max_moves_per_hour) +
                   " that has to wait until the fall is an hour ago",
               "max-moves-per-hour of at least " + std::to_string(kFewestForReturn));
  }
}

}  // namespace wanwise::policy
