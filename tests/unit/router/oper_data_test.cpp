#include "sim/router/oper/oper_data.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/router/config/qos_extract.hpp"
#include "sim/router/plant/static_plant.hpp"
#include "tests/support/router_trees.hpp"

namespace wanwise::router {
namespace {

using testing::HasSubstr;
using testing::Not;

OperInput busy() {
  OperInput input;
  input.reading = StaticPlant().read();
  input.reading.at = core::Instant{10'000'000};
  input.now.tv_sec = 1'700'000'010;
  InterfaceState& modem = input.reading.interfaces[1];
  modem.counters.tx_bytes = (1ULL << 32) + 5;
  modem.counters.tx_packets = 77;
  modem.counters.tx_drops = 3;
  sim::QueueReading rt;
  rt.name = "WANWISE-CM-RT";
  rt.tx_bytes = 1000;
  rt.tx_packets = 10;
  rt.drop_packets = 2;
  rt.drop_bytes = 200;
  rt.queue_packets = 1;
  rt.queue_bytes = 100;
  sim::QueueReading rest;
  rest.name = "class-default";
  rest.tx_bytes = 500;
  modem.queues = {rt, rest};
  input.reading.probes = {{.entry = 9101,
                           .rtt = core::Micros{42'500},
                           .successes = 7,
                           .failures = 1,
                           .started_at = core::Instant{9'000'000}}};
  input.qos = extract_qos(test::parse_config(test::whole_qos()));
  return input;
}

std::string shown(const OperInput& input) {
  return test::print(oper_data(test::router_context(), input));
}

TEST(OperData, IsValidInTheProjection) {
  Tree tree = oper_data(test::router_context(), busy());
  EXPECT_EQ(lyd_validate_all(tree.slot(), test::router_context(), LYD_VALIDATE_PRESENT, nullptr),
            LY_SUCCESS)
      << ly_errmsg(test::router_context());
}

TEST(OperData, OutOctetsWrapsAndItsTwinDoesNot) {
  const std::string text = shown(busy());
  EXPECT_THAT(text, HasSubstr("<out-octets>5</out-octets>"));
  EXPECT_THAT(text, HasSubstr("<out-octets-64>4294967301</out-octets-64>"));
  EXPECT_THAT(text, HasSubstr("<out-discards>3</out-discards>"));
}

TEST(OperData, ShowsParentAndChildClassesByTheirPath) {
  const std::string text = shown(busy());
  EXPECT_THAT(text, HasSubstr("<direction>qos-outbound</direction>"
                              "<policy-name>WANWISE-PM-WAN</policy-name>"));
  EXPECT_THAT(text, HasSubstr("<classifier-entry-name>class-default</classifier-entry-name>"
                              "<parent-path>WANWISE-PM-WAN</parent-path>"
                              "<classifier-entry-stats><classified-pkts>13</classified-pkts>"
                              "<classified-bytes>1800</classified-bytes>"));
  EXPECT_THAT(
      text, HasSubstr("<classifier-entry-name>WANWISE-CM-RT</classifier-entry-name>"
                      "<parent-path>WANWISE-PM-WAN class-default WANWISE-PM-CHILD</parent-path>"));
  EXPECT_THAT(text, HasSubstr("<output-pkts>10</output-pkts><output-bytes>1000</output-bytes>"
                              "<queue-size-pkts>1</queue-size-pkts>"
                              "<queue-size-bytes>100</queue-size-bytes>"
                              "<drop-pkts>2</drop-pkts><drop-bytes>200</drop-bytes>"));
  EXPECT_THAT(text, HasSubstr("<priority-level>1</priority-level>"));
}

TEST(OperData, ShowsTheProbeInItsOwnUnit) {
  OperInput input = busy();
  EXPECT_THAT(shown(input), HasSubstr("<avg>42500</avg><max>42500</max>"
                                      "<accuracy>accuracy-microseconds</accuracy>"));
  EXPECT_THAT(shown(input), HasSubstr("2023-11-14T22:13:29"));
  input.faults.sla_milliseconds = true;
  EXPECT_THAT(shown(input), HasSubstr("<avg>43</avg><max>43</max>"
                                      "<accuracy>accuracy-milliseconds</accuracy>"));
  input.reading.probes[0].rtt.reset();
  EXPECT_THAT(shown(input), HasSubstr("ret-code-timeout"));
  EXPECT_THAT(shown(input), HasSubstr("<latest-rtt><unknown/></latest-rtt>"));
}

TEST(OperData, ShowsEachRadioAccessAsADeviceDoes) {
  OperInput input = busy();
  EXPECT_THAT(shown(input), HasSubstr("<radio-rsrp>-95</radio-rsrp>"));
  input.reading.interfaces[1].radio->access = core::RadioAccess::nr_nsa;
  EXPECT_THAT(shown(input), HasSubstr("system-mode-lte-fdd"));
  EXPECT_THAT(shown(input), HasSubstr("<nr5g-rsrp>-95</nr5g-rsrp>"));
  input.reading.interfaces[1].radio->access = core::RadioAccess::nr_sa;
  EXPECT_THAT(shown(input), HasSubstr("system-mode-nr5g-sa"));
  input.reading.interfaces[1].radio->in_service = false;
  EXPECT_THAT(shown(input), HasSubstr("service-status-no-service"));
  EXPECT_THAT(shown(input), HasSubstr("packet-session-status-inactive"));
}

TEST(OperData, NeverNamesSimOrModem) {
  const std::string text = shown(busy());
  for (const char* identity : {"imsi", "imei", "iccid", "msisdn"}) {
    EXPECT_THAT(text, Not(HasSubstr(identity)));
  }
}

TEST(OperDataFaults, EmitWhatRealDevicesEmit) {
  OperInput input = busy();
  input.faults.negative_counters = true;
  input.faults.speed = true;
  input.faults.opaque = true;
  const std::string text = shown(input);
  EXPECT_THAT(text, HasSubstr("in-unicast-pkts"));
  EXPECT_THAT(text, HasSubstr(">-324<"));
  EXPECT_THAT(text, HasSubstr("<speed>1024000000</speed>"));
  EXPECT_THAT(text, HasSubstr("system-mode-6g-maybe"));
  input.faults.no_radio = true;
  EXPECT_THAT(shown(input), Not(HasSubstr("cellwan-radio")));
}

}  // namespace
}  // namespace wanwise::router
