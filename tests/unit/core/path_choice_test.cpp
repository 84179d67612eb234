// Ways over trunks: who may leave by whose link, what they carry, and the backups.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <random>

#include "engine/core/decide/path/topology.hpp"
#include "engine/core/model_index.hpp"
#include "tests/support/ascii_site.hpp"

namespace wanwise::core {
namespace {

constexpr char kYard[] = R"(
  cameras -- east
  sensors -- west
  east --1ms-- tx2
  west --1ms-- orin
  east ~~bridge:50:2ms~~ west
  east ==fibre:5:20ms:20:0== net
  east ==lte-e:10:50ms:10:4== net
  west ==lte-w:10:80ms:30:2== net
  net ==0ms== aws
  east steers links
  west steers links
  a-detect cameras tx2,orin,aws
  b-listen sensors orin,aws
  c-both cameras,sensors aws
)";
// Links fibre = 0, lte-e = 1, lte-w = 2; routers east = 0, west = 1; targets orin, tx2, aws.
constexpr Index kFibre = 0;
constexpr Index kLteE = 1;
constexpr Index kLteW = 2;
constexpr Index kOrin = 0;
constexpr Index kTx2 = 1;
constexpr Index kAws = 2;
constexpr Index kEast = 0;
constexpr Index kWest = 1;

class Yard : public testing::Test {
 protected:
  void set_steers(bool east, bool west) {
    m_model.site.routers[0].steers = east;
    m_model.site.routers[1].steers = west;
    m_topology = Topology(m_model);
  }
  Model m_model = test::ascii_site(kYard);
  Topology m_topology{m_model};
};

TEST_F(Yard, a_node_on_a_neighbours_lan_is_reached_over_the_trunk) {
  EXPECT_EQ(m_topology.paths(0, kOrin), (std::vector<Path>{{kNone, milliseconds(6)}}));
  EXPECT_EQ(m_topology.paths(0, kTx2), (std::vector<Path>{{kNone, milliseconds(2)}}));
}

TEST_F(Yard, a_source_may_leave_by_every_link_of_the_site) {
  const std::vector<Path> all{
      {kFibre, milliseconds(20)}, {kLteE, milliseconds(50)}, {kLteW, milliseconds(84)}};
  EXPECT_EQ(m_topology.paths(0, kAws, LinkChoice::steered), all);
  const std::vector<Path> west{
      {kFibre, milliseconds(24)}, {kLteE, milliseconds(54)}, {kLteW, milliseconds(80)}};
  EXPECT_EQ(m_topology.paths(1, kAws, LinkChoice::steered), west);
}

TEST_F(Yard, where_nobody_steers_only_routings_way_is_offered) {
  set_steers(false, false);
  EXPECT_EQ(m_topology.paths(0, kAws, LinkChoice::steered),
            (std::vector<Path>{{kFibre, milliseconds(20)}}));
}

TEST_F(Yard, a_neighbour_that_does_not_steer_gives_only_what_it_prefers) {
  set_steers(false, true);
  const std::vector<Path> west{{kFibre, milliseconds(24)}, {kLteW, milliseconds(80)}};
  EXPECT_EQ(m_topology.paths(1, kAws, LinkChoice::steered), west);
}

TEST_F(Yard, routing_takes_the_neighbours_link_when_its_own_are_down) {
  m_topology.set_link_up(kLteW, false);
  EXPECT_EQ(m_topology.preferred_link(kWest), kFibre);
  EXPECT_EQ(m_topology.plain_link(kWest), kLteW);
  EXPECT_EQ(m_topology.plain_link(kWest, kLteW), kFibre);
  EXPECT_EQ(m_topology.paths(1, kAws), (std::vector<Path>{{kFibre, milliseconds(24)}}));
  m_topology.set_link_up(kFibre, false);
  EXPECT_EQ(m_topology.paths(1, kAws), (std::vector<Path>{{kLteE, milliseconds(54)}}));
}

TEST_F(Yard, a_link_that_cannot_carry_the_demand_is_thin_unless_none_can) {
  const PathDemand demand{Bps{15'000'000}, Bps{1'000'000}, {}};
  for (const Path& path : m_topology.paths(0, kAws, LinkChoice::steered, demand)) {
    EXPECT_EQ(path.thin, path.link == kLteE) << path.link;
  }
  m_topology.set_link_rate(kFibre, Bps{2'000'000});
  m_topology.set_link_rate(kLteW, Bps{2'000'000});
  for (const Path& path : m_topology.paths(0, kAws, LinkChoice::steered, demand)) {
    EXPECT_EQ(path.thin, path.link != kFibre) << path.link;  // what routing takes
  }
}

TEST_F(Yard, the_way_in_force_is_never_thin) {
  const PathDemand demand{Bps{15'000'000}, Bps{1'000'000}, kLteE};
  for (const Path& path : m_topology.paths(0, kAws, LinkChoice::steered, demand)) {
    EXPECT_FALSE(path.thin) << path.link;
  }
}

TEST_F(Yard, a_trunk_that_cannot_carry_the_demand_leads_nowhere) {
  const PathDemand demand{Bps{60'000'000}, {}, {}};
  EXPECT_TRUE(m_topology.paths(0, kOrin, LinkChoice::steered, demand).empty());
  EXPECT_EQ(m_topology.paths(0, kTx2, LinkChoice::steered, demand).size(), 1U);
}

TEST_F(Yard, sources_on_both_routers_leave_by_one_link_and_count_the_longer_way) {
  const std::vector<Path> all{
      {kFibre, milliseconds(24)}, {kLteE, milliseconds(54)}, {kLteW, milliseconds(84)}};
  EXPECT_EQ(m_topology.paths(2, kAws, LinkChoice::steered), all);
}

TEST_F(Yard, the_backup_carries_the_demand_and_shares_no_trunk_where_it_can) {
  EXPECT_EQ(m_topology.backup(0, kAws, kFibre, LinkChoice::steered, {}), kLteE);
  EXPECT_EQ(m_topology.backup(0, kAws, kLteE, LinkChoice::steered, {}), kFibre);
  // lte-e is nearer than lte-w but lies behind the same trunk as fibre.
  EXPECT_EQ(m_topology.backup(1, kAws, kFibre, LinkChoice::steered, {}), kLteW);
  const PathDemand demand{Bps{15'000'000}, {}, {}};
  EXPECT_EQ(m_topology.backup(0, kAws, kFibre, LinkChoice::steered, demand), kLteW);
  m_topology.set_link_up(kLteW, false);
  EXPECT_EQ(m_topology.backup(0, kAws, kFibre, LinkChoice::steered, demand), kLteE);
  m_topology.set_link_up(kLteE, false);
  EXPECT_EQ(m_topology.backup(0, kAws, kFibre, LinkChoice::steered, demand), kNone);
}

TEST_F(Yard, a_way_names_its_routers_and_trunks) {
  EXPECT_EQ(m_topology.way(kEast, kFibre, LinkChoice::steered, {}),
            (std::vector<RouterStep>{{kEast, kNone}}));
  EXPECT_EQ(m_topology.way(kWest, kFibre, LinkChoice::steered, {}),
            (std::vector<RouterStep>{{kWest, 0}, {kEast, kNone}}));
}

TEST_F(Yard, ways_are_computed_again_only_when_a_delay_or_a_state_changed) {
  const auto all = [&] {
    for (const Index target : {kOrin, kTx2, kAws}) {
      (void)m_topology.paths(0, target, LinkChoice::steered);
    }
    return m_topology.paths_computed();
  };
  EXPECT_EQ(all(), 4U);  // the LAN and three links
  EXPECT_EQ(all(), 4U);
  m_topology.set_link_rate(kFibre, Bps{1'000'000});
  EXPECT_EQ(all(), 4U);
  m_topology.set_link_rtt(kFibre, milliseconds(21));
  EXPECT_EQ(all(), 5U);
  m_topology.set_link_up(kLteW, false);  // routers may forward elsewhere now
  EXPECT_EQ(all(), 7U);
}

TEST(PathLimit, of_many_links_the_pareto_layers_by_delay_and_price_go_first) {
  const Model model = test::ascii_site(R"(
    cameras -- r
    r ==a:1:10ms:10:9== net
    r ==b:2:20ms:10:9== net
    r ==c:3:30ms:10:9== net
    r ==d:4:40ms:10:5== net
    r ==e:5:50ms:10:9== net
    r ==f:6:60ms:10:1== net
    net ==0ms== aws
    r steers links
    w cameras aws
  )");
  Topology topology(model);
  const auto links = [&](const PathDemand& demand) {
    std::vector<Index> out;
    for (const Path& path : topology.paths(0, 0, LinkChoice::steered, demand))
      out.push_back(path.link);
    return out;
  };
  EXPECT_EQ(links({}), (std::vector<Index>{0, 1, 3, 5}));  // the front a, d, f; then b
  EXPECT_EQ(links({{}, {}, 4}), (std::vector<Index>{0, 3, 4, 5}));
}

// ---- against enumeration of every simple way

/// The fastest way from a router to a link over trunks that carry `demand` and routers that
/// forward.
std::int64_t brute_force(const Model& model, Topology& topology, std::size_t from, Index link,
                         Bps demand) {
  const Site& site = model.site;
  const Index exit = index_of(site.routers, at(site.links, link).router);
  std::int64_t best = INT64_MAX;
  std::vector<bool> visited(site.routers.size());
  const std::function<void(Index, std::int64_t)> walk = [&](Index here, std::int64_t delay) {
    const bool forwards = at(site.routers, here).steers || topology.preferred_link(here) == link;
    if (!forwards) return;
    if (here == exit) best = std::min(best, delay + at(site.links, link).rtt.count);
    visited[static_cast<std::size_t>(here)] = true;
    for (const Trunk& trunk : site.trunks) {
      if (trunk.rate < demand) continue;
      const Index a = index_of(site.routers, trunk.a);
      const Index b = index_of(site.routers, trunk.b);
      if (here != a && here != b) continue;
      const Index there = here == a ? b : a;
      if (visited[static_cast<std::size_t>(there)]) continue;
      walk(there, delay + 2 * trunk.delay.count);
    }
    visited[static_cast<std::size_t>(here)] = false;
  };
  walk(static_cast<Index>(from), 0);
  return best;
}

Model random_site(std::mt19937_64& random) {
  const auto below = [&](std::uint64_t n) { return random() % n; };
  const std::uint64_t routers = 2 + below(4);
  const auto name = [](std::uint64_t r) { return "r" + std::to_string(r); };
  std::string drawing = "cameras -- r0\nnet ==0ms== aws\nw cameras aws\n";
  for (std::uint64_t r = 0; r < routers; ++r) {
    drawing += "s" + name(r) + " -- " + name(r) + "\n";
    if (below(3) > 0) drawing += name(r) + " steers links\n";
  }
  for (std::uint64_t t = 0; t < routers + below(4); ++t) {
    const std::uint64_t a = below(routers);
    const std::uint64_t b = (a + 1 + below(routers - 1)) % routers;
    drawing += name(a) + " ~~t" + std::to_string(t) + ":" + std::to_string(10 * (1 + below(3))) +
               ":" + std::to_string(1 + below(9)) + "ms~~ " + name(b) + "\n";
  }
  for (std::uint64_t l = 0; l < 1 + below(4); ++l) {
    drawing += name(below(routers)) + " ==l" + std::to_string(l) + ":" + std::to_string(l) + ":" +
               std::to_string(10 + below(90)) + "ms:" + std::to_string(5 + below(30)) + ":" +
               std::to_string(below(5)) + "== net\n";
  }
  return test::ascii_site(drawing);
}

TEST(RandomSites, every_way_is_the_fastest_of_all_simple_ways) {
  int compared = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    std::mt19937_64 random(seed);
    const Model model = random_site(random);
    Topology topology(model);
    for (Index l = 0; l < count(model.site.links); ++l) {
      topology.set_link_up(l, random() % 5 != 0);
    }
    const PathDemand demand{Bps{static_cast<std::int64_t>(random() % 30) * 1'000'000}, {}, {}};
    const std::vector<Path> paths = topology.paths(0, 0, LinkChoice::steered, demand);
    const bool any = std::any_of(paths.begin(), paths.end(), [&](const Path& path) {
      return brute_force(model, topology, 0, path.link, demand.up) != INT64_MAX &&
             demand.up <= at(model.site.links, path.link).uplink;
    });
    std::size_t offered = 0;
    for (Index l = 0; l < count(model.site.links); ++l) {
      const auto found = std::find_if(paths.begin(), paths.end(),
                                      [l](const Path& path) { return path.link == l; });
      const std::int64_t loose = brute_force(model, topology, 0, l, {});
      const bool reachable = topology.link_up(l) && loose != INT64_MAX;
      ASSERT_EQ(found != paths.end(), reachable) << "seed " << seed << " link " << l;
      if (!reachable) continue;
      ++offered;
      ++compared;
      const std::int64_t wide = demand.up <= at(model.site.links, l).uplink
                                    ? brute_force(model, topology, 0, l, demand.up)
                                    : INT64_MAX;
      EXPECT_EQ(found->fixed.count, wide != INT64_MAX ? wide : loose) << "seed " << seed;
      if (any) {
        EXPECT_EQ(found->thin, wide == INT64_MAX) << "seed " << seed;
      }
    }
    EXPECT_EQ(paths.size(), offered);
    EXPECT_TRUE(std::is_sorted(paths.begin(), paths.end(),
                               [](const Path& a, const Path& b) {
                                 return std::pair{a.fixed, a.link} < std::pair{b.fixed, b.link};
                               }))
        << "seed " << seed;
  }
  EXPECT_GT(compared, 500);
  std::printf("cases: %d\n", compared);
}

}  // namespace
}  // namespace wanwise::core
