#include "adapters/iosxe/read/probes.hpp"

#include <gmock/gmock.h>

#include "tests/unit/iosxe/reader_fixture.hpp"

namespace wanwise::iosxe {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// One entry: number, return code, count of successes, what else.
std::string entry(const std::string& id, const std::string& code, int count,
                  const std::string& more, const std::string& type = "udp-jitter") {
  return "<ip-sla-stats xmlns='http://cisco.com/ns/yang/Cisco-IOS-XE-ip-sla-oper'><sla-oper-entry>"
         "<oper-id>" +
         id + "</oper-id><oper-type>oper-type-" + type +
         "</oper-type><latest-return-code>ret-code-" + code +
         "</latest-return-code><success-count>" + std::to_string(count) +
         "</success-count><failure-count>0</failure-count>" + more +
         "</sla-oper-entry></ip-sla-stats>";
}

std::string stats(const std::string& count, const std::string& rtt, const std::string& rest) {
  return "<stats><rtt><rtt-count>" + count + "</rtt-count><sla-time-values><avg>" + rtt +
         "</avg><accuracy>accuracy-microseconds</accuracy></sla-time-values></rtt>" + rest +
         "</stats>";
}

std::string direction(const std::string& name, const std::string& value, const std::string& unit) {
  return "<" + name + "><avg>" + value + "</avg><accuracy>accuracy-" + unit + "</accuracy></" +
         name + ">";
}

class Probes : public test::ReaderTest {};

TEST_F(Probes, ReadJitterAndLossOfBothDirectionsForTheClass) {
  const std::string rest = "<jitter>" + direction("sd", "3", "milliseconds") +
                           direction("ds", "1000", "microseconds") +
                           "<avg-jitter>99</avg-jitter></jitter><packet-loss>"
                           "<sd-count>1</sd-count><ds-count>0</ds-count><drops>1</drops>"
                           "<late-arrivals>0</late-arrivals></packet-loss>";
  const auto samples =
      read_only<core::ProbeSample>(entry("900100", "ok", 1, stats("18", "42000", rest)));
  ASSERT_THAT(samples, SizeIs(1));
  EXPECT_EQ(samples[0].link.text, "lte");
  EXPECT_EQ(samples[0].service_class, core::ClassName{"video"});
  EXPECT_EQ(samples[0].rtt, core::Micros{42'000});
  EXPECT_EQ(samples[0].jitter, core::Micros{2'000});
  EXPECT_EQ(samples[0].loss, core::Ppm{100'000});
}

TEST_F(Probes, TakeTheMeanJitterWhereNoDirectionIsGiven) {
  const auto samples = read_only<core::ProbeSample>(
      entry("9101", "ok", 1,
            stats("10", "5",
                  "<jitter><avg-jitter>700</avg-jitter></jitter><icmp-packet-loss>"
                  "<packet-loss>0</packet-loss></icmp-packet-loss>"),
            "icmp-jitter"));
  ASSERT_THAT(samples, SizeIs(1));
  EXPECT_EQ(samples[0].jitter, core::Micros{700});
  EXPECT_EQ(samples[0].loss, core::Ppm{0});
  EXPECT_FALSE(samples[0].service_class);
}

TEST_F(Probes, AnEchoHasNeitherJitterNorLoss) {
  const auto samples = read_only<core::ProbeSample>(
      entry("9101", "ok", 1,
            "<rtt-info><latest-rtt><rtt>42</rtt></latest-rtt></rtt-info>" +
                stats("1", "42", "<packet-loss><sd-count>0</sd-count></packet-loss>"),
            "icmp-echo"));
  ASSERT_THAT(samples, SizeIs(1));
  EXPECT_EQ(samples[0].rtt, core::Micros{42});
  EXPECT_FALSE(samples[0].jitter || samples[0].loss);
}

TEST_F(Probes, UnknownRoundTripsAreNoSampleAndNoFault) {
  for (const char* choice : {"<unknown/>", "<could-not-find/>"}) {
    m_reader.reset();
    const std::string rtt =
        std::string{"<rtt-info><latest-rtt>"} + choice + "</latest-rtt></rtt-info>";
    EXPECT_THAT(read(entry("9101", "ok", 1, rtt, "icmp-echo"), core::Instant{1}), IsEmpty());
  }
  EXPECT_THAT(m_degradations, IsEmpty());
}

TEST_F(Probes, EveryReturnCodeIsAnAnswerALossOrNothing) {
  const std::vector<std::pair<ProbeVerdict, std::vector<const char*>>> verdicts{
      {ProbeVerdict::answered, {"ok", "over-threshold", "stats-ok", "en-ok"}},
      {ProbeVerdict::lost,
       {"disconnected", "timeout", "no-connection", "operation-failure", "dns-query-error",
        "dns-timeout", "http-error", "en-no-conn", "stats-no-conn", "stats-fail"}},
      {ProbeVerdict::none,
       {"unknown", "busy", "no-data", "internal-error", "could-not-find", "en-port-in-use",
        "unknown-cmd", "invalid-sess-id", "of-the-future", ""}}};
  for (const auto& [verdict, codes] : verdicts) {
    for (const char* code : codes)
      EXPECT_EQ(verdict_of(std::string{"ret-code-"} + code), verdict) << code;
  }
  EXPECT_EQ(verdict_of("ok"), ProbeVerdict::none);
}

TEST_F(Probes, ABusyRouterIsNoLossAndIsCounted) {
  EXPECT_THAT(read(entry("9101", "busy", 1, ""), core::Instant{1}), IsEmpty());
  EXPECT_EQ(m_degradations[degraded::kProbeUnusable].count, 1U);
  EXPECT_THAT(read(entry("9101", "no-data", 2, ""), core::Instant{1}), IsEmpty());
  EXPECT_EQ(m_degradations[degraded::kProbeUnusable].count, 1U);
  const auto lost = read_only<core::ProbeSample>(entry("9101", "no-connection", 3, ""));
  ASSERT_THAT(lost, SizeIs(1));
  EXPECT_FALSE(lost[0].rtt);
}

TEST_F(Probes, AReactionOfABrokenPathIsAnAlarmUntilItClears) {
  const auto raised = react("9101", "timeout", "occurred");
  ASSERT_THAT(raised.events, SizeIs(1));
  const auto& alarm = std::get<core::PathAlarm>(raised.events[0]);
  EXPECT_EQ(alarm.link.text, "lte");
  EXPECT_TRUE(alarm.raised);
  EXPECT_EQ(alarm.source, core::PathAlarm::Source::probe_reaction);
  EXPECT_THAT(alarm.detail, HasSubstr("IP SLA 9101: timeout"));
  EXPECT_EQ(alarm.observed_at, core::Instant{5});
  EXPECT_FALSE(raised.read_again);
  const auto cleared = react("9101", "timeout", "cleared");
  ASSERT_THAT(cleared.events, SizeIs(1));
  EXPECT_FALSE(std::get<core::PathAlarm>(cleared.events[0]).raised);
  EXPECT_EQ(cleared.read_again, 9101U);  // how fast the path is now, only its results say
}

TEST_F(Probes, OneOfSeveralBrokenProbesKeepsTheAlarm) {
  (void)react("9101", "timeout", "occurred");
  (void)react("900100", "connection-loss", "occurred");
  EXPECT_THAT(react("9101", "timeout", "cleared").events, IsEmpty());
  EXPECT_THAT(react("900100", "connection-loss", "cleared").events, SizeIs(1));
}

TEST_F(Probes, AThresholdAsksForTheResultsAndRaisesNothing) {
  for (const char* type : {"rtt", "jitter-sd", "packet-loss-ds", "over-threshold", "new-kind"}) {
    const auto reaction = react("9102", type, "exceeded-threshold");
    EXPECT_THAT(reaction.events, IsEmpty()) << type;
    EXPECT_EQ(reaction.read_again, 9102U);
  }
  EXPECT_THAT(react("9101", "timeout", "status-unknown").events, IsEmpty());
  EXPECT_FALSE(react("77", "timeout", "occurred").read_again);
  EXPECT_THAT(react("", "timeout", "occurred").events, IsEmpty());
}

TEST_F(Probes, AnAnswerTakesTheAlarmBack) {
  (void)react("9101", "timeout", "occurred");
  const auto events = read(entry("9101", "ok", 4, stats("1", "42", "")), core::Instant{9});
  ASSERT_THAT(events, SizeIs(2));
  const bool first = std::holds_alternative<core::PathAlarm>(events[0]);
  EXPECT_FALSE(std::get<core::PathAlarm>(events[first ? 0 : 1]).raised);
}

}  // namespace
}  // namespace wanwise::iosxe
