// What can never be met. Each kind by itself is in policies/invalid, from 201 on; here is where the
// line between error, warning and silence runs, and that an error is never wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "engine/core/decide/stability.hpp"
#include "engine/policy/reason/best_site.hpp"
#include "engine/policy/reason/crowd.hpp"
#include "tests/unit/policy/documents.hpp"

namespace wanwise::policy {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string policy_with(std::string_view from, std::string_view to) {
  return diagnose_policy(with(valid("policy"), from, to));
}

std::string objective(std::string_view p) {
  return policy_with("{p99: 200ms}", p);
}

/// The policy's text has an error, not only warnings.
bool refused(const std::string& policy) {
  return !load({{"p", policy}, {"s", valid("site")}, {"f", valid("profiles")}}, kSchemas);
}

TEST(Objective, IsAnErrorOnlyBelowTheLeast) {
  // tx2: LAN 2 x 500 us and service 16 ms at p99.
  const std::string text = with(valid("policy"), "fall-back: [cloud]", "residency: site");
  EXPECT_FALSE(refused(with(text, "{p99: 200ms}", "{p99: 17ms}")));
  EXPECT_TRUE(refused(with(text, "{p99: 200ms}", "{p99: 16999us}")));
}

TEST(Objective, IsToldWhatTheBestTargetAllows) {
  // Over the WAN 16 ms cannot be excluded; on the node 17 ms are possible as things are declared.
  EXPECT_THAT(objective("{p99: 16ms}"), HasSubstr("(allowed: p99 of at least 17ms)"));
}

TEST(Objective, IsNoErrorWhileAFasterPowerModeWouldDo) {
  const std::string site = with(valid("site"), "power-mode: MAX-N", "power-mode: MAX-Q");
  const std::string policy = with(valid("policy"), "{p99: 200ms}", "{p99: 18ms}");
  EXPECT_TRUE(load({{"p", policy}, {"s", site}, {"f", valid("profiles")}}, kSchemas));
}

TEST(Objective, OfAQuantileThatProfilesDoNotGiveIsNoError) {
  const std::string text = with(valid("policy"), "fall-back: [cloud]", "residency: site");
  EXPECT_TRUE(refused(with(text, "{p99: 200ms}", "{p99: 10ms}")));
  EXPECT_FALSE(refused(with(text, "{p99: 200ms}", "{p95: 10ms}")));
  EXPECT_FALSE(refused(with(text, "{p99: 200ms}", "{p50: 10ms}")));
  // What the LAN takes is certain.
  const std::string slow = with(valid("site"), "memory: 6GB", "memory: 6GB, lan-delay: 6ms");
  EXPECT_FALSE(load(
      {{"p", with(text, "{p99: 200ms}", "{p50: 10ms}")}, {"s", slow}, {"f", valid("profiles")}},
      kSchemas));
}

TEST(Objective, ThatCannotHoldOnDeclaredRoundTripsOnlyWarns) {
  const std::string text = with(valid("policy"), "{p95: 3s}", "{p99: 40ms}");
  EXPECT_FALSE(refused(text));
  EXPECT_THAT(diagnose_policy(text), HasSubstr("warning: workloads[archive]/objective/p99"));
}

TEST(Reasoning, WaitsUntilEverythingElseIsRight) {
  const std::string text = with(valid("policy"), "{p99: 200ms}", "{p99: 10ms}");
  EXPECT_THAT(diagnose_policy(with(text, "memory: 900MB", "memory: 900")),
              Not(HasSubstr("can never hold")));
}

TEST(Reasoning, MayAdviseOnlyOrBeOff) {
  const std::vector<SourceText> texts{{"p", with(valid("policy"), "{p99: 200ms}", "{p99: 10ms}")},
                                      {"s", valid("site")},
                                      {"f", valid("profiles")}};
  const auto refused = load(texts, kSchemas);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().at(0).severity, Severity::error);
  const auto advised = load(texts, kSchemas, Reasoning::advise);
  ASSERT_TRUE(advised);
  ASSERT_EQ(advised->warnings.size(), 1U);
  EXPECT_EQ(advised->warnings[0].severity, Severity::warning);
  EXPECT_EQ(advised->warnings[0].message, refused.error()[0].message);
  const auto off = load(texts, kSchemas, Reasoning::off);
  ASSERT_TRUE(off);
  EXPECT_TRUE(off->warnings.empty());
}

