// The nodes on which pods of one kind may stand, best first. Only what changed is looked at again,
// so that a pod costs the logarithm of the nodes and not all of them. Belongs to one thread.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/kubernetes/schedule/node_table.hpp"
#include "adapters/kubernetes/schedule/pod_to_bind.hpp"

namespace wanwise::kubernetes {

/// Why each of the nodes is out, in kube-scheduler's words:
/// "0/2 nodes are available: 1 Insufficient cpu, 1 Too many pods."
[[nodiscard]] std::string explain_none(const PodKind& kind, const NodeTable& table);

class Ranking {
 public:
  using Slot = NodeTable::Slot;

  /// Both outlive it.
  Ranking(const PodKind& kind, NodeTable& table);
  ~Ranking();
  Ranking(const Ranking&) = delete;
  Ranking& operator=(const Ranking&) = delete;

  /// The best node; null: none. By the preferences that the pod states (fewest PreferNoSchedule
  /// taints that it does not tolerate, then the weight of its preferred node affinity), then by the
  /// share of CPU and memory that stays free with it, then by name.
  [[nodiscard]] const std::string* best();
  /// explain_none, until something changes.
  [[nodiscard]] const std::string& why_none();

  /// To be looked at before the next answer.
  void touch(Slot slot);
  void look_at(Slot slot);

 private:
  struct Merit {
    std::int64_t avoided = 0;  ///< the less the better, as in the two that follow
    std::int64_t disliked = 0;
    std::int64_t used = 0;  ///< millionths
    auto operator<=>(const Merit&) const = default;
  };
  struct Better {
    const NodeTable* table;
    bool operator()(const std::pair<Merit, Slot>& a, const std::pair<Merit, Slot>& b) const;
  };

  [[nodiscard]] Merit merit_of(const NodeTable::Row& row) const;
  void grow();

  const PodKind& m_kind;
  NodeTable& m_table;
  std::vector<std::optional<Merit>> m_merits;  ///< by slot, of those in the order
  std::set<std::pair<Merit, Slot>, Better> m_order;
  std::vector<Slot> m_touched;
  std::vector<bool> m_is_touched;  ///< by slot
  std::optional<std::string> m_why;
};

}  // namespace wanwise::kubernetes
