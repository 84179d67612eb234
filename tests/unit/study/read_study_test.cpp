// STUDY.yaml: what it means, and what is said to a wrong one, word for word.
#include "sim/study/language/read_study.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/study/language/section.hpp"
#include "tests/unit/study/study_documents.hpp"

namespace wanwise::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string changed(std::string_view from, std::string_view to) {
  return diagnose(with(valid_study(), from, to));
}

TEST(ReadStudy, UnderstandsAWholeStudy) {
  const LoadedStudy loaded = load_study(valid_study());
  const Study& study = loaded.study;
  EXPECT_EQ(study.name, "example");
  EXPECT_EQ(study.baseline, "always-edge");
  EXPECT_EQ(study.horizon, core::seconds(100));
  EXPECT_EQ(study.warm_up, core::seconds(10));
  EXPECT_THAT(study.seeds, ElementsAre(5, 6, 7));
  EXPECT_THAT(study.class_names, ElementsAre("analytics", "bulk", "realtime", "video"));
  ASSERT_EQ(study.factors.size(), 2U);
  EXPECT_EQ(study.factors[0].unit, "x");
  EXPECT_EQ(study.factors[0].levels[1].number, 1.5);
  EXPECT_EQ(study.factors[1].unit, "ms");
  EXPECT_EQ(study.factors[1].levels[0].name, "20ms");
  EXPECT_EQ(study.factors[1].levels[0].number, 20.0);
  EXPECT_EQ(study.cells().size(), 4U);
  ASSERT_EQ(study.claims.size(), 1U);
  EXPECT_THAT(study.claims[0].against, ElementsAre("always-edge"));
  EXPECT_EQ(study.claims[0].relation, Relation::less);
  EXPECT_EQ(study.hash.size(), 16U);
}

TEST(ReadStudy, TheSmallVersionIsAnotherStudy) {
  ReadOptions options = read_options();
  options.small = true;
  const Study small = load_study(valid_study(), options).study;
  EXPECT_EQ(small.horizon, core::seconds(20));
  EXPECT_EQ(small.warm_up, core::seconds(2));
  EXPECT_THAT(small.seeds, ElementsAre(5));
  EXPECT_EQ(small.cells().size(), 2U);
  EXPECT_EQ(small.factors[0].levels[0].name, "1.5");
  EXPECT_NE(small.hash, load_study(valid_study()).study.hash);
}

TEST(ReadStudy, TheSmallVersionKeepsTheClaimsThatStillMeanSomething) {
  ReadOptions options = read_options();
  options.small = true;
  const auto claims = [&](const std::string& more) {
    const std::string text =
        with(valid_study(), "  - always-edge\n", "  - always-edge\n  - always-cloud\n");
    return load_study(with(text, "levels: {load: [1.5]}}", "levels: {load: [1.5]}" + more), options)
        .study.claims;
  };
  EXPECT_THAT(claims("}")[0].against, ElementsAre("always-edge", "always-cloud"));
  EXPECT_THAT(claims(", policies: [wanwise, always-edge]}")[0].against, ElementsAre("always-edge"));
  EXPECT_TRUE(claims(", policies: [always-edge, always-cloud]}").empty());
}

TEST(ReadStudy, TheHashIsOfEveryInput) {
  const StudyFolder folder;
  ReadOptions options = read_options();
  options.traces_dir = folder.path("");
  const std::string text = with(valid_study(), "generate: lte-driving, uplink: 10Mbps, ",
                                "uplink-file: \"traces:up\", ");
  folder.file("up", "1\n2\n");
  const std::string one = load_study(text, options).study.hash;
  EXPECT_EQ(load_study(text, options).study.hash, one);
  EXPECT_NE(load_study(text + "# a comment\n", options).study.hash, one);
  folder.file("up", "1\n3\n");
  EXPECT_NE(load_study(text, options).study.hash, one);
}

TEST(ReadStudy, PoliciesHaveNamesAndParameters) {
  const Study study =
      load_study(with(valid_study(), "  - always-edge\n",
                      "  - always-edge\n"
                      "  - {policy: sdwan-aar, name: aar-slow, poll-interval: 10min}\n"))
          .study;
  EXPECT_EQ(study.policies[2].name, "aar-slow");
  EXPECT_EQ(study.policies[2].policy, "sdwan-aar");
  EXPECT_EQ(study.policies[2].parameters.at("poll-interval"), "10min");
}

