// An HTTP server on loopback, on a port that is free, that serves pages of metrics and misbehaves
// when a test wants it to. On the test's own io_context and thread, so nothing in it is a race.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace wanwise::test {

class MetricsServer {
 public:
  explicit MetricsServer(boost::asio::io_context& io);
  ~MetricsServer();
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;

  [[nodiscard]] std::string url(const std::string& path = "/metrics",
                                const std::string& host = "127.0.0.1") const;

  /// Other paths are 404.
  void serve(const std::string& path, std::string page) { m_pages[path] = std::move(page); }
  /// Requests are answered with this status from now on, 200 again to serve pages.
  void answer_with(unsigned status) { m_status = status; }
  /// These bytes are sent instead of an answer; empty: answers again.
  void send_raw(std::string bytes) { m_raw = std::move(bytes); }
  /// Requests are read, and not answered.
  void hang(bool on) { m_hanging = on; }
  /// False: the server ends the connection after each answer.
  void keep_connections(bool on) { m_keeps = on; }
  /// Called with the number of the request, from 1, before it is answered.
  void before_answer(std::function<void(std::uint64_t)> call) { m_before = std::move(call); }

  /// Ends all connections; the server goes on.
  void drop_connections();
  /// As a killed process: nobody listens on the port until start().
  void stop();
  void start();

  [[nodiscard]] std::uint64_t connections() const { return m_connections; }
  [[nodiscard]] std::uint64_t requests() const { return m_requests; }
  [[nodiscard]] const std::string& authorization() const { return m_authorization; }
  [[nodiscard]] const std::string& host() const { return m_host; }

 private:
  class Connection;
  void accept();

  boost::asio::ip::tcp::acceptor m_acceptor;
  std::uint16_t m_port = 0;
  std::set<std::shared_ptr<Connection>> m_open;
  std::map<std::string, std::string> m_pages;
  std::function<void(std::uint64_t)> m_before;
  std::string m_raw;
  unsigned m_status = 200;
  bool m_hanging = false;
  bool m_keeps = true;
  std::uint64_t m_connections = 0;
  std::uint64_t m_requests = 0;
  std::string m_authorization;
  std::string m_host;
};

}  // namespace wanwise::test
