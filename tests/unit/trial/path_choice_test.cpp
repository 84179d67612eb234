// Two routers, three links, a trunk between them, and the engine at work in the simulated world:
// who takes which link, what a failure costs, and that a data plan lasts.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "engine/core/engine.hpp"
#include "sim/trial/site_loop.hpp"
#include "sim/world/air/trace.hpp"

namespace wanwise::sim {
namespace {

core::Link link(const std::string& name, const std::string& router, const std::string& interface,
                std::int32_t metric, std::int64_t mbps, std::int64_t rtt_ms, std::int64_t usd_gb) {
  core::Link l;
  l.name = core::LinkName{name};
  l.router = core::RouterName{router};
  l.interface = interface;
  l.kind = core::LinkKind::wired;
  l.metric = metric;
  l.uplink = l.uplink_floor = l.uplink_ceiling = core::Bps{mbps * 1'000'000};
  l.downlink = core::Bps{50'000'000};
  l.rtt = core::milliseconds(rtt_ms);
  l.price_per_gb = core::NanoUsd{usd_gb * 1'000'000'000};
  l.probe = static_cast<std::uint32_t>(100 + metric);
  return l;
}

core::Workload workload(const std::string& name, const std::string& source,
                        const std::string& service_class, core::Priority priority,
                        std::int64_t per_second, std::int64_t kilobytes, std::uint16_t port) {
  core::Workload w;
  w.name = core::WorkloadName{name};
  w.deployment = "test/" + name;
  w.service_class = core::ClassName{service_class};
  w.priority = priority;
  w.sources = {core::SourceName{source}};
  w.port = port;
  w.rate = core::MilliHz{per_second * 1'000};
  w.request = core::Bytes{kilobytes * 1'000};
  w.response = core::Bytes{500};
  w.memory = core::Bytes{100'000'000};
  w.objective = {core::Ppm{990'000}, core::milliseconds(400)};
  w.targets = {core::TargetName{"cloud"}};
  w.ladder = {{w.rate, core::ModelName{"net"}}};
  return w;
}

/// Cheap and thin: fibre on east. Dear: LTE on east, dearer on west. 0.9 Mb/s of alarms and
/// 3 Mb/s of archive stand against 3 Mb/s of fibre.
core::Model yard() {
  core::Model model;
  core::Site& site = model.site;
  site.name = core::SiteName{"yard"};
  site.routers = {{core::RouterName{"east"}, "Vlan1", true},
                  {core::RouterName{"west"}, "Vlan2", true}};
  site.links = {link("fibre", "east", "GigabitEthernet0/0/0", 1, 3, 20, 0),
                link("lte-e", "east", "Cellular0/1/0", 10, 12, 50, 4),
                link("lte-w", "west", "Cellular0/2/0", 20, 12, 60, 8)};
  site.trunks = {{core::TrunkName{"bridge"}, core::RouterName{"east"}, core::RouterName{"west"},
                  core::Bps{100'000'000}, core::milliseconds(1)}};
  core::Cloud cloud;
  cloud.name = core::TargetName{"cloud"};
  cloud.device = core::DeviceName{"t4"};
  cloud.power_mode = core::PowerModeName{"base"};
  cloud.servers = 4;
  cloud.address = *core::parse_ipv4_prefix("203.0.113.10/32");
  site.clouds = {cloud};
  site.sources = {{core::SourceName{"cameras"}, core::RouterName{"east"},
                   *core::parse_ipv4_prefix("10.0.1.0/24")},
                  {core::SourceName{"sensors"}, core::RouterName{"west"},
                   *core::parse_ipv4_prefix("10.0.2.0/24")}};
  core::DeviceProfile t4;
  t4.name = core::DeviceName{"t4"};
  t4.power_modes = {{core::PowerModeName{"base"}, core::kWhole}};
  t4.models[core::ModelName{"net"}] = {core::Micros{3'000}, core::Micros{3'300}};
  model.profiles[t4.name] = t4;
  model.policy.name = core::PolicyName{"yard"};
  model.policy.classes = {
      {core::ClassName{"alarms"}, core::Dscp{46}, core::QueueKind::priority, 30},
      {core::ClassName{"bulk"}, core::Dscp{10}, core::QueueKind::remaining, 40}};
  model.policy.workloads = {
      workload("alarm", "sensors", "alarms", core::Priority::critical, 10, 10, 8000),
      workload("archive", "cameras", "bulk", core::Priority::normal, 10, 34, 8001)};
  return model;
}

class EngineController final : public Controller {
 public:
  explicit EngineController(const core::Model& model) : m_engine(model) {}
  std::vector<core::Action> on_event(const core::Event& event) override {
    return m_engine.apply(event).actions;
  }
  [[nodiscard]] std::optional<core::Instant> next_wakeup() const override {
    return m_engine.next_wakeup();
  }
  [[nodiscard]] const core::Engine& engine() const { return m_engine; }

 private:
  core::Engine m_engine;
};

class Listener final : public LoopListener {
 public:
  void on_event(const core::Event&) override {}
  void on_action(core::Instant at, const core::Action& action) override {
    if (const auto* qos = std::get_if<core::ApplyQos>(&action.body)) {
      plans[qos->desired.router] = qos->desired;
      last_write = at;
    }
  }
  std::map<core::RouterName, core::RouterQos> plans;
  core::Instant last_write;
};

WorldConfig world_config(const core::Model& model) {
  WorldConfig config;
  config.model = model;
  config.seed = 7;
  config.tuning.detail = Detail::requests;
  for (const core::Link& l : model.site.links)
    config.links.push_back({l.name, constant_rate(l.uplink), constant_rate(l.downlink), {}});
  return config;
}

class Yard {
 public:
  explicit Yard(const core::Model& model)
      : m_model(model),
        m_world(world_config(model)),
        m_controller(model),
        m_loop(m_world, m_model, m_controller, {}, listener) {
    m_loop.start();
  }

  void run(std::int64_t seconds) {
    m_now = m_now + core::seconds(seconds);
    m_loop.run_to(m_now);
  }
  [[nodiscard]] std::uint64_t bytes(const std::string& interface) const {
    const InterfaceReading reading = m_world.interface(interface);
    return reading.tx_bytes + reading.rx_bytes;
  }
  [[nodiscard]] WorkloadTotals totals(const std::string& name) const {
    return m_world.totals(core::WorkloadName{name});
  }
  [[nodiscard]] const core::Engine& engine() const { return m_controller.engine(); }
  World& world() { return m_world; }

  Listener listener;

 private:
  core::Model m_model;
  World m_world;
  EngineController m_controller;
  SiteLoop m_loop;
  core::Instant m_now{0};
};

constexpr const char* kFibre = "GigabitEthernet0/0/0";
constexpr const char* kLteEast = "Cellular0/1/0";
constexpr const char* kLteWest = "Cellular0/2/0";

TEST(PathChoice, what_does_not_fit_the_cheap_link_pays_for_the_cheaper_of_the_dear_ones) {
  Yard site(yard());
  site.run(150);
  const std::uint64_t fibre = site.bytes(kFibre), east = site.bytes(kLteEast),
                      west = site.bytes(kLteWest);
  const std::int64_t lost = site.totals("alarm").lost;
  site.run(60);
  // The alarms come from west and leave by east's fibre, the archive by east's LTE.
  EXPECT_GT(site.bytes(kFibre) - fibre, 5'000'000U);
  EXPECT_GT(site.bytes(kLteEast) - east, 18'000'000U);
  EXPECT_LT(site.bytes(kLteWest) - west, 100'000U);  // probes
  EXPECT_EQ(site.totals("alarm").lost, lost);
  const auto& west_rules = site.listener.plans.at(core::RouterName{"west"}).steering;
  ASSERT_EQ(west_rules.size(), 1U);
  EXPECT_EQ(west_rules[0].via.text, "fibre");
  EXPECT_EQ(west_rules[0].trunk, core::TrunkName{"bridge"});
  EXPECT_EQ(west_rules[0].backup, core::LinkName{"lte-w"});  // behind no trunk
}

TEST(PathChoice, the_backup_carries_as_soon_as_the_router_sees_the_failure) {
  Yard site(yard());
  site.run(150);
  const WorkloadTotals before = site.totals("alarm");
  const std::uint64_t west = site.bytes(kLteWest);
  site.world().set_link(core::LinkName{"fibre"}, false);
  const core::Instant failed = site.world().now();
  // Nothing is known outside the router before the next reading and its delay.
  site.run(1);
  EXPECT_GT(site.bytes(kLteWest) - west, 80'000U);
  site.run(60);
  const WorkloadTotals after = site.totals("alarm");
  // What was on its way: 10 a second, a round trip of 24 ms.
  EXPECT_LE(after.lost - before.lost, 2);
  EXPECT_LE(after.late - before.late, 5);
  EXPECT_GE(after.completed - before.completed, 600);
  EXPECT_GT(site.listener.last_write, failed);
}

core::Model capped() {
  core::Model model = yard();
  // 40 MB in ten minutes: a sixth of what the archive would send. Critical alarms stay on fibre.
  const core::DataCap cap{core::Bytes{40'000'000}, core::seconds(600)};
  for (core::Link& l : model.site.links)
    if (l.name.text != "fibre") l.data_cap = cap;
  // The archive may be thinned out, down to nothing.
  for (core::Workload& w : model.policy.workloads) {
    if (w.name.text != "archive") continue;
    w.ladder.push_back({core::MilliHz{5'000}, core::ModelName{"net"}});
    w.ladder.push_back({core::MilliHz{0}, core::ModelName{"net"}});
  }
  return model;
}

TEST(PathChoice, a_data_plan_lasts_and_what_is_critical_runs_on) {
  Yard site(capped());
  site.run(599);
  EXPECT_LE(site.bytes(kLteEast), 40'000'000U);
  EXPECT_LE(site.bytes(kLteWest), 40'000'000U);
  // Not by leaving the plans alone.
  EXPECT_GE(site.bytes(kLteEast) + site.bytes(kLteWest), 30'000'000U);
  const WorkloadTotals alarm = site.totals("alarm");
  EXPECT_GE(alarm.completed * 100, alarm.generated * 98);
  const core::Status status = site.engine().status();
  const auto& plan = status.links[1].data_plan;
  ASSERT_TRUE(plan.has_value());
  EXPECT_TRUE(plan->told);
  EXPECT_NEAR(static_cast<double>(plan->used.count), static_cast<double>(site.bytes(kLteEast)),
              2e6);
}

}  // namespace
}  // namespace wanwise::sim
