// Stands between the clients and libnetconf2's own port, so that a connection can end where the
// library cannot end it: in the middle of a reply, or all at once with the port closed for a while
// (a restart of NETCONF). Bytes are passed on unread; SSH stays end to end. A connection is known
// by the port from which libnetconf2 sees it come. Its own thread; every method is thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "engine/core/expected.hpp"

namespace wanwise::router {

class Relay {
 public:
  /// How much of what was held back still reaches the client.
  enum class Share : std::uint8_t { nothing, half, all };

  /// Listens when it returns; `port` 0 picks a free one.
  [[nodiscard]] static core::Expected<std::unique_ptr<Relay>> open(const std::string& listen,
                                                                   std::uint16_t port,
                                                                   std::uint16_t inner_port);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /// What the router sends on the connection from now on is kept.
  void hold(std::uint16_t connection);
  /// Once the router is silent, the client gets its share of what was held, and the connection
  /// ends.
  void cut(std::uint16_t connection, Share share);
  /// False when the client has gone.
  [[nodiscard]] bool alive(std::uint16_t connection) const;
  /// Ends every connection now.
  void cut_all();
  /// Ends every connection and refuses new ones for so long.
  void refuse_for(std::chrono::milliseconds time);

 private:
  struct Impl;
  explicit Relay(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> m_impl;
};

}  // namespace wanwise::router
