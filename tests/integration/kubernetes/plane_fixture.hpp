// A GoogleTest fixture over one control plane a test program: each test has a namespace of its own.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "adapters/kubernetes/api/json_read.hpp"
#include "adapters/kubernetes/client/client.hpp"
#include "tests/integration/kubernetes/control_plane.hpp"
#include "tests/support/run_awaitable.hpp"

namespace wanwise::test {

class PlaneTest : public ::testing::Test {
 protected:
  static constexpr std::chrono::seconds kPatience{60};

  static void SetUpTestSuite() { begin({}); }
  static void TearDownTestSuite() { s_plane.reset(); }
  static void begin(PlaneOptions options) {
    if (ControlPlane::lacking().empty()) s_plane = std::make_unique<ControlPlane>(options);
  }

  void SetUp() override {
    if (!s_plane) GTEST_SKIP() << ControlPlane::lacking();
    m_admin = *kubernetes::Client::create(m_io.get_executor(), s_plane->admin());
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    m_namespace = kubernetes_name(test->name());
    create("/api/v1/namespaces", R"({"metadata":{"name":")" + m_namespace + "\"}}");
    // Pods are refused until the namespace's service account has its token.
    ASSERT_TRUE(until([&] {
      const auto account = get("/serviceaccounts/default");
      return account && !kubernetes::array_at(*account, {"secrets"}).empty();
    }));
  }
  void TearDown() override {
    if (m_admin) m_admin->stop();
    m_io.restart();
    m_io.run_for(std::chrono::milliseconds(200));
  }

  [[nodiscard]] ControlPlane& plane() { return *s_plane; }
  [[nodiscard]] core::Expected<boost::json::value> call(kubernetes::Call what) {
    return run_awaitable(m_io, m_admin->call(std::move(what)));
  }
  /// GET below the core API's folder of the test's namespace, or of an absolute path.
  [[nodiscard]] core::Expected<boost::json::value> get(const std::string& path);
  boost::json::value create(const std::string& path, const std::string& body);
  boost::json::value patch(const std::string& path, const std::string& body,
                           kubernetes::Verb verb = kubernetes::Verb::strategic_merge);
  void remove(const std::string& path);
  /// Runs what is to be done until `reached` holds, asked after each piece of work; false when it
  /// does not in time.
  bool until(const std::function<bool()>& reached, std::chrono::milliseconds patience = kPatience);

  static std::string kubernetes_name(const std::string& test_name);

  boost::asio::io_context m_io;
  std::shared_ptr<kubernetes::Client> m_admin;
  std::string m_namespace;

 private:
  static inline std::unique_ptr<ControlPlane> s_plane;
};

}  // namespace wanwise::test
