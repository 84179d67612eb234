// What can only run beyond the WAN against the links that lead there and against the priority
// class. Sums are of payload with its headers, as the engine counts them.
#include <algorithm>
#include <string>

#include "engine/policy/reason/checks.hpp"
#include "engine/policy/reason/crowd.hpp"
#include "engine/policy/reason/ways.hpp"

namespace wanwise::policy {
namespace {

using core::at;
using core::count;
using core::Index;

constexpr std::int64_t kPercent = 100;

std::string bps(std::int64_t rate) {
  return text_of(core::Bps{rate});
}

/// Uplink or downlink of a way. True when something was told.
bool check_direction(Case& c, const Way& way, core::Bytes core::Workload::*message,
                     core::Bps capacity, const char* what, bool certain) {
  const core::Model& model = c.subject.model;
  const auto excess = excess_of(asked_of(model, way.workloads, message), capacity.count);
  if (!excess) return false;
  const Value& place = deepest(*at(c.subject.workloads, excess->workload), "demand", "rate");
  const std::string text = "what can only run in the cloud asks" + manner_of(*excess) + " for " +
                           bps(excess->sum) + " of " + what + " of " + way.name + ", " +
                           bps(capacity.count) + ": " + parts_of(model, *excess, bps);
  const std::string allowed = "at most " + bps(capacity.count) + " together";
  if (excess->certain && certain) {
    c.notes.error(c.subject.policy, place, text, allowed);
  } else {
    c.notes.warn(c.subject.policy, place, text, allowed);
  }
  return true;
}

/// What must cross the WAN in a priority class, against the class' cap. True when it was told.
bool check_cap(Case& c, const Way& way, const core::ServiceClass& service_class) {
  const core::Model& model = c.subject.model;
  std::vector<Index> members;
  for (const Index w : way.workloads) {
    if (at(model.policy.workloads, w).service_class == service_class.name) members.push_back(w);
  }
  const auto asked = asked_of(model, members, &core::Workload::request);
  const Value& queue = deepest(entry(c.subject.policy.root, "classes", service_class.name.text),
                               "queue", "priority");
  const auto cap_of = [&](core::Bps rate) { return rate.count * service_class.percent / kPercent; };
  const auto tell = [&](const Excess& excess, core::Bps rate, const char* which, bool certain) {
    const std::int64_t percent = (excess.sum * kPercent + rate.count - 1) / rate.count;
    const std::string text = "the cap is " + bps(cap_of(rate)) + " of " + which + " " +
                             bps(rate.count) + " of " + way.name +
                             ", but what can only run in the cloud asks" + manner_of(excess) +
                             " for " + bps(excess.sum) + ": " + parts_of(model, excess, bps);
    const std::string allowed =
        percent <= 95 ? "at least " + std::to_string(percent) + '%' : "a smaller demand";
    if (certain) {
      c.notes.error(c.subject.policy, queue, text, allowed);
    } else {
      c.notes.warn(c.subject.policy, queue, text, allowed);
    }
  };
  if (const auto excess = excess_of(asked, cap_of(way.ceiling))) {
    tell(*excess, way.ceiling, "the ceiling", excess->certain);
    return true;
  }
  const auto expected = excess_of(asked, cap_of(way.expected));
  if (expected) tell(*expected, way.expected, "the expected", false);
  return expected.has_value();
}

/// A workload that may also stay, whose way into the cloud the expected uplink is too small for on
/// every step: the entry is worth nothing until the uplink is better than expected.
void check_fall_back(Case& c, Index w) {
  const core::Model& model = c.subject.model;
  const core::Workload& workload = at(model.policy.workloads, w);
  const auto routers = routers_of(model, workload);
  if (at(c.hopeless, w) != 0 || workload.may_split || only_beyond_wan(model, workload) ||
      routers.size() != 1 || !model.site.trunks.empty()) {
    return;
  }
  const Way way = way_of(
      model, at(model.site.routers, core::index_of(model.site.routers, *routers.begin())), false);
  const core::ServiceClass& service_class =
      at(model.policy.classes, core::index_of(model.policy.classes, workload.service_class));
  const bool capped = service_class.queue == core::QueueKind::priority;
  const std::int64_t limit =
      capped ? way.expected.count * service_class.percent / kPercent : way.expected.count;
  core::MilliHz rate = workload.rate;
  for (const core::Rung& rung : workload.ladder) {
    if (!suspends(rung)) rate = std::min(rate, rung.rate);
  }
  const std::int64_t sent = wire_rate(rate, workload.request).count;
  if (way.name.empty() || sent <= limit) return;
  for (Index rank = 0; rank < count(workload.targets); ++rank) {
    if (!core::is_cloud(model, core::target_index(model, at(workload.targets, rank)))) continue;
    c.notes.warn(c.subject.policy, target_value(*at(c.subject.workloads, w), rank),
                 "of no use while the uplink is what the site expects: it sends at least " +
                     bps(sent) + ", of " + bps(way.expected.count) + " on " + way.name +
                     (capped ? " class " + service_class.name.text + " may have " : " there are ") +
                     bps(limit));
  }
}

/// True when something was told.
bool check_way(Case& c, const Way& way) {
  const auto request = &core::Workload::request;
  if (check_direction(c, way, request, way.ceiling, "the uplink's ceiling", true) ||
      check_direction(c, way, &core::Workload::response, way.downlink, "the downlink", true)) {
    return true;
  }
  bool told = false;
  for (const core::ServiceClass& service_class : c.subject.model.policy.classes) {
    if (service_class.queue != core::QueueKind::priority) continue;
    told = check_cap(c, way, service_class) || told;
  }
  return told || check_direction(c, way, request, way.expected, "the expected uplink", false);
}

}  // namespace

void check_links(Case& c) {
  // The way of the whole site comes last: what is too much for one router is too much for it.
  for (const Way& way : ways(c)) {
    if (check_way(c, way)) break;
  }
  for (const Index w : c.subject.in_order) check_fall_back(c, w);
}

}  // namespace wanwise::policy
