#include "adapters/cli/render.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/http/fixtures.hpp"

namespace wanwise::cli {
namespace {

TEST(RenderStatus, ShowsTheWholeSite) {
  EXPECT_EQ(render_status(http::example_status()), R"(wanwise at 12.3 s: started

Routers
  router  session    qos       change  cpu  memory free
  ir1101  connected  in place  -       12%  912 MB

Links
  link   state    radio  uplink            age    shaper    sending   rtt    idle )"
                                                   R"(rtt  rsrp       sinr
  lte    up       LTE    8.2 to 12.4 Mbps  1.5 s  7.8 Mbps  3.1 Mbps  45 ms  38.5 )"
                                                   R"(ms   -97.5 dBm  12 dB
  wired  unknown  -      0 bps             -      0 bps     0 bps     -      -         -          -

Classes
  link  class  rtt    jitter  loss
  lte   video  61 ms  4 ms    1%

Data plans
  link  cap    used    left  pace      usage
  lte   20 GB  7.5 GB  10 d  115 kbps  told

Targets
  target  state            load  slowdown
  cloud   alive            -     1x
  tx2     alive, draining  62%   1.35x

Workloads
  workload         runs on            ladder       objective  demand  predicted  )"
                                                   R"(observed  of predicted
  people-counting  cloud              full demand  met        4/s     72 ms      69.4 ms   92%
  voice            suspended, moving  rung 2       not met    0.5/s   -          -         -

Degradations
  link-blind  wired  no sample since the start
)");
}

TEST(RenderStatus, SaysWhereThereIsNothing) {
  EXPECT_EQ(render_status({}), R"(wanwise at 0 µs: waiting for its sources

Routers: none

Links: none

Targets: none

Workloads: none

Degradations: none
)");
}

