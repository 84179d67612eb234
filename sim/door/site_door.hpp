// The server side of the door: lets clients on loopback place workloads in a World and streams what
// happens there (sim/door/README.md). Runs in wanwise-router beside the emulated router; the world
// is reached through `with_world`, which brings it to the present and holds its lock while the
// given function runs. The io_context's thread only.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "engine/core/expected.hpp"
#include "engine/core/model.hpp"
#include "sim/door/line_connection.hpp"
#include "sim/door/site_watch.hpp"

namespace wanwise::sim {

struct SiteDoorOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;                  ///< 0: any free one; port() tells
  core::Micros period = core::seconds(1);  ///< of workload and target samples
  core::Micros poll_every = kWatchStep;    ///< 0: only when poll() is called
};

struct SiteDoorCounters {
  std::uint64_t accepted = 0;
  std::uint64_t turned_away = 0;   ///< over kMaxClients
  std::uint64_t broken_lines = 0;  ///< not understood, or too many; the client was closed
  std::uint64_t requests = 0;
  std::uint64_t lines_out = 0;  ///< to all clients
};

class SiteDoor {
 public:
  using WithWorld = std::function<void(const std::function<void(World&)>&)>;

  /// A daemon, a plan beside it, a doctor: more are a mistake.
  static constexpr std::size_t kMaxClients = 8;
  /// Requests without an answer: what can be under way, and as many refusals within one poll.
  static constexpr std::size_t kMaxAsked = 2 * kMaxPlacements;

  /// Listens at once.
  [[nodiscard]] static core::Expected<std::unique_ptr<SiteDoor>> open(boost::asio::io_context& io,
                                                                      const core::Model& model,
                                                                      WithWorld with_world,
                                                                      SiteDoorOptions options);
  ~SiteDoor();
  SiteDoor(const SiteDoor&) = delete;
  SiteDoor& operator=(const SiteDoor&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  void start();
  void stop();
  /// Looks at the world and tells every client what is news.
  void poll();

  [[nodiscard]] const SiteDoorCounters& counters() const { return m_counters; }
  [[nodiscard]] std::size_t clients() const { return m_clients.size(); }

 private:
  using ClientId = std::uint64_t;

  SiteDoor(boost::asio::io_context& io, const core::Model& model, WithWorld with_world,
           SiteDoorOptions options);
  core::Expected<void> listen();
  void accept();
  void welcome(boost::asio::ip::tcp::socket socket);
  bool take_line(ClientId client, std::string_view line);
  void say(LineConnection& client, const std::string& line);
  void tell(const core::EventBody& body, core::Instant now);
  void arm();

  const core::SiteName m_site;
  const WithWorld m_with_world;
  const SiteDoorOptions m_options;
  boost::asio::ip::tcp::acceptor m_acceptor;
  boost::asio::steady_timer m_timer;
  SiteWatch m_watch;
  std::map<ClientId, std::shared_ptr<LineConnection>> m_clients;
  /// Whose placement it is: our id to the client and its own id.
  std::map<core::ActionId, std::pair<ClientId, core::ActionId>> m_asked;
  ClientId m_last_client = 0;
  core::ActionId m_last_id = 0;
  SiteDoorCounters m_counters;
  /// Handlers that outlive the door hold it weakly. Declared last: it dies first.
  std::shared_ptr<SiteDoor*> m_self;
};

}  // namespace wanwise::sim
