// Moves of real Deployments through a real API server, controllers and scheduler.
#include <gmock/gmock.h>

#include "adapters/kubernetes/api/json_read.hpp"
#include "adapters/kubernetes/cluster_port.hpp"
#include "tests/integration/kubernetes/kubelet.hpp"
#include "tests/integration/kubernetes/plane_fixture.hpp"
#include "tests/support/event_recorder.hpp"
#include "tests/support/machine_clock.hpp"

namespace wanwise::test {
namespace {

namespace json = boost::json;
using core::ActionDone;
using core::Outcome;
using core::PlacementObserved;
using core::TargetName;
using core::WorkloadName;
using kubernetes::ClusterConfig;
using kubernetes::ClusterPort;
using kubernetes::string_at;
using kubernetes::Verb;
using ::testing::HasSubstr;

const WorkloadName kDetector{"detector"};
const TargetName kTx2{"tx2"};
const TargetName kCloud{"cloud"};

class KubernetesCluster : public PlaneTest {
 protected:
  void SetUp() override {
    PlaneTest::SetUp();
    if (IsSkipped()) return;
    add_node("tx2", "arm64", R"("nvidia.com/gpu":"4",)");
    add_node("cloud", "amd64", R"("nvidia.com/gpu":"8",)");
    m_kubelet.emplace(m_io, m_admin);
  }
  void TearDown() override {
    if (m_port) m_port->stop();
    if (m_kubelet) {
      m_kubelet->stop();
      remove(path());
      for (const char* node : {"tx2", "cloud"}) remove(std::string("/api/v1/nodes/") + node);
      m_io.restart();
      m_io.run_for(std::chrono::milliseconds(300));
    }
    PlaneTest::TearDown();
  }

  void add_node(const std::string& name, const std::string& arch, const std::string& more) {
    const std::string resources = "{" + more + R"("cpu":"6","memory":"8Gi","pods":"110"})";
    create("/api/v1/nodes", R"({"metadata":{"name":")" + name + R"(","labels":{
      "kubernetes.io/hostname":")" +
                                name + R"(","kubernetes.io/arch":")" + arch + R"("}},
      "status":{"capacity":)" + resources +
                                R"(,"allocatable":)" + resources + R"(,
      "conditions":[{"type":"Ready","status":"True"}]}})");
    patch("/api/v1/nodes/" + name + "/status",
          R"({"status":{"capacity":)" + resources + R"(,"allocatable":)" + resources + "}}");
  }
  [[nodiscard]] std::string path() const {
    return "/apis/apps/v1/namespaces/" + m_namespace + "/deployments/detector";
  }
  /// As an operator would write it, at first at the edge.
  void deploy(const std::string& template_spec = "", const std::string& spec = "") {
    create("/apis/apps/v1/namespaces/" + m_namespace + "/deployments",
           R"({"metadata":{"name":"detector"},"spec":{)" + spec +
               R"("selector":{"matchLabels":{"app":"detector"}},"template":{"metadata":{
               "labels":{"app":"detector"}},"spec":{)" +
               template_spec + R"("containers":[{"name":"c","image":"detector:1",
               "resources":{"limits":{"nvidia.com/gpu":"1"}}}]}}}})");
  }
  void open() {
    ClusterConfig config;
    config.access = plane().admin();
    config.targets = {{kTx2, "kubernetes.io/hostname", "tx2"},
                      {kCloud, "kubernetes.io/hostname", "cloud"}};
    config.workloads = {{kDetector, {m_namespace, "detector"}, 2}};
    auto port = ClusterPort::create(m_io.get_executor(), m_clock, std::move(config));
    ASSERT_TRUE(port) << port.error().message;
    m_port = std::move(*port);
    m_port->start(m_events);
    ASSERT_TRUE(until([&] { return seen() && seen()->ready; })) << "it runs somewhere";
  }
  /// Runs at the edge, and wanwise follows it.
  void start_at_tx2() {
    deploy();
    create_place("tx2");
  }
  void create_place(const std::string& where) {
    open();
    if (seen()->target != TargetName{where}) {
      place(1, TargetName{where});
      ASSERT_EQ(answer_of(1).outcome, Outcome::done);
    }
    ASSERT_TRUE(until([&] {
      const auto pods = get("/pods");
      return pods && kubernetes::array_at(*pods, {"items"}).size() == 1;
    })) << "what served before is gone";
  }
  void place(core::ActionId id, std::optional<TargetName> to, std::int32_t rung = 0,
             core::Micros patience = core::seconds(20)) {
    m_port->submit(id, {kDetector, std::nullopt, std::move(to), rung, std::nullopt},
                   m_clock.now() + patience, "p99 250 ms > 100 ms on the link");
  }
  [[nodiscard]] std::optional<PlacementObserved> seen() {
    return last_of<PlacementObserved>(m_events.events());
  }
  /// Why the workload may not go there, as last told; "?" before anything was.
  [[nodiscard]] std::string closed(const std::optional<TargetName>& target) {
    const auto limits = last_of<core::PlacementLimits>(m_events.events());
    if (!limits) return "?";
    for (const core::ClosedPlace& place : limits->closed) {
      if (place.target == target) return place.code;
    }
    return "";
  }
  ActionDone answer_of(core::ActionId id) {
    std::optional<ActionDone> found;
    EXPECT_TRUE(until([&] {
      for (const auto& body : m_events.events()) {
        const auto* done = std::get_if<ActionDone>(&body);
        if (done != nullptr && done->id == id) found = *done;
      }
      return found.has_value();
    }));
    return found.value_or(ActionDone{});
  }
  [[nodiscard]] std::string annotation(const std::string& key) {
    const auto deployment = get(path());
    if (!deployment) return "?";
    return std::string(string_at(*deployment, {"metadata", "annotations", key}));
  }

  MachineClock m_clock;
  EventRecorder m_events;
  std::optional<Kubelet> m_kubelet;
  std::unique_ptr<ClusterPort> m_port;
};

