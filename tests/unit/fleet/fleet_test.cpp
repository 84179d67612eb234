// Many sites with one cloud between them: an event stays with its site, and what is scarce goes to
// whom it helps most.
#include "engine/core/fleet/fleet.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/support/busy_site.hpp"
#include "tests/support/model_builder.hpp"

namespace wanwise::core {
namespace {

constexpr Index kCloud = 1;  // targets of a ModelBuilder site: tx2, cloud

/// Sites whose one workload overloads its TX2 and therefore needs the cloud; `way_out`: it may also
/// drop to a rate that the TX2 carries.
Model needy_site(const std::string& name, Priority priority, std::int64_t rate = 25) {
  test::ModelBuilder builder;
  Link link = test::lte_link();
  link.uplink = Bps{30'000'000};
  builder.link(link).workload(
      {.name = "detect", .priority = priority, .rate_per_s = rate, .degraded_rates = {5}});
  Model model = builder.build();
  model.site.name = SiteName{name};
  std::erase_if(model.site.links, [&](const Link& old) { return old.uplink != link.uplink; });
  return model;
}

/// A fleet that answers its own actions.
class Running {
 public:
  explicit Running(FleetModel model) : m_models(model.sites), m_fleet(std::move(model)) {}

  void settle() {
    for (Index s = 0; s < m_fleet.sites(); ++s) {
      test::settle(at(m_models, s), m_now,
                   [&](EventBody body) { return tell(s, std::move(body)); });
    }
  }

  /// The step of the site itself; steps of others are answered here.
  Step tell(Index site, EventBody body) {
    std::vector<SiteStep> steps = m_fleet.apply(site, {m_now, std::move(body)});
    Step own = std::move(steps.front().step);
    for (std::size_t i = 1; i < steps.size(); ++i) answer(steps[i]);
    return own;
  }

  void tick(Index site) { answer({site, tell(site, Tick{})}); }

  /// Lets time pass, with every site's telemetry each second and every wake-up on the way.
  void pass(Micros time) {
    for (const Instant end = m_now + time; m_now < end;) {
      wake_until(m_now + seconds(1));
      for (Index s = 0; s < m_fleet.sites(); ++s) report(s);
    }
  }

  void resolve() {
    for (SiteStep& step : m_fleet.resolve(m_now)) answer(step);
  }

  [[nodiscard]] std::uint64_t solves() const {
    std::uint64_t sum = 0;
    for (Index s = 0; s < m_fleet.sites(); ++s) sum += m_fleet.site(s).totals().decisions;
    return sum;
  }
  [[nodiscard]] Fleet& fleet() { return m_fleet; }
  [[nodiscard]] Instant now() const { return m_now; }
  /// The reason of the site's last move.
  [[nodiscard]] std::string why(Index site) const { return m_why.at(site); }
  [[nodiscard]] std::vector<Index> in_cloud() const {
    std::vector<Index> sites;
    for (Index s = 0; s < m_fleet.sites(); ++s) {
      const Status status = m_fleet.site(s).status();
      if (status.workloads.front().target == TargetName{"cloud"}) sites.push_back(s);
    }
    return sites;
  }

 private:
  void wake_until(Instant until) {
    for (auto wake = m_fleet.next_wakeup(); wake && wake->first <= until;
         wake = m_fleet.next_wakeup()) {
      m_now = std::max(m_now, wake->first);
      tick(wake->second);
    }
    m_now = until;
  }

  void report(Index site) {
    answer({site, tell(site, LinkCounters{LinkName{"lte"}, m_now, true, 0, 0, 0})});
    TargetSample sample;
    sample.target = TargetName{"tx2"};
    sample.observed_at = m_now;
    sample.reachable = true;
    answer({site, tell(site, sample)});
  }

  void answer(const SiteStep& step) {
    for (const Action& action : step.step.actions) {
      if (std::holds_alternative<PlaceWorkload>(action.body)) m_why[step.site] = action.why;
      answer({step.site, tell(step.site, ActionDone{action.id, Outcome::done, {}, {}})});
    }
  }

