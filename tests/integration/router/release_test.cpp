// --release: what a client sees of each IOS XE before it asks anything else.
#include "tests/integration/router/peer_fixture.hpp"

namespace wanwise::test {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kLibrary =
    "<get><filter><modules-state xmlns=\"urn:ietf:params:xml:ns:yang:ietf-yang-library\"/>"
    "</filter></get>";

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t out = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
    ++out;
  return out;
}

// A failure must not print sixty kilobytes.
bool has(const std::string& text, const std::string& what) {
  return text.find(what) != std::string::npos;
}

class ReleaseTest : public RouterTest {};

TEST_F(ReleaseTest, Before1712TheHelloListsCiscosModules) {
  start({"--release", "17.9"});
  auto client = peer();
  EXPECT_TRUE(has(client->hello(), "module=Cisco-IOS-XE-native&amp;revision=2022-07-01<"));
  EXPECT_TRUE(has(client->hello(), "writable-running"));
  EXPECT_FALSE(has(client->hello(), "capability:candidate"));
  EXPECT_GE(count(client->hello(), "module="), 623U);
}

TEST_F(ReleaseTest, From1712TheLibraryAloneDoes) {
  for (const std::string release : {"17.12", "17.15", "17.18"}) {
    start({"--release", release});
    auto client = peer();
    EXPECT_FALSE(has(client->hello(), "Cisco-IOS-XE-")) << release;
    EXPECT_GE(count(client->hello(), "module="), 341U);
    EXPECT_TRUE(has(client->hello(),
                    "\n        urn:ietf:params:netconf:capability:"
                    "notification:1.1\n"));
    EXPECT_TRUE(has(client->hello(), "capability:candidate:1.0<"));
    EXPECT_EQ(has(client->hello(), "confirmed-commit"), release != "17.12");
    EXPECT_EQ(m_router.stop(SIGTERM), 0);
  }
}

TEST_F(ReleaseTest, TheLibraryHasTheRevisionsOfTheRelease) {
  const std::vector<std::pair<std::string, std::string>> cellwan = {{"17.9", "2019-05-01"},
                                                                    {"17.12", "2022-11-01"},
                                                                    {"17.15", "2024-03-01"},
                                                                    {"17.18", "2024-11-01"}};
  for (const auto& [release, revision] : cellwan) {
    start({"--release", release});
    auto client = peer();
    const std::string module =
        "<name>Cisco-IOS-XE-cellwan-oper</name><revision>" + revision + "</revision>";
    EXPECT_TRUE(has(client->rpc(kLibrary), module)) << release;
    EXPECT_TRUE(has(client->rpc("<get><filter type=\"xpath\" select=\"/yanglib:yang-library\" "
                                "xmlns:yanglib=\"urn:ietf:params:xml:ns:yang:ietf-yang-library\""
                                "/></get>"),
                    module))
        << release;
    const std::string radio = client->rpc(get_xpath("/cellwan-oper-data/cellwan-radio"));
    EXPECT_THAT(radio, HasSubstr("radio-rsrp"));
    EXPECT_EQ(has(radio, "nr5g"), release == "17.15" || release == "17.18") << release;
    EXPECT_EQ(m_router.stop(SIGTERM), 0);
  }
}

TEST_F(ReleaseTest, ItsDefaultsCanBeOverruled) {
  start({"--release", "17.12", "--confirmed-commit"});
  EXPECT_TRUE(has(peer()->hello(), "confirmed-commit:1.1<"));
  EXPECT_EQ(m_router.stop(SIGTERM), 0);
  start({"--release", "17.9", "--datastore", "candidate", "--no-confirmed-commit", "--no-push"});
  EXPECT_TRUE(has(peer()->hello(), "candidate:1.0<"));
  EXPECT_FALSE(has(peer()->hello(), "confirmed-commit"));
  EXPECT_FALSE(has(peer()->hello(), "ietf-yang-push"));
  EXPECT_EQ(m_router.stop(SIGTERM), 0);
  EXPECT_EQ(m_router.start({"--release", "16.12"}), 2);
}

TEST_F(ReleaseTest, TellsOfItself) {
  start({"--fault", "busy-cpu", "full-iox"});
  auto client = peer();
  EXPECT_THAT(client->rpc(get_xpath("/cpu-usage")), HasSubstr("<five-seconds>97<"));
  EXPECT_THAT(client->rpc(get_xpath("/app-hosting-oper-data/app-resources")),
              HasSubstr("<available-unit>0<"));
  EXPECT_THAT(client->rpc(get_xpath("/cisco-platform-software")), HasSubstr("<free-number>"));
  EXPECT_THAT(client->rpc(get_xpath("/memory-statistics")), HasSubstr("<free-memory>"));
  EXPECT_THAT(client->rpc(get_xpath("/bfd-state/sessions")), HasSubstr("<state>up<"));
  EXPECT_THAT(client->rpc(get_xpath("/device-hardware-data")), HasSubstr("Version 17.15.1"));
  EXPECT_THAT(client->rpc(get_xpath("/mdt-capabilities-oper-data")),
              HasSubstr("<xpath>/cellwan-ios-xe-oper:cellwan-oper-data</xpath>"));
  EXPECT_THAT(client->rpc(get_xpath("/netconf-state/sessions")),
              HasSubstr("<session-id>" + std::to_string(client->session_id()) + "<"));
  EXPECT_THAT(client->rpc(get_xpath("/mdt-oper-v2-data/mdt-system-status")),
              HasSubstr("<subs-max-num>16</subs-max-num><subs-valid-num>0<"));
}

}  // namespace
}  // namespace wanwise::test