TEST(ReadStudy, AFactorMayTurnSeveralKnobsOrBeMadeOfSettings) {
  const Study study = load_study(with(valid_study(), "claims:", R"(  - name: uplink
    set: [uplink, expected-uplink]
    link: lte
    levels: [5Mbps, 20Mbps]
  - name: weather
    levels:
      - name: calm
        settings: [{set: loss, link: lte, to: 0%}]
      - name: storm
        settings: [{set: loss, link: lte, to: 2%}, {set: uplink-factor, link: lte, to: 0.4}]
claims:)"))
                          .study;
  EXPECT_EQ(study.factors[2].unit, "Mb/s");
  EXPECT_EQ(study.factors[2].levels[1].number, 20.0);
  EXPECT_EQ(study.factors[3].levels[1].name, "storm");
  EXPECT_FALSE(study.factors[3].levels[1].number);
  EXPECT_EQ(study.cells().size(), 16U);
}

TEST(ReadStudy, LongLevelsAreInSeconds) {
  const Study study =
      load_study(with(valid_study(), "claims:",
                      "  - {name: stale, set: telemetry-delay, levels: [5s, 2min]}\nclaims:"))
          .study;
  EXPECT_EQ(study.factors[2].unit, "s");
  EXPECT_EQ(study.factors[2].levels[1].number, 120.0);
}

TEST(ReadStudy, TellsEveryMistakeAtOnce) {
  const std::string text = R"(study: no
question: why
horizon: 1s
sites: harbour
seeds: {count: 0, first: 010}
baseline: nobody
policies:
  - wanwise
  - wanwise
  - {policy: sdwan-aar, name: aar, pol-interval: 1min}
  - {name: x}
)";
  EXPECT_EQ(
      diagnose(text),
      "s.yaml:1:1: documents: a study needs the key 'documents'\n"
      "s.yaml:1:8: study: 'no' without quotes is a boolean to YAML, a text is wanted "
      "(allowed: \"no\")\n"
      "s.yaml:3:10: horizon: '1s' is out of range (allowed: 10s to 24h)\n"
      "s.yaml:4:1: sites: unknown key 'sites' in a study; did you mean 'site'? (allowed: study, "
      "question, documents, site, horizon, warm-up, seeds, detail, telemetry, baseline, policies, "
      "links, tuning, sources, targets, link-tuning, settings, story, factors, claims, small)\n"
      "s.yaml:5:16: seeds/count: '0' is out of range (allowed: 1 to 10000)\n"
      "s.yaml:5:26: seeds/first: '010' is not a whole number (allowed: 1 to 1000000000)\n"
      "s.yaml:6:11: baseline: there is no policy 'nobody' (allowed: wanwise, aar)\n"
      "s.yaml:9:5: policies[2]: policy 'wanwise' is here twice; give it a name\n"
      "s.yaml:10:50: policies[aar]/pol-interval: there is no parameter 'pol-interval'\n"
      "s.yaml:11:5: policies[x]/policy: a policy needs the key 'policy'\n");
}

TEST(ReadStudy, RefusesWhatYamlReadersDisagreeAbout) {
  EXPECT_EQ(changed("horizon: 100s", "horizon: 100s\nhorizon: 200s"),
            "s.yaml:6:1: duplicate key 'horizon', first on line 5\n");
  EXPECT_EQ(changed("baseline: always-edge", "baseline: &x always-edge"),
            "s.yaml:9:11: anchor 'x' is not allowed\n");
  EXPECT_EQ(diagnose("- a\n"), "s.yaml:1:1: wants a mapping, got a list\n");
  EXPECT_EQ(diagnose("a: 1\n---\nb: 2\n"), "s.yaml:3:1: a study is one document\n");
}

TEST(ReadStudy, NamesTheFileThatCannotBeRead) {
  EXPECT_EQ(policy::to_string(read_study("/nowhere/s.yaml", read_options()).error().front()),
            "/nowhere/s.yaml: cannot be read");
  EXPECT_THAT(changed("/policies]", "/nowhere]"), HasSubstr("/nowhere: no such file or folder\n"));
}

TEST(ReadStudy, TellsWhatIsWrongWithTheDocuments) {
  const StudyFolder folder;
  const std::string file = folder.file("broken.yaml", "wanwise: policy/2\n");
  const auto loaded = read_study(
      folder.file("s.yaml", with(valid_study(), "documents: [", "documents: [broken.yaml, ")),
      read_options());
  ASSERT_FALSE(loaded);
  EXPECT_EQ(policy::to_string(loaded.error().front()),
            file +
                ":1:10: wanwise: 'policy/2' is no kind of document; did you mean 'policy/1'? "
                "(allowed: policy/1, site/1, profile/1)");
}