TEST_F(KubernetesCluster, AMoveIsDoneWhenTheNewPodIsReadyAndTheOldOneServedUntilThen) {
  start_at_tx2();
  m_kubelet->hold.insert("cloud");
  place(7, kCloud);
  EXPECT_TRUE(until([&] {
    return annotation("wanwise.io/moving-from") == "tx2/0" ||
           annotation("wanwise.io/moving-from") == "/0";
  }));
  EXPECT_EQ(seen()->target, kTx2);
  EXPECT_TRUE(seen()->ready);
  m_kubelet->hold.clear();
  patch("/api/v1/nodes/cloud", R"({"metadata":{"labels":{"go":"on"}}})");
  // The pod was seen before it was let go: its next change makes it ready.
  const auto pods = get("/pods?labelSelector=app%3Ddetector");
  ASSERT_TRUE(pods);
  for (const json::value& pod : kubernetes::array_at(*pods, {"items"})) {
    patch("/api/v1/namespaces/" + m_namespace + "/pods/" +
              std::string(string_at(pod, {"metadata", "name"})),
          R"({"metadata":{"labels":{"go":"on"}}})");
  }
  EXPECT_EQ(answer_of(7), (ActionDone{7, Outcome::done, {}, {}}));
  EXPECT_EQ(seen()->target, kCloud);
  EXPECT_EQ(annotation("wanwise.io/target"), "cloud");
  EXPECT_TRUE(until([&] { return annotation("wanwise.io/moving-from").empty(); }));
}

TEST_F(KubernetesCluster, ThereAndBackAndToAnotherRung) {
  start_at_tx2();
  place(7, kCloud);
  EXPECT_EQ(answer_of(7).outcome, Outcome::done);
  place(8, kTx2);
  EXPECT_EQ(answer_of(8).outcome, Outcome::done);
  EXPECT_EQ(seen()->target, kTx2);
  place(9, kTx2, 1);
  EXPECT_EQ(answer_of(9).outcome, Outcome::done);
  EXPECT_TRUE(until([&] { return seen()->rung == 1; }, std::chrono::seconds(5)))
      << annotation("wanwise.io/reason");
}

