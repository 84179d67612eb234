// The pods that wait to be bound: those ready to be tried, by priority and then age; those that
// found no node, until a change gives hope or their time comes. Belongs to one thread. As large as
// the pods that wait are many; rankings of nodes, which are large, are kept for few kinds at a
// time. Source: https://kubernetes.io/docs/concepts/scheduling-eviction/scheduling-framework/
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "adapters/kubernetes/client/connection.hpp"
#include "adapters/kubernetes/schedule/pod_to_bind.hpp"
#include "adapters/kubernetes/schedule/ranking.hpp"

namespace wanwise::kubernetes {

/// kube-scheduler's own figures.
struct Backoff {
  std::chrono::milliseconds first{1'000};
  std::chrono::milliseconds most{10'000};
  std::chrono::milliseconds blind{60'000};  ///< tried again though nothing seems to have changed
};

class PodQueue {
 public:
  struct Kind {
    PodKind kind;
    std::size_t pods = 0;
    std::set<ObjectName> parked;
    std::unique_ptr<Ranking> ranking;
    std::uint64_t asked = 0;  ///< the ranking, last
  };
  enum class State : std::uint8_t { ready, parked, binding };
  struct Entry {
    PodToBind pod;
    std::string kind;  ///< key
    State state = State::ready;
    int failures = 0;
    SteadyTime not_before{};  ///< end of the back-off
    SteadyTime wake{};        ///< when parked
    std::string why;          ///< it found no node
  };

  PodQueue(NodeTable& table, Backoff backoff) : m_table(table), m_backoff(backoff) {}

  /// A new pod, or news of one.
  void put(PodToBind pod);
  void remove(const ObjectName& name);
  [[nodiscard]] Entry* find(const ObjectName& name);
  /// None when a pod of that name is another one by now.
  [[nodiscard]] Entry* find(const ObjectName& name, const std::string& uid);
  [[nodiscard]] std::size_t size() const { return m_pods.size(); }

  /// The one whose turn it is, in state `binding`; null: none.
  [[nodiscard]] Entry* take();
  /// It could not be bound.
  void park(Entry& entry, SteadyTime now);
  /// Parked pods that have new hope, or whose time has come, become ready when their back-off ends.
  void release(SteadyTime now);
  /// When release() has something to do though nothing changes; absent: never.
  [[nodiscard]] std::optional<SteadyTime> next() const;

  [[nodiscard]] Ranking& ranking_for(const Entry& entry);

  /// Each holds a few tens of bytes for each node.
  static constexpr std::size_t kRankings = 64;

 private:
  using Order = std::tuple<std::int64_t, std::string, ObjectName>;  ///< -priority, created, name

  [[nodiscard]] static Order order_of(const PodToBind& pod);
  void wake_at(Entry& entry, SteadyTime at);
  void detach(Entry& entry);

  NodeTable& m_table;
  const Backoff m_backoff;
  std::map<ObjectName, Entry> m_pods;
  std::map<std::string, Kind> m_kinds;
  std::set<Order> m_ready;
  std::set<std::pair<SteadyTime, ObjectName>> m_parked;
  std::size_t m_rankings = 0;
  std::uint64_t m_asked = 0;
};

}  // namespace wanwise::kubernetes
