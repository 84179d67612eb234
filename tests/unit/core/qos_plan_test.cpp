#include "engine/core/decide/qos_plan.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/support/ascii_site.hpp"

namespace wanwise::core {
namespace {

constexpr char kSite[] = R"(
  cameras -- ir1101
  meters -- ir1101
  ir1101 --1ms-- tx2
  ir1101 ==lte:10:50ms== net
  net ==0ms== aws
  collide:realtime cameras tx2,aws
  learn:bulk cameras,meters tx2,aws
  listen:private cameras tx2
  watch:video cameras tx2,aws
)";

ServiceClass class_of(const char* name, std::uint8_t dscp, QueueKind queue, std::uint32_t percent) {
  return {ClassName(name), Dscp{dscp}, queue, percent};
}

/// Classes sorted by name: bulk, private, realtime, video.
Model site() {
  Model model = test::ascii_site(kSite);
  model.policy.classes = {class_of("bulk", 8, QueueKind::remaining, 5),
                          class_of("private", 16, QueueKind::remaining, 10),
                          class_of("realtime", 46, QueueKind::priority, 30),
                          class_of("video", 34, QueueKind::remaining, 40)};
  return model;
}

LinkDemand demand(std::int64_t bulk, std::int64_t video) {
  return {Bps{9'000'000}, {Bps{bulk}, Bps{0}, Bps{0}, Bps{video}}};
}

std::uint32_t share(const RouterQos& qos, const char* name) {
  for (const QueueShare& queue : qos.wans.at(0).queues) {
    if (queue.service_class == ClassName(name)) {
      return queue.percent;
    }
  }
  return 0;
}

std::uint32_t total(const WanQos& wan) {
  std::uint32_t sum = wan.default_percent;
  for (const QueueShare& queue : wan.queues) {
    sum += queue.kind == QueueKind::remaining ? queue.percent : 0;
  }
  return sum;
}

TEST(QosPlan, marks_every_flow_that_may_leave_and_no_other) {
  const Model model = site();
  const RouterQos qos = plan_qos(model, 0, {demand(0, 0)}, nullptr);
  ASSERT_EQ(qos.marking.size(), 3U);  // private stays on the site
  EXPECT_EQ(qos.marking[0].service_class, ClassName("bulk"));
  EXPECT_EQ(qos.marking[0].flows.size(), 2U);
  EXPECT_EQ(qos.marking[1].service_class, ClassName("realtime"));
  EXPECT_EQ(qos.marking[2].dscp, Dscp{34});
  const FlowMatch flow{Transport::tcp, {0x0A000100, 24}, {0xC6336401, 32}, 8000};
  EXPECT_EQ(qos.marking[2].flows, std::vector<FlowMatch>{flow});
  EXPECT_EQ(qos.lan_interface, "Vlan1");
  EXPECT_EQ(qos.wans[0].shaper, Bps{9'000'000});
}

TEST(QosPlan, a_workload_bound_to_the_site_is_not_marked_even_where_a_cloud_is_listed) {
  Model model = site();
  for (Workload& workload : model.policy.workloads) {
    workload.residency = Residency::site;
  }
  const RouterQos qos = plan_qos(model, 0, {demand(0, 0)}, nullptr);
  EXPECT_TRUE(qos.marking.empty());
  EXPECT_TRUE(qos.wans.at(0).queues.empty());
  EXPECT_EQ(qos.wans[0].default_percent, 100U);
}

TEST(QosPlan, two_workloads_with_the_same_flow_give_one_entry) {
  Model model = site();
  model.policy.workloads.push_back(model.policy.workloads.back());
  model.policy.workloads.back().name = WorkloadName("watch-too");
  EXPECT_EQ(plan_qos(model, 0, {demand(0, 0)}, nullptr),
            plan_qos(site(), 0, {demand(0, 0)}, nullptr));
}

TEST(QosPlan, priority_classes_come_first_with_their_cap) {
  const RouterQos qos = plan_qos(site(), 0, {demand(0, 0)}, nullptr);
  const QueueShare& first = qos.wans.at(0).queues.at(0);
  EXPECT_EQ(first.kind, QueueKind::priority);
  EXPECT_EQ(first.service_class, ClassName("realtime"));
  EXPECT_EQ(first.percent, 30U);
  EXPECT_EQ(qos.wans[0].queues.at(1).service_class, ClassName("bulk"));
}

TEST(QosPlan, without_load_every_class_has_its_guarantee_and_the_rest_is_default) {
  const RouterQos qos = plan_qos(site(), 0, {demand(0, 0)}, nullptr);
  EXPECT_EQ(share(qos, "bulk"), 5U);
  EXPECT_EQ(share(qos, "video"), 40U);
  EXPECT_EQ(qos.wans[0].default_percent, 55U);
}

TEST(QosPlan, what_is_left_follows_the_load_in_steps) {
  const RouterQos qos = plan_qos(site(), 0, {demand(1'000'000, 4'000'000)}, nullptr);
  EXPECT_EQ(share(qos, "bulk"), 15U);   // 5 + 50 / 5
  EXPECT_EQ(share(qos, "video"), 80U);  // 40 + 40
  EXPECT_EQ(qos.wans[0].default_percent, 5U);
}

TEST(QosPlan, shares_sum_to_100_hold_their_guarantee_and_leave_default_its_part) {
  for (std::int64_t bulk = 0; bulk < 5'000'000; bulk += 333'333) {
    for (std::int64_t video = 0; video < 5'000'000; video += 271'828) {
      const RouterQos qos = plan_qos(site(), 0, {demand(bulk, video)}, nullptr);
      ASSERT_EQ(total(qos.wans[0]), 100U);
      ASSERT_GE(share(qos, "bulk"), 5U);
      ASSERT_GE(share(qos, "video"), 40U);
      ASSERT_GE(qos.wans[0].default_percent, kDefaultShare);
    }
  }
}

TEST(QosPlan, guarantees_at_their_limit_are_cut_in_proportion) {
  Model model = site();
  model.policy.classes[0].percent = 50;
  model.policy.classes[3].percent = 50;
  const RouterQos qos = plan_qos(model, 0, {demand(1, 1)}, nullptr);
  EXPECT_EQ(share(qos, "bulk"), 47U);
  EXPECT_EQ(share(qos, "video"), 47U);
  EXPECT_EQ(qos.wans[0].default_percent, 6U);
  model.policy.classes[0].percent = 95;
  model.policy.classes[3].percent = 95;
  EXPECT_EQ(total(plan_qos(model, 0, {demand(1, 1)}, nullptr).wans[0]), 100U);
}

TEST(QosPlan, sixty_small_classes_still_leave_default_its_part) {
  Model model = site();
  model.policy.classes = {class_of("a", 1, QueueKind::remaining, 95)};
  const Workload workload = model.policy.workloads[0];
  model.policy.workloads = {workload};
  model.policy.workloads[0].service_class = ClassName("a");
  for (int i = 10; i < 70; ++i) {
    const std::string name = "c" + std::to_string(i);
    model.policy.classes.push_back(class_of(name.c_str(), 2, QueueKind::remaining, 1));
    model.policy.workloads.push_back(workload);
    model.policy.workloads.back().service_class = ClassName(name);
  }
  const std::vector<Bps> load(model.policy.classes.size());
  const RouterQos qos = plan_qos(model, 0, {{Bps{1}, load}}, nullptr);
  EXPECT_EQ(total(qos.wans[0]), 100U);
  EXPECT_GE(qos.wans[0].default_percent, kDefaultShare);
}

TEST(QosPlan, a_load_that_wavers_around_a_step_does_not_rewrite_the_router) {
  const Model model = site();
  RouterQos in_force = plan_qos(model, 0, {demand(1'000'000, 4'000'000)}, nullptr);
  for (int i = 0; i < 50; ++i) {
    const std::int64_t video = i % 2 == 0 ? 3'700'000 : 4'300'000;
    const RouterQos next = plan_qos(model, 0, {demand(1'000'000, video)}, &in_force);
    ASSERT_EQ(next, in_force);
  }
  EXPECT_NE(plan_qos(model, 0, {demand(3'000'000, 1'000'000)}, &in_force), in_force);
}

TEST(QosPlan, a_shaper_change_alone_keeps_the_shares) {
  const Model model = site();
  const RouterQos in_force = plan_qos(model, 0, {demand(1, 4)}, nullptr);
  LinkDemand slower = demand(1, 4);
  slower.shaper = Bps{2'000'000};
  const RouterQos next = plan_qos(model, 0, {slower}, &in_force);
  EXPECT_EQ(next.wans[0].queues, in_force.wans[0].queues);
  EXPECT_EQ(next.wans[0].shaper, Bps{2'000'000});
}

TEST(QosPlan, shares_that_somebody_bent_are_put_right) {
  const Model model = site();
  RouterQos bent = plan_qos(model, 0, {demand(1, 4)}, nullptr);
  const RouterQos right = bent;
  bent.wans[0].queues[2].percent = 84;  // class-default would keep 1
  EXPECT_EQ(plan_qos(model, 0, {demand(1, 4)}, &bent), right);
  bent = right;
  bent.wans[0].queues[1].dscp = Dscp{1};
  EXPECT_EQ(plan_qos(model, 0, {demand(1, 4)}, &bent), right);
}

const QueueShare& queue_of(const RouterQos& qos, const char* name) {
  for (const QueueShare& queue : qos.wans.at(0).queues) {
    if (queue.service_class == ClassName(name)) return queue;
  }
  throw std::logic_error(name);
}

Model with_pictures() {
  Model model = site();
  for (Workload& workload : model.policy.workloads) {
    workload.request = Bytes{60'000};
    workload.rate = MilliHz{10'000};
    workload.objective.latency = milliseconds(400);
  }
  return model;
}

// 60 KB are 43 packets of headers and payload, 62 KB; with a quarter more 52 packets. Ten a second
// within 400 ms are four under way.
TEST(QosPlan, a_queue_holds_what_may_be_under_way_within_the_objective) {
  const RouterQos qos = plan_qos(with_pictures(), 0, {demand(0, 0)}, nullptr);
  EXPECT_EQ(queue_of(qos, "video").queue_limit, 208U);
  EXPECT_EQ(queue_of(qos, "bulk").queue_limit, 208U) << "two sources, still four requests";
  EXPECT_EQ(queue_of(qos, "realtime").queue_limit, 0U) << "512 packets are the default there";
}

TEST(QosPlan, what_fits_the_routers_default_is_left_to_it) {
  const RouterQos qos = plan_qos(site(), 0, {demand(0, 0)}, nullptr);
  EXPECT_EQ(queue_of(qos, "video").queue_limit, 0U);
}

TEST(QosPlan, a_policer_lets_one_request_of_each_source_pass_and_no_less_than_its_default) {
  Model model = with_pictures();
  model.site.links[0].uplink = Bps{1'000'000};
  EXPECT_EQ(queue_of(plan_qos(model, 0, {demand(0, 0)}, nullptr), "realtime").burst, Bytes{80'000});
  model.site.links[0].uplink = Bps{20'000'000};  // 30 % for 200 ms
  EXPECT_EQ(queue_of(plan_qos(model, 0, {demand(0, 0)}, nullptr), "realtime").burst,
            Bytes{150'000});
  EXPECT_EQ(queue_of(plan_qos(model, 0, {demand(0, 0)}, nullptr), "video").burst, Bytes{0});
}

TEST(QosPlan, limits_and_bursts_do_not_follow_measurements) {
  const Model model = with_pictures();
  const RouterQos one = plan_qos(model, 0, {demand(0, 0)}, nullptr);
  LinkDemand other = demand(900'000, 7'000'000);
  other.shaper = Bps{700'000};
  const RouterQos two = plan_qos(model, 0, {other}, &one);
  for (const char* name : {"bulk", "realtime", "video"}) {
    EXPECT_EQ(queue_of(one, name).queue_limit, queue_of(two, name).queue_limit) << name;
    EXPECT_EQ(queue_of(one, name).burst, queue_of(two, name).burst) << name;
  }
}

TEST(QosPlan, limits_and_bursts_stay_within_what_a_router_takes) {
  Model model = with_pictures();
  for (Workload& workload : model.policy.workloads) {
    workload.request = Bytes{INT64_MAX / 4};
    workload.rate = MilliHz{INT64_MAX / 4};
    workload.objective.latency = Micros{INT64_MAX / 4};
  }
  const RouterQos qos = plan_qos(model, 0, {demand(0, 0)}, nullptr);
  EXPECT_LE(queue_of(qos, "video").queue_limit, 8'192'000U);
  EXPECT_GT(queue_of(qos, "video").queue_limit, 1'000U);
  EXPECT_LE(queue_of(qos, "realtime").burst, Bytes{2'000'000});
}

}  // namespace
}  // namespace wanwise::core
