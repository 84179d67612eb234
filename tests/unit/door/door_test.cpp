// The door's connection in trouble: what the contract suite, whose door always works, does not see.
// Real TCP on loopback; waiting is for an event, with a deadline.
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <functional>
#include <optional>

#include "engine/runtime/steady_clock.hpp"
#include "sim/door/door_client.hpp"
#include "sim/door/door_codec.hpp"
#include "sim/door/site_door.hpp"
#include "tests/support/fakes.hpp"
#include "tests/support/small_site.hpp"

namespace wanwise::sim {
namespace {

using boost::asio::ip::tcp;
using core::ActionDone;
using core::Outcome;

class DoorTest : public ::testing::Test {
 protected:
  void open(std::uint16_t port = 0) {
    auto door =
        SiteDoor::open(m_io, testing::small_site(), [this](const auto& use) { use(m_world); },
                       {.port = port, .poll_every = core::Micros{0}});
    ASSERT_TRUE(door) << door.error().message;
    m_door = std::move(*door);
    m_door->start();
  }
  DoorClient& client(std::uint16_t port) {
    m_client.emplace(m_io, m_clock, "127.0.0.1", port);
    m_client->cluster().start(m_posted);
    m_client->metrics().start(m_posted);
    return *m_client;
  }
  void place(core::ActionId id, core::Micros within = core::seconds(20)) {
    m_client->cluster().submit(id, {core::WorkloadName{"detector"}, {}, core::TargetName{"tx2"}, 0},
                               m_clock.now() + within, {});
  }
  [[nodiscard]] std::vector<ActionDone> answers() const { return m_posted.all<ActionDone>(); }

  void wait_for(const std::function<bool()>& come, const char* what) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!come()) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "waited for " << what;
      m_io.restart();
      m_io.run_one_for(std::chrono::milliseconds(100));
    }
  }
  void wait_connected() {
    wait_for([this] { return m_client->connected(); }, "the greeting");
  }

  boost::asio::io_context m_io;
  runtime::SteadyClock m_clock;
  testing::RecordingSink m_posted;
  World m_world{testing::small_world()};
  std::unique_ptr<SiteDoor> m_door;
  std::optional<DoorClient> m_client;
};

TEST_F(DoorTest, ALostDoorAnswersUnknownAndIsFoundAgain) {
  open();
  const std::uint16_t port = m_door->port();
  client(port);
  wait_connected();
  place(1);
  wait_for([this] { return m_door->counters().requests == 1; }, "the request");
  m_door.reset();
  wait_for([this] { return !answers().empty(); }, "an answer");
  EXPECT_EQ(answers()[0].outcome, Outcome::unknown);
  EXPECT_EQ(answers()[0].reason, "connection-lost");

  place(2);
  ASSERT_EQ(answers().size(), 2U);
  EXPECT_EQ(answers()[1].outcome, Outcome::refused);
  EXPECT_EQ(answers()[1].reason, "cluster-not-connected");

  const std::size_t posted = m_posted.events.size();
  wait_for([this] { return m_client->counters().losses >= 3; }, "two attempts in vain");
  EXPECT_EQ(m_posted.events.size(), posted) << "no sample is made up";
  open(port);
  wait_connected();
}

TEST_F(DoorTest, ADoorThatIsSilentIsAnsweredForAtTheDeadline) {
  open();
  client(m_door->port());
  wait_connected();
  place(1, core::milliseconds(60));  // nobody polls the door: it never answers
  wait_for([this] { return !answers().empty(); }, "the deadline");
  EXPECT_EQ(answers()[0].outcome, Outcome::unknown);
  EXPECT_EQ(answers()[0].reason, "deadline-passed");
  m_world.advance_to(core::Instant{} + core::seconds(9));
  m_door->poll();
  wait_for([this] { return m_client->counters().late_answers == 1; }, "the late answer");
  EXPECT_EQ(answers().size(), 1U);
}

TEST_F(DoorTest, ADeadlineTooNearIsRefused) {
  open();
  client(m_door->port());
  wait_connected();
  place(1, kAnswerMargin);
  ASSERT_EQ(answers().size(), 1U);
  EXPECT_EQ(answers()[0].reason, "deadline-too-near");
}

TEST_F(DoorTest, EachOfSeveralClientsGetsItsOwnAnswers) {
  open();
  client(m_door->port());
  wait_connected();
  testing::RecordingSink other_posted;
  DoorClient other(m_io, m_clock, "127.0.0.1", m_door->port());
  other.cluster().start(other_posted);
  wait_for([&] { return other.connected(); }, "the second greeting");
  place(5);
  wait_for([this] { return m_door->counters().requests == 1; }, "the request");
  m_world.advance_to(core::Instant{} + core::seconds(3));
  m_door->poll();
  wait_for([this] { return !answers().empty(); }, "the answer");
  EXPECT_EQ(answers()[0], (ActionDone{5, Outcome::done, {}, {}}));
  wait_for([&] { return other.counters().lines_in == m_client->counters().lines_in - 1; },
           "the same lines but the answer");
  EXPECT_TRUE(other_posted.all<ActionDone>().empty());
  EXPECT_TRUE(other_posted.all<core::TargetSample>().empty()) << "its metrics are not started";
}

TEST_F(DoorTest, ANinthClientIsTurnedAway) {
  open();
  std::vector<tcp::socket> sockets;
  for (std::size_t i = 0; i <= SiteDoor::kMaxClients; ++i) {
    sockets.emplace_back(m_io).connect({boost::asio::ip::address_v4::loopback(), m_door->port()});
  }
  wait_for([this] { return m_door->counters().turned_away == 1; }, "the refusal");
  EXPECT_EQ(m_door->clients(), SiteDoor::kMaxClients);
}

