#include "tests/support/tcp_proxy.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <future>
#include <limits>
#include <set>
#include <thread>
#include <utility>

namespace wanwise::test {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

class TcpProxy::Impl {
 public:
  explicit Impl(std::uint16_t target_port)
      : m_acceptor(m_io, {asio::ip::address_v4::loopback(), 0}), m_target(target_port) {
    m_port = m_acceptor.local_endpoint().port();
    accept();
    m_thread = std::thread{[this] { m_io.run(); }};
  }

  ~Impl() {
    run([this] {
      m_acceptor.close();
      cut();
    });
    m_work.reset();
    m_io.stop();
    m_thread.join();
  }

  /// On the proxy's thread, and waited for.
  void run(const std::function<void()>& what) {
    std::promise<void> done;
    asio::post(m_io, [&] {
      what();
      done.set_value();
    });
    done.get_future().wait();
  }

  void cut() {
    for (const auto& pair : m_pairs) {
      error_code ignored;
      pair->client.close(ignored);
      pair->server.close(ignored);
    }
    m_pairs.clear();
  }

  static constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();
  std::uint16_t m_port = 0;
  std::size_t m_allowance = kUnlimited;  ///< bytes the servers may still send
  void set_target(std::uint16_t port) { m_target = port; }

 private:
  struct Pair {
    explicit Pair(asio::io_context& io) : client(io), server(io) {}
    tcp::socket client, server;
    std::array<char, 16384> up, down;
  };

  void accept() {
    const auto pair = std::make_shared<Pair>(m_io);
    m_acceptor.async_accept(pair->client, [this, pair](const error_code& error) {
      if (error) return;
      pair->server.async_connect({asio::ip::address_v4::loopback(), m_target},
                                 [this, pair](const error_code& failed) {
                                   if (failed) return;
                                   m_pairs.insert(pair);
                                   pump(pair, true);
                                   pump(pair, false);
                                 });
      accept();
    });
  }

  void pump(const std::shared_ptr<Pair>& pair, bool upwards) {
    tcp::socket& from = upwards ? pair->client : pair->server;
    tcp::socket& to = upwards ? pair->server : pair->client;
    auto& bytes = upwards ? pair->up : pair->down;
    from.async_read_some(asio::buffer(bytes), [this, pair, upwards, &to, &bytes](error_code error,
                                                                                 std::size_t size) {
      if (error) return end(pair);
      if (!upwards && m_allowance != kUnlimited) {
        size = std::min(size, m_allowance);
        m_allowance -= size;
        if (size == 0) return;  // frozen: nothing more is even read
      }
      asio::async_write(to, asio::buffer(bytes, size),
                        [this, pair, upwards](const error_code& failed, std::size_t) {
                          if (failed) return end(pair);
                          pump(pair, upwards);
                        });
    });
  }

  void end(const std::shared_ptr<Pair>& pair) {
    error_code ignored;
    pair->client.close(ignored);
    pair->server.close(ignored);
    m_pairs.erase(pair);
  }

  asio::io_context m_io;
  asio::executor_work_guard<asio::io_context::executor_type> m_work{m_io.get_executor()};
  tcp::acceptor m_acceptor;
  std::uint16_t m_target;
  std::set<std::shared_ptr<Pair>> m_pairs;
  std::thread m_thread;
};

TcpProxy::TcpProxy(std::uint16_t target_port) : m_impl(std::make_unique<Impl>(target_port)) {}
TcpProxy::~TcpProxy() = default;

std::uint16_t TcpProxy::port() const {
  return m_impl->m_port;
}

void TcpProxy::set_target(std::uint16_t port) {
  m_impl->run([&] { m_impl->set_target(port); });
}

void TcpProxy::freeze_after(std::size_t bytes) {
  m_impl->run([&] { m_impl->m_allowance = bytes; });
}

void TcpProxy::thaw() {
  m_impl->run([&] { m_impl->m_allowance = Impl::kUnlimited; });
}

void TcpProxy::cut() {
  m_impl->run([&] { m_impl->cut(); });
}

}  // namespace wanwise::test
