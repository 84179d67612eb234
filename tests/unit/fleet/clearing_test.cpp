// Tolls against exhaustive search on small markets: never more than there is, never above the true
// optimum, and the important first.
#include "engine/core/fleet/clearing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "engine/core/decide/shared_use.hpp"

namespace wanwise::core {
namespace {

/// One way a site can run, and what it takes from each pool.
struct Choice {
  Cost cost;
  std::vector<std::int64_t> uses;
};

/// Sites whose ways are listed.
class ListedSites final : public Bidders {
 public:
  explicit ListedSites(std::vector<std::vector<Choice>> sites) : m_sites(std::move(sites)) {}

  [[nodiscard]] Index sites() const override { return count(m_sites); }
  [[nodiscard]] Offer offer(Index site, const std::vector<std::int32_t>& rungs) override {
    std::optional<Offer> best;
    for (const Choice& choice : at(m_sites, site)) {
      Offer offer{choice.cost, choice.uses};
      for (std::size_t p = 0; p < rungs.size(); ++p) {
        const Toll toll = toll_at(rungs[p]);
        if (toll.level != TollLevel::none)
          offer.bound[toll_goal(toll.level)] += charge(toll, choice.uses[p]);
      }
      if (!best || offer.bound < best->bound) best = offer;
    }
    return *best;
  }
  [[nodiscard]] const std::vector<std::vector<Choice>>& all() const { return m_sites; }

