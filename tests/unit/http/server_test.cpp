#include "adapters/http/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <memory>

#include "tests/unit/http/fixtures.hpp"

namespace wanwise::http {
namespace {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;
using testing::HasSubstr;
using testing::StartsWith;

/// A client of raw bytes on the server's own io_context. Its pending read keeps it alive.
class RawClient : public std::enable_shared_from_this<RawClient> {
 public:
  RawClient(asio::io_context& io, std::uint16_t port) : m_socket(io) {
    m_socket.connect({asio::ip::address_v4::loopback(), port});
  }

  void read() {
    m_socket.async_read_some(asio::buffer(m_chunk),
                             [self = shared_from_this()](auto ec, std::size_t n) {
                               self->received.append(self->m_chunk.data(), n);
                               if (ec) {
                                 self->ended = true;
                               } else {
                                 self->read();
                               }
                             });
  }

  /// The kernel's buffer takes what tests send; a peer that closed already is no matter.
  void send(const std::string& bytes) {
    boost::system::error_code ignored;
    asio::write(m_socket, asio::buffer(bytes), ignored);
  }
  void close() { m_socket.close(); }

  std::string received;
  bool ended = false;

 private:
  Tcp::socket m_socket;
  std::array<char, 4096> m_chunk{};
};

class HttpServer : public testing::Test {
 protected:
  asio::io_context io;
  FakeSource source;
  std::unique_ptr<Server> server;

  void start(Limits limits = {}) {
    ServerOptions options;
    options.port = 0;
    options.limits = limits;
    auto listening = Server::listen(io, source, options);
    ASSERT_TRUE(listening) << listening.error().message;
    server = std::move(listening).value();
  }

  /// Runs the io_context until `done`, at most ten seconds.
  void run_until(const std::function<bool()>& done) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!done() && std::chrono::steady_clock::now() < deadline) {
      io.restart();
      io.run_one_until(deadline);
    }
    ASSERT_TRUE(done());
  }

  std::shared_ptr<RawClient> connect() {
    auto client = std::make_shared<RawClient>(io, server->port());
    client->read();
    return client;
  }

  /// Sends the bytes on a new connection and returns everything until the server ends it.
  std::string exchange(const std::string& bytes) {
    const auto client = connect();
    client->send(bytes);
    run_until([&] { return client->ended; });
    return client->received;
  }

