// ports::NodeMetrics over HTTP: scrapes the endpoints of one node, all at once each period, and
// posts one TargetSample of what they say together, then a WorkloadSample for each model served.
// reachable: an endpoint that speaks for the node answered with a page that could be read.
// Everything happens on the executor's one thread, the methods included. The clock must outlive the
// executor's run; the sink may go after stop() has returned.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "adapters/jetson/config.hpp"
#include "engine/core/expected.hpp"
#include "engine/ports/clock.hpp"
#include "engine/ports/node_metrics.hpp"

namespace wanwise::jetson {

/// Something that did not work, how often since the start, and how it was last.
struct Trouble {
  std::uint64_t count = 0;
  std::string detail;
};

/// By code: those of Scraper::scrape() and parse_exposition(); metric-not-understood;
/// model-missing: a server does not have a model that a workload is served by.
using Troubles = std::map<std::string, Trouble>;

class MetricsPort final : public ports::NodeMetrics {
 public:
  /// bad-url. Nothing happens before start().
  [[nodiscard]] static core::Expected<std::unique_ptr<MetricsPort>> create(
      boost::asio::any_io_executor executor, const ports::Clock& clock, NodeConfig config);
  ~MetricsPort() override;

  /// The first round of scrapes begins at once. To be called once.
  void start(ports::EventSink& sink) override;
  /// Ends the scrapes under way; the coroutines end when the executor next runs.
  void stop() override;

  [[nodiscard]] const core::TargetName& node() const;
  [[nodiscard]] const Troubles& troubles() const;

 private:
  class Loop;  // metrics_loop.hpp
  explicit MetricsPort(std::shared_ptr<Loop> loop);
  std::shared_ptr<Loop> m_loop;
};

}  // namespace wanwise::jetson
