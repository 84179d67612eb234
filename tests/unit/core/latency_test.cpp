#include "engine/core/decide/latency/latency.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/random_situation.hpp"

namespace wanwise::core {
namespace {

constexpr Index kPriorityClass = 0;
constexpr Index kVideo = 1;
constexpr Index kBulk = 2;

/// A cloud with endless servers behind a link of 10 Mb/s.
Situation one_link() {
  Situation situation;
  situation.classes = {
      {QueueKind::priority, 30}, {QueueKind::remaining, 40}, {QueueKind::remaining, 5}};
  situation.targets = {{64, Bytes{INT64_MAX}, {}}};
  situation.links = {{Bps{10'000'000}, Bps{10'000'000}, Bps{50'000'000}, {}, {}}};
  return situation;
}

WorkloadInput workload_of(Index service_class, std::int64_t request) {
  WorkloadInput workload;
  workload.service_class = service_class;
  workload.quantile = Ppm{990'000};
  workload.request = Bytes{request};
  workload.response = Bytes{100};
  workload.memory = Bytes{1};
  return workload;
}

Option at_rate(std::int64_t millihertz) {
  return {0, 0, 0, 0, MilliHz{millihertz}, milliseconds(3), milliseconds(3), milliseconds(20)};
}

/// A request whose load is `mbps` of messages with `bytes` on the wire (one packet).
Option loading(double mbps, std::int64_t request) {
  const double bits = static_cast<double>(wire_bytes(Bytes{request})) * 8;
  return at_rate(static_cast<std::int64_t>(mbps * 1e9 / bits));
}

Micros alone(const Situation& situation, const WorkloadInput& workload, const Option& option) {
  Load load(situation);
  load.add(workload, option);
  return load.latency(workload, option);
}

TEST(WireBytes, each_packet_carries_its_headers) {
  EXPECT_EQ(wire_bytes(Bytes{0}), 40);
  EXPECT_EQ(wire_bytes(Bytes{1'400}), 1'440);
  EXPECT_EQ(wire_bytes(Bytes{1'401}), 1'481);
  EXPECT_EQ(wire_bytes(Bytes{45'000}), 45'000 + 33 * 40);
}

TEST(Latency, without_load_it_is_propagation_transmission_and_service) {
  const Situation situation = one_link();
  const WorkloadInput workload = workload_of(kVideo, 20'000);
  const std::int64_t up = (20'000 + 15 * 40) * 8 / 10;  // µs at 10 Mb/s
  const std::int64_t down = (140 * 8 + 49) / 50;        // µs at 50 Mb/s
  const std::int64_t expected = 20'000 + 3'000 + up + down;
  EXPECT_NEAR(static_cast<double>(alone(situation, workload, at_rate(1)).count),
              static_cast<double>(expected), 10);
}

TEST(Latency, a_suspended_option_waits_for_nothing) {
  const Situation situation = one_link();
  EXPECT_EQ(Load(situation).latency(workload_of(kVideo, 1), Option{}), Micros{0});
}

TEST(Latency, of_a_split_option_is_that_of_its_later_leg_each_with_its_share_of_the_rate) {
  Situation situation = one_link();
  situation.targets.push_back({1, Bytes{INT64_MAX}, {}});
  const WorkloadInput workload = workload_of(kVideo, 20'000);
  Option node = at_rate(40'000);
  node.target = 1;
  node.link = kNone;
  node.service_mean = node.service_p99 = milliseconds(15);
  Option split = node;
  const Option cloud = at_rate(40'000);
  split.spill = {cloud.target,       cloud.link,        Ppm{250'000},
                 cloud.service_mean, cloud.service_p99, cloud.fixed};
  Option kept = node;
  kept.rate = MilliHz{30'000};
  Option spilt = cloud;
  spilt.rate = MilliHz{10'000};
  const Micros legs[] = {alone(situation, workload, kept), alone(situation, workload, spilt)};
  EXPECT_EQ(alone(situation, workload, split), std::max(legs[0], legs[1]));

  Load load(situation);
  load.add(workload, split);
  EXPECT_EQ(load.target_utilisation(1), Ppm{450'000});
  EXPECT_EQ(load.uplink_load(0), Bps{(20'000 + 15 * 40) * 8 * 10});
  load.remove(workload, split);
  EXPECT_EQ(load.uplink_load(0), Bps{0});
  EXPECT_EQ(load.target_utilisation(1), Ppm{0});
}

TEST(Latency, a_class_keeps_its_guarantee_when_another_overloads_the_link) {
  const Situation situation = one_link();
  const WorkloadInput video = workload_of(kVideo, 1'400);
  const WorkloadInput bulk = workload_of(kBulk, 1'400);
  Load load(situation);
  load.add(video, loading(2, 1'400));
  load.add(bulk, loading(20, 1'400));
  EXPECT_LT(load.latency(video, loading(2, 1'400)), milliseconds(60));
  EXPECT_EQ(load.latency(bulk, loading(20, 1'400)), kNever);
}

TEST(Latency, a_priority_class_hardly_feels_the_others_and_is_policed_to_its_cap) {
  const Situation situation = one_link();
  const WorkloadInput urgent = workload_of(kPriorityClass, 1'400);
  const Option option = loading(1, 1'400);
  Load load(situation);
  load.add(urgent, option);
  const Micros before = load.latency(urgent, option);
  load.add(workload_of(kVideo, 45'000), loading(8.5, 45'000));
  // A packet on the line, and the shaper's burst of 10 ms.
  EXPECT_LE(load.latency(urgent, option), before + Micros{11'200});
  EXPECT_NE(alone(situation, urgent, loading(2.9, 1'400)), kNever);
  EXPECT_EQ(alone(situation, urgent, loading(3.1, 1'400)), kNever);
}

TEST(Latency, what_the_shaper_let_through_at_once_stands_ahead_of_a_priority_class) {
  // Simulated (smart-city and predictive-maintenance, shaper 11.4 Mb/s, bursts of 10 ms): small
  // urgent messages come up to 9 ms later for the others, hardly more however much those send.
  const Situation situation = one_link();
  const WorkloadInput urgent = workload_of(kPriorityClass, 1'400);
  const Option option = loading(0.2, 1'400);
  const Micros before = alone(situation, urgent, option);
  for (const double others : {2.0, 5.0, 8.0}) {
    Load load(situation);
    load.add(urgent, option);
    load.add(workload_of(kVideo, 45'000), loading(others, 45'000));
    EXPECT_GT(load.latency(urgent, option), before + milliseconds(7)) << others;
    EXPECT_LT(load.latency(urgent, option), before + Micros{11'200}) << others;
  }
}

TEST(Latency, a_shaper_above_the_uplink_moves_the_queue_into_the_modem) {
  Situation situation = one_link();
  const WorkloadInput urgent = workload_of(kPriorityClass, 1'400);
  const WorkloadInput bulk = workload_of(kBulk, 45'000);
  const auto urgent_latency = [&] {
    Load load(situation);
    load.add(urgent, loading(0.5, 1'400));
    load.add(bulk, loading(8, 45'000));
    return load.latency(urgent, loading(0.5, 1'400));
  };
  const Micros shaped = urgent_latency();
  situation.links[0].shaper = Bps{12'000'000};
  const Micros in_modem = urgent_latency();
  EXPECT_LT(shaped, milliseconds(40));
  EXPECT_GT(in_modem, milliseconds(200));
}

TEST(Latency, what_waits_in_the_modem_is_told_as_a_wait_for_the_uplink) {
  Situation situation = one_link();
  situation.links[0].shaper = Bps{12'000'000};
  const WorkloadInput urgent = workload_of(kPriorityClass, 1'400);
  const Option option = loading(0.5, 1'400);
  Load load(situation);
  load.add(urgent, option);
  load.add(workload_of(kBulk, 45'000), loading(8, 45'000));
  const LatencyParts parts = load.parts(urgent, option);
  EXPECT_GT(parts.uplink_wait, milliseconds(150));
  EXPECT_LT(parts.target_wait + parts.downlink, milliseconds(5));
}

TEST(Latency, a_link_without_a_rate_is_never_reached) {
  for (const int broken : {0, 1, 2}) {
    Situation situation = one_link();
    LinkInput& link = situation.links[0];
    (broken == 0 ? link.uplink : broken == 1 ? link.shaper : link.downlink) = Bps{0};
    EXPECT_EQ(alone(situation, workload_of(kVideo, 1), at_rate(1)), kNever) << broken;
  }
}

TEST(Latency, responses_queue_on_the_downlink) {
  Situation situation = one_link();
  WorkloadInput workload = workload_of(kVideo, 100);
  workload.response = Bytes{100'000};
  const Micros idle = alone(situation, workload, at_rate(1));
  EXPECT_GT(alone(situation, workload, at_rate(50'000)), idle + milliseconds(20));
  EXPECT_EQ(alone(situation, workload, at_rate(70'000)), kNever);
}

/// The workload may run on a node (option 0, 20 ms) or behind the link (option 1).
Situation node_and_cloud() {
  Situation situation = one_link();
  situation.targets.push_back({1, Bytes{INT64_MAX}, {}});
  situation.targets[1].cold_start = Ppm{7'500'000};
  situation.targets[0].cold_start = Ppm{5'000'000};
  WorkloadInput workload = workload_of(kVideo, 20'000);
  Option node = at_rate(10'000);
  node.target = 1;
  node.link = kNone;
  node.fixed = milliseconds(1);
  node.service_mean = milliseconds(20);
  node.service_p99 = milliseconds(22);
  workload.options = {node, at_rate(10'000), Option{}};
  situation.workloads = {workload};
  return situation;
}

TEST(FirstRequest, after_a_move_it_meets_a_cold_accelerator_and_no_queue) {
  const Situation situation = node_and_cloud();
  EXPECT_EQ(first_request(situation, 0, 0), milliseconds(1 + 150));
  const std::int64_t up = (20'000 + 15 * 40) * 8 / 10;
  const std::int64_t down = 140 * 8 / 50;
  EXPECT_NEAR(static_cast<double>(first_request(situation, 0, 1).count),
              static_cast<double>(20'000 + 5 * 3'000 + up + down), 2);
  EXPECT_EQ(first_request(situation, 0, 2), Micros{0});
}

TEST(FirstRequest, where_the_workload_runs_its_model_already_nothing_is_cold) {
  Situation situation = node_and_cloud();
  Option smaller = situation.workloads[0].options[0];
  smaller.rung = 1;
  smaller.rate = MilliHz{5'000};
  Option other_model = smaller;
  other_model.service_mean = milliseconds(10);
  situation.workloads[0].options.push_back(smaller);
  situation.workloads[0].options.push_back(other_model);
  situation.workloads[0].current = 0;
  EXPECT_EQ(first_request(situation, 0, 0), milliseconds(21));
  EXPECT_EQ(first_request(situation, 0, 3), milliseconds(21));
  EXPECT_EQ(first_request(situation, 0, 4), milliseconds(76));
}

TEST(FirstRequest, over_a_link_without_a_rate_it_never_comes) {
  Situation situation = node_and_cloud();
  situation.links[0].shaper = Bps{0};
  EXPECT_EQ(first_request(situation, 0, 1), kNever);
}

TEST(Load, reports_what_was_added) {
  Situation situation = one_link();
  situation.targets[0] = {2, Bytes{3}, {}};
  const WorkloadInput video = workload_of(kVideo, 1'000);
  const WorkloadInput bulk = workload_of(kBulk, 1'000);
  Load load(situation);
  load.add(video, at_rate(100'000));
  load.add(video, at_rate(100'000));
  load.add(bulk, at_rate(50'000));
  EXPECT_EQ(load.uplink_load(0, kVideo), Bps{200 * 1'040 * 8});
  EXPECT_EQ(load.uplink_load(0, kBulk), Bps{50 * 1'040 * 8});
  EXPECT_EQ(load.uplink_load(0), Bps{250 * 1'040 * 8});
  EXPECT_EQ(load.target_utilisation(0), Ppm{375'000});
  EXPECT_TRUE(load.memory_fits(0));
  load.add(bulk, at_rate(0));
  EXPECT_FALSE(load.memory_fits(0));
}

/// Every latency of the given options under their joint load.
std::vector<Micros> latencies(const Situation& situation, const Load& load,
                              const Assignment& chosen) {
  std::vector<Micros> all;
  for (std::size_t w = 0; w < chosen.size(); ++w) {
    const WorkloadInput& workload = situation.workloads[w];
    all.push_back(load.latency(workload, workload.options[static_cast<std::size_t>(chosen[w])]));
  }
  return all;
}

Assignment random_assignment(test::Random& random, const Situation& situation) {
  Assignment chosen;
  for (const WorkloadInput& workload : situation.workloads) {
    const auto last = static_cast<std::int64_t>(workload.options.size()) - 1;
    chosen.push_back(static_cast<Index>(random.between(0, last)));
  }
  return chosen;
}

const Option& picked(const Situation& situation, const Assignment& chosen, std::size_t w) {
  return situation.workloads[w].options[static_cast<std::size_t>(chosen[w])];
}

TEST(Load, more_load_never_lowers_any_latency) {
  for (std::uint64_t seed = 0; seed < 3'000; ++seed) {
    const Situation situation = test::random_situation(seed, {2, 12, 12, 60});
    test::Random random(seed);
    const Assignment chosen = random_assignment(random, situation);
    Load load(situation);
    // The latency of each option is asked under a load that has it at most once, so it is added
    // first where it is judged.
    std::vector<Micros> before(chosen.size());
    for (std::size_t w = 0; w < chosen.size(); ++w) {
      load.add(situation.workloads[w], picked(situation, chosen, w));
      const std::vector<Micros> now = latencies(situation, load, chosen);
      for (std::size_t other = 0; other < w; ++other) {
        ASSERT_GE(now[other], before[other]) << "seed " << seed;
      }
      before = now;
    }
  }
}

TEST(Load, the_order_of_additions_and_removals_does_not_matter) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const Situation situation = test::random_situation(seed, {2, 12, 12, 60});
    test::Random random(seed);
    const Assignment chosen = random_assignment(random, situation);
    const Assignment detour = random_assignment(random, situation);
    Load forward(situation);
    Load backward(situation);
    for (std::size_t w = 0; w < chosen.size(); ++w) {
      forward.add(situation.workloads[w], picked(situation, chosen, w));
      const std::size_t reverse = chosen.size() - 1 - w;
      backward.add(situation.workloads[reverse], picked(situation, chosen, reverse));
      backward.add(situation.workloads[w], picked(situation, detour, w));
    }
    for (std::size_t w = 0; w < chosen.size(); ++w) {
      backward.remove(situation.workloads[w], picked(situation, detour, w));
    }
    ASSERT_EQ(latencies(situation, forward, chosen), latencies(situation, backward, chosen))
        << "seed " << seed;
  }
}

}  // namespace
}  // namespace wanwise::core
