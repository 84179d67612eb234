// Rankings of nodes, what they say of nodes that are out, and the order of the pods that wait.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <random>

#include "adapters/kubernetes/schedule/pod_queue.hpp"

namespace wanwise::test {
namespace {

namespace json = boost::json;
using kubernetes::Backoff;
using kubernetes::explain_none;
using kubernetes::NodeObject;
using kubernetes::NodeTable;
using kubernetes::PodKind;
using kubernetes::PodQueue;
using kubernetes::PodToBind;
using kubernetes::Ranking;
using kubernetes::read_pod_to_bind;
using kubernetes::SteadyTime;
using std::chrono::seconds;

NodeObject node(const std::string& name, std::int64_t cores, std::int64_t pods = 110) {
  NodeObject made;
  made.name = name;
  made.labels = {{"kubernetes.io/hostname", name}};
  made.allocatable = {
      {"cpu", cores * 1000}, {"memory", std::int64_t{8} << 40}, {"pods", pods * 1000}};
  return made;
}

PodKind asks(std::int64_t millicores) {
  PodKind kind;
  kind.rules.requests = {{"cpu", millicores}};
  return kind;
}

std::string best(Ranking& ranking) {
  const std::string* name = ranking.best();
  return name == nullptr ? "none" : *name;
}

TEST(Ranking, TheFreestNodeIsBestAndTiesEndInTheName) {
  NodeTable table;
  for (const char* name : {"c", "a", "b"}) table.put(node(name, 4));
  const PodKind kind = asks(1000);
  Ranking ranking{kind, table};
  EXPECT_EQ(best(ranking), "a");
  table.stand({"n", "p1"}, "1", "a", kind.rules.requests);
  EXPECT_EQ(best(ranking), "b");
  table.put(node("0-big", 64));
  EXPECT_EQ(best(ranking), "0-big");
  table.remove("0-big");
  table.stand({"n", "p2"}, "2", "b", kind.rules.requests);
  EXPECT_EQ(best(ranking), "c");
  table.leave({"n", "p1"});
  EXPECT_EQ(best(ranking), "a");
}

TEST(Ranking, WhatThePodPrefersGoesBeforeRoom) {
  NodeTable table;
  NodeObject slow = node("slow", 64);
  slow.taints = {{"slow", "", "PreferNoSchedule"}};
  table.put(slow);
  table.put(node("a", 4));
  table.put(node("b", 4));
  PodKind kind = asks(1000);
  kind.preferred = {{10, {{{"kubernetes.io/hostname", "In", {"b"}}}, {}}}};
  Ranking ranking{kind, table};
  EXPECT_EQ(best(ranking), "b");
  table.remove("b");
  EXPECT_EQ(best(ranking), "a");
  table.remove("a");
  EXPECT_EQ(best(ranking), "slow");
}

TEST(Ranking, APodStandsOnOneNodeOnly) {
  NodeTable table;
  table.put(node("a", 1));
  table.put(node("b", 1));
  const PodKind kind = asks(1000);
  Ranking ranking{kind, table};
  table.stand({"n", "p"}, "1", "a", kind.rules.requests);
  table.stand({"n", "p"}, "1", "b", kind.rules.requests);
  EXPECT_EQ(best(ranking), "a") << "assumed there, bound elsewhere";
  EXPECT_TRUE(table.stands({"n", "p"}, "1"));
  EXPECT_FALSE(table.stands({"n", "p"}, "2"));
}

TEST(Ranking, PodsOnANodeThatComesLaterCount) {
  NodeTable table;
  const PodKind kind = asks(1000);
  table.stand({"n", "p"}, "1", "late", kind.rules.requests);
  EXPECT_EQ(table.nodes(), 0U);
  Ranking ranking{kind, table};
  table.put(node("late", 1));
  EXPECT_EQ(best(ranking), "none");
  EXPECT_EQ(ranking.why_none(), "0/1 nodes are available: 1 Insufficient cpu.");
}

TEST(Ranking, EachNodeIsExplainedByItsFirstFilter) {
  NodeTable table;
  EXPECT_EQ(explain_none(asks(1), table), "0/0 nodes are available.");
  NodeObject cordoned = node("a", 4);
  cordoned.unschedulable = true;
  NodeObject tainted = node("b", 4);
  tainted.taints = {{"edge", "yes", "NoSchedule"}};
  for (const NodeObject& one : {cordoned, tainted, node("c", 1, 0), node("d", 1), node("e", 2)}) {
    table.put(one);
  }
  PodKind kind = asks(1500);
  kind.rules.affinity = {{{{"kubernetes.io/hostname", "NotIn", {"e"}}}, {}}};
  EXPECT_EQ(explain_none(kind, table),
            "0/5 nodes are available: 1 Too many pods, 1 node(s) didn't match Pod's node affinity, "
            "1 node(s) had taint {edge: yes}, that the pod didn't tolerate, 1 node(s) were "
            "unschedulable, 2 Insufficient cpu.");
}

/// After any changes a ranking that was kept up to date answers as one made anew.
TEST(Ranking, KeptUpToDateIsAsMadeAnew) {
  std::mt19937 random{7};
  const auto pick = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
  NodeTable table;
  const std::vector<PodKind> kinds{asks(500), asks(2000)};
  Ranking small{kinds[0], table}, large{kinds[1], table};
  int answers = 0;
  for (int step = 0; step < 5'000; ++step) {
    const std::string name = "n" + std::to_string(pick(9));
    const kubernetes::ObjectName pod{"n", "p" + std::to_string(pick(30))};
    switch (pick(5)) {
      case 0:
        table.put(node(name, 1 + pick(7), 1 + pick(5)));
        break;
      case 1:
        table.remove(name);
        break;
      case 2:
        table.leave(pod);
        break;
      default:
        table.stand(pod, "1", name, {{"cpu", 250 * pick(8)}});
    }
    if (pick(2) != 0) continue;
    Ranking anew_small{kinds[0], table}, anew_large{kinds[1], table};
    ASSERT_EQ(best(small), best(anew_small)) << step;
    ASSERT_EQ(best(large), best(anew_large)) << step;
    if (best(large) == "none") {
      ASSERT_EQ(large.why_none(), anew_large.why_none()) << step;
    }
    ++answers;
  }
  EXPECT_GT(answers, 1'000);
}

PodToBind pod(const std::string& name, std::int64_t priority = 0,
              const std::string& created = "2026-01-01T00:00:00Z", std::int64_t millicores = 1000) {
  PodToBind made;
  made.name = {"n", name};
  made.uid = "uid-" + name;
  made.priority = priority;
  made.created = created;
  made.kind = asks(millicores);
  return made;
}

class PodQueueTest : public ::testing::Test {
 protected:
  std::string take() {
    const PodQueue::Entry* entry = m_queue.take();
    return entry == nullptr ? "none" : entry->pod.name.name;
  }
  PodQueue::Entry& entry(const std::string& name) { return *m_queue.find({"n", name}); }

  NodeTable m_table;
  PodQueue m_queue{m_table, Backoff{}};
  SteadyTime m_now{};
};

TEST_F(PodQueueTest, PriorityComesBeforeAgeAndAgeBeforeName) {
  m_queue.put(pod("young", 0, "2026-01-02T00:00:00Z"));
  m_queue.put(pod("b"));
  m_queue.put(pod("a"));
  m_queue.put(pod("urgent", 5, "2026-01-03T00:00:00Z"));
  for (const char* expected : {"urgent", "a", "b", "young", "none"}) EXPECT_EQ(take(), expected);
}

TEST_F(PodQueueTest, AParkedPodWaitsForHopeAndTheEndOfItsBackOff) {
  m_queue.put(pod("p"));
  m_queue.release(m_now);
  ASSERT_EQ(take(), "p");
  m_queue.park(entry("p"), m_now);
  m_table.put(node("tiny", 0));
  m_queue.release(m_now + seconds(2));
  EXPECT_EQ(take(), "none") << "it does not fit there";
  m_table.put(node("good", 4));
  m_queue.release(m_now);
  EXPECT_EQ(take(), "none") << "within the back-off";
  EXPECT_EQ(m_queue.next(), m_now + seconds(1));
  m_queue.release(m_now + seconds(1));
  EXPECT_EQ(take(), "p");
}

TEST_F(PodQueueTest, BackOffGrowsToTenSeconds) {
  m_queue.put(pod("p"));
  for (const int expected : {1, 2, 4, 8, 10, 10}) {
    m_queue.release(m_now += std::chrono::minutes(1));
    ASSERT_EQ(take(), "p") << "tried blindly once a minute";
    m_queue.park(entry("p"), m_now);
    EXPECT_EQ(entry("p").not_before - m_now, seconds(expected));
  }
}

TEST_F(PodQueueTest, APodThatGrowsATolerationIsTriedAtOnce) {
  m_queue.put(pod("p"));
  ASSERT_EQ(take(), "p");
  m_queue.park(entry("p"), m_now);
  m_queue.put(pod("p"));
  EXPECT_EQ(take(), "none") << "no news";
  PodToBind grown = pod("p");
  grown.kind.rules.tolerations = {{"edge", "Exists", "", ""}};
  m_queue.put(grown);
  EXPECT_EQ(take(), "p");
  EXPECT_EQ(m_queue.size(), 1U);
}

TEST_F(PodQueueTest, RankingsAreKeptForFewKindsOnly) {
  m_table.put(node("a", 64));
  for (int i = 0; i < 200; ++i) {
    m_queue.put(pod("p" + std::to_string(i), 0, "", 100 + i));
  }
  for (int i = 0; i < 200; ++i) {
    const PodQueue::Entry* entry = m_queue.take();
    ASSERT_NE(entry, nullptr);
    EXPECT_EQ(best(m_queue.ranking_for(*entry)), "a");
    EXPECT_LE(m_table.rankings(), PodQueue::kRankings);
  }
  for (int i = 0; i < 200; ++i) m_queue.remove({"n", "p" + std::to_string(i)});
  EXPECT_EQ(m_table.rankings(), 0U);
}

TEST(PodToBind, RulesThatAreNotJudgedAreNamed) {
  const auto beyond = [](const std::string& spec) {
    return read_pod_to_bind(json::parse(R"({"metadata":{"name":"p"},"spec":{)" + spec + "}}"))
        .kind.beyond;
  };
  EXPECT_EQ(beyond(""), "");
  const std::string required = R"({"requiredDuringSchedulingIgnoredDuringExecution":[{}]}})";
  EXPECT_EQ(beyond(R"("affinity":{"podAffinity":)" + required), "pod affinity");
  EXPECT_EQ(beyond(R"("affinity":{"podAntiAffinity":)" + required), "pod anti-affinity");
  EXPECT_EQ(beyond(R"("topologySpreadConstraints":[{"whenUnsatisfiable":"DoNotSchedule"}])"),
            "topology spread constraints");
  EXPECT_EQ(beyond(R"("topologySpreadConstraints":[{"whenUnsatisfiable":"ScheduleAnyway"}])"), "");
  EXPECT_EQ(beyond(R"("containers":[{"ports":[{"hostPort":80}]}])"), "host ports");
  EXPECT_EQ(beyond(R"("volumes":[{"persistentVolumeClaim":{}}])"), "volume claims");
  EXPECT_EQ(beyond(R"("volumes":[{"configMap":{}}])"), "");
}

TEST(PodKind, KeysOfDifferentKindsDiffer) {
  PodKind one = asks(1000), other = asks(1000);
  EXPECT_EQ(one.key(), other.key());
  one.rules.node_selector = {{"a", "bc"}};
  other.rules.node_selector = {{"ab", "c"}};
  EXPECT_NE(one.key(), other.key());
  one = other = asks(1000);
  one.rules.affinity.emplace();
  EXPECT_NE(one.key(), other.key()) << "an affinity without terms matches nothing";
}

}  // namespace
}  // namespace wanwise::test
