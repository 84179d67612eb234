// wanwise as a scheduler, beside kube-scheduler, on a real control plane.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <boost/asio/detached.hpp>
#include <boost/json/parse.hpp>
#include <map>
#include <optional>

#include "adapters/kubernetes/api/json_read.hpp"
#include "adapters/kubernetes/cluster_port.hpp"
#include "tests/integration/kubernetes/lone_scheduler.hpp"
#include "tests/integration/kubernetes/plane_fixture.hpp"
#include "tests/support/event_recorder.hpp"
#include "tests/support/machine_clock.hpp"

namespace wanwise::test {
namespace {

namespace json = boost::json;
using kubernetes::array_at;
using kubernetes::string_at;
using ::testing::HasSubstr;

boost::asio::awaitable<void> drop(std::shared_ptr<kubernetes::Client> client,
                                  kubernetes::Call call) {
  (void)co_await client->call(std::move(call));
}

class KubernetesSchedule : public PlaneTest {
 protected:
  void TearDown() override {
    m_scheduler.reset();
    if (m_admin) {
      plane().pause_scheduler(false);
      for (const json::value& pod : pods()) {
        remove(pods_path() + "/" + std::string(string_at(pod, {"metadata", "name"})));
      }
      for (const std::string& node : m_made) remove("/api/v1/nodes/" + node);
    }
    PlaneTest::TearDown();
  }

  void add_node(const std::string& name, const std::string& resources = R"("cpu":"4")",
                const std::string& arch = "amd64", const std::string& spec = "") {
    const std::string all = "{" + resources + R"(,"memory":"8Gi","pods":"110"})";
    create("/api/v1/nodes",
           fmt::format(
               R"({{"metadata":{{"name":"{0}","labels":{{"kubernetes.io/hostname":"{0}",
                   "kubernetes.io/arch":"{1}"}}}},"spec":{{{2}}},
                   "status":{{"capacity":{3},"allocatable":{3},
                              "conditions":[{{"type":"Ready","status":"True"}}]}}}})",
               name, arch, spec, all));
    m_made.push_back(name);
  }
  [[nodiscard]] std::string pods_path() const {
    return "/api/v1/namespaces/" + m_namespace + "/pods";
  }
  static std::string pod_body(const std::string& name, const std::string& requests,
                              const std::string& spec, const std::string& scheduler) {
    return fmt::format(R"({{"metadata":{{"name":"{}"}},"spec":{{{}"schedulerName":"{}",
               "containers":[{{"name":"c","image":"i:1","resources":{{"limits":{{{}}}}}}}]}}}})",
                       name, spec, scheduler, requests);
  }
  void add_pod(const std::string& name, const std::string& requests = R"("cpu":"1")",
               const std::string& spec = "", const std::string& scheduler = "wanwise") {
    create(pods_path(), pod_body(name, requests, spec, scheduler));
  }
  void start(kubernetes::SchedulerOptions options = {}) {
    m_scheduler.emplace(m_io, plane().admin(), std::move(options));
  }
  json::array pods() {
    const auto list = get("/pods");
    return list ? array_at(*list, {"items"}) : json::array{};
  }
  std::string node_of(const std::string& pod) {
    const auto got = get("/pods/" + pod);
    return got ? std::string(string_at(*got, {"spec", "nodeName"})) : std::string{};
  }
  [[nodiscard]] bool goes_to(const std::string& pod, const std::string& node) {
    const bool gone = until([&] { return !node_of(pod).empty(); });
    EXPECT_EQ(node_of(pod), node);
    return gone;
  }
  /// How many of the namespace's pods each node has; those without under "".
  std::map<std::string, int> spread() {
    std::map<std::string, int> counts;
    for (const json::value& pod : pods())
      ++counts[std::string(string_at(pod, {"spec", "nodeName"}))];
    return counts;
  }
  /// Message of PodScheduled=False, Unschedulable; empty: there is none.
  std::string unschedulable(const std::string& pod) {
    const auto got = get("/pods/" + pod);
    if (!got) return {};
    for (const json::value& one : array_at(*got, {"status", "conditions"})) {
      if (string_at(one, {"type"}) != "PodScheduled" || string_at(one, {"status"}) != "False" ||
          string_at(one, {"reason"}) != "Unschedulable") {
        continue;
      }
      return std::string(string_at(one, {"message"}));
    }
    return {};
  }
  std::vector<std::string> notes(const std::string& pod, const std::string& reason) {
    std::vector<std::string> found;
    const auto list = get("/apis/events.k8s.io/v1/namespaces/" + m_namespace + "/events");
    if (!list) return found;
    for (const json::value& event : array_at(*list, {"items"})) {
      if (string_at(event, {"regarding", "name"}) == pod &&
          string_at(event, {"reason"}) == reason &&
          string_at(event, {"reportingController"}) == "wanwise") {
        found.emplace_back(string_at(event, {"note"}));
      }
    }
    return found;
  }
  /// Many pods at once.
  void add_pods(int count, const std::string& requests = R"("cpu":"100m")") {
    int made = 0;
    for (int i = 0; i < count; ++i) {
      kubernetes::Call call{
          kubernetes::Verb::create, pods_path(),
          json::parse(pod_body("p" + std::to_string(i), requests, "", "wanwise"))};
      call.repeatable = true;
      boost::asio::co_spawn(m_io, post(std::move(call), made), boost::asio::detached);
    }
    ASSERT_TRUE(until([&] { return made == count; })) << made;
  }

  std::optional<LoneScheduler> m_scheduler;

 private:
  boost::asio::awaitable<void> post(kubernetes::Call call, int& made) {
    const auto answer = co_await m_admin->call(std::move(call));
    EXPECT_TRUE(answer) << answer.error().message;
    ++made;
  }
  std::vector<std::string> m_made;
};

