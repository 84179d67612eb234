// The rounds of scrapes behind MetricsPort. Internal to this folder. Kept alive by its coroutines,
// which end after stop(); the executor's one thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/jetson/metrics_port.hpp"
#include "adapters/jetson/scraper.hpp"
#include "adapters/jetson/triton.hpp"

namespace wanwise::jetson {

class MetricsPort::Loop : public std::enable_shared_from_this<MetricsPort::Loop> {
 public:
  Loop(boost::asio::any_io_executor executor, const ports::Clock& clock, NodeConfig config,
       const std::vector<HttpUrl>& urls);

  void start(ports::EventSink& sink);
  void stop();
  [[nodiscard]] const core::TargetName& node() const { return m_config.node; }
  [[nodiscard]] const Troubles& troubles() const { return m_troubles; }

 private:
  struct Endpoint {
    Endpoint(const boost::asio::any_io_executor& executor, const EndpointConfig& its,
             const core::TargetName& node, const HttpUrl& url);

    const EndpointConfig& config;
    Scraper scraper;
    std::vector<TritonWindow> windows;  ///< as config.models
    // Of the round under way, or the last one:
    std::optional<TritonReading> reading;  ///< absent: the scrape failed
    core::Instant read_at;
  };

  boost::asio::awaitable<void> run();
  boost::asio::awaitable<void> round();
  boost::asio::awaitable<void> read(Endpoint& endpoint);
  void take(Endpoint& endpoint, const std::string& page);
  void post_samples();
  void post_workloads(Endpoint& endpoint);
  void note(const std::string& code, std::string detail);

  boost::asio::any_io_executor m_executor;
  const ports::Clock& m_clock;
  NodeConfig m_config;
  std::vector<std::unique_ptr<Endpoint>> m_endpoints;
  boost::asio::steady_timer m_pause;
  boost::asio::steady_timer m_all_read;  ///< cancelled by the last endpoint of a round
  std::size_t m_unread = 0;
  ports::EventSink* m_sink = nullptr;  ///< null: stopped, or not yet started
  Troubles m_troubles;
};

}  // namespace wanwise::jetson
