// The northbound HTTP/1.1 server (README.md lists its paths). Lives on the caller's io_context and
// has no thread of its own; every method, and every call of the Source, is on the thread that runs
// that io_context. Bounded in all directions: see Limits. No authentication: it listens on the
// loopback unless told otherwise.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "adapters/http/source.hpp"
#include "engine/core/expected.hpp"

namespace wanwise::http {

/// Clear of what stands on such a machine: k3s (6443, 8472, 10250), exporters (9100), NETCONF
/// (830).
inline constexpr std::uint16_t kDefaultPort = 8480;

struct Limits {
  /// One scrape, some CLIs, a few pages: 32 leaves room, and keeps descriptors and memory small.
  std::size_t connections = 32;
  /// Browsers send up to 1-2 KiB, with cookies more; the common servers' limit is 8 KiB.
  std::uint32_t header_bytes = 8 * 1024;
  /// The longest body the API knows has some 60 bytes.
  std::uint64_t body_bytes = 1024;
  /// What is read and thrown away behind an error, so that the client gets to read the error.
  std::size_t discard_bytes = 64 * 1024;
  /// From the end of the last answer to the end of the next request. Prometheus scrapes every 15 s
  /// by default: twice that keeps its connection.
  std::chrono::milliseconds request_deadline{30'000};
  /// For the client to take an answer.
  std::chrono::milliseconds write_deadline{10'000};
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = kDefaultPort;  ///< 0: any free
  /// Names a request's Host header may carry besides `address` and, on the loopback, "localhost",
  /// "127.0.0.1" and "[::1]". Off the loopback, empty means any.
  std::vector<std::string> hosts;
  Limits limits;
};

struct ServerCounters {
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;  ///< connections over the limit: told 503 and closed
  std::uint64_t accept_errors = 0;
  std::uint64_t requests = 0;  ///< whole and well-formed
  std::uint64_t malformed = 0;
  std::uint64_t too_large = 0;  ///< header or body over the limit
  std::uint64_t deadlines = 0;  ///< request or answer took too long
  bool operator==(const ServerCounters&) const = default;
};

class Server {
 public:
  /// Listens at once; errors `bad-address` and `listen-failed`. The io_context and the Source must
  /// outlive the server.
  static core::Expected<std::unique_ptr<Server>> listen(boost::asio::io_context& io, Source& source,
                                                        ServerOptions options = {});
  ~Server();  ///< stops
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] ServerCounters counters() const;
  [[nodiscard]] std::size_t connections() const;

  /// Closes the listener and every connection; the Source is not asked any more. May be repeated.
  void stop();

 private:
  class Listener;
  explicit Server(std::shared_ptr<Listener> listener);
  std::shared_ptr<Listener> m_listener;
};

}  // namespace wanwise::http
