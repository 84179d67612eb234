// The router's own health, BFD, and counters that have only 32 bits.
#include <gmock/gmock.h>

#include "tests/unit/iosxe/reader_fixture.hpp"

namespace wanwise::iosxe {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class Health : public test::ReaderTest {};

const std::string kCpu =
    "<cpu-usage xmlns='http://cisco.com/ns/yang/Cisco-IOS-XE-process-cpu-oper'><cpu-utilization>"
    "<five-seconds>37</five-seconds></cpu-utilization></cpu-usage>";

std::string platform(const std::string& stats) {
  return "<cisco-platform-software xmlns='http://cisco.com/ns/yang/"
         "Cisco-IOS-XE-platform-software-oper'><control-processes><control-process><fru>fru-rp"
         "</fru><memory-stats>" +
         stats + "</memory-stats></control-process></control-processes></cisco-platform-software>";
}

std::string app_hosting(const std::string& cpu, const std::string& memory) {
  return "<app-hosting-oper-data xmlns='http://cisco.com/ns/yang/Cisco-IOS-XE-app-hosting-oper'>"
         "<app-resources><name>Global</name><cpu><name>system CPU</name>" +
         cpu + "</cpu><memory><name>memory</name>" + memory +
         "</memory></app-resources></app-hosting-oper-data>";
}

TEST_F(Health, JoinsWhatThreeModelsSay) {
  const auto health = read_only<core::RouterHealth>(
      kCpu + platform("<free-number>1000</free-number><available-number>2000</available-number>") +
      app_hosting("<quota>75</quota><available>75</available><quota-unit>1255</quota-unit>"
                  "<available-unit>251</available-unit>",
                  "<quota>862</quota><available>350</available>"));
  ASSERT_THAT(health, SizeIs(1));
  EXPECT_EQ(health[0].router.text, "edge-1");
  EXPECT_EQ(health[0].cpu, core::Ppm{370'000});
  EXPECT_EQ(health[0].memory_free, core::Bytes{2000 * 1024});
  EXPECT_EQ(health[0].app_cpu_free, core::Ppm{200'000});
  EXPECT_EQ(health[0].app_memory_free, core::Bytes{350LL * 1024 * 1024});
}

TEST_F(Health, SaysWhatItCanWhereAModelIsMissing) {
  const auto cpu_only = read_only<core::RouterHealth>(kCpu);
  ASSERT_THAT(cpu_only, SizeIs(1));
  EXPECT_FALSE(cpu_only[0].memory_free || cpu_only[0].app_cpu_free || cpu_only[0].app_memory_free);
  const auto per_cent = read_only<core::RouterHealth>(
      app_hosting("<quota>80</quota><available>20</available>", "") + platform("<free-number>5"
                                                                               "</free-number>"));
  ASSERT_THAT(per_cent, SizeIs(1));
  EXPECT_EQ(per_cent[0].app_cpu_free, core::Ppm{250'000});
  EXPECT_EQ(per_cent[0].memory_free, core::Bytes{5 * 1024});
}

TEST_F(Health, ImpossibleValuesAreAbsentAndCounted) {
  std::string hot = kCpu;
  hot.replace(hot.find("37"), 2, "255");
  EXPECT_THAT(read(hot + platform("<free-number>-1</free-number>") +
                       app_hosting("<quota>0</quota><available>0</available>", ""),
                   core::Instant{1}),
              IsEmpty());
  EXPECT_EQ(m_degradations[degraded::kOutOfRange].count, 2U);
}

std::string bfd(const std::vector<std::pair<const char*, const char*>>& neighbours) {
  std::string text =
      "<bfd-state xmlns='http://cisco.com/ns/yang/Cisco-IOS-XE-bfd-oper'><sessions><session>"
      "<type>ipv4</type><bfd-nbrs>";
  for (const auto& [interface, state] : neighbours) {
    text += std::string{"<bfd-nbr><ip>192.0.2.1</ip><interface>"} + interface +
            "</interface><state>" + state + "</state></bfd-nbr>";
  }
  return text + "</bfd-nbrs></session></sessions></bfd-state>";
}

class Bfd : public test::ReaderTest {
 protected:
  std::vector<bool> alarms(const std::string& content, Extent extent = Extent::part) {
    std::vector<bool> raised;
    for (const auto& alarm : read_only<core::PathAlarm>(content, core::Instant{1}, extent)) {
      EXPECT_EQ(alarm.source, core::PathAlarm::Source::bfd);
      raised.push_back(alarm.raised);
    }
    return raised;
  }
};

constexpr const char* kWired = "GigabitEthernet0/0/0";

TEST_F(Bfd, TellsTheFirstStateAndThenEachChange) {
  EXPECT_THAT(alarms(bfd({{kWired, "up"}})), ElementsAre(false));
  EXPECT_THAT(alarms(bfd({{kWired, "up"}})), IsEmpty());
  EXPECT_THAT(alarms(bfd({{kWired, "down"}})), ElementsAre(true));
  EXPECT_THAT(alarms(bfd({{kWired, "init"}})), IsEmpty());
  EXPECT_THAT(alarms(bfd({{kWired, "up"}})), ElementsAre(false));
}

TEST_F(Bfd, OneSessionThatIsUpIsAPath) {
  EXPECT_THAT(alarms(bfd({{kWired, "down"}, {kWired, "up"}})), ElementsAre(false));
}

TEST_F(Bfd, NobodyWatchesWhereItIsShutDownOrTakenAway) {
  EXPECT_THAT(alarms(bfd({{kWired, "admindown"}})), ElementsAre(false));
  EXPECT_THAT(alarms(bfd({{kWired, "fail"}})), ElementsAre(true));
  EXPECT_THAT(alarms(bfd({{"Tunnel7", "down"}})), IsEmpty());
  EXPECT_THAT(alarms(bfd({{"Tunnel7", "down"}}), Extent::whole), ElementsAre(false));
}

TEST_F(Bfd, ANewSessionTellsAgain) {
  EXPECT_THAT(alarms(bfd({{kWired, "down"}})), ElementsAre(true));
  m_reader.reset();
  EXPECT_THAT(alarms(bfd({{kWired, "up"}})), ElementsAre(false));
}

class NarrowCounters : public test::ReaderTest {
 protected:
  std::uint64_t sent(const std::string& octets) {
    return read_only<core::LinkCounters>(
               "<interfaces xmlns='http://cisco.com/ns/yang/Cisco-IOS-XE-interfaces-oper'>"
               "<interface><name>Cellular0/1/0</name><oper-status>if-oper-state-ready"
               "</oper-status><statistics><in-octets>1</in-octets>" +
               octets + "</statistics></interface></interfaces>")
        .at(0)
        .tx_bytes;
  }
};

TEST_F(NarrowCounters, AreCarriedOnBeyondTheirWrap) {
  EXPECT_EQ(sent("<out-octets>4294967290</out-octets>"), 4'294'967'290U);
  EXPECT_EQ(sent("<out-octets>10</out-octets>"), 4'294'967'306U);
  EXPECT_EQ(sent("<out-octets>9</out-octets>"), 2 * 4'294'967'296U + 9);
  m_reader.reset();
  EXPECT_EQ(sent("<out-octets>9</out-octets>"), 9U);
}

TEST_F(NarrowCounters, AreNotLookedAtBesideTheWideOne) {
  EXPECT_EQ(sent("<out-octets>5</out-octets><out-octets-64>9000000000</out-octets-64>"),
            9'000'000'000U);
}

}  // namespace
}  // namespace wanwise::iosxe
