// MetricsPort against a real HTTP server on loopback. Both run on the test's own thread and
// io_context, which is run until what is waited for has been posted.
#include "adapters/jetson/metrics_port.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>

#include "adapters/jetson/exposition.hpp"
#include "tests/support/fakes.hpp"
#include "tests/support/machine_clock.hpp"
#include "tests/support/metrics_server.hpp"

namespace wanwise::jetson {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::SizeIs;

constexpr std::chrono::seconds kPatience{20};

std::string node_page(int percent) {
  return "jetson_gpu_usage_percent " + std::to_string(percent) + "\n";
}

std::string triton_page(int succeeded, int failed = 0) {
  const std::string labels = "{model=\"resnet50\",version=\"1\"} ";
  return "nv_inference_request_success" + labels + std::to_string(succeeded) +
         "\nnv_inference_request_failure" + labels + std::to_string(failed) +
         "\nnv_inference_request_duration_us" + labels + std::to_string(succeeded * 12'000) + '\n';
}

class MetricsPortTest : public ::testing::Test {
 protected:
  MetricsPortTest() {
    m_server.serve("/metrics", node_page(40));
    m_config.node = core::TargetName{"tx2"};
    m_config.period = core::milliseconds(5);
    m_config.deadline = core::seconds(10);
    m_config.endpoints.push_back({m_server.url(), Dialect::tegrastats, true, {}, {}});
  }

  /// Whatever a test did: once all is stopped, nothing is left to be done and nothing more posted.
  ~MetricsPortTest() override {
    if (m_port) m_port->stop();
    m_server.stop();
    const std::size_t posted = m_sink.events.size();
    m_io.restart();
    m_io.run_for(kPatience);
    EXPECT_TRUE(m_io.stopped()) << "something still waits";
    EXPECT_EQ(m_sink.events.size(), posted);
  }

  void begin(const ports::Clock& clock) {
    auto port = MetricsPort::create(m_io.get_executor(), clock, m_config);
    ASSERT_TRUE(port) << port.error().message;
    m_port = std::move(*port);
    m_port->start(m_sink);
  }
  void begin() { begin(m_clock); }

  void add_triton(const std::string& url) {
    const core::Objective objective{core::Ppm{990'000}, core::milliseconds(100)};
    m_config.endpoints.push_back(
        {url, Dialect::triton, false, {}, {{core::WorkloadName{"detect"}, "resnet50", objective}}});
  }

  [[nodiscard]] bool run_until(const std::function<bool()>& done) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    m_io.restart();
    while (!done()) {
      if (m_io.run_one_until(end) == 0) return done();
    }
    return true;
  }

  [[nodiscard]] std::vector<core::TargetSample> samples() const {
    return m_sink.all<core::TargetSample>();
  }
  [[nodiscard]] std::vector<core::WorkloadSample> workloads() const {
    return m_sink.all<core::WorkloadSample>();
  }
  [[nodiscard]] bool run_until_samples(std::size_t count) {
    return run_until([&] { return samples().size() >= count; });
  }
  /// Forgets what was posted and waits for the next sample of either kind.
  [[nodiscard]] bool run_until_reachable(bool reachable) {
    m_sink.events.clear();
    return run_until([&] { return !samples().empty() && samples().back().reachable == reachable; });
  }
  [[nodiscard]] std::string detail_of(const std::string& trouble) const {
    const auto found = m_port->troubles().find(trouble);
    return found == m_port->troubles().end() ? "" : found->second.detail;
  }

  boost::asio::io_context m_io{1};
  test::MetricsServer m_server{m_io};
  test::MachineClock m_clock;
  testing::RecordingSink m_sink;
  NodeConfig m_config;
  std::unique_ptr<MetricsPort> m_port;
};

TEST_F(MetricsPortTest, PostsASampleEachPeriodOverOneConnection) {
  const core::Instant began = m_clock.now();
  begin();
  ASSERT_TRUE(run_until_samples(5));
  const auto posted = samples();
  for (std::size_t i = 0; i < posted.size(); ++i) {
    const auto periods = static_cast<std::int64_t>(i);
    EXPECT_EQ(posted[i].target.text, "tx2");
    EXPECT_TRUE(posted[i].reachable);
    EXPECT_EQ(posted[i].load, core::Ppm{400'000});
    EXPECT_GE(posted[i].observed_at, began + m_config.period * periods) << i;
  }
  EXPECT_EQ(m_server.connections(), 1U);
  EXPECT_THAT(m_port->troubles(), IsEmpty());
}

TEST_F(MetricsPortTest, AServerThatEndsEachConnectionIsConnectedToAgain) {
  m_server.keep_connections(false);
  begin();
  ASSERT_TRUE(run_until_samples(3));
  EXPECT_TRUE(samples().back().reachable);
  EXPECT_EQ(m_server.connections(), m_server.requests());
  EXPECT_THAT(m_port->troubles(), IsEmpty());
}

TEST_F(MetricsPortTest, AKeptConnectionThatIsGoneIsNoFailedScrape) {
  begin();
  ASSERT_TRUE(run_until_samples(1));
  m_server.drop_connections();
  ASSERT_TRUE(run_until_samples(3));
  for (const core::TargetSample& sample : samples()) EXPECT_TRUE(sample.reachable);
  EXPECT_EQ(m_server.connections(), 2U);
}

TEST_F(MetricsPortTest, ARestartedServerIsAwayAndThenBack) {
  begin();
  ASSERT_TRUE(run_until_reachable(true));
  m_server.stop();
  ASSERT_TRUE(run_until_reachable(false));
  const core::TargetSample failed = samples().back();
  EXPECT_EQ(failed.load, std::nullopt) << "nothing of before is told again";
  EXPECT_THAT(m_port->troubles(), Contains(Key("connect-refused")));
  m_server.start();
  ASSERT_TRUE(run_until_reachable(true));
}

TEST_F(MetricsPortTest, ANodeThatDoesNotAnswerInTimeIsUnreachable) {
  m_config.deadline = core::milliseconds(20);
  m_server.hang(true);
  begin();
  ASSERT_TRUE(run_until_samples(2));
  EXPECT_FALSE(samples().back().reachable);
  EXPECT_EQ(m_port->troubles().at("deadline-exceeded").count, 2U);
  m_server.hang(false);
  ASSERT_TRUE(run_until_reachable(true)) << "a connection that timed out is not used again";
}

TEST_F(MetricsPortTest, AHugePageIsNotRead) {
  m_server.serve("/metrics", std::string(kMaxPageBytes + 1, '\n'));
  begin();
  ASSERT_TRUE(run_until_samples(1));
  EXPECT_FALSE(samples().back().reachable);
  EXPECT_THAT(m_port->troubles(), Contains(Key("page-too-large")));
  m_server.serve("/metrics", std::string(kMaxPageBytes, '\n'));
  ASSERT_TRUE(run_until_reachable(true));
}

TEST_F(MetricsPortTest, OnlyA200IsAPage) {
  m_server.answer_with(503);
  begin();
  ASSERT_TRUE(run_until_samples(1));
  EXPECT_FALSE(samples().back().reachable);
  EXPECT_THAT(detail_of("bad-status"), HasSubstr("503"));
  EXPECT_EQ(m_server.connections(), 1U);
}

TEST_F(MetricsPortTest, APageThatCannotBeReadIsAFailedScrape) {
  m_server.serve("/metrics", node_page(40) + "jetson_gpu_usage_percent{\n");
  begin();
  ASSERT_TRUE(run_until_samples(1));
  EXPECT_FALSE(samples().back().reachable);
  EXPECT_THAT(detail_of("bad-label"), HasSubstr("line 2"));
}

TEST_F(MetricsPortTest, ASenselessValueIsAbsentAndTold) {
  m_server.serve("/metrics", node_page(400));
  begin();
  ASSERT_TRUE(run_until_samples(1));
  EXPECT_TRUE(samples().back().reachable);
  EXPECT_EQ(samples().back().load, std::nullopt);
  EXPECT_THAT(detail_of("metric-not-understood"), HasSubstr("jetson_gpu_usage_percent"));
}

TEST_F(MetricsPortTest, WhatIsNotHttpIsAFailedScrape) {
  m_server.send_raw("SSH-2.0-OpenSSH_8.9\r\n");
  begin();
  ASSERT_TRUE(run_until_samples(1));
  EXPECT_FALSE(samples().back().reachable);
  EXPECT_THAT(m_port->troubles(), Contains(Key("bad-response")));
}

TEST_F(MetricsPortTest, AnAnswerThatBreaksOffIsAFailedScrape) {
  m_server.send_raw("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\njetson_gpu");
  begin();
  ASSERT_TRUE(run_until_samples(1));
  EXPECT_FALSE(samples().back().reachable);
  EXPECT_THAT(m_port->troubles(), Contains(Key("connection-lost")));
}

TEST_F(MetricsPortTest, AnOldServerMayEndItsPageByEndingTheConnection) {
  m_server.send_raw("HTTP/1.0 200 OK\r\n\r\n" + node_page(30));
  begin();
  ASSERT_TRUE(run_until_samples(2));
  EXPECT_TRUE(samples().back().reachable);
  EXPECT_EQ(samples().back().load, core::Ppm{300'000});
}

TEST_F(MetricsPortTest, ANameIsLookedUp) {
  m_config.endpoints.front().url = m_server.url("/metrics", "localhost");
  begin();
  ASSERT_TRUE(run_until_samples(2));
  EXPECT_TRUE(samples().back().reachable);
  EXPECT_THAT(m_server.host(), HasSubstr("localhost:"));
}

TEST_F(MetricsPortTest, ATokenIsReadAgainForEachScrape) {
  const std::string file = ::testing::TempDir() + "wanwise-metrics-token";
  std::ofstream{file} << "first\n";
  m_config.endpoints.front().token_file = file;
  begin();
  ASSERT_TRUE(run_until_samples(1));
  EXPECT_EQ(m_server.authorization(), "Bearer first");
  std::ofstream{file} << "second\n";
  ASSERT_TRUE(run_until_samples(3));
  EXPECT_EQ(m_server.authorization(), "Bearer second");
  std::filesystem::remove(file);
  ASSERT_TRUE(run_until_reachable(false));
  EXPECT_THAT(m_port->troubles(), Contains(Key("credential-missing")));
}

TEST_F(MetricsPortTest, EndpointsOfANodeAreOneSampleTheFirstIsBelieved) {
  m_server.serve("/dcgm", "DCGM_FI_DEV_GPU_UTIL 90\nDCGM_FI_DEV_GPU_TEMP 71\n");
  m_config.endpoints.push_back({m_server.url("/dcgm"), Dialect::dcgm, true, {}, {}});
  begin();
  ASSERT_TRUE(run_until_samples(1));
  EXPECT_THAT(samples(), SizeIs(1));
  EXPECT_EQ(samples().front().load, core::Ppm{400'000});
  EXPECT_EQ(samples().front().temperature_c, 71);
}

TEST_F(MetricsPortTest, AnInferenceServerDoesNotSpeakForItsNode) {
  add_triton(m_server.url("/triton"));
  begin();
  ASSERT_TRUE(run_until_samples(2));
  EXPECT_TRUE(samples().back().reachable) << "though the server is not there";
  EXPECT_THAT(detail_of("bad-status"), HasSubstr("404"));
  EXPECT_THAT(workloads(), IsEmpty());
}

TEST_F(MetricsPortTest, AServerWithoutTheModelIsTold) {
  m_server.serve("/triton", "nv_inference_request_success{model=\"other\",version=\"1\"} 5\n");
  add_triton(m_server.url("/triton"));
  begin();
  ASSERT_TRUE(run_until_samples(2));
  EXPECT_THAT(detail_of("model-missing"), HasSubstr("resnet50"));
  EXPECT_THAT(workloads(), IsEmpty());
}

/// The page of each scrape is the next of `pages`, then the last; a second passes before each.
class MetricsWindowTest : public MetricsPortTest {
 protected:
  void serve_in_turn(std::vector<std::string> pages) {
    m_config.endpoints.clear();
    add_triton(m_server.url("/triton"));
    m_config.endpoints.front().speaks_for_node = true;
    m_server.before_answer([this, pages = std::move(pages)](std::uint64_t number) {
      m_time.advance(core::seconds(1));
      m_server.serve("/triton", pages[std::min<std::size_t>(number, pages.size()) - 1]);
    });
    begin(m_time);
  }

  testing::FakeClock m_time;
};

TEST_F(MetricsWindowTest, TellsWhatAModelServedBetweenTwoScrapes) {
  serve_in_turn({triton_page(100), triton_page(130, 2)});
  ASSERT_TRUE(run_until([&] { return !workloads().empty(); }));
  const core::WorkloadSample sample = workloads().front();
  EXPECT_EQ(sample.workload.text, "detect");
  EXPECT_EQ(sample.target.text, "tx2");
  EXPECT_EQ(sample.window, core::seconds(1));
  EXPECT_EQ(sample.arrived, 32);
  EXPECT_EQ(sample.completed, 30);
  EXPECT_EQ(sample.missed, 2);
  EXPECT_EQ(sample.mean_latency, core::milliseconds(12));
  EXPECT_EQ(sample.observed_at, samples().at(1).observed_at);
}

TEST_F(MetricsWindowTest, ARestartedInferenceServerIsNoRate) {
  serve_in_turn({triton_page(100), triton_page(3), triton_page(8)});
  ASSERT_TRUE(run_until([&] { return !workloads().empty(); }));
  EXPECT_EQ(workloads().front().completed, 5);
  EXPECT_GE(samples().size(), 3U);
}

TEST_F(MetricsPortTest, AfterStopNothingIsPosted) {
  begin();
  ASSERT_TRUE(run_until_samples(1));
  m_port->stop();
  const std::uint64_t requests = m_server.requests();
  m_sink.events.clear();
  m_io.restart();
  m_io.poll();
  EXPECT_THAT(m_sink.events, IsEmpty());
  EXPECT_EQ(m_server.requests(), requests);
}

TEST_F(MetricsPortTest, StopEndsAScrapeThatHangs) {
  m_server.hang(true);
  begin();
  ASSERT_TRUE(run_until([&] { return m_server.requests() == 1; }));
  m_port->stop();
  EXPECT_THAT(m_sink.events, IsEmpty());
}

TEST_F(MetricsPortTest, StopDuringALookUpEndsToo) {
  m_config.endpoints.front().url = m_server.url("/metrics", "localhost");
  begin();
  (void)m_io.run_one();
  m_port->stop();
}

TEST_F(MetricsPortTest, APortThatIsGoneStopsByItself) {
  begin();
  ASSERT_TRUE(run_until_samples(1));
  m_port.reset();
}

TEST(MetricsPort, AnIoContextMayEndWithScrapesUnderWay) {
  const test::MachineClock clock;
  testing::RecordingSink sink;
  std::unique_ptr<MetricsPort> port;
  {
    boost::asio::io_context io{1};
    test::MetricsServer server{io};
    server.hang(true);
    NodeConfig config;
    config.endpoints.push_back({server.url(), Dialect::tegrastats, true, {}, {}});
    auto made = MetricsPort::create(io.get_executor(), clock, config);
    ASSERT_TRUE(made);
    port = std::move(*made);
    port->start(sink);
    while (server.requests() == 0) io.run_one_for(kPatience);
    port.reset();
  }
  EXPECT_THAT(sink.events, IsEmpty());
}

TEST(MetricsPort, AUrlThatIsNoneIsRefused) {
  boost::asio::io_context io{1};
  const test::MachineClock clock;
  NodeConfig config;
  config.endpoints.push_back({"https://192.0.2.1/metrics", Dialect::dcgm, true, {}, {}});
  const auto port = MetricsPort::create(io.get_executor(), clock, config);
  ASSERT_FALSE(port);
  EXPECT_EQ(port.error().code, "bad-url");
}

}  // namespace
}  // namespace wanwise::jetson