TEST_F(KubernetesSchedule, BindsPodsOfItsNameAndLeavesOthersAlone) {
  plane().pause_scheduler(true);
  add_node("n1");
  add_pod("mine");
  add_pod("theirs", R"("cpu":"1")", "", "default-scheduler");
  start();
  EXPECT_TRUE(goes_to("mine", "n1"));
  ASSERT_TRUE(until([&] { return m_scheduler->told(); }));
  EXPECT_THAT(notes("mine", "Scheduled"),
              ::testing::ElementsAre("Successfully assigned " + m_namespace + "/mine to n1"));
  EXPECT_EQ(node_of("theirs"), "");
  plane().pause_scheduler(false);
  EXPECT_TRUE(goes_to("theirs", "n1"));
  EXPECT_EQ(m_scheduler->counters().bound, 1U);
}

TEST_F(KubernetesSchedule, IsWiredIntoTheClusterPort) {
  add_node("n1");
  add_pod("mine");
  kubernetes::ClusterConfig config;
  config.access = plane().admin();
  config.binds_pods = true;
  const MachineClock clock;
  EventRecorder events;
  auto port = kubernetes::ClusterPort::create(m_io.get_executor(), clock, std::move(config));
  ASSERT_TRUE(port) << port.error().message;
  (*port)->start(events);
  EXPECT_TRUE(goes_to("mine", "n1"));
  (*port)->stop();
}

TEST_F(KubernetesSchedule, KeepsTheHardRules) {
  add_node("tx2", R"("cpu":"4","nvidia.com/gpu":"1")", "arm64",
           R"("taints":[{"key":"edge","value":"yes","effect":"NoSchedule"}])");
  add_node("cloud", R"("cpu":"4")");
  add_node("small", R"("cpu":"500m")");
  start();
  const std::string edge = R"("tolerations":[{"key":"edge","operator":"Exists"}],)";
  add_pod("gpu", R"("nvidia.com/gpu":"1")", edge);
  add_pod("arm", R"("cpu":"100m")", edge + R"("nodeSelector":{"kubernetes.io/arch":"arm64"},)");
  add_pod("big", R"("cpu":"3")");
  add_pod("tiny", R"("cpu":"400m")");
  EXPECT_TRUE(goes_to("gpu", "tx2"));
  EXPECT_TRUE(goes_to("arm", "tx2"));
  EXPECT_TRUE(goes_to("big", "cloud"));
  EXPECT_TRUE(until([&] { return !node_of("tiny").empty(); }));
  EXPECT_NE(node_of("tiny"), "tx2") << "tainted";
}

TEST_F(KubernetesSchedule, AnUnschedulablePodSaysWhyAndIsBoundOnceANodeIsAdded) {
  add_node("tx2", R"("cpu":"4","nvidia.com/gpu":"1")", "arm64",
           R"("taints":[{"key":"edge","value":"yes","effect":"NoSchedule"}])");
  add_node("cloud");
  start();
  add_pod("detector", R"("nvidia.com/gpu":"1")");
  const std::string why =
      "0/2 nodes are available: 1 Insufficient nvidia.com/gpu, 1 node(s) had taint {edge: yes}, "
      "that the pod didn't tolerate.";
  ASSERT_TRUE(until([&] { return !unschedulable("detector").empty(); }));
  EXPECT_EQ(unschedulable("detector"), why);
  ASSERT_TRUE(until([&] { return m_scheduler->told(); }));
  EXPECT_THAT(notes("detector", "FailedScheduling"), ::testing::ElementsAre(why));
  add_node("cloud-gpu", R"("cpu":"4","nvidia.com/gpu":"1")");
  EXPECT_TRUE(goes_to("detector", "cloud-gpu"));
  EXPECT_EQ(unschedulable("detector"), "");
}

