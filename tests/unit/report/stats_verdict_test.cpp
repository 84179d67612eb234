#include "sim/study/statistics/verdict.hpp"

#include <gtest/gtest.h>

#include "tests/unit/report/synthetic_study.hpp"

namespace wanwise::sim {
namespace {

using Lates = std::vector<std::vector<std::int64_t>>;  ///< by policy, seed; of 1000 requests

/// Policies p0 (the baseline), p1 ... with one cell and one claim of p1 against all others.
test::MadeStudy study_of(const Lates& late, Relation relation, double margin = 0) {
  test::MadeStudy made;
  Study& study = made.study;
  study.baseline = "p0";
  study.horizon = core::seconds(100);
  Claim claim;
  claim.id = "C1";
  claim.metric = "miss-ratio";
  claim.policy = "p1";
  claim.relation = relation;
  claim.margin = margin;
  for (std::size_t policy = 0; policy < late.size(); ++policy) {
    study.policies.push_back({"any", "p" + std::to_string(policy), {}});
    if (policy != 1) claim.against.push_back(study.policies.back().name);
    for (std::size_t seed = 0; seed < late[policy].size(); ++seed) {
      RunRecord run;
      run.policy = policy;
      run.seed = seed + 1;
      run.result = test::plain_run(1000, late[policy][seed]);
      made.runs.push_back(run);
    }
  }
  for (std::size_t seed = 0; seed < late[0].size(); ++seed) study.seeds.push_back(seed + 1);
  study.claims.push_back(claim);
  return made;
}

Evidence weighed(const test::MadeStudy& made) {
  const auto samples = Samples::arrange(made.study, made.runs);
  EXPECT_TRUE(samples) << samples.error().message;
  const auto evidence = weigh_claims(*samples);
  EXPECT_TRUE(evidence) << evidence.error().message;
  return evidence->at(0);
}

TEST(Verdict, supports_what_holds_in_every_comparison) {
  const Evidence e =
      weighed(study_of({{100, 110, 105, 96}, {50, 58, 55, 49}, {90, 99, 95, 88}}, Relation::less));
  EXPECT_EQ(e.verdict, Verdict::supported);
  EXPECT_EQ(e.holding, 2u);
  EXPECT_EQ(e.comparisons[*e.worst].against, 2u) << "p2 comes nearest";
  EXPECT_NE(e.words.find("holds in all 2 comparisons"), std::string::npos) << e.words;
  EXPECT_TRUE(e.indicative) << "four seeds";
}

TEST(Verdict, refutes_what_one_comparison_contradicts) {
  const Evidence e =
      weighed(study_of({{100, 110, 105, 96}, {50, 58, 55, 49}, {20, 29, 25, 18}}, Relation::less));
  EXPECT_EQ(e.verdict, Verdict::refuted);
  EXPECT_EQ(e.holding, 1u);
  EXPECT_EQ(e.contradicting, 1u);
  EXPECT_EQ(e.comparisons[*e.worst].against, 2u);
}

TEST(Verdict, leaves_open_what_the_interval_does_not_tell) {
  const Evidence e = weighed(study_of({{100, 50, 80, 20}, {60, 70, 30, 61}}, Relation::less));
  EXPECT_EQ(e.verdict, Verdict::inconclusive);
}

TEST(Verdict, refutes_less_when_both_are_exactly_the_same_but_supports_not_more) {
  const Lates same{{100, 110, 105}, {100, 110, 105}};
  EXPECT_EQ(weighed(study_of(same, Relation::less)).verdict, Verdict::refuted);
  EXPECT_EQ(weighed(study_of(same, Relation::greater)).verdict, Verdict::refuted);
  EXPECT_EQ(weighed(study_of(same, Relation::not_more)).verdict, Verdict::supported);
  EXPECT_EQ(weighed(study_of(same, Relation::not_less)).verdict, Verdict::supported);
}

// p1 - p0 is -5 percentage points, within half a point.
TEST(Verdict, holds_claims_to_their_margin) {
  const Lates late{{100, 110, 105, 96}, {50, 59, 56, 46}};
  EXPECT_EQ(weighed(study_of(late, Relation::less, 4)).verdict, Verdict::supported);
  EXPECT_EQ(weighed(study_of(late, Relation::less, 6)).verdict, Verdict::refuted);
  EXPECT_EQ(weighed(study_of(late, Relation::not_less, 6)).verdict, Verdict::supported);
  EXPECT_EQ(weighed(study_of(late, Relation::not_less, 4)).verdict, Verdict::refuted);
  EXPECT_EQ(weighed(study_of(late, Relation::greater, 1)).verdict, Verdict::refuted);
  EXPECT_EQ(weighed(study_of(late, Relation::not_more, 0)).verdict, Verdict::supported);
}

TEST(Verdict, decides_nothing_on_one_seed) {
  EXPECT_EQ(weighed(study_of({{100}, {50}}, Relation::less)).verdict, Verdict::inconclusive);
}

// p1 is worse than p2 with p = 0.03: alone that refutes, among eight comparisons chance explains
// it.
TEST(Verdict, does_not_refute_on_what_many_comparisons_show_by_chance) {
  const std::vector<std::int64_t> mine{50, 50, 50, 50}, slightly{40, 46, 38, 44},
      other{100, 110, 105, 96};
  const Evidence alone = weighed(study_of({slightly, mine}, Relation::less));
  ASSERT_LT(alone.comparisons[0].p, 0.05);
  ASSERT_GT(alone.comparisons[0].p, 0.0065);
  EXPECT_EQ(alone.verdict, Verdict::refuted);
  // The other seven hold with p near 0.001 or tell nothing.
  const std::vector<std::int64_t> noisy{20, 80, 45, 60};
  const Evidence among = weighed(
      study_of({slightly, mine, noisy, noisy, noisy, noisy, noisy, noisy, other}, Relation::less));
  EXPECT_EQ(among.verdict, Verdict::inconclusive);
}

TEST(Verdict, fails_on_names_that_are_not_there) {
  const auto code = [](auto change) {
    test::MadeStudy made = study_of({{1, 2}, {3, 4}}, Relation::less);
    change(made.study.claims[0]);
    const auto samples = Samples::arrange(made.study, made.runs);
    return weigh_claims(*samples).error().code;
  };
  EXPECT_EQ(code([](Claim& c) { c.metric = "nonsense"; }), "bad-claim");
  EXPECT_EQ(code([](Claim& c) { c.metric = "miss-ratio@class:none"; }), "bad-claim");
  EXPECT_EQ(code([](Claim& c) { c.policy = "nobody"; }), "bad-claim");
  EXPECT_EQ(code([](Claim& c) { c.against = {"nobody"}; }), "bad-claim");
  EXPECT_EQ(code([](Claim& c) { c.where = {{"uplink", "1"}}; }), "bad-claim");
}

TEST(Verdict, looks_only_where_the_claim_says) {
  test::MadeStudy made = test::drive_study(2);
  made.study.claims.resize(1);
  made.study.claims[0].where = {{"uplink", "5 Mb/s"}};
  const Evidence e = weighed(made);
  ASSERT_EQ(e.comparisons.size(), 2u);
  EXPECT_EQ(e.comparisons[0].cell, 2u);
}

TEST(Samples, refuse_policies_that_did_not_meet_the_same_requests) {
  test::MadeStudy made = study_of({{1, 2}, {3, 4}}, Relation::less);
  made.runs[3].result.arrival_hash = 43;
  const auto samples = Samples::arrange(made.study, made.runs);
  ASSERT_FALSE(samples);
  EXPECT_EQ(samples.error().code, "different-arrivals");
  EXPECT_NE(samples.error().message.find("p1 / seed 2"), std::string::npos)
      << samples.error().message;
}

TEST(Samples, refuse_runs_of_another_study_given_twice_or_none) {
  test::MadeStudy made = study_of({{1, 2}, {3, 4}}, Relation::less);
  EXPECT_EQ(Samples::arrange(made.study, {}).error().code, "no-runs");
  auto twice = made.runs;
  twice.push_back(twice[0]);
  EXPECT_EQ(Samples::arrange(made.study, twice).error().code, "run-twice");
  auto foreign = made.runs;
  foreign[0].seed = 99;
  EXPECT_EQ(Samples::arrange(made.study, foreign).error().code, "foreign-run");
  made.study.baseline = "nobody";
  EXPECT_EQ(Samples::arrange(made.study, made.runs).error().code, "unknown-baseline");
}

}  // namespace
}  // namespace wanwise::sim
