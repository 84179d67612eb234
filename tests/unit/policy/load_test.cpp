#include <gtest/gtest.h>

#include "engine/core/decide/probe_plan.hpp"
#include "tests/unit/policy/documents.hpp"

namespace wanwise::policy {
namespace {

std::vector<SourceText> all_valid() {
  return {{"policy", valid("policy")}, {"site", valid("site")}, {"profiles", valid("profiles")}};
}

Loaded loaded(const std::vector<SourceText>& texts) {
  auto result = load(texts, kSchemas);
  if (!result) {
    ADD_FAILURE() << diagnose(texts);
    return {};
  }
  return std::move(result).value();
}

SiteBundle bundle(const std::vector<SourceText>& texts) {
  Loaded all = loaded(texts);
  EXPECT_EQ(all.sites.size(), 1U);
  return all.sites.empty() ? SiteBundle{} : all.sites[0];
}

/// The sketch of the design document, word for word.
constexpr std::string_view kSketch = R"(wanwise: policy/1
name: smart-city
classes:
  - {name: realtime, dscp: ef,   queue: {priority: 30%}}
  - {name: video,    dscp: af41, queue: {guarantee: 40%}}
  - {name: bulk,     dscp: cs1,  queue: {guarantee: 5%}}
workloads:
  - name: collision-avoidance
    deployment: safety/collision-avoidance      # namespace/name
    model: ssd-mobilenet-v1
    class: realtime
    priority: critical
    demand: {rate: 10/s, request: 45KB, response: 2KB, from: [cameras]}
    objective: {p99: 100ms}
    placement: {prefer: [tx2], fall-back: [cloud], residency: any}
    memory: 900MB
stability: {fall-back-after: 2s, return-after: 60s, min-dwell: 60s, min-gain: 10%}
when-blind: {after: 15s, then: hold}
)";

TEST(Load, TakesTheDesignsSketchAsItIs) {
  auto texts = read_documents({std::string{WANWISE_SOURCE_DIR} + "/policies/sites",
                               std::string{WANWISE_SOURCE_DIR} + "/policies/profiles"})
                   .value();
  texts.push_back({"sketch", std::string{kSketch}});
  const core::Policy policy = bundle(texts).model.policy;
  ASSERT_EQ(policy.workloads.size(), 1U);
  const core::Workload& workload = policy.workloads[0];
  EXPECT_EQ(workload.name.text, "collision-avoidance");
  EXPECT_EQ(workload.priority, core::Priority::critical);
  EXPECT_EQ(workload.rate, core::MilliHz{10'000});
  EXPECT_EQ(workload.request, core::Bytes{45'000});
  EXPECT_EQ(workload.objective.latency, core::milliseconds(100));
  EXPECT_EQ(workload.objective.quantile, core::Ppm{990'000});
  EXPECT_EQ(workload.port, 8443);
  EXPECT_EQ(policy.stability.return_after, core::seconds(60));
}

TEST(Load, ResolvesAPolicyCompletely) {
  const core::Policy policy = bundle(all_valid()).model.policy;
  EXPECT_EQ(policy.name.text, "demo");
  ASSERT_EQ(policy.classes.size(), 2U);
  EXPECT_EQ(policy.classes[0].name.text, "bulk");
  EXPECT_EQ(policy.classes[0].queue, core::QueueKind::remaining);
  EXPECT_EQ(policy.classes[1].queue, core::QueueKind::priority);
  EXPECT_EQ(policy.classes[1].percent, 30U);
  EXPECT_EQ(policy.classes[1].dscp.value, 46);
  ASSERT_EQ(policy.workloads.size(), 2U);
  const core::Workload& archive = policy.workloads[0];
  EXPECT_EQ(archive.rate, core::MilliHz{500});
  EXPECT_EQ(archive.objective.quantile, core::Ppm{950'000});
  EXPECT_EQ(archive.residency, core::Residency::any);
  const core::Workload& detect = policy.workloads[1];
  ASSERT_EQ(detect.targets.size(), 2U);
  EXPECT_EQ(detect.targets[0].text, "tx2");
  EXPECT_EQ(detect.targets[1].text, "cloud");
  EXPECT_EQ(detect.service_class.text, "realtime");
  EXPECT_EQ(detect.transport, core::Transport::tcp);
}

TEST(Load, BuildsALadderWhoseStepsAddUp) {
  const std::string text = with(valid("policy"), "[{rate: 2/s}, suspend]",
                                "[{rate: 2/s}, {model: inception-v4}, {rate: 1/s}, suspend]");
  const auto ladder = bundle({{"p", text}, {"s", valid("site")}, {"f", valid("profiles")}})
                          .model.policy.workloads[1]
                          .ladder;
  ASSERT_EQ(ladder.size(), 5U);
  EXPECT_EQ(ladder[0].rate, core::MilliHz{5'000});
  EXPECT_EQ(ladder[0].model.text, "resnet-50-v1");
  EXPECT_EQ(ladder[1].rate, core::MilliHz{2'000});
  EXPECT_EQ(ladder[1].model.text, "resnet-50-v1");
  EXPECT_EQ(ladder[2].rate, core::MilliHz{2'000});
  EXPECT_EQ(ladder[2].model.text, "inception-v4");
  EXPECT_EQ(ladder[3].rate, core::MilliHz{1'000});
  EXPECT_EQ(ladder[3].model.text, "inception-v4");
  EXPECT_EQ(ladder[4].rate, core::MilliHz{0});
}

TEST(Load, FillsInTheDocumentedDefaults) {
  std::string text = with(valid("policy"), "    priority: critical\n", "");
  text = with(text, "stability: {fall-back-after: 2s, return-after: 60s}\n", "");
  text = with(text, "when-blind: {after: 15s, then: hold}\n", "");
  const core::Policy policy =
      bundle({{"p", text}, {"s", valid("site")}, {"f", valid("profiles")}}).model.policy;
  EXPECT_EQ(policy.workloads[1].priority, core::Priority::normal);
  EXPECT_EQ(policy.stability.fall_back_after, core::seconds(2));
  EXPECT_EQ(policy.stability.min_dwell, core::seconds(60));
  EXPECT_EQ(policy.stability.max_moves_per_hour, 6);
  EXPECT_EQ(policy.when_blind.after, core::seconds(15));
  EXPECT_EQ(policy.when_blind.then, core::BlindAction::hold);
}

TEST(Load, ResolvesASiteCompletely) {
  const SiteBundle site = bundle(all_valid());
  EXPECT_EQ(site.model.site.name.text, "yard");
  ASSERT_EQ(site.model.site.routers.size(), 1U);
  EXPECT_EQ(site.model.site.routers[0].lan_interface, "Vlan1");
  ASSERT_EQ(site.model.site.links.size(), 1U);
  const core::Link& link = site.model.site.links[0];
  EXPECT_EQ(link.interface, "Cellular0/1/0");
  EXPECT_EQ(link.uplink, core::Bps{12'000'000});
  EXPECT_EQ(link.uplink_floor, core::Bps{256'000});
  EXPECT_EQ(link.uplink_ceiling, core::Bps{40'000'000});
  EXPECT_EQ(link.rtt, core::milliseconds(45));
  EXPECT_EQ(link.price_per_gb, core::NanoUsd{4'000'000'000});
  EXPECT_EQ(link.probe, 9101U);
  EXPECT_EQ(site.model.site.nodes[0].lan_delay, core::Micros{500});
  EXPECT_EQ(site.model.site.clouds[0].servers, 1);
  EXPECT_EQ(core::to_string(site.model.site.clouds[0].address), "203.0.113.10");
  EXPECT_EQ(core::to_string(site.model.site.sources[0].prefix), "192.168.50.0/24");
  EXPECT_FALSE(site.simulated.has_value());
}

TEST(Load, ResolvesWhatMeasuresALink) {
  const auto link_of = [](const std::string& measure) {
    const std::string site = with(with(valid("site"), "probe: 9101", measure), "lan: Vlan1",
                                  "lan: Vlan1, load-interval: 30");
    return bundle({{"p", valid("policy")}, {"s", site}, {"f", valid("profiles")}}).model.site;
  };
  const core::Site site = link_of("measure: {target: 198.51.100.1}");
  EXPECT_EQ(site.routers[0].load_interval, 30U);
  ASSERT_TRUE(site.links[0].probe_setup);
  const core::ProbeSetup& setup = *site.links[0].probe_setup;
  EXPECT_EQ(core::to_string(core::Ipv4Prefix{setup.target, 32}), "198.51.100.1");
  EXPECT_EQ(setup.period, core::seconds(5));
  EXPECT_EQ(setup.timeout, core::seconds(1));
  EXPECT_EQ(setup.responder_port, 0);
  EXPECT_EQ(site.links[0].probe, core::link_probe_entry(site, site.links[0]));
  const core::Site all = link_of(
      "measure: {target: 198.51.100.1, every: 10s, timeout: 500ms, per-class: true, port: 17000}");
  EXPECT_EQ(all.links[0].probe_setup->period, core::seconds(10));
  EXPECT_EQ(all.links[0].probe_setup->timeout, core::milliseconds(500));
  EXPECT_EQ(all.links[0].probe_setup->responder_port, 17000);
  const core::Site usual = link_of("measure: {target: 198.51.100.1, per-class: true}");
  EXPECT_EQ(usual.links[0].probe_setup->responder_port, 16384);
}

TEST(Load, AnOmittedPowerModeIsTheProfilesFirst) {
  EXPECT_EQ(bundle(all_valid()).model.site.clouds[0].power_mode.text, "default");
  EXPECT_EQ(bundle(all_valid()).model.site.nodes[0].power_mode.text, "MAX-N");
}

TEST(Load, KeepsSecretsAsReferences) {
  const RouterAccess file = bundle(all_valid()).routers.at(0);
  EXPECT_EQ(file.host, "192.0.2.1");
  EXPECT_EQ(file.port, 830);
  EXPECT_EQ(file.period, core::seconds(1));
  EXPECT_FALSE(file.save_config);
  ASSERT_TRUE(file.password.has_value());
  EXPECT_EQ(file.password->from, SecretRef::From::file);
  EXPECT_EQ(file.password->name, "/etc/wanwise/password");
  const auto changed = [](std::string_view to) {
    const std::string text = with(valid("site"), "password: {file: /etc/wanwise/password}", to);
    return bundle({{"p", valid("policy")}, {"s", text}, {"f", valid("profiles")}}).routers.at(0);
  };
  const RouterAccess environment = changed("save-config: true, password: {environment: PW_1}");
  EXPECT_EQ(environment.password->from, SecretRef::From::environment);
  EXPECT_EQ(environment.password->name, "PW_1");
  EXPECT_TRUE(environment.save_config);
  const RouterAccess key = changed("port: 8300, private-key: {file: /etc/wanwise/id}");
  EXPECT_FALSE(key.password.has_value());
  EXPECT_EQ(key.private_key_file, "/etc/wanwise/id");
  EXPECT_EQ(key.port, 8300);
}

TEST(Load, ResolvesHowASessionIsSpoken) {
  const RouterAccess usual = bundle(all_valid()).routers.at(0);
  EXPECT_EQ(usual.netconf_stack, NetconfStack::libssh);
  EXPECT_FALSE(usual.legacy_algorithms);  // only ever by explicit opt-in
  const std::string text = with(valid("site"), "lan: Vlan1",
                                "lan: Vlan1, netconf-stack: libnetconf2, legacy-algorithms: true");
  const RouterAccess other =
      bundle({{"p", valid("policy")}, {"s", text}, {"f", valid("profiles")}}).routers.at(0);
  EXPECT_EQ(other.netconf_stack, NetconfStack::libnetconf2);
  EXPECT_TRUE(other.legacy_algorithms);
}

TEST(Load, ResolvesTheProfilesThatTheSiteUses) {
  const auto profiles = bundle(all_valid()).model.profiles;
  ASSERT_EQ(profiles.size(), 2U);
  const core::DeviceProfile& tx2 = profiles.at(core::DeviceName{"jetson-tx2"});
  EXPECT_EQ(tx2.cold_start, core::Ppm{7'500'000});
  ASSERT_EQ(tx2.power_modes.size(), 2U);
  EXPECT_EQ(tx2.power_modes[0].slowdown, core::kWhole);
  EXPECT_EQ(tx2.power_modes[1].slowdown, core::Ppm{1'530'000});
  EXPECT_EQ(tx2.models.at(core::ModelName{"resnet-50-v1"}).mean, core::Micros{12'500});
}

TEST(Load, SortsEverythingByName) {
  const std::string text = with(valid("site"), "sources:\n",
                                "sources:\n  - {name: z, router: ir1101, prefix: 10.0.0.0/8}\n");
  const core::Site site =
      bundle({{"p", valid("policy")}, {"s", text}, {"f", valid("profiles")}}).model.site;
  ASSERT_EQ(site.sources.size(), 2U);
  EXPECT_EQ(site.sources[0].name.text, "cameras");
}

TEST(Load, GivesEachSiteItsPolicyByLabel) {
  const std::string two = with(valid("site"), "name: yard", "name: annex");
  const Loaded all =
      loaded({{"a", with(valid("policy"), "name: demo", "name: first\napplies-to: {use: demo}")},
              {"b", with(valid("policy"), "name: demo", "name: second\napplies-to: {use: other}")},
              {"c", valid("site")},
              {"d", with(two, "use: demo", "use: other, size: small")},
              {"e", valid("profiles")}});
  ASSERT_EQ(all.sites.size(), 2U);
  EXPECT_EQ(all.sites[0].model.site.name.text, "annex");
  EXPECT_EQ(all.sites[0].model.policy.name.text, "second");
  EXPECT_EQ(all.sites[1].model.policy.name.text, "first");
}

TEST(Load, APolicyThatAppliesToNoSiteIsNoError) {
  EXPECT_EQ(loaded({{"p", valid("policy")}}).sites.size(), 0U);
  EXPECT_EQ(loaded({}).sites.size(), 0U);
}

TEST(Load, DoesNotDependOnHowDocumentsAreSpreadOverFiles) {
  const SiteBundle apart = bundle(all_valid());
  const SiteBundle together =
      bundle({{"all", valid("profiles") + "---\n" + valid("site") + "---\n" + valid("policy")}});
  EXPECT_EQ(apart.model.policy.workloads.size(), together.model.policy.workloads.size());
  EXPECT_EQ(apart.model.site.name, together.model.site.name);
}

}  // namespace
}  // namespace wanwise::policy
