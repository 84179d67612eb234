#include "sim/router/faults/relay.hpp"

#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <map>
#include <mutex>
#include <thread>

namespace wanwise::router {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// A reply leaves libnetconf2 in several writes without a pause between them; on loopback each is
// here within a millisecond, so this much silence ends it.
constexpr milliseconds kQuiet{20};
// A port that is still taken when a restart ends is tried again so soon.
constexpr milliseconds kReopenStep{20};

}  // namespace

struct Relay::Impl {
  struct Connection : std::enable_shared_from_this<Connection> {
    Connection(Impl& owner_, tcp::socket client_)
        : owner(owner_), client(std::move(client_)), inner(owner_.io), quiet(owner_.io) {}

    void start() {
      auto self = shared_from_this();
      inner.async_connect({asio::ip::address_v4::loopback(), owner.inner_port},
                          [self](const boost::system::error_code& failed) {
                            if (failed) return self->end();
                            self->key = self->inner.local_endpoint().port();
                            self->owner.add(self);
                            self->inner.set_option(tcp::no_delay(true));
                            self->client.set_option(tcp::no_delay(true));
                            self->upstream();
                            self->downstream();
                          });
    }

    void upstream() {
      auto self = shared_from_this();
      client.async_read_some(
          asio::buffer(up), [self](const boost::system::error_code& failed, std::size_t got) {
            if (failed) return self->end();
            asio::async_write(self->inner, asio::buffer(self->up.data(), got),
                              [self](const boost::system::error_code& lost, std::size_t) {
                                return lost ? self->end() : self->upstream();
                              });
          });
    }

    void downstream() {
      auto self = shared_from_this();
      inner.async_read_some(
          asio::buffer(down), [self](const boost::system::error_code& failed, std::size_t got) {
            if (failed) return self->end();
            self->last_byte = steady_clock::now();
            if (self->holding) {
              self->held.append(self->down.data(), got);
              return self->downstream();
            }
            asio::async_write(self->client, asio::buffer(self->down.data(), got),
                              [self](const boost::system::error_code& lost, std::size_t) {
                                return lost ? self->end() : self->downstream();
                              });
          });
    }

    void cut_when_quiet(Share share) {
      auto self = shared_from_this();
      quiet.expires_after(kQuiet);
      quiet.async_wait([self, share](const boost::system::error_code& stopped) {
        if (stopped) return;
        if (steady_clock::now() - self->last_byte < kQuiet) return self->cut_when_quiet(share);
        self->finish(share);
      });
    }

    void finish(Share share) {
      switch (share) {
        case Share::nothing:
          held.clear();
          break;
        case Share::half:
          held.resize(held.size() / 2);
          break;
        case Share::all:
          break;
      }
      auto self = shared_from_this();
      asio::async_write(client, asio::buffer(held),
                        [self](const boost::system::error_code&, std::size_t) { self->end(); });
    }

    void end() {
      boost::system::error_code ignored;
      quiet.cancel();
      client.shutdown(tcp::socket::shutdown_both, ignored);
      client.close(ignored);
      inner.close(ignored);
      owner.remove(key);
    }

    Impl& owner;
    tcp::socket client;
    tcp::socket inner;
    asio::steady_timer quiet;
    std::uint16_t key = 0;
    std::atomic<bool> holding = false;
    std::string held;
    steady_clock::time_point last_byte{};
    std::array<char, 16'384> up{};
    std::array<char, 16'384> down{};
  };

  explicit Impl(std::uint16_t inner) : inner_port(inner) {}

  boost::system::error_code listen() {
    boost::system::error_code failed;
    acceptor.open(endpoint.protocol(), failed);
    if (!failed) acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
    if (!failed) acceptor.bind(endpoint, failed);
    if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
    if (!failed) {
      endpoint.port(acceptor.local_endpoint().port());
      accept();
    } else {
      boost::system::error_code ignored;
      acceptor.close(ignored);
    }
    return failed;
  }

  void accept() {
    acceptor.async_accept([this](const boost::system::error_code& failed, tcp::socket client) {
      if (failed == asio::error::operation_aborted || !acceptor.is_open()) return;
      if (!failed) std::make_shared<Connection>(*this, std::move(client))->start();
      accept();
    });
  }

  void end_all() {
    std::map<std::uint16_t, std::shared_ptr<Connection>> all;
    {
      const std::lock_guard lock(mutex);
      all.swap(connections);
    }
    for (auto& [key, connection] : all) connection->end();
  }

  void reopen_after(milliseconds time) {
    reopen.expires_after(time);
    reopen.async_wait([this](const boost::system::error_code& stopped) {
      if (!stopped && !acceptor.is_open() && listen()) reopen_after(kReopenStep);
    });
  }

  std::shared_ptr<Connection> find(std::uint16_t key) const {
    const std::lock_guard lock(mutex);
    const auto found = connections.find(key);
    return found == connections.end() ? nullptr : found->second;
  }
  void add(const std::shared_ptr<Connection>& connection) {
    const std::lock_guard lock(mutex);
    connections[connection->key] = connection;
  }
  void remove(std::uint16_t key) {
    const std::lock_guard lock(mutex);
    connections.erase(key);
  }

  asio::io_context io{1};
  tcp::endpoint endpoint;
  const std::uint16_t inner_port;
  tcp::acceptor acceptor{io};
  asio::steady_timer reopen{io};
  mutable std::mutex mutex;  ///< of the map; everything else belongs to the thread
  std::map<std::uint16_t, std::shared_ptr<Connection>> connections;
  std::thread thread;
};

Relay::Relay(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {
  m_impl->thread = std::thread([own = m_impl.get()] { own->io.run(); });
}

Relay::~Relay() {
  m_impl->io.stop();
  m_impl->thread.join();
}

core::Expected<std::unique_ptr<Relay>> Relay::open(const std::string& listen, std::uint16_t port,
                                                   std::uint16_t inner_port) {
  boost::system::error_code failed;
  auto impl = std::make_unique<Impl>(inner_port);
  impl->endpoint = {asio::ip::make_address_v4(listen, failed), port};
  if (failed) {
    return core::fail("cannot-listen", listen + ": no address of this machine");
  }
  if (failed = impl->listen(); failed) {
    return core::fail("cannot-listen",
                      listen + ":" + std::to_string(port) + ": " + failed.message());
  }
  return std::unique_ptr<Relay>(new Relay(std::move(impl)));
}

std::uint16_t Relay::port() const {
  return m_impl->endpoint.port();
}

void Relay::hold(std::uint16_t connection) {
  if (auto found = m_impl->find(connection)) found->holding = true;
}

void Relay::cut(std::uint16_t connection, Share share) {
  if (auto found = m_impl->find(connection)) {
    asio::post(m_impl->io, [found, share] { found->cut_when_quiet(share); });
  }
}

bool Relay::alive(std::uint16_t connection) const {
  return m_impl->find(connection) != nullptr;
}

void Relay::cut_all() {
  asio::post(m_impl->io, [own = m_impl.get()] { own->end_all(); });
}

void Relay::refuse_for(milliseconds time) {
  asio::post(m_impl->io, [own = m_impl.get(), time] {
    boost::system::error_code ignored;
    own->acceptor.close(ignored);
    own->end_all();
    own->reopen_after(time);
  });
}

}  // namespace wanwise::router
