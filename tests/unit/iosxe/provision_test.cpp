// Probes, tracked objects, the route map and load intervals: what is written, what is read back,
// and what is told from others'.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/mqc/change_cli.hpp"
#include "adapters/iosxe/mqc/mqc_edit.hpp"
#include "adapters/iosxe/mqc/qos_codec.hpp"
#include "adapters/iosxe/mqc/qos_mqc.hpp"
#include "adapters/iosxe/xml/schema.hpp"
#include "tests/unit/iosxe/samples.hpp"

namespace wanwise::iosxe {
namespace {

using samples::provisioned;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr int kRandomCases = 300;
constexpr const char* kNative = "<native xmlns='http://cisco.com/ns/yang/Cisco-IOS-XE-native'>";

RouterConfig config() {
  return samples::provisioned_config();
}

XmlDocument parsed(const std::string& native) {
  auto document = XmlDocument::parse("<data xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'>" +
                                     native + "</data>");
  EXPECT_TRUE(document) << native;
  return std::move(*document);
}

ObservedConfig observed_in(const std::string& native, const RouterConfig& config) {
  const XmlDocument document = parsed(native);
  return observe(document.root(), config, name_table(config).value());
}

Mqc mqc_of(const core::RouterQos& qos) {
  return to_mqc(qos, paths_of(config())).value();
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

TEST(Provision, ReadsBackExactlyWhatItWrites) {
  const std::string xml = render_xml(provisioned(), paths_of(config())).value();
  const auto observed = observed_in(xml, config());
  ASSERT_TRUE(observed.qos);
  EXPECT_EQ(*observed.qos, provisioned()) << xml;
  EXPECT_EQ(observed.own, mqc_of(provisioned()));
  EXPECT_THAT(observed.foreign, IsEmpty());
}

TEST(Provision, IsItsOwnInverseOnRandomSites) {
  std::size_t steered = 0;
  for (std::uint32_t seed = 0; seed < kRandomCases; ++seed) {
    RouterConfig random;
    const core::RouterQos qos = samples::Generator{seed}.steered(random);
    const auto xml = render_xml(qos, paths_of(random));
    ASSERT_TRUE(xml) << seed << ": " << xml.error().message;
    if (xml->empty()) continue;
    const auto observed = observed_in(*xml, random);
    ASSERT_TRUE(observed.qos) << seed;
    ASSERT_EQ(*observed.qos, qos) << seed << *xml;
    ASSERT_EQ(observed.own, to_mqc(qos, paths_of(random)).value()) << seed;
    steered += qos.steering.size();
  }
  EXPECT_GT(steered, 100U);
}

TEST(Provision, WritesOnlyWhatOurSchemaTakes) {
  const auto schema = Schema::load(WANWISE_SOURCE_DIR "/yang");
  ASSERT_TRUE(schema) << schema.error().message;
  for (std::uint32_t seed = 0; seed < kRandomCases; ++seed) {
    RouterConfig random;
    const core::RouterQos qos = samples::Generator{seed}.steered(random);
    const auto xml = render_xml(qos, paths_of(random));
    ASSERT_TRUE(xml);
    if (xml->empty()) continue;
    const auto checked = (*schema)->check_config(*xml);
    EXPECT_TRUE(checked) << checked.error().message << *xml;
  }
}

TEST(Provision, ShowsPeopleTheCli) {
  const std::string cli = render_cli(provisioned(), paths_of(config())).value();
  EXPECT_THAT(cli, HasSubstr("ip sla 904\n icmp-echo 198.51.100.1 source-interface Cellular0/1/0\n"
                             "  tag wanwise-lte\n  threshold 1000\n  timeout 1000\n"
                             "  frequency 5\n"
                             "ip sla reaction-configuration 904 react timeout threshold-type "
                             "consecutive 3 action-type trapOnly\n"
                             "ip sla schedule 904 life forever start-time now\n"));
  EXPECT_THAT(cli, HasSubstr("ip sla 904612\n udp-jitter 198.51.100.1 16384\n"
                             "  tag wanwise-lte:realtime\n"));
  EXPECT_THAT(cli, HasSubstr("  tos 184\n"));
  EXPECT_THAT(cli, HasSubstr("ip sla enable reaction-alerts\n"));
  EXPECT_THAT(cli, HasSubstr("track 904 ip sla 904 reachability\n delay down 11 up 15\n"
                             "track 910 ip sla 9102 reachability\n delay down 5 up 15\n"));
  EXPECT_THAT(cli, HasSubstr("route-map WANWISE-RM permit 10\n match ip address WANWISE-PBR-1\n"
                             " set ip next-hop verify-availability 192.0.2.65 10 track 904\n"
                             " set ip next-hop verify-availability 192.0.2.1 20 track 910\n"));
  EXPECT_THAT(cli, HasSubstr("interface Vlan1\n ip policy route-map WANWISE-RM\n"));
  EXPECT_THAT(cli, HasSubstr("interface Cellular0/1/0\n load-interval 30\n"));
}

TEST(Provision, AChangedProbeOfAnotherNumberIsRemovedAndAdded) {
  core::RouterQos changed = provisioned();
  changed.probes[0].entry = 907;
  changed.probes[0].period = core::seconds(10);
  changed.steering.clear();
  core::RouterQos before = provisioned();
  before.steering.clear();
  const std::string edit = edit_native(mqc_of(before), mqc_of(changed)).value();
  EXPECT_THAT(edit,
              HasSubstr("<schedule nc:operation=\"remove\"><entry-number>904</entry-number>"));
  EXPECT_THAT(edit, HasSubstr("<entry nc:operation=\"remove\"><number>904</number></entry>"));
  EXPECT_THAT(edit, HasSubstr("<entry><number>907</number>"));
  EXPECT_THAT(edit, HasSubstr("<object-number>907</object-number>"));
  EXPECT_THAT(edit, Not(HasSubstr("904612")));
  EXPECT_THAT(edit, Not(HasSubstr("policy-map")));
}

/// The number follows from what an operation does, so one in ten changes keeps it; IOS does not
/// edit an operation that runs.
TEST(Provision, AChangedProbeOfTheSameNumberGetsTheNextFreeOne) {
  core::RouterQos changed = provisioned();
  changed.probes[0].period = core::seconds(10);
  const Mqc before = mqc_of(provisioned());
  const TakenNumbers taken{{905}, {906}};
  const auto after = on_router(mqc_of(changed), before, taken);
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_TRUE(after->probes.entries.contains(907));
  EXPECT_TRUE(after->probes.entries.contains(904'612)) << "does the same as before";
  const std::string edit = edit_native(before, *after).value();
  EXPECT_THAT(edit, HasSubstr("<entry nc:operation=\"remove\"><number>904</number></entry>"));
  EXPECT_THAT(edit, HasSubstr("<entry><number>907</number>"));
  EXPECT_THAT(edit, HasSubstr("<object-number>907</object-number>"));
  EXPECT_THAT(edit, HasSubstr("<track>907</track>"));
  EXPECT_THAT(edit, Not(HasSubstr("<entry nc:operation=\"replace\">")));
  // Read again it is what the engine wants, under the number that the engine knows.
  const auto observed = observed_in(edit_native({}, *after).value(), config());
  EXPECT_EQ(observed.own, *after);
  EXPECT_EQ(observed.qos, changed);
  EXPECT_EQ(as_the_router_numbers(config(), observed.own).links[0].probe, 907U);
  // And it stays where it is.
  EXPECT_EQ(on_router(mqc_of(changed), observed.own, observed.taken).value(), observed.own);
}

TEST(Provision, NumbersGoAroundTheRangeOfTheirLink) {
  const Mqc desired = mqc_of(provisioned());
  const auto first = on_router(desired, {}, {{904, 905, 906, 907, 908, 909}, {}});
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->probes.entries.contains(900));
  const auto none = on_router(desired, {}, {{900, 901, 902, 903, 904, 905}, {906, 907, 908, 909}});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, errors::kForeignPolicy);
  EXPECT_THAT(none.error().message, HasSubstr("ip sla 900 to 909"));
}

/// Whatever a site becomes, no operation is edited, and nothing of others is taken.
TEST(Provision, NumbersNeverMeetOnRandomSites) {
  Mqc observed;
  const TakenNumbers taken{{901, 903, 915, 900'100}, {905, 911}};
  for (std::uint32_t seed = 0; seed < kRandomCases; ++seed) {
    RouterConfig random;
    const core::RouterQos qos = samples::Generator{seed}.steered(random);
    const Mqc desired = to_mqc(qos, paths_of(random)).value();
    const auto after = on_router(desired, observed, taken);
    ASSERT_TRUE(after) << after.error().message;
    ASSERT_EQ(after->probes.entries.size(), desired.probes.entries.size());
    for (const auto& [number, entry] : after->probes.entries) {
      EXPECT_FALSE(taken.entries.contains(number) || taken.tracks.contains(number));
      const auto at = observed.probes.entries.find(number);
      EXPECT_TRUE(at == observed.probes.entries.end() || same_operation(at->second, entry));
    }
    EXPECT_EQ(from_mqc(*after, name_table(random).value(), random),
              from_mqc(desired, name_table(random).value(), random));
    observed = *after;
  }
}

/// The switch is for all operations of the router.
TEST(Provision, AlertsGoWithTheLastReaction) {
  const std::string off = "<enable><reaction-alerts nc:operation=\"remove\"";
  const std::string xml = render_xml(provisioned(), paths_of(config())).value();
  const auto alone = observed_in(xml, config());
  EXPECT_THAT(edit_native(alone.own, {}).value(), HasSubstr(off));
  EXPECT_THAT(render_change_cli(alone.own, {}), HasSubstr("no ip sla enable reaction-alerts\n"));
  const auto shared = observed_in(
      replaced(xml, "<reaction-configuration>",
               "<reaction-configuration><entry-number>7</entry-number></reaction-configuration>"
               "<reaction-configuration>"),
      config());
  EXPECT_EQ(shared.own, alone.own);
  EXPECT_THAT(edit_native(shared.own, {}).value(), Not(HasSubstr("reaction-alerts")));
  EXPECT_THAT(render_change_cli(shared.own, {}), Not(HasSubstr("reaction-alerts")));
}

/// Somebody stopped an operation: it is started again, not written again.
TEST(Provision, AStoppedProbeIsOnlyScheduled) {
  Mqc stopped = mqc_of(provisioned());
  stopped.probes.entries.at(904).runs = false;
  const std::string edit = edit_native(stopped, mqc_of(provisioned())).value();
  EXPECT_THAT(edit, HasSubstr("<life>forever</life><start-time><now-config/></start-time>"));
  EXPECT_THAT(edit, Not(HasSubstr("<entry>")));
  EXPECT_THAT(edit, Not(HasSubstr("icmp-echo")));
}

TEST(Provision, TakesEverythingOutInTheOrderIosWants) {
  const std::string edit = edit_native(mqc_of(provisioned()), {}).value();
  const auto at = [&](const std::string& what) {
    EXPECT_NE(edit.find(what), std::string::npos) << what << edit;
    return edit.find(what);
  };
  const std::size_t interface = at("<route-map nc:operation=\"remove\">WANWISE-RM</route-map>");
  const std::size_t map = at("<route-map nc:operation=\"remove\"><name>WANWISE-RM</name>");
  const std::size_t track = at("<tracked-object xmlns=");
  const std::size_t list = at("<name>WANWISE-PBR-1</name>");
  const std::size_t schedule = at("<schedule nc:operation=\"remove\">");
  const std::size_t entry = at("<entry nc:operation=\"remove\">");
  EXPECT_LT(interface, map);
  EXPECT_LT(map, track);
  EXPECT_LT(track, list);
  EXPECT_LT(schedule, entry);
  EXPECT_THAT(edit, HasSubstr("<load-interval nc:operation=\"remove\">30</load-interval>"));
  EXPECT_LT(entry, at("<reaction-alerts nc:operation=\"remove\">"));
}

TEST(Provision, NamesEachInterfaceOnce) {
  const std::string xml = render_xml(provisioned(), paths_of(config())).value();
  for (const std::string kind : {"<Vlan>", "<Cellular>", "<GigabitEthernet>"}) {
    ASSERT_NE(xml.find(kind), std::string::npos);
    EXPECT_EQ(xml.find(kind), xml.rfind(kind)) << kind;
  }
}

std::string operations_of_others(std::uint32_t first, std::uint32_t last) {
  std::string xml =
      std::string{kNative} + "<ip><sla xmlns='http://cisco.com/ns/yang/Cisco-IOS-XE-sla'>";
  for (std::uint32_t number = first; number <= last; ++number)
    xml += "<entry><number>" + std::to_string(number) +
           "</number><icmp-echo><destination>192.0.2.9</destination><tag>operator</tag>"
           "</icmp-echo></entry>";
  return xml + "</sla></ip></native>";
}

/// All of them are known, not only that of a link's own number: any may be chosen.
TEST(Provision, OperationsOfOthersInOurRangesAreKnownAndInNobodysWay) {
  const auto observed = observed_in(operations_of_others(902, 905), config());
  EXPECT_TRUE(observed.own.empty());
  EXPECT_THAT(observed.foreign, IsEmpty());
  EXPECT_THAT(observed.taken.entries, ElementsAre(902, 903, 904, 905));
  const Mqc after = on_router(mqc_of(provisioned()), observed.own, observed.taken).value();
  EXPECT_TRUE(after.probes.entries.contains(906));
  EXPECT_THAT(observed_in(operations_of_others(900'001, 900'001), config()).taken.entries,
              ElementsAre(900'001));
}

TEST(Provision, ALinkWithoutAFreeNumberIsToldOf) {
  const auto observed = observed_in(operations_of_others(900, 909), config());
  EXPECT_THAT(observed.foreign, ElementsAre("ip sla 900 to 909 for link lte"));
}

TEST(Provision, ARouteMapOfOthersOnTheLanIsForeign) {
  const std::string taken = std::string{kNative} +
                            "<interface><Vlan><name>1</name><ip><policy><route-map>OPS"
                            "</route-map></policy></ip></Vlan></interface></native>";
  EXPECT_THAT(observed_in(taken, config()).foreign, ElementsAre("Vlan1 ip policy route-map OPS"));
  RouterConfig routed = config();
  routed.steers = false;
  EXPECT_THAT(observed_in(taken, routed).foreign, IsEmpty());
  const XmlDocument document = parsed(taken);
  EXPECT_THAT(in_the_way(document.root(), config(), mqc_of(provisioned())),
              ElementsAre("Vlan1 ip policy route-map OPS"));
}

TEST(Provision, ATrackOfOthersUnderOurNumberIsForeign) {
  const std::string taken =
      std::string{kNative} +
      "<track><tracked-object xmlns='http://cisco.com/ns/yang/Cisco-IOS-XE-track'>"
      "<object-number>910</object-number><ip><sla><number>7</number><reachability-sla/></sla></ip>"
      "</tracked-object></track></native>";
  const XmlDocument document = parsed(taken);
  EXPECT_THAT(in_the_way(document.root(), config(), mqc_of(provisioned())),
              ElementsAre("track 910 of another operation"));
}

TEST(Provision, ALoadIntervalIsOursWhereThePolicyMapOfItsInterfaceNotesIt) {
  const std::string alone = std::string{kNative} +
                            "<interface><Cellular><name>0/1/0</name><load-interval>30"
                            "</load-interval></Cellular></interface></native>";
  EXPECT_TRUE(observed_in(alone, config()).own.empty());
  const std::string ours = render_xml(provisioned(), paths_of(config())).value();
  EXPECT_EQ(observed_in(ours, config()).own.load_intervals.at("Cellular0/1/0"), 30U);
  const std::string by_hand = replaced(ours, "<load-interval>30<", "<load-interval>60<");
  EXPECT_FALSE(observed_in(by_hand, config()).own.load_intervals.contains("Cellular0/1/0"));
}

TEST(Provision, ALoadIntervalThatTheSiteNoLongerAsksForGoesWithItsNote) {
  core::RouterQos indifferent = provisioned();
  for (core::WanQos& wan : indifferent.wans) wan.load_interval = 0;
  const std::string edit = edit_native(mqc_of(provisioned()), mqc_of(indifferent)).value();
  EXPECT_THAT(edit, HasSubstr("<load-interval nc:operation=\"remove\">30</load-interval>"));
  EXPECT_THAT(edit, HasSubstr("<description nc:operation=\"remove\">wanwise: load-interval 30<"));
  EXPECT_THAT(edit, Not(HasSubstr("service-policy")));
  const std::string cli = render_change_cli(mqc_of(provisioned()), mqc_of(indifferent));
  EXPECT_THAT(cli, HasSubstr("policy-map WANWISE-PM-LTE\n no description\n"));
  EXPECT_THAT(cli, HasSubstr("interface Cellular0/1/0\n no load-interval\n"));
}

/// Every hand-made change leaves its part out of what is taken for the desired state.
TEST(Provision, AHandEditIsNeverTakenForOurs) {
  const std::string xml = render_xml(provisioned(), paths_of(config())).value();
  const std::vector<std::pair<std::string, std::string>> edits{
      {"<frequency>5</frequency>", "<frequency>7</frequency><vrf>MGMT</vrf>"},
      {"<life>forever</life>", "<life>3600</life>"},
      {"<now-config/>", "<pending-config/>"},
      {"<consecutive-val>3<", "<consecutive-val>5<"},
      {"trapOnly", "none"},
      {"<enable><reaction-alerts/></enable>", ""},
      {"<tos>184</tos>", "<tos>185</tos>"},
      {"<down>11</down>", "<down>12</down>"},
      {"<reachability-sla/>", "<state-sla/>"},
      {"<operation>permit</operation>", "<operation>deny</operation>"},
      {"<range>20</range>", "<range>30</range>"},
      {"<ipv4>192.0.2.1</ipv4>", "<ipv4>192.0.2.2</ipv4>"},
      {"<access-list>WANWISE-PBR-1<", "<access-list>OPS<"},
      {"WANWISE-PBR-1</name><access-list-seq-rule><sequence>10</sequence><ace-rule><action>permit",
       "WANWISE-PBR-1</name><access-list-seq-rule><sequence>10</sequence><ace-rule><action>deny"},
      {"<ip><policy><route-map>WANWISE-RM</route-map></policy></ip>", ""},
  };
  for (const auto& [what, with] : edits) {
    const auto observed = observed_in(replaced(xml, what, with), config());
    EXPECT_NE(observed.qos, provisioned()) << what;
    EXPECT_NE(observed.own, mqc_of(provisioned())) << what;
    const Mqc wanted = on_router(mqc_of(provisioned()), observed.own, {}).value();
    EXPECT_TRUE(edit_native(observed.own, wanted)) << what;
  }
}

/// What the device does not show because it is its default.
TEST(Provision, AbsentDefaultsAreRead) {
  core::RouterQos slow = provisioned();
  slow.probes[0].period = core::seconds(60);
  slow.probes[0].timeout = core::seconds(5);
  std::string xml = render_xml(slow, paths_of(config())).value();
  xml = replaced(xml, "<threshold>5000</threshold><timeout>5000</timeout><frequency>60</frequency>",
                 "");
  EXPECT_EQ(observed_in(xml, config()).qos, slow);
}

constexpr Dialect kNewer{true, true};

TEST(Provision, WhatIsNewIsWrittenInTheWordsOfTheRelease) {
  const std::string older = edit_native({}, mqc_of(provisioned())).value();
  EXPECT_THAT(older, Not(HasSubstr("tracked-object-v2")));
  EXPECT_THAT(older, Not(HasSubstr("access-list-ordered")));
  const std::string newer = edit_native({}, mqc_of(provisioned()), kNewer).value();
  EXPECT_THAT(newer, HasSubstr("<tracked-object-v2 xmlns="));
  EXPECT_THAT(newer, HasSubstr("<reachability/>"));
  EXPECT_THAT(newer, HasSubstr("<access-list-ordered>WANWISE-PBR-1</access-list-ordered>"));
  EXPECT_THAT(newer, Not(HasSubstr("<tracked-object ")));
  EXPECT_THAT(newer, Not(HasSubstr("<access-list>WANWISE")));
  const auto observed = observed_in(newer, config());
  EXPECT_EQ(observed.qos, provisioned());
  EXPECT_FALSE(edit_native(observed.own, mqc_of(provisioned())));
  EXPECT_FALSE(edit_native(observed.own, mqc_of(provisioned()), kNewer));
  const auto schema = Schema::load(WANWISE_SOURCE_DIR "/yang");
  ASSERT_TRUE(schema);
  EXPECT_TRUE((*schema)->check_config(newer));
}

/// A router whose software was changed since, or one that shows the other of the two places.
TEST(Provision, WhatStandsIsChangedWhereItStands) {
  core::RouterQos changed = provisioned();
  changed.steering[0].backup.reset();
  for (const Dialect& stands : {Dialect{}, kNewer}) {
    const Dialect release = stands == kNewer ? Dialect{} : kNewer;
    const auto observed =
        observed_in(edit_native({}, mqc_of(provisioned()), stands).value(), config());
    const std::string away = edit_native(observed.own, {}, release).value();
    EXPECT_EQ(away.find("<tracked-object-v2 ") != std::string::npos, stands == kNewer) << away;
    EXPECT_EQ(away.find("<tracked-object ") != std::string::npos, stands != kNewer) << away;
    const std::string edit = edit_native(observed.own, mqc_of(changed), release).value();
    EXPECT_EQ(edit.find("<access-list-ordered>") != std::string::npos, stands == kNewer) << edit;
    EXPECT_EQ(edit.find("<access-list>WANWISE") != std::string::npos, stands != kNewer) << edit;
  }
}

/// A device whose models make both of one command.
TEST(Provision, WhatStandsInBothPlacesIsOneThing) {
  std::string xml = edit_native({}, mqc_of(provisioned())).value();
  const std::string newer = edit_native({}, mqc_of(provisioned()), kNewer).value();
  const std::size_t from = newer.find("<tracked-object-v2");
  xml.insert(xml.find("<tracked-object "), newer.substr(from, newer.find("</track>") - from));
  const std::string list = "<access-list>WANWISE-PBR-1</access-list>";
  xml = replaced(xml, list, list + "<access-list-ordered>WANWISE-PBR-1</access-list-ordered>");
  const auto observed = observed_in(xml, config());
  EXPECT_EQ(observed.qos, provisioned());
  const std::string away = edit_native(observed.own, {}).value();
  EXPECT_THAT(away, HasSubstr("<tracked-object-v2 "));
  EXPECT_THAT(away, HasSubstr("<tracked-object "));
  // Unlike each other they are nobody's wish.
  EXPECT_NE(observed_in(replaced(xml, "<down>11</down>", "<down>12</down>"), config()).qos,
            provisioned());
}

TEST(Provision, RefusesWhatCannotBeSteered) {
  const auto refusal = [](const core::RouterQos& qos, const LinkPaths& paths) {
    const auto mqc = to_mqc(qos, paths);
    return mqc ? std::string{} : mqc.error().code + ": " + mqc.error().message;
  };
  core::RouterQos over_trunk = provisioned();
  over_trunk.steering[0].trunk = core::TrunkName{"bridge"};
  EXPECT_THAT(refusal(over_trunk, paths_of(config())),
              HasSubstr("steering-not-supported: the neighbour's address on trunk 'bridge'"));
  EXPECT_THAT(refusal(provisioned(), {}), HasSubstr("link 'lte' has no next-hop or no probe"));
  core::RouterQos untracked = provisioned();
  untracked.probes[0].tracked = false;
  EXPECT_THAT(refusal(untracked, paths_of(config())), HasSubstr("is not tracked"));
}

TEST(Provision, RefusesProbesThatIosCannotHold) {
  const auto refused = [](auto change) {
    core::RouterQos qos = provisioned();
    change(qos.probes);
    const auto mqc = to_mqc(qos, paths_of(config()));
    return !mqc && mqc.error().code == errors::kInvalidQos;
  };
  EXPECT_TRUE(refused([](auto& probes) { probes[0].entry = 12; }));
  EXPECT_TRUE(refused([](auto& probes) { probes[1].entry = 904; }));
  EXPECT_TRUE(refused([](auto& probes) { probes[0].period = core::milliseconds(1500); }));
  EXPECT_TRUE(refused([](auto& probes) { probes[0].timeout = core::seconds(6); }));
  EXPECT_TRUE(refused([](auto& probes) { probes[0].source_interface = "Serial0"; }));
  EXPECT_TRUE(refused([](auto& probes) { probes[1].port = 0; }));
  EXPECT_TRUE(refused([](auto& probes) { probes[1].service_class.reset(); }));
  EXPECT_TRUE(refused([](auto& probes) { probes[1].tracked = true; }));
  EXPECT_FALSE(refused([](auto&) {}));
}

TEST(Provision, TagsKeepTheirNames) {
  EXPECT_EQ(probe_tag(core::LinkName{"lte"}, {}), "wanwise-lte");
  EXPECT_EQ(probe_tag(core::LinkName{"lte"}, core::ClassName{"bulk-1"}), "wanwise-lte:bulk-1");
  EXPECT_EQ(tokens_of_tag("wanwise-lte:bulk-1")->link, "LTE");
  EXPECT_EQ(tokens_of_tag("wanwise-lte:bulk-1")->service_class, "BULK-1");
  EXPECT_FALSE(tokens_of_tag("wanwise-"));
  EXPECT_FALSE(tokens_of_tag("operator"));
}

}  // namespace
}  // namespace wanwise::iosxe