  std::string get(const std::string& path) {
    return exchange("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  }
};

TEST_F(HttpServer, ListensOnAFreePortOfTheLoopback) {
  start();
  EXPECT_NE(server->port(), 0);
}

TEST_F(HttpServer, ServesEveryPath) {
  start();
  for (const char* path :
       {"/v1/status", "/v1/explain/people-counting", "/v1/history", "/metrics", "/healthz"}) {
    EXPECT_THAT(get(path), StartsWith("HTTP/1.1 200 OK\r\n")) << path;
  }
  EXPECT_THAT(get("/nowhere"), StartsWith("HTTP/1.1 404 Not Found\r\n"));
  EXPECT_EQ(server->counters().requests, 6U);
  EXPECT_EQ(server->counters().accepted, 6U);
}

TEST_F(HttpServer, TakesADrain) {
  start();
  const std::string answer = exchange(
      "POST /v1/drain/tx2 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
      "Content-Type: application/json\r\nContent-Length: 14\r\n\r\n{\"drain\":true}");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 202 Accepted\r\n"));
  EXPECT_EQ(source.drained.size(), 1U);
}

TEST_F(HttpServer, KeepsTheConnectionForMoreRequests) {
  start();
  const auto client = connect();
  client->send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
  run_until([&] { return client->received.ends_with("true}\n"); });
  client->received.clear();
  // Two more at once.
  client->send(
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
      "GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  run_until([&] { return client->ended; });
  EXPECT_THAT(client->received, HasSubstr("HTTP/1.1 200 OK"));
  EXPECT_THAT(client->received, HasSubstr("HTTP/1.1 404 Not Found"));
  EXPECT_EQ(server->counters().accepted, 1U);
  EXPECT_EQ(server->counters().requests, 3U);
}

TEST_F(HttpServer, AnOldClientIsAnsweredAndClosed) {
  start();
  EXPECT_THAT(exchange("GET /healthz HTTP/1.0\r\n\r\n"), StartsWith("HTTP/1.0 200 OK\r\n"));
}

TEST_F(HttpServer, AnOversizedHeaderIsRefused) {
  start();
  const std::string answer =
      exchange("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(answer, HasSubstr(R"("code":"header-too-large")"));
  EXPECT_EQ(server->counters().too_large, 1U);
}

TEST_F(HttpServer, AnOversizedBodyIsRefusedBeforeItIsRead) {
  start();
  const std::string head =
      "POST /v1/drain/tx2 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
  EXPECT_THAT(exchange(head + "Content-Length: 5000\r\n\r\n" + std::string(5000, ' ')),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(exchange(head + "Transfer-Encoding: chunked\r\n\r\n1000\r\n" +
                       std::string(0x1000, ' ') + "\r\n0\r\n\r\n"),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_EQ(server->counters().too_large, 2U);
  EXPECT_TRUE(source.drained.empty());
}

TEST_F(HttpServer, AClientThatNeverStopsSendingIsCutOff) {
  Limits limits;
  limits.discard_bytes = 8 * 1024;
  start(limits);
  EXPECT_THAT(exchange("POST /v1/drain/tx2 HTTP/1.1\r\nHost: localhost\r\n"
                       "Content-Length: 999999999\r\n\r\n" +
                       std::string(60'000, ' ')),
              testing::AnyOf(StartsWith("HTTP/1.1 413 "), ""));  // "": reset while still sending
  run_until([&] { return server->connections() == 0; });
}

TEST_F(HttpServer, GarbageIsABadRequest) {
  start();
  for (const std::string& bytes :
       {std::string{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"},  // a TLS hello
        std::string{"hello\r\n\r\n"}, std::string{"GET  HTTP/1.1\r\n\r\n"},
        std::string{"GET / HTTP/9.9\r\n\r\n"}, std::string("\0\0\0\0\r\n\r\n", 8),
        std::string{"GET / HTTP/1.1\r\nHost localhost\r\n\r\n"},
        std::string{"POST /v1/drain/tx2 HTTP/1.1\r\nContent-Length: -1\r\n\r\n"}}) {
    EXPECT_THAT(exchange(bytes), StartsWith("HTTP/1.1 400 Bad Request\r\n")) << bytes;
  }
  EXPECT_EQ(server->counters().malformed, 7U);
  EXPECT_EQ(server->counters().requests, 0U);
  EXPECT_EQ(source.asked, 0);
}

TEST_F(HttpServer, AClientThatLeavesInTheMiddleIsForgotten) {
  start();
  const auto client = connect();
  client->send("GET /v1/status HTT");
  run_until([&] { return server->connections() == 1; });
  client->close();
  run_until([&] { return server->connections() == 0; });
  EXPECT_EQ(server->counters().malformed, 0U);
}

TEST_F(HttpServer, ARequestThatTricklesInIsEndedAtItsDeadline) {
  Limits limits;
  limits.request_deadline = std::chrono::milliseconds(50);
  start(limits);
  const auto client = connect();
  client->send("GET /healthz HTTP/1.1\r\nX: ");
  // Each byte the server takes makes the next one follow: never silent, never done.
  asio::steady_timer drip{io};
  std::function<void()> next = [&] {
    drip.expires_after(std::chrono::milliseconds(5));
    drip.async_wait([&](auto ec) {
      if (ec || client->ended) return;
      client->send("a");
      next();
    });
  };
  next();
  run_until([&] { return client->ended; });
  EXPECT_EQ(client->received, "");
  EXPECT_EQ(server->counters().deadlines, 1U);
  EXPECT_EQ(server->counters().requests, 0U);
  run_until([&] { return server->connections() == 0; });
}

TEST_F(HttpServer, AnIdleConnectionIsEndedAtItsDeadline) {
  Limits limits;
  limits.request_deadline = std::chrono::milliseconds(50);
  start(limits);
  const auto client = connect();
  client->send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
  run_until([&] { return client->ended; });
  EXPECT_THAT(client->received, StartsWith("HTTP/1.1 200 OK"));
  EXPECT_EQ(server->counters().deadlines, 1U);
}

TEST_F(HttpServer, ConnectionsOverTheLimitAreTurnedAway) {
  Limits limits;
  limits.connections = 4;
  start(limits);
  std::vector<std::shared_ptr<RawClient>> clients;
  for (int i = 0; i < 4; ++i) clients.push_back(connect());
  run_until([&] { return server->connections() == 4; });
  for (int i = 0; i < 20; ++i) {
    const std::string answer = exchange("");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
    const auto body = answer.find("\r\n\r\n") + 4;
    EXPECT_THAT(answer, HasSubstr("Content-Length: " + std::to_string(answer.size() - body)));
  }
  EXPECT_EQ(server->connections(), 4U);
  EXPECT_EQ(server->counters().refused, 20U);
  // The four are served, and room that comes free is used.
  clients[0]->close();
  run_until([&] { return server->connections() == 3; });
  EXPECT_THAT(get("/healthz"), StartsWith("HTTP/1.1 200 OK"));
  clients[1]->send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  run_until([&] { return clients[1]->ended; });
  EXPECT_THAT(clients[1]->received, StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(HttpServer, StopEndsEveryConnectionAndAsksNobody) {
  start();
  const auto idle = connect();
  run_until([&] { return server->connections() == 1; });
  const int asked = source.asked;
  idle->send("GET /v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n");
  server->stop();
  server->stop();
  run_until([&] { return idle->ended && server->connections() == 0; });
  EXPECT_EQ(source.asked, asked);
  boost::system::error_code ec;
  Tcp::socket late{io};
  late.connect({asio::ip::address_v4::loopback(), server->port()}, ec);
  EXPECT_TRUE(ec);
}

TEST_F(HttpServer, NothingIsLeftToRunOnceItIsGone) {
  start();
  const auto client = connect();
  run_until([&] { return server->connections() == 1; });
  server.reset();
  io.restart();
  io.run();  // ends only when nothing is pending any more
  EXPECT_TRUE(client->ended);
}

TEST_F(HttpServer, APortInUseIsNamed) {
  start();
  ServerOptions options;
  options.port = server->port();
  const auto second = Server::listen(io, source, options);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "listen-failed");
  EXPECT_THAT(second.error().message,
              HasSubstr("127.0.0.1:" + std::to_string(options.port) + ": Address already in use"));
}

TEST_F(HttpServer, AnAddressThatIsNoneIsNamed) {
  ServerOptions options;
  options.address = "everywhere";
  const auto listening = Server::listen(io, source, options);
  ASSERT_FALSE(listening);
  EXPECT_EQ(listening.error().code, "bad-address");
}

}  // namespace
}  // namespace wanwise::http
