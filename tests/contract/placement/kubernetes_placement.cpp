#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <chrono>
#include <optional>
#include <stdexcept>

#include "adapters/kubernetes/cluster_port.hpp"
#include "tests/contract/placement/placement_site.hpp"
#include "tests/integration/kubernetes/control_plane.hpp"
#include "tests/integration/kubernetes/kubelet.hpp"
#include "tests/support/machine_clock.hpp"
#include "tests/support/run_awaitable.hpp"

namespace wanwise::testing {
namespace {

using kubernetes::Call;
using kubernetes::Verb;

std::unique_ptr<test::ControlPlane> g_plane;

/// A namespace of its own on the shared control plane; the nodes are made anew.
class KubernetesPlacement final : public PlacementSite {
 public:
  KubernetesPlacement() {
    static int sites = 0;
    m_namespace = "site-" + std::to_string(++sites);
    send(Verb::create, "/api/v1/namespaces", R"({"metadata":{"name":")" + m_namespace + "\"}}");
    const std::string account = "/api/v1/namespaces/" + m_namespace + "/serviceaccounts/default";
    const auto has_token = [&] {
      Call get;
      get.path = account;
      const auto answer = call(get);
      return answer && answer->as_object().contains("secrets");
    };
    if (!until(has_token)) throw std::runtime_error("no service account");
    // It runs in the cloud at first, because there is nothing else: each test begins with a move
    // that has just been done.
    add_node("cloud");
    deploy();
    const auto is_bound = [&] {
      Call get;
      get.path = "/api/v1/namespaces/" + m_namespace + "/pods?fieldSelector=spec.nodeName%3Dcloud";
      const auto answer = call(get);
      return answer && !answer->at("items").as_array().empty();
    };
    if (!until(is_bound)) throw std::runtime_error("its pod is not bound");
    add_node("tx2");
    open();
  }
  ~KubernetesPlacement() override {
    m_port->stop();
    m_kubelet.stop();
    send(Verb::remove, deployments() + "/detector", "{}");
    for (const char* node : {"tx2", "cloud"}) {
      send(Verb::remove, std::string("/api/v1/nodes/") + node, "{}");
    }
    m_admin->stop();
    pass(core::milliseconds(200));
  }
  KubernetesPlacement(const KubernetesPlacement&) = delete;
  KubernetesPlacement& operator=(const KubernetesPlacement&) = delete;

  ports::Cluster& cluster() override { return *m_port; }
  [[nodiscard]] core::Instant now() const override { return m_clock.now(); }
  bool until(const std::function<bool()>& reached) override {
    const core::Instant end = now() + core::seconds(60);
    while (!reached() && now() < end) pass(core::milliseconds(5));
    return reached();
  }
  void pass(core::Micros time) override {
    m_io.restart();
    m_io.run_for(std::chrono::microseconds(time.count));
  }
  void set_alive(const core::TargetName& target, bool alive) override {
    send(Verb::strategic_merge, "/api/v1/nodes/" + target.text + "/status",
         std::string(R"({"status":{"conditions":[{"type":"Ready","status":")") +
             (alive ? "True" : "False") + "\"}]}}");
    pass(core::milliseconds(300));
  }
  void hold(const core::TargetName& target, bool held) override {
    held ? (void)m_kubelet.hold.insert(target.text) : (void)m_kubelet.hold.erase(target.text);
  }
  [[nodiscard]] core::Micros short_patience() const override { return core::seconds(3); }

 private:
  core::Expected<boost::json::value> call(Call what) {
    return test::run_awaitable(m_io, m_admin->call(std::move(what)));
  }
  void send(Verb verb, const std::string& path, const std::string& body) {
    const auto answer = call({verb, path, boost::json::parse(body)});
    EXPECT_TRUE(answer) << path << ": " << answer.error().message;
  }
  [[nodiscard]] std::string deployments() const {
    return "/apis/apps/v1/namespaces/" + m_namespace + "/deployments";
  }
  void add_node(const std::string& name) {
    send(Verb::create, "/api/v1/nodes",
         R"({"metadata":{"name":")" + name + R"(","labels":{"kubernetes.io/hostname":")" + name +
             R"("}},"status":{"capacity":{"cpu":"8","memory":"8Gi","pods":"110"},
             "allocatable":{"cpu":"8","memory":"8Gi","pods":"110"},
             "conditions":[{"type":"Ready","status":"True"}]}})");
  }
  void deploy() {
    send(Verb::create, deployments(), R"({"metadata":{"name":"detector"},"spec":{
         "selector":{"matchLabels":{"app":"detector"}},
         "template":{"metadata":{"labels":{"app":"detector"}},"spec":{
           "nodeSelector":{},"containers":[{"name":"c","image":"detector:1"}]}}}})");
  }
  void open() {
    kubernetes::ClusterConfig config;
    config.access = g_plane->admin();
    config.targets = {{core::TargetName{"tx2"}, "kubernetes.io/hostname", "tx2"},
                      {core::TargetName{"cloud"}, "kubernetes.io/hostname", "cloud"}};
    config.workloads = {{core::WorkloadName{"detector"}, {m_namespace, "detector"}, 2}};
    auto port = kubernetes::ClusterPort::create(m_io.get_executor(), m_clock, std::move(config));
    if (!port) throw std::runtime_error(port.error().message);
    m_port = std::move(*port);
  }

  boost::asio::io_context m_io;
  test::MachineClock m_clock;
  std::shared_ptr<kubernetes::Client> m_admin =
      *kubernetes::Client::create(m_io.get_executor(), g_plane->admin());
  test::Kubelet m_kubelet{m_io, m_admin};
  std::string m_namespace;
  std::unique_ptr<kubernetes::ClusterPort> m_port;
};

}  // namespace

std::unique_ptr<PlacementSite> kubernetes_placement(std::string& lacking) {
  lacking = test::ControlPlane::lacking();
  if (!lacking.empty()) return nullptr;
  if (g_plane == nullptr) g_plane = std::make_unique<test::ControlPlane>();
  return std::make_unique<KubernetesPlacement>();
}

void end_kubernetes() {
  g_plane.reset();
}

}  // namespace wanwise::testing
