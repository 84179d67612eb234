// Quantities, what is kept of Kubernetes' objects, and the scheduler's hard rules.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "adapters/kubernetes/fit/fit.hpp"
#include "adapters/kubernetes/view/cluster_view.hpp"

namespace wanwise::test {
namespace {

namespace json = boost::json;
using kubernetes::DeploymentObject;
using kubernetes::misfit;
using kubernetes::NodeObject;
using kubernetes::NodeUse;
using kubernetes::parse_quantity;
using kubernetes::read_deployment;
using kubernetes::read_node;
using kubernetes::read_pod;
using ::testing::ElementsAre;
using ::testing::Pair;

TEST(Quantity, IsReadInThousandths) {
  const std::vector<std::pair<const char*, std::int64_t>> cases{
      {"1", 1000},       {"100m", 100},      {"0.5", 500},
      {"1500u", 2},      {"2Ki", 2'048'000}, {"1.5Gi", 1'610'612'736'000},
      {"1k", 1'000'000}, {"2e3", 2'000'000}, {"1E", INT64_MAX},
      {"0", 0},          {"-1", -1000},      {"1n", 1},
      {"4E3", 4'000'000}};
  for (const auto& [text, milli] : cases) EXPECT_EQ(parse_quantity(text), milli) << text;
  for (const char* wrong : {"", "x", "1x", "1 Gi", "Gi", "1kk", "inf", "nan", "1GiB"}) {
    EXPECT_FALSE(parse_quantity(wrong)) << wrong;
  }
}

/// A TX2 as k3s shows it, with NVIDIA's device plugin.
NodeObject tx2() {
  return read_node(json::parse(R"({"metadata":{"name":"tx2","labels":
    {"kubernetes.io/hostname":"tx2","kubernetes.io/arch":"arm64","slots":"4"}},
    "spec":{"taints":[{"key":"edge","value":"yes","effect":"NoSchedule"},
                      {"key":"slow","effect":"PreferNoSchedule"}]},
    "status":{"allocatable":{"cpu":"6","memory":"7Gi","nvidia.com/gpu":"1","pods":"110"},
              "conditions":[{"type":"Ready","status":"True"}]}})"));
}

/// `spec` of a pod template that the TX2 takes, with `more` members.
DeploymentObject deployment(const std::string& more = "") {
  return read_deployment(json::parse(R"({"metadata":{"name":"d","namespace":"n"},"spec":{
    "selector":{"matchLabels":{"app":"d"}},"template":{"spec":{
      "tolerations":[{"key":"edge","operator":"Exists"}],
      "containers":[{"resources":{"limits":{"nvidia.com/gpu":"1"},"requests":{"cpu":"500m"}}}])" +
                                     more + "}}}}"));
}

TEST(Fit, APodThatKeepsTheRulesMayStandThere) {
  EXPECT_EQ(misfit(deployment().rules, tx2(), {}), std::nullopt);
  EXPECT_EQ(
      misfit(deployment(R"(,"nodeSelector":{"kubernetes.io/arch":"arm64"})").rules, tx2(), {}),
      std::nullopt);
}

TEST(Fit, EachBrokenRuleIsNamed) {
  const auto affinity = [](const std::string& terms) {
    return R"(,"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":
      {"nodeSelectorTerms":[)" +
           terms + "]}}}";
  };
  const auto why = [](const std::string& more) {
    return misfit(deployment(more).rules, tx2(), {}).value_or("fits");
  };
  EXPECT_EQ(why(R"(,"nodeSelector":{"kubernetes.io/arch":"amd64"})"),
            "node selector kubernetes.io/arch=amd64 does not match");
  const std::string no_match = "required node affinity does not match";
  const auto term = [](const std::string& op, const std::string& values) {
    return R"({"matchExpressions":[{"key":"slots","operator":")" + op + R"(","values":)" + values +
           "}]}";
  };
  EXPECT_EQ(why(affinity(term("In", R"(["4","8"])"))), "fits");
  EXPECT_EQ(why(affinity(term("NotIn", R"(["4"])"))), no_match);
  EXPECT_EQ(why(affinity(term("Gt", R"(["3"])"))), "fits");
  EXPECT_EQ(why(affinity(term("Lt", R"(["4"])"))), no_match);
  EXPECT_EQ(why(affinity(term("Exists", "[]"))), "fits");
  EXPECT_EQ(why(affinity(term("DoesNotExist", "[]"))), no_match);
  EXPECT_EQ(why(affinity(term("Lt", R"(["4"])") + "," + term("Exists", "[]"))), "fits");
  EXPECT_EQ(why(affinity("{}")), no_match);
  EXPECT_EQ(why(affinity(R"({"matchFields":[{"key":"metadata.name","operator":"In",
                             "values":["tx2"]}]})")),
            "fits");
  NodeObject node = tx2();
  node.taints.push_back({"gone", "", "NoExecute"});
  EXPECT_EQ(misfit(deployment().rules, node, {}), "taint gone:NoExecute is not tolerated");
  node = tx2();
  node.unschedulable = true;
  EXPECT_EQ(misfit(deployment().rules, node, {}),
            "taint node.kubernetes.io/unschedulable:NoSchedule is not tolerated");
}

TEST(Fit, WhatOthersAskedForIsTaken) {
  NodeUse use;
  add_pod(use, {{"nvidia.com/gpu", 1000}});
  EXPECT_EQ(misfit(deployment().rules, tx2(), use), "insufficient nvidia.com/gpu");
  use = {};
  add_pod(use, {{"cpu", 5600}});
  EXPECT_EQ(misfit(deployment().rules, tx2(), use), "insufficient cpu");
  use = {};
  for (int i = 0; i < 110; ++i) add_pod(use, {});
  EXPECT_EQ(misfit(deployment().rules, tx2(), use), "too many pods");
}

TEST(Objects, RequestsAreTheSchedulersSum) {
  const auto pod = read_pod(json::parse(R"({"metadata":{"name":"p","namespace":"n"},"spec":{
    "nodeName":"tx2","overhead":{"cpu":"10m"},
    "initContainers":[{"resources":{"requests":{"cpu":"2","memory":"1Mi"}}}],
    "containers":[{"resources":{"requests":{"cpu":"1"},"limits":{"cpu":"4","memory":"2Mi"}}},
                  {"resources":{"requests":{"cpu":"500m"}}}]},
    "status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}})"));
  EXPECT_THAT(pod.requests, ElementsAre(Pair("cpu", 2010), Pair("memory", 2'097'152'000)));
  EXPECT_EQ(pod.node, "tx2");
  EXPECT_TRUE(pod.ready);
}

TEST(Objects, APodThatIsNotReadySaysWhy) {
  const auto waiting = read_pod(json::parse(R"({"metadata":{"name":"p"},"status":{"phase":"Pending",
    "containerStatuses":[{"state":{"waiting":{"reason":"ImagePullBackOff",
                                               "message":"no such image"}}}]}})"));
  EXPECT_EQ(waiting.trouble, "ImagePullBackOff: no such image");
  const auto pending = read_pod(json::parse(R"({"metadata":{"name":"p"},"status":{"phase":"Pending",
    "conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable",
                   "message":"0/1 nodes are available"}]}})"));
  EXPECT_EQ(pending.trouble, "Unschedulable: 0/1 nodes are available");
  const auto ending = read_pod(json::parse(R"({"metadata":{"name":"p","deletionTimestamp":"now"},
    "status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}})"));
  EXPECT_FALSE(ending.ready);
}