TEST(Reasoning, TellsErrorsAndWarningsTogetherInOneOrder) {
  const std::string text =
      with(with(valid("policy"), "{p99: 200ms}", "{p99: 10ms}"), "workloads:\n",
           "  - {name: spare, dscp: af21, queue: {guarantee: 1%}}\nworkloads:\n");
  const std::string told = diagnose_policy(text);
  EXPECT_LT(told.find("classes[spare]"), told.find("objective"));
  EXPECT_EQ(told, diagnose_policy(text));
}

TEST(Reasoning, DoesNotDependOnTheOrderOfDocuments) {
  const std::string text = with(valid("policy"), "{p99: 200ms}", "{p99: 30ms}");
  std::vector<SourceText> texts{{"p", text}, {"s", valid("site")}, {"f", valid("profiles")}};
  const std::string told = diagnose(texts);
  EXPECT_NE(told, "");
  std::reverse(texts.begin(), texts.end());
  EXPECT_EQ(diagnose(texts), told);
}

TEST(Reasoning, ErrorsAreNotCrowdedOutByWarnings) {
  std::string classes = "wanwise: policy/1\nname: NAME\napplies-to: {use: NAME}\nclasses:\n";
  for (const char* dscp :
       {"cs1", "cs2", "cs3", "cs4", "cs5", "af11", "af12", "af13", "af21", "af22", "af23"}) {
    classes +=
        std::string{"  - {name: c-"} + dscp + ", dscp: " + dscp + ", queue: {guarantee: 1%}}\n";
  }
  const std::string full = valid("policy");
  const std::string workloads =
      with(with(full.substr(full.find("workloads:")), "class: realtime", "class: c-cs1"),
           "class: bulk", "class: c-cs1");
  std::vector<SourceText> texts{{"p", with(full, "{p99: 200ms}", "{p99: 10ms}")},
                                {"s", valid("site")},
                                {"f", valid("profiles")}};
  for (int i = 0; i < 60; ++i) {
    const std::string name = "spare-" + std::to_string(i);
    texts.push_back(
        {"a" + std::to_string(i), with(with(classes, "NAME", name), "NAME", name) + workloads});
  }
  texts[0].text = with(texts[0].text, "name: demo", "name: demo\napplies-to: {use: demo}");
  const auto loaded = load(texts, kSchemas);
  ASSERT_FALSE(loaded);
  const auto& told = loaded.error();
  EXPECT_TRUE(std::any_of(told.begin(), told.end(), [](const Diagnostic& d) {
    return d.severity == Severity::error && d.path == "workloads[detect]/objective/p99";
  }));
  EXPECT_THAT(told.back().message, HasSubstr("more diagnostics"));
  EXPECT_EQ(told.back().severity, Severity::warning);
}

TEST(Reasoning, SumsTheLargestValuesThereMayBe) {
  std::string text = valid("policy").substr(0, valid("policy").find("workloads:")) + "workloads:\n";
  for (int i = 0; i < 256; ++i) {
    const std::string n = std::to_string(i);
    text += "  - {name: w" + n + ", deployment: d/w" + n + ", model: resnet-50-v1, class: bulk, " +
            "demand: {rate: 100000/s, request: 64MB, response: 64MB, from: [cameras]}, " +
            "objective: {p50: 1min}, placement: {prefer: [tx2, cloud]}, memory: 6GB}\n";
  }
  std::string profiles = valid("profiles");
  for (int i = 0; i < 2; ++i) {
    profiles = with(profiles, i == 0 ? "mean: 12500us, p99: 16ms" : "mean: 3ms, p99: 3190us",
                    "mean: 1min, p99: 1min");
  }
  profiles = with(profiles, "slowdown: 1.53x", "slowdown: 100x");
  const std::string told = diagnose({{"p", text}, {"s", valid("site")}, {"f", profiles}});
  EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 257) << told.substr(0, 600);
  EXPECT_THAT(told, HasSubstr("demand/rate: can never hold"));
}

