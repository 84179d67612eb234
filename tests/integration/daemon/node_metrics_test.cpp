// `wanwise run` on a site whose node has exporters: what they say reaches the status, the journal
// and what is decided.
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <type_traits>

#include "tests/support/metrics_server.hpp"
#include "tests/support/site_fixture.hpp"

namespace wanwise::test {
namespace {

/// A MetricsServer on a thread of its own.
class Exporters {
 public:
  Exporters() : m_server(m_io), m_thread([this] { m_io.run(); }) {}
  ~Exporters() {
    with([this](MetricsServer& server) {
      server.stop();
      m_work.reset();
    });
    m_thread.join();
  }

  /// Does it on the server's thread, and waits until it is done.
  template <class Do>
  std::invoke_result_t<Do, MetricsServer&> with(Do what) {
    using Result = std::invoke_result_t<Do, MetricsServer&>;
    const auto task =
        std::make_shared<std::packaged_task<Result()>>([&] { return what(m_server); });
    boost::asio::post(m_io, [task] { (*task)(); });
    return task->get_future().get();
  }

  [[nodiscard]] std::string url(const std::string& path) {
    return with([&](MetricsServer& server) { return server.url(path); });
  }
  void serve(const std::string& path, const std::string& page) {
    with([&](MetricsServer& server) { server.serve(path, page); });
  }

 private:
  boost::asio::io_context m_io{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> m_work{
      m_io.get_executor()};
  MetricsServer m_server;
  std::thread m_thread;
};

std::string node_page(int degrees) {
  return "jetson_gpu_usage_percent 71\njetson_nvpmodel_info{mode=\"MAXQ\"} 1\n"
         "jetson_temperature_celsius{sensor=\"GPU\"} " +
         std::to_string(degrees) + '\n';
}

std::string triton_page(int requests) {
  return "nv_inference_request_success{model=\"ssd\",version=\"1\"} " + std::to_string(requests) +
         '\n';
}

const core::TargetStatus& tx2(const core::Status& status) {
  for (const core::TargetStatus& target : status.targets) {
    if (target.name.text == "tx2") return target;
  }
  static const core::TargetStatus none{};
  return none;
}

class NodeMetrics : public SiteTest {
 protected:
  void start_site() {
    m_exporters.serve("/metrics", node_page(60));
    m_exporters.serve("/triton", triton_page(100));
    ASSERT_NO_FATAL_FAILURE(start_router());
    SiteText text = site_text();
    text.node_metrics = "{period: 100ms, throttles-at: 90, endpoints: [{url: \"" +
                        m_exporters.url("/metrics") + "\", dialect: tegrastats}, {url: \"" +
                        m_exporters.url("/triton") +
                        "\", dialect: triton, models: {traffic-counting: ssd}}]}";
    write_documents(text);
    ASSERT_NO_FATAL_FAILURE(start_daemon());
  }

  Exporters m_exporters;
};

TEST_F(NodeMetrics, PowerModeHeatAndDeathOfANodeReachTheDecision) {
  ASSERT_NO_FATAL_FAILURE(start_site());
  const core::Status cool = wait_for("the node is heard", [](const core::Status& status) {
    return status.started && tx2(status).load.has_value();
  });
  EXPECT_EQ(tx2(cool).load, core::Ppm{710'000});
  EXPECT_GE(tx2(cool).slowdown, core::Ppm{1'530'000}) << "MAX-Q of the profile";
  m_exporters.serve("/metrics", node_page(90));
  (void)wait_for("heat on top of the power mode", [](const core::Status& status) {
    return tx2(status).slowdown >= core::Ppm{2'295'000};
  });
  m_exporters.with([](MetricsServer& server) { server.stop(); });
  EXPECT_EQ(wait_for_degradation("target-dead").subject, "tx2");
  EXPECT_EQ(wait_for_degradation("connect-refused").subject, "tx2");
  m_exporters.with([](MetricsServer& server) { server.start(); });
  (void)wait_for("the node is back", [](const core::Status& status) { return tx2(status).alive; });
  stop_daemon();
  const Ended replay = wanwise({"replay", m_folder.file("journal")});
  EXPECT_EQ(replay.code, 0) << replay.out << replay.err;
}

TEST_F(NodeMetrics, WhatAnInferenceServerServedIsInTheJournal) {
  ASSERT_NO_FATAL_FAILURE(start_site());
  const auto scraped_twice_more = [this] {
    const auto requests = [](MetricsServer& server) { return server.requests(); };
    const std::uint64_t before = m_exporters.with(requests);
    (void)wait_for("two more scrapes of both endpoints",
                   [&](const core::Status&) { return m_exporters.with(requests) >= before + 6; });
  };
  scraped_twice_more();
  m_exporters.serve("/triton", triton_page(130));
  scraped_twice_more();
  stop_daemon();
  std::int64_t completed = 0;
  for (const auto& [at, sample] : journal().all<core::WorkloadSample>()) {
    EXPECT_EQ(sample.workload.text, "traffic-counting");
    EXPECT_EQ(sample.target.text, "tx2");
    completed += sample.completed;
  }
  EXPECT_EQ(completed, 30);
}

}  // namespace
}  // namespace wanwise::test