TEST(Objects, ARollingUpdatesSharesAreOfTheReplicas) {
  const auto read = [](const std::string& strategy, int replicas) {
    return read_deployment(json::parse(R"({"spec":{"replicas":)" + std::to_string(replicas) +
                                       R"(,"strategy":)" + strategy + "}}"));
  };
  const std::string quarter =
      R"({"rollingUpdate":{"maxSurge":"25%","maxUnavailable":"25%"},"type":"RollingUpdate"})";
  EXPECT_EQ(read(quarter, 1).max_unavailable, 0);
  EXPECT_EQ(read(quarter, 1).max_surge, 1);
  EXPECT_EQ(read(quarter, 10).max_unavailable, 2);
  EXPECT_EQ(read(quarter, 10).max_surge, 3);
  EXPECT_EQ(read(R"({"rollingUpdate":{"maxSurge":0,"maxUnavailable":1}})", 3).max_unavailable, 1);
  EXPECT_TRUE(read(R"({"type":"Recreate"})", 1).recreate);
}

TEST(Objects, AnythingElseReadsAsNothing) {
  for (const char* odd :
       {"null", "[]", "7", R"({"metadata":[],"spec":"x","status":{"conditions":1}})",
        R"({"spec":{"containers":[1,{"resources":[]}],"template":7}})"}) {
    EXPECT_FALSE(read_node(json::parse(odd)).ready);
    EXPECT_FALSE(read_pod(json::parse(odd)).ready);
    EXPECT_EQ(read_deployment(json::parse(odd)).replicas, 1);
  }
}

TEST(ClusterView, ADeploymentsPodsAreThoseItSelectsThatLive) {
  int changes = 0;
  kubernetes::ClusterView view{[&] { ++changes; }};
  kubernetes::Store<kubernetes::PodObject>::Part pods{view.pods};
  const auto pod = [](const std::string& name, const std::string& label, const std::string& more) {
    return json::parse(R"({"metadata":{"namespace":"n","name":")" + name +
                       R"(","labels":{"app":")" + label + "\"}" + more + "}}");
  };
  pods.list_begins();
  pods.put(pod("a", "d", ""));
  pods.put(pod("b", "other", ""));
  pods.put(pod("c", "d", R"(,"deletionTimestamp":"now")"));
  EXPECT_FALSE(view.pods.listed());
  pods.list_ends();
  EXPECT_TRUE(view.pods.listed());
  EXPECT_FALSE(view.complete()) << "nodes and Deployments have no mirror";
  const DeploymentObject wanted = deployment();
  const auto found = view.pods_of(wanted);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0]->name.name, "a");
}

TEST(ClusterView, WhatANewListDoesNotHoldIsGone) {
  kubernetes::Store<NodeObject> nodes{read_node, [] {}};
  kubernetes::Store<NodeObject>::Part part{nodes};
  const auto node = [](const std::string& name) {
    return json::parse(R"({"metadata":{"name":")" + name + "\"}}");
  };
  part.list_begins();
  part.put(node("a"));
  part.list_ends();
  part.put(node("b"));
  part.list_begins();
  part.put(node("c"));
  EXPECT_EQ(nodes.all().size(), 3U) << "a list that is not whole takes nothing away";
  part.list_begins();
  part.put(node("a"));
  part.list_ends();
  ASSERT_EQ(nodes.all().size(), 1U);
  EXPECT_EQ(nodes.all().begin()->first.name, "a");
}

}  // namespace
}  // namespace wanwise::test
