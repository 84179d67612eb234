#include "adapters/iosxe/read/telemetry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/iosxe/mqc/qos_codec.hpp"
#include "tests/unit/iosxe/samples.hpp"

namespace wanwise::iosxe {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const core::Instant kNow{1'000'000};

class Telemetry : public testing::Test {
 protected:
  std::vector<core::EventBody> read(const std::string& content) {
    const auto document = XmlDocument::parse(
        "<data xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'>" + content + "</data>");
    EXPECT_TRUE(document) << content;
    return m_reader.read(document->root(), kNow);
  }
  template <class Event>
  std::vector<Event> read_only(const std::string& content) {
    std::vector<Event> found;
    for (const auto& event : read(content)) {
      if (const auto* match = std::get_if<Event>(&event)) found.push_back(*match);
    }
    return found;
  }
  std::uint64_t times(const char* degradation) { return m_degradations[degradation].count; }

  RouterConfig m_config = samples::config();
  NameTable m_names = name_table(m_config).value();
  Degradations m_degradations;
  TelemetryReader m_reader{m_config, m_names, m_degradations};
};

// ---- interfaces

std::string interface(const std::string& statistics, const std::string& more = "",
                      const std::string& status = "if-oper-state-ready") {
  return "<interfaces xmlns='http://cisco.com/ns/yang/Cisco-IOS-XE-interfaces-oper'><interface>"
         "<name>Cellular0/1/0</name><oper-status>" +
         status + "</oper-status><speed>1024000000</speed><statistics>" + statistics +
         "</statistics>" + more + "</interface></interfaces>";
}

const std::string kCounters =
    "<in-octets>700</in-octets><in-unicast-pkts>-324</in-unicast-pkts>"
    "<out-octets>5</out-octets><out-discards>3</out-discards>"
    "<out-octets-64>18446744073709551615</out-octets-64>";

TEST_F(Telemetry, ReadsThe64BitCountersOfALink) {
  EXPECT_THAT(read_only<core::LinkCounters>(interface(kCounters)),
              ElementsAre(core::LinkCounters{core::LinkName{"lte"}, kNow, true,
                                             18446744073709551615U, 700, 3}));
}

TEST_F(Telemetry, KnowsThatOnlyReadyIsUp) {
  for (const char* status : {"if-oper-state-no-pass", "if-oper-state-lower-layer-down",
                             "if-oper-state-invalid", "something-new"}) {
    const auto samples = read_only<core::LinkCounters>(interface(kCounters, "", status));
    ASSERT_EQ(samples.size(), 1U);
    EXPECT_FALSE(samples[0].up);
  }
}

TEST_F(Telemetry, SkipsASampleRatherThanInventItsCounters) {
  EXPECT_THAT(read(interface("<out-octets-64>5</out-octets-64>")), IsEmpty());
  EXPECT_EQ(times(degraded::kCountersMissing), 1U);
  EXPECT_THAT(read(interface("<in-octets>1</in-octets><out-octets-64>-5</out-octets-64>")),
              IsEmpty());
  EXPECT_EQ(times(degraded::kInvalidValue), 1U);
  EXPECT_THAT(m_degradations[degraded::kInvalidValue].detail, HasSubstr("out-octets-64 = '-5'"));
  EXPECT_THAT(read(interface("<in-octets>1</in-octets>"
                             "<out-octets-64>18446744073709551616</out-octets-64>")),
              IsEmpty());
}

TEST_F(Telemetry, IgnoresInterfacesOfOthers) {
  std::string other = interface(kCounters);
  other.replace(other.find("Cellular0/1/0"), 13, "GigabitEthernet9");
  EXPECT_THAT(read(other), IsEmpty());
}

std::string entry(const std::string& name, const std::string& queue) {
  return "<diffserv-target-classifier-stats><classifier-entry-name>" + name +
         "</classifier-entry-name><parent-path>WANWISE-PM-LTE class-default</parent-path>" +
         "<classifier-entry-stats><classified-bytes>99</classified-bytes></"
         "classifier-entry-stats>" +
         queue + "</diffserv-target-classifier-stats>";
}

std::string policy(const std::string& direction, const std::string& name,
                   const std::string& entries) {
  return "<diffserv-info><direction>" + direction + "</direction><policy-name>" + name +
         "</policy-name>" + entries + "</diffserv-info>";
}

const std::string kQueue =
    "<queuing-stats><output-bytes>1000</output-bytes><queue-size-bytes>20</queue-size-bytes>"
    "<drop-bytes>3</drop-bytes></queuing-stats>";

TEST_F(Telemetry, MapsQueuesBackToClasses) {
  const auto queues = read_only<core::ClassCounters>(interface(
      kCounters, policy("qos-outbound", "WANWISE-PM-LTE",
                        entry("class-default", kQueue) + entry("WANWISE-CM-VIDEO", kQueue) +
                            entry("OPERATORS", kQueue))));
  EXPECT_THAT(queues, ElementsAre(core::ClassCounters{
                          core::LinkName{"lte"}, core::ClassName{"video"}, kNow, 1000, 3, 20}));
}

TEST_F(Telemetry, IgnoresPoliciesOfOthersAndTheOtherDirection) {
  const std::string video = entry("WANWISE-CM-VIDEO", kQueue);
  EXPECT_THAT(read_only<core::ClassCounters>(
                  interface(kCounters, policy("qos-inbound", "WANWISE-PM-LTE", video) +
                                           policy("qos-outbound", "OPERATOR", video) +
                                           policy("qos-outbound", "WANWISE-PM-WIRED", video))),
              IsEmpty());
}

TEST_F(Telemetry, FindsThePriorityQueueWhereIosCountsIt) {
  const std::string levels =
      "<priority-oper-list><priority-level>1</priority-level><agg-priority-stats>"
      "<output-bytes>7</output-bytes><drop-bytes>2</drop-bytes></agg-priority-stats>"
      "</priority-oper-list>";
  const auto queues = read_only<core::ClassCounters>(interface(
      kCounters,
      policy("qos-outbound", "WANWISE-PM-LTE",
             entry("WANWISE-CM-REALTIME", "") + entry("WANWISE-CM-VIDEO", kQueue) + levels)));
  ASSERT_EQ(queues.size(), 2U);
  EXPECT_EQ(queues[1], (core::ClassCounters{core::LinkName{"lte"}, core::ClassName{"realtime"},
                                            kNow, 7, 2, 0}));
}

// ---- radio

std::string modem(const std::string& radio, const std::string& network = "",
                  const std::string& connection = "") {
  const std::string key = "<cellular-interface>Cellular0/1/0</cellular-interface>";
  std::string text =
      "<cellwan-oper-data xmlns='http://cisco.com/ns/yang/Cisco-IOS-XE-cellwan-oper'>";
  if (!radio.empty()) text += "<cellwan-radio>" + key + radio + "</cellwan-radio>";
  if (!network.empty()) text += "<cellwan-network>" + key + network + "</cellwan-network>";
  if (!connection.empty())
    text += "<cellwan-connection>" + key + connection + "</cellwan-connection>";
  return text + "</cellwan-oper-data>";
}

const std::string kLte =
    "<radio-power-mode>radio-power-mode-online</radio-power-mode><radio-band>20</radio-band>"
    "<radio-rsrp>-97</radio-rsrp><radio-rsrq>-11</radio-rsrq><radio-snr>12.5</radio-snr>"
    "<radio-rat-selected>system-mode-lte-fdd</radio-rat-selected>";
const std::string kNoNr =
    "<nr5g-band>0</nr5g-band><nr5g-bw>nr5g-bw-invalid</nr5g-bw><nr5g-rsrp>-32768</nr5g-rsrp>"
    "<nr5g-rsrq>0</nr5g-rsrq><nr5g-snr>0.0</nr5g-snr>";
const std::string kNr =
    "<nr5g-band>78</nr5g-band><nr5g-bw>nr5g-bw-100-mhz</nr5g-bw><nr5g-rsrp>-88</nr5g-rsrp>"
    "<nr5g-rsrq>-10</nr5g-rsrq><nr5g-snr>-3.25</nr5g-snr>";
const std::string kHome =
    "<current-service-status>service-status-normal</current-service-status>"
    "<registration-state>reg-status-registered</registration-state>";
const std::string kActive =
    "<cellular-packet-status>packet-session-status-active</cellular-packet-status>";

TEST_F(Telemetry, ReadsTheLteCarrier) {
  const auto samples = read_only<core::RadioSample>(modem(kLte + kNoNr, kHome, kActive));
  EXPECT_THAT(samples,
              ElementsAre(core::RadioSample{core::LinkName{"lte"}, kNow, core::RadioAccess::lte,
                                            true, core::MilliDb{-97000}, core::MilliDb{-11000},
                                            core::MilliDb{12500}, 20}));
  EXPECT_THAT(m_degradations, IsEmpty());  // a modem without NR is no fault
}

TEST_F(Telemetry, InfersNonStandalone5gFromTheSecondCarrier) {
  const auto samples = read_only<core::RadioSample>(modem(kLte + kNr, kHome, kActive));
  EXPECT_THAT(samples,
              ElementsAre(core::RadioSample{core::LinkName{"lte"}, kNow, core::RadioAccess::nr_nsa,
                                            true, core::MilliDb{-88000}, core::MilliDb{-10000},
                                            core::MilliDb{-3250}, 78}));
}

TEST_F(Telemetry, NamesTheAccessTechnology) {
  const std::vector<std::pair<const char*, core::RadioAccess>> modes{
      {"system-mode-none", core::RadioAccess::none},
      {"system-mode-edge", core::RadioAccess::gsm},
      {"system-mode-umts", core::RadioAccess::umts},
      {"system-mode-dc-hsdpa-plus-n-hsupa", core::RadioAccess::umts},
      {"system-mode-lte-tdd", core::RadioAccess::lte},
      {"system-mode-nr5g-sa", core::RadioAccess::nr_sa},
      {"sysyem-mode-null-bearer", core::RadioAccess::none},
      {"system-mode-of-the-future", core::RadioAccess::none},
      {"", core::RadioAccess::none}};
  for (const auto& [mode, access] : modes) {
    const auto samples = read_only<core::RadioSample>(
        modem(std::string{"<radio-rat-selected>"} + mode + "</radio-rat-selected>"));
    ASSERT_EQ(samples.size(), 1U);
    EXPECT_EQ(samples[0].access, access) << mode;
  }
}

TEST_F(Telemetry, ASilentRadioHasNoAccess) {
  std::string off = kLte;
  off.replace(off.find("mode-online"), 11, "mode-low-power");
  const auto samples = read_only<core::RadioSample>(modem(off, kHome, kActive));
  ASSERT_EQ(samples.size(), 1U);
  EXPECT_EQ(samples[0].access, core::RadioAccess::none);
  EXPECT_FALSE(samples[0].in_service);
}

TEST_F(Telemetry, ValuesOutsidePhysicsAreAbsentAndCounted) {
  const auto samples = read_only<core::RadioSample>(modem(
      "<radio-band>999999</radio-band><radio-rsrp>0</radio-rsrp><radio-rsrq>127</radio-rsrq>"
      "<radio-snr>abc</radio-snr><radio-rat-selected>system-mode-lte-fdd</radio-rat-selected>"));
  ASSERT_EQ(samples.size(), 1U);
  EXPECT_FALSE(samples[0].rsrp || samples[0].rsrq || samples[0].sinr || samples[0].band);
  EXPECT_EQ(times(degraded::kOutOfRange), 3U);
  EXPECT_EQ(times(degraded::kInvalidValue), 1U);
}

TEST_F(Telemetry, ServiceNeedsEverybodyThatSpeaksToAgree) {
  const auto in_service = [&](const std::string& network, const std::string& connection) {
    m_reader.reset();
    return read_only<core::RadioSample>(modem(kLte, network, connection)).at(0).in_service;
  };
  EXPECT_TRUE(in_service(kHome, kActive));
  EXPECT_TRUE(in_service("", kActive));
  EXPECT_TRUE(in_service(kHome, ""));
  EXPECT_FALSE(in_service("", ""));
  EXPECT_FALSE(in_service(kHome,
                          "<cellular-packet-status>packet-session-status-inactive"
                          "</cellular-packet-status>"));
  EXPECT_FALSE(
      in_service("<current-service-status>service-status-no-service"
                 "</current-service-status>",
                 kActive));
}

TEST_F(Telemetry, JoinsListsThatArriveOneByOne) {
  EXPECT_THAT(read(modem("", kHome)), IsEmpty());  // no radio yet
  EXPECT_EQ(read_only<core::RadioSample>(modem(kLte)).at(0).in_service, true);
  const auto later =
      read_only<core::RadioSample>(modem("", "",
                                         "<cellular-packet-status>packet-session-status-inactive"
                                         "</cellular-packet-status>"));
  ASSERT_EQ(later.size(), 1U);
  EXPECT_FALSE(later[0].in_service);
  EXPECT_EQ(later[0].rsrp, core::MilliDb{-97000});
}

TEST_F(Telemetry, NotesWhatACompleteReadLacks) {
  const auto document = XmlDocument::parse(
      "<data xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'>" + interface(kCounters) + "</data>");
  m_reader.note_missing(document->root(), FeatureSet{});
  EXPECT_EQ(m_degradations[degraded::kInterfaceMissing].detail, "GigabitEthernet0/0/0");
  EXPECT_EQ(m_degradations[degraded::kRadioMissing].detail, "Cellular0/1/0");
  EXPECT_EQ(times(degraded::kProbeMissing), 2U);
}

// ---- probes

struct Probe {
  std::string id = "9101", code = "ret-code-ok", good = "5", bad = "0", rtt = "42",
              accuracy = "accuracy-milliseconds", type = "oper-type-icmp-echo",
              start = "2026-11-23T06:00:00Z";
};

std::string probe(const Probe& p) {
  return "<ip-sla-stats xmlns='http://cisco.com/ns/yang/Cisco-IOS-XE-ip-sla-oper'><sla-oper-entry>"
         "<oper-id>" +
         p.id + "</oper-id><oper-type>" + p.type + "</oper-type><latest-return-code>" + p.code +
         "</latest-return-code>" +
         (p.good.empty() ? "" : "<success-count>" + p.good + "</success-count>") +
         (p.bad.empty() ? "" : "<failure-count>" + p.bad + "</failure-count>") +
         "<latest-oper-start-time>" + p.start + "</latest-oper-start-time>" +
         "<rtt-info><latest-rtt><rtt>" + p.rtt + "</rtt></latest-rtt></rtt-info><stats><rtt>" +
         "<sla-time-values><avg>9</avg><accuracy>" + p.accuracy +
         "</accuracy></sla-time-values></rtt></stats></sla-oper-entry></ip-sla-stats>";
}

TEST_F(Telemetry, TellsAProbeOncePerFinishedOperation) {
  EXPECT_EQ(read_only<core::ProbeSample>(probe({})).at(0).rtt, core::Micros{42000});
  EXPECT_THAT(read(probe({})), IsEmpty());
  Probe begun;  // the next operation has begun, but its result is not there
  begun.start = "2026-11-23T06:00:05Z";
  EXPECT_THAT(read(probe(begun)), IsEmpty());
  Probe next;
  next.good = "6";
  EXPECT_EQ(read(probe(next)).size(), 1U);
}

TEST_F(Telemetry, TellsALostProbeWithoutARoundTrip) {
  Probe lost;
  lost.code = "ret-code-timeout";
  lost.bad = "1";
  const auto samples = read_only<core::ProbeSample>(probe(lost));
  ASSERT_EQ(samples.size(), 1U);
  EXPECT_FALSE(samples[0].rtt);
}

TEST_F(Telemetry, GoesByTheStartWhereThereAreNoCounts) {
  Probe p;
  p.good = p.bad = "";
  EXPECT_EQ(read(probe(p)).size(), 1U);
  EXPECT_THAT(read(probe(p)), IsEmpty());
  p.start = "2026-11-23T06:00:05Z";
  EXPECT_EQ(read(probe(p)).size(), 1U);
}

TEST_F(Telemetry, ReadsTheUnitOfARoundTrip) {
  int count = 10;
  const auto rtt = [&](const std::string& value, const std::string& accuracy,
                       const std::string& type = "oper-type-icmp-echo") {
    Probe p;
    p.rtt = value;
    p.accuracy = accuracy;
    p.type = type;
    p.good = std::to_string(++count);
    return read_only<core::ProbeSample>(probe(p)).at(0).rtt;
  };
  EXPECT_EQ(rtt("42", "accuracy-milliseconds"), core::Micros{42000});
  EXPECT_EQ(rtt("42", ""), core::Micros{42000});
  EXPECT_EQ(rtt("42", "accuracy-microseconds"), core::Micros{42});
  EXPECT_EQ(rtt("42000", "accuracy-nanoseconds"), core::Micros{42});
  EXPECT_EQ(rtt("0", "accuracy-milliseconds"), core::Micros{500});
  EXPECT_EQ(rtt("0", "accuracy-nanoseconds"), core::Micros{1});
  EXPECT_EQ(rtt("42", "accuracy-milliseconds", "oper-type-udp-jitter"), core::Micros{9000});
}

TEST_F(Telemetry, AnAnswerWithoutAReadableTimeIsNoLoss) {
  Probe p;
  p.rtt = "99999999999999";
  EXPECT_THAT(read(probe(p)), IsEmpty());
  p.good = "6";
  p.rtt = "-1";
  EXPECT_THAT(read(probe(p)), IsEmpty());
  EXPECT_EQ(times(degraded::kOutOfRange), 2U);
}

TEST_F(Telemetry, SaysNothingBeforeTheFirstOperationAndOfOthersProbes) {
  Probe fresh;
  fresh.code = "ret-code-unknown";
  EXPECT_THAT(read(probe(fresh)), IsEmpty());
  Probe other;
  other.id = "1";
  EXPECT_THAT(read(probe(other)), IsEmpty());
}

}  // namespace
}  // namespace wanwise::iosxe