TEST_F(DoorTest, LinesThatAreNoRequestEndTheConnection) {
  open();
  const std::string lines[] = {"hello?\n", "{\"type\":\"place\"}\n", std::string(kMaxLine + 1, 'x'),
                               std::string(1, '\0') + "\n"};
  for (const std::string& line : lines) {
    tcp::socket socket(m_io);
    socket.connect({boost::asio::ip::address_v4::loopback(), m_door->port()});
    wait_for([this] { return m_door->clients() == 1; }, "the client");
    boost::asio::write(socket, boost::asio::buffer(line));
    wait_for([this] { return m_door->clients() == 0; }, "its end");
  }
}

TEST_F(DoorTest, MoreRequestsThanCanWaitEndTheConnection) {
  open();
  tcp::socket socket(m_io);
  socket.connect({boost::asio::ip::address_v4::loopback(), m_door->port()});
  std::string many;
  for (core::ActionId id = 0; id <= SiteDoor::kMaxAsked; ++id) {
    many += encode(DoorPlace{id, {core::WorkloadName{"none"}, {}, {}, 0}, core::seconds(1)});
  }
  boost::asio::write(socket, boost::asio::buffer(many));
  wait_for([this] { return m_door->counters().broken_lines == 1; }, "the refusal");
  EXPECT_EQ(m_door->counters().requests, SiteDoor::kMaxAsked);
  EXPECT_EQ(m_door->clients(), 0U);
}

TEST_F(DoorTest, MorePlacementsThanCanWaitAreRefusedByTheClient) {
  open();
  client(m_door->port());
  wait_connected();
  for (core::ActionId id = 0; id <= kMaxPlacements; ++id) place(id);
  ASSERT_EQ(answers().size(), 1U);
  EXPECT_EQ(answers()[0].id, kMaxPlacements);
  EXPECT_EQ(answers()[0].reason, "too-many-placements");
}

TEST_F(DoorTest, AClientThatDoesNotReadIsClosed) {
  open();
  tcp::socket socket(m_io);
  socket.open(tcp::v4());
  socket.set_option(boost::asio::socket_base::receive_buffer_size(4'096));
  socket.connect({boost::asio::ip::address_v4::loopback(), m_door->port()});
  wait_for([this] { return m_door->clients() == 1; }, "the client");
  // Each poll says a round of samples; kernel buffers take some megabytes first.
  for (int second = 1; m_door->clients() == 1 && second < 100'000; ++second) {
    m_world.set_demand(core::WorkloadName{"detector"}, core::Ppm{0});
    m_world.set_demand(core::WorkloadName{"big"}, core::Ppm{0});
    m_world.advance_to(core::Instant{} + core::seconds(second));
    m_door->poll();
    m_io.restart();
    m_io.poll();
  }
  EXPECT_EQ(m_door->clients(), 0U);
}

/// A door that says what the test wants.
TEST_F(DoorTest, ADoorThatDoesNotGreetProperlyIsLeft) {
  tcp::acceptor acceptor(m_io, {boost::asio::ip::address_v4::loopback(), 0});
  client(acceptor.local_endpoint().port());
  const std::string greetings[] = {
      R"({"type":"hello","version":2,"site":"plant"})",
      R"({"type":"placement","workload":"w","age_us":0,"rung":0,"ready":true})",
      "SSH-2.0-OpenSSH_9.2",
      "{\"type\":\"hello\",\"version\":1,\"site\":\"plant\"}\n"
      "{\"type\":\"hello\",\"version\":1,\"site\":\"plant\"}"};
  std::uint64_t broken = 0;
  for (const std::string& greeting : greetings) {
    std::optional<tcp::socket> socket;
    acceptor.async_accept(
        [&socket](boost::system::error_code, tcp::socket got) { socket = std::move(got); });
    wait_for([&] { return socket.has_value(); }, "the client");
    boost::asio::write(*socket, boost::asio::buffer(greeting + "\n"));
    ++broken;
    wait_for([&] { return m_client->counters().broken_lines == broken; }, "its refusal");
    EXPECT_FALSE(m_client->connected());
  }
  EXPECT_TRUE(m_posted.events.empty());
}

TEST_F(DoorTest, AnAddressThatIsTakenIsAnError) {
  open();
  const auto second =
      SiteDoor::open(m_io, testing::small_site(), [](const auto&) {}, {.port = m_door->port()});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "door-not-open");
  const auto nowhere = SiteDoor::open(m_io, testing::small_site(), [](const auto&) {},
                                      {.address = "not-an-address"});
  EXPECT_EQ(nowhere.error().code, "door-not-open");
}

TEST_F(DoorTest, ThePollTimerStreamsWithoutBeingAsked) {
  auto door = SiteDoor::open(m_io, testing::small_site(),
                             [this](const auto& use) {
                               m_world.advance_to(m_world.now() + core::seconds(1));
                               use(m_world);
                             },
                             {.poll_every = core::milliseconds(1)});
  m_door = std::move(*door);
  m_door->start();
  client(m_door->port());
  wait_for([this] { return m_posted.all<core::TargetSample>().size() >= 6; }, "three rounds");
}

TEST_F(DoorTest, AClientMayGoWhileItConnects) {
  open();
  client(m_door->port());
  m_client.reset();
  m_io.poll();
  client(1);  // nobody listens there
  m_io.restart();
  m_io.run_one_for(std::chrono::milliseconds(5));
  m_client.reset();
  m_io.restart();
  m_io.poll();
}

}  // namespace
}  // namespace wanwise::sim