TEST(RenderStatus, TroubleHasItsWords) {
  core::Status status;
  status.routers = {{core::RouterName{"r"}, false, false, true}};
  core::LinkStatus down;
  down.name = core::LinkName{"l"};
  down.known = true;
  down.uplink_low = core::Bps{800'000};
  down.uplink_high = core::Bps{1'000'000};
  status.links = {down};
  status.targets = {{core::TargetName{"t"}, true, false, false, {}, core::kWhole},
                    {core::TargetName{"u"}, false, false, false, {}, core::kWhole}};
  const std::string text = render_status(status);
  EXPECT_THAT(text,
              testing::HasSubstr("  r       disconnected  not in place  under way  -    -\n"));
  EXPECT_THAT(text, testing::HasSubstr("  l     down   -      800 kbps to 1 Mbps"));
  EXPECT_THAT(text, testing::HasSubstr("  t       dead     -     1x\n"));
  EXPECT_THAT(text, testing::HasSubstr("  u       unknown  -     1x\n"));
}

TEST(RenderStatus, ASplitIsToldWithItsShares) {
  core::Status status;
  core::WorkloadStatus workload;
  workload.name = core::WorkloadName{"defects"};
  workload.target = core::TargetName{"tx2"};
  workload.split = core::Split{core::TargetName{"cloud"}, core::Ppm{250'000}};
  status.workloads = {workload};
  EXPECT_THAT(render_status(status), testing::HasSubstr("  defects   tx2 75%, cloud 25%  full"));
  EXPECT_EQ(place_text(workload.target, std::nullopt), "tx2");
  EXPECT_EQ(place_text(std::nullopt, workload.split), "suspended");
}

TEST(RenderExplanation, ASplitNamesTheWayToEachOfItsTargets) {
  core::Explanation explanation;
  core::OptionReport option;
  option.target = core::TargetName{"tx2"};
  option.split = core::Split{core::TargetName{"cloud"}, core::Ppm{250'000}};
  option.split_link = core::LinkName{"lte"};
  explanation.options = {option};
  EXPECT_THAT(render_explanation(explanation),
              testing::HasSubstr("  tx2 75% on the LAN, cloud 25% over lte  full demand"));
}

TEST(RenderStatus, ColoursOnlyWhenAsked) {
  EXPECT_EQ(render_status(http::example_status()).find('\x1b'), std::string::npos);
  EXPECT_THAT(render_status(http::example_status(), {true}),
              testing::HasSubstr("\x1b[32mconnected\x1b[0m"));
}

TEST(RenderExplanation, ShowsEveryOptionWithWhatWasWantedAndGot) {
  EXPECT_EQ(render_explanation(http::example_explanation()),
            R"(people-counting: cloud, because tx2 would be 142 ms at p99
decided at: 12 s
so far: predicted p99 72 ms, seen 66 ms (worst sample 140 ms) over 1,204 requests, 3 late
would change: tx2 below 100 ms at p99 for 1 min

What would change it
  if demand  ≤ 2/s  now 4/s  tx2, 80 ms at p99
  if lte     down   now up   tx2, 142 ms at p99
  no change: uplink of lte down to 200 kbps (now 8.2 Mbps)

  tx2 on the LAN    full demand  rejected  142 ms
      half within 60 ms, 95% within 110 ms, 99% within 142 ms; the first after a move 375 ms
      no    latency p99  wanted ≤ 100 ms      got 142 ms
      ok    memory       wanted ≤ 4 GB        got 900 MB

  cloud over lte    full demand  chosen    72 ms
      half within 41 ms, 95% within 60 ms, 99% within 72 ms
      72 ms = way there and back 44 ms + uplink sending 16 ms + uplink queue 6 ms + )"
            R"(inference 5 ms + downlink 1 ms
      ok    latency p99  wanted ≤ 100 ms      got 72 ms

  cloud over wired  full demand  unknown   -
      ?     link up      wanted fresh sample  got none since the start

  suspended                      possible  -
)");
}

TEST(RenderExplanation, SaysWhatIsOverloadedAndThatNothingWasSeenYet) {
  core::Explanation explanation;
  explanation.workload = core::WorkloadName{"voice"};
  explanation.summary = "tx2";
  core::OptionReport tx2;
  tx2.target = core::TargetName{"tx2"};
  const core::Micros never{INT64_MAX / 4};
  tx2.predicted = never;
  tx2.forecast = core::Forecast{never, never, never};
  tx2.parts.emplace().target_wait = never;
  explanation.options = {tx2};
  explanation.present = http::example_places().front();
  explanation.what_if = {{"demand", "up to 8/s", "1/s", ""}};
  EXPECT_EQ(render_explanation(explanation), R"(voice: tx2
decided at: 0 µs
so far: predicted p99 95 ms, nothing seen yet

What would change it
  nothing that was tried
  no change: demand up to 8/s (now 1/s)

  tx2 on the LAN  full demand  possible  never
      requests would pile up without end
      accelerator queue overloaded
)");
}

TEST(RenderPlaces, OneLineAStay) {
  EXPECT_EQ(render_places(http::example_places()),
            R"(since  place                             predicted  seen   worst   )"
            R"(requests  late  until  why it left
1.5 s  tx2                               p99 95 ms  -      -       0         0     )"
            R"(12 s   would have been late
14 s   cloud + 30% of it on tx2, rung 1  p99 72 ms  66 ms  140 ms  1,204     3     )"
            R"(-      still there
)");
  EXPECT_EQ(render_places({}), "it has not run anywhere yet\n");
}

TEST(RenderExplanation, AHeldOptionOnlyWaits) {
  core::Explanation explanation;
  explanation.workload = core::WorkloadName{"voice"};
  explanation.summary = "cloud; tx2 again after the dwell";
  core::OptionReport tx2;
  tx2.target = core::TargetName{"tx2"};
  tx2.rung = 1;
  tx2.verdict = core::Verdict::held;
  tx2.findings = {{"min-dwell", "60 s", "12 s", false}};
  explanation.options = {tx2};
  EXPECT_EQ(render_explanation(explanation), R"(voice: cloud; tx2 again after the dwell
decided at: 0 µs

  tx2 on the LAN  rung 1  held  -
      wait  min-dwell  wanted 60 s  got 12 s
)");
}

TEST(RenderExplanation, TextFromElsewhereIsMadePlain) {
  core::Explanation explanation;
  explanation.workload = core::WorkloadName{"v\x1b[2J"};
  explanation.summary = "a\nb";
  EXPECT_EQ(render_explanation(explanation), "v?[2J: a b\ndecided at: 0 µs\n");
}

TEST(RenderHistory, OneLineAMove) {
  EXPECT_EQ(render_history(http::example_history()),
            R"(at    workload         move              ladder       outcome    why
9 s   voice            tx2 -> suspended  -            refused    low priority
12 s  people-counting  tx2 -> cloud      full demand  under way  tx2 too slow
)");
  EXPECT_EQ(render_history({}), "no moves yet\n");
}

}  // namespace
}  // namespace wanwise::cli
