// Steps and targets that another one before them makes needless.
#include <algorithm>
#include <string>

#include "engine/policy/reason/checks.hpp"

namespace wanwise::policy {
namespace {

using core::at;
using core::count;
using core::Index;

/// Nowhere is `later` lighter than `sooner`: it holds no objective that the sooner one does not.
/// On a link what counts is also the rate of messages; on an accelerator rate and time together.
bool no_lighter(Case& c, Index workload, const core::Rung& later, const core::Rung& sooner) {
  const core::Model& model = c.subject.model;
  const core::Workload& w = at(model.policy.workloads, workload);
  return std::all_of(w.targets.begin(), w.targets.end(), [&](const core::TargetName& name) {
    const Index target = core::target_index(model, name);
    const auto& models = core::target_profile(model, target).models;
    const core::ServiceTime& a = models.at(later.model);
    const core::ServiceTime& b = models.at(sooner.model);
    const auto spread = [](const core::ServiceTime& time) { return time.p99 - time.mean; };
    const auto work = [](const core::Rung& rung, core::Micros time) {
      return rung.rate.count * time.count;  // below 1e8 mHz times 6e7 µs
    };
    if (core::is_cloud(model, target) && later.rate < sooner.rate) return false;
    // The mean residual service, (mean + spread^2 / mean) / 2, grows with the mean only above the
    // spread.
    const bool residual_grows = spread(b) <= b.mean || a.mean == b.mean;
    return residual_grows && a.mean >= b.mean && spread(a) >= spread(b) &&
           work(later, a.mean) >= work(sooner, b.mean) &&
           work(later, spread(a)) >= work(sooner, spread(b));
  });
}

std::string described(const core::Model& model, const core::Workload& w, const core::Rung& rung) {
  const Index target = core::target_index(model, w.targets.front());
  const core::Micros mean = core::target_profile(model, target).models.at(rung.model).mean;
  return format_quantity(Unit::request_rate, rung.rate.count) + " of " + rung.model.text +
         " with " + text_of(mean) + " on " + w.targets.front().text;
}

void check_ladder(Case& c, Index workload) {
  const core::Model& model = c.subject.model;
  const core::Workload& w = at(model.policy.workloads, workload);
  for (Index later = 1; later < count(w.ladder); ++later) {
    const core::Rung& step = at(w.ladder, later);
    if (suspends(step)) continue;
    for (Index sooner = 0; sooner < later; ++sooner) {
      const core::Rung& before = at(w.ladder, sooner);
      if (!no_lighter(c, workload, step, before)) continue;
      c.notes.warn(c.subject.policy, rung_value(*at(c.subject.workloads, workload), later),
                   "the step gives something up and is nowhere lighter than " +
                       (sooner == 0 ? std::string{"the full demand"}
                                    : "degrade[" + std::to_string(sooner) + ']') +
                       ": " + described(model, w, step) + ", before it " +
                       described(model, w, before),
                   "a lower rate or a faster model");
      break;
    }
  }
}

/// Both names are one host, so one is dead when the other is, and nothing about the later is
/// better. Two nodes, or clouds at two addresses, die apart: either is of use to the other.
bool same_but_worse(const core::Model& model, const core::Workload& w, const core::Cloud& later,
                    const core::Cloud& sooner) {
  const core::DeviceProfile& a = model.profiles.at(later.device);
  const core::DeviceProfile& b = model.profiles.at(sooner.device);
  const auto fastest = [](const core::DeviceProfile& profile) {
    return std::min_element(profile.power_modes.begin(), profile.power_modes.end(),
                            [](const auto& x, const auto& y) { return x.slowdown < y.slowdown; })
        ->slowdown;
  };
  const auto slowest = [](const core::DeviceProfile& profile) {
    return std::max_element(profile.power_modes.begin(), profile.power_modes.end(),
                            [](const auto& x, const auto& y) { return x.slowdown < y.slowdown; })
        ->slowdown;
  };
  const bool slower = std::all_of(w.ladder.begin(), w.ladder.end(), [&](const core::Rung& rung) {
    const core::ServiceTime& x = a.models.at(rung.model);
    const core::ServiceTime& y = b.models.at(rung.model);
    return x.mean.count * fastest(a).count >= y.mean.count * slowest(b).count &&
           x.p99.count * fastest(a).count >= y.p99.count * slowest(b).count;
  });
  return slower && later.address == sooner.address && later.beyond_probe >= sooner.beyond_probe &&
         later.price_per_hour >= sooner.price_per_hour &&
         later.servers * a.servers <= sooner.servers * b.servers;
}

void check_fall_backs(Case& c, Index workload) {
  const core::Model& model = c.subject.model;
  const core::Workload& w = at(model.policy.workloads, workload);
  const auto cloud = [&](Index rank) -> const core::Cloud* {
    const Index target = core::target_index(model, at(w.targets, rank));
    if (!core::is_cloud(model, target)) return nullptr;
    return &at(model.site.clouds, target - count(model.site.nodes));
  };
  for (Index later = 1; later < count(w.targets); ++later) {
    for (Index sooner = 0; sooner < later; ++sooner) {
      const core::Cloud* a = cloud(later);
      const core::Cloud* b = cloud(sooner);
      if (a == nullptr || b == nullptr || !same_but_worse(model, w, *a, *b)) continue;
      c.notes.warn(c.subject.policy, target_value(*at(c.subject.workloads, workload), later),
                   in_quotes(a->name.text) + " is no fall-back for " + in_quotes(b->name.text) +
                       ": both are the host " + core::to_string(a->address) +
                       ", and it is nowhere faster, cheaper or larger");
      break;
    }
  }
}

}  // namespace

void check_shadowed(Case& c) {
  for (const Index workload : c.subject.in_order) {
    check_ladder(c, workload);
    check_fall_backs(c, workload);
  }
}

}  // namespace wanwise::policy
