#include "adapters/jetson/metrics_loop.hpp"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "adapters/jetson/dcgm.hpp"
#include "adapters/jetson/sample.hpp"
#include "adapters/jetson/tegrastats.hpp"
#include "engine/core/check.hpp"

namespace wanwise::jetson {

namespace asio = boost::asio;

MetricsPort::Loop::Endpoint::Endpoint(const asio::any_io_executor& executor,
                                      const EndpointConfig& its, const core::TargetName& node,
                                      const HttpUrl& url)
    : config(its), scraper(executor, url, its.token_file) {
  for (const ServedModel& served : its.models) {
    windows.emplace_back(served.workload, node, served.objective);
  }
}

MetricsPort::Loop::Loop(asio::any_io_executor executor, const ports::Clock& clock,
                        NodeConfig config, const std::vector<HttpUrl>& urls)
    : m_executor(std::move(executor)),
      m_clock(clock),
      m_config(std::move(config)),
      m_pause(m_executor),
      m_all_read(m_executor) {
  WANWISE_CHECK(m_config.period > core::Micros{0} && urls.size() == m_config.endpoints.size());
  for (std::size_t i = 0; i < urls.size(); ++i) {
    m_endpoints.push_back(
        std::make_unique<Endpoint>(m_executor, m_config.endpoints[i], m_config.node, urls[i]));
  }
}

void MetricsPort::Loop::start(ports::EventSink& sink) {
  WANWISE_CHECK(m_sink == nullptr);
  m_sink = &sink;
  asio::co_spawn(
      m_executor, [self = shared_from_this()] { return self->run(); }, asio::detached);
}

void MetricsPort::Loop::stop() {
  m_sink = nullptr;
  for (const auto& endpoint : m_endpoints) endpoint->scraper.close();
  m_pause.cancel();
}

/// Rounds begin on a grid of periods, so that none drifts; one that is missed is left out.
asio::awaitable<void> MetricsPort::Loop::run() {
  core::Instant next = m_clock.now();
  while (m_sink != nullptr) {
    co_await round();
    if (m_sink == nullptr) co_return;
    post_samples();
    const core::Instant now = m_clock.now();
    do {
      next = next + m_config.period;
    } while (next < now);
    m_pause.expires_after(std::chrono::microseconds{(next - now).count});
    boost::system::error_code ignored;
    co_await m_pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

asio::awaitable<void> MetricsPort::Loop::round() {
  m_unread = m_endpoints.size();
  m_all_read.expires_at(asio::steady_timer::time_point::max());
  for (const auto& endpoint : m_endpoints) {
    endpoint->reading.reset();
    asio::co_spawn(
        m_executor, [self = shared_from_this(), at = endpoint.get()] { return self->read(*at); },
        [self = shared_from_this()](const std::exception_ptr& thrown) {
          if (thrown) self->note("scrape-failed", "out of memory or of sockets");
          if (--self->m_unread == 0) self->m_all_read.cancel();
        });
  }
  if (m_unread == 0) co_return;
  boost::system::error_code ignored;
  co_await m_all_read.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

asio::awaitable<void> MetricsPort::Loop::read(Endpoint& endpoint) {
  const auto page = co_await endpoint.scraper.scrape(m_config.deadline);
  endpoint.read_at = m_clock.now();
  if (m_sink == nullptr) co_return;
  if (page) {
    take(endpoint, *page);
  } else {
    note(page.error().code, page.error().message);
  }
}

void MetricsPort::Loop::take(Endpoint& endpoint, const std::string& page) {
  const auto series = parse_exposition(page);
  if (!series)
    return note(series.error().code, endpoint.config.url + ": " + series.error().message);
  TritonReading reading;
  switch (endpoint.config.dialect) {
    case Dialect::tegrastats:
      reading.node = read_tegrastats(*series);
      break;
    case Dialect::dcgm:
      reading.node = read_dcgm(*series);
      break;
    case Dialect::triton:
      reading = read_triton(*series);
      break;
  }
  const NotUnderstood& odd = reading.node.not_understood;
  if (odd.count > 0) {
    note("metric-not-understood",
         fmt::format("{}: {} and {} more", endpoint.config.url, odd.first, odd.count - 1));
  }
  endpoint.reading = std::move(reading);
}

void MetricsPort::Loop::post_samples() {
  NodeReading together;
  std::optional<core::Instant> seen_at;
  for (const auto& endpoint : m_endpoints) {
    if (!endpoint->reading) continue;
    together.fill_from(endpoint->reading->node);
    if (endpoint->config.speaks_for_node && !seen_at) seen_at = endpoint->read_at;
  }
  if (seen_at) {
    m_sink->post(make_sample(m_config, together, *seen_at));
  } else {
    core::TargetSample failed;
    failed.target = m_config.node;
    failed.observed_at = m_clock.now();
    m_sink->post(std::move(failed));
  }
  for (const auto& endpoint : m_endpoints) post_workloads(*endpoint);
}

void MetricsPort::Loop::post_workloads(Endpoint& endpoint) {
  if (!endpoint.reading) return;
  for (std::size_t i = 0; i < endpoint.windows.size() && m_sink != nullptr; ++i) {
    const std::string& name = endpoint.config.models[i].model;
    const auto model = endpoint.reading->models.find(name);
    if (model == endpoint.reading->models.end()) {
      endpoint.windows[i].forget();
      note("model-missing", fmt::format("{} has no model {}", endpoint.config.url, name));
      continue;
    }
    auto sample = endpoint.windows[i].next(model->second, endpoint.read_at);
    if (sample) m_sink->post(std::move(*sample));
  }
}

void MetricsPort::Loop::note(const std::string& code, std::string detail) {
  Trouble& trouble = m_troubles[code];
  ++trouble.count;
  trouble.detail = std::move(detail);
}

}  // namespace wanwise::jetson
