#include "adapters/iosxe/router_port.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "adapters/iosxe/router_loop.hpp"

namespace wanwise::iosxe {

core::Expected<std::unique_ptr<RouterPort>> RouterPort::create(
    boost::asio::any_io_executor executor, const ports::Clock& clock, RouterConfig config,
    std::shared_ptr<const Schema> schema, SessionFactory factory) {
  auto names = name_table(config);
  if (!names) return core::Unexpected{names.error()};
  auto loop = std::make_shared<Loop>(std::move(executor), clock, std::move(config),
                                     std::move(*names), std::move(schema), std::move(factory));
  return std::unique_ptr<RouterPort>{new RouterPort{std::move(loop)}};
}

RouterPort::RouterPort(std::shared_ptr<Loop> loop) : m_loop(std::move(loop)) {}

RouterPort::~RouterPort() {
  m_loop->stop();
}

void RouterPort::start(ports::EventSink& sink) {
  m_loop->start(sink);
}

void RouterPort::submit(core::ActionId id, const core::ApplyQos& action, core::Instant deadline) {
  m_loop->submit(id, action, deadline);
}

void RouterPort::stop() {
  m_loop->stop();
}

core::Expected<Preview> RouterPort::preview(const core::RouterQos& desired) const {
  return m_loop->preview(desired);
}

Degradations RouterPort::degradations() const {
  return m_loop->degradations();
}

RouterCapabilities RouterPort::capabilities() const {
  return m_loop->capabilities();
}

}  // namespace wanwise::iosxe
