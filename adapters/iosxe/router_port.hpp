// ports::Router over NETCONF to IOS XE: keeps a session with one router, posts what it reads, and
// carries out ApplyQos. Several routers share one io_context and its one thread. The methods may be
// called from another thread (the runtime's); they hand over and return at once. The clock must
// outlive the io_context's run; the sink may go after stop() has returned.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "adapters/iosxe/config.hpp"
#include "adapters/iosxe/degradations.hpp"
#include "adapters/iosxe/release/capabilities.hpp"
#include "adapters/iosxe/session/session.hpp"
#include "adapters/iosxe/write/preview.hpp"
#include "adapters/iosxe/xml/schema.hpp"
#include "engine/core/expected.hpp"
#include "engine/ports/clock.hpp"
#include "engine/ports/router.hpp"

namespace wanwise::iosxe {

/// Writes that wait behind the one under way. The engine sends the next desired state when it knows
/// how the last one ended, so more than a few is a fault and is refused as "busy".
inline constexpr std::size_t kMaxWaitingWrites = 8;

class RouterPort final : public ports::Router {
 public:
  /// name-collision when two classes or two links of the configuration could not be told apart on
  /// the router.
  [[nodiscard]] static core::Expected<std::unique_ptr<RouterPort>> create(
      boost::asio::any_io_executor executor, const ports::Clock& clock, RouterConfig config,
      std::shared_ptr<const Schema> schema, SessionFactory factory);

  ~RouterPort() override;

  void start(ports::EventSink& sink) override;
  void submit(core::ActionId id, const core::ApplyQos& action, core::Instant deadline) override;
  void stop() override;

  /// What an ApplyQos of `desired` would send now, by the configuration as it was last read;
  /// not-connected before it was.
  [[nodiscard]] core::Expected<Preview> preview(const core::RouterQos& desired) const;
  /// What does not work as it should, by name; see degradations.hpp.
  [[nodiscard]] Degradations degradations() const;
  /// What the router and the session can do, as of the last connection.
  [[nodiscard]] RouterCapabilities capabilities() const;

 private:
  class Loop;  // router_loop.hpp
  explicit RouterPort(std::shared_ptr<Loop> loop);
  std::shared_ptr<Loop> m_loop;
};

}  // namespace wanwise::iosxe