 private:
  std::vector<std::vector<Choice>> m_sites;
};

Cost dollars(std::int64_t milli) {
  Cost cost;
  cost[Goal::money] = milli * 1'000'000;
  return cost;
}

Cost broken(Priority priority) {
  Cost cost;
  cost[unmet_goal(priority)] = 1'500'000;
  return cost;
}

/// A site that runs in the cloud for `use`, or at home for `home`.
std::vector<Choice> cloud_or(Cost home, std::int64_t use) {
  return {{Cost{}, {use}}, {home, {0}}};
}

/// The cheapest joint choice within the capacities.
std::optional<Cost> optimum(const ListedSites& sites, const std::vector<std::int64_t>& capacities,
                            std::size_t site = 0, Cost so_far = {},
                            std::vector<std::int64_t> used = {}) {
  if (used.empty()) used.assign(capacities.size(), 0);
  for (std::size_t p = 0; p < used.size(); ++p) {
    if (used[p] > capacities[p]) return std::nullopt;
  }
  if (site == sites.all().size()) return so_far;
  std::optional<Cost> best;
  for (const Choice& choice : sites.all()[site]) {
    Cost cost = so_far;
    cost += choice.cost;
    std::vector<std::int64_t> next = used;
    for (std::size_t p = 0; p < next.size(); ++p) next[p] += choice.uses[p];
    const auto found = optimum(sites, capacities, site + 1, cost, next);
    if (found && (!best || *found < *best)) best = found;
  }
  return best;
}

TEST(Clearing, asks_nothing_where_there_is_enough_for_all) {
  ListedSites sites({cloud_or(dollars(5), 400'000), cloud_or(dollars(5), 400'000)});
  Clearing clearing(sites, {1'000'000});
  EXPECT_TRUE(clearing.advance(100));
  EXPECT_EQ(clearing.prices()[0].rung, 0);
  EXPECT_EQ(clearing.prices()[0].use, 800'000);
  EXPECT_EQ(clearing.bound(), Cost{});
}

TEST(Clearing, who_has_a_cheap_way_out_takes_it) {
  ListedSites sites({cloud_or(dollars(50), 600'000), cloud_or(dollars(5), 600'000)});
  Clearing clearing(sites, {1'000'000});
  clearing.advance(1'000);
  const PoolPrice& price = clearing.prices()[0];
  EXPECT_EQ(toll_at(price.rung).level, TollLevel::money);
  EXPECT_EQ(price.use, 600'000);
  EXPECT_LE(clearing.bound(), dollars(5));
}

TEST(Clearing, the_less_important_does_without_when_money_does_not_help) {
  ListedSites sites(
      {cloud_or(broken(Priority::critical), 600'000), cloud_or(broken(Priority::low), 600'000)});
  Clearing clearing(sites, {1'000'000});
  clearing.advance(1'000);
  EXPECT_EQ(toll_at(clearing.prices()[0].rung).level, TollLevel::low);
  EXPECT_EQ(clearing.prices()[0].use, 600'000);
  EXPECT_EQ(clearing.bound().unmet(Priority::critical), 0);
}

TEST(Clearing, what_is_left_over_goes_to_whom_it_fits) {
  // Equal sites answer alike: the toll that stops one stops all three.
  ListedSites sites({cloud_or(dollars(5), 400'000), cloud_or(dollars(5), 400'000),
                     cloud_or(dollars(5), 400'000)});
  Clearing clearing(sites, {1'000'000});
  clearing.advance(1'000);
  EXPECT_EQ(clearing.prices()[0].favoured, (std::vector<Index>{0, 1}));
}

TEST(Clearing, says_so_when_no_toll_makes_it_enough) {
  ListedSites sites({{{Cost{}, {700'000}}}, {{Cost{}, {700'000}}}});
  Clearing clearing(sites, {1'000'000});
  clearing.advance(1'000);
  EXPECT_FALSE(clearing.prices()[0].enough);
}

TEST(Clearing, in_portions_it_finds_the_same) {
  ListedSites sites({cloud_or(dollars(50), 600'000), cloud_or(dollars(5), 600'000)});
  Clearing whole(sites, {1'000'000});
  Clearing portions(sites, {1'000'000});
  whole.advance(1'000);
  std::uint64_t steps = 0;
  while (!portions.advance(1)) ++steps;
  EXPECT_EQ(portions.prices()[0].rung, whole.prices()[0].rung);
  EXPECT_EQ(portions.bound(), whole.bound());
  EXPECT_EQ(portions.asked(), whole.asked());
  EXPECT_GT(steps, 4U);
}

std::vector<Choice> random_site(std::mt19937_64& random, std::size_t pools) {
  std::vector<Choice> choices;
  for (std::uint64_t c = 0; c < 2 + random() % 3; ++c) {
    Choice choice;
    choice.cost[Goal::money] = static_cast<std::int64_t>(random() % 100) * 1'000'000;
    if (random() % 4 == 0) choice.cost[unmet_goal(static_cast<Priority>(random() % 4))] = 1'000'000;
    for (std::size_t p = 0; p < pools; ++p) {
      choice.uses.push_back(c == 0 ? 0 : static_cast<std::int64_t>(random() % 500'000));
    }
    choices.push_back(std::move(choice));
  }
  return choices;
}

TEST(Clearing, the_bound_is_one_and_the_plan_fits) {
  std::mt19937_64 random{1};
  int tight = 0;
  for (int market = 0; market < 2'000; ++market) {
    const std::size_t pools = 1 + random() % 2;
    std::vector<std::vector<Choice>> listed;
    for (std::uint64_t s = 0; s < 1 + random() % 6; ++s)
      listed.push_back(random_site(random, pools));
    ListedSites sites(std::move(listed));
    const std::vector<std::int64_t> capacities(pools,
                                               static_cast<std::int64_t>(random() % 900'000));
    Clearing clearing(sites, capacities);
    ASSERT_TRUE(clearing.advance(100'000));
    const auto best = optimum(sites, capacities);
    ASSERT_TRUE(best);
    EXPECT_LE(clearing.bound(), *best) << "market " << market;
    for (std::size_t p = 0; p < pools; ++p) {
      tight += clearing.prices()[p].rung > 0;
      const bool alone = pools == 1;  // pools that share sites may overshoot: prices say so
      EXPECT_TRUE(!alone || clearing.prices()[p].use <= capacities[p]) << "market " << market;
    }
  }
  EXPECT_GT(tight, 500);
}

TEST(Clearing, most_sites_are_asked_few_times) {
  std::mt19937_64 random{2};
  std::vector<std::vector<Choice>> listed;
  for (int s = 0; s < 1'000; ++s) listed.push_back(random_site(random, 1));
  ListedSites sites(std::move(listed));
  Clearing clearing(sites, {50'000'000});
  ASSERT_TRUE(clearing.advance(100'000));
  EXPECT_GT(clearing.prices()[0].rung, 0);
  EXPECT_LE(clearing.asked(), 7'000U);
}

TEST(Clearing, beginning_at_any_toll_it_finds_the_same_one) {
  std::mt19937_64 random{3};
  for (int market = 0; market < 200; ++market) {
    std::vector<std::vector<Choice>> listed;
    for (std::uint64_t s = 0; s < 2 + random() % 6; ++s) listed.push_back(random_site(random, 1));
    ListedSites sites(std::move(listed));
    const auto capacity = static_cast<std::int64_t>(random() % 900'000);
    Clearing cold(sites, {capacity});
    ASSERT_TRUE(cold.advance(100'000));
    for (const std::int32_t in_force : {1, cold.prices()[0].rung, 100, kDearestToll}) {
      Clearing warm(sites, {capacity}, {in_force});
      ASSERT_TRUE(warm.advance(100'000));
      EXPECT_EQ(warm.prices()[0].rung, cold.prices()[0].rung) << in_force << ", " << market;
      EXPECT_EQ(warm.prices()[0].enough, cold.prices()[0].enough);
      EXPECT_EQ(warm.prices()[0].favoured, cold.prices()[0].favoured);
      EXPECT_EQ(warm.bound(), cold.bound());
    }
  }
}

TEST(Clearing, a_toll_that_stays_costs_three_offers_a_site) {
  std::mt19937_64 random{2};
  std::vector<std::vector<Choice>> listed;
  for (int s = 0; s < 1'000; ++s) listed.push_back(random_site(random, 1));
  ListedSites sites(std::move(listed));
  Clearing cold(sites, {50'000'000});
  ASSERT_TRUE(cold.advance(100'000));
  Clearing warm(sites, {50'000'000}, {cold.prices()[0].rung});
  ASSERT_TRUE(warm.advance(100'000));
  EXPECT_EQ(warm.prices()[0].rung, cold.prices()[0].rung);
  EXPECT_LE(warm.asked(), 3'000U);
}

}  // namespace
}  // namespace wanwise::core