TEST(ReadStudy, RefusesAWrongSite) {
  EXPECT_THAT(changed("site: harbour", "site: harbor"),
              HasSubstr("s.yaml:4:7: site: there is no site 'harbor'; did you mean 'harbour'?"));
}

TEST(ReadStudy, RefusesWarmUpsThatAreNone) {
  EXPECT_EQ(changed("warm-up: 10%", "warm-up: 100s"),
            "s.yaml:6:10: warm-up: is not shorter than the horizon\n");
  EXPECT_EQ(changed("warm-up: 10%", "warm-up: 95%"),
            "s.yaml:6:10: warm-up: '95%' is out of range (allowed: 0% to 90%)\n");
  EXPECT_EQ(load_study(with(valid_study(), "warm-up: 10%", "warm-up: mser-5")).study.warm_up_rule,
            WarmUpRule::mser5);
}

TEST(ReadStudy, RefusesLinksThatMakeNoSense) {
  const std::string link = "generate: lte-driving, uplink: 10Mbps, downlink: 30Mbps";
  EXPECT_EQ(changed(link, "constant: 5Mbps, uplink: 6Mbps"),
            "s.yaml:14:42: links[lte]/uplink: 'uplink' has no effect beside 'constant'\n");
  EXPECT_EQ(changed(link, "constant: 5Mbps, generate: nr-static"),
            "s.yaml:14:5: links[lte]: has more than one source of the rate (allowed: one of "
            "generate, constant, uplink-file)\n");
  EXPECT_EQ(changed(link, "downlink: 5Mbps"),
            "s.yaml:14:5: links[lte]: says nothing of where the rate comes from (allowed: one of "
            "generate, constant, uplink-file)\n");
  EXPECT_EQ(changed(link, "generate: lte-walking"),
            "s.yaml:14:27: links[lte]/generate: unknown word 'lte-walking' (allowed: lte-driving, "
            "nr-static)\n");
  EXPECT_EQ(changed("link: lte, " + link, "link: lta, " + link),
            "s.yaml:14:12: links[lta]/link: there is no link 'lta'; did you mean 'lte'? "
            "(allowed: lte)\n");
  EXPECT_EQ(changed(link, "uplink-file: \"traces:up\""),
            "s.yaml:14:30: links[lte]/uplink-file: 'traces:' stands for the folder of --traces, "
            "which was not given\n");
  EXPECT_EQ(changed(link, "uplink-file: none.up"),
            "s.yaml:14:30: links[lte]/uplink-file: none.up: No such file or directory\n");
}

TEST(ReadStudy, RefusesFactorsThatMakeNoSense) {
  const std::string rtt = "{name: rtt, set: rtt, link: lte, levels: [20ms, 60ms]}";
  EXPECT_THAT(changed(rtt, "{name: rtt, set: rttt, link: lte, levels: [20ms]}"),
              HasSubstr("s.yaml:18:22: factors[rtt]/set: there is no setting 'rttt'; did you "
                        "mean 'rtt'? (allowed: arrival-cv, "));
  EXPECT_EQ(changed(rtt, "{name: rtt, set: rtt, levels: [20ms]}"),
            "s.yaml:18:5: factors[rtt]/link: 'rtt' needs the key 'link'\n");
  EXPECT_EQ(changed(rtt, "{name: rtt, set: rtt, link: lte, workload: all, levels: [20ms]}"),
            "s.yaml:18:48: factors[rtt]/workload: 'workload' has no effect on 'rtt'\n");
  EXPECT_EQ(changed(rtt, "{name: rtt, set: rtt, link: lte, levels: [20, 60ms, 60ms]}"),
            "s.yaml:18:47: factors[rtt]/levels[1]: '20' has no unit (allowed: 100ms; units: us, "
            "ms, s, min, h)\n"
            "s.yaml:18:57: factors[rtt]/levels[3]: level '60ms' is here twice\n");
  EXPECT_EQ(changed(rtt, "{name: load, set: rtt, link: lte, levels: [20ms]}"),
            "s.yaml:18:12: factors[load]/name: factor 'load' is here twice\n");
  EXPECT_EQ(changed(rtt, "{name: rtt, set: [rtt, loss], link: lte, levels: [20ms]}"),
            "s.yaml:18:22: factors[rtt]/set: 'rtt' and 'loss' do not take the same values\n");
  EXPECT_EQ(changed(rtt, "{name: rtt, set: rtt, link: lte, unit: s, levels: [20ms]}"),
            "s.yaml:18:44: factors[rtt]/unit: the unit is ms already\n");
  EXPECT_EQ(changed(rtt, "{name: mode, set: power-mode, target: tx2, levels: [MAX-N, MAX-X]}"),
            "s.yaml:18:64: factors[mode]/levels[MAX-X]: power-mode of tx2: tx2 has no power mode "
            "'MAX-X'; it has MAX-N, MAX-P, MAX-Q\n");
}

