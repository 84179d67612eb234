#include "adapters/http/client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <thread>

#include "adapters/http/json.hpp"
#include "tests/unit/http/fixtures.hpp"

namespace wanwise::http {
namespace {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;
using testing::HasSubstr;

/// The server on a thread of its own, as in the daemon's process.
class HttpClient : public testing::Test {
 protected:
  void SetUp() override {
    ServerOptions options;
    options.port = 0;
    server = std::move(Server::listen(io, source, options)).value();
    endpoint.port = server->port();
    thread = std::thread{[this] { io.run(); }};
  }
  void TearDown() override {
    asio::post(io, [this] { server->stop(); });
    thread.join();
  }

  asio::io_context io;
  FakeSource source;
  std::unique_ptr<Server> server;
  Endpoint endpoint;
  std::thread thread;
};

TEST_F(HttpClient, GetsTheStatus) {
  const auto body = get(endpoint, "/v1/status");
  ASSERT_TRUE(body) << body.error().message;
  const auto status = parse_status(*body);
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(status->workloads.size(), 2U);
}

TEST_F(HttpClient, FindsTheLoopbackByName) {
  endpoint.host = "localhost";
  EXPECT_TRUE(get(endpoint, "/healthz"));
}

TEST_F(HttpClient, PostsADrain) {
  EXPECT_TRUE(post(endpoint, "/v1/drain/" + encode_segment("tx2"), R"({"drain":true})"));
}

TEST_F(HttpClient, TellsTheServersErrorWithWhatIsAllowed) {
  const auto body = get(endpoint, "/v1/explain/" + encode_segment("gh ost"));
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error(), (core::Error{"unknown-workload",
                                       "no workload 'gh ost' (allowed: people-counting, voice)"}));
}

/// Takes one connection on a free port, sends `answer` and holds or closes it.
class OddServer {
 public:
  OddServer(std::string answer, bool then_close)
      : m_acceptor(m_io, {asio::ip::address_v4::loopback(), 0}) {
    m_thread = std::thread{[this, answer, then_close] {
      Tcp::socket socket{m_io};
      boost::system::error_code ignored;
      m_acceptor.accept(socket, ignored);
      asio::write(socket, asio::buffer(answer), ignored);
      if (then_close) socket.shutdown(Tcp::socket::shutdown_send, ignored);
      std::array<char, 256> chunk{};
      while (!ignored) socket.read_some(asio::buffer(chunk), ignored);  // until the client leaves
    }};
  }
  ~OddServer() { m_thread.join(); }
  [[nodiscard]] Endpoint endpoint() const {
    return {"127.0.0.1", m_acceptor.local_endpoint().port()};
  }

 private:
  asio::io_context m_io;
  Tcp::acceptor m_acceptor;
  std::thread m_thread;
};

TEST(HttpClientTrouble, NobodyListening) {
  std::uint16_t port = 0;
  {
    asio::io_context io;
    Tcp::acceptor free{io, {asio::ip::address_v4::loopback(), 0}};
    port = free.local_endpoint().port();
  }
  const auto body = get({"127.0.0.1", port}, "/v1/status");
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().code, "connect-refused");
  EXPECT_THAT(body.error().message, HasSubstr("is `wanwise run` running?"));
}

TEST(HttpClientTrouble, ASilentServerMeetsTheDeadline) {
  OddServer server{"HTTP/1.1 200 OK\r\n", false};
  const auto body = get(server.endpoint(), "/v1/status", std::chrono::milliseconds(50));
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().code, "deadline-exceeded");
}

TEST(HttpClientTrouble, ABrokenOffAnswer) {
  OddServer server{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", true};
  const auto body = get(server.endpoint(), "/v1/status");
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().code, "connection-lost");
}

TEST(HttpClientTrouble, AnotherProtocol) {
  OddServer server{"SSH-2.0-OpenSSH_9.2\r\n\r\n", true};
  const auto body = get(server.endpoint(), "/v1/status");
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().code, "bad-response");
}

TEST(HttpClientTrouble, AnAnswerWithoutEnd) {
  OddServer server{"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", true};
  const auto body = get(server.endpoint(), "/v1/status");
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().code, "response-too-large");
}

TEST(HttpClientTrouble, AnErrorThatIsNotOurs) {
  OddServer server{"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 4\r\n\r\noops", true};
  const auto body = get(server.endpoint(), "/v1/status");
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().code, "bad-response");
  EXPECT_THAT(body.error().message, HasSubstr("status 502"));
}

TEST(HttpClientTrouble, AHostThatIsNone) {
  const auto body = get({"no host", 1}, "/v1/status");
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().code, "host-unknown");
}

TEST(EncodeSegment, EncodesAllButUnreserved) {
  EXPECT_EQ(encode_segment("people-counting_2.x~"), "people-counting_2.x~");
  EXPECT_EQ(encode_segment("a/b c?é"), "a%2Fb%20c%3F%C3%A9");
}

}  // namespace
}  // namespace wanwise::http
