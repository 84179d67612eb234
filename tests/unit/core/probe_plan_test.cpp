#include "engine/core/decide/probe_plan.hpp"

#include <gtest/gtest.h>

#include <set>

#include "engine/core/decide/qos_plan.hpp"
#include "tests/support/ascii_site.hpp"

namespace wanwise::core {
namespace {

constexpr char kSite[] = R"(
  cameras -- ir1101
  ir1101 --1ms-- tx2
  ir1101 ==lte:10:50ms== net
  ir1101 ==wired:20:20ms== net
  net ==0ms== aws
  collide:realtime cameras tx2,aws
)";

ProbeSetup setup(std::uint32_t target, std::uint16_t port = 0) {
  return {target, seconds(5), seconds(1), port};
}

Model measured() {
  Model model = test::ascii_site(kSite);
  model.policy.classes = {{ClassName("bulk"), Dscp{8}, QueueKind::remaining, 5},
                          {ClassName("realtime"), Dscp{46}, QueueKind::priority, 30}};
  model.site.links[0].probe_setup = setup(1, 16384);
  return model;
}

std::vector<ProbeRule> plan(const Model& model) {
  return plan_probes(model, model.site.routers[0]);
}

TEST(ProbePlan, measures_a_link_and_each_class_where_that_is_asked_for) {
  const auto rules = plan(measured());
  ASSERT_EQ(rules.size(), 3U);
  EXPECT_EQ(rules[0].link, LinkName("lte"));
  EXPECT_FALSE(rules[0].service_class);
  EXPECT_EQ(rules[0].kind, ProbeKind::icmp_echo);
  EXPECT_EQ(rules[0].source_interface, measured().site.links[0].interface);
  EXPECT_EQ(rules[0].period, seconds(5));
  EXPECT_EQ(rules[1].service_class, ClassName("bulk"));
  EXPECT_EQ(rules[2].service_class, ClassName("realtime"));
  EXPECT_EQ(rules[2].dscp, Dscp{46});
  EXPECT_EQ(rules[2].port, 16384);
  EXPECT_EQ(rules[2].kind, ProbeKind::udp_jitter);
}

TEST(ProbePlan, without_a_setup_there_is_nothing) {
  Model model = measured();
  model.site.links[0].probe_setup.reset();
  EXPECT_TRUE(plan(model).empty());
  EXPECT_EQ(link_probe_entry(model.site, model.site.links[0]), std::nullopt);
}

TEST(ProbePlan, numbers_stay_in_the_range_of_their_link) {
  Model model = measured();
  model.site.links[1].probe_setup = setup(2, 16384);
  std::set<std::uint32_t> numbers;
  for (std::uint32_t target = 1; target < 500; ++target) {
    model.site.links[0].probe_setup->target = target;
    model.site.links[1].probe_setup->target = target + 1000;
    numbers.clear();
    for (const ProbeRule& rule : plan(model)) {
      EXPECT_TRUE(numbers.insert(rule.entry).second);
      EXPECT_TRUE(is_reserved_probe(rule.entry));
      const bool first = rule.link == LinkName("lte");
      if (rule.kind == ProbeKind::icmp_echo) {
        EXPECT_EQ(rule.entry / 10, first ? 90U : 91U);
        EXPECT_TRUE(is_link_probe(rule.entry));
      } else {
        EXPECT_EQ(rule.entry / 10'000, first ? 90U : 91U);
        EXPECT_EQ(rule.entry / 100 % 100, rule.dscp.value);
      }
    }
  }
  EXPECT_FALSE(is_reserved_probe(9101));
  EXPECT_FALSE(is_reserved_probe(1000));
  EXPECT_FALSE(is_reserved_probe(899));
  EXPECT_FALSE(is_reserved_probe(1'000'000));
}

/// IOS refuses to edit an operation that runs: what does something else is to be another one, as a
/// rule.
TEST(ProbePlan, a_changed_operation_usually_has_another_number) {
  Model model = measured();
  int same = 0;
  for (std::uint32_t i = 0; i < 1'000; ++i) {
    model.site.links[0].probe_setup->target = i;
    const auto before = plan(model);
    model.site.links[0].probe_setup->period = seconds(6 + i % 7);
    const auto after = plan(model);
    same += before[0].entry == after[0].entry ? 1 : 0;
    model.site.links[0].probe_setup->period = seconds(5);
    EXPECT_EQ(plan(model), before);
  }
  EXPECT_LT(same, 150) << "one in ten";
}

TEST(ProbePlan, links_of_a_steering_router_are_tracked) {
  Model model = measured();
  EXPECT_FALSE(plan(model)[0].tracked);
  model.site.routers[0].steers = true;
  EXPECT_TRUE(plan(model)[0].tracked);
  EXPECT_FALSE(plan(model)[1].tracked);
}

TEST(ProbePlan, is_part_of_what_a_router_is_to_hold) {
  Model model = measured();
  model.site.routers[0].load_interval = 30;
  const std::vector<LinkDemand> demands(2, LinkDemand{Bps{9'000'000}, {Bps{0}, Bps{0}}});
  const RouterQos qos = plan_qos(model, 0, demands, nullptr);
  EXPECT_EQ(qos.probes, plan(model));
  for (const WanQos& wan : qos.wans) EXPECT_EQ(wan.load_interval, 30U);
}

}  // namespace
}  // namespace wanwise::core