TEST(ReadStudy, FindsWhatOnlyShowsWhenLevelsMeet) {
  const StudyFolder folder;
  folder.file("up", "1\n2\n");
  ReadOptions options = read_options();
  options.traces_dir = folder.path("");
  const std::string text =
      with(valid_study(), "{name: rtt, set: rtt, link: lte, levels: [20ms, 60ms]}",
           "{name: drive, set: source, link: lte, levels: [{name: a, value: {uplink-file: "
           "\"traces:up\"}}]}\n  - {name: uplink, set: uplink, link: lte, levels: [5Mbps]}");
  EXPECT_EQ(diagnose(text, options),
            "s.yaml:19:53: factors[uplink]/levels[5Mbps]: uplink of lte: link lte is recorded; "
            "scale it by uplink-factor\n");
}

TEST(ReadStudy, RefusesStoriesThatCannotHappen) {
  const std::string step = "{at: 20%, demand: {workload: traffic-counting, factor: 1.8}}";
  EXPECT_EQ(changed(step, "{at: 20%, demand: {workload: trafic-counting, factor: 1.8}}"),
            "s.yaml:15:17: workload 'trafic-counting' is not of this site (allowed: "
            "collision-avoidance, crowd-density, incident-archive, licence-plates, "
            "traffic-counting)\n");
  EXPECT_EQ(changed(step, "{at: 200s, target: {name: tx2, alive: false}}"),
            "s.yaml:15:17: comes after the end of the run\n");
  EXPECT_THAT(changed(step, "{at: 20%}"),
              HasSubstr("s.yaml:15:17: a step has exactly one of: demand, uplink, power-mode, "));
  EXPECT_EQ(changed(step, "{at: 20%, target: {name: tx2, alife: false}}"),
            "s.yaml:15:35: 'alive' of 'target' is missing\n"
            "s.yaml:15:47: unknown key 'alife' (allowed: alive, name)\n");
  EXPECT_EQ(changed("{steps: [" + step + "]}", "{file: nowhere.yaml}"),
            "s.yaml:15:15: story/file: nowhere.yaml: No such file or directory\n");
}

TEST(ReadStudy, AStoryMayStandInTheStudyOrInAFileOfItsOwn) {
  const auto steps = [](const std::string& story) {
    const StudyFolder folder;
    const std::string line =
        "story: {steps: [{at: 20%, demand: {workload: traffic-counting, factor: 1.8}}]}";
    const auto loaded =
        read_study(folder.file("s.yaml", with(valid_study(), line, story)),
                   (folder.file("story.yaml",
                                "scenario: x\nsteps:\n  - {at: 3s, target: {name: tx2, alive: "
                                "false}}\n"),
                    read_options()));
    std::string text;
    if (loaded)
      for (const ScenarioStep& step : loaded->base.story.steps)
        text += describe(step.what) + (step.say.empty() ? "" : " (" + step.say + ")") + '\n';
    return text;
  };
  EXPECT_EQ(steps("story: {file: story.yaml}"), "tx2 dies\n");
  EXPECT_EQ(steps("story: none"), "");
  EXPECT_EQ(steps("story:\n  steps:\n    - at: 18s\n      say: it dies, \"alas\"\n      target:\n"
                  "        name: tx2\n        alive: false\n    - {at: 50%, uplink: {link: lte, "
                  "factor: 8%}}"),
            "tx2 dies (it dies, \"alas\")\nuplink of lte x 0.08\n");
}