TEST(Shadowed, AFallBackAtAnotherAddressIsOfUse) {
  const std::string site = with(
      valid("site"), "sources:\n",
      "  - {name: cloud-2, device: cloud-t4, address: 203.0.113.11, price: 9 USD/h}\nsources:\n");
  const std::string policy =
      with(valid("policy"), "fall-back: [cloud]", "fall-back: [cloud, cloud-2]");
  EXPECT_EQ(diagnose({{"p", policy}, {"s", site}, {"f", valid("profiles")}}), "");
}

TEST(Shadowed, AFasterModelAtTheSameRateIsLighter) {
  EXPECT_THAT(policy_with("model: resnet-50-v1", "model: inception-v4"), Not(HasSubstr("lighter")));
}

// ---- what the engine itself says

/// Shipped policies, each on the harbour.
std::vector<core::Model> shipped() {
  const std::string root = std::string{WANWISE_SOURCE_DIR} + "/policies";
  std::vector<core::Model> models;
  for (const char* use : {"smart-city", "video-surveillance", "predictive-maintenance",
                          "collision-avoidance", "voice-recognition", "image-recognition"}) {
    auto texts = read_documents(
                     {root + '/' + use + ".yaml", root + "/profiles", root + "/sites/harbour.yaml"})
                     .value();
    texts.back().text = with(texts.back().text, "use: smart-city", std::string{"use: "} + use);
    models.push_back(std::move(load(texts, kSchemas).value().sites[0].model));
  }
  return models;
}

/// A situation of the model: any uplink up to its ceiling, everything at the first rung.
core::Situation situation_of(const core::Model& model, std::int64_t uplink) {
  core::Situation s;
  for (const core::Workload& w : model.policy.workloads) {
    core::WorkloadInput input;
    input.service_class = core::index_of(model.policy.classes, w.service_class);
    input.quantile = w.objective.quantile;
    input.objective = w.objective.latency;
    input.request = w.request;
    input.response = w.response;
    input.memory = w.memory;
    s.workloads.push_back(input);
  }
  for (core::Index t = 0; t < core::target_count(model); ++t) {
    core::TargetInput target;
    target.servers = core::target_profile(model, t).servers;
    if (core::is_cloud(model, t)) target.servers *= model.site.clouds[0].servers;
    s.targets.push_back(target);
  }
  core::LinkInput link;
  link.uplink = link.shaper = core::Bps{uplink};
  link.downlink = model.site.links[0].downlink;
  s.links.push_back(link);
  for (const core::ServiceClass& c : model.policy.classes)
    s.classes.push_back({c.queue, c.percent});
  return s;
}

core::Option option_of(const core::Model& model, core::Index w, core::Index rank) {
  const core::Workload& workload = core::at(model.policy.workloads, w);
  core::Option option;
  option.rank = rank;
  option.target = core::target_index(model, core::at(workload.targets, rank));
  option.rate = workload.rate;
  const core::ServiceTime time =
      core::target_profile(model, option.target).models.at(workload.ladder[0].model);
  option.service_mean = time.mean;
  option.service_p99 = time.p99;
  option.link = core::is_cloud(model, option.target) ? 0 : core::kNone;
  option.fixed = option.link == 0 ? model.site.links[0].rtt + model.site.clouds[0].beyond_probe
                                  : model.site.nodes[0].lan_delay * 2;
  return option;
}