  std::vector<Model> m_models;
  Fleet m_fleet;
  Instant m_now{1'000'000};
  std::map<Index, std::string> m_why;  ///< by site
};

SharedPool cloud_pool(Index sites, std::int64_t capacity) {
  SharedPool pool{"cloud", PoolKind::cloud, capacity, {}};
  for (Index s = 0; s < sites; ++s) pool.members.push_back({s, kCloud});
  return pool;
}

FleetModel three_sites(std::int64_t capacity) {
  return {{needy_site("a", Priority::low), needy_site("b", Priority::critical),
           needy_site("c", Priority::normal)},
          {cloud_pool(3, capacity)}};
}

TEST(Fleet, an_event_is_its_sites_alone) {
  FleetModel model{{test::busy_site({.name = "a"}), test::busy_site({.name = "b"})}, {}};
  Running running(std::move(model));
  running.settle();
  const std::uint64_t before = running.fleet().site(1).totals().events;
  const std::uint64_t digest = running.fleet().site(1).digest();
  running.tell(0, DrainRequested{TargetName{"tx2"}, true});
  EXPECT_EQ(running.fleet().site(1).totals().events, before);
  EXPECT_EQ(running.fleet().site(1).digest(), digest);
}

TEST(Fleet, with_room_for_all_there_is_no_toll) {
  Running running(three_sites(2'000'000));
  running.settle();
  running.pass(seconds(30));
  EXPECT_EQ(running.in_cloud(), (std::vector<Index>{0, 1, 2}));
  EXPECT_EQ(running.fleet().status().pools[0].toll, Toll{});
}

TEST(Fleet, what_is_too_little_for_all_goes_to_the_most_important) {
  // 25/s of 5 ms keep an eighth of an accelerator busy each: a fifth has room for one.
  Running running(three_sites(200'000));
  running.settle();
  running.pass(seconds(120));
  EXPECT_EQ(running.in_cloud(), (std::vector<Index>{1}));
  const PoolStatus pool = running.fleet().status().pools[0];
  EXPECT_LE(pool.use, 200'000);
  EXPECT_TRUE(pool.enough);
  EXPECT_NE(pool.toll.level, TollLevel::none);
}

TEST(Fleet, who_must_leave_is_told_of_the_toll) {
  Running running(three_sites(2'000'000));
  running.settle();
  running.pass(seconds(30));
  ASSERT_EQ(running.in_cloud(), (std::vector<Index>{0, 1, 2}));
  running.fleet().set_capacity(0, 200'000, running.now());
  running.pass(seconds(120));
  ASSERT_EQ(running.in_cloud(), (std::vector<Index>{1}));
  const auto toll_of = [&](Index site) {
    const auto told = running.fleet().site(site).explain(WorkloadName{"detect"});
    for (const OptionReport& option : told.value_or(Explanation{}).options) {
      if (option.target != TargetName{"cloud"} || option.rung != 0) continue;
      for (const Finding& finding : option.findings) {
        if (finding.rule == "toll on cloud") return std::optional{finding};
      }
    }
    return std::optional<Finding>{};
  };
  for (const Index site : {0, 2}) {
    ASSERT_TRUE(toll_of(site));
    EXPECT_FALSE(toll_of(site)->holds);
    EXPECT_EQ(toll_of(site)->wanted, "room for all sites");
    EXPECT_EQ(toll_of(site)->got.rfind("as much as objectives of", 0), 0U) << toll_of(site)->got;
    EXPECT_EQ(running.why(site).rfind("there: toll on cloud as much as", 0), 0U)
        << running.why(site);
  }
  // Who is worth it pays, and stays.
  ASSERT_TRUE(toll_of(1));
  EXPECT_TRUE(toll_of(1)->holds);
}

TEST(Fleet, the_toll_goes_when_there_is_room_again) {
  Running running(three_sites(200'000));
  running.settle();
  running.pass(seconds(120));
  for (const Index site : {1, 2}) {
    running.tell(site, WorkloadSample{WorkloadName{"detect"}, running.now(),
                                      TargetName{site == 1 ? "cloud" : "tx2"}, seconds(20), 2, 2, 0,
                                      std::nullopt, std::nullopt});
  }
  running.pass(seconds(600));
  EXPECT_LE(running.fleet().status().pools[0].use, 170'000);
}

TEST(Fleet, a_shared_data_plan_sends_home_who_can_stay_home) {
  // Each sends 4/s of 20 KB to a cloud that costs nothing and is preferred: some 0.7 Mbit/s.
  const auto site = [](const std::string& name) {
    test::ModelBuilder builder;
    builder.workload({.name = "detect", .targets = {"cloud", "tx2"}});
    Model model = builder.build();
    model.site.name = SiteName{name};
    model.site.links.front().price_per_gb = NanoUsd{};
    model.site.clouds.front().price_per_hour = NanoUsd{};
    return model;
  };
  SharedPool plan{"sims", PoolKind::data, 1'600'000, {{0, 0}, {1, 0}, {2, 0}}};
  Running running({{site("a"), site("b"), site("c")}, {plan}});
  running.settle();
  EXPECT_EQ(running.in_cloud(), (std::vector<Index>{0, 1, 2}));
  running.pass(seconds(120));
  EXPECT_EQ(running.in_cloud(), (std::vector<Index>{0, 1}));
  EXPECT_LE(running.fleet().status().pools[0].use, 1'600'000);
  EXPECT_EQ(running.fleet().status().pools[0].toll.level, TollLevel::money);
}

TEST(Fleet, a_pool_that_grows_is_used_again) {
  Running running(three_sites(200'000));
  running.settle();
  running.pass(seconds(120));
  running.fleet().set_capacity(0, 4'000'000, running.now());
  running.pass(seconds(120));
  EXPECT_EQ(running.in_cloud(), (std::vector<Index>{0, 1, 2}));
  EXPECT_EQ(running.fleet().status().pools[0].toll, Toll{});
}

TEST(Fleet, an_event_waits_for_no_other_site) {
  Running running(three_sites(200'000));
  running.settle();
  std::uint64_t most = 0;
  for (int second = 0; second < 120; ++second) {
    for (Index s = 0; s < 3; ++s) {
      const std::uint64_t before = running.solves();
      running.tick(s);
      most = std::max(most, running.solves() - before);
    }
    running.pass(seconds(1));
  }
  // Its own decision (twice solved), one offer, and one site under its new toll (twice solved).
  EXPECT_LE(most, 5U);
}

TEST(Fleet, the_same_history_gives_the_same_digest) {
  Running one(three_sites(200'000));
  Running two(three_sites(200'000));
  for (Running* running : {&one, &two}) {
    running->settle();
    running->pass(seconds(60));
  }
  EXPECT_EQ(one.fleet().digest(), two.fleet().digest());
}

TEST(Fleet, resolving_at_once_and_in_portions_ends_alike) {
  Running portions(three_sites(200'000));
  Running whole(three_sites(200'000));
  portions.settle();
  whole.settle();
  portions.pass(seconds(120));
  whole.resolve();
  whole.pass(seconds(120));
  EXPECT_EQ(whole.in_cloud(), portions.in_cloud());
  const FleetStatus status = whole.fleet().status();
  ASSERT_TRUE(status.bound && status.cost);
  EXPECT_LE(*status.bound, *status.cost);
  ASSERT_TRUE(status.planned);
  EXPECT_LE(*status.bound, *status.planned);
}

}  // namespace
}  // namespace wanwise::core
