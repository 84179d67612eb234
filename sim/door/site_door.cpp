#include "sim/door/site_door.hpp"

#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <vector>

#include "sim/door/door_codec.hpp"

namespace wanwise::sim {

using boost::asio::ip::tcp;
using boost::system::error_code;

core::Expected<std::unique_ptr<SiteDoor>> SiteDoor::open(boost::asio::io_context& io,
                                                         const core::Model& model,
                                                         WithWorld with_world,
                                                         SiteDoorOptions options) {
  std::unique_ptr<SiteDoor> door(
      new SiteDoor(io, model, std::move(with_world), std::move(options)));
  const core::Expected<void> listening = door->listen();
  if (!listening) return core::Unexpected<core::Error>{listening.error()};
  return door;
}

SiteDoor::SiteDoor(boost::asio::io_context& io, const core::Model& model, WithWorld with_world,
                   SiteDoorOptions options)
    : m_site(model.site.name),
      m_with_world(std::move(with_world)),
      m_options(std::move(options)),
      m_acceptor(io),
      m_timer(io),
      m_watch(model, m_options.period),
      m_self(std::make_shared<SiteDoor*>(this)) {}

SiteDoor::~SiteDoor() {
  stop();
}

core::Expected<void> SiteDoor::listen() {
  error_code error;
  const auto address = boost::asio::ip::make_address(m_options.address, error);
  if (error) return core::fail("door-not-open", m_options.address + ": " + error.message());
  const tcp::endpoint endpoint(address, m_options.port);
  m_acceptor.open(endpoint.protocol(), error);
  if (!error) m_acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) m_acceptor.bind(endpoint, error);
  if (!error) m_acceptor.listen(static_cast<int>(kMaxClients), error);
  if (error) {
    return core::fail("door-not-open", m_options.address + ":" + std::to_string(m_options.port) +
                                           ": " + error.message());
  }
  return {};
}

std::uint16_t SiteDoor::port() const {
  error_code ignored;
  return m_acceptor.local_endpoint(ignored).port();
}

void SiteDoor::start() {
  accept();
  if (m_options.poll_every.count > 0) arm();
}

void SiteDoor::stop() {
  error_code ignored;
  m_acceptor.close(ignored);
  m_timer.cancel();
  for (const auto& [id, client] : m_clients) client->close();
  m_clients.clear();
  m_asked.clear();
}

void SiteDoor::accept() {
  m_acceptor.async_accept(
      [weak = std::weak_ptr<SiteDoor*>(m_self)](error_code error, tcp::socket socket) {
        const auto self = weak.lock();
        if (!self || error == boost::asio::error::operation_aborted) return;
        if (!(*self)->m_acceptor.is_open()) return;
        if (!error) (*self)->welcome(std::move(socket));
        (*self)->accept();
      });
}

void SiteDoor::welcome(tcp::socket socket) {
  if (m_clients.size() == kMaxClients) {
    ++m_counters.turned_away;
    return;  // closes the socket
  }
  ++m_counters.accepted;
  const ClientId id = ++m_last_client;
  const auto client = std::make_shared<LineConnection>(std::move(socket));
  m_clients.emplace(id, client);
  const std::weak_ptr<SiteDoor*> weak = m_self;
  client->start(
      [weak, id](std::string_view line) {
        const auto self = weak.lock();
        return self && (*self)->take_line(id, line);
      },
      [weak, id](const std::string&) {
        if (const auto self = weak.lock()) (*self)->m_clients.erase(id);
      });
  say(*client, encode(DoorHello{kDoorVersion, m_site}));
  m_with_world([&](World& world) {
    for (const auto& known : {m_watch.placements(world), m_watch.targets(world)}) {
      for (const core::EventBody& body : known) say(*client, encode(body, world.now()));
    }
  });
}

bool SiteDoor::take_line(ClientId client, std::string_view line) {
  const auto request = decode_request(line);
  if (!request || m_asked.size() == kMaxAsked) {
    ++m_counters.broken_lines;
    return false;
  }
  ++m_counters.requests;
  const core::ActionId id = ++m_last_id;
  m_asked[id] = {client, request->id};
  m_with_world([&](World& world) {
    m_watch.submit(world, id, request->action, world.now() + request->within);
  });
  return true;
}

void SiteDoor::poll() {
  m_with_world([this](World& world) {
    for (const core::EventBody& body : m_watch.poll(world)) tell(body, world.now());
  });
}

void SiteDoor::say(LineConnection& client, const std::string& line) {
  client.send(line);
  ++m_counters.lines_out;
}

void SiteDoor::tell(const core::EventBody& body, core::Instant now) {
  const auto* done = std::get_if<core::ActionDone>(&body);
  if (done == nullptr) {
    const std::string line = encode(body, now);
    for (const auto& [id, client] : m_clients) say(*client, line);
    return;
  }
  const auto asked = m_asked.find(done->id);
  if (asked == m_asked.end()) return;
  const auto client = m_clients.find(asked->second.first);
  if (client != m_clients.end()) {
    core::ActionDone answer = *done;
    answer.id = asked->second.second;
    say(*client->second, encode(core::EventBody{answer}, now));
  }
  m_asked.erase(asked);
}

void SiteDoor::arm() {
  m_timer.expires_after(std::chrono::microseconds(m_options.poll_every.count));
  m_timer.async_wait([weak = std::weak_ptr<SiteDoor*>(m_self)](error_code error) {
    const auto self = weak.lock();
    if (!self || error || !(*self)->m_acceptor.is_open()) return;
    (*self)->poll();
    (*self)->arm();
  });
}

}  // namespace wanwise::sim