TEST(BestSite, IsNeverBeatenByAnyPlacementOnAnyUplink) {
  std::mt19937_64 random(7);  // NOLINT: the same numbers each time
  int compared = 0;
  for (const core::Model& model : shipped()) {
    BestSite best(model);
    const auto pick = [&](std::size_t n) { return static_cast<core::Index>(random() % n); };
    for (int round = 0; round < 200; ++round) {
      const std::int64_t ceiling = model.site.links[0].uplink_ceiling.count;
      const core::Situation s = situation_of(
          model, 256'000 + static_cast<std::int64_t>(
                               random() % static_cast<std::uint64_t>(ceiling - 255'999)));
      core::Load load(s);
      std::vector<core::Option> chosen;
      for (core::Index w = 0; w < core::count(model.policy.workloads); ++w) {
        const auto& targets = core::at(model.policy.workloads, w).targets;
        chosen.push_back(option_of(model, w, pick(targets.size())));
        load.add(core::at(s.workloads, w), chosen.back());
      }
      for (core::Index w = 0; w < core::count(chosen); ++w) {
        const Prospect prospect = best.prospect(w, core::at(chosen, w).rank, 0);
        const core::Micros latency = load.latency(core::at(s.workloads, w), core::at(chosen, w));
        EXPECT_LE(prospect.bare, prospect.least);
        EXPECT_LE(prospect.least, latency)
            << core::at(model.policy.workloads, w).name.text << " least " << prospect.least.count
            << " loaded " << latency.count << " uplink " << s.links[0].uplink.count;
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 3'000);
}

TEST(BestSite, ASplitWorkloadNeedNotFitOneTarget) {
  core::Model model = shipped()[0];
  core::Workload& counting = model.policy.workloads.back();
  counting.rate = counting.ladder[0].rate = core::MilliHz{2'000'000};
  counting.ladder.resize(1);
  EXPECT_EQ(BestSite(model).prospect(4, 0, 0).obstacle, Obstacle::accelerator);
  counting.may_split = true;
  EXPECT_NE(BestSite(model).prospect(4, 0, 0).obstacle, Obstacle::accelerator);
}

TEST(Crowd, NamesWhoTipsTheScales) {
  const auto excess = excess_of({{0, 40, 60}, {1, 0, 50}, {2, 30, 30}}, 100);
  ASSERT_TRUE(excess);
  EXPECT_FALSE(excess->certain);
  EXPECT_EQ(excess->workload, 1);
  EXPECT_EQ(excess->sum, 140);
  const auto certain = excess_of({{0, 40, 60}, {1, 0, 50}, {2, 30, 30}}, 60);
  ASSERT_TRUE(certain);
  EXPECT_TRUE(certain->certain);
  EXPECT_TRUE(certain->degraded);
  EXPECT_EQ(certain->workload, 2);
  EXPECT_FALSE(excess_of({{0, 40, 60}, {2, 30, 40}}, 100));
}

// ---- claims about the gate, held against the gate

core::MoveWish wish(core::Instant at, core::Index from, core::Index to, core::MoveReason reason) {
  core::MoveWish asked;
  asked.at = at;
  asked.current.target = from;
  asked.wished.target = to;
  asked.reason = reason;
  asked.gain = core::kWhole;
  return asked;
}

/// How long after a fall the gate lets a steady wish return.
core::Micros return_time(std::int32_t budget) {
  core::Stability rules;
  rules.max_moves_per_hour = budget;
  core::MoveGate gate(rules);
  const core::Instant start{};
  gate.moved(start);
  for (core::Micros t = core::seconds(1);; t += core::seconds(1)) {
    if (gate.ask(wish(start + t, 1, 0, core::MoveReason::voluntary)).allowed) return t;
  }
}

TEST(Times, ASmallBudgetDecidesAReturnInsteadOfReturnAfter) {
  EXPECT_GE(return_time(1), core::seconds(3'600));
  EXPECT_GE(return_time(2), core::seconds(3'600));
  EXPECT_LT(return_time(3), core::seconds(3'600));
}

TEST(Times, ABudgetThatDwellingLeavesRoomForIsNotToldOf) {
  const std::string from = "return-after: 60s";
  const std::string text = "return-after: 60s, min-dwell: 10min, max-moves-per-hour: ";
  EXPECT_EQ(policy_with(from, text + "7"), "");
  EXPECT_THAT(policy_with(from, text + "8"), HasSubstr("is never reached"));
  // The default is nobody's contradiction.
  EXPECT_EQ(policy_with(from, "return-after: 60s, min-dwell: 1h"), "");
}

}  // namespace
}  // namespace wanwise::policy