TEST_F(KubernetesCluster, NotReadyInTimeIsUndone) {
  start_at_tx2();
  m_kubelet->hold.insert("cloud");
  place(7, kCloud, 0, core::seconds(3));
  const ActionDone answer = answer_of(7);
  EXPECT_EQ(answer.outcome, Outcome::failed);
  EXPECT_EQ(answer.reason, "not-ready-in-time");
  EXPECT_TRUE(until([&] { return annotation("wanwise.io/target") != "cloud"; }));
  EXPECT_EQ(seen()->target, kTx2);
  EXPECT_TRUE(seen()->ready);
}

TEST_F(KubernetesCluster, SuspendedAndBack) {
  start_at_tx2();
  place(7, std::nullopt);
  EXPECT_EQ(answer_of(7).outcome, Outcome::done);
  EXPECT_EQ(seen()->target, std::nullopt);
  place(8, kCloud);
  EXPECT_EQ(answer_of(8).outcome, Outcome::done);
  EXPECT_EQ(seen()->target, kCloud);
}

TEST_F(KubernetesCluster, WhatTheSchedulerWouldRefuseChangesNothing) {
  deploy(R"("nodeSelector":{"kubernetes.io/arch":"arm64"},)");
  open();
  place(7, kCloud);
  const ActionDone answer = answer_of(7);
  EXPECT_EQ(answer.outcome, Outcome::refused);
  EXPECT_EQ(answer.reason, "does-not-fit");
  EXPECT_THAT(answer.detail, HasSubstr("kubernetes.io/arch=arm64"));
  EXPECT_EQ(annotation("wanwise.io/target"), "");
}

TEST_F(KubernetesCluster, AStrategyThatWouldInterruptServiceIsRefused) {
  deploy("", R"("strategy":{"type":"Recreate"},)");
  open();
  const TargetName other = seen()->target == kTx2 ? kCloud : kTx2;
  place(7, other);
  EXPECT_EQ(answer_of(7).reason, "would-interrupt");
}

TEST_F(KubernetesCluster, APinHolds) {
  start_at_tx2();
  patch(path(), R"({"metadata":{"annotations":{"wanwise.io/pinned":"true"}}})");
  ASSERT_TRUE(until([&] { return closed(kCloud) == "pinned"; }));
  place(7, kCloud);
  EXPECT_EQ(answer_of(7).reason, "pinned");
}

TEST_F(KubernetesCluster, TheApiServersRestartInTheMiddleOfAMoveLosesNothing) {
  start_at_tx2();
  place(7, kCloud);
  plane().kill_api();
  plane().start_api();
  EXPECT_EQ(answer_of(7).outcome, Outcome::done);
  EXPECT_EQ(seen()->target, kCloud);
}

TEST_F(KubernetesCluster, AMoveThatAnEarlierProcessLeftIsEnded) {
  start_at_tx2();
  m_kubelet->hold.insert("cloud");
  place(7, kCloud);
  ASSERT_TRUE(until([&] { return annotation("wanwise.io/target") == "cloud"; }));
  m_port->stop();
  m_events.clear();
  open();
  EXPECT_TRUE(until([&] { return annotation("wanwise.io/moving-from").empty(); }));
  EXPECT_NE(annotation("wanwise.io/target"), "cloud");
  EXPECT_EQ(seen()->target, kTx2);
}

TEST_F(KubernetesCluster, ADeploymentDeletedByHandIsToldAndRefused) {
  start_at_tx2();
  remove(path());
  EXPECT_TRUE(until([&] { return !seen()->target; }));
  place(7, kCloud);
  EXPECT_EQ(answer_of(7).reason, "workload-missing");
  deploy();
  EXPECT_TRUE(until([&] { return seen()->ready; }));
}

TEST_F(KubernetesCluster, WhatTheClusterKnowsOfNodesIsTold) {
  start_at_tx2();
  EXPECT_TRUE(until([&] {
    const auto sample = last_of<core::NodeObserved>(m_events.events());
    return sample && sample->ready;
  }));
  patch("/api/v1/nodes/cloud/status",
        R"({"status":{"conditions":[{"type":"Ready","status":"False"}]}})");
  EXPECT_TRUE(until([&] {
    const auto sample = last_of<core::NodeObserved>(m_events.events());
    return sample && sample->target == kCloud && !sample->ready;
  }));
  place(7, kCloud);
  EXPECT_EQ(answer_of(7).reason, "target-not-ready");
}