TEST_F(KubernetesSchedule, RoomThatAPodLeavesIsTaken) {
  add_node("n1", R"("cpu":"1")");
  start();
  add_pod("first");
  ASSERT_TRUE(goes_to("first", "n1"));
  add_pod("second");
  ASSERT_TRUE(until([&] { return !unschedulable("second").empty(); }));
  remove(pods_path() + "/first");
  EXPECT_TRUE(goes_to("second", "n1"));
}

TEST_F(KubernetesSchedule, WhatItDoesNotJudgeItRefuses) {
  add_node("n1");
  start();
  add_pod("db", R"("cpu":"1")",
          R"("volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"c"}}],)");
  ASSERT_TRUE(until([&] { return !unschedulable("db").empty(); }));
  EXPECT_THAT(unschedulable("db"), HasSubstr("wanwise does not judge volume claims"));
  EXPECT_EQ(node_of("db"), "");
}

TEST_F(KubernetesSchedule, HigherPriorityIsFirstAndANodeIsNeverOverCommitted) {
  create("/apis/scheduling.k8s.io/v1/priorityclasses",
         R"({"metadata":{"name":"urgent"},"value":1000})");
  add_node("n1", R"("cpu":"1")");
  add_pod("older");
  add_pod("urgent", R"("cpu":"1")", R"("priorityClassName":"urgent",)");
  start();
  EXPECT_TRUE(goes_to("urgent", "n1"));
  EXPECT_TRUE(until([&] { return !unschedulable("older").empty(); }));
  EXPECT_EQ(unschedulable("older"), "0/1 nodes are available: 1 Insufficient cpu.");
  remove("/apis/scheduling.k8s.io/v1/priorityclasses/urgent");
}

TEST_F(KubernetesSchedule, ManyAtOnceFillTheNodesEvenlyAndNoFurther) {
  for (int i = 0; i < 5; ++i) add_node("n" + std::to_string(i), R"("cpu":"1")");
  add_pods(60);
  start();
  ASSERT_TRUE(until([&] { return m_scheduler->counters().bound == 50; }));
  ASSERT_TRUE(until([&] { return m_scheduler->counters().conditions >= 10; }));
  auto counts = spread();
  EXPECT_EQ(counts[""], 10);
  counts.erase("");
  ASSERT_EQ(counts.size(), 5U);
  for (const auto& [node, count] : counts) EXPECT_EQ(count, 10) << node;
}

TEST_F(KubernetesSchedule, APodThatIsDeletedWhileItIsBoundIsNoError) {
  add_node("n1");
  add_pods(40);
  start();
  ASSERT_TRUE(until([&] { return m_scheduler->counters().bound > 0; }));
  for (int i = 0; i < 40; ++i) {
    kubernetes::Call call;
    call.verb = kubernetes::Verb::remove;
    call.path = pods_path() + "/p" + std::to_string(i);
    call.body = json::parse(R"({"gracePeriodSeconds":0})");
    boost::asio::co_spawn(m_io, drop(m_admin, std::move(call)), boost::asio::detached);
  }
  ASSERT_TRUE(until([&] { return pods().empty() && m_scheduler->waiting() == 0; }));
  EXPECT_EQ(m_scheduler->counters().failed, 0U);
  add_pod("last", R"("cpu":"4")");
  EXPECT_TRUE(goes_to("last", "n1")) << "what the deleted ones held is free again";
}

TEST_F(KubernetesSchedule, AllAreBoundOnceAfterTheServerWasKilled) {
  for (int i = 0; i < 4; ++i) add_node("n" + std::to_string(i), R"("cpu":"10")");
  add_pods(200);
  start();
  ASSERT_TRUE(until([&] { return m_scheduler->counters().bound >= 20; }));
  plane().kill_api();
  ASSERT_LT(m_scheduler->counters().bound, 200U);
  plane().start_api();
  ASSERT_TRUE(until([&] { return m_scheduler->waiting() == 0; }));
  auto counts = spread();
  EXPECT_EQ(counts[""], 0);
  EXPECT_EQ(pods().size(), 200U);
  const auto& counters = m_scheduler->counters();
  EXPECT_EQ(counters.failed, 0U);
  EXPECT_LE(counters.bound + counters.taken, 200U);
  for (const auto& [node, count] : counts) EXPECT_LE(count, 100) << node;
}

TEST_F(KubernetesSchedule, TwoAtOnceBindEachPodOnce) {
  for (int i = 0; i < 4; ++i) add_node("n" + std::to_string(i), R"("cpu":"100")");
  add_pods(100);
  LoneScheduler other{m_io, plane().admin()};
  start();
  ASSERT_TRUE(until(
      [&] { return m_scheduler->waiting() == 0 && other.waiting() == 0 && spread()[""] == 0; }));
  EXPECT_EQ(m_scheduler->counters().bound + other.counters().bound, 100U);
  EXPECT_EQ(m_scheduler->counters().failed + other.counters().failed, 0U);
  EXPECT_GT(m_scheduler->counters().taken + other.counters().taken, 0U) << "they never met";
}

}  // namespace
}  // namespace wanwise::test
