#include <sys/wait.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "tests/integration/router/peer_fixture.hpp"
#include "tests/support/router_trees.hpp"

namespace wanwise::test {
namespace {

using boost::asio::ip::tcp;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

class ProcessTest : public RouterTest {};

TEST_F(ProcessTest, EndsCleanlyAndStartsAgainOnItsPort) {
  start();
  const std::string port = std::to_string(m_router.port());
  auto before = peer();
  EXPECT_EQ(m_router.stop(SIGTERM), 0);
  EXPECT_EQ(before->rpc(get_config("running")), "");
  start({"--port", port});
  EXPECT_EQ(std::to_string(m_router.port()), port);
  EXPECT_THAT(peer()->rpc(get_config("running")), HasSubstr("<native"));
  m_router.kill();
  start({"--port", port});
  EXPECT_THAT(peer()->rpc(get_config("running")), HasSubstr("<native"));
}

TEST_F(ProcessTest, EndsByItselfAfterItsSeconds) {
  start({"--seconds", "1"});
  EXPECT_EQ(peer()->rpc(get_config("running"), milliseconds(100)).empty(), false);
  auto client = peer();
  client->send("<get/>");
  while (client->reply(milliseconds(20'000)) != "") {
  }
}

TEST_F(ProcessTest, EndsThoughAClientStandsStillInItsLogin) {
  start();
  boost::asio::io_context io;
  tcp::socket silent(io);
  silent.connect({boost::asio::ip::address_v4::loopback(), m_router.port()});
  EXPECT_THAT(peer()->rpc(get_config("running")), HasSubstr("<native"));
  EXPECT_EQ(m_router.stop(SIGTERM), 0);
}

TEST_F(ProcessTest, SaysWhatIsWrongWithItsOptions) {
  EXPECT_EQ(m_router.start({"--datastore", "both"}), 2);
  EXPECT_EQ(m_router.start({"--fault", "nonsense"}), 2);
  EXPECT_THAT(m_router.output(), HasSubstr("--fault nonsense: unknown (allowed:"));
  EXPECT_EQ(m_router.start({"--yang", m_router.folder().file("nothing")}), 1);
  EXPECT_EQ(m_router.start({"-p", m_router.folder().file("nothing.yaml")}), 1);
  EXPECT_EQ(m_router.start({"-p", m_router.folder().write("bad.yaml", "a: [")}), 1);
  EXPECT_THAT(m_router.output(), HasSubstr("bad.yaml:1:"));
  const std::string bad = m_router.folder().write("startup.xml", "<native");
  EXPECT_EQ(m_router.start({"--startup-config", bad}), 1);
  EXPECT_THAT(m_router.output(), HasSubstr("startup.xml"));
}

TEST_F(ProcessTest, HangsAndIsSlowAndRefusesOnRequest) {
  start({"--fault", "hang-commit"});
  {
    auto client = peer();
    EXPECT_THAT(client->rpc(edit("candidate", "<hostname>x</hostname>")), IsOk());
    EXPECT_EQ(client->rpc(kCommit, milliseconds(300)), "");
    EXPECT_THAT(peer()->rpc(get_config("running")), Not(HasSubstr("hostname")));
  }
  EXPECT_EQ(m_router.stop(SIGTERM), 0);
  start({"--fault", "refuse-edit", "slow-reply=50"});
  auto client = peer();
  EXPECT_THAT(client->rpc(kCommit), HasSubstr("Device refused one or more commands"));
}

// The site of policies/ behind the router: a workload in the cloud sends through the classes and
// the shaper that NETCONF configured.
TEST_F(ProcessTest, ShowsTheTrafficOfItsSite) {
  start({"-p", std::string(WANWISE_SOURCE_DIR) + "/policies", "--trace", "constant"});
  auto client = peer();
  EXPECT_THAT(client->rpc("<edit-config><target><candidate/></target><config>" + whole_qos() +
                          "</config></edit-config>"),
              IsOk());
  EXPECT_THAT(client->rpc(kCommit), IsOk());
  boost::asio::io_context io;
  tcp::socket door(io);
  door.connect({boost::asio::ip::address_v4::loopback(), m_router.door_port()});
  const std::string place =
      R"({"type":"place","id":1,"workload":"collision-avoidance","target":"cloud","rung":0,)"
      R"("within_us":30000000})"
      "\n";
  boost::asio::write(door, boost::asio::buffer(place));
  const std::string classes =
      "/interfaces/interface[name='Cellular0/1/0']/diffserv-info/diffserv-target-classifier-stats"
      "[classifier-entry-name='WANWISE-CM-RT']/queuing-stats/output-bytes";
  const auto sent = [&] {
    const std::string reply = client->rpc(get_xpath(classes));
    const std::size_t end = reply.find("</output-bytes>");
    const std::size_t begin = reply.rfind('>', end - 1) + 1;
    return end == std::string::npos ? 0UL : std::stoul(reply.substr(begin, end - begin));
  };
  const auto until = std::chrono::steady_clock::now() + NetconfPeer::kPatience;
  while (sent() < 100'000 && std::chrono::steady_clock::now() < until) {
  }
  EXPECT_GE(sent(), 100'000UL) << "marked at the LAN, queued as EF";
  EXPECT_THAT(client->rpc(get_xpath("/interfaces/interface[name='Cellular0/1/0']/diffserv-info")),
              HasSubstr("<classifier-entry-name>WANWISE-CM-BULK</classifier-entry-name>"));
  EXPECT_THAT(client->rpc(get_xpath("/ip-sla-stats")), HasSubstr("accuracy-microseconds"));
}

TEST_F(ProcessTest, IsUnderstoodByTheOpenSshClient) {
  if (std::system("command -v ssh >/dev/null 2>&1") != 0) {
    GTEST_SKIP() << "no OpenSSH client on this machine";
  }
  start();
  const std::string hello =
      "<hello xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\"><capabilities><capability>"
      "urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>]]>]]>";
  const std::string close =
      "<rpc xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\" message-id=\"1\">"
      "<close-session/></rpc>]]>]]>";
  const std::string in = m_router.folder().write("in", hello + close);
  const std::string out = m_router.folder().file("out");
  const std::string pipe = m_router.folder().file("pipe");
  // A pipe opened for reading and writing never ends: the router closes, not the client.
  const std::string command =
      "mkfifo " + pipe + "; cat " + in + " > " + pipe + " & ssh -F none -p " +
      std::to_string(m_router.port()) + " -i " + RouterProcess::private_key() +
      " -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o IdentitiesOnly=yes "
      "-o BatchMode=yes -o ConnectTimeout=20 " +
      RouterProcess::kUser + "@127.0.0.1 -s netconf 0<>" + pipe + " > " + out +
      " 2>/dev/null; wait";
  (void)std::system(command.c_str());
  std::ifstream file(out);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  EXPECT_THAT(text, HasSubstr("<session-id>1</session-id>"));
  EXPECT_THAT(text, HasSubstr("<ok/>"));
}

}  // namespace
}  // namespace wanwise::test