TEST_F(KubernetesCluster, WhatIsClosedIsToldBeforeAnybodyDecides) {
  deploy(R"("nodeSelector":{"kubernetes.io/arch":"arm64"},)");
  open();
  EXPECT_TRUE(until([&] { return closed(kCloud) == "does-not-fit"; }));
  EXPECT_EQ(closed(kTx2), "");
  EXPECT_EQ(closed(std::nullopt), "");
  patch(path(), R"({"metadata":{"annotations":{"wanwise.io/pinned":"cloud"}}})");
  EXPECT_TRUE(until([&] { return closed(kTx2) == "pinned" && closed(std::nullopt) == "pinned"; }));
}

TEST_F(KubernetesCluster, ADisruptionBudgetIsKept) {
  deploy("", R"("replicas":2,"strategy":{"rollingUpdate":{"maxUnavailable":1}},)");
  create("/apis/policy/v1beta1/namespaces/" + m_namespace + "/poddisruptionbudgets",
         R"({"metadata":{"name":"both"},"spec":{"minAvailable":2,
             "selector":{"matchLabels":{"app":"detector"}}}})");
  open();
  ASSERT_TRUE(until([&] { return closed(std::nullopt) == "disruption-budget"; }));
  place(7, seen()->target == kTx2 ? kCloud : kTx2);
  EXPECT_EQ(answer_of(7).reason, "disruption-budget");
  place(8, std::nullopt);
  EXPECT_EQ(answer_of(8).reason, "disruption-budget");
  remove("/apis/policy/v1beta1/namespaces/" + m_namespace + "/poddisruptionbudgets/both");
  EXPECT_TRUE(until([&] { return closed(std::nullopt).empty(); }));
}

TEST_F(KubernetesCluster, ANodesHeartbeatAgesFromItsLastRenewal) {
  start_at_tx2();
  const std::string leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
  create(leases, R"({"metadata":{"name":"tx2"},"spec":{"holderIdentity":"tx2",
      "leaseDurationSeconds":40,"renewTime":"2026-01-01T00:00:00.000000Z"}})");
  const auto age = [&]() -> std::optional<core::Micros> {
    std::optional<core::Micros> found;
    for (const auto& body : m_events.events()) {
      const auto* node = std::get_if<core::NodeObserved>(&body);
      if (node != nullptr && node->target == kTx2) found = node->heartbeat_age;
    }
    return found;
  };
  EXPECT_TRUE(until([&] { return age() && *age() > core::seconds(2); }));
  patch(leases + "/tx2", R"({"spec":{"renewTime":"2026-01-01T00:00:10.000000Z"}})", Verb::merge);
  EXPECT_TRUE(until([&] { return age() && *age() < core::seconds(1); }));
  remove(leases + "/tx2");
}

TEST_F(KubernetesCluster, TheReasonStandsWherePeopleLook) {
  start_at_tx2();
  place(7, kCloud);
  ASSERT_EQ(answer_of(7).outcome, Outcome::done);
  EXPECT_TRUE(until([&] { return annotation("wanwise.io/moving-from").empty(); }));
  EXPECT_EQ(annotation("wanwise.io/reason"), "p99 250 ms > 100 ms on the link");
  const auto noted = [&](const std::string& reason) {
    const auto events = get("/events?fieldSelector=reason%3D" + reason);
    if (!events) return false;
    for (const json::value& event : kubernetes::array_at(*events, {"items"})) {
      const std::string_view note = string_at(event, {"message"});
      if (string_at(event, {"involvedObject", "name"}) == "detector" &&
          note == "to cloud: p99 250 ms > 100 ms on the link") {
        return true;
      }
    }
    return false;
  };
  EXPECT_TRUE(until([&] { return noted("Moving"); }));
  EXPECT_TRUE(until([&] { return noted("Moved"); }));
}

}  // namespace
}  // namespace wanwise::test
