// `wanwise run` with an emulated router and a real control plane: decisions move real Deployments.
#include <boost/json/parse.hpp>
#include <chrono>
#include <iostream>
#include <string>

#include "adapters/kubernetes/api/json_read.hpp"
#include "tests/integration/kubernetes/control_plane.hpp"
#include "tests/integration/kubernetes/kubelet.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/site_fixture.hpp"

namespace wanwise::test {
namespace {

namespace json = boost::json;
using kubernetes::Call;
using kubernetes::Verb;

/// The Deployments of policies/smart-city.yaml.
const std::vector<std::pair<std::string, std::string>> kDeployments{
    {"safety", "collision-avoidance"},
    {"gate", "licence-plates"},
    {"gate", "traffic-counting"},
    {"pier", "crowd-density"},
    {"archive", "incident-archive"}};

class KubernetesDaemon : public SiteTest {
 protected:
  void SetUp() override {
    if (const std::string lacking = ControlPlane::lacking(); !lacking.empty()) {
      GTEST_SKIP() << lacking;
    }
    m_plane.emplace();
    m_admin = *kubernetes::Client::create(m_io.get_executor(), m_plane->admin());
    m_kubelet.emplace(m_io, m_admin);
    add_node("tx2", "");
    add_node("region-1", R"(,"wanwise.io/target":"cloud")");
    for (const char* name : {"safety", "gate", "pier", "archive"}) add_namespace(name);
    for (const auto& [name_space, name] : kDeployments) deploy(name_space, name);
  }
  void TearDown() override {
    SiteTest::TearDown();
    if (!m_kubelet) return;
    m_kubelet->stop();
    m_admin->stop();
    m_io.restart();
    m_io.run_for(std::chrono::milliseconds(200));
  }

  core::Expected<json::value> call(Call what) {
    return run_awaitable(m_io, m_admin->call(std::move(what)));
  }
  void send(Verb verb, const std::string& path, const std::string& body) {
    const auto answer = call({verb, path, json::parse(body)});
    EXPECT_TRUE(answer) << answer.error().message;
  }
  void add_node(const std::string& name, const std::string& label) {
    send(Verb::create, "/api/v1/nodes",
         R"({"metadata":{"name":")" + name + R"(","labels":{"kubernetes.io/hostname":")" + name +
             "\"" + label + R"(}},"status":{
             "capacity":{"cpu":"32","memory":"64Gi","pods":"110"},
             "allocatable":{"cpu":"32","memory":"64Gi","pods":"110"},
             "conditions":[{"type":"Ready","status":"True"}]}})");
  }
  void set_ready(const std::string& node, const std::string& ready) {
    send(Verb::strategic_merge, "/api/v1/nodes/" + node + "/status",
         R"({"status":{"conditions":[{"type":"Ready","status":")" + ready + "\"}]}}");
  }
  void add_namespace(const std::string& name) {
    send(Verb::create, "/api/v1/namespaces", R"({"metadata":{"name":")" + name + "\"}}");
    Call account;
    account.path = "/api/v1/namespaces/" + name + "/serviceaccounts/default";
    ASSERT_TRUE(until([&] { return call(account).has_value(); }));
  }
  void deploy(const std::string& name_space, const std::string& name) {
    send(Verb::create, "/apis/apps/v1/namespaces/" + name_space + "/deployments",
         R"({"metadata":{"name":")" + name + R"("},"spec":{"selector":{"matchLabels":{"app":")" +
             name + R"("}},"template":{"metadata":{"labels":{"app":")" + name +
             R"("}},"spec":{"containers":[{"name":"c","image":"i"}]}}}})");
  }
  /// Where wanwise says that the Deployment is to run.
  std::string target_of(const std::string& name_space, const std::string& name) {
    Call get;
    get.path = "/apis/apps/v1/namespaces/" + name_space + "/deployments/" + name;
    const auto answer = call(std::move(get));
    if (!answer) return "?";
    return std::string(
        kubernetes::string_at(*answer, {"metadata", "annotations", "wanwise.io/target"}));
  }
  [[nodiscard]] bool runs_at(const std::string& workload, const std::string& target) const {
    const auto now = status();
    return now && std::any_of(now->workloads.begin(), now->workloads.end(), [&](const auto& one) {
             return one.name.text == workload && one.target && one.target->text == target &&
                    !one.moving;
           });
  }
  /// The cluster's kubelets work while the test waits.
  bool until(const std::function<bool()>& reached) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!reached()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      m_io.restart();
      m_io.run_for(std::chrono::milliseconds(20));
    }
    return true;
  }

  boost::asio::io_context m_io;
  std::optional<ControlPlane> m_plane;
  std::shared_ptr<kubernetes::Client> m_admin;
  std::optional<Kubelet> m_kubelet;
};

TEST_F(KubernetesDaemon, WorkloadsOfALostTx2RunInTheCloudAndComeHome) {
  start_router();
  SiteText text = site_text();
  text.kubeconfig = m_plane->kubeconfig();
  write_documents(text);
  start_daemon();
  EXPECT_TRUE(until([&] {
    const auto now = status();
    return now && all_placed(*now) && runs_at("collision-avoidance", "tx2");
  })) << get("/status");
  set_ready("tx2", "Unknown");
  // A pod there that was about to end may serve for a moment before the move begins.
  EXPECT_TRUE(until([&] {
    return runs_at("collision-avoidance", "cloud") &&
           target_of("safety", "collision-avoidance") == "cloud";
  })) << get("/status");
  set_ready("tx2", "True");
  EXPECT_TRUE(until([&] {
    return runs_at("collision-avoidance", "tx2") &&
           target_of("safety", "collision-avoidance") == "tx2";
  })) << get("/status");
  stop_daemon();
}

/// Kubernetes itself would call the node NotReady after 40 s and evict its pods 300 s later; here
/// it never hears of the death at all.
TEST_F(KubernetesDaemon, ADeadTx2IsKnownByTheRoutersPortAndReplacedWithinThreeSeconds) {
  start_router(
      {"--scenario", m_folder.write("scenario.yaml",
                                    "scenario: death\nsteps:\n"
                                    "  - {at: 15s, target: {name: tx2, alive: false}}\n")});
  SiteText text = site_text();
  text.kubeconfig = m_plane->kubeconfig();
  write_documents(text);
  start_daemon();
  EXPECT_TRUE(until([&] { return runs_at("collision-avoidance", "tx2"); })) << get("/status");
  EXPECT_TRUE(until([&] { return runs_at("collision-avoidance", "cloud"); })) << get("/status");
  stop_daemon();
  const JournalView journal = this->journal();
  std::optional<core::Instant> last_alive, served_again;
  for (const auto& [at, port] : journal.all<core::NodePort>()) {
    if (port.up) last_alive = at;
  }
  for (const auto& [at, seen] : journal.all<core::PlacementObserved>()) {
    const bool back = seen.workload.text == "collision-avoidance" && seen.ready && seen.target &&
                      seen.target->text == "cloud";
    if (back && last_alive && at > *last_alive && !served_again) served_again = at;
  }
  ASSERT_TRUE(last_alive && served_again);
  EXPECT_LE(*served_again - *last_alive, core::seconds(3));
  std::cout << "last word of the port to ready in the cloud: "
            << (*served_again - *last_alive).count / 1000 << " ms\n";
}

}  // namespace
}  // namespace wanwise::test
