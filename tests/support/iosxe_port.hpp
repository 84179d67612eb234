// The real RouterPort on a thread of its own, talking to a router process on loopback with short
// waits: for tests of what it writes. One object is one wanwise; it ends with the object.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "adapters/iosxe/router_port.hpp"
#include "tests/support/event_recorder.hpp"
#include "tests/support/machine_clock.hpp"

namespace wanwise::test {

/// Where the router is and how to log in.
struct RouterAddress {
  std::uint16_t port = 0;
  std::string user;
  std::string host_key;
  std::string private_key;
};

/// The site of samples.hpp with waits for a router on loopback: it reads its configuration and,
/// unless told otherwise, nothing periodically.
[[nodiscard]] iosxe::RouterConfig loopback_config(const RouterAddress& router);

class IosxePort {
 public:
  enum class Start : std::uint8_t { now, later };
  explicit IosxePort(iosxe::RouterConfig config, Start start = Start::now);
  ~IosxePort();
  IosxePort(const IosxePort&) = delete;
  IosxePort& operator=(const IosxePort&) = delete;

  void start() { m_port->start(m_sink); }
  [[nodiscard]] EventRecorder& sink() { return m_sink; }
  [[nodiscard]] iosxe::RouterPort& port() { return *m_port; }
  [[nodiscard]] core::Instant now() const { return m_clock.now(); }
  void submit(core::ActionId id, const core::RouterQos& qos, std::chrono::milliseconds patience);
  /// The answer to it; nothing when it does not come.
  [[nodiscard]] std::optional<core::ActionDone> apply(const core::RouterQos& qos,
                                                      std::chrono::milliseconds patience);
  /// Waits for the session and for the configuration read on it.
  [[nodiscard]] bool settles();

 private:
  MachineClock m_clock;
  EventRecorder m_sink;
  boost::asio::io_context m_io;
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> m_work;
  std::unique_ptr<iosxe::RouterPort> m_port;
  std::thread m_thread;
  core::ActionId m_last_id = 0;
};

}  // namespace wanwise::test
