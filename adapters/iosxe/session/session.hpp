// A NETCONF session, as the rest of the adapter sees it: connect, ask with a deadline, hear
// notifications, close. Knows nothing of SSH or XML libraries, so that a second transport can stand
// behind it. Everything happens on one executor, which one thread runs; many sessions may share it.
// Ownership: shared, because requests under way keep their session until they have ended.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "adapters/iosxe/config.hpp"
#include "adapters/iosxe/session/hello.hpp"
#include "engine/core/expected.hpp"

namespace wanwise::iosxe {

using Deadline = std::chrono::steady_clock::time_point;

/// Contract (the same for every implementation):
/// - connect() once, first. It ends by its deadline with the router's hello, or with a named error
///   and a closed session.
/// - rpc() ends by its deadline. A reply that is late or never ends closes the session: nothing
/// sent
///   later could be told from it. An <rpc-error> is a reply like any other.
/// - After close(), or a failure, everything under way ends at once with an error and no handler is
///   called any more, but for on_closed once after a failure of a connected session.
class Session {
 public:
  struct Handlers {
    std::function<void(std::string)> on_notification;  ///< the XML text
    std::function<void(core::Error)> on_closed;
  };

  virtual ~Session() = default;
  [[nodiscard]] virtual boost::asio::awaitable<core::Expected<Hello>> connect(
      Deadline deadline) = 0;
  /// `operation` is what stands inside <rpc>; the result is the whole <rpc-reply>.
  [[nodiscard]] virtual boost::asio::awaitable<core::Expected<std::string>> rpc(
      std::string operation, Deadline deadline) = 0;
  virtual void close() = 0;
};

using SessionFactory = std::function<std::shared_ptr<Session>(boost::asio::any_io_executor,
                                                              const SshAccess&, Session::Handlers)>;

}  // namespace wanwise::iosxe
