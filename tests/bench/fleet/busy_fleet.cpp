#include "tests/bench/fleet/busy_fleet.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <utility>

#include "tests/support/busy_site.hpp"

namespace wanwise::test {
namespace {

using Clock = std::chrono::steady_clock;

const std::array<core::TargetName, 4> kTargets = {
    core::TargetName{"tx2"}, core::TargetName{"tx2-b"}, core::TargetName{"cloud"},
    core::TargetName{"cloud-b"}};
constexpr std::array<const char*, 2> kLinks = {"lte", "wired"};
constexpr std::array<const char*, 3> kClasses = {"bulk", "realtime", "video"};
/// Of the moves one in so many fails, for its reason is remembered too.
constexpr std::uint64_t kMovesToFailure = 50;

core::Index target_of(const core::TargetName& name) {
  const auto found = std::find(kTargets.begin(), kTargets.end(), name);
  return static_cast<core::Index>(found - kTargets.begin());
}

std::string workload_name(std::uint64_t workload) {
  return "workload-" + std::to_string(workload);
}

core::FleetModel fleet_model(int sites, std::int64_t demand) {
  constexpr std::int64_t kPlenty = 1'000'000'000;  // of each for a site
  core::Model site = busy_site({.workloads = kWorkloads, .rate_per_s = demand});
  site.policy.stability = {};  // what a policy has that says nothing
  core::FleetModel model;
  model.pools = {{"cloud", core::PoolKind::cloud, kPlenty * sites, {}},
                 {"sims", core::PoolKind::data, kPlenty * sites, {}}};
  for (core::Index s = 0; s < sites; ++s) {
    site.site.name = core::SiteName{"site-" + std::to_string(s)};
    model.sites.push_back(site);
    model.pools[kCloudPool].members.push_back({s, kSharedCloud});
    model.pools[kDataPool].members.push_back({s, kSharedLink});
  }
  return model;
}

}  // namespace

BusyFleet::BusyFleet(int sites, std::int64_t demand)
    : BusyFleet(fleet_model(sites, demand), demand) {}

BusyFleet::BusyFleet(const core::FleetModel& model, std::int64_t demand)
    : m_demand(demand),
      m_fleet(model),
      m_places(model.sites.size(), Places(kWorkloads, core::kNone)) {
  for (core::Index s = 0; s < m_fleet.sites(); ++s) {
    settle(model.sites[static_cast<std::size_t>(s)], m_now, [&](core::EventBody body) {
      core::Step step = tell(s, std::move(body));
      for (const core::Action& action : step.actions) take(s, action);
      return step;
    });
  }
}

core::Step BusyFleet::tell(core::Index site, core::EventBody body) {
  std::vector<core::SiteStep> steps = m_fleet.apply(site, {m_now, std::move(body)});
  for (std::size_t i = 1; i < steps.size(); ++i) answer(steps[i]);
  return std::move(steps.front().step);
}

void BusyFleet::take(core::Index site, const core::Action& action) {
  const auto* move = std::get_if<core::PlaceWorkload>(&action.body);
  if (move == nullptr) return;
  const auto workload = std::stoul(move->workload.text.substr(workload_name(0).size() - 1));
  core::at(m_places, site)[workload] = move->to ? target_of(*move->to) : core::kNone;
}

void BusyFleet::answer(const core::SiteStep& step) {
  for (const core::Action& action : step.step.actions) {
    const bool move = std::holds_alternative<core::PlaceWorkload>(action.body);
    core::ActionDone done{action.id, core::Outcome::done, {}, {}};
    if (move && ++m_moves % kMovesToFailure == 0) {
      done = {action.id, core::Outcome::failed, "image-missing", "no such image on the node"};
    } else {
      take(step.site, action);
    }
    answer({step.site, tell(step.site, std::move(done))});
  }
}

core::EventBody BusyFleet::workload_news(core::Index site) {
  const std::uint64_t workload = m_random() % kWorkloads;
  const core::Index place = core::at(m_places, site)[workload];
  const auto target = static_cast<std::size_t>(std::max(place, 0));
  const std::int64_t arrived = 2 * m_demand * static_cast<std::int64_t>(1 + workload % 3);
  return core::WorkloadSample{core::WorkloadName{workload_name(workload)},
                              m_now,
                              kTargets[target],
                              core::seconds(2),
                              arrived,
                              arrived,
                              0,
                              core::milliseconds(70),
                              core::milliseconds(60)};
}

core::EventBody BusyFleet::link_news() {
  const core::LinkName link{kLinks[m_random() % kLinks.size()]};
  const std::uint64_t dice = m_random() % 10;
  const auto sent = static_cast<std::uint64_t>(m_now.micros / 20);  // bytes: 400 kbit/s
  if (dice < 4) return core::LinkCounters{link, m_now, true, sent, sent, 0};
  if (dice < 8) {
    const core::ClassName name{kClasses[m_random() % kClasses.size()]};
    return core::ClassCounters{link, name, m_now, sent / 3, 0, 0};
  }
  return core::ProbeSample{link, m_now, core::milliseconds(40)};
}

core::EventBody BusyFleet::target_news() {
  core::TargetSample sample;
  sample.target = kTargets[m_random() % 2];
  sample.observed_at = m_now;
  sample.reachable = true;
  sample.load = core::Ppm{500'000};
  sample.power_mode = core::PowerModeName{m_random() % 8 == 0 ? "MAX-Q" : "MAX-N"};
  return sample;
}

/// What comes most is what comes most in life; some 1 % of it matters.
core::EventBody BusyFleet::news(core::Index site) {
  const std::uint64_t dice = m_random() % 100;
  if (dice < 60) return workload_news(site);
  return dice < 95 ? link_news() : target_news();
}

std::vector<double> BusyFleet::pass(core::Micros time) {
  std::vector<double> times;
  const std::int64_t a_second = std::int64_t{kEventsPerSecond} * sites();
  const core::Instant start = m_now;
  const std::int64_t events = a_second * time.count / core::seconds(1).count;
  times.reserve(static_cast<std::size_t>(events));
  for (std::int64_t e = 1; e <= events; ++e) {
    m_now = start + core::Micros{core::seconds(1).count * e / a_second};
    const auto site = static_cast<core::Index>(m_random() % m_places.size());
    core::Event event{m_now, news(site)};
    const auto before = Clock::now();
    std::vector<core::SiteStep> steps = m_fleet.apply(site, event);
    const auto after = Clock::now();
    times.push_back(std::chrono::duration<double, std::micro>(after - before).count());
    for (const core::SiteStep& step : steps) answer(step);
  }
  return times;
}

void BusyFleet::change_power_modes() {
  for (core::Index s = 0; s < m_fleet.sites(); ++s) {
    core::TargetSample sample;
    sample.target = kTargets[0];
    sample.observed_at = m_now;
    sample.reachable = true;
    const bool slow = m_random() % 2 == 0;
    sample.power_mode = core::PowerModeName{slow ? "MAX-Q" : "MAX-N"};
    sample.throttle = core::Ppm{1'000'000 + static_cast<std::int64_t>(m_random() % 4) * 100'000};
    answer({s, tell(s, sample)});
  }
}

void BusyFleet::churn(int times) {
  for (int t = 0; t < times; ++t) {
    for (core::Index s = 0; s < m_fleet.sites(); ++s) {
      answer({s, tell(s, core::DrainRequested{kTargets[t % 2 == 0 ? 1 : 0], false})});
      answer({s, tell(s, core::DrainRequested{kTargets[t % 2 == 0 ? 0 : 1], true})});
    }
    pass(core::seconds(20));
  }
}

std::uint64_t BusyFleet::decisions() const {
  std::uint64_t sum = 0;
  for (core::Index s = 0; s < m_fleet.sites(); ++s) sum += m_fleet.site(s).totals().decisions;
  return sum;
}

int BusyFleet::users(std::size_t pool) const {
  int users = 0;
  for (core::Index s = 0; s < m_fleet.sites(); ++s) {
    const core::SiteUse& use = m_fleet.site(s).use();
    const auto& uses = pool == kCloudPool ? use.targets : use.links;
    const core::Index resource = pool == kCloudPool ? kSharedCloud : kSharedLink;
    if (!uses.empty() && core::at(uses, resource) > 0) ++users;
  }
  return users;
}

}  // namespace wanwise::test