TEST(ReadStudy, RefusesClaimsThatCannotBeWeighed) {
  ReadOptions options = read_options();
  options.check_metric = [](const std::string& name) -> core::Expected<void> {
    if (name == "miss-ratio") return {};
    return core::fail("no-metric", "there is no metric '" + name + "'");
  };
  const std::string claim =
      "{id: C1, text: fewer, metric: miss-ratio, policy: wanwise, against: all, expect: less}";
  EXPECT_EQ(diagnose(with(valid_study(), claim,
                          "{id: C1, text: fewer, metric: misses, policy: wanwis, against: [x], "
                          "expect: fewer, margin: -1, where: {lod: 1, load: 2}}"),
                     options),
            "s.yaml:20:35: claims[C1]/metric: there is no metric 'misses'\n"
            "s.yaml:20:51: claims[C1]/policy: there is no policy 'wanwis'; did you mean "
            "'wanwise'? (allowed: wanwise, always-edge)\n"
            "s.yaml:20:68: claims[C1]/against: there is no policy 'x' (allowed: wanwise, "
            "always-edge)\n"
            "s.yaml:20:81: claims[C1]/expect: unknown word 'fewer' (allowed: less, not-more, "
            "greater, not-less)\n"
            "s.yaml:20:96: claims[C1]/margin: is below zero (allowed: 0 or more)\n"
            "s.yaml:20:108: claims[C1]/where/lod: unknown key 'lod' in where (allowed: load, rtt)\n"
            "s.yaml:20:122: claims[C1]/where/load: there is no level of load '2' (allowed: 0.5, "
            "1.5)\n");
}

TEST(ReadStudy, RefusesASmallVersionThatIsNone) {
  EXPECT_EQ(changed("levels: {load: [1.5]}}", "levels: {load: [2]}, policies: [wanwise]}"),
            "s.yaml:21:57: small/levels/load: there is no level of load '2' (allowed: 0.5, 1.5)\n"
            "s.yaml:21:73: small/policies: lacks the baseline 'always-edge'\n");
  ReadOptions options = read_options();
  options.small = true;
  EXPECT_EQ(diagnose(with(valid_study(),
                          "small: {horizon: 20s, seeds: {count: 1}, levels: "
                          "{load: [1.5]}}\n",
                          ""),
                     options),
            "s.yaml:1:1: has no small version (allowed: the key 'small')\n");
}

TEST(ReadStudy, RefusesLawsOutOfRange) {
  const auto added = [](const std::string& section) {
    return changed("detail: requests\n", "detail: requests\n" + section + "\n");
  };
  EXPECT_EQ(added("tuning: {probe-period: 500ms}"),
            "s.yaml:9:9: tuning: probe-timeout is above probe-period\n");
  EXPECT_EQ(added("tuning: {tx-ring: 8}"),
            "s.yaml:9:9: tuning: tx-ring has no effect with detail: requests\n");
  EXPECT_EQ(added("targets: [{target: tx2, autoscale: {least: 3, most: 2}}]"),
            "s.yaml:9:36: targets[tx2]/autoscale: only clouds scale\n"
            "s.yaml:9:53: targets[tx2]/autoscale/most: is below least (allowed: 3 or more)\n");
  EXPECT_EQ(added("sources: [{workload: all, arrivals: {gamma: {cv: 21}}}]"),
            "s.yaml:9:50: sources[1]/arrivals/gamma/cv: '21' is out of range (allowed: 0.05 to "
            "20, such as 0.5, 50% or 2)\n");
  EXPECT_EQ(added("sources: [{workload: all, arrivals: poison}]"),
            "s.yaml:9:37: sources[1]/arrivals: unknown word 'poison'; did you mean 'poisson'? "
            "(allowed: periodic, poisson)\n");
  EXPECT_EQ(added("link-tuning: [{link: lte, hops: []}]"),
            "s.yaml:9:33: link-tuning[lte]/hops: the list is empty (allowed: one or more)\n");
}

TEST(ReadStudy, HasLimits) {
  EXPECT_EQ(changed("seeds: {first: 5, count: 3}", "seeds: {first: 5, count: 10001}"),
            "s.yaml:7:26: seeds/count: '10001' is out of range (allowed: 1 to 10000)\n");
  std::string factors;
  for (int i = 0; i < 9; ++i)
    factors += "  - {name: f" + std::to_string(i) + ", set: rtt, link: lte, levels: [20ms]}\n";
  EXPECT_THAT(changed("factors:\n", "factors:\n" + factors), HasSubstr("more than 8 factors"));
}

TEST(Numbers, AreDecimalAndNothingElse) {
  for (const char* wrong : {"", "-", ".5", "5.", "05", "1e3", "0x1", "+1", "1_0", "nan", "inf",
                            " 1", "1 ", "99999999999"})
    EXPECT_FALSE(parse_number(wrong)) << wrong;
  EXPECT_EQ(parse_number("-0.25"), -0.25);
  EXPECT_EQ(parse_factor("0.5"), 500'000);
  EXPECT_EQ(parse_factor("50%"), 500'000);
  EXPECT_EQ(parse_factor("1.5x"), 1'500'000);
  EXPECT_FALSE(parse_factor("-1"));
}

}  // namespace
}  // namespace wanwise::sim
