#include "adapters/jetson/metrics_port.hpp"

#include <utility>
#include <vector>

#include "adapters/jetson/metrics_loop.hpp"

namespace wanwise::jetson {

core::Expected<std::unique_ptr<MetricsPort>> MetricsPort::create(
    boost::asio::any_io_executor executor, const ports::Clock& clock, NodeConfig config) {
  std::vector<HttpUrl> urls;
  for (const EndpointConfig& endpoint : config.endpoints) {
    auto url = parse_url(endpoint.url);
    if (!url) return core::Unexpected<core::Error>{url.error()};
    urls.push_back(std::move(*url));
  }
  auto loop = std::make_shared<Loop>(std::move(executor), clock, std::move(config), urls);
  return std::unique_ptr<MetricsPort>{new MetricsPort(std::move(loop))};
}

MetricsPort::MetricsPort(std::shared_ptr<Loop> loop) : m_loop(std::move(loop)) {}

MetricsPort::~MetricsPort() {
  m_loop->stop();
}

void MetricsPort::start(ports::EventSink& sink) {
  m_loop->start(sink);
}

void MetricsPort::stop() {
  m_loop->stop();
}

const core::TargetName& MetricsPort::node() const {
  return m_loop->node();
}

const Troubles& MetricsPort::troubles() const {
  return m_loop->troubles();
}

}  // namespace wanwise::jetson
