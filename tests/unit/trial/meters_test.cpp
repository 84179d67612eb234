#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/trial/bad_spells.hpp"
#include "sim/trial/latency_histogram.hpp"
#include "sim/trial/mser5.hpp"
#include "sim/trial/relief_watch.hpp"
#include "sim/world/kernel/random.hpp"

namespace wanwise::sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(LatencyHistogram, quantiles_are_within_a_bucket_of_the_exact_ones) {
  LatencyHistogram histogram;
  std::vector<std::int64_t> values;
  Stream stream(1, "latencies");
  for (int i = 0; i < 10'000; ++i) {
    values.push_back(static_cast<std::int64_t>(stream.exponential(50'000)));
    histogram.add(core::Micros{values.back()});
  }
  std::sort(values.begin(), values.end());
  for (const std::int64_t share : {500'000, 950'000, 990'000, 999'000}) {
    const std::int64_t exact = values[static_cast<std::size_t>(share / 100 - 1)];
    const std::int64_t got = histogram.quantile(core::Ppm{share}).count;
    EXPECT_GE(got, exact);
    EXPECT_LE(static_cast<double>(got), static_cast<double>(exact) * 1.016 + 1);
  }
}

TEST(LatencyHistogram, a_merge_is_the_histogram_of_both) {
  LatencyHistogram a, b, both;
  for (int i = 1; i < 2'000; i += 7) {
    a.add(core::Micros{i * 3});
    b.add(core::Micros{i * 1'001});
    both.add(core::Micros{i * 3});
    both.add(core::Micros{i * 1'001});
  }
  a.merge(b);
  EXPECT_EQ(a, both);
}

TEST(LatencyHistogram, comes_back_from_its_buckets) {
  LatencyHistogram histogram;
  for (const std::int64_t v : {0, 1, 127, 128, 129, 130, 4'097, 1'000'003}) {
    histogram.add(core::Micros{v}, 3);
  }
  EXPECT_EQ(LatencyHistogram::restore(histogram.buckets(), histogram.sum(), histogram.max()),
            histogram);
}

TEST(LatencyHistogram, counts_what_is_at_most_a_limit) {
  LatencyHistogram histogram;
  for (int i = 1; i <= 100; ++i) histogram.add(core::Micros{i});
  EXPECT_EQ(histogram.at_most(core::Micros{40}), 40);
  EXPECT_EQ(histogram.at_most(core::Micros{1'000'000}), 100);
  EXPECT_EQ(LatencyHistogram{}.quantile(core::Ppm{500'000}), core::Micros{0});
}

TEST(Mser5, cuts_off_a_transient_and_leaves_a_steady_run_whole) {
  Stream stream(2, "mser");
  Mser5 transient, steady;
  for (int second = 0; second < 600; ++second) {
    const double start = second < 100 ? 200'000.0 * (100 - second) : 0;
    for (int i = 0; i < 10; ++i) {
      const core::Micros noise{static_cast<std::int64_t>(stream.exponential(20'000))};
      steady.add(core::seconds(second), noise);
      transient.add(core::seconds(second), noise + core::Micros{static_cast<std::int64_t>(start)});
    }
  }
  EXPECT_GE(transient.truncation(), core::seconds(90));
  EXPECT_LE(transient.truncation(), core::seconds(150));
  EXPECT_LE(steady.truncation(), core::seconds(300));
}

BadSpells::Second bad(std::int64_t first_miss_s) {
  return {10, 8, core::Instant{first_miss_s * 1'000'000}};
}

TEST(BadSpells, last_from_the_first_missed_request_to_the_move) {
  BadSpells spells;
  spells.second({10, 0, {}});
  spells.second(bad(1));
  spells.second(bad(2));
  spells.moved(core::Instant{4'500'000});
  spells.moved(core::Instant{9'000'000});
  EXPECT_THAT(spells.answered(), ElementsAre(core::Micros{3'500'000}));
}

TEST(BadSpells, one_bad_second_is_none) {
  BadSpells spells;
  spells.second(bad(1));
  spells.second({10, 0, {}});
  spells.moved(core::Instant{4'500'000});
  EXPECT_THAT(spells.answered(), IsEmpty());
}

TEST(BadSpells, that_end_by_themselves_have_no_answer) {
  BadSpells spells;
  spells.second(bad(1));
  spells.second(bad(2));
  for (int i = 0; i < 5; ++i) spells.second({10, 0, {}});
  spells.moved(core::Instant{20'000'000});
  EXPECT_THAT(spells.answered(), IsEmpty());
}

DemandChange demand(std::int64_t ppm) {
  return {core::WorkloadName{"video"}, core::Ppm{ppm}};
}

TEST(ReliefWatch, a_demand_that_falls_ends_something_at_whatever_level) {
  ReliefWatch watch;
  EXPECT_FALSE(watch.ends_something(demand(1'500'000)));
  EXPECT_FALSE(watch.ends_something(demand(3'300'000)));
  EXPECT_TRUE(watch.ends_something(demand(1'500'000)));
}

TEST(ReliefWatch, an_uplink_that_recovers_and_a_target_that_is_back_end_something) {
  ReliefWatch watch;
  const core::LinkName lte{"lte"};
  EXPECT_FALSE(watch.ends_something(UplinkChange{lte, core::Ppm{40'000}}));
  EXPECT_TRUE(watch.ends_something(UplinkChange{lte, core::Ppm{500'000}}));
  EXPECT_FALSE(watch.ends_something(AliveChange{core::TargetName{"tx2"}, false}));
  EXPECT_TRUE(watch.ends_something(AliveChange{core::TargetName{"tx2"}, true}));
  EXPECT_FALSE(watch.ends_something(RouterApiChange{core::RouterName{"r"}, true}));
}

}  // namespace
}  // namespace wanwise::sim
