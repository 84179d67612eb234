// The nodes of a cluster and what the pods on them ask for, the assumed ones too: those whose
// binding is under way, or done but not heard of yet. Each node has a slot, so that rankings of
// nodes can be kept up to date slot by slot. Belongs to one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "adapters/kubernetes/api/objects.hpp"
#include "adapters/kubernetes/fit/fit.hpp"

namespace wanwise::kubernetes {

class Ranking;

class NodeTable {
 public:
  using Slot = std::uint32_t;

  struct Row {
    NodeObject node;
    NodeUse use;
    /// As `use`, but what a pod leaves open counts as kube-scheduler's default request: pods that
    /// ask for nothing still spread.
    std::int64_t cpu = 0, memory = 0;
    bool there = false;      ///< false: only pods know of it, or the slot is free
    std::uint32_t pods = 0;  ///< that stand on it
  };

  void put(NodeObject node);
  void remove(const std::string& name);

  /// The pod stands on the node, and nowhere else.
  void stand(const ObjectName& pod, const std::string& uid, const std::string& node,
             const Resources& requests);
  void leave(const ObjectName& pod);
  /// It is known to stand somewhere; a binding is never taken back.
  [[nodiscard]] bool stands(const ObjectName& pod, const std::string& uid) const;

  [[nodiscard]] const std::vector<Row>& rows() const { return m_rows; }
  [[nodiscard]] std::size_t nodes() const { return m_nodes; }
  /// Slots whose node may take more than it could when this was last asked.
  [[nodiscard]] std::vector<Slot> take_improved();

  void add(Ranking& ranking) { m_rankings.push_back(&ranking); }
  void drop(Ranking& ranking);
  [[nodiscard]] std::size_t rankings() const { return m_rankings.size(); }

 private:
  struct Standing {
    std::string uid;
    Slot slot = 0;
    Resources requests;
  };

  [[nodiscard]] Slot slot_of(const std::string& node);
  void free_if_empty(Slot slot);
  void touch(Slot slot);
  void improved(Slot slot);

  std::vector<Row> m_rows;
  std::vector<Slot> m_free;
  std::map<std::string, Slot, std::less<>> m_slots;  ///< by the node's name
  std::map<ObjectName, Standing> m_pods;
  std::vector<Slot> m_improved;
  std::vector<bool> m_is_improved;  ///< by slot
  std::vector<Ranking*> m_rankings;
  std::size_t m_nodes = 0;
};

}  // namespace wanwise::kubernetes
